"""Validity of a binary search tree, by an in-order walk.

Invariant: the keys visited so far ascend strictly and end in that of `previous`, and the stack
holds the nodes whose left part is being visited. The tree is valid exactly if every key exceeds
the one visited just before it, whichever subtree that one is in.

Time: O(n), less when a violation comes early. Space: O(h) for a tree of height h, on a stack of our
own, so that a degenerate tree does not overflow the call stack.
"""

from __future__ import annotations

from typing import Any


class TreeNode:
    __slots__ = ("val", "left", "right")

    def __init__(self, val: Any = 0, left: TreeNode | None = None, right: TreeNode | None = None) -> None:
        self.val = val
        self.left = left
        self.right = right


def is_valid_bst(root: TreeNode | None) -> bool:
    """Tell whether every key exceeds all keys on its left and is less than all on its right."""
    previous: TreeNode | None = None  # a node and not a key: no key is smaller than all others
    ancestors: list[TreeNode] = []
    node = root
    while node is not None or ancestors:
        while node is not None:
            ancestors.append(node)
            node = node.left
        current = ancestors.pop()
        if previous is not None and current.val <= previous.val:
            return False
        previous = current
        node = current.right
    return True
