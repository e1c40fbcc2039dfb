"""Parameters of the scheduler that were fitted to the log: adopted, and taken back."""

from __future__ import annotations

import json
import sqlite3
from typing import NamedTuple

from flashprep.cards.faces import EXERCISE
from flashprep.store.sql import transaction


class Fit(NamedTuple):
    """A fit that was adopted."""

    id: int  # epoch ms
    parameters: tuple[float, ...]
    reviews: int
    loss_before: float
    loss_after: float


def current(db: sqlite3.Connection) -> Fit | None:
    """Return the fit that counts, None where the defaults do."""
    row = db.execute(
        "SELECT id, parameters, reviews, loss_before, loss_after FROM fit WHERE undone_ms IS NULL ORDER BY id DESC LIMIT 1"
    ).fetchone()
    return Fit(row[0], tuple(json.loads(row[1])), *row[2:]) if row else None


def adopt(db: sqlite3.Connection, fit: Fit) -> None:
    """Let a fit count from now on."""
    with transaction(db):
        db.execute(
            "INSERT INTO fit (id, parameters, reviews, loss_before, loss_after) VALUES (?, ?, ?, ?, ?)",
            (fit.id, json.dumps(fit.parameters), fit.reviews, fit.loss_before, fit.loss_after),
        )


def take_back(db: sqlite3.Connection, now: int) -> Fit | None:
    """Take the fit back that counts, at epoch ms ``now``; the one before counts again, or the defaults. Return it."""
    with transaction(db):
        found = current(db)
        if found is not None:
            db.execute("UPDATE fit SET undone_ms = ? WHERE id = ?", (now, found.id))
    return found


def reviews(db: sqlite3.Connection) -> list[tuple[int, int, int, int]]:
    """Return (card, rating, study day, epoch ms) of the reviews since the last reset of each card, in order.

    Exercises are left out: a problem is not recalled as a card is.
    """
    return db.execute(
        "SELECT log.card, rating, day, log.id FROM log JOIN identity USING (card) "
        "LEFT JOIN (SELECT card, max(id) AS last FROM log WHERE kind = 'reset' AND undone_ms IS NULL GROUP BY card) reset "
        "USING (card) WHERE kind = 'review' AND undone_ms IS NULL AND face <> ? AND log.id > coalesce(reset.last, 0) "
        "ORDER BY log.card, log.id",
        (EXERCISE,),
    ).fetchall()


def recent(db: sqlite3.Connection, since: int) -> list[tuple[int, int, int, int, bool]]:
    """Return (card, rating, study day, duration in ms, first day of the card) of the reviews from a study day on, by card."""
    return db.execute(
        "SELECT log.card, rating, day, duration_ms, day = coalesce(memory.first_day, day) FROM log JOIN identity USING (card) "
        "LEFT JOIN memory USING (card) WHERE day >= ? AND kind = 'review' AND undone_ms IS NULL AND face <> ? "
        "ORDER BY log.card, log.id",
        (since, EXERCISE),
    ).fetchall()
