"""Two-sum: find the pair in one pass with a hash map.

Invariant: before index j is handled, `seen` maps each value left of j to an index of it, and no
two elements left of j add up to the target. The look-up comes before the entry, so no element is
paired with itself, and the first hit is the pair with the smallest right index.

Time: expected O(n). Space: O(n).
"""

from collections.abc import Sequence


def two_sum(nums: Sequence[int], target: int) -> tuple[int, int] | None:
    """Return the indices, left one first, of two elements that add up to the target."""
    seen: dict[int, int] = {}
    for j, x in enumerate(nums):
        i = seen.get(target - x)
        if i is not None:  # index 0 is a hit too
            return i, j
        seen[x] = j
    return None
