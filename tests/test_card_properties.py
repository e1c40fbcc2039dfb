"""What holds for any text, any bytes and any notes: the parser, its diagnostics, and the way back to Markdown."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace

import pyromark
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flashprep.cards.diagnostics import ERROR, WARNING, Diagnostic, Fix, as_data, concise, full, pack, unpack
from flashprep.cards.gaps import gap_cards, gaps, unclosed
from flashprep.cards.heading import distinct, names, read_heading
from flashprep.cards.kinds import cards_of, kinds
from flashprep.cards.markdown import code_ranges, ordered_lists
from flashprep.cards.model import NOWHERE, ROUNDS, Card, Note, Section, Span
from flashprep.cards.parser import Parsed, parse
from flashprep.cards.render import render
from flashprep.cards.text import clean, decode, one_line, slug
from flashprep.rules import all_rules

many = settings(max_examples=400, deadline=None)
some = settings(max_examples=150, deadline=None)

# The lines that decks are made of, and lines that look like them.
LINES = (
    *("---", "deck: x", "deck: [", "round: depth", "round: foo", 'tags: [a, b=c, \'d"e\', "{x}"]', 'deck: "\\e[31m"'),
    *("# Title {a}", "# T\u2028x  y", "#nope", "#", "##", "## {#x}", "## Foo: x", "## Conept: x {#b}", "## : x"),
    *("## Concept: Alpha {#a}", "## Concept: Beta", "## Question: Q {#q .t .a,b .c'd round=depth covers=x,y}"),
    *('## Approach: A {#ap tags="a b,c=d"}', "## Red flag: R", "## Coding: C {#c solution=s}", "## Story: S {#s}"),
    *("## Concept: ??? {.a", "## Concept: x {#A_b}", "## Concept: x {#a #b}", "\t## Concept: T", "## Concept:"),
    *("   ## Concept: Indented {#ind} ##", "## Concept: {} \\", "## Concept: a `{#x} b"),
    *(f"### {name}" for kind in kinds().values() for name in kind.sections),
    *("### Foo", "### Testng", "#### Deeper", "1. one", "2. two", "1) a", "10. ten", "   cont", "- item", "- ```"),
    *("text ==gap== more", "==open", "close==", "é ==é== 日本", "`code ==x==`", "+ ==b==", "a==b==c", "**==b==**"),
    *("```", "```python", "~~~", "````", "    indented", "    ```", "<!--", "-->", "<div>", "</div>", "<pre>", "<?x"),
    *("|a|b|", "|-|-|", "> quote", "===", "* * *", "[x]: /y", "![p](q.svg)", "\\", "text  ", "text\\", "\ufeff"),
    *("", "", "", "", "  ", "\t", "x\x85y", "\u2028x", "\x0c", "\r", "a\rb", "\x00"),
)
WHOLE = tuple(f"## {kind.label}: Whole {{#{kind.name}}}\n\n{kind.template}" for kind in kinds().values())
TOPS = (
    "",
    "",
    "---\ndeck: D\nround: depth\ntags: [x, y]\n---\n",
    "---\n? [\n---\n",
    "---\ndeck: {a: b}\n---\n",
    "# T\n",
)
parts = st.lists(st.one_of(st.sampled_from(LINES), st.sampled_from(WHOLE), st.text(max_size=12)), max_size=25)
fragments = st.builds("{}{}".format, st.sampled_from(TOPS), parts.map("\n".join))
headings = st.builds(
    "## {}: {} {{{}}}".format,
    st.sampled_from([kind.label for kind in kinds().values()]),
    st.text(max_size=20),
    st.lists(
        st.sampled_from(
            [
                "#id",
                ".tag",
                "round=depth",
                "covers=a,b",
                "solution=x",
                "minutes=x",
                "minutes=7",
                "x",
                '"',
                "=",
                "#",
                "{",
            ]
        )
    ).map(" ".join),
)
decks = st.one_of(st.text(), fragments, st.tuples(headings, fragments).map("\n\n".join))


def assert_inside(span: Span, lines: list[str]) -> None:
    """A span lies in the file; the line end counts as a column, because that is where something may be missing."""
    assert 1 <= span.line <= span.end_line <= len(lines)
    assert 1 <= span.column <= len(lines[span.line - 1]) + 1
    assert span.end_column <= len(lines[span.end_line - 1]) + 2
    assert (span.line, span.column) < (span.end_line, span.end_column)


@many
@given(decks)
@example("---\n\x85: [\n---")
@example("---\ndeck: " + "[" * 1000 + "\n---")
@example("## Concept: a\x00b\n\nx")
def test_any_text_is_read_and_every_span_lies_in_it(text: str) -> None:
    parsed = parse(text)
    lines = text.split("\n")
    for problem in parsed.problems:
        assert_inside(problem.span, lines)
        assert problem.severity == all_rules()[problem.rule].severity
        assert problem.message == one_line(problem.message, 1000) and problem.help == one_line(problem.help, 1000)
    for note in parsed.notes:
        assert_inside(note.span, lines)
        assert note.span.line <= note.end_line <= len(lines)
        assert note.id and note.title
        faces = [card.face for card in cards_of(note)]
        assert faces and len(faces) == len(set(faces))
    starts = [note.span.line for note in parsed.notes]
    assert starts == sorted(starts)


@many
@given(decks)
def test_no_line_of_a_note_is_lost(text: str) -> None:
    parsed = parse(text)
    lines = text.split("\n")
    for note in parsed.notes:
        inside = lines[note.span.line : note.end_line]
        heads = {section.line for section in note.sections}
        heads |= {problem.span.line for problem in parsed.problems if problem.rule == "duplicate-section"}
        wanted = [line for number, line in enumerate(inside, note.span.line + 1) if number not in heads]
        kept = [note.body, *(section.text for section in note.sections)]
        assert Counter(words(wanted)) == Counter(words(kept))


def words(texts: list[str]) -> list[str]:
    return [word for text in texts for word in text.split()]


@many
@given(decks)
def test_a_problem_can_be_shown_in_every_form_and_kept(text: str) -> None:
    problems = parse(text).problems
    assert unpack(pack(problems), "") == list(problems)
    for problem in problems:
        assert "\n" not in concise(replace(problem, path="deck.md"))
        shown = full(problem, text.split("\n"))
        assert problem.message in shown and "^" in shown
        assert json.loads(json.dumps(as_data(problem)))["line"] == problem.span.line


numbers = st.integers(min_value=1, max_value=30)
spans = st.builds(Span, numbers, numbers, numbers, numbers)
diagnostics = st.builds(
    Diagnostic,
    rule=st.sampled_from(sorted(all_rules())),
    severity=st.sampled_from([ERROR, WARNING]),
    message=st.text(),
    span=spans,
    help=st.text(),
    fix=st.none() | st.builds(Fix, numbers, numbers, numbers, st.text()),
    path=st.just("a/deck.md"),
)


@some
@given(st.lists(diagnostics), st.lists(st.text(max_size=20).map(lambda line: line.replace("\n", " "))))
def test_any_problem_can_be_shown_and_kept(problems: list[Diagnostic], lines: list[str]) -> None:
    assert unpack(pack(problems), "a/deck.md") == problems
    assert unpack(pack(iter(problems)), "a/deck.md") == problems
    for problem in problems:
        concise(problem)
        full(problem, lines)


def test_the_caret_stands_below_the_place() -> None:
    problem = parse("## Concept: One\t{#one prio}\n\nx").problems[0]
    top, place, gutter, source, caret, help = full(
        replace(problem, path="d.md"), ["## Concept: One\t{#one prio}"]
    ).split("\n")
    assert (top, place) == ("error[bad-attributes]: cannot read 'prio'", "  --> d.md:1:23")
    assert (gutter, source) == ("  |", "1 | ## Concept: One\t{#one prio}")
    assert caret == "  | " + " " * 15 + "\t" + " " * 6 + "^^^^"
    assert help == "help: write #id, .tag or key=value"
    assert concise(replace(problem, path="d.md")) == "d.md:1:23: error[bad-attributes] cannot read 'prio'"


# -- the way back: notes to Markdown


def line_text(min_size: int = 1) -> st.SearchStrategy[str]:
    """Text of one line as ``decode`` leaves it."""
    plain = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=min_size, max_size=30)
    return plain.map(lambda text: " ".join(text.split())).filter(lambda text: len(text) >= min_size)


slugs = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}", fullmatch=True)
tags = st.lists(line_text(), max_size=3).map(distinct)
paragraphs = st.one_of(
    line_text(0).map("word {}".format),
    st.sampled_from(
        [
            "```python\nx = 1\n\n## Concept: y\n```",
            "- a\n- b\n\n  more",
            "> ### Testing",
            "| a | b |\n| --- | --- |\n| ==c== | d |",
            "    ## indented",
            "#### Deeper",
            "Some text\n---\nof two parts",
            "<div>\ntext\n</div>",
            "<!-- a remark\n\n## Concept: z -->",
            "a ==gap== and **==another==**",
            "***",
        ]
    ),
)
texts = st.lists(paragraphs, min_size=1, max_size=4).map("\n\n".join)
steps = st.lists(line_text(0).map("step {}".format), min_size=2, max_size=5).map(
    lambda found: "\n".join(f"{number}. {text}" for number, text in enumerate(found, 1))
)


@st.composite
def notes(draw: st.DrawFn) -> Note:
    """A valid note of any kind, as parsing leaves it but for its place."""
    kind = draw(st.sampled_from(list(kinds().values())))
    extra = draw(st.lists(st.sampled_from(kind.optional), unique=True)) if kind.optional else []
    if kind.name == "coding" and not extra:
        extra = ["Trap"]
    body = draw(steps) if kind.name == "approach" else draw(texts if kind.needs_body else texts | st.just(""))
    return Note(
        id=draw(slugs),
        pinned=True,
        kind=kind.name,
        title=draw(line_text()),
        body=body.strip("\n").rstrip(),
        sections=tuple(Section(name, draw(texts).strip("\n").rstrip(), 0) for name in (*kind.required, *extra)),
        round=draw(st.sampled_from(["", *ROUNDS])),
        tags=draw(tags),
        covers=draw(tags),
        solution=draw(st.sampled_from(["", "two_sum", "_x1"])) if kind.name == "coding" else "",
        minutes=draw(st.sampled_from([0, 1, 600])) if kind.name == "coding" else 0,
    )


def bare(note: Note) -> Note:
    """A note without what depends on where it stands."""
    sections = tuple(replace(section, line=0) for section in note.sections)
    return replace(note, span=NOWHERE, end_line=1, pinned=True, sections=sections)


@many
@given(line_text(), st.lists(notes(), max_size=4))
def test_notes_survive_the_way_to_markdown_and_back(deck: str, wanted: list[Note]) -> None:
    parsed = parse(render(deck, wanted))
    assert [bare(note) for note in parsed.notes] == [replace(note, deck=deck) for note in wanted]


@many
@given(st.one_of(fragments, st.tuples(headings, fragments).map("\n\n".join)).map("## Concept: First\n\nx\n\n{}".format))
def test_what_was_parsed_survives_the_way_to_markdown_and_back(text: str) -> None:
    parsed = parse(decode(text.encode())[0], "Deck")
    if swallowed(parsed):
        return
    again = parse(render(parsed.notes[0].deck, parsed.notes), "Other")
    assert [bare(note) for note in again.notes] == [bare(note) for note in parsed.notes]


def swallowed(parsed: Parsed) -> bool:
    """Whether a block that is never closed swallowed the rest: then only the last note may hold it."""
    return any(problem.rule in ("unclosed-fence", "unclosed-html") for problem in parsed.problems)


@some
@given(st.text())
def test_any_deck_name_can_be_written_and_read(name: str) -> None:
    name = " ".join(clean(name.encode("utf-8", "replace").decode()).split())
    parsed = parse(render(name, [Note("one", True, "concept", "One", "x")]), "Default")
    assert parsed.problems == ()
    assert parsed.notes[0].deck == (name or "Default")


@some
@given(st.text())
def test_front_matter_cannot_bring_in_what_a_terminal_obeys(text: str) -> None:
    word = json.dumps("a" + text.encode("utf-8", "replace").decode())
    word = re.sub(r"\\ud[89ab]..\\ud[c-f]..", "x", word)  # YAML knows no pairs of surrogates
    parsed = parse(f"---\ndeck: {word}\ntags: [{word}]\nround: {word}\n{word}: x\n---\n## Concept: One\n\nx")
    note = parsed.notes[0]
    for value in (note.deck, *note.tags, *(problem.message for problem in parsed.problems)):
        assert clean(value) == value and "\n" not in value
    assert all(not re.search(r"""[\s,"'={}]""", tag) for tag in note.tags)


