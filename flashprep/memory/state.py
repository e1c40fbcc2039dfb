"""The memory of a card, the rows of the log that make it, and the settings of the scheduler."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

DAY_MS = 86_400_000


class State(IntEnum):
    """Where a card stands; the numbers are those of FSRS and Anki."""

    NEW = 0
    LEARNING = 1
    REVIEW = 2
    RELEARNING = 3


STATE_NAMES = ("new", "learning", "review", "relearning")


class Rating(IntEnum):
    """How well a card was recalled."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


RATING_NAMES = ("", "Again", "Hard", "Good", "Easy")


class Entry(NamedTuple):
    """A row of the log as the fold sees it."""

    kind: str  # review, suspend, unsuspend, bury, reset, leech
    rating: int  # 1..4 for a review, else 0
    day: int  # study day on which it happened, fixed when it was written
    at: int  # epoch milliseconds


class Nature(NamedTuple):
    """What the schedule of a card depends on besides its log and the settings; it never changes."""

    seed: int = 0  # of the fuzz
    exercise: bool = False  # solved in an editor: it has no steps within the day


class Memory(NamedTuple):
    """What is known of a card: a fold of its log."""

    state: int = State.NEW
    step: int = 0  # learning step, 0-based; 0 outside of learning
    stability: float = 0.0  # days until recall probability falls to 90 %; 0 for a new card
    difficulty: float = 0.0  # 1..10; 0 for a new card
    due_day: int = 0  # study day
    due_at: int = 0  # epoch ms for a card that is due within the day, else 0
    first_day: int = 0  # study day of the first review; 0 for a new card
    last_day: int = 0  # study day of the last review; 0 for a new card
    last_at: int = 0  # epoch ms of the last review
    reps: int = 0
    lapses: int = 0
    suspended: int = 0  # 1: hidden until undone
    leech: int = 0  # 1: set aside after too many lapses
    buried_day: int = 0  # hidden on this study day


NEW = Memory()


# What one review of a log did, as Anki's log tells it: (state before, difficulty after, days until the card comes again, seconds
# until then where it comes again within the day, else 0). A plain tuple, because there are hundreds of thousands.
Step = tuple[int, float, int, int]


class Settings(NamedTuple):
    """The settings of the scheduler, as plain numbers."""

    parameters: tuple[float, ...] = ()  # 21 FSRS-6 parameters; empty: the defaults of py-fsrs
    desired_retention: float = 0.9
    learning_steps: tuple[int, ...] = (60, 600)  # seconds
    relearning_steps: tuple[int, ...] = (600,)  # seconds
    maximum_interval: int = 36500  # days
    leech_threshold: int = 8  # lapses; 0: never

    def of(self, exercise: bool) -> Settings:
        """Return the settings for a card: nobody solves the same problem again ten minutes later."""
        return self._replace(learning_steps=(), relearning_steps=()) if exercise else self


def least_days(steps: tuple[int, ...]) -> tuple[int, ...]:
    """Return by step how many days a card waits at least when it leaves the steps: no fewer than a worse rating would give."""
    if not steps:
        return (0,)
    # Easy leaves any step, and Good would have gone on to the next; from the last one Good leaves, and Hard would have stayed.
    stay = steps[-1] if len(steps) > 1 else steps[0] * 1.5
    return tuple(int(wait * 1000 // DAY_MS) for wait in (*steps[1:], stay))


def wait_seconds(memory: Memory, day: int, at: int) -> float:
    """Return how long after epoch ms ``at`` on study day ``day`` a card falls due."""
    return (memory.due_at - at) / 1000 if memory.due_at else (memory.due_day - day) * DAY_MS / 1000
