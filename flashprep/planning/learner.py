"""How a learner remembers, as arrays: FSRS-6 with one visit a day, whose steps within the day are part of it.

Formulas: https://github.com/open-spaced-repetition/fsrs4anki/wiki/The-Algorithm (FSRS-6). Stability S in days, difficulty D in
1..10, time in days, costs in seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]

# The 21 default parameters of FSRS-6, as in py-fsrs 6.3 and Anki.
DEFAULT_PARAMETERS = (
    *(0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796),
    *(1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542),
)
LOWEST = 0.001  # stability


class Costs(NamedTuple):
    """Seconds that a visit takes, its steps within the day among them."""

    passed: float = 20.0
    lapsed: float = 40.0
    new: float = 40.0


class Habits(NamedTuple):
    """How a learner answers: shares of Again, Hard, Good, Easy at the first sight, and of Hard, Good, Easy given a pass."""

    first: tuple[float, float, float, float] = (0.24, 0.094, 0.495, 0.171)
    passed: tuple[float, float, float] = (0.224, 0.631, 0.145)


class Learner(NamedTuple):
    """Parameters, costs and habits."""

    parameters: Sequence[float] = DEFAULT_PARAMETERS
    costs: Costs = Costs()
    habits: Habits = Habits()

    def recall(self, stability: Array, days: Array) -> Array:
        """Return the probability of recall after some days without a visit."""
        w20 = self.parameters[20]
        factor = 0.9 ** (-1 / w20) - 1
        found: Array = (1 + factor * days / stability) ** -w20
        return found

    def first(self) -> tuple[Array, Array]:
        """Return (stability, difficulty) after the first visit, for Again, Hard, Good, Easy.

        Two Good steps follow on the same day after Again and Hard, one after Good, none after Easy.
        """
        w = self.parameters
        ratings = np.arange(1.0, 5.0)
        s = np.maximum(np.array(w[:4], dtype=float), LOWEST)
        d = np.clip(self._first_difficulty(ratings), 1, 10)
        for step in range(2):
            goes_on = ratings <= (3 if step == 0 else 2)
            s2, d2 = self._step(s, d)
            s, d = np.where(goes_on, s2, s), np.where(goes_on, d2, d)
        return s, d

    def passed(self, s: Array, d: Array, recall: Array, rating: int) -> tuple[Array, Array]:
        """Return (stability, difficulty) after a visit that was answered with Hard 2, Good 3 or Easy 4."""
        w = self.parameters
        bonus = w[15] if rating == 2 else w[16] if rating == 4 else 1.0
        growth = np.exp(w[8]) * (11 - d) * s ** -w[9] * (np.exp((1 - recall) * w[10]) - 1) * bonus
        return s * (1 + growth), self._next_difficulty(d, rating)

    def lapsed(self, s: Array, d: Array, recall: Array) -> tuple[Array, Array]:
        """Return (stability, difficulty) after a visit that began with Again and went on with one Good step."""
        w = self.parameters
        long = w[11] * d ** -w[12] * ((s + 1) ** w[13] - 1) * np.exp((1 - recall) * w[14])
        s = np.maximum(np.minimum(long, s / np.exp(w[17] * w[18])), LOWEST)
        return self._step(s, self._next_difficulty(d, 1))

    def _step(self, s: Array, d: Array) -> tuple[Array, Array]:
        """Return (stability, difficulty) after Good on the same day."""
        w = self.parameters
        gain = np.maximum(np.exp(w[17] * w[18]) * s ** -w[19], 1.0)
        return s * gain, self._next_difficulty(d, 3)

    def _first_difficulty(self, rating: Array | int) -> Array:
        w = self.parameters
        return np.asarray(w[4] - np.exp(w[5] * (np.asarray(rating, dtype=float) - 1)) + 1)

    def _next_difficulty(self, d: Array, rating: int) -> Array:
        w = self.parameters
        damped = d - w[6] * (rating - 3) * (10 - d) / 9
        return np.clip(w[7] * self._first_difficulty(4) + (1 - w[7]) * damped, 1, 10)
