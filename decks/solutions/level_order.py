"""Values of a binary tree level by level, from left to right.

Invariant: `level` holds all nodes of one depth from left to right, so their children in that order
are the whole next level, and no end mark or depth counter is needed.

Time: O(n). Space: O(width) besides the result, whatever the depth.
"""

from __future__ import annotations

from typing import Any


class TreeNode:
    __slots__ = ("val", "left", "right")

    def __init__(self, val: Any = 0, left: TreeNode | None = None, right: TreeNode | None = None) -> None:
        self.val = val
        self.left = left
        self.right = right


def level_order(root: TreeNode | None) -> list[list[int]]:
    """Return the values level by level, each from left to right."""
    levels = []
    level = [] if root is None else [root]
    while level:
        levels.append([node.val for node in level])
        level = [child for node in level for child in (node.left, node.right) if child is not None]
    return levels
