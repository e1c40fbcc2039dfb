"""A session at one moment."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from flashprep.memory.queue import Item, Queue
from flashprep.memory.state import Rating


class Phase(Enum):
    """What the screen shows."""

    LOADING = "loading"
    PROMPT = "prompt"
    STEPS = "steps"  # some steps of an approach
    ANSWER = "answer"
    SPENT = "spent"  # the time is over, and there are more cards
    DONE = "done"


WELL_UNDER = 0.5  # of the time goal: a pass within it proposes Easy


def proposed(passed: bool, helped: bool, spent_ms: int, goal_ms: int) -> Rating:
    """Return the rating that the verdict of the tests stands for.

    Failed: Again. Passed with help shown, or over the time goal: Hard. Passed: Good. Passed in half of the goal: Easy.
    """
    if not passed:
        return Rating.AGAIN
    if helped or spent_ms > goal_ms:
        return Rating.HARD
    return Rating.EASY if spent_ms <= WELL_UNDER * goal_ms else Rating.GOOD


class Solving(NamedTuple):
    """How far the exercise on the screen has come."""

    passed: bool
    spent_ms: int  # since the fresh starter
    goal_ms: int
    helped: bool = False  # the answer was shown before it passed


class Done(NamedTuple):
    """A rating of this session."""

    card: int
    rating: int
    duration: int  # ms
    new: bool  # the card's first rating ever
    leech: bool = False  # the card was set aside


class Tally(NamedTuple):
    """What was done."""

    ratings: tuple[int, int, int, int] = (0, 0, 0, 0)  # Again, Hard, Good, Easy
    new: int = 0
    spent_ms: int = 0
    failed: tuple[int, ...] = ()  # cards whose last rating was Again, in the order of those ratings
    leeches: tuple[int, ...] = ()
    seen: frozenset[int] = frozenset()

    @property
    def reviews(self) -> int:
        """The number of ratings."""
        return sum(self.ratings)


class Time(NamedTuple):
    """How much time a session has, where the study has an aim."""

    left_ms: int  # at the start of the session
    pass_ms: int  # that a card takes at least: with less left, none begins


class Session(NamedTuple):
    """A session at one moment."""

    queue: Queue
    cram: bool = False
    limit: int | None = None  # cards that may be shown, None: all
    time: Time | None = None  # None: as much as the cards take
    phase: Phase = Phase.LOADING
    item: Item | None = None
    steps: int = 0  # of the card
    known: tuple[bool, ...] = ()  # for each step that was judged, whether it was recalled
    shown_at: int = 0  # epoch ms
    revealed_at: int = 0  # epoch ms, 0 before
    timed: bool = False
    exercise: bool = False
    solving: Solving | None = None  # None: the tests have not run yet
    total: int = 0  # cards in the queue at the start
    done: tuple[Done, ...] = ()  # oldest first
    notice: str = ""  # one line about what just happened

    @property
    def tally(self) -> Tally:
        """What was done so far, without what was taken back."""
        ratings = [done.rating for done in self.done]
        last: dict[int, int] = {}
        for done in self.done:
            last.pop(done.card, None)
            last[done.card] = done.rating
        return Tally(
            ratings=(ratings.count(1), ratings.count(2), ratings.count(3), ratings.count(4)),
            new=sum(done.new for done in self.done),
            spent_ms=sum(done.duration for done in self.done),
            failed=tuple(card for card, rating in last.items() if rating == Rating.AGAIN),
            leeches=tuple(done.card for done in self.done if done.leech),
            seen=frozenset(last),
        )

    @property
    def has_time(self) -> bool:
        """Tell whether there is time for one more card."""
        return self.time is None or self.time.left_ms - self.tally.spent_ms >= self.time.pass_ms

    @property
    def steps_shown(self) -> int:
        """The number of steps on the screen: the judged ones and the one that waits to be judged."""
        return min(len(self.known) + 1, self.steps) if self.phase is Phase.STEPS else self.steps

    @property
    def suggested(self) -> Rating | None:
        """The rating that the recalled steps, or the tests, suggest; None where neither has judged."""
        if self.phase is Phase.ANSWER and self.solving:
            tried = self.solving
            return proposed(tried.passed, tried.helped, tried.spent_ms, tried.goal_ms)
        if self.phase is not Phase.ANSWER or not self.steps or len(self.known) < self.steps:
            return None
        missed = self.known.count(False)
        if missed == 0:
            return Rating.GOOD
        return Rating.HARD if missed <= self.steps // 3 else Rating.AGAIN
