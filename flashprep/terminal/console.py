"""The one console: how wide text runs, and which colours it has."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import suppress
from typing import TextIO

from rich.console import Console
from rich.theme import Theme

WIDEST = 100  # characters; longer lines are hard to read on a wide screen


class _Console(Console):
    """A console that leaves it to the command line what happens when its reader goes away."""

    def on_broken_pipe(self) -> None:
        """Let the error through that rich would make an exit code of."""
        raise


def console(error: bool = False) -> Console:
    """Return the console of standard output, or of standard error. NO_COLOR and pipes get no colours."""
    return make(sys.stderr if error else sys.stdout)


def make(file: TextIO, width: int | None = None, **options: object) -> Console:
    """Make a console on a file."""
    from flashprep.terminal.markdown import STYLES

    return _Console(file=file, width=width, theme=Theme(STYLES), highlight=False, **options)  # type: ignore[arg-type]


def size() -> tuple[int, int]:
    """Return columns and lines of the terminal as it is now, whatever COLUMNS and LINES said when it was opened."""
    found = os.terminal_size((0, 0))
    with suppress(OSError, ValueError):
        found = os.get_terminal_size(sys.stdout.fileno())
    if not (found.columns and found.lines):
        found = shutil.get_terminal_size((80, 24))
    return max(20, found.columns), max(5, found.lines)
