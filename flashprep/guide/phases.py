"""The phases of a preparation, and which of their tasks are for today."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from flashprep import tomlfile
from flashprep.guide import files
from flashprep.guide.rounds import LOOP, MOCKED
from flashprep.tomlfile import Table

EVERY = ("day", "week", "phase")
COUNTS = ("", "review", "mock", *(f"mock {name}" for name in (*MOCKED, LOOP)))
FURTHEST = 9999  # days left


class Task(NamedTuple):
    """Something to do in a phase."""

    phase: str  # name of its file
    id: str
    text: str
    command: str = ""  # that does it, or begins it
    card: str = ""  # note that says more
    every: str = "phase"  # a tick holds for the day, for the week, or for the phase
    counts: str = ""  # what ticks it off by itself
    most_left: int = FURTHEST  # days left on which it begins
    least_left: int = 0  # and on which it is to be done

    @property
    def key(self) -> str:
        """Name the task: phase and id."""
        return f"{self.phase}/{self.id}"

    def since(self, left: int) -> int:
        """Return from how many days left on a tick counts, ``left`` days before the date."""
        if self.every == "day":
            return left
        if self.every == "week":  # counted back from the date: the last seven days are a week
            return min(self.most_left, (max(left - 1, 0) // 7 + 1) * 7)
        return self.most_left


class Phase(NamedTuple):
    """A stretch of the preparation."""

    name: str
    title: str
    theme: str
    most_left: int  # days until the date on which it begins
    least_left: int
    tasks: tuple[Task, ...]

    def holds(self, left: int) -> bool:
        """Tell whether it is now, ``left`` days before the date."""
        return self.least_left <= left <= self.most_left


def load() -> list[Phase]:
    """Read all phases, the earliest first; errors of a file name its line."""
    found = [_phase(name, path) for name, path in files.find("phases").items()]
    return sorted(found, key=lambda phase: (-phase.most_left, -phase.least_left, phase.name))


def _phase(name: str, path: Path) -> Phase:
    table = tomlfile.read(path)
    least, most = table.span("days_left", 0, FURTHEST)
    tasks = tuple(_task(name, one, least, most) for one in table.tables("tasks"))
    phase = Phase(name, table.text("title"), table.text("theme", ""), most, least, tasks)
    table.end()
    for number, task in enumerate(tasks):
        if task.id in (other.id for other in tasks[:number]):
            raise table.wrong("tasks", f"two tasks have the id '{task.id}': a tick would count for both")
    return phase


def _task(phase: str, table: Table, least: int, most: int) -> Task:
    first, last = most, least
    if table.has("days_left"):
        last, first = table.span("days_left", least, most)
    task = Task(
        phase,
        table.text("id"),
        table.text("text"),
        table.text("command", ""),
        table.text("card", ""),
        table.one_of("every", EVERY, "phase"),
        table.one_of("counts", COUNTS, ""),
        first,
        last,
    )
    table.end()
    return task


def tasks_for(phases: Iterable[Phase], left: int) -> list[tuple[Phase, list[Task], list[Task]]]:
    """Return the phases that hold ``left`` days before the date, each with its tasks of now and those of earlier days."""
    return [
        (
            phase,
            [task for task in phase.tasks if task.least_left <= left <= task.most_left],
            [task for task in phase.tasks if left < task.least_left],
        )
        for phase in phases
        if phase.holds(left)
    ]