# -- gaps


hidden = st.integers(min_value=100, max_value=999).map("hidden{}".format)
between = st.sampled_from(
    [" ", " and ", "\n", "\n\n", "\n- ", " `code==x==y` ", "\n\n```\n==x==\n```\n\n", "é", "(", "**"]
)


@many
@given(st.lists(st.tuples(between, hidden), min_size=1, max_size=5, unique_by=lambda pair: pair[1]), between)
def test_the_prompt_of_a_gap_hides_its_text_and_the_answer_holds_it(parts: list[tuple[str, str]], end: str) -> None:
    answer = "Text" + "".join(f"{text}=={word}==" for text, word in parts) + f"{end}end"
    made = list(gap_cards(Card("", "Title", answer)))
    assert [gap.text for gap in gaps(answer)] == [word for _, word in parts]
    assert unclosed(answer) is None
    assert len(made) == len(parts)
    for (_, word), card in zip(parts, made, strict=True):
        assert word not in card.prompt and card.prompt.count("[…") + card.prompt.count("\\[…") >= 1
        assert word in card.answer
        for _, other in parts:
            assert other in card.answer and (other == word or other in card.prompt)
            assert f"=={other}==" not in card.prompt + card.answer
        assert card.face == f"gap-{word}" and card.prompt.startswith("Title\n\n")


