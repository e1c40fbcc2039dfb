"""What the commands that talk to Anki write."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_QUIET_S = 1.0  # what takes no longer needs no progress bar
_SHOWN = 20  # names in a list


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """Give a function that hears how many are done; where somebody looks and it takes over a second, a bar shows it."""
    if not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from flashprep.terminal.console import console

    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=console(error=True), transient=True
    )
    task = bar.add_task(what, total=total)
    began = time.monotonic()

    def tick(done: int) -> None:
        if not bar.live.is_started and time.monotonic() - began > _QUIET_S:
            bar.start()
        bar.update(task, completed=done)

    try:
        yield tick
    finally:
        bar.stop()


def _many(number: int, word: str) -> str:
    return f"{number} {word}{'s' * (number != 1)}"


def exported(file: Path, cards: int, with_progress: bool, lost: Sequence[str]) -> None:
    """Say what a package holds, which clicks matter in Anki, and what is to be deleted there."""
    print(f"wrote {_many(cards, 'card')} to {file}" + (", with your progress" if with_progress else ""))
    if with_progress:
        print(
            "in Anki: File, Import; the first time tick 'Import any learning progress' (deck options too, if you like),"
        )
        print("and switch on FSRS in the deck options. Later imports bring new and changed cards; reviews stay Anki's.")
        print("Reviews done there come back with: flashprep import PACKAGE (exported there with scheduling)")
    else:
        print("in Anki: File, Import")
    if lost:
        shown = " OR ".join(f'"Id:{key}"' for key in lost[:_SHOWN])
        more = f" (and {len(lost) - _SHOWN} more)" if len(lost) > _SHOWN else ""
        print(f"no longer in your decks, delete them in Anki: search for {shown}{more}")
