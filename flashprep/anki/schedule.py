"""Memory and log of a card as the columns that Anki keeps of them."""

from __future__ import annotations

import json
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


class Revlog(NamedTuple):
    """A row of Anki's log."""

    id: int  # epoch ms
    ease: int  # 1..4; 0 for what is no review
    ivl: int  # days, or seconds as a negative number
    last_ivl: int
    factor: int  # difficulty, as 100..1100
    time: int  # ms
    type: int  # 0 learning, 1 review, 2 relearning, 4 by hand


def creation(day: int, rollover_hour: int) -> datetime:
    """Return the local time at which a study day begins: that of a collection whose days count from it."""
    date = day_date(day)
    return datetime(date.year, date.month, date.day, rollover_hour).astimezone()


def columns(memory: Memory, settings: Settings, decay: float, day0: int, place: int, exercise: bool = False) -> Columns:
    """Return the columns of a card; ``day0`` is the study day from which the days of the collection count."""
    queue = _QUEUE_SUSPENDED if memory.suspended else -9
    if memory.state == State.NEW:
        return Columns(_NEW, 0 if queue == -9 else queue, place, 0, 0, 0, 0, 0, "{}")
    steps = settings.relearning_steps if memory.state == State.RELEARNING else settings.learning_steps
    interval = max(1, memory.due_day - memory.last_day) if memory.state == State.REVIEW else 0
    due, left = memory.due_day - day0, 0
    if memory.state != State.REVIEW:
        left = max(1, len(steps) - memory.step)
        if memory.due_at:
            due = memory.due_at // 1000
        interval = 1 if memory.state == State.RELEARNING else 0
        natural = _QUEUE_WITHIN_DAY if memory.due_at else _QUEUE_LATER_DAY
    else:
        natural = _REVIEW
    data = {
        "s": round(memory.stability, 4),
        "d": round(memory.difficulty, 3),
        "dr": settings.desired_retention,
        "decay": round(decay, 4),
        "lrt": memory.last_at // 1000,
    }
    return Columns(
        int(memory.state),
        natural if queue == -9 else queue,
        due,
        interval,
        _EASE,
        memory.reps,
        memory.lapses,
        left,
        json.dumps(data, separators=(",", ":")),
    )


def revlog(history: Sequence[Happened], steps: Sequence[Step]) -> list[Revlog]:
    """Return Anki's log of a card: ``steps`` tells what each review of the history did."""
    rows = []
    last, number = 0, 0
    for one in history:
        if one.kind == "reset":
            rows.append(Revlog(one.revlog, 0, 0, last, 0, 0, _MANUAL))
            last = 0
        elif one.kind == "review":
            step = steps[number]
            number += 1
            interval = step.days or -step.seconds
            factor = round(((step.difficulty - 1) / 9 + 0.1) * 1000)
            kind = 0 if step.state in (State.NEW, State.LEARNING) else 1 if step.state == State.REVIEW else 2
            rows.append(Revlog(one.revlog, one.rating, interval, last, factor, min(one.duration_ms, _LONGEST_MS), kind))
            last = interval
    return rows
