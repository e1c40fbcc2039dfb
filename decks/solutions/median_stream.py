"""Running median of a stream: two heaps that meet in the middle.

Invariant: every value of the lower half is at most every value of the upper half, and the lower
half holds as many values as the upper one, or one more. So the median is on top of the heaps.

Time: O(log n) for `add`, O(1) for `median`. Space: O(n).
"""

from heapq import heappop, heappush, heappushpop


class MedianFinder:
    def __init__(self) -> None:
        self._lower: list[float] = []  # negated, because heapq keeps the smallest on top
        self._upper: list[float] = []

    def add(self, x: float) -> None:
        # Through the upper half, because x may belong there: what comes back belongs below.
        heappush(self._lower, -heappushpop(self._upper, x))
        if len(self._lower) > len(self._upper) + 1:
            heappush(self._upper, -heappop(self._lower))

    def median(self) -> float | None:
        """Return the middle value, the mean of the two middle ones, or None before any value."""
        if not self._lower:
            return None
        if len(self._lower) > len(self._upper):
            return -self._lower[0]
        return (self._upper[0] - self._lower[0]) / 2

    def __len__(self) -> int:
        return len(self._lower) + len(self._upper)
