"""Three-sum: fix the smallest number and close in on the other two from both ends.

Invariant: for the current first number, every pair with an end outside low..high has been reported
or cannot add up to zero: if the sum is too small, `low` fails even with the largest partner left,
and if it is too large, `high` fails even with the smallest.

Time: O(n^2). Space: O(1) besides the sorted copy and the result.
"""

from collections.abc import Sequence


def three_sum(nums: Sequence[int]) -> list[tuple[int, int, int]]:
    """Return each triple of values that adds up to zero once, in ascending order."""
    xs = sorted(nums)
    triples = []
    for i, first in enumerate(xs):
        if first > 0:
            break  # nothing to the right can bring the sum back to zero
        if i > 0 and first == xs[i - 1]:
            continue  # the same first number would find the same triples
        low, high = i + 1, len(xs) - 1
        while low < high:
            total = first + xs[low] + xs[high]
            if total < 0:
                low += 1
            elif total > 0:
                high -= 1
            else:
                triples.append((first, xs[low], xs[high]))
                low += 1
                high -= 1
                while low < high and xs[low] == xs[low - 1]:
                    low += 1  # the same second number implies the same third
    return triples
