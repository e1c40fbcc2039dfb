"""Writing the log and folding it: every rating, suspension and undo passes through here, one transaction each."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from flashprep.cards.faces import EXERCISE
from flashprep.memory.state import NEW, Entry, Memory, Nature, Settings, Step
from flashprep.store.sql import fact, set_fact, transaction

if TYPE_CHECKING:
    from flashprep.memory.schedule import Scheduler

HERE = "flashprep"
_COLUMNS = ", ".join(Memory._fields)
_MARKS = ", ".join("?" * (len(Memory._fields) + 1))
_FOLD_VERSION = 1  # a new number makes every memory be folded anew


class Recorded(NamedTuple):
    """What a rating did."""

    memory: Memory
    leech: bool  # it was set aside
    elsewhere: bool  # another session had rated the card since it was shown


class Undone(NamedTuple):
    """What was taken back."""

    kind: str
    rating: int
    cards: tuple[int, ...]
    at: int  # epoch ms of the entry


def memory_of(db: sqlite3.Connection, card: int) -> Memory:
    """Return the memory of a card, that of a new card where there is no history."""
    row = db.execute(f"SELECT {_COLUMNS} FROM memory WHERE card = ?", (card,)).fetchone()
    return Memory(*row) if row else NEW


def nature_of(db: sqlite3.Connection, card: int) -> Nature:
    """Return what the schedule of a card depends on besides its log."""
    return nature(*db.execute("SELECT seed, face FROM identity WHERE card = ?", (card,)).fetchone())


def nature(seed: int, face: str) -> Nature:
    """Return the nature of a card by what the log knows of it, whatever the decks hold."""
    return Nature(seed, face == EXERCISE)


def natures(db: sqlite3.Connection) -> dict[int, Nature]:
    """Return the nature of every card."""
    return {card: nature(seed, face) for card, seed, face in db.execute("SELECT card, seed, face FROM identity")}


def folder_of(settings: Settings) -> Callable[..., Memory]:
    """Return a function that folds the entries of a card of some nature into its memory, the fast way of ``memory.bulk``.

    A list as its third argument takes a step for each review on the way.
    """
    from fsrs.scheduler import DEFAULT_PARAMETERS

    from flashprep.memory.bulk import folder

    folds = {exercise: folder(settings.of(exercise), DEFAULT_PARAMETERS) for exercise in (False, True)}

    def fold(entries: Iterable[Any], of: Nature, steps: list[Step] | None = None) -> Memory:
        return folds[of.exercise](entries, of.seed, steps)

    return fold


def _free_id(db: sqlite3.Connection, at: int) -> int:
    """Return an id for an entry at epoch ms ``at`` that no other entry has: the next free one of the same minute."""
    while db.execute("SELECT 1 FROM log WHERE id = ?", (at,)).fetchone():
        at = db.execute("SELECT max(id) + 1 FROM log WHERE id BETWEEN ? AND ?", (at, at + 60_000)).fetchone()[0]
    return at


def _next_id(db: sqlite3.Connection, card: int, now: int) -> int:
    """Return an id for the next entry of a card: after all that it has, also when the clock was set back."""
    last = db.execute("SELECT max(id) FROM log WHERE card = ?", (card,)).fetchone()[0] or 0
    return _free_id(db, max(now, last + 1))


def _insert(db: sqlite3.Connection, card: int, entry: Entry, duration: int = 0, cause: int | None = None) -> None:
    db.execute(
        "INSERT INTO log (id, card, kind, rating, day, duration_ms, source, cause) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (entry.at, card, entry.kind, entry.rating, entry.day, duration, HERE, cause),
    )


def _save(db: sqlite3.Connection, card: int, memory: Memory) -> None:
    if memory == NEW:
        db.execute("DELETE FROM memory WHERE card = ?", (card,))
    else:
        db.execute(f"INSERT OR REPLACE INTO memory (card, {_COLUMNS}) VALUES ({_MARKS})", (card, *memory))


def _own_up(db: sqlite3.Connection, settings: Settings) -> None:
    """Let the next start fold everything anew if another session has made the memory table with other settings meanwhile."""
    if not memory_is_current(db, settings):
        set_fact(db, "memory", "")


def record(
    db: sqlite3.Connection,
    scheduler: Scheduler,
    card: int,
    rating: int,
    day: int,
    now: int,
    duration: int,
    shown: Memory | None,
) -> Recorded:
    """Write a rating given on study day ``day`` at epoch ms ``now``; ``shown`` is the memory that the user saw."""
    with transaction(db):
        before = memory_of(db, card)
        of = nature_of(db, card)
        own = scheduler.of(of)
        entry = Entry("review", rating, max(day, before.last_day), _next_id(db, card, now))
        after = own.apply(before, entry, of.seed)
        _insert(db, card, entry, duration)
        _own_up(db, scheduler.settings)
        leech = scheduler.is_leech(before, after) and not after.suspended
        if leech:
            mark = Entry("leech", 0, entry.day, _next_id(db, card, entry.at))
            after = own.apply(after, mark, of.seed)
            _insert(db, card, mark, cause=entry.at)
        _save(db, card, after)
    return Recorded(after, leech, shown is not None and shown != before)


def mark(db: sqlite3.Connection, scheduler: Scheduler, cards: Iterable[int], kind: str, day: int, now: int) -> int:
    """Write suspend, unsuspend, bury or reset for cards, as one action that one undo takes back; return their number."""
    count = 0
    cause: int | None = None
    with transaction(db):
        for card in cards:
            before = memory_of(db, card)
            entry = Entry(kind, 0, day, _next_id(db, card, now))
            _insert(db, card, entry, cause=cause)
            cause = cause or entry.at
            of = nature_of(db, card)
            _save(db, card, scheduler.of(of).apply(before, entry, of.seed))
            count += 1
        _own_up(db, scheduler.settings)
    return count


def undo(db: sqlite3.Connection, scheduler: Scheduler, now: int) -> Undone | None:
    """Take back the last action made here, with everything that it brought along; None with nothing to take back."""
    with transaction(db):
        row = db.execute(
            "SELECT coalesce(cause, id) FROM log WHERE undone_ms IS NULL AND source = ? ORDER BY seq DESC LIMIT 1",
            (HERE,),
        ).fetchone()
        if row is None:
            return None
        rows = db.execute(
            "SELECT kind, rating, card, id FROM log WHERE undone_ms IS NULL AND (id = ? OR cause = ?) ORDER BY id",
            (row[0], row[0]),
        ).fetchall()
        db.execute(
            "UPDATE log SET undone_ms = ? WHERE undone_ms IS NULL AND (id = ? OR cause = ?)", (now, row[0], row[0])
        )
        cards = tuple(dict.fromkeys(card for _, _, card, _ in rows))
        for card in cards:
            of = nature_of(db, card)
            _save(db, card, scheduler.of(of).fold(entries(db, card), of.seed))
        _own_up(db, scheduler.settings)
    kind, rating, _, at = rows[0]
    return Undone(kind, rating, cards, at)


def entries(db: sqlite3.Connection, card: int) -> list[Entry]:
    """Return what counts of a card's log, in order."""
    rows = db.execute("SELECT kind, rating, day, id FROM log WHERE card = ? AND undone_ms IS NULL ORDER BY id", (card,))
    return [Entry(*row) for row in rows]


