"""The Anki package, with real Anki as its judge: cards, decks, tags and fields arrive, nothing in them does harm."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flashprep.anki.html import plain, render

CACHING = """---
deck: Caching and queues::Redis
round: depth
tags: [caching]
---

# Caching

## Concept: What does a write-through cache do? {#write-through .prio}

It writes to **both** and costs `2 * x < y`.

## Question: How do you stop a cache stampede? {#stampede covers=performance,ownership}

Let one caller rebuild.

### Testing

Whether you see that the database fails first.

## Concept: Which quorum sizes overlap? {#quorum round=system-design}

With N replicas, ==R + W > N==, because ==read and write sets== overlap.
"""
KINDS = """---
deck: Kinds
---

## Approach: In which order? {#order}

1. First this.
2. Then that.

## Red flag: Drawing first {#drawing}

### Why it costs you

Nobody asked.

### Instead

Ask.

## Coding: Queue from two stacks {#queue}

First in, first out.

```python
def solve(items: list[int]) -> int: ...
```

### Approach

Pour.

### Complexity

O(1).

## Story: I did it {#story}

### Situation

A.

### Task

B.

### Action

C.

### Result

D.
"""


class Anki:
    """A real Anki collection."""

    def __init__(self, path: Path):
        from anki.collection import Collection

        self.collection = Collection(str(path))

    def take(self, package: Path) -> None:
        """Import a package, a while after the one before: Anki tells old from new by the second."""
        from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest

        self.collection.db.execute("UPDATE notes SET mod = mod - 100")
        request = ImportAnkiPackageRequest(package_path=str(package), options=ImportAnkiPackageOptions())
        log = self.collection.import_anki_package(request).log
        assert not log.conflicting and not log.missing_notetype and not log.empty_first_field and not log.missing_deck

    def cards(self) -> dict[str, Any]:
        """Return the cards by the Id field of their notes."""
        found = [self.collection.get_card(id) for id in self.collection.find_cards("")]
        named = {card.note()["Id"]: card for card in found}
        assert len(named) == len(found), "each card once"
        return named

    def fields(self) -> dict[str, dict[str, str]]:
        return {name: dict(card.note().items()) for name, card in self.cards().items()}

    def deck_of(self, name: str) -> str:
        return self.collection.decks.name(self.cards()[name].did)


@pytest.fixture
def anki(tmp_path: Path) -> Iterator[Anki]:
    folder = tmp_path / "anki"
    folder.mkdir()
    found = Anki(folder / "collection.anki2")
    yield found
    found.collection.close()


@pytest.fixture
def package(run: Callable[..., Any], tmp_path: Path) -> Callable[..., Path]:
    """Export into a package and return its path."""

    def export(*arguments: str) -> Path:
        target = tmp_path / "out" / "cards.apkg"
        target.parent.mkdir(exist_ok=True)
        done = run("export", str(target), "--force", *arguments, ok=True)
        assert done.err == ""
        return target

    return export


# -- what arrives


def test_anki_gets_every_card_with_its_deck_its_tags_and_its_fields(
    deck: Callable[..., Path], package: Callable[..., Path], run: Callable[..., Any], anki: Anki
) -> None:
    deck(CACHING, "caching.md")
    deck(KINDS, "kinds.md")
    anki.take(package())
    cards = run("list", "--json", ok=True).json
    found = anki.fields()
    assert len(cards) == 10
    assert set(found) == {card["id"] for card in cards}
    assert {name: fields["Kind"] for name, fields in found.items()} == {card["id"]: card["kind"] for card in cards}
    assert {name: anki.deck_of(name) for name in found} == {card["id"]: f"flashprep::{card['deck']}" for card in cards}
    assert sorted(anki.cards()["stampede"].note().tags) == [
        "caching",
        "covers::ownership",
        "covers::performance",
        "round::depth",
    ]
    assert sorted(anki.cards()["write-through"].note().tags) == ["caching", "prio", "round::depth"]
    assert "round::system-design" in anki.cards()["quorum/gap-r-w-n"].note().tags
    assert {name: text for name, text in found["write-through"].items() if not name.startswith("Spare")} == {
        "Id": "write-through",
        "Prompt": "<p>What does a write-through cache do?</p>",
        "Ask": "",
        "Answer": "<p>It writes to <strong>both</strong> and costs <code>2 * x &lt; y</code>.</p>",
        "Steps": "",
        "Testing": "",
        "Topic": "Caching and queues::Redis",
        "Kind": "concept",
    }
    assert found["stampede/testing"]["Ask"] == "What is the interviewer listening for?"
    assert "<strong>[…]</strong>" in found["quorum/gap-r-w-n"]["Prompt"]
    assert "<strong>R + W &gt; N</strong>" in found["quorum/gap-r-w-n"]["Answer"]
    assert found["order"]["Answer"].count("<li>") == 2
    assert re.findall(r"<summary>(.*?)</summary>", found["order"]["Steps"]) == ["Step 1 of 2", "Step 2 of 2"]
    assert "the database fails first" in found["stampede"]["Testing"]
    assert '<code class="language-python">' in found["queue"]["Prompt"]


def test_the_cards_look_right_in_anki(deck: Callable[..., Path], package: Callable[..., Path], anki: Anki) -> None:
    deck(CACHING)
    anki.take(package())
    shown = anki.cards()["stampede/testing"].render_output()
    assert "Caching and queues::Redis · question" in shown.question_text
    assert "How do you stop a cache stampede?" in shown.question_text
    assert "the database fails first" not in shown.question_text
    assert "How do you stop a cache stampede?" in shown.answer_text
    assert "the database fails first" in shown.answer_text
    assert "<p class=" not in anki.cards()["write-through"].render_output().question_text, "no empty line is asked for"


def test_the_built_in_decks_go_over_whole(
    home: Path, package: Callable[..., Path], run: Callable[..., Any], anki: Anki
) -> None:
    (home / "config.toml").write_text("")
    anki.take(package())
    cards = run("list", "--json", ok=True).json
    found = anki.fields()
    assert set(found) == {card["id"] for card in cards if not card["exercise"]}, "a phone has no editor to solve in"
    assert len(found) >= 80
    assert all(fields["Prompt"] and fields["Answer"] for fields in found.values())
    assert anki.collection.media.check().missing == []


def test_only_what_the_options_let_through_is_exported(
    deck: Callable[..., Path], package: Callable[..., Path], anki: Anki
) -> None:
    deck(CACHING, "caching.md")
    deck(KINDS, "kinds.md")
    anki.take(package("--kind", "story", "--deck", "kinds"))
    assert set(anki.cards()) == {"story"}


def test_names_of_decks_are_kept_as_they_are(
    deck: Callable[..., Path], package: Callable[..., Path], anki: Anki
) -> None:
    names = ["1. Basics", "C++ & <b>bold</b> [sound:x.mp3]", 'The "quoted" ones', "Ünïcode 数据库", "A::B::C"]
    for number, name in enumerate(names):
        text = name.replace('"', '\\"')
        deck(f'---\ndeck: "{text}"\n---\n\n## Concept: What is it? {{#n{number}}}\n\nIt.\n', f"d{number}.md")
    anki.take(package())
    assert [anki.deck_of(f"n{number}") for number in range(len(names))] == [f"flashprep::{name}" for name in names]
    shown = anki.cards()["n1"].render_output()
    assert "C++ &amp; &lt;b&gt;bold&lt;/b&gt;" in shown.question_text
    assert (anki.cards()["n1"].question_av_tags(), anki.cards()["n1"].answer_av_tags()) == ([], [])
    assert "<li>" not in anki.cards()["n0"].render_output().question_text


def test_decks_whose_names_differ_only_in_case_are_one_deck_in_anki(
    deck: Callable[..., Path], package: Callable[..., Path], anki: Anki
) -> None:
    deck("---\ndeck: Caching\n---\n\n## Concept: One? {#one}\n\n1.\n", "a.md")
    deck("---\ndeck: caching\n---\n\n## Concept: Two? {#two}\n\n2.\n", "b.md")
    anki.take(package())
    assert anki.deck_of("one") == anki.deck_of("two") == "flashprep::Caching"


# -- what does no harm

HOSTILE = """## Concept: Does <script>alert(1)</script> run, and [sound:title.mp3]? {#hostile}

