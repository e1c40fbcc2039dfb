"""The parser against literate specs, and against the bytes that files are made of in practice.

Each case of ``tests/specs/*.md`` is a ``##`` heading, a sentence, and blocks fenced with four backticks: a ``deck``, and
what must come of it, of which a case shows what it is about.

* ``notes``: the lines of each note, its kind, its id (``#id`` pinned, ``~id`` from the title), title, what holds for
  it, and its sections;
* ``cards``: each card in brackets with what it asks for, ``?`` prompt, ``=`` answer, ``-`` steps;
* ``problems``: place, severity, rule, message, and help in brackets. A case without this block has no problem.
"""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from flashprep.cards.kinds import cards_of
from flashprep.cards.model import Card, Note, card_key
from flashprep.cards.parser import Parsed, parse, pin
from flashprep.cards.text import decode

SPECS = sorted((Path(__file__).parent / "specs").glob("*.md"))
SHOWN = ("notes", "cards", "problems")


class Case(NamedTuple):
    name: str
    blocks: dict[str, str]


def cases(spec: Path) -> list[Case]:
    """Read the cases of a spec file."""
    found: list[Case] = []
    name, lines = "", None
    for line in spec.read_text(encoding="utf-8").split("\n"):
        if lines is not None and line == "````":
            found[-1].blocks[name], lines = "\n".join(lines), None
        elif lines is not None:
            lines.append(line)
        elif line.startswith("## "):
            found.append(Case(line[3:], {}))
        elif opening := re.fullmatch(r"````(\w+)", line):
            name, lines = opening[1], []
            assert name in ("deck", *SHOWN) and name not in found[-1].blocks, (spec.name, found[-1].name, name)
    assert lines is None, f"{spec.name}: the last block is not closed"
    return found


def shown_note(note: Note) -> str:
    """Show a note in the form of a ``notes`` block."""
    fields = {
        "deck": note.deck,
        "round": note.round,
        "tags": ",".join(note.tags),
        "covers": ",".join(note.covers),
        "solution": note.solution,
        "minutes": str(note.minutes or ""),
    }
    mark = "#" if note.pinned else "~"
    facts = "".join(f" {key}={value}" for key, value in fields.items() if value)
    head = f"{note.span.line}-{note.end_line} {note.kind} {mark}{note.id} | {note.title} |{facts}".rstrip()
    return "\n".join([head, *(f"  {section.line} {section.name}" for section in note.sections)])


def shown_card(note: Note, card: Card) -> str:
    """Show a card in the form of a ``cards`` block."""
    head = f"[{card_key(note.id, card.face)}] {card.ask}{' (timed)' if card.timed else ''}".rstrip()
    lines = [f"? {line}" for line in card.prompt.split("\n")]
    lines += [f"= {line}" for line in card.answer.split("\n")]
    lines += ["- " + step.replace("\n", "\n  ") for step in card.steps]
    return "\n".join(line.rstrip() for line in "\n".join([head, *lines]).split("\n"))


def shown_problems(parsed: Parsed) -> str:
    """Show problems in the form of a ``problems`` block."""
    shown = []
    for problem in parsed.problems:
        line, column, end_line, end_column = problem.span
        assert end_line == line, "problems of the parser lie within one line"
        help = f" ({problem.help})" if problem.help else ""
        shown.append(f"{line}:{column}-{end_column} {problem.severity}[{problem.rule}] {problem.message}{help}")
    return "\n".join(shown)


def shown(parsed: Parsed) -> dict[str, str]:
    """Show all that came of a deck."""
    return {
        "notes": "\n".join(shown_note(note) for note in parsed.notes),
        "cards": "\n".join(shown_card(note, card) for note in parsed.notes for card in cards_of(note)),
        "problems": shown_problems(parsed),
    }


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=f"{spec.stem}: {case.name}") for spec in SPECS for case in cases(spec)]
)
def test_a_deck_gives_what_its_spec_says(case: Case) -> None:
    assert case.blocks.keys() > {"deck"}, "a case has a deck and at least one block of what comes of it"
    actual = shown(parse(case.blocks["deck"] + "\n"))
    wanted = {"problems": "", **{name: text for name, text in case.blocks.items() if name != "deck"}}
    assert {name: actual[name] for name in wanted} == wanted


NOTE = "## Concept: One {#one}\n\nFirst.\n"


