"""The plan of a day: which cards raise most what will be known on the dates, made once a day from what is."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, NamedTuple

from flashprep.memory.queue import NOTHING, Worth
from flashprep.memory.state import Settings, State
from flashprep.store import draws, fit, plan
from flashprep.store.plan import Candidate, Interview
from flashprep.store.sql import fact, set_fact, transaction

if TYPE_CHECKING:
    from flashprep.planning.deck import Deck
    from flashprep.planning.habits import Learned
    from flashprep.planning.learner import Array, Learner
    from flashprep.planning.policy import Days, Outlook

# A date further away than this is planned for as if it were so near, which makes little difference to what is best today; what will
# be known then is not foretold.
FAR_DAYS = 84
_HABIT_DAYS = 90  # of the log, which habits are learned from
_FACT, _FORM = "plan", 1  # where the plan of the day is kept, and in which form; one in another form is made anew
_USUAL_GAIN = 0.001  # of a new card, where there is none to learn it from


class DayPlan(NamedTuple):
    """What the cards are worth today."""

    day: int  # study day
    aims: str  # the dates and parameters that it was made for
    worth: dict[int, Worth]
    fresh: Worth  # of a new card that came since
    prices: list[float]  # of a second on each day until the last date, this one first
    pass_seconds: float


class Aim(NamedTuple):
    """What the plan is made of: who counts when, and the time there is."""

    cards: list[Candidate]  # that a date asks for, new ones in the order in which they are to be learned
    others: list[Candidate]
    dates: list[Interview]  # of each card: the first date that asks for it
    today: int
    learned: Learned
    learner: Learner
    budgets: list[float]  # seconds of each day until the last date, today's first

    @property
    def deck(self) -> Deck:
        """The cards as the policies take them."""
        import numpy as np

        from flashprep.planning.deck import Deck

        last = np.array([card.last_day for card in self.cards], dtype=float)
        stability = np.array([card.stability if card.state else 0.0 for card in self.cards], dtype=float)
        difficulty = np.array([card.difficulty for card in self.cards], dtype=float)
        elapsed = np.where(stability > 0, np.maximum(self.today - last, 1), 0)
        return Deck(stability, difficulty, elapsed)

    @property
    def days(self) -> Days:
        """Days until each card counts."""
        import numpy as np

        return np.array([min(date.day - self.today, FAR_DAYS) for date in self.dates], dtype=np.int64)


def aim(db: sqlite3.Connection, interviews: list[Interview], settings: Settings, today: int, spent_s: float = 0) -> Aim:
    """Gather what a plan is made of; ``spent_s`` are the seconds that this day has had already."""
    from flashprep.planning.habits import learned
    from flashprep.planning.learner import DEFAULT_PARAMETERS, Learner

    near = interviews[0]
    found = learned(fit.recent(db, today - _HABIT_DAYS), today, near.studies_on)
    learner = Learner(settings.parameters or DEFAULT_PARAMETERS, found.costs, found.habits)
    candidates = plan.candidates(db)
    chosen = wanted(candidates, interviews)
    asked = {card.card for card, _ in chosen}
    others = [card for card in candidates if card.card not in asked]
    budgets = _budgets(interviews, today, found.attendance)
    if budgets:
        budgets[0] = max(0.0, near.minutes * 60 - spent_s) if near.studies_on(today) else 0.0
    return Aim([card for card, _ in chosen], others, [date for _, date in chosen], today, found, learner, budgets)


def _budgets(interviews: list[Interview], today: int, attendance: float) -> list[float]:
    """Return the seconds of each day: those of the date that comes next on that day, at the share of days that are attended."""
    last = min(interviews[-1].day, today + FAR_DAYS)
    found = []
    for day in range(today, last):
        date = next(date for date in interviews if date.day > day)
        found.append(date.minutes * 60 * attendance if date.studies_on(day) else 0.0)
    return found


def wanted(candidates: list[Candidate], interviews: list[Interview]) -> list[tuple[Candidate, Interview]]:
    """Return the cards that a date asks for, with the first date that does; in the order in which new ones are learned.

    The user's own come first, then what is tagged prio, then by the rank of topic and round.
    """
    found = []
    for card in candidates:
        date = next((date for date in interviews if asks_for(date, card)), None)
        if date is not None:
            found.append((card, date))
    found.sort(key=lambda pair: (pair[1].day, -pair[0].layer, "prio" not in pair[0].tags, _rank(*pair)))
    return found


def asks_for(date: Interview, card: Candidate) -> bool:
    """Tell whether a date asks for a card: its round is one of the date's, and its topic is not dropped."""
    if date.rounds and card.round not in date.rounds:
        return False
    return not any(is_about(card, topic) for topic in date.dropped)