<img src="x" onerror="alert(1)"> <b>bold</b> <!-- comment --> &lt;i&gt;

[sound:prose.mp3] `[sound:code.mp3]` \\[sound:escaped.mp3\\] [so&#117;nd:entity.mp3] [[sound:twice.mp3]]

[latex]\\input{/etc/passwd}[/latex] [$]x[/$] [$$]x[/$$] [anki:play:q:0] [anki:tts lang=en_US]x[/anki:tts]

[a link](javascript:alert(1)) <http://example.org/> ![a picture](picture.png)

{{Front}} {{c1::cloze}} {{type:Id}}

<div onclick="alert(1)">

a block

</div>

```html
<script>alert(1)</script> [sound:fence.mp3]
```

| a | b |
|:--|--:|
| <i>1</i> | [sound:table.mp3] |
"""
# The tags that Markdown itself makes, with the attributes that it gives them.
PLAIN = {
    *("p", "br", "hr", "strong", "em", "del", "pre", "ul", "li", "blockquote"),
    *("table", "thead", "tbody", "tr", "h1", "h2", "h3", "h4", "h5", "h6"),
    *("details", "summary"),  # which we put around steps
}
MARKDOWN: dict[str, set[str]] = {
    **{tag: set() for tag in PLAIN},
    "code": {"class"},
    "span": {"class"},  # of a word in code
    "ol": {"start"},
    "th": {"style"},
    "td": {"style"},
}
WORKS_IN_ANKI = re.compile(r"\[(sound:|anki:|latex\]|/latex\]|\$)", re.IGNORECASE)


class Tags(HTMLParser):
    """Refuses whatever Markdown does not make."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in MARKDOWN, tag
        for name, value in attrs:
            assert name in MARKDOWN[tag], (tag, name)
            assert tag != "code" or (value or "").startswith("language-")
            assert name != "style" or re.fullmatch(r"text-align: (left|right|center)", value or "")

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def check_inert(html: str) -> None:
    tags = Tags()
    tags.feed(html)
    tags.close()
    assert not WORKS_IN_ANKI.search(html)
    assert "\x1f" not in html


def test_raw_html_and_the_words_that_anki_obeys_are_only_text(
    deck: Callable[..., Path], package: Callable[..., Path], anki: Anki
) -> None:
    deck(HOSTILE)
    anki.take(package())
    card = anki.cards()["hostile"]
    for html in card.note().fields:
        check_inert(html)
    assert (card.question_av_tags(), card.answer_av_tags()) == ([], [])
    check = anki.collection.media.check()
    assert (check.missing, check.have_trash) == ([], False)
    answer = card.render_output().answer_text
    assert '&lt;img src="x" onerror="alert(1)"&gt; &lt;b&gt;bold&lt;/b&gt; &lt;!-- comment' in answer, "it can be read"
    assert "a link" in answer and "a picture" in answer and "http://example.org/" in answer
    assert "{{Front}} {{c1::cloze}} {{type:Id}}" in answer
    words = re.sub(r"</?span[^>]*>", "", answer)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; [" in words


pieces = st.lists(
    st.one_of(
        st.sampled_from(
            ("<b>", "</b>", "<script>", "<img src=x onerror=y>", "<!--", "-->", "<![CDATA[", "]]>", "<?php", "?>")
        ),
        st.sampled_from(("<a href='x'>", "`", "```", "~~~", "*", "**", "_", "~~", "[", "]", "(", ")", "![", "[x](y)")),
        st.sampled_from(
            ("[sound:", "sound:", "[latex]", "[/latex]", "[$]", "[anki:", "&lt;", "&#91;", "&#115;", "\x1f")
        ),
        st.sampled_from(("\\", "\\[", "|", "---", "|:-:|", ">", "-", "1.", "#", '"', "'", "=", "&", ";")),
        st.sampled_from(["\n", "\n\n", " ", "    ", "\t", "a", "é"]),
        st.text(max_size=4),
    ),
    max_size=25,
).map("".join)


@settings(max_examples=400, deadline=None)
@given(pieces)
@example("<b\n>\n<i>")
@example("`<b>` <b> `` `<i>` ``")
@example('![a](b "c > d") !["x" <b>](y)')
@example('```x" onload="y\n<b>\n```')
@example("<a\n\n<b>\n" * 8)
def test_whatever_a_card_holds_becomes_harmless_html(markdown: str) -> None:
    check_inert(render(markdown))
    check_inert(plain(markdown))


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="abc<>&\"' ", max_size=30))
def test_plain_text_looks_as_it_was_written(text: str) -> None:
    from html import unescape

    assert unescape(plain(text)) == text.strip()


