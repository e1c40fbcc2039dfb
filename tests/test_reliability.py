"""What flashprep stands on gives way: disk, permissions, the store, the clock, the decks. A clear message, nothing lost."""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from flashprep.collection import Collection
from flashprep.errors import BadStore
from flashprep.store import backup, database, log, sql
from flashprep.store.queries import Filter

NOTES = 8
DECK = "\n".join(f"## Concept: Note {n} {{#n{n}}}\n\nThe answer to number {n}.\n" for n in range(NOTES))

PR_CAPBSET_DROP = 24
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2


def obey_permissions() -> None:
    """Make the process that is about to start obey the permissions of files, whoever runs the tests."""
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
        done = libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
        assert done == 0 or os.geteuid() != 0, "root keeps its powers"


def start(
    *arguments: str, input: str = "", before: Callable[[], object] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process, with ``before`` called in it first; it never ends in a traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "flashprep", *arguments],
        input=input,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=before,
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert "internal error" not in done.stderr, done.stderr
    return done


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """Return the message of a command that failed as it should: one line, exit code 2."""
    assert done.returncode == 2, (done.returncode, done.stdout, done.stderr)
    (line,) = done.stderr.splitlines()
    assert line.startswith("flashprep: ")
    return line


def rows(home: Path, sql: str = "SELECT card, rating FROM log ORDER BY seq") -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(home / "flashprep.db")) as db:
        return db.execute(sql).fetchall()


def sound(home: Path) -> int:
    """See that the store is in order and return the number of reviews in it."""
    with Collection() as collection:
        assert log.damage(collection.db, collection.config.settings) == []
        assert collection.db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert collection.db.execute("PRAGMA foreign_key_check").fetchall() == []
    checked = backup.examine(home / "flashprep.db")
    assert checked.fault == ""
    return checked.reviews


@pytest.fixture
def rated(home: Path, deck: Callable[..., Path]) -> int:
    """Eight notes, of which four were rated; their number."""
    deck(DECK)
    with Collection() as collection:
        for row in collection.rows(Filter())[:4]:
            collection.rate(row.card, 3, 1000)
    return 4


# -- versions


def test_a_store_of_a_newer_version_is_refused_and_left_as_it_is(home: Path, rated: int, said: Callable) -> None:
    with closing(sqlite3.connect(home / "flashprep.db")) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute("PRAGMA user_version = 99")
    before = (home / "flashprep.db").read_bytes()
    for command in ("today", "list", "undo", "backup", "check"):
        refused = said(command)
        assert (refused.code, "newer flashprep" in refused.err) == (2, True)
    assert "newer flashprep" in one_line(start("review", input="3\n"))
    doctor = said("doctor", ok=False)
    assert "newer flashprep" in doctor.out
    assert (home / "flashprep.db").read_bytes() == before


def test_a_backup_of_a_newer_version_is_not_restored(home: Path, rated: int, said: Callable) -> None:
    said("backup", str(home / "kept.db"), ok=True)
    with closing(sqlite3.connect(home / "kept.db")) as db:
        db.execute("PRAGMA user_version = 99")
    assert "newer flashprep" in said("restore", str(home / "kept.db"), "--yes", ok=False).err
    assert sound(home) == rated


def test_a_store_is_backed_up_before_it_is_migrated(home: Path, rated: int) -> None:
    with closing(sqlite3.connect(home / "flashprep.db")) as db:
        db.execute("PRAGMA user_version = 0")
    assert sound(home) == rated
    (kept,) = (home / "backups").glob("before-upgrade-*.db")
    checked = backup.examine(kept)
    assert (checked.reviews, checked.fault) == (rated, "")
    assert rows(home, "PRAGMA user_version") == [(sql.PRIMARY_VERSION,)]


def test_without_a_backup_there_is_no_migration(home: Path, rated: int, said: Callable) -> None:
    with closing(sqlite3.connect(home / "flashprep.db")) as db:
        db.execute("PRAGMA user_version = 0")
    (home / "backups").write_text("not a folder")
    assert said("today", ok=False).code == 2
    assert rows(home, "PRAGMA user_version") == [(0,)]
    (home / "backups").unlink()
    assert sound(home) == rated


# -- what may not be read or written


