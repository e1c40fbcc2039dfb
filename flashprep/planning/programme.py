"""The dynamic programme behind the priced policy: what cards are worth on each day, and how much time they want of it.

States are a grid over (log S, D). A visit on a day is paid at the price of that day; choices between days are soft.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from flashprep.planning.deck import Deck
from flashprep.planning.learner import Array, Costs, Habits, Learner

_S_POINTS, _D_POINTS = 24, 5
_LOG_S = np.linspace(np.log(0.08), np.log(700.0), _S_POINTS)
_D = np.linspace(1.0, 10.0, _D_POINTS)
_STATES = _S_POINTS * _D_POINTS
_SOFT = 0.05  # choices share the cards whose worth differs by less than this part of the price of a visit
_SOFTER = 4.0  # the same for the first visit, where all cards have the same choice
_LEAST_SOFT, _MOST_SOFT = 2e-4, 0.03  # recall
_LONGEST = 400  # days without a visit, which is as good as never


class Table(NamedTuple):
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
def table_of(
    parameters: tuple[float, ...], costs: tuple[float, ...], habits: tuple[tuple[float, ...], ...], days: int
) -> Table:
    """Return what visits do to the states of the grid, for ``days`` days."""
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
    return Table(matrix, cost.astype(np.float32), ends.astype(np.float32))


def values_of(table: Table, prices: Array, days: int, soft: float) -> tuple[Array, list[Array]]:
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
        values[day], shares[day] = softly(worth, 0, soft)
    return values, shares


def softly(worth: Array, axis: int, soft: float) -> tuple[Array, Array]:
    """Return the soft maximum along an axis, and the share of each choice."""
    top = worth.max(axis=axis, keepdims=True)
    share = np.exp((worth - top) / soft)
    total = share.sum(axis=axis, keepdims=True)
    # The best that the choices give, not the logarithm of the sum, which would pay for having a choice.
    share /= total
    return (share * worth).sum(axis=axis), share


# -- the cards of the deck


class Cards:
    """The cards as they are, off the grid."""

    def __init__(self, deck: Deck, days: int, learner: Learner, each: float = 1.0):
        self.each = each  # how many cards each seen one stands for
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


def usage_of(
    table: Table,
    cards: Cards,
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
        share = softly(worth, 1, soft)[1][:, :days]
        share *= cards.each
        usage += (share * cards.cost_seen).sum(axis=0)
        at = np.arange(days)[None, :, None] * _STATES + cards.index
        mass += np.bincount(at.ravel(), (share[..., None] * cards.weight).ravel(), len(mass))
    if cards.count_new:
        worth = np.append(cards.worth_new(values, prices), 0.0)
        share = softly(worth, 0, soft * _SOFTER)[1][:days] * cards.count_new
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


def softness(prices: Array, learner: Learner) -> float:
    """Return which difference in worth, as recall, is as good as none at these prices."""
    typical = learner.costs.passed * 1.25  # seconds: most visits are passes
    return float(np.clip(_SOFT * np.median(prices) * typical, _LEAST_SOFT, _MOST_SOFT))


def recall_of(table: Table, shares: list[Array], days: int) -> Array:
    """Return for each day and state after a visit the probability of recall on the day that counts, by these choices."""
    recall = np.empty((days, _STATES), dtype=np.float32)
    for day in range(days - 1, -1, -1):
        left = days - 1 - day
        after = np.empty((left + 1, _STATES), dtype=np.float32)
        after[left] = table.ends[days - day]
        if left:
            after[:left] = np.matmul(table.matrix[:left], recall[day + 1 :, :, None])[..., 0]
        recall[day] = (shares[day] * after).sum(axis=0)
    return recall


def kept(cards: Cards, values: Array, recall: Array, prices: Array, soft: float) -> tuple[Array, Array]:
    """Return by card the probability of recall on the day, and of being visited at all, when these prices are paid."""
    days, count = len(prices), len(cards.new)
    found, visited = np.zeros(count), np.ones(count)
    seen = ~cards.new
    worth = np.column_stack([cards.worth_seen(values, prices), cards.never[seen]])
    share = softly(worth, 1, soft)[1]
    after = (recall[np.arange(days)[None, :, None], cards.index] * cards.weight).sum(axis=-1)
    found[seen] = (share[:, :days] * after).sum(axis=1) + share[:, days] * cards.never[seen]
    worth = np.append(cards.worth_new(values, prices), 0.0)
    share = softly(worth, 0, soft * _SOFTER)[1]
    first = recall[:, cards.first_index] @ cards.first_weight
    found[cards.new] = float((share[:days] * first).sum())
    visited[cards.new] = 1.0 - float(share[days])
    return found, visited
