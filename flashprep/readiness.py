"""What will be known on an interview date: now, and if the plan is kept; and what the time is too short for."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, exp, log, sqrt
from typing import TYPE_CHECKING, NamedTuple

from flashprep import planner
from flashprep.collection import Collection
from flashprep.memory.state import State
from flashprep.planner import Aim, DayPlan
from flashprep.statistics import Retention, recalled
from flashprep.store.plan import Candidate, Interview

if TYPE_CHECKING:
    from flashprep.planning.learner import Array

_Z = 1.28  # of the normal distribution: four of five outcomes lie within so many standard deviations
_MODEL = 0.03  # standard deviation of a forecast by the parameters of somebody else
_LEAST_MODEL = 0.01
_ENOUGH = 200  # reviews after which the user's own calibration counts
_CALIBRATION_DAYS = 90
_CLOSE = 0.02  # recall: less than the forecast can tell
_TIMES = (2, 4)  # as many minutes that are tried
_ROUNDS = 60  # rounds for those of so much more time


class Share(NamedTuple):
    """Cards of a round or topic: which share is expected to be recalled on the date, 0..1."""

    name: str
    cards: int
    unseen: int  # cards that the time is too short for
    now: float  # without any further review
    now_span: tuple[float, float]  # four of five outcomes
    kept: float  # if the plan is kept
    kept_span: tuple[float, float]


class Short(NamedTuple):
    """The time is too short for what is aimed at."""

    unseen: int  # cards that will not be seen
    goal: float  # recall of all cards on the date that is aimed at, 0..1
    minutes: int  # a day that it would take, 0: more than four times as many
    drop: list[tuple[str, int]]  # decks that could be left out instead, with their cards


class Readiness(NamedTuple):
    """The forecast for one date. Nothing is foretold of one that is too far away."""

    date: Interview
    total: Share | None
    rounds: list[Share]
    topics: list[Share]  # decks, the weakest first
    short: Short | None
    calibration: Retention


def readiness(collection: Collection, date: Interview) -> Readiness:
    """Foretell what will be known on a date, for all cards that it asks for."""
    today = collection.now().day
    calibration = recalled(collection, today - _CALIBRATION_DAYS)
    if date.day - today > planner.FAR_DAYS:
        return Readiness(date, None, [], [], None, calibration)
    dates = collection.agenda.interviews()
    first = dates[0] == date
    before = collection.agenda.day_plan(dates) if first else None
    goal = planner.aim(collection.db, [date], collection.config.settings, today, collection.agenda.spent_on_cards())
    now, kept, unseen, prices = _foretold(goal, before)
    error = _model_error(calibration)

    def share(name: str, which: Sequence[int]) -> Share:
        count = max(len(which), 1)
        means = [sum(float(values[n]) for n in which) / count for values in (now, kept)]
        spans = [
            _span(mean, [float(values[n]) for n in which], error)
            for mean, values in zip(means, (now, kept), strict=True)
        ]
        return Share(name, len(which), sum(n in unseen for n in which), means[0], spans[0], means[1], spans[1])

    cards = goal.cards
    rounds = dict.fromkeys([*date.rounds, *sorted({card.round for card in cards})])
    topics = sorted({card.deck for card in cards})
    by_topic = [share(name, [n for n, card in enumerate(cards) if card.deck == name]) for name in topics]
    by_round = [share(name, [n for n, card in enumerate(cards) if card.round == name]) for name in rounds]
    total = share("all", range(len(cards)))
    return Readiness(
        date,
        total,
        [one for one in by_round if one.cards],
        sorted(by_topic, key=lambda one: one.kept),
        _short(goal, prices, collection.config.settings.desired_retention, total.kept, len(unseen)),
        calibration,
    )


def _foretold(goal: Aim, before: DayPlan | None) -> tuple[Array, Array, set[int], Array]:
    """Return recall on the date by card, now and if the plan is kept, the cards that will not be seen, and the prices."""
    from flashprep.planning.policy import expected

    now = expected(goal.deck, goal.days, goal.learner)
    found = planner.foretold(goal, planner.prices_from(before, goal))
    kept = found.recall.copy()
    new = [n for n, card in enumerate(goal.cards) if card.state == State.NEW]
    # The forecast knows new cards only as equals; their rank says which of them come first.
    if not goal.budgets:  # it is today
        return now, now, set(), now[:0]
    seen = round(sum(float(found.seen[n]) for n in new))
    unseen = set(new[seen:])
    for n in new:
        kept[n] = 0.0 if n in unseen else min(1.0, float(found.recall[n]) / max(float(found.seen[n]), 1e-9))
    return now, kept, unseen, found.prices


def _span(mean: float, chances: list[float], error: float) -> tuple[float, float]:
    """Return the span of four of five outcomes: cards are recalled or not by chance, and the model itself errs."""
    count = max(len(chances), 1)
    spread = sqrt(sum(p * (1 - p) for p in chances) / count**2 + (error if mean > 0 else 0.0) ** 2)
    return max(0.0, mean - _Z * spread), min(1.0, mean + _Z * spread)


def _model_error(calibration: Retention) -> float:
    if calibration.reviews < _ENOUGH:
        return _MODEL
    return max(_LEAST_MODEL, abs(calibration.predicted - calibration.true))


def _short(goal: Aim, prices: Array, aimed: float, kept: float, unseen: int) -> Short | None:
    """Tell what it takes to reach a recall on the date, None if the plan does."""
    if not goal.budgets or not goal.cards or (kept >= aimed - _CLOSE and not unseen):
        return None
    minutes = goal.dates[0].minutes
    # Who must leave out cards knows the others as well as is aimed at: the time is enough for so many.
    drop = _droppable(goal, max(unseen, round(len(goal.cards) * (1 - kept / aimed))))
    points = [(0.0, _logit(kept))]
    for times in _TIMES:
        found = planner.foretold(goal, prices, times, _ROUNDS)
        prices = found.prices
        points.append((log(times), _logit(float(found.recall.mean()))))
        if points[-1][1] >= _logit(aimed):
            (x, low), (far, high) = points[-2:]
            needed = x + (far - x) * (_logit(aimed) - low) / max(high - low, 1e-9)
            return Short(unseen, aimed, max(minutes + 1, ceil(minutes * exp(needed))), drop)
    return Short(unseen, aimed, 0, drop)


def _logit(share: float) -> float:
    """Return the log odds of a share: recall over the time that it takes is nearly straight in these."""
    inside = min(max(share, 1e-4), 1 - 1e-4)
    return log(inside / (1 - inside))


def _droppable(goal: Aim, count: int) -> list[tuple[str, int]]:
    """Return decks that came with flashprep and have so many cards together, those of the least weight first."""
    decks: dict[str, list[Candidate]] = {}
    for card in goal.cards:
        if not card.layer:
            decks.setdefault(card.deck, []).append(card)
    date = goal.dates[0]

    def weight(deck: str) -> tuple[int, float]:
        cards = decks[deck]
        named = min(
            (place for place, topic in enumerate(date.topics) for card in cards if planner.is_about(card, topic)),
            default=len(date.topics),
        )
        return -named, sum("prio" in card.tags for card in cards) / len(cards)

    chosen: list[tuple[str, int]] = []
    for deck in sorted(decks, key=weight):
        if sum(number for _, number in chosen) >= count:
            break
        chosen.append((deck, len(decks[deck])))
    return chosen
