"""A mock interview over a pipe or on the screen, and the list of those that were held."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from flashprep.memory.days import clock_label, iso
from flashprep.mock import journal
from flashprep.terminal import report

if TYPE_CHECKING:
    from flashprep.mock.holding import Mock


def hold(mock: Mock) -> None:
    """Hold a mock on whatever there is, and say what came of it."""
    report.notices(mock.collection)
    try:
        if sys.stdin.isatty() and sys.stdout.isatty():
            from flashprep.terminal.screen import can_draw

            if can_draw():
                from flashprep.terminal.mock_screen import run

                run(mock)
                return
        from flashprep.terminal.mock_pipe import Pipe

        Pipe(mock).run()
    finally:
        for line in summary(mock):
            print(line)


def summary(mock: Mock) -> list[str]:
    """Say what came of a mock."""
    course, entry = mock.course, mock.entry
    lines = ["", f"{mock.title}: {'held' if course.finished else 'stopped'} after {clock_label(course.minutes * 60)}"]
    reached, of = course.total
    if of:
        lines.append(f"Score {reached} of {of}")
    weak = [mark.key for mark in course.weak]
    if weak:
        lines.append(f"Weak: {', '.join(weak[:6])}{f' and {len(weak) - 6} more' if len(weak) > 6 else ''}")
    lines.append(f"The journal is {entry.path}")
    if entry.loop and entry.finished and entry.loop < entry.loop_size:
        lines.append(f"Next in the loop: 'flashprep mock --round loop --company {entry.company}' when you are ready.")
    return lines


def listing(json: bool) -> None:
    """List the mocks that were held."""
    entries, wrong = journal.entries()
    for problem in wrong:
        print(f"note: {problem}", file=sys.stderr)
    if json:
        report.write_json(
            [
                {
                    "path": str(entry.path),
                    "day": iso(entry.day),
                    "started": entry.started,
                    "round": entry.round,
                    "company": entry.company or None,
                    "state": entry.state,
                    "minutes": entry.minutes,
                    "score": entry.score[0],
                    "of": entry.score[1],
                    "loop": [entry.loop, entry.loop_size] if entry.loop else None,
                    "asked": list(entry.asked),
                }
                for entry in entries
            ]
        )
        return
    for entry in entries:
        score = f"{entry.score[0]} of {entry.score[1]}" if entry.score[1] else "-"
        loop = f", loop {entry.loop} of {entry.loop_size}" if entry.loop else ""
        stopped = "" if entry.finished else ", stopped"
        print(
            f"{iso(entry.day)}  {entry.round:<13}  {entry.minutes:5.0f} min  {score:>8}  {entry.company}{loop}{stopped}"
        )
        print(f"  {entry.path}")
    if not entries and sys.stdout.isatty():
        print("No mock interviews yet: 'flashprep mock' holds one.")