@pytest.fixture
def locked() -> Iterator[Callable[[Path, int], None]]:
    """Change the permissions of a path until the end of the test."""
    before: list[tuple[Path, int]] = []

    def lock(path: Path, mode: int) -> None:
        before.append((path, path.stat().st_mode))
        path.chmod(mode)

    yield lock
    for path, mode in reversed(before):
        path.chmod(mode)


@pytest.mark.parametrize("command", ["today", "review", "list", "undo"])
def test_a_store_in_a_folder_that_may_not_be_written_gets_a_clear_message(
    home: Path, rated: int, locked: Callable[[Path, int], None], command: str
) -> None:
    locked(home, 0o555)
    locked(home / "flashprep.db", 0o444)
    said = one_line(start(command, input="3\n3\n", before=obey_permissions))
    assert str(home / "flashprep.db") in said
    assert "FLASHPREP_HOME" in said
    home.chmod(0o755)
    assert len(rows(home)) == rated


def test_a_store_that_may_only_be_read_can_be_looked_at(
    home: Path, rated: int, deck: Callable[..., Path], locked: Callable[[Path, int], None]
) -> None:
    locked(home / "flashprep.db", 0o444)
    assert len(start("list", before=obey_permissions).stdout.splitlines()) == NOTES
    for command in ("review", "undo"):
        assert "read-only" in one_line(start(command, input="3\n3\n", before=obey_permissions))
    deck(f"{DECK}\n## Concept: Another\n\nYes.\n")
    assert "read-only" in one_line(start("list", before=obey_permissions))
    assert len(rows(home)) == rated


