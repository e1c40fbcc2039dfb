"""Make docs/session.svg: a real review session in a real terminal, its screen drawn as a picture."""

from __future__ import annotations

import io
import os
import sys
import tempfile
from pathlib import Path

import pexpect
import pyte
from rich.console import Console
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from rich.text import Text

ROOT = Path(__file__).resolve().parent.parent
COLUMNS, LINES = 96, 30
THEME = TerminalTheme(
    (250, 250, 250),
    (36, 41, 47),
    [
        (36, 41, 47),
        (188, 38, 44),
        (22, 120, 60),
        (150, 100, 0),
        (9, 90, 200),
        (130, 60, 190),
        (10, 120, 130),
        (110, 118, 126),
    ],
    [
        (87, 96, 106),
        (164, 14, 38),
        (26, 127, 55),
        (99, 60, 1),
        (33, 139, 255),
        (163, 113, 247),
        (49, 146, 170),
        (140, 149, 159),
    ],
)


def screen_of_session(keys: list[str], *arguments: str) -> pyte.Screen:
    """Run a session in a terminal, press keys, and return the screen."""
    with tempfile.TemporaryDirectory() as home:
        env = {
            **os.environ,
            "FLASHPREP_HOME": home,
            "FLASHPREP_NOW": "2026-03-02T07:30:00+01:00",
            "TERM": "xterm-256color",
        }
        env.pop("NO_COLOR", None)
        child = pexpect.spawn(
            sys.executable,
            ["-m", "flashprep", "review", *arguments],
            env=env,
            dimensions=(LINES, COLUMNS),
            cwd=str(ROOT),
            encoding="utf-8",
        )
        screen = pyte.Screen(COLUMNS, LINES)
        stream = pyte.Stream(screen)
        for key in [*keys, ""]:
            _settle(child, stream)
            child.send(key)
        child.terminate(force=True)
    return screen


def _settle(child: pexpect.spawn, stream: pyte.Stream) -> None:
    """Feed the terminal until nothing has come for a while."""
    wait = 5.0  # the first screen may take a moment to appear
    while True:
        try:
            stream.feed(child.read_nonblocking(65536, timeout=wait))
            wait = 0.4
        except (pexpect.TIMEOUT, pexpect.EOF):
            return


def picture(screen: pyte.Screen, title: str) -> str:
    """Draw the screen of a terminal as SVG."""
    console = Console(
        record=True, width=screen.columns, file=io.StringIO(), force_terminal=True, color_system="truecolor"
    )
    for number in range(screen.lines):
        line = Text()
        for column in range(screen.columns):
            cell = screen.buffer[number][column]
            colour = None if cell.fg == "default" else {"brown": "yellow"}.get(cell.fg, cell.fg)
            line.append(
                cell.data,
                Style(
                    color=colour, bold=cell.bold, italic=cell.italics, reverse=cell.reverse, underline=cell.underscore
                ),
            )
        console.print(line, no_wrap=True, overflow="crop", crop=True)
    return console.export_svg(title=title, theme=THEME, unique_id="flashprep")


def main() -> None:
    """Write the picture."""
    # Two cards on the way, so that the bar and the counts have something to show; the last one is looked at.
    ids = ["redflag-story-only-we", "queue-two-stacks", "token-bucket"]
    keys = [key for _ in ids for key in (" ", "3")][:-1]
    screen = screen_of_session(keys, *(word for id in ids for word in ("--id", id)))
    (ROOT / "docs" / "session.svg").write_text(picture(screen, "flashprep review"), encoding="utf-8")


if __name__ == "__main__":
    main()
