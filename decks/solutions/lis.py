"""Length of the longest strictly increasing subsequence, by the smallest tails.

Invariant: `tails[i]` is the smallest last value of any increasing subsequence of length i + 1 of
the elements handled so far. Longer subsequences need larger tails, so the list is sorted and can be
bisected; it need not be a subsequence itself.

Time: O(n log n). Space: O(n).
"""

from bisect import bisect_left
from collections.abc import Sequence


def lis_length(nums: Sequence[int]) -> int:
    """Return the length of the longest strictly increasing subsequence."""
    tails: list[int] = []
    for x in nums:
        i = bisect_left(tails, x)  # left: an equal tail is replaced and not extended
        if i == len(tails):
            tails.append(x)
        else:
            tails[i] = x
    return len(tails)
