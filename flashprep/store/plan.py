"""The plan for interview dates: the dates, the tasks that are ticked off, and the cards that were asked to come soon."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from flashprep.store.queries import FROM, NEW_ORDER
from flashprep.store.sql import transaction

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_COLUMNS = "name, day, minutes, weekdays, company, level, rounds, topics, dropped"


class Interview(NamedTuple):
    """A date to be ready on."""

    name: str
    day: int  # study day
    minutes: int  # for cards, on each day with study
    weekdays: tuple[str, ...] = ()  # with study; empty: every day
    company: str = ""
    level: str = ""
    rounds: tuple[str, ...] = ()  # the most important first; empty: all
    topics: tuple[str, ...] = ()  # parts of deck names, or tags, the most important first
    dropped: tuple[str, ...] = ()  # the same: left out

    def studies_on(self, day: int) -> bool:
        """Tell whether a study day has study."""
        return not self.weekdays or WEEKDAYS[(day + 3) % 7] in self.weekdays  # 1970-01-01 was a Thursday


class Candidate(NamedTuple):
    """A card as the plan sees it."""

    card: int
    note: int
    deck: str
    file: str  # path of the deck
    layer: int  # 0 built-in, 1 the user's
    round: str
    tags: tuple[str, ...]
    state: int
    stability: float  # days; 0 for a new card
    difficulty: float
    last_day: int


def interviews(db: sqlite3.Connection, since: int) -> list[Interview]:
    """Return the dates from a study day on, the nearest first."""
    rows = db.execute(f"SELECT {_COLUMNS} FROM interview WHERE gone_ms IS NULL AND day >= ? ORDER BY day, id", (since,))
    return [_interview(row) for row in rows]


def _interview(row: tuple) -> Interview:
    name, day, minutes, weekdays, company, level, rounds, topics, dropped = row
    return Interview(
        name,
        day,
        minutes,
        tuple(weekdays.split()),
        company,
        level,
        tuple(rounds.split()),
        tuple(json.loads(topics)),
        tuple(json.loads(dropped)),
    )


def set_interview(db: sqlite3.Connection, interview: Interview, now: int) -> None:
    """Set a date at epoch ms ``now``; it takes the place of one with the same name."""
    words = (" ".join(interview.weekdays), interview.company, interview.level, " ".join(interview.rounds))
    lists = (json.dumps(interview.topics, ensure_ascii=False), json.dumps(interview.dropped, ensure_ascii=False))
    with transaction(db):
        clear(db, (interview.name,), now)
        db.execute(
            f"INSERT INTO interview (id, {_COLUMNS}) VALUES ({', '.join('?' * 10)})",
            (_fresh(db, "interview", now), interview.name, interview.day, interview.minutes, *words, *lists),
        )


def forget_ticks(db: sqlite3.Connection, interview: str, now: int) -> None:
    """Let no tick hold any more that was made for a date: another one may get its name."""
    with transaction(db):
        db.execute("UPDATE tick SET gone_ms = ? WHERE interview = ? AND gone_ms IS NULL", (now, interview))


def clear(db: sqlite3.Connection, names: Iterable[str], now: int) -> None:
    """Take dates out of the plan; the rows stay, for the record."""
    with transaction(db):
        for name in names:
            db.execute("UPDATE interview SET gone_ms = ? WHERE name = ? AND gone_ms IS NULL", (now, name))


def ticks(db: sqlite3.Connection, interview: str) -> list[tuple[str, int]]:
    """Return the tasks that are ticked off for a date, with the study day of each tick."""
    return db.execute("SELECT task, day FROM tick WHERE interview = ? AND gone_ms IS NULL", (interview,)).fetchall()


def tick(db: sqlite3.Connection, interview: str, task: str, day: int, now: int) -> None:
    """Tick a task off for a study day."""
    with transaction(db):
        db.execute(
            "INSERT INTO tick (id, interview, task, day) VALUES (?, ?, ?, ?)",
            (_fresh(db, "tick", now), interview, task, day),
        )


def untick(db: sqlite3.Connection, interview: str, task: str, since: int, now: int) -> None:
    """Take back the ticks of a task from a study day on."""
    with transaction(db):
        db.execute(
            "UPDATE tick SET gone_ms = ? WHERE interview = ? AND task = ? AND day >= ? AND gone_ms IS NULL",
            (now, interview, task, since),
        )


def pull(db: sqlite3.Connection, cards: Iterable[int], now: int) -> None:
    """Ask for cards to come before all others, until their next review."""
    with transaction(db):
        for card in cards:
            db.execute("INSERT INTO pulled (id, card) VALUES (?, ?)", (_fresh(db, "pulled", now), card))


def pulled(db: sqlite3.Connection) -> list[int]:
    """Return the cards that were asked for and not reviewed since, the first that was asked for first."""
    rows = db.execute(
        "SELECT pulled.card, min(pulled.id) AS first FROM pulled JOIN card USING (card) LEFT JOIN memory USING (card) "
        "WHERE pulled.id > coalesce(memory.last_at, 0) AND coalesce(memory.suspended, 0) = 0 GROUP BY card ORDER BY first"
    )
    return [card for card, _ in rows]


def _fresh(db: sqlite3.Connection, table: str, now: int) -> int:
    """Return an id that no row has: the instant, or the next that is free."""
    last = db.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0]
    return max(now, int(last) + 1)


def candidates(db: sqlite3.Connection) -> list[Candidate]:
    """Return every card that is not suspended and not solved in an editor, in the order in which new ones are learned."""
    rows = db.execute(
        "SELECT card.card, card.note, note.deck, file.path, file.layer, note.round, note.tags, coalesce(memory.state, 0), "
        "coalesce(memory.stability, 0), coalesce(memory.difficulty, 0), coalesce(memory.last_day, 0) "
        f"{FROM} WHERE card.exercise = 0 AND coalesce(memory.suspended, 0) = 0 {NEW_ORDER}"
    )
    return [Candidate._make((*row[:6], tuple(row[6].split()), *row[7:])) for row in rows]