def test_a_program_that_holds_the_store_for_a_moment_makes_a_session_wait(home: Path, rated: int) -> None:
    session = open_session()
    with closing(sqlite3.connect(home / "flashprep.db", isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        send(session, 4)
        time.sleep(0.3)  # in this time a session that does not wait would end
        assert session.poll() is None
        assert len(rows(home)) == rated
        db.execute("ROLLBACK")
    assert acknowledgement(session) == "rated Easy"
    close(session)
    assert sound(home) == rated + 1


def test_a_program_that_does_not_let_go_of_the_store_gets_a_clear_message(
    home: Path, rated: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    with closing(sqlite3.connect(home / "flashprep.db", isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        with pytest.raises(BadStore, match="in use by another program"), Collection() as collection:
            collection.rate(1, 3, 1000)
        db.execute("ROLLBACK")
    assert sound(home) == rated


def test_a_home_that_cannot_be_made_gets_a_clear_message(
    home: Path, monkeypatch: pytest.MonkeyPatch, locked: Callable[[Path, int], None]
) -> None:
    locked(home, 0o555)
    monkeypatch.setenv("FLASHPREP_HOME", str(home / "below"))
    assert str(home / "below") in one_line(start("review", before=obey_permissions))


def test_an_unreadable_config_gets_a_clear_message(home: Path, locked: Callable[[Path, int], None]) -> None:
    locked(home / "config.toml", 0)
    assert str(home / "config.toml") in one_line(start("today", before=obey_permissions))


def test_a_backup_folder_that_may_not_be_written_does_not_stop_a_session(
    home: Path, rated: int, locked: Callable[[Path, int], None]
) -> None:
    (home / "backups").mkdir()
    locked(home / "backups", 0o555)
    done = start("review", input="3\nq\n", before=obey_permissions)
    assert done.returncode == 0
    assert "rated Good" in done.stdout
    assert f"backup could not be written to {home / 'backups'}" in done.stderr
    assert str(home / "backups") in one_line(start("backup", before=obey_permissions))
    assert len(rows(home)) == rated + 1


def test_unreadable_decks_are_reported_and_their_cards_stay(
    home: Path, deck: Callable[..., Path], locked: Callable[[Path, int], None], said: Callable
) -> None:
    one = deck("## Concept: One {#one}\n\n1\n", "one.md")
    deck("## Concept: Two {#two}\n\n2\n", "closed/two.md")
    deck("## Concept: Three {#three}\n\n3\n", "closed/below/three.md")
    deck("## Concept: Four {#four}\n\n4\n", "four.md")
    for row in said("list", "--json", ok=True).json:
        with Collection() as collection:
            collection.rate(row["card"], 3, 1000)
    before = said("list", "--json").json
    locked(one, 0)
    locked(home / "decks" / "closed", 0)
    deck("## Concept: Four {#four}\n\n4\n\n## Concept: Five {#five}\n\n5\n", "four.md")
    checked = start("check", "--format", "concise", before=obey_permissions)
    assert checked.returncode == 1
    assert [line.partition(": error")[0] for line in checked.stdout.splitlines()] == [
        f"{home / 'decks' / 'closed'}:1:1",
        f"{one}:1:1",
    ]
    listed = start("list", before=obey_permissions)
    assert {line.split("\t")[0] for line in listed.stdout.splitlines()} == {"one", "two", "three", "four", "five"}
    one.chmod(0o644)
    (home / "decks" / "closed").chmod(0o755)
    assert said("check", ok=True).out == "No problems found.\n"
    assert [row for row in said("list", "--json").json if row["id"] != "five"] == before


def test_a_deck_that_may_not_be_written_keeps_what_was_typed(
    home: Path, deck: Callable[..., Path], locked: Callable[[Path, int], None]
) -> None:
    path = deck("## Concept: One\n\n1\n", "my-cards.md")
    locked(path.parent, 0o555)
    done = start("add", "concept", "--title", "Two", "--body", "Typed with care.", before=obey_permissions)
    assert str(path) in one_line(done)
    assert "Typed with care." in (home / "draft.md").read_text()
    assert str(path) in one_line(start("check", "--fix", before=obey_permissions))
    assert path.read_text() == "## Concept: One\n\n1\n"


# -- a full disk


def small_files(limit: int) -> Callable[[], None]:
    """Let no file of a process grow beyond ``limit`` bytes."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))


def test_a_disk_that_fills_up_during_a_session_loses_no_acknowledged_rating(home: Path, rated: int) -> None:
    before = len(rows(home))
    done = start("review", input="1\n" * 200, before=small_files(96 * 1024))
    acknowledged = done.stdout.count("rated Again")
    assert 0 < acknowledged < 200
    assert "disk" in one_line(done)
    assert "free" in done.stderr
    assert before + acknowledged <= len(rows(home)) <= before + acknowledged + 1
    assert sound(home) == len(rows(home))
    assert start("review", input="3\nq\n").returncode == 0


def test_sqlite_saying_that_the_disk_is_full_becomes_words_that_help(home: Path, rated: int) -> None:
    acknowledged = 0
    with pytest.raises(BadStore, match=r"disk is full.*free some space"), Collection() as collection:
        (pages,) = collection.db.execute("PRAGMA page_count").fetchone()
        collection.db.execute(f"PRAGMA max_page_count = {pages + 1}")
        card = collection.rows(Filter())[0].card
        while acknowledged < 2000:
            collection.rate(card, 1 + acknowledged % 4, 1000)
            acknowledged += 1
    assert 0 < acknowledged < 2000
    assert sound(home) == rated + acknowledged


def test_a_first_start_on_a_full_disk_says_so_and_the_next_one_works(
    home: Path, deck: Callable[..., Path], said: Callable
) -> None:
    deck(DECK)
    for limit in (0, 4096, 16 * 1024, 40 * 1024):
        assert "disk" in one_line(start("today", before=small_files(limit)))
    assert said("today", "--json", ok=True).json["new"] == NOTES
    assert sound(home) == 0


def test_a_backup_on_a_full_disk_leaves_no_half_made_file(home: Path, rated: int) -> None:
    with Collection() as collection:
        collection.mark([row.card for row in collection.rows(Filter())] * 200, "bury")
    assert str(home / "backups") in one_line(start("backup", before=small_files(64 * 1024)))
    assert list((home / "backups").glob("*")) == []
    assert sound(home) == rated


def test_a_card_that_does_not_fit_on_the_disk_leaves_the_deck_as_it_was(home: Path, deck: Callable[..., Path]) -> None:
    path = deck(f"## Concept: Long {{#long}}\n\n{'word ' * 20_000}\n", "my-cards.md")
    before = path.read_bytes()
    start("today")
    done = start("add", "concept", "--title", "Two", "--body", "Typed.", before=small_files(len(before)))
    assert "cannot write" in one_line(done)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["my-cards.md"]
    assert "Typed." in (home / "draft.md").read_text()


# -- a damaged store


def header(store: Path) -> None:
    store.write_bytes(b"not a database at all" + store.read_bytes()[21:])


def middle(store: Path) -> None:
    data = bytearray(store.read_bytes())
    for page in range(2 * 4096, len(data) - 4096, 8192):
        data[page : page + 512] = os.urandom(512)
    store.write_bytes(bytes(data))


def half(store: Path) -> None:
    data = store.read_bytes()
    store.write_bytes(data[: len(data) // 8192 * 4096])


def emptied(store: Path) -> None:
    store.write_bytes(b"")


@pytest.mark.parametrize("damage", [header, middle, half, emptied], ids=lambda damage: damage.__name__)
def test_doctor_names_a_damaged_store_and_restore_brings_the_newest_good_backup(
    home: Path, rated: int, said: Callable, damage: Callable[[Path], None]
) -> None:
    store = home / "flashprep.db"
    with Collection() as collection:
        backup.back_up(collection.db, home / "backups" / "daily-2026-03-01.db")
        collection.rate(collection.rows(Filter())[5].card, 3, 1000)
        good = backup.back_up(collection.db, home / "backups" / "daily-2026-03-02.db")
        collection.rate(collection.rows(Filter())[6].card, 3, 1000)
        bad = backup.back_up(collection.db, home / "backups" / "daily-2026-03-03.db")
    middle(bad)
    for age, path in enumerate((bad, good, home / "backups" / "daily-2026-03-01.db")):
        os.utime(path, (1_800_000_000 - age, 1_800_000_000 - age))
    damage(store)
    broken = store.read_bytes()
    doctor = said("doctor", ok=False)
    assert doctor.code == 1
    assert f"{store} is damaged" in doctor.out
    assert "flashprep restore" in doctor.out
    restored = said("restore", "--yes", ok=True).out
    assert str(good) in restored
    assert (home / "flashprep.db.set-aside-1").read_bytes() == broken, "nothing is thrown away"
    assert sound(home) == rated + 1
    findings = {finding["what"]: finding["good"] for finding in said("doctor", "--json").json}
    assert findings["store"] and findings["schedule"]


@pytest.mark.parametrize("damage", [header, middle, half], ids=lambda damage: damage.__name__)
def test_a_damaged_store_never_ends_in_more_than_a_message(
    home: Path, rated: int, said: Callable, damage: Callable[[Path], None]
) -> None:
    damage(home / "flashprep.db")
    broken = (home / "flashprep.db").read_bytes()
    done = [said(*command) for command in (["list"], ["stats"], ["log", "--all"], ["today"], ["backup"], ["check"])]
    ended = [(one.code, one.err) for one in done]
    review = start("review", input="3\n3\n")
    ended.append((review.returncode, review.stderr))
    for code, err in ended:
        assert code in (0, 2)  # what a command needs may lie in the part that is sound
        assert code == 0 or "flashprep restore" in err
    assert any(code == 2 for code, _ in ended)
    assert len((home / "flashprep.db").read_bytes()) >= len(broken)


def test_a_store_that_vanished_is_not_replaced_in_silence(home: Path, rated: int, said: Callable) -> None:
    said("backup", ok=True)
    (home / "flashprep.db").write_bytes(b"")
    told = said("today", ok=True).err
    assert "backup with 4 reviews" in told
    assert "flashprep restore" in told
    said("restore", "--yes", ok=True)
    assert sound(home) == rated


def test_without_a_good_backup_restore_says_so_and_changes_nothing(home: Path, rated: int, said: Callable) -> None:
    assert "no good backup" in said("restore", "--yes", ok=False).err
    (home / "backups").mkdir()
    (home / "backups" / "daily-2026-03-01.db").write_bytes(b"rubbish")
    assert "(1 damaged)" in said("restore", "--yes", ok=False).err
    assert "no good backup" in said("restore", str(home / "backups" / "daily-2026-03-01.db"), "--yes", ok=False).err
    assert "no such file" in said("restore", str(home / "nowhere.db"), "--yes", ok=False).err
    assert sound(home) == rated


def test_restore_asks_first_and_takes_a_no_where_nobody_can_answer(home: Path, rated: int, said: Callable) -> None:
    said("backup", ok=True)
    with Collection() as collection:
        collection.undo()
    assert "--yes" in one_line(start("restore"))
    assert sound(home) == rated - 1


def test_old_daily_backups_are_let_go_and_those_made_by_hand_stay(
    home: Path, rated: int, said: Callable, clock: Callable[[str], None]
) -> None:
    said("backup", ok=True)
    kept = set((home / "backups").iterdir())
    left = home / "backups" / "daily-2026-01-01.db.123.unfinished"
    left.write_bytes(b"of a session that was killed")
    os.utime(left, (1, 1))
    with Collection() as collection:
        for day in range(1, 29):
            clock(f"2026-03-{day:02}T08:00:00+01:00")
            collection.back_up_daily()
            os.utime(home / "backups" / f"daily-2026-03-{day:02}.db", (1_700_000_000 + day, 1_700_000_000 + day))
    names = {path.name for path in set((home / "backups").iterdir()) - kept}
    assert names == {f"daily-2026-03-{day:02}.db" for day in range(29 - backup.KEEP, 29)}


# -- sessions at the same time


def open_session(*arguments: str) -> subprocess.Popen[str]:
    """Start a review session in a process of its own and wait until its first card is there."""
    session = subprocess.Popen(
        [sys.executable, "-m", "flashprep", "review", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    read_prompt(session)
    return session


def read_prompt(session: subprocess.Popen[str]) -> str:
    """Read on to the prompt of the next card."""
    assert session.stdout is not None
    for line in session.stdout:
        if line.startswith("["):
            session.stdout.readline()
            return session.stdout.readline().strip()
    raise AssertionError("the session ended")


def acknowledgement(session: subprocess.Popen[str]) -> str:
    assert session.stdout is not None
    return next(line.strip() for line in session.stdout if line.startswith("rated "))


def send(session: subprocess.Popen[str], rating: int) -> None:
    assert session.stdin is not None
    session.stdin.write(f"{rating}\n")
    session.stdin.flush()


def rate(session: subprocess.Popen[str], rating: int) -> str:
    """Rate the card that is shown and return what the session says of it."""
    send(session, rating)
    return acknowledgement(session)


def close(session: subprocess.Popen[str]) -> None:
    out, err = session.communicate("q\n", timeout=60)
    assert (session.returncode, err) == (0, ""), (out, err)


def test_of_two_sessions_each_sees_what_the_other_rates_and_nothing_is_lost_or_doubled(
    home: Path, deck: Callable[..., Path]
) -> None:
    deck(DECK)
    one, two = open_session(), open_session()  # both show note 0
    prompts = []
    for _ in range(3):
        assert rate(one, 4) == "rated Easy"
        prompts.append(read_prompt(one))
    assert prompts == ["Note 1", "Note 2", "Note 3"]
    assert rate(two, 4) == "rated Easy"  # note 0 as well: it was on the screen before the other rated it
    assert two.stdout is not None
    assert "rated in another session too" in two.stdout.readline()
    assert read_prompt(two) == "Note 3"
    prompts = []
    for session in (one, two, one, two):  # one is at note 3, two as well
        assert rate(session, 4) == "rated Easy"
        prompts.append(read_prompt(session))
    assert prompts == ["Note 4", "Note 4", "Note 5", "Note 5"]
    close(one)
    close(two)
    by_note = dict(rows(home, "SELECT note, count(*) FROM log JOIN identity USING (card) GROUP BY note"))
    assert by_note == {"n0": 2, "n1": 1, "n2": 1, "n3": 2, "n4": 2}
    assert len({id for (id,) in rows(home, "SELECT id FROM log")}) == sound(home) == 8


def test_two_sessions_that_rate_as_fast_as_they_can_lose_nothing(home: Path, deck: Callable[..., Path]) -> None:
    deck("\n".join(f"## Concept: Note {n} {{#n{n}}}\n\nThe answer.\n" for n in range(60)))
    (home / "config.toml").write_text("built_in_decks = false\nnew_per_day = 100\n")
    sessions = [open_session() for _ in range(2)]
    for session in sessions:
        assert session.stdin is not None
        session.stdin.write("1\n" * 80)
        session.stdin.flush()
    acknowledged = 0
    for session in sessions:
        out, err = session.communicate(timeout=60)
        assert (session.returncode, err) == (0, "")
        acknowledged += out.count("rated Again")
    assert acknowledged == 160
    assert sound(home) == 160
    ids = [id for (id,) in rows(home, "SELECT id FROM log")]
    assert len(set(ids)) == 160


def test_many_first_starts_at_once_all_work(home: Path, deck: Callable[..., Path]) -> None:
    deck(DECK)
    for _ in range(2):
        starts = [
            subprocess.Popen(
                [sys.executable, "-m", "flashprep", "list"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
            for _ in range(5)
        ]
        said = [process.communicate(timeout=60) for process in starts]
        assert [err for _, err in said] == [b""] * 5
        assert [len(out.splitlines()) for out, _ in said] == [NOTES] * 5
        assert sound(home) == 0
        for part in home.glob("flashprep.db*"):
            part.unlink()


def test_a_backup_of_a_store_in_use_is_whole(home: Path, rated: int, tmp_path: Path) -> None:
    session = open_session()
    for _ in range(3):
        rate(session, 4)
    copy = tmp_path / "copy.db"
    assert start("backup", str(copy)).returncode == 0
    rate(session, 4)
    close(session)
    checked = backup.examine(copy)
    assert (checked.reviews, checked.fault) == (rated + 3, "")
    assert "is there already" in one_line(start("backup", str(copy)))
    assert start("restore", str(copy), "--yes").returncode == 0
    assert sound(home) == rated + 3


def test_an_edit_of_a_deck_under_a_running_session_does_it_no_harm(
    home: Path, rated: int, deck: Callable[..., Path]
) -> None:
    session = open_session()
    deck("## Concept: Something else {#other}\n\nYes.\n")
    assert start("list").stdout.startswith("other\t")
    assert rate(session, 4) == "rated Easy"
    out, err = session.communicate("4\n" * 5, timeout=60)
    assert (session.returncode, err) == (0, "")
    deck(DECK)
    assert sound(home) == rated + 1 + out.count("rated Easy")


# -- time


def test_flying_west_and_east_keeps_the_order_and_the_days(
    home: Path, deck: Callable[..., Path], clock: Callable[[str], None], said: Callable
) -> None:
    deck(DECK)
    places = [
        ("2026-03-02T08:00:00+13:00", "2026-03-02"),  # Auckland
        (
            "2026-03-01T20:00:00-08:00",
            "2026-03-02",
        ),  # nine hours later in Los Angeles, where it is still the day before
        ("2026-03-03T03:59:00+01:00", "2026-03-02"),  # a night out in Berlin: the day begins at four
        ("2026-03-03T04:00:00+01:00", "2026-03-03"),
        ("2026-03-03T20:00:00+13:00", "2026-03-03"),
    ]
    days: list[str] = []
    with Collection() as collection:
        card = collection.rows(Filter())[0].card
        for instant, _ in places:
            clock(instant)
            assert collection.rate(card, 3, 1000).memory == collection.memory(card)
    days = [row["day"] for row in reversed(said("log", "--json").json)]
    assert days == [day for _, day in places]
    clock("2026-03-04T08:00:00-10:00")
    assert [row["day"] for row in reversed(said("log", "--json").json)] == days, "a day in the log never moves"
    assert sound(home) == len(places)


def test_the_days_on_which_clocks_change_are_days_like_others(
    home: Path, deck: Callable[..., Path], clock: Callable[[str], None]
) -> None:
    deck(DECK)
    instants = ["2026-03-28T23:00:00+01:00", "2026-03-29T03:30:00+02:00", "2026-03-29T04:30:00+02:00"]
    instants += ["2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00", "2026-10-25T04:00:00+01:00"]
    found = []
    with Collection() as collection:
        for instant in instants:
            clock(instant)
            found.append(collection.now().day)
    assert [day - found[0] for day in found] == [0, 0, 1, 210, 210, 211]


def test_the_time_zone_of_the_machine_may_change_between_sessions(
    home: Path, deck: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    deck(DECK)
    monkeypatch.delenv("FLASHPREP_NOW")
    for zone in ("NZST-13", "PST8", "CET-1"):
        monkeypatch.setenv("TZ", zone)
        done = start("review", "--new", "1", input="4\n")
        assert (done.returncode, done.stdout.count("rated Easy"), done.stderr) == (0, 1, "")
    ids = [id for (id,) in rows(home, "SELECT id FROM log ORDER BY seq")]
    assert ids == sorted(ids)
    assert sound(home) == 3


# -- decks of every sort

GOOD = "## Concept: What is good? {#good}\n\nThis card stays usable.\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b"## Concept: Caf\xe9 {#bad}\n\nNot UTF-8: \xff\xfe.\n\n" + GOOD.encode(), "not-utf8"),
        (GOOD.encode("utf-16"), "not-utf8"),
        (b"\xef\xbb\xbf" + GOOD.encode(), ""),
        (GOOD.replace("\n", "\r\n").encode(), ""),
        (b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode(), ""),
        (GOOD.replace("\n", "\r").encode(), ""),
        (GOOD.rstrip("\n").encode(), ""),
        (GOOD.replace("This card", "\tThis\tcard").encode(), ""),
        (b"## Concept: Bell {#bell}\n\n\x00\x07\x1b[31m\n\n" + GOOD.encode(), "control-character"),
        (b"", ""),
        (b"\n" * 1000, ""),
    ],
)
def test_whatever_bytes_a_deck_has_the_rest_of_the_collection_stays_reviewable(
    deck: Callable[..., Path], said: Callable, text: bytes, problem: str
) -> None:
    path = deck(text, "odd.md")
    deck("## Concept: Plain {#plain}\n\nYes.\n", "plain.md")
    checked = said("check", "--json", ok=not problem)
    assert ({found["rule"] for found in checked.json} >= {problem}) if problem else checked.json == []
    assert all(
        (found["path"], found["line"] >= 1, found["column"] >= 1) == (str(path), True, True) for found in checked.json
    )
    keys = {row["id"] for row in said("list", "--json", ok=True).json}
    assert "plain" in keys
    assert ("good" in keys) == (b"good" in text), "only a text that can be read holds a card"
    assert path.read_bytes() == text


def test_a_deck_of_ten_megabytes_is_reviewed(home: Path, deck: Callable[..., Path]) -> None:
    deck(f"## Concept: Long {{#long}}\n\n{'word and more ' * 750_000}\n\n{GOOD}")
    done = start("review", input="3\n3\n")
    assert (done.returncode, done.stdout.count("rated Good"), done.stderr) == (0, 2, "")
    assert start("check").stdout == "No problems found.\n"


def test_a_file_too_large_for_a_deck_is_left_alone_and_reported(home: Path, deck: Callable[..., Path]) -> None:
    path = deck(b"x" * (17 * 1024 * 1024), "huge.md")
    deck(GOOD)
    done = start("check", "--format", "concise")
    assert (done.returncode, done.stdout.startswith(f"{path}:1:1: error[too-large]")) == (1, True)
    assert start("list").stdout.startswith("good\t")


@pytest.mark.parametrize(
    ("heading", "count", "new"),
    [
        ("## Concept: Note {n}\n\nIts answer.\n", 30_000, 20),
        ("## Section {n}\n", 100_000, 0),
        ("### Part {n}\n", 100_000, 0),
    ],
)
def test_a_deck_of_very_many_headings_is_read(
    home: Path, deck: Callable[..., Path], heading: str, count: int, new: int
) -> None:
    deck("\n".join(heading.replace("{n}", str(n)) for n in range(count)))
    done = start("review", input="3\n" if new else "")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"new {new} " in done.stdout if new else "Nothing" in done.stdout


def test_what_is_no_plain_file_is_reported_and_does_not_stop_anything(home: Path, deck: Callable[..., Path]) -> None:
    deck(GOOD)
    os.mkfifo(home / "decks" / "pipe.md")
    (home / "decks" / "folder.md").mkdir()
    for options in (["--format", "concise"], [], ["--fix"]):
        done = start("check", *options)
        assert (done.returncode, done.stdout.count("error[unreadable-file]")) == (1, 2)
    assert start("list").stdout.startswith("good\t")


def test_a_session_goes_on_though_the_home_was_copied_from_another_machine(
    home: Path, rated: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "copied"
    shutil.copytree(home, other)
    monkeypatch.setenv("FLASHPREP_HOME", str(other))
    assert start("review", input="4\nq\n").returncode == 0
    assert sound(other) == rated + 1
