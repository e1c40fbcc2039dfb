"""A full screen of text: drawn whole, scrolled when it is longer than the terminal, left as it was found."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from rich.console import RenderableType

from flashprep.terminal.console import WIDEST, make, size
from flashprep.terminal.keys import Keyboard, signals, stdin_fd

# The alternate screen, no cursor, and no wrapping: a character that is wider than we think must not push lines down.
_ENTER, _LEAVE = "\x1b[?1049h\x1b[?25l\x1b[?7l", "\x1b[?7h\x1b[?25h\x1b[?1049l"
_ABOVE, _BELOW = "\x1b[2m── more above: ↑ or k ──", "\x1b[2m── more below: ↓ or j ──"


def can_draw() -> bool:
    """Tell whether the terminal can be drawn on."""
    return os.environ.get("TERM", "dumb") not in ("dumb", "unknown", "")


class Screen:
    """The alternate screen of the terminal, with a head, a body that scrolls, and a foot."""

    def __init__(self) -> None:
        self.keyboard = Keyboard(stdin_fd())
        self.offset = 0  # lines of the body that are scrolled away
        self._longest = 0  # furthest that the body can be scrolled
        self._room = 1  # lines that the body has
        self._taken = False
        self._paused = False

    @contextmanager
    def opened(self) -> Iterator[Screen]:
        """Take the screen for a block, and give it back whatever happens."""
        self.enter()
        try:
            with signals(self.keyboard, self.pause, self.resume):
                yield self
        finally:
            self.leave()

    def enter(self) -> None:
        """Take the screen."""
        self._taken = True
        self.keyboard.open()
        _write(_ENTER)

    def leave(self) -> None:
        """Give the screen back."""
        if self._taken:
            self._taken = False
            with suppress(OSError):  # the terminal may be gone
                _write(_LEAVE)
            self.keyboard.close()

    def pause(self) -> None:
        """Give the screen back for as long as the process is stopped."""
        self._paused = self._taken
        self.leave()

    def resume(self) -> None:
        """Take the screen again if it was ours, and not an editor's, when the process was stopped."""
        if self._paused or self._taken:
            self._paused = False
            self.enter()

    def draw(
        self,
        head: Sequence[RenderableType],
        body: Sequence[RenderableType],
        foot: Sequence[RenderableType],
        sight: int | None = None,
    ) -> None:
        """Draw all of it; the head and the foot stay, the body is cut to what fits.

        ``sight`` scrolls as far as the end, but no further than to the line above the part of the body that it names: there
        stands that there is more above.
        """
        columns, lines = size()
        width = min(WIDEST, columns - 2)
        margin = " " * max(1, (columns - width) // 2)
        top, middle, bottom = (self._lines(part, width, columns) for part in (head, body, foot))
        if len(top) + len(bottom) + 5 > lines:
            top = []
        self._room = room = max(1, lines - len(top) - len(bottom))
        self._longest = max(0, len(middle) - room)
        if sight is not None:
            self.offset = len(self._lines(body[:sight], width, columns)) - 1
        self.offset = min(max(0, self.offset), self._longest)
        shown = middle[self.offset : self.offset + room]
        if room > 2:
            if self.offset > 0:
                shown[0] = _ABOVE
            if self.offset < self._longest:
                shown[-1] = _BELOW
        shown += [""] * (room - len(shown))
        rows = [margin + line + "\x1b[0m\x1b[K" for line in [*top, *shown, *bottom][:lines]]
        try:
            _write("\x1b[?2026h\x1b[H" + "\r\n".join(rows) + "\x1b[J\x1b[?2026l")
        except OSError:
            raise SystemExit(128 + signal.SIGHUP) from None  # the terminal is gone

    def scroll(self, key: str) -> bool:
        """Scroll if the key means that; tell whether it did."""
        page = max(1, self._room - 2)  # two lines say that there is more
        by = {"down": 1, "j": 1, "up": -1, "k": -1, "pagedown": page, "pageup": -page}.get(key)
        if key in ("home", "end-key"):
            self.offset = 0 if key == "home" else self._longest
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
