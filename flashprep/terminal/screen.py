"""A full screen of text: drawn whole, scrolled when it is longer than the terminal, left as it was found."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import RenderableType

from flashprep.terminal.console import WIDEST, make, size
from flashprep.terminal.keys import Keyboard, signals, stdin_fd

_ENTER, _LEAVE = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"


def can_draw() -> bool:
    """Tell whether the terminal can be drawn on."""
    return os.environ.get("TERM", "dumb") not in ("dumb", "unknown", "")


class Screen:
    """The alternate screen of the terminal, with a head, a body that scrolls, and a foot."""

    def __init__(self) -> None:
        self.keyboard = Keyboard(stdin_fd())
        self.offset = 0
        self._longest = 0  # furthest that the body can be scrolled

    @contextmanager
    def opened(self) -> Iterator[Screen]:
        """Take the screen for a block, and give it back whatever happens."""
        self.enter()
        try:
            with signals(self.keyboard, self.leave, self.enter):
                yield self
        finally:
            self.leave()

    def enter(self) -> None:
        """Take the screen."""
        self.keyboard.open()
        _write(_ENTER)

    def leave(self) -> None:
        """Give the screen back."""
        _write(_LEAVE)
        self.keyboard.close()

    def draw(
        self, head: Sequence[RenderableType], body: Sequence[RenderableType], foot: Sequence[RenderableType]
    ) -> None:
        """Draw all of it; the head and the foot stay, the body is cut to what fits."""
        columns, lines = size()
        width = min(WIDEST, columns - 2)
        margin = " " * max(1, (columns - width) // 2)
        top, middle, bottom = (self._lines(part, width, columns) for part in (head, body, foot))
        room = max(1, lines - len(top) - len(bottom))
        self._longest = max(0, len(middle) - room)
        self.offset = min(max(0, self.offset), self._longest)
        shown = middle[self.offset : self.offset + room]
        if self.offset < self._longest:
            shown[-1] = "\x1b[2m── more below: ↓ or j ──\x1b[0m"
        shown += [""] * (room - len(shown))
        rows = [margin + line + "\x1b[0m\x1b[K" for line in [*top, *shown, *bottom][:lines]]
        _write("\x1b[?2026h\x1b[H" + "\r\n".join(rows) + "\x1b[J\x1b[?2026l")

    def scroll(self, key: str) -> bool:
        """Scroll if the key means that; tell whether it did."""
        page = max(1, size()[1] - 8)
        by = {"down": 1, "j": 1, "up": -1, "k": -1, "pagedown": page, "pageup": -page}.get(key)
        if key == "home":
            self.offset = 0
        elif by is None:
            return False
        else:
            self.offset = min(max(0, self.offset + by), self._longest)
        return True

    @staticmethod
    def _lines(part: Sequence[RenderableType], width: int, columns: int) -> list[str]:
        console = make(sys.stdout, width=columns, force_terminal=True)
        with console.capture() as capture:
            for renderable in part:
                console.print(renderable, width=width)
        text = capture.get()
        return text.split("\n")[:-1] if text else []


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
