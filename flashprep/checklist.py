"""Today's tasks of the preparation, ticked off by the user or by what was done."""

from __future__ import annotations

from typing import NamedTuple

from flashprep.collection import Collection
from flashprep.errors import NotFound
from flashprep.guide import phases
from flashprep.guide.phases import Phase, Task
from flashprep.guide.rounds import LOOP
from flashprep.mock import journal
from flashprep.store import plan
from flashprep.store.plan import Interview
from flashprep.store.queries import Filter

_NEARLY = 0.9  # of the minutes of a day: then its cards count as done


class Line(NamedTuple):
    """A task with its number on the list of today."""

    number: int
    task: Task
    done: bool
    by_itself: bool  # ticked off by what was done
    late: bool  # it was for an earlier day


class Part(NamedTuple):
    """The tasks of one phase."""

    phase: Phase
    lines: list[Line]


def today(collection: Collection, date: Interview) -> list[Part]:
    """Return the tasks of today for a date, by phase; what was left undone on earlier days of a phase comes last."""
    now = collection.now().day
    left = date.day - now
    ticked = plan.ticks(collection.db, date.name)
    proofs = _Proofs(collection)
    parts: list[Part] = []
    number = 0
    for phase, current, earlier in phases.tasks_for(phases.load(), left):
        lines = []
        for task in (*current, *earlier):
            since = date.day - task.since(left)
            by_hand = any(key == task.key and since <= day <= now for key, day in ticked)
            by_itself = proofs.show(task, since)
            late = task in earlier
            if late and (by_hand or by_itself):
                continue
            number += 1
            lines.append(Line(number, task, by_hand or by_itself, by_itself, late))
        parts.append(Part(phase, lines))
    return parts


class _Proofs:
    """What was done, as far as it ticks tasks off."""

    def __init__(self, collection: Collection):
        self.collection = collection
        self.mocks = [entry for entry in journal.entries()[0] if entry.finished]

    def show(self, task: Task, since: int) -> bool:
        """Tell whether a task was done on or after a study day."""
        if task.counts == "review":
            return self._reviewed()
        if task.counts.startswith("mock "):
            wanted = task.counts.removeprefix("mock ")
            return any(
                entry.day >= since and (entry.round == wanted or (wanted == LOOP and entry.loop == entry.loop_size > 0))
                for entry in self.mocks
            )
        return False

    def _reviewed(self) -> bool:
        time = self.collection.agenda.planned_time()
        if time is None:
            return False
        if time.spent >= _NEARLY * time.today > 0:
            return True
        return time.spent > 0 and not self.collection.queue(Filter()).counts.total


def set_tick(collection: Collection, date: Interview, numbers: list[int], done: bool) -> list[Line]:
    """Tick tasks off by their numbers on the list of today, or take the ticks back."""
    lines = {line.number: line for part in today(collection, date) for line in part.lines}
    for number in numbers:
        if number not in lines:
            raise NotFound(f"there is no task {number}; 'flashprep plan' numbers those of today")
    now = collection.now()
    for number in numbers:
        task = lines[number].task
        if done:
            plan.tick(collection.db, date.name, task.key, now.day, now.ms)
        else:
            since = date.day - task.since(date.day - now.day)
            plan.untick(collection.db, date.name, task.key, since, now.ms)
    return [lines[number] for number in numbers]
