"""Memory and log of a card as the columns that Anki keeps of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flashprep.memory.days import day_date
from flashprep.memory.state import Memory, Settings, State, Step
from flashprep.store.anki import Happened

_NEW, _LEARNING, _REVIEW, _RELEARNING = 0, 1, 2, 3
_QUEUE_SUSPENDED, _QUEUE_WITHIN_DAY, _QUEUE_LATER_DAY = -1, 1, 3
_MANUAL = 4
_EASE = 2500  # per mille; FSRS does not use it
_LONGEST_MS = 60_000 * 60  # of a review


class Columns(NamedTuple):
    """The columns of a card that say when it comes, in the order of Anki's table."""

    type: int
    queue: int
    due: int  # place for a new card, day since the creation of the collection, or epoch s
    ivl: int  # days
    factor: int
    reps: int
    lapses: int
    left: int  # learning steps
    data: str  # JSON


# A row of Anki's log without its card and sync number: (epoch ms, ease 1..4 or 0 for what is no review, interval in days or in
# seconds as a negative number, interval before, difficulty as 100..1100, duration in ms, type: 0 learning, 1 review, 2 relearning,
# 4 by hand). A plain tuple, because there are hundreds of thousands.
Revlog = tuple[int, int, int, int, int, int, int]


def creation(day: int, rollover_hour: int) -> datetime:
    """Return the local time at which a study day begins: that of a collection whose days count from it."""
    date = day_date(day)
    return datetime(date.year, date.month, date.day, rollover_hour).astimezone()


def columns(memory: Memory, settings: Settings, decay: float, day0: int, place: int) -> Columns:
    """Return the columns of a card; ``day0`` is the study day from which the days of the collection count."""
    if memory.state == State.NEW:
        return Columns(_NEW, _QUEUE_SUSPENDED if memory.suspended else 0, place, 0, 0, 0, 0, 0, "{}")
    due, interval, left, queue = memory.due_day - day0, 0, 0, _REVIEW
    if memory.state == State.REVIEW:
        interval = max(1, memory.due_day - memory.last_day)
    else:
        relearning = memory.state == State.RELEARNING
        steps = settings.relearning_steps if relearning else settings.learning_steps
        left = max(1, len(steps) - memory.step)
        interval = 1 if relearning else 0
        queue = _QUEUE_WITHIN_DAY if memory.due_at else _QUEUE_LATER_DAY
        if memory.due_at:
            due = memory.due_at // 1000
    if memory.suspended:
        queue = _QUEUE_SUSPENDED
    data = (
        f'{{"s":{round(memory.stability, 4)},"d":{round(memory.difficulty, 3)},"dr":{settings.desired_retention},'
        f'"decay":{round(decay, 4)},"lrt":{memory.last_at // 1000}}}'
    )
    return Columns(int(memory.state), queue, due, interval, _EASE, memory.reps, memory.lapses, left, data)


_TYPES = (0, 0, 1, 2)  # of a review, by the state before it


def revlog(history: Sequence[Happened], steps: Sequence[Step]) -> list[Revlog]:
    """Return Anki's log of a card: ``steps`` tells what each review of the history did."""
    rows: list[Revlog] = []
    last = 0
    done = iter(steps)
    for kind, rating, _, _, duration, there in history:
        if kind == "review":
            state, difficulty, days, seconds = next(done)
            interval = days or -seconds
            factor = round(((difficulty - 1) / 9 + 0.1) * 1000)
            time = duration if duration < _LONGEST_MS else _LONGEST_MS
            rows.append((there, rating, interval, last, factor, time, _TYPES[state]))
            last = interval
        elif kind == "reset":
            rows.append((there, 0, 0, last, 0, 0, _MANUAL))
            last = 0
    return rows
