"""Merge k sorted lists with a heap of their heads.

Invariant: the heap holds the first unmerged element of every list that has one, so the smallest of
all that remain is on top. An entry carries the index of its list, which is unique in the heap: it
settles ties in list order, and nodes themselves are never compared.

Time: O(N log k) for N elements in all. Extra space: O(k), since the nodes are linked anew.
"""

from __future__ import annotations

from heapq import heapify, heappop, heapreplace
from typing import Any


class ListNode:
    __slots__ = ("val", "next")

    def __init__(self, val: Any = 0, next: ListNode | None = None) -> None:
        self.val = val
        self.next = next


def merge_k(heads: list[ListNode | None]) -> ListNode | None:
    """Merge sorted lists by relinking their nodes; equal values keep the order of the lists."""
    heap = [(head.val, index, head) for index, head in enumerate(heads) if head is not None]
    heapify(heap)
    before_head = tail = ListNode()
    while heap:
        _, index, node = heap[0]
        tail.next = node
        tail = node
        if node.next is None:
            heappop(heap)
        else:
            heapreplace(heap, (node.next.val, index, node.next))
    return before_head.next


def merge_k_arrays(lists: list[list[int]]) -> list[int]:
    """Merge sorted arrays into a new one."""
    heap = [(values[0], index, 0) for index, values in enumerate(lists) if values]
    heapify(heap)
    merged = []
    while heap:
        value, index, position = heap[0]
        merged.append(value)
        position += 1
        if position == len(lists[index]):
            heappop(heap)
        else:
            heapreplace(heap, (lists[index][position], index, position))
    return merged