def read(data: bytes) -> tuple[Parsed, list[str]]:
    """Read the bytes of a deck as the collection does; give the notes, and the rules of all problems."""
    text, problems = decode(data)
    parsed = parse(text)
    return parsed, [problem.rule for problem in [*problems, *parsed.problems]]


def places(parsed: Parsed) -> list[tuple[str, int, int, str]]:
    return [(note.id, note.span.line, note.end_line, note.body) for note in parsed.notes]


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["no BOM", "BOM"])
def test_line_ends_and_a_byte_order_mark_make_no_difference(line_end: bytes, mark: bytes) -> None:
    text = f"---\ndeck: Größe\n---\n\n{NOTE}\n```\ncode\n\n## x\n```\n\n## Concept: Two {{#two}}\n\nSecond\nline.\n"
    plain, _ = read(text.encode())
    assert [note.deck for note in plain.notes] == ["Größe", "Größe"]
    assert read(mark + text.encode().replace(b"\n", line_end)) == (plain, [])


def test_a_deck_needs_no_newline_at_its_end() -> None:
    assert read(NOTE.rstrip("\n").encode()) == read(NOTE.encode())
    assert places(read(b"## Concept: One\nx")[0]) == [("one", 1, 2, "x")]
    assert places(read(b"---\ndeck: x\n---")[0]) == []


def test_white_space_at_the_end_of_a_line_makes_no_difference() -> None:
    spaced = "---  \ndeck: Caching\n---\t\n## Question: One {#one} \t\n\n1\n\n### Testing  \n\n2\n   \n\t\n"
    parsed, rules = read(spaced.encode())
    assert not rules
    assert shown(parsed)["notes"] == "4-10 question #one | One | deck=Caching\n  8 Testing"
    assert [card.answer for card in cards_of(parsed.notes[0])] == ["1", "2"]


def test_a_section_of_white_space_is_missing() -> None:
    parsed, rules = read(b"## Red flag: One {#one}\n\n### Why it costs you\n\nx\n\n### Instead\n\n   \n\t\n")
    assert (parsed.notes, rules) == ((), ["missing-section"])


def test_tabs_stay_in_a_note_and_indent_code() -> None:
    parsed, rules = read(b"##\tConcept: One\t{#one\t.tag}\n\n\tcode ==x==\n\na\tb\n\n\t## Concept: Two\n")
    assert not rules
    assert places(parsed) == [("one", 1, 7, "\tcode ==x==\n\na\tb\n\n\t## Concept: Two")]
    assert parsed.notes[0].tags == ("tag",)


def test_bytes_that_are_not_utf8_are_reported_and_the_cards_around_them_stay() -> None:
    text, problems = decode(b"# Gr\xc3\xb6\xc3\x9fe\r\n\r\n## Concept: Na\xefve {#naive}\r\n\r\nx\r\n")
    assert [(problem.rule, problem.span[:2], problem.message) for problem in problems] == [
        ("not-utf8", (3, 15), "byte 0xef is not UTF-8")
    ]
    assert [(note.id, note.title) for note in parse(text).notes] == [("naive", "Na�ve")]


def test_a_file_in_utf16_is_reported() -> None:
    _, rules = read(NOTE.encode("utf-16"))
    assert "not-utf8" in rules


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x0c", "\x1b", "\x7f", "\x9b"])
def test_a_control_character_is_reported_at_its_place_and_left_out(character: str) -> None:
    text, problems = decode(f"## Concept: One {{#one}}\n\nFir{character}st.\n".encode())
    assert [(problem.rule, problem.span[:2]) for problem in problems] == [("control-character", (3, 4))]
    assert parse(text).notes[0].body == "Fir st."


