"""What happened while problems were solved: starts, runs of the tests, help; and the attempts that these rows make."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from flashprep.store.sql import transaction

PASSED = "passed"


class Attempt(NamedTuple):
    """From a fresh starter to the next one: what came of it."""

    at: int  # epoch ms of the start
    day: int  # study day
    spent_ms: int  # from the start to the first pass, or to the last run
    verdict: str  # passed, or that of the last run; '' where no test ran
    runs: int  # of the tests, up to the first pass
    helped: bool  # the reference or the answer was shown before it passed
    source: str  # 'review' or 'code'

    @property
    def passed(self) -> bool:
        """Tell whether the problem was solved."""
        return self.verdict == PASSED


def record(
    db: sqlite3.Connection,
    card: int,
    kind: str,
    day: int,
    now: int,
    verdict: str = "",
    duration: int = 0,
    source: str = "code",
) -> int:
    """Add a row at epoch ms ``now`` and return the instant that it got, which no other row has."""
    with transaction(db):
        last = db.execute("SELECT max(id) FROM practice WHERE card = ?", (card,)).fetchone()[0] or 0
        at = max(now, last + 1)  # the order of what happened, also when the clock was set back
        while db.execute("SELECT 1 FROM practice WHERE id = ?", (at,)).fetchone():
            at += 1
        db.execute(
            "INSERT INTO practice (id, card, day, kind, verdict, duration_ms, source) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (at, card, day, kind, verdict, duration, source),
        )
    return at


def attempts(db: sqlite3.Connection, card: int) -> list[Attempt]:
    """Return the attempts at an exercise, oldest first."""
    return all_attempts(db, (card,)).get(card, [])


def all_attempts(
    db: sqlite3.Connection, cards: Iterable[int] | None = None, since: int = 0
) -> dict[int, list[Attempt]]:
    """Return by card the attempts at it, oldest first; those that were started on or after study day ``since``."""
    rows: list[tuple[int, int, int, str, str, int, str]] = []
    columns = "SELECT card, id, day, kind, verdict, duration_ms, source FROM practice"
    if cards is None:
        rows = db.execute(f"{columns} ORDER BY card, id").fetchall()
    else:
        for card in cards:
            rows += db.execute(f"{columns} WHERE card = ? ORDER BY id", (card,))
    found = {}
    for card, group in groupby(rows, key=itemgetter(0)):
        made = [attempt for attempt in _attempts(list(group)) if attempt.day >= since]
        if made:
            found[card] = made
    return found


def _attempts(rows: list[tuple[int, int, int, str, str, int, str]]) -> list[Attempt]:
    found: list[Attempt] = []
    for _, at, day, kind, verdict, duration, source in rows:
        if kind == "start":
            found.append(Attempt(at, day, 0, "", 0, False, source))
        elif found and not found[-1].passed:
            last = found[-1]
            if kind == "help":
                found[-1] = last._replace(helped=True)
            else:
                found[-1] = last._replace(spent_ms=duration, verdict=verdict, runs=last.runs + 1)
    return found
