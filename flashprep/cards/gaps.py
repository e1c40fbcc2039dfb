"""Gaps: ``==hidden text==`` in a body, and the cards that they make."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from flashprep.cards.markdown import code_ranges
from flashprep.cards.model import Card
from flashprep.cards.text import slug

_OPEN = re.compile(r"==(?=[^\s=])")
_CLOSE = re.compile(r"(?<=[^\s=])==(?!=)")
_PARAGRAPH = re.compile(r"\n[ \t]*\n|\Z")  # where one ends
_STRAY = re.compile(r"(?<=[^\s=])==(?=\s|$)|(?:(?<=\s)|^)==(?=[^\s=])")


MOST = 100  # gaps of an answer that become cards: each card repeats the whole answer


class Gap(NamedTuple):
    """A deletion: character offsets of the whole mark, and the text between the marks."""

    start: int
    end: int
    text: str


def _masked(text: str) -> str:
    masked = list(text)
    for start, end in code_ranges(text):
        masked[start:end] = "\0" * (end - start)
    return "".join(masked)


def gaps(text: str) -> list[Gap]:
    """Return the gaps of a Markdown text in order; marks inside code are none."""
    return _gaps(text, _masked(text)) if "==" in text else []


def _gaps(text: str, masked: str) -> list[Gap]:
    found, start = [], 0
    for paragraph in _PARAGRAPH.finditer(masked):
        end = paragraph.start()
        while (first := _OPEN.search(masked, start, end)) and (last := _CLOSE.search(masked, first.end() + 1, end)):
            found.append(Gap(first.start(), last.end(), text[first.end() : last.start()]))
            start = last.end()
        start = paragraph.end()
    return found


def unclosed(text: str) -> int | None:
    """Return the offset of a gap mark without its partner, None where there is none."""
    if "==" not in text:
        return None
    masked = _masked(text)
    parts, position = [], 0
    for gap in _gaps(text, masked):
        parts += [masked[position : gap.start], "\0" * (gap.end - gap.start)]
        position = gap.end
    stray = _STRAY.search("".join(parts) + masked[position:])
    return stray.start() if stray else None


def filled(text: str) -> str:
    """Return a text with its gaps shown: what stands between the marks, without them."""
    out, position = [], 0
    for gap in gaps(text):
        out += [text[position : gap.start], gap.text]
        position = gap.end
    return "".join(out) + text[position:]


def gap_cards(card: Card) -> Iterator[Card]:
    """Replace a card whose answer holds gaps by one card for each; a card without gaps stays itself."""
    found = gaps(card.answer)
    if not found:
        yield card
        return
    taken: set[str] = set()
    for number, gap in enumerate(found[:MOST], 1):
        name = slug(gap.text, 40) or str(number)
        face = f"{card.face}-gap-{name}" if card.face else f"gap-{name}"
        base, again = face, 2
        while face in taken:
            face, again = f"{base}-{again}", again + 1
        taken.add(face)
        yield Card(
            face=face,
            prompt=f"{card.prompt}\n\n{_show(card.answer, found, gap, hide=True)}",
            answer=_show(card.answer, found, gap, hide=False),
            ask="Fill the gap.",
        )


def _show(text: str, found: list[Gap], target: Gap, hide: bool) -> str:
    out, position = [], 0
    for gap in found:
        out.append(text[position : gap.start])
        if gap is target:
            # Beside a letter, Markdown takes ** for asterisks where punctuation stands inside them.
            outside = text[max(0, gap.start - 1) : gap.start] + text[gap.end : gap.end + 1]
            inside = "[…]" if hide else gap.text
            loose = not any(c.isalnum() for c in outside) or (inside[0].isalnum() and inside[-1].isalnum())
            bold = loose and "*" not in inside
            out.append(f"**{inside}**" if bold else r"\[…\]" if hide else inside)
        else:
            out.append(gap.text)
        position = gap.end
    return "".join(out) + text[position:]
