"""Gaps: ``==hidden text==`` in a body, and the cards that they make."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from flashprep.cards.markdown import code_ranges
from flashprep.cards.model import Card
from flashprep.cards.text import slug

_GAP = re.compile(r"==(?=[^\s=])((?:(?!\n[ \t]*\n).)+?)(?<=[^\s=])==(?!=)", re.DOTALL)
_STRAY = re.compile(r"(?:(?<![\s=])==(?![=])(?=\s|$))|(?:(?:(?<=\s)|^)==(?=[^\s=]))", re.MULTILINE)


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
    if "==" not in text:
        return []
    found = []
    for match in _GAP.finditer(_masked(text)):
        found.append(Gap(match.start(), match.end(), text[match.start(1) : match.end(1)]))
    return found


def unclosed(text: str) -> int | None:
    """Return the offset of a gap mark without its partner, None where there is none."""
    if "==" not in text:
        return None
    masked = _masked(text)
    rest = _GAP.sub(lambda m: "\0" * len(m[0]), masked)
    stray = _STRAY.search(rest)
    return stray.start() if stray else None


def gap_cards(card: Card) -> Iterator[Card]:
    """Replace a card whose answer holds gaps by one card for each; a card without gaps stays itself."""
    found = gaps(card.answer)
    if not found:
        yield card
        return
    taken: set[str] = set()
    for number, gap in enumerate(found, 1):
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
        if gap is not target:
            out.append(gap.text)
        elif hide:
            out.append("**[…]**")
        else:
            out.append(gap.text if "*" in gap.text else f"**{gap.text}**")
        position = gap.end
    return "".join(out) + text[position:]
