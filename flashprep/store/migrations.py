"""The steps from one version of the primary data to the next. A backup is made before any of them runs."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlite_utils import Database, Migrations

from flashprep.store.backup import back_up
from flashprep.store.sql import PRIMARY_VERSION, statements, transaction

migrations = Migrations("flashprep")


@migrations(name="0001_primary")
def _primary(db: Database) -> None:
    for statement in statements("primary.sql"):
        db.execute(statement)


@migrations(name="0002_practice")
def _practice(db: Database) -> None:
    for statement in statements("practice.sql"):
        db.execute(statement)


@migrations(name="0003_anki")
def _anki(db: Database) -> None:
    for statement in statements("anki.sql"):
        db.execute(statement)


@migrations(name="0004_fit")
def _fit(db: Database) -> None:
    for statement in statements("fit.sql"):
        db.execute(statement)


@migrations(name="0005_plan")
def _plan(db: Database) -> None:
    for statement in statements("plan.sql"):
        db.execute(statement)


def migrate(db: sqlite3.Connection, path: Path) -> None:
    """Bring the primary data up to date; a store that holds anything is backed up first."""
    db.execute("PRAGMA journal_mode = WAL")
    with transaction(db):  # IMMEDIATE: of two first starts at once, the second waits and finds all done
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version >= PRIMARY_VERSION:
            return
        if db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'log'").fetchone()[0]:
            back_up(db, path.parent / "backups" / f"before-upgrade-from-{version}.db")
        migrations.apply(Database(db))
        db.execute(f"PRAGMA user_version = {PRIMARY_VERSION}")
