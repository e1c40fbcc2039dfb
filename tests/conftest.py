"""Fixtures: a home of its own for each test, decks to write into it, the command line as a process, a clock."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.anki_side import Anki
    from tests.world import World

NOW = "2026-03-02T08:00:00+01:00"


LONG = ("test_month.py", "test_bench.py")  # they begin first, or all cores but one would wait for them in the end


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in LONG)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A FLASHPREP_HOME of the test's own, with the clock fixed and without the built-in decks."""
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "config.toml").write_text("built_in_decks = false\n")
    monkeypatch.setenv("FLASHPREP_HOME", str(folder))
    monkeypatch.setenv("FLASHPREP_NOW", NOW)
    monkeypatch.setenv("FLASHPREP_DEBUG", "1")  # an internal error is a traceback, which no test expects
    monkeypatch.delenv("EDITOR", raising=False)
    monkeypatch.delenv("VISUAL", raising=False)
    return folder


@pytest.fixture
def deck(home: Path) -> Callable[..., Path]:
    """Write a deck of the user's: ``deck("## Concept: ...", name="x.md")``; bytes are written as they are."""

    def write(text: str | bytes, name: str = "deck.md") -> Path:
        path = home / "decks" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Set the clock: ``clock("2026-03-03T08:00:00+01:00")``."""
    return lambda instant: monkeypatch.setenv("FLASHPREP_NOW", instant)


@dataclass
class Result:
    """What a run of the command line gave."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def run(home: Path) -> Callable[..., Result]:
    """Run the command line in a process: ``run("list", "--json")``, ``run("review", input="\\n3\\n")``."""

    def call(*arguments: str, input: str = "", env: dict[str, str] | None = None, ok: bool | None = None) -> Result:
        done = subprocess.run(
            [sys.executable, "-m", "flashprep", *arguments],
            input=input,
            capture_output=True,
            text=True,
            timeout=60,
            env={**os.environ, **(env or {})},
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        if ok is not None:
            assert (done.returncode == 0) is ok, (done.returncode, done.stdout, done.stderr)
        return Result(done.returncode, done.stdout, done.stderr)

    return call


@pytest.fixture
def said(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Result]:
    """Run the command line in this process, which is faster: for what reads the store, or takes plain arguments only."""
    from flashprep.cli import main

    def call(*arguments: str, env: dict[str, str] | None = None, ok: bool | None = None) -> Result:
        with monkeypatch.context() as patch, pytest.raises(SystemExit) as end:
            patch.setattr(sys, "argv", ["flashprep", *arguments])
            for name, value in (env or {}).items():
                patch.setenv(name, value)
            main()
        out, err = capsys.readouterr()
        code = int(end.value.code or 0)
        assert ok is None or (code == 0) is ok, (code, out, err)
        return Result(code, out, err)

    return call


@pytest.fixture
def anki(tmp_path: Path) -> Iterator[Anki]:
    """A real Anki collection."""
    from tests.anki_side import Anki

    found = Anki(tmp_path / "anki")
    yield found
    found.col.close()


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A sync server with laptops and a phone, on one made-up clock."""
    from tests.world import World

    found = World(tmp_path, monkeypatch)
    monkeypatch.setenv("TZ", "UTC")
    yield found
    found.gate.listener.close()
    found.kill_server()
