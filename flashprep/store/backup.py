"""Copies of the primary data: made whole or not at all, checked before they are trusted."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

KEEP = 14  # automatic backups, one a study day

_UNFINISHED = ".unfinished"
_ABANDONED_S = 3600  # an unfinished backup this old was left by a session that was killed
_TABLES = (
    *("identity", "log", "practice", "anki_card", "anki_text", "anki_review", "fit", "interview", "tick", "pulled"),
    "_sqlite_migrations",
)


class Checked(NamedTuple):
    """A store file that was looked at: what it holds, or why it is no good."""

    path: Path
    reviews: int = 0
    last: int = 0  # epoch ms of the newest entry
    fault: str = ""


def back_up(db: sqlite3.Connection, target: Path) -> Path:
    """Copy the primary data of an open store to ``target``; it appears there only when it is complete."""
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f"{target.name}.{os.getpid()}{_UNFINISHED}")  # two sessions may end at once
    unfinished.unlink(missing_ok=True)
    try:
        copy = sqlite3.connect(unfinished, isolation_level=None)
        try:
            copy.execute("PRAGMA synchronous = FULL")
            copy.execute("PRAGMA journal_mode = DELETE")
            _copy_primary(db, copy)
        finally:
            copy.close()
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return target


def _copy_primary(source: sqlite3.Connection, copy: sqlite3.Connection) -> None:
    copy.execute("BEGIN")
    source.execute("SAVEPOINT backup")  # one moment of the source for all of its tables
    try:
        wanted = source.execute(
            "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type DESC"
        )
        schema = [row for row in wanted if row[2] in _TABLES]
        for kind, name, _, sql in schema:
            if kind == "table":
                copy.execute(sql)
                rows = source.execute(f"SELECT * FROM {name}")
                marks = ",".join("?" * len(rows.description))
                copy.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)
        for kind, _, _, sql in schema:
            if kind == "index":
                copy.execute(sql)
        copy.execute(f"PRAGMA user_version = {source.execute('PRAGMA user_version').fetchone()[0]}")
    finally:
        source.execute("RELEASE backup")
    copy.execute("COMMIT")


def examine(path: Path) -> Checked:
    """Read a store file without changing it and say what it holds or what is wrong with it."""
    if not path.is_file():
        return Checked(path, fault="there is no such file")
    try:
        db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        try:
            found = db.execute("PRAGMA integrity_check(3)").fetchall()
            if found != [("ok",)]:
                return Checked(path, fault="; ".join(row[0].replace("\n", " ") for row in found))
            reviews = db.execute("SELECT count(*) FROM log WHERE kind = 'review' AND undone_ms IS NULL").fetchone()[0]
            last = db.execute("SELECT coalesce(max(id), 0) FROM log").fetchone()[0]
            orphans = db.execute("SELECT count(*) FROM log WHERE card NOT IN (SELECT card FROM identity)").fetchone()[0]
        finally:
            db.close()
    except sqlite3.DatabaseError as error:
        return Checked(path, fault=str(error))
    return Checked(path, reviews, last, f"{orphans} entries of unknown cards" if orphans else "")


def backups(folder: Path) -> Iterator[Path]:
    """Yield the backups of a folder, newest first."""
    if folder.is_dir():
        yield from sorted(folder.glob("*.db"), key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)


def prune(folder: Path) -> None:
    """Delete all but the newest automatic backups, and what killed sessions left unfinished."""
    for path in folder.glob(f"*{_UNFINISHED}*"):
        with suppress(OSError):
            if path.stat().st_mtime < time.time() - _ABANDONED_S:
                path.unlink()
    daily = [path for path in backups(folder) if path.name.startswith("daily-")]
    for path in daily[KEEP:]:
        path.unlink(missing_ok=True)