def settings_mark(settings: Settings) -> str:
    """Name everything that the memory table depends on besides the log."""
    return f"{_FOLD_VERSION} {tuple(settings)!r}"


def memory_is_current(db: sqlite3.Connection, settings: Settings) -> bool:
    """Tell whether the memory table was made with these settings."""
    return fact(db, "memory") == settings_mark(settings)


def rebuild(db: sqlite3.Connection, settings: Settings) -> int:
    """Fold the whole log anew and return the number of entries; a million take a few seconds."""
    with transaction(db):
        db.execute("DELETE FROM memory")
        counter = [0]
        db.executemany(f"INSERT INTO memory (card, {_COLUMNS}) VALUES ({_MARKS})", _folded(db, settings, counter))
        set_fact(db, "memory", settings_mark(settings))
    return counter[0]


def _folded(db: sqlite3.Connection, settings: Settings, counter: list[int]) -> Iterator[tuple[Any, ...]]:
    fold, of_all = folder_of(settings), natures(db)
    # A row is (kind, rating, day, id, card): its first four are an Entry, and the fold takes plain tuples as well.
    rows = db.execute("SELECT kind, rating, day, id, card FROM log WHERE undone_ms IS NULL ORDER BY card, id")
    for card, group in groupby(rows, key=itemgetter(4)):
        of_card = [row[:4] for row in group]
        counter[0] += len(of_card)
        memory = fold(of_card, of_all[card])
        if memory != NEW:
            yield (card, *memory)


