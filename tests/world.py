"""Laptops, a phone and a sync server, all of them real, on one made-up clock."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flashprep.collection import Collection
from flashprep.store.queries import Filter
from tests.anki_side import reviews_here, standing

ROOT = Path(__file__).parent.parent
DECK = "".join(f"## Concept: What is number {n}? {{#n{n}}}\n\nIt is {n}.\n\n" for n in range(36))
BEGAN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="the clock of a process can be set on Linux only")


def faketime() -> str:
    import libfaketime

    return str(next(Path(libfaketime.__file__).parent.rglob("libfaketime.so.1")))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Gate:
    """The way to the server. It can be told to break after some requests, and then the server dies, too."""

    def __init__(self, world: World):
        self.world = world
        self.left: int | None = None
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self.world.port))
            except OSError:
                near.close()
                continue
            for one, other, counted in ((near, far, True), (far, near, False)):
                threading.Thread(target=self._pump, args=(one, other, counted), daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket, counted: bool) -> None:
        try:
            while data := source.recv(65536):
                if counted and self.left is not None and data.startswith((b"POST", b"GET")):
                    self.left -= 1
                    if self.left < 0:
                        self.world.kill_server()
                        break
                target.sendall(data)
        except OSError:
            pass
        for one in (source, target):
            one.close()


class World:
    """A sync server, laptops and a phone, on one made-up clock."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch):
        self.folder, self.patch = folder, monkeypatch
        self.now = BEGAN
        self.port = free_port()
        self.server: subprocess.Popen[bytes] | None = None
        self.start_server()
        self.gate = Gate(self)
        self.url = self.gate.url

    def env(self, ahead: float = 0.0, **more: str) -> dict[str, str]:
        """Return the environment of a process whose clock is ``ahead`` seconds."""
        at = self.now + timedelta(seconds=ahead)
        stamp = self.folder / f"clock{ahead:.0f}"
        stamp.write_text(f"@{at:%Y-%m-%d %H:%M:%S}")
        return {
            **os.environ,
            "TZ": "UTC",
            "LD_PRELOAD": faketime(),
            "FAKETIME_TIMESTAMP_FILE": str(stamp),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            **more,
        }

    def start_server(self) -> None:
        env = self.env(
            SYNC_USER1="me:secret",
            SYNC_BASE=str(self.folder / "server"),
            SYNC_HOST="127.0.0.1",
            SYNC_PORT=str(self.port),
        )
        self.server = subprocess.Popen(
            [sys.executable, "-m", "anki.syncserver"], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError("the server does not come up")

    def kill_server(self) -> None:
        assert self.server
        self.server.send_signal(signal.SIGKILL)
        self.server.wait()

    def sync_that_breaks(self, laptop: str, requests: int, ahead: float = 0.0) -> bool:
        """Sync while the server is killed at a request, and start it again; tell whether that was noticed."""
        self.gate.left = requests
        done = self.run(laptop, "sync", "--url", self.url, "--user", "me", ahead=ahead)
        assert done.returncode in (0, 2) and done.stderr.count("\n") <= 1, done.stderr
        self.gate.left = None
        self.kill_server()
        self.start_server()
        return done.returncode == 2

    def pass_time(self, hours: float) -> None:
        self.now += timedelta(hours=hours)
        self.env()  # the server reads its clock from the file

    # -- the phone

    def phone(self, *actions: str, ahead: float = 0.0, url: str = "", name: str = "phone") -> list[Any]:
        done = subprocess.run(
            [sys.executable, "-m", "tests.phone_side", str(self.folder / name), url or self.url, *actions],
            env=self.env(ahead), cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    # -- laptops

    def use(self, laptop: str, ahead: float = 0.0) -> Path:
        """Let this process be on a laptop, at its time."""
        home = self.folder / laptop
        if not home.exists():
            (home / "decks").mkdir(parents=True)
            (home / "config.toml").write_text("built_in_decks = false\n")
            (home / "decks" / "deck.md").write_text(DECK)
        self.patch.setenv("FLASHPREP_HOME", str(home))
        self.patch.setenv("FLASHPREP_NOW", (self.now + timedelta(seconds=ahead)).isoformat())
        return home

    def run(self, laptop: str, *arguments: str, ahead: float = 0.0) -> subprocess.CompletedProcess[str]:
        self.use(laptop, ahead)
        done = subprocess.run(
            [sys.executable, "-m", "flashprep", *arguments],
            env=self.env(ahead, FLASHPREP_SYNC_PASSWORD="secret"), cwd=ROOT, capture_output=True, text=True, timeout=120,
            check=False,
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def sync(self, laptop: str, *options: str, ahead: float = 0.0, url: str = "", ok: bool = True) -> str:
        done = self.run(laptop, "sync", "--url", url or self.url, "--user", "me", *options, ahead=ahead)
        if ok:
            assert done.returncode == 0, done.stderr
        else:
            assert done.returncode == 2 and done.stderr.count("\n") == 1, (done.returncode, done.stderr)
        return done.stdout + done.stderr

    def review(self, laptop: str, count: int, rng: random.Random, ahead: float = 0.0) -> int:
        self.use(laptop, ahead)
        with Collection() as collection:
            today = collection.now().day
            rows = [row for row in collection.rows(Filter()) if not row.memory.suspended]
            due = [row for row in rows if row.memory.state and row.memory.due_day <= today]
            new = [row for row in rows if not row.memory.state]
            chosen = [*due, *new[:2]][:count]
            for row in chosen:
                collection.rate(row.card, rng.choice((1, 2, 3, 3, 3, 4)), rng.randrange(900, 9000))
            return len(chosen)

    def suspend(self, laptop: str, key: str, kind: str = "suspend", ahead: float = 0.0) -> None:
        self.use(laptop, ahead)
        with Collection() as collection:
            collection.mark([row.card for row in collection.rows(Filter(ids=(key,)))], kind)

    def state(self, laptop: str) -> tuple[list[tuple[str, int, int]], dict[str, dict[str, Any]]]:
        self.use(laptop)
        with Collection() as collection:
            today = collection.now().day
            cards = {row.key: standing(row, today) for row in collection.rows(Filter())}
        return reviews_here(), cards

    def settle(self, *laptops: str) -> None:
        """Sync everything until nobody has anything new."""
        for _ in range(2):
            for laptop in laptops:
                self.sync(laptop)
            self.phone("sync")

    def all_agree(self, *laptops: str) -> None:
        """Hold that laptops, phone and server have the same reviews and the same memory."""
        (phone,) = self.phone("dump")
        _, server = self.phone("sync", "dump", name=f"fresh-{self.now:%d%H%M}")
        sides = {laptop: self.state(laptop) for laptop in laptops}
        reviews, cards = sides[laptops[0]]
        assert reviews
        for name, (theirs, of_cards) in sides.items():
            assert theirs == reviews, name
            assert of_cards == cards, name
        for name, side in (("phone", phone), ("server", server)):
            assert [tuple(row) for row in side["reviews"]] == reviews, name
            assert side["cards"].keys() == cards.keys()
            for key, card in side["cards"].items():
                wanted = {**cards[key], "stability": pytest.approx(cards[key]["stability"], rel=1e-3, abs=1e-3)}
                assert card == wanted, (name, key)
