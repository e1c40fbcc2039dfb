"""Taking in a collection of Anki as a whole: notes to be brought over, reviews, edits, in the order in which they depend."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from flashprep.anki import incoming, notetype
from flashprep.anki.content import ROOT
from flashprep.anki.incoming import Report
from flashprep.anki.reader import Archive, Found
from flashprep.collection import Collection

if TYPE_CHECKING:
    from flashprep.anki.edits import Edit


class Moved(NamedTuple):
    """What was brought over, and what was not."""

    notes: int = 0
    cards: int = 0
    decks: tuple[str, ...] = ()  # files
    media: int = 0
    left: tuple[tuple[str, str], ...] = ()  # (words of a note, why it stayed)


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
    wanted = None if notes else _ours(collection, found) if own_notes else set()
    moved = Moved()
    if wanted is None or wanted:
        from flashprep.anki.moving import move

        moved = move(collection, found, pictures, wanted)
    report, places = incoming.absorb(collection, found, take_undone)
    made: list[Edit] = []
    taken: list[Edit] = []
    refused: list[tuple[Edit, str]] = []
    if report.edited:
        from flashprep.anki.edits import edits, take

        made = edits(collection, report.edited, incoming.fields_there(found, places))
        if take_edits:
            for edit in made:
                reason = take(collection, edit)
                if reason:
                    refused.append((edit, reason))
                else:
                    taken.append(edit)
            made = []
    return Outcome(report, made, taken, refused, moved)


def _ours(collection: Collection, found: Found) -> set[int]:
    """Return the notes that no card here answers to and that are ours by their note type or their deck."""
    strange = incoming.place(collection, found).strange
    if not strange:
        return set()
    deck = {id for id, name in found.decks.items() if name == ROOT or name.startswith(f"{ROOT}::")}
    homes = {card.note for card in found.cards.values() if card.deck in deck}
    return {note.id for note in strange if note.type == notetype.ID or note.id in homes}
