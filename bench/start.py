"""From the command to the first card of 600, as a whole process."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.common import NOW, TODAY, home, process_pairs, row, seconds, write_decks
from flashprep.memory.days import day_date


def run(folder: Path, quick: bool) -> Iterator[str]:
    """Measure ``flashprep review < /dev/null`` beside ``python -c "import typer"``."""
    runs = 3 if quick else 21
    yardstick = [sys.executable, "-c", "import typer"]
    place = home(folder / "home")
    write_decks(place / "decks", 600, 20)
    for name, extra in (
        ("review < /dev/null, 600 cards", []),
        ("review --limit 20 < /dev/null (with the option parser)", ["--limit", "20"]),
    ):
        command = [sys.executable, "-m", "flashprep", "review", *extra]
        subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
        ours, theirs, ratio = process_pairs(command, yardstick, runs)
        goal = "" if extra else "<= 2 x import typer; aim 1.6"
        yield row(name, f"{ours * 1000:.0f} ms", f"{theirs * 1000:.0f} ms", ratio, goal)
    yield from _with_a_date(folder, place, runs, 1 if quick else 5)


def _with_a_date(folder: Path, without: Path, runs: int, days: int) -> Iterator[str]:
    """Measure the same with an interview date: once the plan of the day is made, and when it is to be made."""
    place = home(folder / "dated")
    write_decks(place / "decks", 600, 20)
    _flashprep(place, "plan", "set", "--date", day_date(TODAY + 28).isoformat(), "--minutes", "20")
    commands = [
        ["env", f"FLASHPREP_HOME={one}", sys.executable, "-m", "flashprep", "review"] for one in (place, without)
    ]
    ours, theirs, ratio = process_pairs(commands[0], commands[1], runs)
    waits = f"{(ours - theirs) * 1000:.0f} ms later"
    yield row("review < /dev/null with a date", waits, f"{theirs * 1000:.0f} ms", ratio, "<= 40 ms later than without")
    first = []
    for later in range(1, days + 1):
        os.environ["FLASHPREP_NOW"] = f"{day_date(TODAY + later).isoformat()}T08:00:00+00:00"
        first.append(seconds(lambda: _flashprep(place, "review")))
    os.environ["FLASHPREP_NOW"] = NOW
    yield row("the first of a day, which makes its plan (600 cards)", f"{statistics.median(first) * 1000:.0f} ms")


def _flashprep(place: Path, *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "flashprep", *arguments],
        env={**os.environ, "FLASHPREP_HOME": str(place)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=True,
    )
