"""Vector clocks: for each node, how many of its events a version has seen.

Invariant: a node without an entry counts as zero, so clocks that differ only in entries of zero are
equal. One version came before another if it has seen no more from any node and less from at least
one; if each has seen something that the other has not, neither came first.

Time and space: O(number of nodes) per call. No function changes its arguments.
"""

from collections.abc import Mapping
from typing import Literal


def compare(a: Mapping[str, int], b: Mapping[str, int]) -> Literal["before", "after", "equal", "concurrent"]:
    """Tell how `a` stands to `b`; no entry counts as 0, and a negative one is a ValueError."""
    _check(a, b)
    nodes = a.keys() | b.keys()
    smaller = any(a.get(node, 0) < b.get(node, 0) for node in nodes)
    larger = any(a.get(node, 0) > b.get(node, 0) for node in nodes)
    if smaller and larger:
        return "concurrent"
    if smaller:
        return "before"
    return "after" if larger else "equal"


def merge(a: Mapping[str, int], b: Mapping[str, int]) -> dict[str, int]:
    """Return the clock that has seen what either has seen, and nothing else."""
    _check(a, b)
    return {node: max(a.get(node, 0), b.get(node, 0)) for node in a.keys() | b.keys()}


def tick(a: Mapping[str, int], node: str) -> dict[str, int]:
    """Return the clock after one more event of the node."""
    _check(a)
    return {**a, node: a.get(node, 0) + 1}


def _check(*clocks: Mapping[str, int]) -> None:
    if any(counter < 0 for clock in clocks for counter in clock.values()):
        raise ValueError("counters must not be negative")
