"""The kinds of card, one file each: a file in this folder is a kind as soon as it defines ``KIND``."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from flashprep.cards.gaps import gap_cards
from flashprep.cards.kinds.base import Kind
from flashprep.cards.model import Card, Note


@cache
def kinds() -> dict[str, Kind]:
    """Return every kind by name, in the order that the kinds themselves give."""
    found = []
    for module in pkgutil.iter_modules(__path__):
        if module.name != "base":
            found.append(importlib.import_module(f"{__name__}.{module.name}").KIND)
    return {kind.name: kind for kind in sorted(found, key=lambda kind: kind.order)}


def named(label: str) -> Kind | None:
    """Return the kind that a heading or an option names, whatever its case, hyphens and spaces."""
    return kinds().get("-".join(label.replace("-", " ").casefold().split()))


def cards_of(note: Note) -> list[Card]:
    """Return the cards of a note, siblings of each other, in their order."""
    return [card for face in kinds()[note.kind].cards(note) for card in gap_cards(face)]
