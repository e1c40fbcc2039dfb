"""Opening the store: connection, versions, transactions, and SQLite's errors in words that a user can act on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flashprep.errors import BadStore
from flashprep.store.sql import PRIMARY_VERSION, set_fact, statements, transaction

DERIVED_VERSION = 3  # of derived.sql; another number in a store makes the derived tables anew
DERIVED_TABLES = ("card", "note", "file", "memory", "syllabus", "fact")
BUSY_SECONDS = 10  # how long a second session waits for the first one's commit


def connect(path: Path) -> sqlite3.Connection:
    """Open the store at ``path``, making or migrating it first where needed."""
    with translated(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadStore(
                f"cannot make the folder {path.parent}: {error.strerror}; set FLASHPREP_HOME to one you own"
            ) from None
        db = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        db.create_function("casefold", 1, str.casefold, deterministic=True)
        db.execute("PRAGMA foreign_keys = ON")
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version > PRIMARY_VERSION:
            raise BadStore(
                f"{path} was written by a newer flashprep (store version {version}, this one knows {PRIMARY_VERSION}); "
                "upgrade flashprep: nothing was changed"
            )
        if version < PRIMARY_VERSION:
            from flashprep.store.migrations import migrate

            migrate(db, path)
        # A commit survives power loss, not only a crash: in WAL mode NORMAL would not sync it.
        db.execute("PRAGMA synchronous = FULL")
        # A rating writes about six pages; with the usual 1000 every 170th would wait for a checkpoint.
        db.execute("PRAGMA wal_autocheckpoint = 4000")
        if not _derived_is_current(db):
            with transaction(db):  # of two starts at once, the second finds what the first made
                if not _derived_is_current(db):
                    make_derived(db)
        return db


def _derived_is_current(db: sqlite3.Connection) -> bool:
    tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables.issuperset(DERIVED_TABLES):
        return False
    row = db.execute("SELECT value FROM fact WHERE name = 'derived'").fetchone()
    return row is not None and row[0] == str(DERIVED_VERSION)


def make_derived(db: sqlite3.Connection) -> None:
    """Drop whatever there is of the derived tables and make them empty."""
    with transaction(db):
        for table in DERIVED_TABLES:
            db.execute(f"DROP TABLE IF EXISTS {table}")
        for statement in statements("derived.sql"):
            db.execute(statement)
        set_fact(db, "derived", str(DERIVED_VERSION))


def file_of(path: Path) -> tuple[int, int]:
    """Return what tells the file at ``path`` from another one of the same name, (0, 0) where there is none."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_dev, found.st_ino


def data_version(db: sqlite3.Connection) -> int:
    """Return a number that changes when another connection has written to the store."""
    return int(db.execute("PRAGMA data_version").fetchone()[0])


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's errors about the store at ``path`` into messages that say what to do."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise BadStore(_message(path, error)) from error


def _message(path: Path, error: sqlite3.DatabaseError) -> str:
    text = str(error)
    if "full" in text:
        return f"the disk is full: {path} could not be written; nothing was lost that was acknowledged; free some space"
    if "readonly" in text or "read-only" in text:
        return f"{path} is read-only; give yourself write permission, or set FLASHPREP_HOME to another folder"
    if "unable to open" in text:
        return f"cannot open {path}; check that its folder exists and is yours, or set FLASHPREP_HOME"
    if "locked" in text or "busy" in text:
        return f"{path} is in use by another program for over {BUSY_SECONDS} s; end that program and try again"
    if "malformed" in text or "not a database" in text or "corrupt" in text:
        return (
            f"{path} is damaged ({text}); run 'flashprep doctor', then 'flashprep restore' for the newest good backup"
        )
    if "disk I/O" in text:
        return f"{path}: {text}; check the disk and its free space, then run 'flashprep doctor'"
    return f"{path}: {text}; run 'flashprep doctor'"
