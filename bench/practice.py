"""From a save to the verdict beside plain pytest on the same file, and the time that all problems take to be verified."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench.common import process_pairs, row

_PROBLEM = "lru"


def run(folder: Path, quick: bool) -> Iterator[str]:
    """Measure ``code watch`` and ``code test`` beside ``python -m pytest``, then ``code verify``."""
    home = folder / "home"
    home.mkdir()
    os.environ["FLASHPREP_HOME"] = str(home)
    os.environ.pop("FLASHPREP_NOW", None)
    solutions = Path(__file__).parent.parent / "decks" / "solutions"
    flashprep = [sys.executable, "-m", "flashprep", "code"]
    subprocess.run([*flashprep, "start", _PROBLEM, "--no-edit"], check=True, stdout=subprocess.DEVNULL)
    attempt = home / "practice" / _PROBLEM / f"{_PROBLEM}.py"
    source = (solutions / f"{_PROBLEM}.py").read_text(encoding="utf-8")
    attempt.write_text(source, encoding="utf-8")
    os.environ["PYTHONPATH"] = str(attempt.parent)
    tests = solutions / f"test_{_PROBLEM}.py"
    plain = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, str(tests)]
    runs = 1 if quick else 15
    ours, theirs = _saves(attempt, source, [*flashprep, "watch", _PROBLEM], plain, runs)
    ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    yield row(
        "code watch: save to verdict, small problem",
        f"{statistics.median(ours) * 1000:.0f} ms",
        f"{statistics.median(theirs) * 1000:.0f} ms",
        ratio,
        "<= 1.5 x python -m pytest on the same file",
    )
    one, other, ratio = process_pairs([*flashprep, "test", _PROBLEM], plain, runs)
    yield row("code test, as a whole process", f"{one * 1000:.0f} ms", f"{other * 1000:.0f} ms", ratio)
    del os.environ["PYTHONPATH"]
    names = ["base62", "merge-intervals"] if quick else []
    began = time.perf_counter()
    subprocess.run([*flashprep, "verify", *names], check=True, stdout=subprocess.DEVNULL)
    yield row(
        f"code verify, {len(names) or 'all'} problems, {os.cpu_count()} cores",
        f"{time.perf_counter() - began:.1f} s",
        goal="< 90 s on two cores",
    )


def _saves(
    attempt: Path, source: str, command: list[str], plain: list[str], runs: int
) -> tuple[list[float], list[float]]:
    """Save an attempt again and again while it is watched; return the seconds to each verdict, and those of plain pytest."""
    watch = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert watch.stdout is not None
    ours, theirs = [], []
    try:
        _verdict(watch)
        for number in range(runs):
            began = time.perf_counter()
            attempt.write_text(f"{source}\n# save {number}\n", encoding="utf-8")
            _verdict(watch)
            ours.append(time.perf_counter() - began)
            began = time.perf_counter()
            subprocess.run(plain, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
            theirs.append(time.perf_counter() - began)
    finally:
        watch.kill()
        watch.wait()
    return ours, theirs


def _verdict(watch: subprocess.Popen[str]) -> None:
    """Read to the line with a verdict, which has to be a pass."""
    assert watch.stdout is not None
    for line in watch.stdout:
        if line.startswith(("✓", "✗", "!")):
            assert line.startswith("✓"), line
            return
    raise RuntimeError("the watch ended")
