"""Maximum of every window of k neighbours, by a monotonic queue.

Invariant: `candidates` holds indices of the current window in ascending order whose values strictly
decrease, and every index not in it is beaten by a later one at least as large. So the front is the
maximum, and an index tells when its value leaves the window.

Time: O(n), as each index enters once and leaves at most once. Space: O(k) besides the result.
"""

from collections import deque
from collections.abc import Sequence


def window_max(nums: Sequence[int], k: int) -> list[int]:
    """Return the maximum of each k neighbours; ValueError unless 1 <= k <= len(nums)."""
    if not 1 <= k <= len(nums):
        raise ValueError("the window must have between 1 and len(nums) elements")
    candidates: deque[int] = deque()
    maxima = []
    for i, x in enumerate(nums):
        if candidates and candidates[0] <= i - k:
            candidates.popleft()  # at most one index expires per step
        while candidates and nums[candidates[-1]] <= x:
            candidates.pop()  # it leaves earlier than x and is no larger, so it cannot win
        candidates.append(i)
        if i >= k - 1:
            maxima.append(nums[candidates[0]])
    return maxima