# -- again


def test_a_second_import_of_the_same_cards_duplicates_nothing_and_leaves_progress_alone(
    deck: Callable[..., Path], package: Callable[..., Path], anki: Anki
) -> None:
    deck(CACHING)
    anki.take(package())
    before = anki.fields()
    anki.collection.sched.set_due_date([anki.cards()["stampede"].id], "5")
    progress = anki.cards()["stampede"].due
    notes, decks, types = (
        len(anki.collection.find_notes("")),
        anki.collection.decks.count(),
        anki.collection.models.all(),
    )
    anki.take(package())
    assert anki.fields() == before
    assert anki.cards()["stampede"].due == progress
    assert (len(anki.collection.find_notes("")), anki.collection.decks.count()) == (notes, decks)
    assert [kind["id"] for kind in anki.collection.models.all()] == [kind["id"] for kind in types]


def test_a_changed_moved_and_reworded_note_is_the_same_note_in_anki(
    deck: Callable[..., Path], package: Callable[..., Path], anki: Anki
) -> None:
    text = "one two three four five six seven eight nine ten"
    path = deck(f"## Concept: The first words?\n\n{text}\n\n## Concept: Pinned? {{#pinned}}\n\nOld.\n")
    anki.take(package())
    ids = {name: card.id for name, card in anki.cards().items()}
    path.unlink()
    deck(f"## Concept: Other words?\n\n{text}\n\n## Concept: Altogether new? {{#pinned}}\n\nNew.\n", "moved.md")
    anki.take(package())
    assert {name: card.id for name, card in anki.cards().items()} == {
        "other-words": ids["the-first-words"],
        "pinned": ids["pinned"],
    }
    assert anki.fields()["pinned"]["Answer"] == "<p>New.</p>"


