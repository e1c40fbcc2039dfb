"""Backup, restore and doctor: they also work when the collection cannot be opened."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from flashprep import clock, config, places
from flashprep.clock import local_time
from flashprep.collection import Collection
from flashprep.errors import BadStore, FlashprepError, NotFound
from flashprep.memory.days import iso
from flashprep.store import backup, database, log, queries, sql


class Finding(NamedTuple):
    """One thing that doctor looked at."""

    what: str
    good: bool
    detail: str
    help: str = ""


def back_up(target: Path | None) -> Path:
    """Copy the log to ``target``, or to a dated file in the backup folder."""
    with Collection() as collection:
        now = collection.now()
        path = target or places.backup_folder() / f"manual-{iso(now.day)}-{now.ms}.db"
        if path.exists():
            raise FlashprepError(f"{path} is there already; name another file")
        try:
            return backup.back_up(collection.db, path)
        except (OSError, sqlite3.Error) as error:
            raise BadStore(f"cannot write the backup {path}: {error}") from None


def newest_good_backup() -> backup.Checked:
    """Return the newest backup that is sound."""
    folder = places.backup_folder()
    tried = 0
    for path in backup.backups(folder):
        checked = backup.examine(path)
        if not checked.fault:
            return checked
        tried += 1
    raise NotFound(f"no good backup in {folder}" + (f" ({tried} damaged)" if tried else ""))


def examined(path: Path) -> backup.Checked:
    """Read a backup without changing it."""
    return backup.examine(path)


def restore(source: Path | None) -> tuple[backup.Checked, Path | None]:
    """Put a backup in the place of the store; return it, and where the old store was set aside."""
    checked = backup.examine(source) if source else newest_good_backup()
    if checked.fault:
        raise FlashprepError(f"{checked.path} is no good backup: {checked.fault}")
    version = (
        sqlite3.connect(f"{checked.path.resolve().as_uri()}?mode=ro", uri=True)
        .execute("PRAGMA user_version")
        .fetchone()[0]
    )
    if version > sql.PRIMARY_VERSION:
        raise BadStore(f"{checked.path} was written by a newer flashprep; upgrade flashprep first")
    store = places.store()
    fresh = store.with_name("flashprep.db.restored")
    try:
        store.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(checked.path, fresh)
        aside = _set_aside(store)
        fresh.replace(store)
    except OSError as error:
        raise BadStore(f"cannot restore to {store}: {error.strerror}") from None
    finally:
        fresh.unlink(missing_ok=True)
    return checked, aside


def _set_aside(store: Path) -> Path | None:
    """Move the store and its write-ahead log away, under a name that is free."""
    if not store.exists():
        return None
    number = 1
    while (aside := store.with_name(f"flashprep.db.set-aside-{number}")).exists():
        number += 1
    for ending in ("", "-wal", "-shm"):
        part = store.with_name(store.name + ending)
        if part.exists():
            part.replace(aside.with_name(aside.name + ending))
    return aside


def examine(rebuild: bool = False) -> list[Finding]:
    """Look at everything that flashprep stands on."""
    findings = [
        Finding("Python", sys.version_info >= (3, 11), sys.version.split()[0]),
        Finding("SQLite", sqlite3.sqlite_version_info >= (3, 37), sqlite3.sqlite_version, "STRICT tables need 3.37"),
        _look(_clock, "clock"),
        _look(_config, "config"),
    ]
    store = _look(_store, "store")
    findings.append(store)
    if store.good:
        findings.append(_look(lambda: _memory(rebuild), "schedule"))
        findings.append(_look(_decks, "decks"))
    findings += [_look(_data_files, "data"), _look(_backups, "backups"), _look(_editor, "editor")]
    return findings


def _look(at: Callable[[], Finding], what: str) -> Finding:
    try:
        return at()
    except (FlashprepError, sqlite3.Error, OSError) as error:
        return Finding(what, False, " ".join(str(error).split()))


def _clock() -> Finding:
    now = clock.now(0)
    return Finding("clock", True, f"{now.local:%Y-%m-%d %H:%M %z}")


def _config() -> Finding:
    path = places.config()
    config.load(path)
    return Finding("config", True, str(path) if path.exists() else f"defaults ({path} would change them)")


def _store() -> Finding:
    path = places.store()
    if not path.exists():
        return Finding("store", True, f"none yet ({path})")
    checked = backup.examine(path)
    if checked.fault:
        return Finding(
            "store", False, f"{path} is damaged: {checked.fault}", "flashprep restore brings the newest good backup"
        )
    return Finding("store", True, f"{path}, {checked.reviews} reviews")


def _memory(rebuild: bool) -> Finding:
    with Collection() as collection:
        if rebuild:
            database.make_derived(collection.db)
            log.rebuild(collection.db, collection.config.settings)
            collection.sync()
        wrong = log.damage(collection.db, collection.config.settings)
    if wrong:
        return Finding(
            "schedule", False, f"{len(wrong)} cards differ from their log", "flashprep doctor --rebuild makes them anew"
        )
    return Finding("schedule", True, "equal to the log" + (", made anew" if rebuild else ""))


def _decks() -> Finding:
    with Collection() as collection:
        problems = collection.problems()
        notes = queries.note_count(collection.db)
        decks = queries.values_of(collection.db, "deck")
        limited = collection.config.limits.decks
        own = places.own_decks()
    detail = f"{notes} notes; your own decks: {own}"
    if problems:
        return Finding("decks", False, f"{detail}; {len(problems)} problems", "flashprep check shows them")
    stray = [name for name in limited if not any(f"{deck}::".startswith(f"{name}::") for deck in decks)]
    if stray:
        return Finding(
            "decks",
            False,
            f"{detail}; the config limits a deck '{stray[0]}' that is not there",
            "write the whole name, as 'flashprep show ID' shows it",
        )
    return Finding("decks", True, detail)


def _data_files() -> Finding:
    from flashprep.guide import companies, files, phases, rounds

    phases.load()
    for name in files.find("rounds"):
        rounds.load(name)
    for name in companies.names():
        companies.load(name)
    own = sum(mine for _, _, mine in files.listed())
    detail = f"{len(files.listed())} phases, rounds and companies, {own} of them yours"
    return Finding("data", True, detail)


def _backups() -> Finding:
    folder = places.backup_folder()
    if not any(True for _ in backup.backups(folder)):
        return Finding("backups", True, f"none yet (the first session with a rating makes one in {folder})")
    newest = newest_good_backup()
    when = f", last entry {local_time(newest.last):%Y-%m-%d %H:%M}" if newest.last else ""
    return Finding("backups", True, f"{newest.path}: {newest.reviews} reviews{when}")


def _editor() -> Finding:
    from flashprep.editor import command

    words = command()
    found = shutil.which(words[0])
    if not found:
        return Finding("editor", False, f"{words[0]} is not there", "set EDITOR to your editor")
    return Finding("editor", True, " ".join(words))
