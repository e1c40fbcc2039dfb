"""Which cards to show today, so that as much as possible is remembered on a day to come.

Two policies with the same face. ``greedy`` takes the cards with the highest gain in expected recall on the day per second. The
``priced`` one sees further: each remaining day has a price per second, the multiplier of that day's budget. A dynamic programme
over (log S, D, day of the last visit) finds what a card is worth when each visit is paid at the price of its day; prices are
raised where the cards, so valued, want more time than there is, and lowered where they want less. A card's gain is
what a visit today is worth per second, beside the best that can be done with the card later.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from flashprep.planning.learner import Array, Costs, Habits, Learner

_S_POINTS, _D_POINTS = 36, 6
_LOG_S = np.linspace(np.log(0.08), np.log(700.0), _S_POINTS)
_D = np.linspace(1.0, 10.0, _D_POINTS)
_STATES = _S_POINTS * _D_POINTS
_SOFT = 0.05  # choices share the cards whose worth differs by less than this part of the price of a visit
_SOFTER = 4.0  # the same for the first visit, where all cards have the same choice
_LEAST_SOFT, _MOST_SOFT = 2e-4, 0.03  # recall
_FINAL = 0.02  # of that, once the prices are found and only today is left to decide
_STEP = 0.15  # of the logarithm of a price, to begin with
_LONGER, _SHORTER, _SHORTEST, _LONGEST_STEP = 1.15, 0.5, 0.01, 0.4
_EASING = 1.0  # seconds on both sides of the ratio of what is wanted and what there is: either may be 0
_LEAST_PRICE, _MOST_PRICE = 1e-7, 1.0  # recall per second
COLD, WARM = 60, 12  # rounds in which prices are found, and in which those of yesterday are mended
_LONGEST = 400  # days without a visit, which is as good as never


class Deck(NamedTuple):
    """Cards as plain arrays, one entry a card."""

    stability: Array  # days; 0 for a new card
    difficulty: Array  # 1..10; 0 for a new card
    elapsed: Array  # days since the last visit, at least 1; 0 for a new card

    @property
    def new(self) -> NDArray[np.bool_]:
        """Which cards were never visited."""
        return self.stability <= 0


class Choice(NamedTuple):
    """What a policy says about today."""

    order: list[int]  # cards, the best first: show them while there is time
    gain: Array  # by card: gain per second of a visit today; what is not above 0 is not in the order
    price: float  # of a second of today; 0 for greedy
    prices: Array  # of the remaining days, to begin with tomorrow


def greedy(deck: Deck, days: int, learner: Learner) -> Choice:
    """Order cards by the gain of one visit today in expected recall after ``days`` days, per second."""
    without, with_visit, cost = _one_visit(deck, days, learner)
    gain = (with_visit - without) / cost
    return Choice(_ordered(gain), gain, 0.0, np.zeros(0))


def expected(deck: Deck, days: int, learner: Learner) -> Array:
    """Return the probability of recall of each card after ``days`` days without a visit; 0 for new cards."""
    seen = ~deck.new
    found = np.zeros(len(deck.stability))
    found[seen] = learner.recall(deck.stability[seen], deck.elapsed[seen] + days)
    return found


def priced(
    deck: Deck,
    days: int,
    budgets: Sequence[float],
    learner: Learner,
    before: Array | None = None,
    rounds: int = 0,
) -> Choice:
    """Order cards by what a visit today is worth, with an eye on all days until the day that counts.

    ``days`` from today to that day; ``budgets`` are the seconds of each of these days, today's first, with the days off as 0 and
    the others at the share of days that the learner attends. ``before`` are the prices that the call of the day before left,
    nearly right already; without them, or with fewer ``rounds``, they take longer, or are less exact.
    """
    if days < 1:
        return greedy(deck, max(days, 0), learner)
    table = _table(tuple(learner.parameters), learner.costs, learner.habits, days)
    budget = np.maximum(np.asarray(budgets, dtype=float)[:days], 0.0)
    if before is None or len(before) != days:
        prices, usual = _begin(deck, days, budget, learner), COLD
    else:
        prices, usual = np.array(before), WARM
    cards = _Cards(deck, days, learner)
    step = np.full(days, _STEP)
    wanted = np.zeros(days)
    for _ in range(rounds or usual):
        soft = _softness(prices, learner)
        values, shares = _values(table, prices, days, soft)
        usage = _usage(table, cards, values, shares, prices, days, soft)
        # A day that is asked for more than it has becomes dearer, in ever longer steps; where the demand swings from day to
        # day, because cards only move to the neighbour, the steps get shorter.
        before_that, wanted = wanted, np.log((usage + _EASING) / (budget + _EASING))
        step = np.clip(step * np.where(wanted * before_that > 0, _LONGER, _SHORTER), _SHORTEST, _LONGEST_STEP)
        prices = np.clip(prices * np.exp(step * np.clip(wanted, -1.0, 1.0)), _LEAST_PRICE, _MOST_PRICE)
    values, _ = _values(table, prices, days, _softness(prices, learner) * _FINAL)
    worth, cost = cards.worth(values, prices)
    later = np.maximum(worth[:, 1:].max(axis=1) if days > 1 else -np.inf, cards.never)
    gain = (worth[:, 0] + prices[0] * cost[:, 0] - later) / cost[:, 0]
    if not budget[0]:
        gain = np.zeros_like(gain)
    return Choice(_ordered(gain), gain, float(prices[0]), prices[1:])


def _ordered(gain: Array) -> list[int]:
    return [int(card) for card in np.argsort(-gain, kind="stable") if gain[card] > 0]


def _one_visit(deck: Deck, days: int, learner: Learner) -> tuple[Array, Array, Array]:
    """Return expected recall without and with a visit today, and the expected seconds of it."""
    count = len(deck.stability)
    without, with_visit, cost = np.zeros(count), np.zeros(count), np.full(count, learner.costs.new)
    after = np.maximum(days, 1e-9)
    first_s, _ = learner.first()
    with_visit[deck.new] = float(np.dot(learner.habits.first, learner.recall(first_s, after)))
    seen = ~deck.new
    s, d, e = deck.stability[seen], deck.difficulty[seen], deck.elapsed[seen]
    without[seen] = learner.recall(s, e + days)
    now = learner.recall(s, e)
    total = (1 - now) * learner.recall(learner.lapsed(s, d, now)[0], after)
    for rating, share in zip((2, 3, 4), learner.habits.passed, strict=True):
        total += now * share * learner.recall(learner.passed(s, d, now, rating)[0], after)
    with_visit[seen] = total
    cost[seen] = now * learner.costs.passed + (1 - now) * learner.costs.lapsed
    return without, with_visit, cost


# -- the grid


class _Table(NamedTuple):
    """What a visit after 1, 2, ... days does to each state of the grid; it does not depend on prices."""

    matrix: Array  # [elapsed - 1, state, state]: probability of each next state
    cost: Array  # [elapsed - 1, state]: seconds
    ends: Array  # [days left, state]: recall on the day if there is no visit any more


def _corners(s: Array, d: Array) -> tuple[NDArray[np.int64], Array]:
    """Return the four grid states around each (S, D) and their weights, in a last axis."""
    x = np.clip((np.log(s) - _LOG_S[0]) / (_LOG_S[1] - _LOG_S[0]), 0, _S_POINTS - 1.000001)
    y = np.clip((d - _D[0]) / (_D[1] - _D[0]), 0, _D_POINTS - 1.000001)
    i, j = x.astype(np.int64), y.astype(np.int64)
    fx, fy = x - i, y - j
    base = i * _D_POINTS + j
    index = np.stack([base, base + 1, base + _D_POINTS, base + _D_POINTS + 1], axis=-1)
    weight = np.stack([(1 - fx) * (1 - fy), (1 - fx) * fy, fx * (1 - fy), fx * fy], axis=-1)
    return index, weight


def _visit(s: Array, d: Array, recall: Array, learner: Learner) -> tuple[NDArray[np.int64], Array]:
    """Return the grid states that a visit leads to and their probabilities: 16 in a last axis."""
    parts = [(*learner.lapsed(s, d, recall), 1 - recall)]
    parts += [
        (*learner.passed(s, d, recall, rating), recall * share)
        for rating, share in zip((2, 3, 4), learner.habits.passed, strict=True)
    ]
    found = [(*_corners(s2, d2), probability) for s2, d2, probability in parts]
    index = np.concatenate([one[0] for one in found], axis=-1)
    weight = np.concatenate([one[1] * one[2][..., None] for one in found], axis=-1)
    return index, weight


@lru_cache(4)
def _table(
    parameters: tuple[float, ...], costs: tuple[float, ...], habits: tuple[tuple[float, ...], ...], days: int
) -> _Table:
    learner = Learner(parameters, Costs(*costs), Habits(*habits))  # type: ignore[arg-type]
    s = np.repeat(np.exp(_LOG_S), _D_POINTS)
    d = np.tile(_D, _S_POINTS)
    elapsed = np.arange(1, days + 1, dtype=float)[:, None]
    recall = learner.recall(s[None, :], elapsed)
    grid_s, grid_d = np.broadcast_to(s, recall.shape), np.broadcast_to(d, recall.shape)
    index, weight = _visit(grid_s, grid_d, recall, learner)
    matrix = np.zeros((days, _STATES, _STATES), dtype=np.float32)
    rows = np.broadcast_to(np.arange(days)[:, None, None], index.shape)
    columns = np.broadcast_to(np.arange(_STATES)[None, :, None], index.shape)
    np.add.at(matrix, (rows, columns, index), weight.astype(np.float32))
    cost = recall * learner.costs.passed + (1 - recall) * learner.costs.lapsed
    ends = learner.recall(s[None, :], np.arange(0, days + 1, dtype=float)[:, None])
    return _Table(matrix, cost.astype(np.float32), ends.astype(np.float32))


def _values(table: _Table, prices: Array, days: int, soft: float) -> tuple[Array, list[Array]]:
    """Return what each state is worth after a visit on each day, and for each day the shares of the days of the next visit.

    The shares are [days left, state], the last row for no visit any more. Choices are soft: days that are worth nearly the same
    share the visits, so that what is wanted on a day changes smoothly with its price.
    """
    values = np.empty((days, _STATES), dtype=np.float32)
    shares: list[Array] = [np.empty(0, dtype=np.float32)] * days
    for day in range(days - 1, -1, -1):
        left = days - 1 - day
        worth = np.empty((left + 1, _STATES), dtype=np.float32)
        worth[left] = table.ends[days - day]
        if left:
            worth[:left] = np.matmul(table.matrix[:left], values[day + 1 :, :, None])[..., 0]
            worth[:left] -= prices[day + 1 :, None] * table.cost[:left]
        values[day], shares[day] = _softly(worth, 0, soft)
    return values, shares


def _softly(worth: Array, axis: int, soft: float) -> tuple[Array, Array]:
    """Return the soft maximum along an axis, and the share of each choice."""
    top = worth.max(axis=axis, keepdims=True)
    share = np.exp((worth - top) / soft)
    total = share.sum(axis=axis, keepdims=True)
    # The best that the choices give, not the logarithm of the sum, which would pay for having a choice.
    share /= total
    return (share * worth).sum(axis=axis), share


# -- the cards of the deck


class _Cards:
    """The cards as they are, off the grid."""

    def __init__(self, deck: Deck, days: int, learner: Learner):
        self.new = deck.new
        self.count_new = int(self.new.sum())
        self.learner = learner
        self.days = days
        seen = ~self.new
        s, d = deck.stability[seen][:, None], deck.difficulty[seen][:, None]
        elapsed = deck.elapsed[seen][:, None] + np.arange(days, dtype=float)[None, :]
        recall = learner.recall(s, np.minimum(elapsed, _LONGEST))
        shape = recall.shape
        self.index, self.weight = _visit(np.broadcast_to(s, shape), np.broadcast_to(d, shape), recall, learner)
        self.cost_seen = recall * learner.costs.passed + (1 - recall) * learner.costs.lapsed
        self.never = np.zeros(len(deck.stability))
        self.never[seen] = learner.recall(deck.stability[seen], deck.elapsed[seen] + days)
        first_s, first_d = learner.first()
        index, weight = _corners(first_s, first_d)
        self.first_index = index.ravel()
        self.first_weight = (weight * np.asarray(learner.habits.first)[:, None]).ravel()

    def worth_seen(self, values: Array, prices: Array) -> Array:
        """Return for each seen card what a first further visit on each day is worth, its price taken off."""
        day = np.arange(self.days)[None, :, None]
        found: Array = (values[day, self.index] * self.weight).sum(axis=-1) - prices[None, :] * self.cost_seen
        return found

    def worth_new(self, values: Array, prices: Array) -> Array:
        """Return what the first visit of a new card is worth on each day."""
        found: Array = values[:, self.first_index] @ self.first_weight - prices * self.learner.costs.new
        return found

    def worth(self, values: Array, prices: Array) -> tuple[Array, Array]:
        """Return worth and cost of a visit by card and day, new cards among them."""
        count = len(self.new)
        worth, cost = np.empty((count, self.days)), np.full((count, self.days), self.learner.costs.new)
        worth[~self.new] = self.worth_seen(values, prices)
        cost[~self.new] = self.cost_seen
        worth[self.new] = self.worth_new(values, prices)
        return worth, cost


def _usage(
    table: _Table,
    cards: _Cards,
    values: Array,
    shares: list[Array],
    prices: Array,
    days: int,
    soft: float,
) -> Array:
    """Return the seconds that the cards want on each day at these prices."""
    usage = np.zeros(days)
    mass = np.zeros(days * _STATES)
    seen = ~cards.new
    if seen.any():
        worth = np.column_stack([cards.worth_seen(values, prices), cards.never[seen]])
        share = _softly(worth, 1, soft)[1][:, :days]
        usage += (share * cards.cost_seen).sum(axis=0)
        at = np.arange(days)[None, :, None] * _STATES + cards.index
        mass += np.bincount(at.ravel(), (share[..., None] * cards.weight).ravel(), len(mass))
    if cards.count_new:
        worth = np.append(cards.worth_new(values, prices), 0.0)
        share = _softly(worth, 0, soft * _SOFTER)[1][:days] * cards.count_new
        usage += share * cards.learner.costs.new
        at = (np.arange(days)[:, None] * _STATES + cards.first_index[None, :]).ravel()
        mass += np.bincount(at, (share[:, None] * cards.first_weight[None, :]).ravel(), len(mass))
    by_day = mass.reshape(days, _STATES).astype(np.float32)
    for day in range(days - 1):
        left = days - 1 - day
        flow = shares[day][:left] * by_day[day]
        usage[day + 1 :] += (flow * table.cost[:left]).sum(axis=1)
        by_day[day + 1 :] += np.matmul(flow[:, None, :], table.matrix[:left])[:, 0, :]
    return usage


def _softness(prices: Array, learner: Learner) -> float:
    """Return which difference in worth, as recall, is as good as none at these prices."""
    typical = learner.costs.passed * 1.25  # seconds: most visits are passes
    return float(np.clip(_SOFT * np.median(prices) * typical, _LEAST_SOFT, _MOST_SOFT))


def _begin(deck: Deck, days: int, budget: Array, learner: Learner) -> Array:
    """Return prices to begin with, the same on all days: part of what greedy gains with the last second of a day."""
    gain = np.sort(greedy(deck, days, learner).gain)[::-1]
    if not len(gain):
        return np.full(days, 1e-3)
    fits = min(int(budget.mean() / learner.costs.passed), len(gain) - 1)
    return np.full(days, max(float(gain[fits]) * 0.3, 1e-5))  # a part of it, because later days are worth waiting for
