"""The numbers behind ``flashprep stats``: reviews a day, retention true against predicted, the forecast, the states."""

from __future__ import annotations

from typing import NamedTuple

from flashprep.collection import Collection
from flashprep.memory.state import NEW, State
from flashprep.store import practice, queries


class Retention(NamedTuple):
    """How often cards in review were recalled, and how often FSRS expected it."""

    reviews: int = 0  # first review of a card on a day, card in the review state
    recalled: int = 0
    expected: float = 0.0  # sum of the predicted recall probabilities

    @property
    def true(self) -> float:
        """The share that was recalled, 0..1."""
        return self.recalled / self.reviews if self.reviews else 0.0

    @property
    def predicted(self) -> float:
        """The share that was expected, 0..1."""
        return self.expected / self.reviews if self.reviews else 0.0


class Problems(NamedTuple):
    """What was done at coding problems; attempts and time are those of the window."""

    problems: int
    solved: int  # ever
    attempts: int
    passed: int
    spent_ms: int


class Statistics(NamedTuple):
    """What ``stats`` shows. Days are study days."""

    today: int
    days: int  # length of the window behind and ahead
    reviews: dict[int, tuple[int, int]]  # day: (reviews, milliseconds)
    forecast: dict[int, int]  # day: cards due
    states: dict[str, int]  # state: cards
    retention: Retention
    streak: int  # days in a row with a review, up to today or yesterday
    total: int  # reviews ever
    leeches: list[str]
    problems: Problems


def collect(collection: Collection, days: int = 30) -> Statistics:
    """Compute the statistics of the last ``days`` study days and the next."""
    db, today = collection.db, collection.now().day
    reviews = queries.reviews_by_day(db, today - days + 1)
    everything = queries.reviews_by_day(db, 0)
    leeches = [row.key for row in queries.rows(db, queries.Filter(states=("leech",)), today)]
    return Statistics(
        today=today,
        days=days,
        reviews=reviews,
        forecast=queries.due_by_day(db, today, days),
        states=queries.state_counts(db),
        retention=recalled(collection, today - days + 1),
        streak=_streak(set(everything), today),
        total=sum(count for count, _ in everything.values()),
        leeches=leeches,
        problems=_problems(collection, today - days + 1),
    )


def _problems(collection: Collection, since: int) -> Problems:
    rows = [row for row in queries.rows(collection.db, queries.Filter(kinds=("coding",)), 0) if row.exercise]
    made = practice.all_attempts(collection.db)
    cards = {row.card for row in rows}
    recent = [attempt for attempts in made.values() for attempt in attempts if attempt.day >= since]
    return Problems(
        problems=len(rows),
        solved=sum(any(attempt.passed for attempt in attempts) for card, attempts in made.items() if card in cards),
        attempts=len(recent),
        passed=sum(attempt.passed for attempt in recent),
        spent_ms=sum(attempt.spent_ms for attempt in recent),
    )


def _streak(days: set[int], today: int) -> int:
    day = today if today in days else today - 1
    length = 0
    while day in days:
        length, day = length + 1, day - 1
    return length


def recall_probability(stability: float, elapsed_days: int, decay: float) -> float:
    """Return R of FSRS-6: (1 + F t/S)^-decay with F = 0.9^(-1/decay) - 1, so that R = 0.9 at t = S."""
    factor = 0.9 ** (-1 / decay) - 1
    return float((1 + factor * max(0, elapsed_days) / stability) ** -decay)


def recalled(collection: Collection, since: int) -> Retention:
    """Fold each history up to each review in the window, and compare what FSRS expected with what happened."""
    scheduler = collection.scheduler
    decay = scheduler.decay
    count = recalled = 0
    expected = 0.0
    for nature, entries in queries.histories(collection.db, since):
        memory, own = NEW, scheduler.of(nature)
        for entry in entries:
            first_of_day = entry.day > memory.last_day
            if entry.kind == "review" and entry.day >= since and memory.state == State.REVIEW and first_of_day:
                count += 1
                recalled += entry.rating > 1
                expected += recall_probability(memory.stability, entry.day - memory.last_day, decay)
            memory = own.apply(memory, entry, nature.seed)
    return Retention(count, recalled, expected)
