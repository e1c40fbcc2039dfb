"""What a log tells about a learner besides memory: how long visits take, how they are answered, how regularly they happen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from operator import itemgetter
from statistics import median
from typing import NamedTuple

from flashprep.planning.learner import Costs, Habits

_LONGEST_MS = 120_000  # a card that lay open for longer says nothing about how long it takes
_ATTENDED_DAYS = 28
_PRIOR = 20  # visits that the defaults count for

# (card, rating, study day, duration in ms, whether it was the first day of the card), by card and in order
Review = tuple[int, int, int, int, bool]


class Learned(NamedTuple):
    """What the log tells about the learner besides memory."""

    costs: Costs  # seconds
    habits: Habits
    attendance: float  # share of the last days with study that had a review


def learned(reviews: Iterable[Review], today: int, studies_on: Callable[[int], bool] = lambda day: True) -> Learned:
    """Learn from reviews up to a study day; ``studies_on`` tells which days have study at all.

    All reviews of a card on one day are one visit. With little to go by, the defaults count.
    """
    passed: list[float] = []
    lapsed: list[float] = []
    new: list[float] = []
    firsts, passes = [0] * 4, [0] * 3
    days = set()
    for (_, day), visit in groupby(reviews, key=itemgetter(0, 2)):
        rows = list(visit)
        days.add(day)
        _, rating, _, _, first = rows[0]
        seconds = sum(min(row[3], _LONGEST_MS) for row in rows) / 1000
        (new if first else lapsed if rating == 1 else passed).append(seconds)
        if first:
            firsts[rating - 1] += 1
        elif rating > 1:
            passes[rating - 2] += 1
    usual, habits = Costs(), Habits()
    begun = max(min(days, default=today + 1), today - _ATTENDED_DAYS + 1)
    span = [day for day in range(begun, today + 1) if studies_on(day)]
    attended = sum(day in days for day in span)
    return Learned(
        Costs(_typical(passed, usual.passed), _typical(lapsed, usual.lapsed), _typical(new, usual.new)),
        Habits(_mix(firsts, habits.first), _mix(passes, habits.passed)),  # type: ignore[arg-type]
        (attended + 4.5) / (len(span) + 5),  # as if there had been five days before, nearly all of them with reviews
    )


def _typical(seconds: list[float], usual: float) -> float:
    """Return the middle of what was measured, drawn to the default while there is little."""
    if not seconds:
        return usual
    return max(1.0, (median(seconds) * len(seconds) + usual * _PRIOR) / (len(seconds) + _PRIOR))


def _mix(counts: list[int], usual: tuple[float, ...]) -> tuple[float, ...]:
    total = sum(counts) + _PRIOR
    return tuple((count + share * _PRIOR) / total for count, share in zip(counts, usual, strict=True))
