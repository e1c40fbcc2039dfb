"""Binary tree to doubly linked list in place, by an in-order walk.

Invariant: the nodes visited so far form a finished list that ends in `tail`, and the stack holds
the nodes whose left part is being visited. A node's right child is read before its link is
overwritten, because its successor is linked only when the walk gets there.

Time: O(n). Space: O(h) for a tree of height h, on a stack of our own, so that a degenerate tree
does not overflow the call stack.
"""

from __future__ import annotations

from typing import Any


class TreeNode:
    __slots__ = ("val", "left", "right")

    def __init__(self, val: Any = 0, left: TreeNode | None = None, right: TreeNode | None = None) -> None:
        self.val = val
        self.left = left
        self.right = right


def tree_to_dll(root: TreeNode | None) -> TreeNode | None:
    """Relink the nodes in order, left to the previous and right to the next; return the first."""
    head: TreeNode | None = None
    tail: TreeNode | None = None
    ancestors: list[TreeNode] = []
    node = root
    while node is not None or ancestors:
        while node is not None:
            ancestors.append(node)
            node = node.left
        current = ancestors.pop()
        node = current.right
        current.left = tail
        if tail is None:
            head = current
        else:
            tail.right = current
        tail = current
    return head  # the last node had no right child, so the list ends in None
