"""Fewest rooms for half-open meetings: the largest number of them under way at once.

Invariant: after each event, the running sum is the number of meetings under way. That many rooms
are needed then, and the peak suffices: a meeting that starts finds a room free, as fewer meetings
than the peak are under way.

Time: O(n log n) for sorting. Space: O(n).
"""

from collections.abc import Iterable
from itertools import accumulate


def min_rooms(meetings: Iterable[tuple[int, int]]) -> int:
    """Return how many rooms the meetings [start, end) need; an empty meeting needs none."""
    events: list[tuple[int, int]] = []
    for start, end in meetings:
        if start < end:
            events += [(start, +1), (end, -1)]
    events.sort()  # at equal times -1 comes first: who leaves makes room for who arrives
    return max(accumulate(change for _, change in events), default=0)
