"""Merge closed intervals that overlap or touch, in order of their starts.

Invariant: `merged` covers exactly the points of the intervals handled so far, in ascending order
and without contact. Starts never decrease, so whatever comes can only meet the last one.

Time: O(n log n) for sorting. Space: O(n).
"""

from collections.abc import Iterable


def merge_intervals(xs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the fewest closed intervals that cover the same points, in order.

    An interval that starts after its end is a ValueError.
    """
    merged: list[tuple[int, int]] = []
    for start, end in sorted(xs):
        if start > end:
            raise ValueError(f"interval ({start}, {end}) starts after its end")
        if merged and start <= merged[-1][1]:  # a common end point is enough
            first, last = merged[-1]
            merged[-1] = (first, max(last, end))  # a nested interval must not shrink it
        else:
            merged.append((start, end))
    return merged