def test_the_deck_is_named_after_the_file_where_nothing_else_names_it() -> None:
    assert parse(NOTE, "From the file").notes[0].deck == "From the file"
    assert parse(f"# Title\n\n{NOTE}", "From the file").notes[0].deck == "Title"
    assert parse(f"---\ndeck: Matter\n---\n# Title\n\n{NOTE}", "From the file").notes[0].deck == "Matter"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("## Concept: What is it?", "## Concept: What is it? {#it}"),
        ("## Concept: What is it?  ", "## Concept: What is it? {#it}  "),
        ("## Concept: What is it? ##", "## Concept: What is it? {#it} ##"),
        ("## Concept: What is it? {.prio}", "## Concept: What is it? {#it .prio}"),
        ("## Concept: What is it? {}", "## Concept: What is it? {#it }"),
        ("  ##\tConcept: What is {x}?", "  ##\tConcept: What is {x}? {#it}"),
        ("## Concept: What is it? {#that}", None),
    ],
)
def test_pinning_writes_the_id_where_the_parser_finds_it(before: str, after: str | None) -> None:
    edit = pin(before, "it", 7)
    if after is None:
        assert edit is None
        return
    assert edit is not None and edit.line == 7
    assert before[: edit.column - 1] + edit.text + before[edit.end_column - 1 :] == after
    note = parse(f"{after}\n\nx").notes[0]
    assert (note.id, note.pinned, note.title) == ("it", True, parse(f"{before}\n\nx").notes[0].title)


def seconds(text: str) -> tuple[Parsed, float]:
    started = time.process_time()
    parsed = parse(text)
    return parsed, time.process_time() - started


def test_twenty_thousand_headings_are_read_within_seconds() -> None:
    notes, took = seconds("\n".join(f"## Concept: Number {n}\n\nx\n" for n in range(20_000)))
    assert (len(notes.notes), notes.problems) == (20_000, ())
    assert took < 10

    wrong, took = seconds(NOTE + "\n".join(f"## Concpt: Number {n}" for n in range(20_000)))
    assert len(wrong.problems) == 20_000
    assert took < 10


def test_ten_megabytes_are_read_within_seconds() -> None:
    paragraph = "A paragraph of plain text with `code`, ümlauts and a ==gap number {}== in it.\n\n"
    body = "".join(paragraph.format(n) for n in range(20))
    text = "".join(f"## Concept: Note number {n} {{#note-{n}}}\n\n{body}" for n in range(6_500))
    assert len(text.encode()) > 10_000_000
    parsed, took = seconds(text)
    assert (len(parsed.notes), parsed.problems) == (6_500, ())
    assert took < 20


@pytest.mark.parametrize(
    "text",
    [
        f"## Concept: a{' ' * 300_000}b",
        f"{NOTE}\n## a{' ' * 300_000}b",
        f"## Concept: {'a #' * 100_000}",
        f"## Concept: a{' {' * 100_000}",
        f"## Concept: a {{{'x=1 ' * 20_000}}}",
        "## Concept: a\n\n" + "==a " * 100_000,
        "## Concept: a\n\n" + "a== " * 100_000,
        "## Concept: a\n\n==é== " + "`a` " * 100_000,
        "## Concept: a\n\n" + "[" * 100_000,
        "## Concept: a\n\n" + ">" * 100_000,
        "## Concept: a\n\n" + "*a _b " * 50_000,
        "## Concept: a\n\n" + "<!-- " * 50_000,
        "## Story: a\n\n" + "### Task\n\nx\n\n" * 20_000,
        "---\ndeck: " + "[" * 60_000 + "\n---\n",
        "---\ndeck: " + "[" * 30_000 + "]" * 30_000 + "\n---\n",
        "---\n" + "- " * 30_000 + "x\n---\n",
        "---\ndeck: 0x" + "f" * 60_000 + "\n---\n",
        "---\na: &a [x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(3_000)) + "---\n",
        "---\ntags: &a [*a]\n---\n",
        "---\n" + "deck: x\n" * 100_000 + "---\n",
    ],
    ids=lambda text: f"{text[:12]!r}, {len(text)} characters",
)
def test_no_text_makes_reading_slow(text: str) -> None:
    parsed, took = seconds(f"{text}\n\n{NOTE}" if text.startswith("---") else text)
    assert took < 5
    if text.startswith("---"):
        assert [note.id for note in parsed.notes] == ["one"], "the cards stay usable"


def test_front_matter_that_yaml_stumbles_over_is_reported_inside_the_file() -> None:
    for matter in ("a: \x85b\u2028c: [", "deck: \ufffe", "? [a]", "x: *y", "{", "\t", "a: b: c", "%"):
        parsed = parse(f"---\n{matter}\n---\n{NOTE}")
        assert [problem.rule for problem in parsed.problems] == ["bad-front-matter"], matter
        assert all(2 <= problem.span.line <= 3 for problem in parsed.problems), matter
        assert [note.id for note in parsed.notes] == ["one"]
