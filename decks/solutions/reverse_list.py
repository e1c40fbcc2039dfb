"""Reverse a singly linked list by turning its links, with a loop and with recursion.

Invariant: `done` heads the nodes turned so far and `rest` those still to come; together they are
all nodes, and no link leads from one part into the other.

Time: O(n) for both. Extra space: O(1) for the loop, O(n) stack frames for the recursion, which
therefore stops at the interpreter's limit (about a thousand nodes by default).
"""

from __future__ import annotations

from typing import Any


class ListNode:
    __slots__ = ("val", "next")

    def __init__(self, val: Any = 0, next: ListNode | None = None) -> None:
        self.val = val
        self.next = next


def reverse_iterative(head: ListNode | None) -> ListNode | None:
    """Reverse the list in place and return its new head."""
    done: ListNode | None = None
    rest = head
    while rest is not None:
        following = rest.next  # saved first, because the next line overwrites the only link to it
        rest.next = done
        done, rest = rest, following
    return done


def reverse_recursive(head: ListNode | None) -> ListNode | None:
    """Do the same by recursion; only for lists shorter than the call stack allows."""
    if head is None or head.next is None:
        return head
    new_head = reverse_recursive(head.next)
    head.next.next = head  # head.next is the end of the reversed part now
    head.next = None
    return new_head
