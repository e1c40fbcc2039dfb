"""Pictures in cards: they lie beside the deck, a terminal shows their words, and nothing is loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flashprep.anki.html import render
from flashprep.cards.markdown import images, without_pictures

NOTE = "## Concept: What does a ring show? {{#ring}}\n\nKeys and nodes.\n\n![Keys go clockwise]({})\n"


def test_a_picture_beside_the_deck_is_fine(deck: Callable[..., Path], run: Callable) -> None:
    deck(NOTE.format("media/ring.svg"))
    (deck("", "media/ring.svg")).write_text("<svg/>")
    assert run("check").code == 0


@pytest.mark.parametrize(
    "target",
    [
        "media/gone.svg",
        "../ring.svg",
        "../../config.toml",
        "/etc/passwd",
        "https://example.org/x.png",
        "data:image/png;base64,AA",
    ],
)
def test_a_picture_that_is_not_beside_the_deck_is_a_problem(
    target: str, deck: Callable[..., Path], run: Callable
) -> None:
    deck(NOTE.format(target))
    done = run("check", "--format", "concise")
    assert done.code == 1
    assert "error[missing-picture]" in done.out and ":1:1:" in done.out


def test_a_pipe_shows_the_words_of_a_picture_in_its_place(deck: Callable[..., Path], run: Callable) -> None:
    deck(NOTE.format("media/ring.svg"))
    shown = run("review", input="\n").out
    assert "[Keys go clockwise]" in shown and "ring.svg" not in shown


def test_a_package_shows_the_words_too() -> None:
    assert "Keys &amp; nodes" in render("![Keys & nodes](media/ring.svg)")
    assert "<img" not in render("![Keys](https://example.org/x.png)")


PIECES = ["é", "🙂 ", "![a *b*](m/x.svg)", "`![c](d)`", "[l](u)", "\n\n", "![", "](", "text"]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_the_range_of_a_picture_is_the_picture(text: str) -> None:
    for image in images(text):
        assert text[image.start : image.end].startswith("![") and text[image.start : image.end].endswith(")")
    assert images(without_pictures(text)) == [] or "![" in without_pictures(text)
