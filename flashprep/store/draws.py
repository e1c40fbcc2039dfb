"""Reading the store for a study day: the cards that may be drawn, and what the day has had already."""

from __future__ import annotations

import sqlite3

from flashprep.cards.faces import EXERCISE
from flashprep.memory.queue import Item
from flashprep.store.queries import FROM, NEW_ORDER, Filter, where_of


def queue_items(db: sqlite3.Connection, filter: Filter, today: int, early: bool = False) -> list[Item]:
    """Return the cards that may be drawn on a study day: due ones, and new ones in the order they are to be learned.

    With ``early`` those that are not due yet, too.
    """
    latest = 1 << 60 if early else today
    where, values = where_of(filter, today)
    columns = (
        "SELECT card.card, card.note, note.deck, coalesce(memory.state, 0), coalesce(memory.due_day, 0), "
        "coalesce(memory.due_at, 0), card.exercise"
    )
    due = db.execute(
        f"{columns} FROM memory JOIN card ON card.card = memory.card JOIN note ON note.note = card.note "
        "JOIN file ON file.file = note.file JOIN identity ON identity.card = card.card "
        f"WHERE memory.suspended = 0 AND memory.due_day <= ? AND memory.state > 0 AND memory.buried_day <> ? AND {where}",
        (latest, today, *values),
    )
    items = [Item(*found) for found in due]
    new = db.execute(
        f"{columns} {FROM} WHERE (memory.card IS NULL OR (memory.state = 0 AND memory.suspended = 0 AND memory.buried_day <> ?)) "
        f"AND {where} {NEW_ORDER}",
        (today, *values),
    )
    items += [Item(*found) for found in new]
    return items


def cram_items(db: sqlite3.Connection, filter: Filter, today: int) -> list[Item]:
    """Return every card that a filter lets through and that is not suspended, weakest memory first, new ones last."""
    where, values = where_of(filter, today)
    found = db.execute(
        f"SELECT card.card, card.note, note.deck, coalesce(memory.state, 0) {FROM} "
        f"WHERE coalesce(memory.suspended, 0) = 0 AND {where} "
        f"ORDER BY coalesce(memory.state, 0) = 0, (? - memory.last_day + 1.0) / max(memory.stability, 0.01) DESC, "
        f"{NEW_ORDER.removeprefix('ORDER BY ')}",
        (*values, today),
    )
    return [Item(*values) for values in found]


def done_today(db: sqlite3.Connection, today: int) -> dict[str, tuple[int, int]]:
    """Return by deck how many cards were new today and how many older ones were reviewed."""
    new = db.execute(
        "SELECT note.deck, count(*) FROM memory JOIN card USING (card) JOIN note ON note.note = card.note "
        "WHERE memory.first_day = ? GROUP BY note.deck",
        (today,),
    ).fetchall()
    reviewed = db.execute(
        "SELECT note.deck, count(DISTINCT log.card) FROM log JOIN memory USING (card) JOIN card USING (card) "
        "JOIN note ON note.note = card.note WHERE log.day = ? AND log.kind = 'review' AND log.undone_ms IS NULL "
        "AND memory.first_day < ? GROUP BY note.deck",
        (today, today),
    ).fetchall()
    done = {deck: (count, 0) for deck, count in new}
    for deck, count in reviewed:
        done[deck] = (done.get(deck, (0, 0))[0], count)
    return done


def new_exercises(db: sqlite3.Connection, today: int) -> int:
    """Return how many exercises had their first review on a study day."""
    found = db.execute(
        "SELECT count(*) FROM memory JOIN card USING (card) WHERE memory.first_day = ? AND card.exercise", (today,)
    )
    return int(found.fetchone()[0])


def seen_notes(db: sqlite3.Connection, today: int) -> set[int]:
    """Return the notes that had a review today, whose other cards wait until tomorrow."""
    found = db.execute(
        "SELECT DISTINCT card.note FROM log JOIN card USING (card) WHERE day = ? AND kind = 'review' AND undone_ms IS NULL",
        (today,),
    )
    return {note for (note,) in found}


def seconds_on_cards(db: sqlite3.Connection, today: int) -> float:
    """Return the seconds of a study day that went into cards; problems that were solved in an editor do not count."""
    found = db.execute(
        "SELECT coalesce(sum(duration_ms), 0) FROM log JOIN identity USING (card) "
        "WHERE day = ? AND kind = 'review' AND undone_ms IS NULL AND face <> ?",
        (today, EXERCISE),
    )
    return float(found.fetchone()[0]) / 1000
