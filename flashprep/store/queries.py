"""Reading the store: lists, one card, the log, and the numbers behind the statistics."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Any, NamedTuple

from flashprep.memory.state import NEW, Entry, Memory, Nature
from flashprep.store.log import nature
from flashprep.store.sql import fact, set_fact, transaction


class Filter(NamedTuple):
    """Which cards are meant. Empty fields let everything through; several values of one field are alternatives."""

    decks: tuple[str, ...] = ()  # part of the deck's name or of its file's
    tags: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    rounds: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()  # of notes or cards
    covers: tuple[str, ...] = ()
    states: tuple[str, ...] = ()  # new, learning, review, relearning, due, suspended, leech, buried
    words: str = ""  # full text

    def __bool__(self) -> bool:
        """Tell whether the filter leaves anything out."""
        return any(tuple(self))


class Row(NamedTuple):
    """A card with all that is known of it."""

    card: int
    key: str
    note: str
    face: str
    kind: str
    title: str
    deck: str
    round: str
    tags: tuple[str, ...]
    covers: tuple[str, ...]
    solution: str
    minutes: int  # time goal for solving it, 0 for the usual one
    prompt: str
    answer: str
    ask: str
    steps: tuple[str, ...]
    timed: bool
    exercise: bool
    root: str
    path: str  # within the root
    line: int
    end_line: int
    origin: str  # id that the note was born under: survives renaming
    ord: int  # permanent place among its siblings
    seed: int
    number: int  # of the note in the store
    pinned: bool  # the id stands in the file
    end_column: int  # of the heading
    memory: Memory


class LogRow(NamedTuple):
    """A row of the log, for people."""

    id: int
    card: str
    kind: str
    rating: int
    day: int
    duration_ms: int
    source: str
    undone_ms: int | None


_KEY = "(identity.note || CASE identity.face WHEN '' THEN '' ELSE '/' || identity.face END)"
_MEMORY = ", ".join(f"memory.{name}" for name in Memory._fields)
FROM = (
    "FROM card JOIN note ON note.note = card.note JOIN file ON file.file = note.file "
    "JOIN identity ON identity.card = card.card LEFT JOIN memory ON memory.card = card.card"
)
# The user's own cards come first: whoever wrote one yesterday wants to see it today.
# Then what matters most, taken from every deck in turn, each deck in its own order: definitions before what builds on them.
NEW_ORDER = (
    "ORDER BY file.layer DESC, instr(note.tags, ' prio ') = 0, "
    "row_number() OVER (PARTITION BY file.file, instr(note.tags, ' prio ') = 0 ORDER BY note.line, identity.ord), "
    "file.root, file.path"
)
_PLAIN_ORDER = "ORDER BY file.layer, file.root, file.path, note.line, identity.ord"
_ROW = (
    f"SELECT card.card, {_KEY}, note.id, identity.face, note.kind, note.title, note.deck, note.round, note.tags, "
    "note.covers || coalesce((SELECT ' ' || group_concat(item, ' ') || ' ' FROM syllabus WHERE syllabus.note = note.id), ''), "
    "note.solution, note.minutes, card.prompt, card.answer, card.ask, card.steps, card.timed, card.exercise, "
    "file.root, file.path, note.line, note.end_line, "
    f"identity.origin, identity.ord, identity.seed, note.note, note.pinned, note.end_column, {_MEMORY} {FROM}"
)

# SQLite's own lower() knows no letters but those of ASCII.
_DECK = (
    "(note.deck IN (SELECT deck FROM (SELECT DISTINCT deck FROM note) WHERE instr(casefold(deck), ?)) "
    "OR note.file IN (SELECT file FROM file WHERE instr(casefold(path), ?)))"
)


def where_of(filter: Filter, today: int) -> tuple[str, list[Any]]:
    """Return the condition of a filter in SQL, with its values."""
    clauses: list[str] = []
    values: list[Any] = []

    def any_of(parts: list[str], given: list[Any]) -> None:
        if parts:
            clauses.append(f"({' OR '.join(parts)})")
            values.extend(given)

    decks = [deck.casefold() for deck in filter.decks]
    any_of(
        [_DECK] * len(decks),
        [d for deck in decks for d in (deck, deck)],
    )
    any_of(["instr(note.tags, ?)"] * len(filter.tags), [f" {tag.casefold()} " for tag in filter.tags])
    any_of(["note.kind = ?"] * len(filter.kinds), list(filter.kinds))
    any_of(["note.round = ?"] * len(filter.rounds), list(filter.rounds))
    any_of([f"(note.id = ? OR {_KEY} = ?)"] * len(filter.ids), [id for key in filter.ids for id in (key, key)])
    any_of(
        ["(instr(note.covers, ?) OR note.id IN (SELECT note FROM syllabus WHERE item = ?))"] * len(filter.covers),
        [part for item in filter.covers for part in (f" {item.casefold()} ", item.casefold())],
    )
    any_of([_STATES[state] for state in filter.states], [today for state in filter.states if "?" in _STATES[state]])
    return (" AND ".join(clauses) or "1"), values


_STATES = {
    "new": "coalesce(memory.state, 0) = 0",
    "learning": "memory.state = 1",
    "review": "memory.state = 2",
    "relearning": "memory.state = 3",
    "due": "(memory.state > 0 AND memory.suspended = 0 AND memory.due_day <= ?)",
    "suspended": "memory.suspended = 1",
    "leech": "memory.leech = 1",
    "buried": "memory.buried_day = ?",
}
STATES = tuple(_STATES)


def _row(values: tuple[Any, ...]) -> Row:
    fields: list[Any] = list(values[: len(Row._fields) - 1])
    memory = values[len(fields) :]
    fields[8] = tuple(fields[8].split())  # tags
    fields[9] = tuple(dict.fromkeys(fields[9].split()))  # covers
    fields[15] = tuple(json.loads(fields[15]))  # steps
    fields[16], fields[17] = bool(fields[16]), bool(fields[17])  # timed, exercise
    return Row._make([*fields, Memory._make(memory) if memory[0] is not None else NEW])


def rows(db: sqlite3.Connection, filter: Filter, today: int) -> list[Row]:
    """Return the cards that a filter lets through, in the order of files and lines; best match first for a search."""
    where, values = where_of(filter, today)
    found = [_row(row) for row in db.execute(f"{_ROW} WHERE {where} {_PLAIN_ORDER}", values)]
    if filter.words:
        rank = _search(db, filter.words)
        found = sorted((row for row in found if row.card in rank), key=lambda row: rank[row.card])
    return found


def row(db: sqlite3.Connection, card: int) -> Row | None:
    """Return one card by its number, None where no deck has it any more."""
    found = db.execute(f"{_ROW} WHERE card.card = ?", (card,)).fetchone()
    return _row(found) if found else None


def _search(db: sqlite3.Connection, words: str) -> dict[int, int]:
    """Return the rank of each card whose note matches the words; the index is made when the first search wants it."""
    from sqlite_utils import Database

    index = Database(db)
    generation = fact(db, "generation")
    if fact(db, "searched") != generation or "note_fts" not in index.table_names():
        with transaction(db):
            db.execute("DROP TABLE IF EXISTS note_fts")
            db.execute(
                "CREATE VIRTUAL TABLE note_fts USING fts5 (title, body, tags, deck, id, "
                "content=note, content_rowid=note, tokenize='porter unicode61', prefix='2 3')"
            )
            db.execute("INSERT INTO note_fts (note_fts) VALUES ('rebuild')")
            set_fact(db, "searched", generation)
    terms = words.split()
    quoted = " ".join('"' + term.replace('"', '""') + '"*' for term in terms)
    found = db.execute(
        "SELECT card.card FROM note_fts JOIN card ON card.note = note_fts.rowid JOIN identity ON identity.card = card.card "
        "WHERE note_fts MATCH ? ORDER BY bm25(note_fts, 8, 1, 4, 2, 4), identity.ord",
        (quoted,),
    )
    return {card: rank for rank, (card,) in enumerate(found)}


def fingerprints(db: sqlite3.Connection) -> dict[tuple[str, str], tuple[int, str]]:
    """Return number and fingerprint of each known file, by root and path."""
    found = db.execute("SELECT root, path, file, fingerprint FROM file")
    return {(root, path): (file, fingerprint) for root, path, file, fingerprint in found}


def outranked_solutions(db: sqlite3.Connection) -> list[tuple[str, str, str]]:
    """Return root, path and solution of the notes with one that another note outranks."""
    return db.execute(
        "SELECT file.root, file.path, note.solution FROM note JOIN file USING (file) WHERE NOT note.active AND note.solution <> ''"
    ).fetchall()


def note_count(db: sqlite3.Connection) -> int:
    """Return the number of active notes."""
    return int(db.execute("SELECT count(*) FROM note WHERE active").fetchone()[0])


def keys_of(db: sqlite3.Connection, cards: tuple[int, ...]) -> list[str]:
    """Return the names of cards by their numbers, also of such that no deck has any more."""
    return [db.execute(f"SELECT {_KEY} FROM identity WHERE card = ?", (card,)).fetchone()[0] for card in cards]


def cards_of_key(db: sqlite3.Connection, key: str) -> tuple[int, ...]:
    """Return the numbers of the cards of a note, or of one card, also of such that no deck has any more."""
    found = db.execute(f"SELECT card FROM identity WHERE note = ? OR {_KEY} = ? ORDER BY card", (key, key))
    return tuple(card for (card,) in found)


def syllabus_items(db: sqlite3.Connection) -> set[str]:
    """Return the items of all syllabuses, which stand beside the decks."""
    return {item for (item,) in db.execute("SELECT DISTINCT item FROM syllabus")}


def all_ids(db: sqlite3.Connection) -> list[str]:
    """Return the ids of all active notes."""
    return [id for (id,) in db.execute("SELECT id FROM note WHERE active ORDER BY id")]


def values_of(db: sqlite3.Connection, field: str) -> list[str]:
    """Return all values of deck, round, kind or tags that active notes have."""
    found = [value for (value,) in db.execute(f"SELECT DISTINCT {field} FROM note WHERE active")]
    return sorted({name for value in found for name in (value.split() if field == "tags" else [value]) if name})


def log_rows(
    db: sqlite3.Connection,
    cards: tuple[int, ...] | None = None,
    limit: int = 0,
    everything: bool = False,
    since: int = 0,
) -> Iterator[LogRow]:
    """Yield rows of the log, newest first; ``everything`` adds what is no review and what was undone."""
    clauses, values = ["log.day >= ?"], [since]
    if cards is not None:
        clauses.append(f"log.card IN ({','.join('?' * len(cards))})")
        values += cards
    if not everything:
        clauses.append("log.kind = 'review' AND log.undone_ms IS NULL")
    found = db.execute(
        f"SELECT log.id, {_KEY}, log.kind, log.rating, log.day, log.duration_ms, log.source, log.undone_ms "
        f"FROM log JOIN identity ON identity.card = log.card WHERE {' AND '.join(clauses)} ORDER BY log.id DESC "
        f"LIMIT {limit or -1}",
        values,
    )
    return (LogRow(*values) for values in found)


def last_review(db: sqlite3.Connection) -> int:
    """Return the epoch ms of the newest entry of the log, 0 for an empty one."""
    return int(db.execute("SELECT coalesce(max(id), 0) FROM log").fetchone()[0])


def reviews_by_day(db: sqlite3.Connection, since: int) -> dict[int, tuple[int, int]]:
    """Return by study day the number of reviews and the milliseconds spent, from ``since`` on."""
    found = db.execute(
        "SELECT day, count(*), sum(duration_ms) FROM log WHERE day >= ? AND kind = 'review' AND undone_ms IS NULL GROUP BY day",
        (since,),
    )
    return {day: (count, spent) for day, count, spent in found}


def due_by_day(db: sqlite3.Connection, today: int, days: int) -> dict[int, int]:
    """Return how many cards fall due on each of the coming days, today with all that is overdue."""
    found = db.execute(
        "SELECT max(memory.due_day, ?), count(*) FROM memory JOIN card USING (card) "
        "WHERE suspended = 0 AND state > 0 AND due_day < ? GROUP BY 1",
        (today, today + days),
    )
    return dict(found.fetchall())


def state_counts(db: sqlite3.Connection) -> dict[str, int]:
    """Return the number of cards in each state, suspended ones and leeches apart."""
    found = db.execute(
        "SELECT CASE WHEN memory.leech = 1 THEN 'leech' WHEN memory.suspended = 1 THEN 'suspended' "
        "ELSE coalesce(memory.state, 0) END, count(*) "
        "FROM card LEFT JOIN memory USING (card) GROUP BY 1"
    ).fetchall()
    names = {0: "new", 1: "learning", 2: "review", 3: "relearning"}
    return {names.get(state, state): count for state, count in found}


def histories(db: sqlite3.Connection, since: int) -> Iterator[tuple[Nature, list[Entry]]]:
    """Yield nature and whole history of each card that was reviewed on or after a study day."""
    cards = db.execute(
        "SELECT DISTINCT log.card, identity.seed, identity.face FROM log JOIN identity USING (card) "
        "WHERE day >= ? AND kind = 'review' AND undone_ms IS NULL",
        (since,),
    ).fetchall()
    for card, seed, face in cards:
        found = db.execute(
            "SELECT kind, rating, day, id FROM log WHERE card = ? AND undone_ms IS NULL ORDER BY id", (card,)
        )
        yield nature(seed, face), [Entry(*values) for values in found]


def deck_counts(db: sqlite3.Connection) -> list[tuple[str, str, str, int, int]]:
    """Return root, path, kind, notes and cards for each deck file and kind."""
    return db.execute(
        "SELECT file.root, file.path, note.kind, count(DISTINCT note.note), count(card.card) "
        "FROM note JOIN file USING (file) JOIN card USING (note) WHERE note.active GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    ).fetchall()
