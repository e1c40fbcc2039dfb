"""Sessions that are killed at random instants: no acknowledged rating is lost, none is doubled, the next start is clean."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from flashprep.collection import Collection
from flashprep.memory.state import RATING_NAMES
from flashprep.store import backup, log

FILES, NOTES_A_FILE = 4, 60
START = datetime.fromisoformat("2026-03-02T08:00:00+01:00")


@dataclass
class Ended:
    """A session that was killed, or that came to its end before it was."""

    script: list[str]  # what was typed
    acknowledged: list[int]  # the ratings of which the session said that they are kept
    killed: bool


class Victim:
    """A collection whose sessions are killed, day after day."""

    def __init__(self, home: Path, clock: Callable[[str], None], seed: int) -> None:
        self.home = home
        self.clock = clock
        self.rng = random.Random(seed)
        self.day = 0
        self.known: list[tuple[int, ...]] = []  # seq, id, card, rating of the log before the session
        (home / "config.toml").write_text("built_in_decks = false\nnew_per_day = 9999\nleech_threshold = 4\n")
        for file in range(FILES):
            self.write(file)

    def write(self, file: int) -> None:
        """Write a deck anew, so that the next start has something to bring up to date."""
        stamp = self.rng.random()
        notes = (f"## Concept: Note {file} {n}\n\nAnswer {n} as of {stamp}.\n" for n in range(NOTES_A_FILE))
        path = self.home / "decks" / f"{file}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(notes))

    def script(self, length: int) -> list[str]:
        """Make up what is typed: mostly ratings, now and then an undo or a burial."""
        return self.rng.choices(["1", "2", "3", "4", "u", "b", ""], [6, 2, 4, 2, 1, 1, 2], k=length)

    def session(self) -> Ended:
        """Start a session on the next day and kill it: after so many milliseconds, or so many ratings and a bit."""
        self.day += 1
        self.clock((START + timedelta(days=self.day)).isoformat())
        self.write(self.rng.randrange(FILES))
        timed = self.day % 2 == 0
        script = self.script(self.rng.choice((6, 400, 400)) if timed else 400)  # a short one ends before it is killed
        process = subprocess.Popen(
            [sys.executable, "-m", "flashprep", "review"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None
        process.stdin.write("".join(f"{word}\n" for word in script).encode())
        process.stdin.close()
        lines: list[bytes] = []
        if timed:
            timer = threading.Timer(self.rng.uniform(0.02, 0.5), process.kill)
            timer.start()
            lines += process.stdout
            timer.cancel()
        else:
            wanted = self.rng.randrange(1, 40)
            for line in process.stdout:
                lines.append(line)
                wanted -= line.startswith(b"rated ")
                if wanted <= 0:
                    time.sleep(self.rng.uniform(0, self.rng.choice((0, 0.0003, 0.001, 0.01))))
                    process.kill()
                    break
            lines += process.stdout
        status = process.wait(timeout=60)
        said = process.stderr.read()
        process.stdout.close()
        process.stderr.close()
        assert status in (0, -signal.SIGKILL), said
        assert said == b""
        return Ended(script, [_rating(line) for line in lines if _rating(line)], status != 0)

    def look(self, ended: Ended) -> None:
        """See that what was acknowledged is there exactly once, and that the store is sound."""
        with closing(sqlite3.connect(self.home / "flashprep.db")) as db:
            if not self.known and not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'log'").fetchone():
                assert ended.acknowledged == []  # it was killed before there was a store
                return
            assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            rows = db.execute("SELECT seq, id, card, rating FROM log WHERE kind = 'review' ORDER BY seq").fetchall()
        assert rows[: len(self.known)] == self.known, "the log only grows"
        added = [rating for _, _, _, rating in rows[len(self.known) :]]
        typed = [int(word) for word in ended.script if word in ("1", "2", "3", "4")]
        assert added == typed[: len(added)], "each rating once, in order"
        assert added[: len(ended.acknowledged)] == ended.acknowledged, "none that was acknowledged is lost"
        assert len(added) - len(ended.acknowledged) in ((0, 1) if ended.killed else (0,))
        assert len({id for _, id, _, _ in rows}) == len(rows)
        self.known = rows
        for path in backup.backups(self.home / "backups"):
            assert backup.examine(path).fault == ""
        with Collection() as collection:
            assert collection.notices == []
            assert log.damage(collection.db, collection.config.settings) == []
            cards = collection.db.execute("SELECT count(*) FROM card").fetchone()[0]
            assert cards == FILES * NOTES_A_FILE

    def torture(self, kills: int) -> None:
        killed = acknowledged = 0
        while killed < kills:
            assert self.day < 10 * kills, "hardly any session lived long enough"
            ended = self.session()
            self.look(ended)
            killed += ended.killed
            acknowledged += len(ended.acknowledged)
        assert acknowledged >= kills / 2
        done = subprocess.run(
            [sys.executable, "-m", "flashprep", "doctor"], capture_output=True, text=True, check=False
        )
        assert "BAD  store" not in done.stdout
        assert "BAD  schedule" not in done.stdout


def _rating(line: bytes) -> int:
    """Return the rating that a whole line acknowledges, 0 for any other line."""
    word = line.decode().removeprefix("rated ")
    known = {f"{name}\n": number for number, name in enumerate(RATING_NAMES) if name}
    return known.get(word, 0) if line.startswith(b"rated ") else 0


def test_a_killed_session_loses_and_doubles_no_rating(home: Path, clock: Callable[[str], None]) -> None:
    seed = int.from_bytes(os.urandom(4), "big")
    print(f"seed {seed}")  # shown when it fails
    Victim(home, clock, seed).torture(12)


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(10))
def test_hundreds_of_killed_sessions_lose_and_double_no_rating(
    home: Path, clock: Callable[[str], None], seed: int
) -> None:
    Victim(home, clock, seed).torture(40)
