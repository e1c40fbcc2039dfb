"""From the command to the first card of 600, as a whole process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.common import home, process_pairs, row, write_decks


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
