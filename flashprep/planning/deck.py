"""Cards as plain arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from flashprep.planning.learner import Array


class Deck(NamedTuple):
    """Cards as plain arrays, one entry a card."""

    stability: Array  # days; 0 for a new card
    difficulty: Array  # 1..10; 0 for a new card
    elapsed: Array  # days since the last visit, at least 1; 0 for a new card

    @property
    def new(self) -> NDArray[np.bool_]:
        """Which cards were never visited."""
        return self.stability <= 0

    def part(self, which: NDArray[np.bool_] | NDArray[np.int64]) -> Deck:
        """Return some of the cards."""
        return Deck(self.stability[which], self.difficulty[which], self.elapsed[which])