def is_about(card: Candidate, topic: str) -> bool:
    """Tell whether a card belongs to a topic: a tag, or part of the name of its deck or of the deck's file."""
    word = topic.casefold()
    return word in card.tags or word in card.deck.casefold() or word in card.file.casefold()


def _rank(card: Candidate, date: Interview) -> tuple[int, int]:
    topic = next((place for place, name in enumerate(date.topics) if is_about(card, name)), len(date.topics))
    return topic, date.rounds.index(card.round) if date.rounds else 0


def day_plan(db: sqlite3.Connection, interviews: list[Interview], settings: Settings, today: int) -> DayPlan:
    """Return the plan of a study day; it is made when the day's first session asks for it, and when the dates change."""
    aims = json.dumps([interviews, settings.parameters])
    kept = _kept(db)
    if kept is None or kept.aims != aims:  # for other aims the prices are other ones
        return _make(db, interviews, settings, today, aims, None)
    return kept if kept.day == today else _make(db, interviews, settings, today, aims, kept)


def _kept(db: sqlite3.Connection) -> DayPlan | None:
    form, *fields = json.loads(fact(db, _FACT) or "[0]")
    if form != _FORM:
        return None
    day, aims, worth, fresh, prices, seconds = fields
    return DayPlan(day, aims, {int(card): Worth(*one) for card, one in worth.items()}, Worth(*fresh), prices, seconds)


def _make(
    db: sqlite3.Connection,
    interviews: list[Interview],
    settings: Settings,
    today: int,
    aims: str,
    before: DayPlan | None,
) -> DayPlan:
    """Make the plan of a study day, beginning with the prices of an earlier one, and keep it."""
    from flashprep.planning.policy import priced

    spent = draws.seconds_on_cards(db, today)
    goal = aim(db, interviews, settings, today, spent)
    choice = priced(goal.deck, goal.days, goal.budgets or [0.0], goal.learner, prices_from(before, goal))
    worth = {card.card: NOTHING for card in goal.others}
    fresh = []
    for rank, (card, date) in enumerate(zip(goal.cards, goal.dates, strict=True)):
        gain = round(float(choice.gain[rank]), 9)
        if card.state == State.NEW:
            gain = gain if date.day > today else 0.0  # nothing new on the day itself
            fresh.append(gain)
        worth[card.card] = Worth(gain, round(float(choice.cost[rank]), 2), rank)
    made = DayPlan(
        today,
        aims,
        worth,
        Worth(max(fresh, default=_USUAL_GAIN), goal.learner.costs.new, -1),
        [float(price) for price in choice.prices],
        goal.learner.costs.passed,
    )
    with transaction(db):
        set_fact(db, _FACT, json.dumps([_FORM, *made]))
    return made


def prices_from(before: DayPlan | None, goal: Aim) -> Array | None:
    """Return the prices that an earlier plan for the same dates found for the days of this one."""
    import numpy as np

    days = len(goal.budgets)
    if before is None or not 0 <= goal.today - before.day < len(before.prices):
        return None
    known = before.prices[goal.today - before.day :][:days]
    return np.array(known + [known[-1]] * (days - len(known)))  # of a date far away, further days come into sight


def foretold(goal: Aim, prices: Array | None, minutes: float = 1.0, rounds: int = 0) -> Outlook:
    """Return what a kept plan leads to; ``minutes`` is a factor for the time of all days, ``prices`` are where it begins."""
    from flashprep.planning.policy import outlook

    budgets = [seconds * minutes for seconds in goal.budgets]
    return outlook(goal.deck, goal.days, budgets or [0.0], goal.learner, prices, rounds)