def test_a_new_note_under_the_former_heading_of_another_is_a_card_of_its_own(
    deck: Callable[..., Path], package: Callable[..., Path], run: Callable[..., Any], anki: Anki
) -> None:
    text = "one two three four five six seven eight nine ten"
    deck(f"## Concept: The first words?\n\n{text}\n")
    anki.take(package())
    deck(f"## Concept: Other words?\n\n{text}\n")
    run("list", ok=True)
    deck(f"## Concept: Other words?\n\n{text}\n\n## Concept: The first words?\n\nSomething else altogether.\n")
    anki.take(package())
    fields = anki.fields()
    assert set(fields) == {"other-words", "the-first-words"}
    assert fields["other-words"]["Answer"] == f"<p>{text}</p>"
    assert fields["the-first-words"]["Answer"] == "<p>Something else altogether.</p>"


# -- the file


def test_nothing_is_left_behind_but_the_package(
    deck: Callable[..., Path], run: Callable[..., Any], tmp_path: Path
) -> None:
    deck(CACHING)
    temporary, out = tmp_path / "temporary", tmp_path / "out"
    temporary.mkdir()
    out.mkdir()
    env = {"TMPDIR": str(temporary)}
    run("export", str(out / "cards.apkg"), env=env, ok=True)
    assert [path.name for path in out.iterdir()] == ["cards.apkg"]
    assert list(temporary.iterdir()) == []
    (out / "folder.apkg").mkdir()
    done = run("export", "--force", str(out / "folder.apkg"), env=env)
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert done.err.startswith(f"flashprep: cannot write {out / 'folder.apkg'}: ")
    assert sorted(path.name for path in out.iterdir()) == ["cards.apkg", "folder.apkg"]
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "options", "word"),
    [
        ("cards.zip", (), "ends in .apkg"),
        ("there.apkg", (), "--force replaces it"),
        ("missing/cards.apkg", (), "cannot write"),
        ("there.apkg/cards.apkg", (), "cannot write"),
        ("cards.apkg", ("--kind", "story"), "no card matches"),
        ("cards.apkg", ("--kind", "poem"), "poem"),
    ],
)
def test_a_package_that_cannot_be_written_is_one_clear_line(
    deck: Callable[..., Path],
    run: Callable[..., Any],
    tmp_path: Path,
    name: str,
    options: tuple[str, ...],
    word: str,
) -> None:
    deck(CACHING)
    (tmp_path / "there.apkg").write_text("precious")
    done = run("export", str(tmp_path / name), *options)
    assert (done.code, done.out) == (2, "")
    assert word in done.err and done.err.count("\n") == 1
    assert (tmp_path / "there.apkg").read_text() == "precious"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "there.apkg"]


def test_pictures_go_over_with_their_cards_and_nothing_else_does(
    deck: Callable[..., Path], home: Path, package: Callable[..., Path], anki: Anki
) -> None:
    for folder, colour in (("a", "red"), ("b", "blue")):  # two decks, each with a ring.svg of its own
        deck(f"<svg>{colour}</svg>", f"{folder}/media/ring.svg")
        deck(
            f"## Concept: Which ring is {colour}? {{#{folder}}}\n\nThis one.\n\n![A {colour} ring](media/ring.svg)\n\n"
            "![A secret](../../config.toml) ![A page](https://example.org/x.png)\n",
            f"{folder}/deck.md",
        )
    anki.take(package())
    media = sorted(Path(anki.collection.media.dir()).iterdir())
    assert sorted(path.read_text() for path in media) == ["<svg>blue</svg>", "<svg>red</svg>"]
    answer = anki.fields()["a"]["Answer"]
    assert answer.count("<img") == 1 and 'alt="A red ring"' in answer
    assert re.findall(r'src="([^"]+)"', answer)[0] in {path.name for path in media}
    assert "A secret" in answer and "config.toml" not in answer and "example.org" not in answer


def test_a_bar_shows_what_takes_over_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    import io
    import sys
    import time

    from flashprep.terminal import anki as view

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for seconds, shown in ((0.0, False), (0.4, True)):
        screen = Terminal()
        monkeypatch.setattr(sys, "stderr", screen)
        monkeypatch.setattr(view, "_QUIET_S", 0.1)
        monkeypatch.setenv("TERM", "xterm")
        with view.progress("cards", 10) as tick:
            tick(5)
            time.sleep(seconds)
        assert ("50 %" in screen.getvalue()) is shown
