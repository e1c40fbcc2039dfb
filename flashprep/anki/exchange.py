"""Taking in a collection of Anki as a whole: notes to be brought over, reviews, edits, in the order in which they depend."""

from __future__ import annotations

from typing import NamedTuple

from flashprep.anki import incoming
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
    archive: Archive | None,
    notes: bool = False,
    take_edits: bool = False,
    take_undone: bool = False,
) -> Outcome:
    """Take in reviews, and what is asked for besides."""
    moved = move(collection, found, archive) if notes else Moved()
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
