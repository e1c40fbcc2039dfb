"""What the benchmarks share: made-up decks and logs, timing in pairs, rows of the report."""

from __future__ import annotations

import os
import random
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

NOW = "2026-03-02T08:00:00+00:00"
TODAY = 20514  # study day of NOW
_WORDS = (
    "cache leader quorum index latency replica shard token bucket retry backoff jitter queue offset commit log lease "
    "because so that when each request write read node client server the a of to and in with it"
).split()


def row(what: str, measured: str, beside: str = "", ratio: float | None = None, goal: str = "") -> str:
    """Format a line of the report."""
    return f"{what:<58} {measured:>12} {beside:>12} {'' if ratio is None else f'{ratio:.2f}':>8}  {goal}"


def home(folder: Path) -> Path:
    """Make a flashprep home without the built-in decks, and make this process use it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text("built_in_decks = false\n")
    os.environ["FLASHPREP_HOME"] = str(folder)
    os.environ["FLASHPREP_NOW"] = NOW
    return folder


def _made_up(rng: random.Random, words: int) -> str:
    return " ".join(rng.choices(_WORDS, k=words)).capitalize()


def write_decks(folder: Path, notes: int, files: int, sentences: int = 0) -> list[tuple[str, str]]:
    """Write ``notes`` notes into ``files`` deck files and return (front, back) of each.

    With ``sentences`` there are only so many, of which all notes are made: generated decks often are like that.
    """
    rng = random.Random(1)
    pool = {words: [_made_up(rng, words) for _ in range(sentences)] for words in (6, 8, 11, 22)} if sentences else {}

    def sentence(rng: random.Random, words: int) -> str:
        return rng.choice(pool[words]) if pool else _made_up(rng, words)

    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for file in range(files):
        parts = [f"---\ndeck: Deck {file % 20}\nround: depth\ntags: [bench]\n---\n\n# Deck {file}\n"]
        for number in range(notes // files):
            front, back = (
                f"{sentence(rng, 11)}?",
                f"{sentence(rng, 22)}.\n\n- {sentence(rng, 8)}\n- `code` {sentence(rng, 6)}",
            )
            parts.append(f"## Question: {front} {{#note-{file}-{number}}}\n\n{back}\n")
            made.append((front, back))
        (folder / f"deck-{file:03}.md").write_text("\n".join(parts))
    old = time.time() - 3600  # a file changed this second is read again, which is not what is measured
    for path in folder.iterdir():
        os.utime(path, (old, old))
    return made


def write_log(store: Path, reviews: int) -> None:
    """Fill the log of a store with made-up reviews, evenly over its cards, oldest first."""
    rng = random.Random(2)
    db = sqlite3.connect(store)
    cards = [card for (card,) in db.execute("SELECT card FROM identity")]
    each = max(1, reviews // len(cards))
    start = TODAY - 400

    def rows():
        at = start * 86_400_000
        for turn in range(each):
            day = start + turn * 400 // each
            for card in cards:
                at = max(at + 1, day * 86_400_000 + 30_000_000)
                yield (
                    at,
                    card,
                    rng.choices((1, 2, 3, 4), (12, 18, 55, 15))[0],
                    day + rng.randrange(0, 400 // each),
                    9000,
                )

    with db:
        db.executemany(
            "INSERT INTO log (id, card, kind, rating, day, duration_ms) VALUES (?, ?, 'review', ?, ?, ?)", rows()
        )
    db.close()


def process_pairs(ours: list[str], theirs: list[str], runs: int) -> tuple[float, float, float]:
    """Time two commands in turn; return the median seconds of each and the median of the ratios."""
    first, second = [], []
    for _ in range(runs + 1):
        first.append(_process(ours))
        second.append(_process(theirs))
    first, second = first[1:], second[1:]  # the first pair warms the caches
    ratios = [a / b for a, b in zip(first, second, strict=True)]
    return statistics.median(first), statistics.median(second), statistics.median(ratios)


def _process(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started


def seconds(work: Callable[[], object]) -> float:
    """Time one call."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def percentile(values: list[float], share: float) -> float:
    """Return the value below which ``share`` of the values lie."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def peak_mib(code: str) -> float:
    """Run Python code in a process of its own and return its peak resident memory in MiB, as the kernel counts it."""
    # Not getrusage: Linux lets a process inherit the peak of the one that started it.
    tail = "\nprint(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    done = subprocess.run([sys.executable, "-c", code + tail], capture_output=True, text=True, check=True)
    return int(done.stdout.strip().splitlines()[-1]) / 1024
