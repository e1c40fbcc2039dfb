"""Taking in a collection of Anki as a whole: notes to be brought over, reviews, edits, in the order in which they depend."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from flashprep.anki import incoming, notetype
from flashprep.anki.content import ROOT
from flashprep.anki.edits import Edit, edits, take
from flashprep.anki.incoming import Report
from flashprep.anki.moving import Moved, move
from flashprep.anki.reader import Archive, Found
from flashprep.collection import Collection


class Outcome(NamedTuple):
    """What taking in a collection of Anki did."""

    report: Report
    edits: list[Edit]  # that are in Anki only
    taken: list[Edit]  # that were written into deck files
    refused: list[tuple[Edit, str]]  # with the reason
    moved: Moved


def take_in(
    collection: Collection,
    found: Found,
    pictures: Archive | Path | None,
    notes: bool = False,
    own_notes: bool = False,
    take_edits: bool = False,
    take_undone: bool = False,
) -> Outcome:
    """Take in reviews, and what is asked for besides: all notes, or those that were made there with our note type or deck.

    ``pictures`` is where those of the notes are to be had: a package, or a folder.
    """
    wanted = None if notes else _ours(found) if own_notes else set()
    moved = move(collection, found, pictures, wanted) if wanted is None or wanted else Moved()
    report = incoming.absorb(collection, found, take_undone)
    made = edits(collection, report.edited, incoming.fields_there(found, incoming.place(collection, found)))
    taken, refused = [], []
    if take_edits:
        for edit in made:
            reason = take(collection, edit)
            if reason:
                refused.append((edit, reason))
            else:
                taken.append(edit)
        made = []
    return Outcome(report, made, taken, refused, moved)


def _ours(found: Found) -> set[int]:
    """Return the notes that belong to flashprep by their note type or their deck, wherever they were made."""
    deck = {id for id, name in found.decks.items() if name == ROOT or name.startswith(f"{ROOT}::")}
    homes = {card.note for card in found.cards.values() if card.deck in deck}
    return {note.id for note in found.notes.values() if note.type == notetype.ID or note.id in homes}
