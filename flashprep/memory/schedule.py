"""One review at a time: py-fsrs fed with study days, and our own fuzz.

py-fsrs counts whole periods of 24 hours; people, and Anki, count study days. So each review is handed to it at noon UTC of its
study day, and the memory state comes out as Anki's does.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from functools import cached_property

import fsrs

from flashprep.memory.fuzz import fuzzed
from flashprep.memory.state import NEW, Entry, Memory, Nature, Rating, Settings, State, least_days

_NOON = datetime(1970, 1, 1, 12, tzinfo=timezone.utc)  # noqa: UP017 - py-fsrs compares with timezone.utc


class Scheduler:
    """Turns a memory and one entry of the log into the next memory."""

    def __init__(self, settings: Settings):
        self.settings = settings
        self._fsrs = fsrs.Scheduler(
            parameters=settings.parameters or fsrs.scheduler.DEFAULT_PARAMETERS,
            desired_retention=settings.desired_retention,
            learning_steps=[timedelta(seconds=s) for s in settings.learning_steps],
            relearning_steps=[timedelta(seconds=s) for s in settings.relearning_steps],
            maximum_interval=settings.maximum_interval,
            enable_fuzzing=False,
        )

    @property
    def decay(self) -> float:
        """The exponent of the forgetting curve, positive (parameter 20 of FSRS-6)."""
        return float(self._fsrs.parameters[20])

    @cached_property
    def _exercises(self) -> Scheduler:
        return Scheduler(self.settings.of(exercise=True))

    def of(self, nature: Nature) -> Scheduler:
        """Return the scheduler of cards of a nature."""
        return self._exercises if nature.exercise else self

    def fold(self, entries: list[Entry], seed: int) -> Memory:
        """Return the memory that a card's whole log makes."""
        memory = NEW
        for entry in entries:
            memory = self.apply(memory, entry, seed)
        return memory

    def apply(self, memory: Memory, entry: Entry, seed: int) -> Memory:
        """Return the memory after one entry of the log."""
        match entry.kind:
            case "review":
                return self.review(memory, entry.rating, entry.day, entry.at, seed)
            case "suspend":
                return memory._replace(suspended=1)
            case "leech":
                return memory._replace(suspended=1, leech=1)
            case "unsuspend":
                return memory._replace(suspended=0, leech=0)
            case "bury":
                return memory._replace(buried_day=entry.day)
            case "reset":
                return NEW
        raise ValueError(f"unknown entry {entry.kind!r}")

    def review(self, memory: Memory, rating: int, day: int, at: int, seed: int) -> Memory:
        """Return the memory after a review on study day ``day`` at epoch millisecond ``at``."""
        noon = _NOON + timedelta(days=max(day, memory.last_day))
        card, _ = self._fsrs.review_card(self._card(memory), fsrs.Rating(rating), noon)
        wait = card.due - noon
        lapse = memory.state == State.REVIEW and rating == Rating.AGAIN
        advanced = _advanced(memory, card, wait, day, at, seed, self._least(memory), self.settings.maximum_interval)
        return advanced._replace(lapses=memory.lapses + lapse)

    def preview(self, memory: Memory, day: int, at: int, seed: int) -> tuple[Memory, Memory, Memory, Memory]:
        """Return the four memories that Again, Hard, Good and Easy would make, before any is chosen."""
        again, hard, good, easy = (self.review(memory, rating, day, at, seed) for rating in Rating)
        return again, hard, good, easy

    def is_leech(self, before: Memory, after: Memory) -> bool:
        """Tell whether a review made a card a leech: at the threshold, and again at every half of it beyond."""
        return leech_at(self.settings.leech_threshold, before.lapses, after.lapses)

    def _least(self, memory: Memory) -> int:
        """Return how many days the card waits at least if it is in review afterwards; only steps of days make it more than 0."""
        if memory.state == State.REVIEW:
            return sum(self.settings.relearning_steps[:1]) // 86400
        relearning = memory.state == State.RELEARNING
        least = least_days(self.settings.relearning_steps if relearning else self.settings.learning_steps)
        return least[min(memory.step, len(least) - 1)]  # there may have been more steps when the card came to this one

    def _card(self, memory: Memory) -> fsrs.Card:
        if memory.state == State.NEW:
            return fsrs.Card(card_id=1, due=_NOON)
        last = _NOON + timedelta(days=memory.last_day)
        return fsrs.Card(
            card_id=1,
            state=fsrs.State(memory.state),
            step=None if memory.state == State.REVIEW else memory.step,
            stability=memory.stability,
            difficulty=memory.difficulty,
            due=last,
            last_review=last,
        )


def leech_at(threshold: int, before: int, after: int) -> bool:
    """Tell whether going from ``before`` to ``after`` lapses crosses the leech threshold (Anki's rule)."""
    if not threshold or after <= before or after < threshold:
        return False
    return (after - threshold) % max(1, (threshold + 1) // 2) == 0


def _advanced(
    memory: Memory, card: fsrs.Card, wait: timedelta, day: int, at: int, seed: int, least: int, maximum: int
) -> Memory:
    """Join what FSRS computed with what it does not know: days, counts, fuzz, and the order of the ratings."""
    day = max(day, memory.last_day)
    reps = memory.reps + 1
    due_day, due_at = day, 0
    if card.state == fsrs.State.Review:
        due_day = day + min(max(fuzzed(wait.days, seed, reps, maximum), least), maximum)
    elif wait.days >= 1:
        due_day = day + min(wait.days, maximum)
    else:
        due_at = at + int(wait.total_seconds() * 1000)
    assert card.stability is not None and card.difficulty is not None
    return memory._replace(
        state=int(card.state),
        step=card.step or 0,
        stability=card.stability,
        difficulty=card.difficulty,
        due_day=due_day,
        due_at=due_at,
        first_day=memory.first_day or day,
        last_day=day,
        last_at=at,
        reps=reps,
    )
