"""Distinct permutations of numbers that may repeat, by backtracking over the distinct values.

Invariant: `path` is the beginning of a permutation and `left` tells how often each value may still
follow. A position tries each distinct value once, so equal elements never compete for it and no
permutation arises twice; smallest first, the results come in lexicographic order.

Time: O(n) per result, each step looking through the distinct values once. Space: O(n) for the path
and the recursion, besides the result.
"""

from collections import Counter
from collections.abc import Sequence


def unique_permutations(xs: Sequence[int]) -> list[tuple[int, ...]]:
    """Return every different ordering once, in lexicographic order."""
    left = Counter(sorted(xs))  # keeps the order of first sight, so its keys ascend
    path: list[int] = []
    results: list[tuple[int, ...]] = []

    def extend() -> None:
        if len(path) == len(xs):
            results.append(tuple(path))  # a copy, as the path goes on changing
            return
        for x in left:
            if left[x] > 0:
                left[x] -= 1
                path.append(x)
                extend()
                path.pop()
                left[x] += 1

    extend()
    return results
