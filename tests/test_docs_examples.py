"""The examples in the documentation of the card format are decks without a problem that show every kind."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from flashprep.authoring import template
from flashprep.cards.front_matter import KEYS as FRONT_MATTER_KEYS
from flashprep.cards.heading import KEYS as ATTRIBUTE_KEYS
from flashprep.cards.kinds import cards_of, kinds
from flashprep.cards.markdown import blocks
from flashprep.cards.model import ROUNDS
from flashprep.cards.parser import parse

DOCUMENT = (Path(__file__).parent.parent / "docs" / "cards.md").read_text(encoding="utf-8")
EXAMPLES = [match[2] for match in re.finditer(r"^(`{3,})markdown\n(.*?)^\1$", DOCUMENT, re.MULTILINE | re.DOTALL)]


def sections() -> dict[str, str]:
    """Return the text below each heading of the document."""
    lines = DOCUMENT.split("\n")
    starts = [block.line for block in blocks(DOCUMENT) if block.level]
    ends = [*starts[1:], len(lines)]
    return {
        lines[start].lstrip("# "): "\n".join(lines[start + 1 : end]) for start, end in zip(starts, ends, strict=True)
    }


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.split("\n## ", 1)[-1].split("\n", 1)[0])
def test_an_example_is_parsed_without_a_problem(example: str) -> None:
    parsed = parse(example)
    assert parsed.problems == ()
    assert parsed.notes
    for note in parsed.notes:
        assert note.pinned, "the examples show good habits"
        assert cards_of(note)


def test_the_examples_show_every_kind() -> None:
    assert {note.kind for example in EXAMPLES for note in parse(example).notes} == set(kinds())


@pytest.mark.parametrize("kind", kinds().values(), ids=lambda kind: kind.name)
def test_every_kind_has_a_section_of_its_own_with_an_example_of_it(kind) -> None:
    section = sections()[kind.label]
    shown = [note.kind for example in EXAMPLES if example in section for note in parse(example).notes]
    assert shown and set(shown) == {kind.name}
    example = "\n".join(example for example in EXAMPLES if example in section)
    for name in kind.sections:
        assert f"### {name}" in example or f"`### {name}`" in section, f"section {name} is not documented"


def test_the_examples_show_gaps() -> None:
    assert any("gap-" in card.face for example in EXAMPLES for note in parse(example).notes for card in cards_of(note))


def test_the_document_names_every_round_and_key() -> None:
    prose = re.sub(r"^(`{3,})markdown\n.*?^\1$", "", DOCUMENT, flags=re.MULTILINE | re.DOTALL)
    for word in (*ROUNDS, *FRONT_MATTER_KEYS, *ATTRIBUTE_KEYS):
        assert f"`{word}`" in prose, word


@pytest.mark.parametrize("kind", kinds().values(), ids=lambda kind: kind.name)
def test_the_template_of_a_kind_is_a_note_of_that_kind_without_a_problem(kind) -> None:
    parsed = parse(template(kind.name, "A title", "A deck"))
    assert parsed.problems == ()
    assert [(note.kind, note.title, note.deck) for note in parsed.notes] == [(kind.name, "A title", "A deck")]
    assert cards_of(parsed.notes[0])