@some
@given(
    st.lists(st.tuples(st.sampled_from([" ", "(", "a", "读", "-", " **"]), st.sampled_from([" ", ")", "b", "集", "."])))
)
def test_a_hidden_gap_is_shown_without_stray_asterisks(pairs: list[tuple[str, str]]) -> None:
    for before, after in pairs:
        after = "** " if before == " **" else after
        (card,) = gap_cards(Card("", "Title", f"x{before}==word=={after}y"))
        assert "*" not in pyromark.html(card.prompt), card.prompt
        assert "[…]" in pyromark.html(card.prompt)


@many
@given(st.one_of(st.text("=a \n`é"), fragments))
def test_gaps_lie_in_the_text_in_order_and_in_one_paragraph(text: str) -> None:
    end = 0
    for gap in gaps(text):
        assert end <= gap.start < gap.end <= len(text)
        assert text[gap.start : gap.end] == f"=={gap.text}=="
        assert gap.text and not gap.text[0].isspace() and not gap.text[-1].isspace()
        end = gap.end
    place = unclosed(text)
    assert place is None or text[place : place + 2] == "=="
    made = list(gap_cards(Card("face", "Title", text)))
    assert len(made) == max(1, len(gaps(text)))
    assert len({card.face for card in made}) == len(made)


