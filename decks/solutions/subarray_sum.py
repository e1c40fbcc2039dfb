"""Number of subarrays with a given sum, by counting prefix sums.

Invariant: before an element is handled, `occurrences` tells how often each sum of a prefix that
ends before it occurs, the empty prefix included. A subarray ending here has sum k exactly if it
starts where such a prefix with sum `total - k` ended. Negative numbers need no special care.

Time: expected O(n). Space: O(n), an entry for each distinct prefix sum.
"""

from collections import Counter
from collections.abc import Sequence


def subarray_sum(nums: Sequence[int], k: int) -> int:
    """Count the non-empty runs of neighbours that add up to k."""
    occurrences = Counter({0: 1})
    total = found = 0
    for x in nums:
        total += x
        found += occurrences[total - k]  # before recording, or k = 0 counts empty runs
        occurrences[total] += 1
    return found
