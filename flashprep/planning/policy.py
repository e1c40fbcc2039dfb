"""Which cards to show today, so that as much as possible is remembered on a day to come.

Two policies with the same face. ``greedy`` takes the cards with the highest gain in expected recall on the day per second. The
``priced`` one sees further: each remaining day has a price per second, the multiplier of that day's budget. A dynamic programme
(programme.py) finds what a card is worth when each visit is paid at the price of its day; prices are raised where the cards, so
valued, want more time than there is, and lowered where they want less. A card's gain is what a visit today is worth per second,
beside the best that can be done with the card later.

Cards may count on different days: ``days`` is then an array, one entry a card.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from flashprep.planning import programme
from flashprep.planning.deck import Deck
from flashprep.planning.learner import Array, Learner

_FINAL = 0.02  # of the softness, once the prices are found and only today is left to decide
_STEP = 0.15  # of the logarithm of a price, to begin with
_LONGER, _SHORTER, _SHORTEST, _LONGEST_STEP = 1.15, 0.5, 0.01, 0.4
_EASING = 1.0  # seconds on both sides of the ratio of what is wanted and what there is: either may be 0
_LEAST_PRICE, _MOST_PRICE = 1e-7, 1.0  # recall per second
_ENOUGH = 600  # seen cards that prices are found with
_AT_ONCE = 1000  # cards that are valued at once
COLD, WARM = 60, 12  # rounds in which prices are found, and in which those of yesterday are mended

Days = int | NDArray[np.int64]  # until the day that counts, the same for all cards or one entry a card


class Choice(NamedTuple):
    """What a policy says about today."""

    order: list[int]  # cards, the best first: show them while there is time
    gain: Array  # by card: gain per second of a visit today; what is not above 0 is not in the order
    cost: Array  # by card: seconds that a visit today is expected to take
    prices: Array  # of a second on each of the days, today's first; empty for greedy


class Outlook(NamedTuple):
    """What a plan that is kept leads to, by card."""

    recall: Array  # probability of recall on the day that counts, before anything is known of the answers until then
    seen: Array  # probability that the card is visited at all, or was
    prices: Array  # as of a choice


def greedy(deck: Deck, days: Days, learner: Learner) -> Choice:
    """Order cards by the gain of one visit today in expected recall after ``days`` days, per second."""
    without, with_visit, cost = _one_visit(deck, days, learner)
    gain = (with_visit - without) / cost
    return Choice(_ordered(gain), gain, cost, np.zeros(0))


def expected(deck: Deck, days: Days, learner: Learner) -> Array:
    """Return the probability of recall of each card after ``days`` days without a visit; 0 for new cards."""
    seen = ~deck.new
    found = np.zeros(len(deck.stability))
    found[seen] = learner.recall(deck.stability[seen], deck.elapsed[seen] + _each(days, deck)[seen])
    return found


def priced(
    deck: Deck,
    days: Days,
    budgets: Sequence[float],
    learner: Learner,
    before: Array | None = None,
    rounds: int = 0,
) -> Choice:
    """Order cards by what a visit today is worth, with an eye on all days until the day that counts.

    ``days`` from today to that day; ``budgets`` are the seconds of each of these days, today's first, with the days off as 0 and
    the others at the share of days that the learner attends. ``before`` are prices of these days that an earlier call left,
    nearly right already; without them, or with fewer ``rounds``, they take longer, or are less exact.
    """
    prices, groups = _solved(deck, days, budgets, learner, before, rounds)
    if not len(prices):
        return greedy(deck, days, learner)
    soft = programme.softness(prices, learner)
    gain, costs = np.zeros(len(deck.stability)), np.zeros(len(deck.stability))
    for group in groups:
        ahead = prices[: group.days]
        values, _ = programme.values_of(group.table, ahead, group.days, soft * _FINAL)
        for which, cards in _parts(deck, group, learner):
            worth, cost = cards.worth(values, ahead)
            later = np.maximum(worth[:, 1:].max(axis=1) if group.days > 1 else -np.inf, cards.never)
            gain[which] = (worth[:, 0] + ahead[0] * cost[:, 0] - later) / cost[:, 0]
            costs[which] = cost[:, 0]
    due = _each(days, deck) < 1
    if due.any():
        last = greedy(deck.part(due), 0, learner)
        gain[due], costs[due] = last.gain, last.cost
    return Choice(_ordered(gain) if budgets[0] > 0 else [], gain, costs, prices)


def outlook(
    deck: Deck,
    days: Days,
    budgets: Sequence[float],
    learner: Learner,
    before: Array | None = None,
    rounds: int = 0,
) -> Outlook:
    """Return what the priced policy leads to if it is kept; arguments as for ``priced``."""
    prices, groups = _solved(deck, days, budgets, learner, before, rounds)
    recall, seen = expected(deck, days, learner), (~deck.new).astype(float)
    if len(prices):
        soft = programme.softness(prices, learner)
        for group in groups:
            ahead = prices[: group.days]
            values, shares = programme.values_of(group.table, ahead, group.days, soft)
            after = programme.recall_of(group.table, shares, group.days)
            for which, cards in _parts(deck, group, learner):
                recall[which], seen[which] = programme.kept(cards, values, after, ahead, soft)
    return Outlook(recall, seen, prices)


class _Group(NamedTuple):
    """The cards that count on one day."""

    which: NDArray[np.int64]
    days: int  # at least 1
    table: programme.Table
    sample: programme.Cards  # of them, which prices are found with


def _groups(deck: Deck, days: Days, learner: Learner) -> Iterator[_Group]:
    each = _each(days, deck)
    found = [int(one) for one in np.unique(each) if one >= 1]
    if not found and isinstance(days, int) and days >= 1:
        found = [days]  # no cards at all
    for one in found:
        which = np.flatnonzero(each == one)
        table = programme.table_of(tuple(learner.parameters), learner.costs, learner.habits, max(found))
        yield _Group(which, one, table, _sample(deck.part(which), one, learner))


def _sample(deck: Deck, days: int, learner: Learner) -> programme.Cards:
    """Return cards that stand for all of them: with many that were seen, evenly spaced ones in the order of their stability."""
    seen = np.flatnonzero(~deck.new)
    count = len(seen)
    if count > _ENOUGH:
        ordered = seen[np.argsort(deck.stability[seen], kind="stable")]
        chosen = ordered[(2 * np.arange(_ENOUGH) + 1) * count // (2 * _ENOUGH)]
        deck = deck.part(np.concatenate([chosen, np.flatnonzero(deck.new)]))
    return programme.Cards(deck, days, learner, max(1.0, count / _ENOUGH))


def _parts(deck: Deck, group: _Group, learner: Learner) -> Iterator[tuple[NDArray[np.int64], programme.Cards]]:
    """Yield the cards of a group in parts that fit into memory."""
    for start in range(0, len(group.which), _AT_ONCE):
        which = group.which[start : start + _AT_ONCE]
        yield which, programme.Cards(deck.part(which), group.days, learner)


def _solved(
    deck: Deck, days: Days, budgets: Sequence[float], learner: Learner, before: Array | None, rounds: int
) -> tuple[Array, list[_Group]]:
    """Find the prices at which the cards want of each day the time that it has."""
    groups = list(_groups(deck, days, learner))
    longest = max((group.days for group in groups), default=0)
    if not longest:
        return np.zeros(0), []
    budget = np.maximum(np.asarray(budgets, dtype=float)[:longest], 0.0)
    if before is None or len(before) != longest:
        prices, usual = _begin(deck, days, budget, learner), COLD
    else:
        prices, usual = np.array(before), WARM
    step = np.full(longest, _STEP)
    wanted = np.zeros(longest)
    for _ in range(rounds or usual):
        soft = programme.softness(prices, learner)
        usage = np.zeros(longest)
        for group in groups:
            ahead = prices[: group.days]
            values, shares = programme.values_of(group.table, ahead, group.days, soft)
            usage[: group.days] += programme.usage_of(
                group.table, group.sample, values, shares, ahead, group.days, soft
            )
        # A day that is asked for more than it has becomes dearer, in ever longer steps; where the demand swings from day to
        # day, because cards only move to the neighbour, the steps get shorter.
        before_that, wanted = wanted, np.log((usage + _EASING) / (budget + _EASING))
        step = np.clip(step * np.where(wanted * before_that > 0, _LONGER, _SHORTER), _SHORTEST, _LONGEST_STEP)
        prices = np.clip(prices * np.exp(step * np.clip(wanted, -1.0, 1.0)), _LEAST_PRICE, _MOST_PRICE)
    return prices, groups


def _begin(deck: Deck, days: Days, budget: Array, learner: Learner) -> Array:
    """Return prices to begin with, the same on all days: part of what greedy gains with the last second of a day."""
    gain = np.sort(greedy(deck, days, learner).gain)[::-1]
    if not len(gain):
        return np.full(len(budget), 1e-3)
    fits = min(int(budget.mean() / learner.costs.passed), len(gain) - 1)
    # A part of it, because later days are worth waiting for.
    return np.full(len(budget), max(float(gain[fits]) * 0.3, 1e-5))


def _each(days: Days, deck: Deck) -> NDArray[np.int64]:
    """Return the days of each card, none of them below 0."""
    return np.maximum(np.broadcast_to(np.asarray(days, dtype=np.int64), deck.stability.shape), 0)


def _ordered(gain: Array) -> list[int]:
    return [int(card) for card in np.argsort(-gain, kind="stable") if gain[card] > 0]


def _one_visit(deck: Deck, days: Days, learner: Learner) -> tuple[Array, Array, Array]:
    """Return expected recall without and with a visit today, and the expected seconds of it."""
    count = len(deck.stability)
    without, with_visit, cost = np.zeros(count), np.zeros(count), np.full(count, learner.costs.new)
    each = _each(days, deck)
    after = np.maximum(each, 1e-9)
    first_s, _ = learner.first()
    with_visit[deck.new] = learner.recall(first_s[None, :], after[deck.new][:, None]) @ np.asarray(learner.habits.first)
    seen = ~deck.new
    s, d, e = deck.stability[seen], deck.difficulty[seen], deck.elapsed[seen]
    without[seen] = learner.recall(s, e + each[seen])
    now, after = learner.recall(s, e), after[seen]
    total = (1 - now) * learner.recall(learner.lapsed(s, d, now)[0], after)
    for rating, share in zip((2, 3, 4), learner.habits.passed, strict=True):
        total += now * share * learner.recall(learner.passed(s, d, now, rating)[0], after)
    with_visit[seen] = total
    cost[seen] = now * learner.costs.passed + (1 - now) * learner.costs.lapsed
    return without, with_visit, cost