# -- the small helpers


@some
@given(
    st.lists(st.one_of(st.text("aé日=* ", max_size=5), st.text("aé日= ", min_size=1, max_size=5).map("`{}`".format)))
)
def test_code_is_found_whatever_the_width_of_the_characters_before_it(parts: list[str]) -> None:
    text = "\n\n".join(f"w {part} w" for part in parts)
    wanted = [part for part in parts if part.startswith("`")]
    assert [text[start:end] for start, end in code_ranges(text)] == wanted


@some
@given(st.lists(line_text(0).map("step {}".format), min_size=1, max_size=12), st.sampled_from(".)"), st.booleans())
def test_each_item_of_a_list_is_a_step(wanted: list[str], mark: str, loose: bool) -> None:
    text = ("\n\n" if loose else "\n").join(f"{number}{mark} {step}" for number, step in enumerate(wanted, 1))
    ((start, end, found),) = ordered_lists(f"Before.\n\n{text}\n\nAfter.")
    assert found == [step.strip() for step in wanted]
    assert f"Before.\n\n{text}\n\nAfter.".split("\n")[start:end][0].startswith("1")


@many
@given(
    st.one_of(st.binary(), decks.map(lambda text: text.encode("utf-16" if len(text) % 3 == 0 else "utf-8", "replace")))
)
def test_any_bytes_are_decoded(data: bytes) -> None:
    text, problems = decode(data)
    assert "\r" not in text and clean(text) == text
    text.encode()
    for problem in problems:
        assert_inside(problem.span, text.split("\n"))
    assert decode(text.encode()) == (text, []) or text.startswith("\ufeff")
    if not problems:
        lines = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        assert text.encode() == lines


@many
@given(st.one_of(st.text(), st.text("aB-_ é½ßİŉ日\u0345\u0301", max_size=120)), st.integers(min_value=1, max_value=90))
def test_a_slug_is_its_own_slug(text: str, limit: int) -> None:
    made = slug(text, limit)
    assert slug(made, limit) == made
    assert len(made) <= limit
    assert made == made.casefold() and re.fullmatch(r"[^\W_]+(-[^\W_]+)*|", made)


@some
@given(st.text())
def test_names_are_in_their_normal_form_once(text: str) -> None:
    assert names(",".join(names(text))) == names(text)
    assert distinct(names(text)) == names(text)


@some
@given(st.one_of(headings, st.text().map(lambda text: text.replace("\n", " "))))
def test_any_line_is_read_as_a_heading(line: str) -> None:
    found = read_heading(line, 3)
    assert 1 <= found.insert_at <= len(line) + 1
    assert found.title == found.title.rstrip()
    for problem in found.problems:
        assert problem.span.line == 3 and 1 <= problem.span.column < problem.span.end_column <= len(line) + 1
