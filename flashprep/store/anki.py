"""What is known of cards in Anki: their names there, the texts that went over, and reviews that are numbered otherwise."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from flashprep.cards.model import card_key
from flashprep.memory.state import Nature
from flashprep.store.log import nature
from flashprep.store.sql import transaction


class Known(NamedTuple):
    """A card of Anki that is a card here."""

    guid: str
    ord: int
    card: int
    ours: bool  # a note of our note type
    suspended: bool  # as Anki had it when it was last heard of


class Happened(NamedTuple):
    """A row of the log as it goes to Anki: the first four fields are those of a log entry."""

    kind: str
    rating: int
    day: int
    at: int  # epoch ms here
    duration_ms: int
    revlog: int  # epoch ms, its number in Anki


def known(db: sqlite3.Connection) -> list[Known]:
    """Return every card of Anki that is a card here."""
    rows = db.execute("SELECT guid, ord, card, ours, suspended FROM anki_card ORDER BY rowid")
    return [Known(guid, ord, card, bool(ours), bool(suspended)) for guid, ord, card, ours, suspended in rows]


def remember(db: sqlite3.Connection, cards: Iterable[Known]) -> None:
    """Remember cards of Anki, in the place of what was known of them."""
    with transaction(db):
        db.executemany(
            "INSERT OR REPLACE INTO anki_card (guid, ord, card, ours, suspended) VALUES (?, ?, ?, ?, ?)",
            [(one.guid, one.ord, one.card, int(one.ours), int(one.suspended)) for one in cards],
        )


def stamp(db: sqlite3.Connection, texts: Sequence[tuple[int, str]], now: int) -> dict[int, int]:
    """Return for each (card, digest of its text) the epoch second since which it has been so.

    A text that was not seen yet, or that came back after another, is new ``now``, and later than the one before.
    """
    latest: dict[int, tuple[int, str]] = {}
    for card, mod, digest in db.execute("SELECT card, mod, digest FROM anki_text ORDER BY mod"):
        latest[card] = (mod, digest)
    fresh, found = [], {}
    for card, digest in texts:
        mod, before = latest.get(card, (0, ""))
        if before != digest:
            mod = max(now, mod + 1)
            fresh.append((card, mod, digest))
        found[card] = mod
    if fresh:
        with transaction(db):
            db.executemany("INSERT OR REPLACE INTO anki_text (card, mod, digest) VALUES (?, ?, ?)", fresh)
    return found


def digests(db: sqlite3.Connection) -> dict[int, set[str]]:
    """Return by card the digests of all texts that went to Anki."""
    found: dict[int, set[str]] = {}
    for card, digest in db.execute("SELECT card, digest FROM anki_text"):
        found.setdefault(card, set()).add(digest)
    return found


def lost(db: sqlite3.Connection) -> list[str]:
    """Return the names of cards that went to Anki and that no deck has any more."""
    rows = db.execute(
        "SELECT DISTINCT identity.note || CASE identity.face WHEN '' THEN '' ELSE '/' || identity.face END "
        "FROM anki_card JOIN identity USING (card) WHERE ours AND card NOT IN (SELECT card FROM card) ORDER BY 1"
    )
    return [key for (key,) in rows]


_HISTORY = (
    "SELECT log.card, log.kind, log.rating, log.day, log.id, log.duration_ms, coalesce(anki_review.revlog, log.id) "
    "FROM log LEFT JOIN anki_review ON anki_review.id = log.id AND anki_review.card = log.card WHERE undone_ms IS NULL "
)
_FEW = 500  # cards that are asked for one by one


def histories(db: sqlite3.Connection, cards: set[int] | None = None) -> Iterator[tuple[int, list[Happened]]]:
    """Yield card and history of every card that has one, for Anki; None stands for all cards."""
    if cards is not None and len(cards) <= _FEW:
        for card in cards:
            rows = db.execute(f"{_HISTORY} AND log.card = ? ORDER BY log.id", (card,)).fetchall()
            if rows:
                yield card, [Happened(*row[1:]) for row in rows]
        return
    for card, group in groupby(db.execute(f"{_HISTORY} ORDER BY log.card, log.id"), key=itemgetter(0)):
        if cards is None or card in cards:
            yield card, [Happened(*row[1:]) for row in group]


def renumber(db: sqlite3.Connection, card: int, id: int, revlog: int) -> None:
    """Remember that a review has another number in Anki than here."""
    with transaction(db):
        db.execute("INSERT OR REPLACE INTO anki_review (card, revlog, id) VALUES (?, ?, ?)", (card, revlog, id))


def face_answers(db: sqlite3.Connection, face: str) -> dict[int, str]:
    """Return by number of the note the answer of its card of a face."""
    rows = db.execute(
        "SELECT card.note, card.answer FROM card JOIN identity USING (card) WHERE identity.face = ?", (face,)
    )
    return dict(rows.fetchall())


def natures(db: sqlite3.Connection) -> dict[int, Nature]:
    """Return by card what its schedule depends on besides its log."""
    return {card: nature(seed, face) for card, seed, face in db.execute("SELECT card, seed, face FROM identity")}


def cards_by_name(db: sqlite3.Connection) -> tuple[dict[str, int], dict[tuple[str, int], int]]:
    """Return the cards by their names of now, and by origin and ord."""
    keys, origins = {}, {}
    for card, note, face, origin, ord in db.execute("SELECT card, note, face, origin, ord FROM identity"):
        keys[card_key(note, face)] = card
        origins[origin, ord] = card
    return keys, origins


def renumbered(db: sqlite3.Connection) -> dict[tuple[int, int], int]:
    """Return the number here of each (card, number in Anki) that has another one there."""
    return {(card, revlog): id for card, revlog, id in db.execute("SELECT card, revlog, id FROM anki_review")}


def undone_ids(db: sqlite3.Connection) -> set[int]:
    """Return the ids of reviews that were undone."""
    return {id for (id,) in db.execute("SELECT id FROM log WHERE undone_ms IS NOT NULL AND kind = 'review'")}


def suspended(db: sqlite3.Connection) -> set[int]:
    """Return the cards that are suspended here."""
    return {card for (card,) in db.execute("SELECT card FROM memory WHERE suspended")}


def cards_of_faces(db: sqlite3.Connection) -> dict[tuple[str, str], int]:
    """Return the cards by note and face."""
    return {(note, face): card for card, note, face in db.execute("SELECT card, note, face FROM identity")}


def note_names(db: sqlite3.Connection) -> list[str]:
    """Return the ids of all notes that there ever were."""
    return [note for (note,) in db.execute("SELECT DISTINCT note FROM identity")]


def head(db: sqlite3.Connection) -> tuple[int, int]:
    """Return (seq, id) of the newest row of the log, zeros for an empty one."""
    row = db.execute("SELECT seq, id FROM log ORDER BY seq DESC LIMIT 1").fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def touched(db: sqlite3.Connection, seq: int, id: int, undone_ms: int) -> set[int] | None:
    """Return the cards whose log changed after (seq, id) was its newest row and after epoch ms ``undone_ms``.

    None where the log has no such row: then it is another log, such as one from a backup.
    """
    if seq and db.execute("SELECT 1 FROM log WHERE seq = ? AND id = ?", (seq, id)).fetchone() is None:
        return None
    rows = db.execute("SELECT card FROM log WHERE seq > ? OR undone_ms >= ?", (seq, undone_ms))
    return {card for (card,) in rows}
