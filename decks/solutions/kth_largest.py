"""k-th largest value of a stream, with a min-heap of the k largest.

Invariant: `_largest` is a min-heap of the k largest values so far, or of all of them while there
are fewer. Its top is the weakest of the chosen, so it is the k-th largest, and one comparison with
it tells whether a newcomer gets in. What is thrown out can never come back.

Time: O(log k) per value. Space: O(k), however long the stream.
"""

from collections.abc import Iterable
from heapq import heappush, heappushpop


class KthLargest:
    """Takes values in, those of `nums` first; a k below 1 is a ValueError."""

    def __init__(self, k: int, nums: Iterable[int] = ()) -> None:
        if k < 1:
            raise ValueError("k must be at least 1")
        self._k = k
        self._largest: list[int] = []
        for x in nums:
            self.add(x)

    def add(self, x: int) -> int | None:
        """Take a value in and return the k-th largest, or None while there are fewer than k."""
        if len(self._largest) < self._k:
            heappush(self._largest, x)
        else:
            heappushpop(self._largest, x)  # pushes first, so a smaller x changes nothing
        return self._largest[0] if len(self._largest) == self._k else None
