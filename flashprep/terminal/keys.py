"""Keys, one at a time, from a POSIX terminal; a resize and the passing of time arrive the same way."""

from __future__ import annotations

import os
import select
import signal
import sys
import termios
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

TICK, RESIZE, END = "tick", "resize", "end"

_ESCAPES = {
    "[A": "up",
    "[B": "down",
    "OA": "up",
    "OB": "down",
    "[5~": "pageup",
    "[6~": "pagedown",
    "[H": "home",
    "[F": "end-key",
}
_NAMES = {
    "\r": "enter",
    "\n": "enter",
    " ": "space",
    "\x1b": "escape",
    "\x03": "quit",
    "\x04": "quit",
    "\x1c": "quit",
    "\x7f": "backspace",
}


class Keyboard:
    """Reads keys from a terminal in cbreak mode."""

    def __init__(self, fd: int):
        self._fd = fd
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_write, False)
        self._saved = termios.tcgetattr(fd)

    def open(self) -> None:
        """Let keys through one at a time, unechoed; Ctrl-C and Ctrl-\\ are keys too, so that no rating is cut short."""
        tty.setcbreak(self._fd, termios.TCSADRAIN)
        mode = termios.tcgetattr(self._fd)
        off = os.fpathconf(self._fd, "PC_VDISABLE").to_bytes(1, "little")
        for key in (termios.VINTR, termios.VQUIT):
            mode[6][key] = off
        termios.tcsetattr(self._fd, termios.TCSADRAIN, mode)

    def close(self) -> None:
        """Give the terminal back as it was."""
        with suppress(OSError, termios.error):  # the terminal may be gone
            termios.tcsetattr(self._fd, termios.TCSADRAIN, self._saved)

    def forget(self) -> None:
        """Throw away what was typed ahead, as when an editor was closed."""
        termios.tcflush(self._fd, termios.TCIFLUSH)

    def wake(self, *_: object) -> None:
        """Make a waiting ``read`` return ``RESIZE``; may be called from a signal handler."""
        with suppress(OSError):  # the pipe is full of wake-ups already
            os.write(self._wake_write, b"!")

    def read(self, timeout: float | None) -> str:
        """Wait for a key and name it; ``TICK`` when ``timeout`` seconds passed, ``END`` when the terminal went away."""
        ready, _, _ = select.select([self._fd, self._wake_read], [], [], timeout)
        if self._wake_read in ready:
            os.read(self._wake_read, 1024)
            return RESIZE
        if not ready:
            return TICK
        try:
            first = os.read(self._fd, 1)
        except OSError:
            return END
        if not first:
            return END
        if first == b"\x1b":
            return self._escape()
        if first[0] >= 0x80:
            more = 1 if first[0] < 0xE0 else 2 if first[0] < 0xF0 else 3
            return (first + os.read(self._fd, more)).decode("utf-8", "replace")
        character = first.decode("ascii")
        return _NAMES.get(character, character)

    def _escape(self) -> str:
        sequence = ""
        while len(sequence) < 8 and select.select([self._fd], [], [], 0.03)[0]:
            sequence += os.read(self._fd, 1).decode("ascii", "replace")
            if sequence in _ESCAPES:
                return _ESCAPES[sequence]
            if len(sequence) > 1 and (sequence[-1].isalpha() or sequence[-1] == "~"):
                return "unknown"
        return "escape" if not sequence else "unknown"


@contextmanager
def signals(keyboard: Keyboard, pause: Callable[[], None], resume: Callable[[], None]) -> Iterator[None]:
    """Redraw after a resize, give the terminal back while stopped with Ctrl-Z, and end cleanly on SIGTERM and SIGHUP."""

    def stop(number: int, frame: FrameType | None) -> None:
        pause()
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)
        # Here it goes on: after SIGCONT, or at once where no shell could ever continue it.
        signal.signal(signal.SIGTSTP, stop)
        go_on(number, frame)

    def go_on(number: int, frame: FrameType | None) -> None:
        resume()
        keyboard.wake()

    def end(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    handlers: dict[signal.Signals, Callable[[int, FrameType | None], None]] = {
        signal.SIGWINCH: keyboard.wake,
        signal.SIGTSTP: stop,
        signal.SIGCONT: go_on,
        signal.SIGTERM: end,
        signal.SIGHUP: end,
    }
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def stdin_fd() -> int:
    """Return the file descriptor that keys come from."""
    return sys.stdin.fileno()
