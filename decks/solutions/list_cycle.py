"""Cycle in a singly linked list, by a slow and a fast walker.

Invariant: the fast walker has taken exactly twice as many steps as the slow one. Without a cycle
it falls off the end; within one it gains a step per round, so it lands on the slow walker.

Why the second phase finds the start: where they meet, the slow walker's k steps are a multiple of
the cycle's length. So k more steps lead back to the meeting point, and a walker that starts at the
head arrives there too; moving in step, the two first share a node where the cycle begins.

Time: O(n). Extra space: O(1). The list is only read, and nodes are compared by identity.
"""

from __future__ import annotations

from typing import Any


class ListNode:
    __slots__ = ("val", "next")

    def __init__(self, val: Any = 0, next: ListNode | None = None) -> None:
        self.val = val
        self.next = next


def has_cycle(head: ListNode | None) -> bool:
    """Tell whether the list runs into itself."""
    return _meeting_point(head) is not None


def cycle_start(head: ListNode | None) -> ListNode | None:
    """Return the first node of the cycle, or None if the list ends."""
    inside = _meeting_point(head)
    if inside is None:
        return None
    outside = head
    while outside is not inside:
        assert outside is not None and inside is not None  # a list with a cycle has no end
        outside, inside = outside.next, inside.next
    return outside


def _meeting_point(head: ListNode | None) -> ListNode | None:
    slow = fast = head
    while fast is not None and fast.next is not None:
        assert slow is not None  # it walks where the fast one has been
        slow, fast = slow.next, fast.next.next
        if slow is fast:
            return slow
    return None
