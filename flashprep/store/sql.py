"""Running SQL: transactions, the statements of a .sql file, and the small facts that a store remembers about itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PRIMARY_VERSION = 5  # of primary.sql plus migrations, kept in PRAGMA user_version


def statements(name: str) -> Iterator[str]:
    """Yield the statements of a .sql file of this package; unlike executescript this stays inside a transaction."""
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    statement = ""
    for line in text.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """Run a block as one write transaction: all of it is in the store afterwards, or nothing."""
    if db.in_transaction:
        yield
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        # SQLite has rolled back by itself after some errors, such as a full disk: then there is nothing to roll back.
        with suppress(sqlite3.OperationalError):
            db.execute("ROLLBACK")
        raise


def fact(db: sqlite3.Connection, name: str) -> str:
    """Return a small fact about the store, empty where it is not known."""
    row = db.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
    return row[0] if row else ""


def set_fact(db: sqlite3.Connection, name: str, value: str) -> None:
    """Remember a small fact about the store."""
    db.execute("INSERT OR REPLACE INTO fact (name, value) VALUES (?, ?)", (name, value))