def damage(db: sqlite3.Connection, settings: Settings) -> list[int]:
    """Return the cards whose stored memory is not what their log makes."""
    stored = {row[0]: row[1:] for row in db.execute(f"SELECT card, {_COLUMNS} FROM memory")}
    folded = {row[0]: row[1:] for row in _folded(db, settings, [0])}
    return sorted(card for card in stored.keys() | folded.keys() if stored.get(card) != folded.get(card))


class Arrival(NamedTuple):
    """An entry that happened elsewhere."""

    card: int
    kind: str  # review, reset, suspend, unsuspend
    rating: int
    day: int  # study day
    id: int  # epoch ms, one that no entry has yet
    duration_ms: int


_MANY = 500  # entries that are looked for one by one; beyond that, the whole log is read


def ids(db: sqlite3.Connection, wanted: list[int]) -> dict[int, int]:
    """Return the card of every entry by its id, or at least of the wanted ones; undone ones are among them."""
    if len(wanted) > _MANY:
        return dict(db.execute("SELECT id, card FROM log"))
    rows = (db.execute("SELECT id, card FROM log WHERE id = ?", (id,)).fetchone() for id in wanted)
    return dict(row for row in rows if row)


def free_id(db: sqlite3.Connection, at: int, fresh: set[int]) -> int:
    """Return the first id from ``at`` on that neither an entry has nor is among the ``fresh`` ones."""
    while at in fresh or db.execute("SELECT 1 FROM log WHERE id = ?", (at,)).fetchone():
        at += 1
    return at


def elsewhere(db: sqlite3.Connection, source: str, cards: set[int]) -> list[tuple[int, int]]:
    """Return (card, id) of the reviews of cards that came from a source and were not undone."""
    rows = db.execute(
        "SELECT card, id FROM log WHERE kind = 'review' AND undone_ms IS NULL AND source = ? ORDER BY id", (source,)
    )
    return [(card, id) for card, id in rows if card in cards]


def last_marks(db: sqlite3.Connection) -> dict[int, int]:
    """Return by card the epoch ms at which it was last suspended or unsuspended."""
    return dict(
        db.execute(
            "SELECT card, max(id) FROM log WHERE kind IN ('suspend', 'unsuspend', 'leech') AND undone_ms IS NULL GROUP BY card"
        )
    )


def absorb(db: sqlite3.Connection, settings: Settings, arrivals: list[Arrival], source: str) -> set[int]:
    """Write entries that happened elsewhere, and fold the log of their cards anew; return these cards."""
    with transaction(db):
        db.executemany(
            "INSERT INTO log (card, kind, rating, day, id, duration_ms, source) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(*arrival, source) for arrival in sorted(arrivals, key=lambda one: one.id)],
        )
        cards = {arrival.card for arrival in arrivals}
        refold(db, settings, cards)
    return cards


def take_back(db: sqlite3.Connection, settings: Settings, reviews: list[tuple[int, int]], now: int) -> None:
    """Mark reviews, given as (card, id), as undone at epoch ms ``now``, and fold the log of their cards anew."""
    with transaction(db):
        db.executemany("UPDATE log SET undone_ms = ? WHERE card = ? AND id = ?", [(now, *one) for one in reviews])
        refold(db, settings, {card for card, _ in reviews})


def refold(db: sqlite3.Connection, settings: Settings, cards: set[int]) -> None:
    """Make the memory of cards anew from their log."""
    fold = folder_of(settings)
    for card in cards:
        _save(db, card, fold(entries(db, card), nature_of(db, card)))
    _own_up(db, settings)
