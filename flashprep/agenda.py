"""What a study day draws: by the limits of the config, or where there is an interview date, by the plan."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, NamedTuple

from flashprep.config import Config
from flashprep.memory.queue import Queue, build, build_by_worth, first, from_items
from flashprep.store import draws, plan
from flashprep.store.plan import Interview
from flashprep.store.queries import Filter

if TYPE_CHECKING:
    from flashprep.planner import DayPlan


class PlannedTime(NamedTuple):
    """The time that the plan for an interview date gives to cards today."""

    interview: Interview  # the nearest
    seconds: float  # of a day with study
    today: float  # seconds of this day, 0 on a day off
    spent: float  # seconds
    plan: DayPlan

    @property
    def pass_seconds(self) -> float:
        """The seconds that a card takes at least."""
        return self.plan.pass_seconds

    @property
    def left(self) -> float:
        """The seconds of today that are left."""
        return max(0.0, self.today - self.spent)

    def extended(self, allowed: float) -> float:
        """Return how much time the day has when it is extended by the time of one more day."""
        return max(allowed, self.spent) + self.seconds


class Agenda:
    """A study day with what it draws."""

    def __init__(self, db: sqlite3.Connection, config: Config, today: int):
        self.db, self.config, self.today = db, config, today

    def interviews(self) -> list[Interview]:
        """Return the interview dates from today on, the nearest first."""
        return plan.interviews(self.db, self.today)

    def last_interview(self) -> Interview | None:
        """Return the last date that is over and was not cleared."""
        return next((date for date in reversed(plan.interviews(self.db, 0)) if date.day < self.today), None)

    def planned_time(self, filter: Filter | None = None, new: int | None = None) -> PlannedTime | None:
        """Return the time that the plan gives to cards today, None where it does not decide what is shown.

        It does not without a date, for cards that are asked for by name, for a number of new ones, and for cards that no date
        asks for.
        """
        dates = self.interviews()
        if not dates or new is not None or (filter and filter.ids):
            return None
        made = self.day_plan(dates)
        if filter:
            items = draws.queue_items(self.db, filter, self.today, early=True)
            if not any(made.worth.get(item.card, made.fresh).counts for item in items):
                return None
        seconds = dates[0].minutes * 60.0
        today = seconds if dates[0].studies_on(self.today) else 0.0
        return PlannedTime(dates[0], seconds, today, self.spent_on_cards(), made)

    def spent_on_cards(self) -> float:
        """Return the seconds of this study day that went into cards."""
        return draws.seconds_on_cards(self.db, self.today)

    def day_plan(self, dates: list[Interview]) -> DayPlan:
        """Return what the cards are worth today; it is made when the first session of the day asks for it."""
        from flashprep.planner import day_plan

        return day_plan(self.db, dates, self.config.settings, self.today)

    def queue(self, filter: Filter, new: int | None = None, cram: bool = False, allowed: float | None = None) -> Queue:
        """Return what is to be reviewed now; ``new`` replaces the limits of how many new cards the day takes.

        With an interview date the plan decides, within ``allowed`` seconds of this day, by default the minutes of the plan.
        """
        if cram:
            return from_items(draws.cram_items(self.db, filter, self.today))
        time = self.planned_time(filter, new)
        if time is None:
            queue = self._queue_by_limits(filter, new)
        else:
            queue = self._queue_by_plan(filter, time.plan, (time.today if allowed is None else allowed) - time.spent)
        asked = plan.pulled(self.db)
        return first(asked, queue, draws.queue_items(self.db, filter, self.today, early=True)) if asked else queue

    def _queue_by_plan(self, filter: Filter, made: DayPlan, seconds: float) -> Queue:
        items = draws.queue_items(self.db, filter, self.today, early=True)
        seen = draws.seen_notes(self.db, self.today)
        return build_by_worth(items, made.worth, made.fresh, seconds, made.pass_seconds, seen)

    def _queue_by_limits(self, filter: Filter, new: int | None) -> Queue:
        limits = self.config.limits
        if new is not None:
            decks = {deck: (None, reviews) for deck, (_, reviews) in limits.decks.items()}
            limits = limits._replace(new=new, decks=decks)
        if filter.ids:  # asked for by name
            limits = limits._replace(exercises=limits.new)
        items = draws.queue_items(self.db, filter, self.today)
        seen, done = draws.seen_notes(self.db, self.today), draws.done_today(self.db, self.today)
        return build(items, self.today, limits, seen, done, draws.new_exercises(self.db, self.today))

    def new_today(self) -> int:
        """Return how many new cards this study day has had."""
        return sum(new for new, _ in draws.done_today(self.db, self.today).values())
