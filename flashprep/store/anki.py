"""What is known of cards in Anki: their names there, the texts that went over, and reviews that are numbered otherwise."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from flashprep.cards.faces import TESTING
from flashprep.cards.model import card_key
from flashprep.store.sql import transaction

DIGEST = 24  # characters of a digest that stand for the fields; the rest is for the tags


class Known(NamedTuple):
    """A card of Anki that is a card here."""

    guid: str
    ord: int
    card: int
    ours: bool  # a note of our note type
    suspended: bool  # as Anki had it when it was last heard of


# A row of the log as it goes to Anki: (kind, rating, study day, epoch ms here, duration in ms, epoch ms there). Plain tuples,
# because there are hundreds of thousands; the first four fields are those of an entry of the log.
Happened = tuple[str, int, int, int, int, int]


_KNOWN = "SELECT guid, ord, card, ours, suspended FROM anki_card"
_MANY = 200  # of what is asked for one by one; beyond that, a whole table is read


def known(db: sqlite3.Connection, guids: set[str] | None = None) -> list[Known]:
    """Return every card of Anki that is a card here, or those of some notes."""
    if guids is not None and len(guids) <= _MANY:
        rows = [row for guid in guids for row in db.execute(f"{_KNOWN} WHERE guid = ?", (guid,))]
    else:
        rows = db.execute(f"{_KNOWN} ORDER BY rowid").fetchall()
    return [Known(guid, ord, card, bool(ours), bool(suspended)) for guid, ord, card, ours, suspended in rows]


def known_of(db: sqlite3.Connection, cards: set[int]) -> list[Known]:
    """Return what cards are called in Anki."""
    if len(cards) > _MANY:
        return [one for one in known(db) if one.card in cards]
    rows = [row for card in cards for row in db.execute(f"{_KNOWN} WHERE card = ? ORDER BY rowid", (card,))]
    return [Known(guid, ord, card, bool(ours), bool(suspended)) for guid, ord, card, ours, suspended in rows]


def guids(db: sqlite3.Connection) -> tuple[dict[int, str], set[str]]:
    """Return the guid of each card that has a note of our type in Anki, and all guids that are known."""
    found, taken = {}, set()
    for card, guid, ours in db.execute("SELECT card, guid, ours FROM anki_card ORDER BY rowid DESC"):
        taken.add(guid)
        if ours:
            found[card] = guid
    return found, taken


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
    latest = {
        card: (mod, digest)
        for card, mod, digest in db.execute("SELECT card, max(mod), digest FROM anki_text GROUP BY card")
    }
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


def digests(db: sqlite3.Connection, cards: set[int]) -> set[tuple[int, str]]:
    """Return (card, digest of the fields) of all texts of cards that went to Anki."""
    columns = f"SELECT card, substr(digest, 1, {DIGEST}) FROM anki_text"
    if len(cards) <= _MANY:
        return {row for card in cards for row in db.execute(f"{columns} WHERE card = ?", (card,))}
    return set(db.execute(columns))


def lost(db: sqlite3.Connection) -> list[str]:
    """Return the names of cards that went to Anki and that no deck has any more."""
    rows = db.execute(
        "SELECT DISTINCT identity.note || CASE identity.face WHEN '' THEN '' ELSE '/' || identity.face END "
        "FROM anki_card JOIN identity USING (card) WHERE ours AND card NOT IN (SELECT card FROM card) ORDER BY 1"
    )
    return [key for (key,) in rows]


def histories(db: sqlite3.Connection, cards: set[int]) -> Iterator[tuple[int, list[Happened]]]:
    """Yield card and history of those of some cards that have one."""
    other = renumbered(db)
    number_there = {(card, id): revlog for (card, revlog), id in other.items()}
    sql = "SELECT kind, rating, day, id, duration_ms, id, card FROM log WHERE undone_ms IS NULL"
    if len(cards) <= _MANY:
        groups = ((card, db.execute(f"{sql} AND card = ? ORDER BY id", (card,)).fetchall()) for card in cards)
    else:
        groups = (
            (card, list(group)) for card, group in groupby(db.execute(f"{sql} ORDER BY card, id"), key=itemgetter(6))
        )
    for card, rows in groups:
        if rows and card in cards:
            if number_there:
                yield card, [(*row[:5], number_there.get((card, row[3]), row[3])) for row in rows]
            else:
                yield card, [row[:6] for row in rows]


def renumber(db: sqlite3.Connection, card: int, id: int, revlog: int) -> None:
    """Remember that a review has another number in Anki than here."""
    with transaction(db):
        db.execute("INSERT OR REPLACE INTO anki_review (card, revlog, id) VALUES (?, ?, ?)", (card, revlog, id))


def tested(db: sqlite3.Connection) -> dict[int, str]:
    """Return by number of the note what an interviewer tests with it, as Markdown."""
    rows = db.execute(
        "SELECT card.note, card.answer FROM card JOIN identity USING (card) WHERE identity.face = ?", (TESTING,)
    )
    return dict(rows.fetchall())


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


def unlinked_texts(db: sqlite3.Connection) -> dict[str, tuple[str, str]]:
    """Return title and whole text of the notes of which no card is known to Anki, by id."""
    rows = db.execute(
        "SELECT id, title, body FROM note WHERE active "
        "AND note NOT IN (SELECT card.note FROM card JOIN anki_card ON anki_card.card = card.card)"
    )
    return {id: (title, body) for id, title, body in rows}
