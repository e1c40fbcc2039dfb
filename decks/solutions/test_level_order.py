"""Behaviour of listing the values of a binary tree level by level."""

import gc
import random
from collections import deque
from collections.abc import Callable
from time import process_time
from typing import Any

import pytest

# isort: split
from level_order import TreeNode, level_order


def tree(val: object, left: Any = None, right: Any = None) -> Any:
    node: Any = TreeNode(val)
    node.left, node.right = left, right
    return node


def complete_tree(count: int) -> Any:
    nodes = [tree(number) for number in range(count)]
    for i in range(1, count):
        setattr(nodes[(i - 1) // 2], "left" if i % 2 else "right", nodes[i])
    return nodes[0]


def test_no_tree_has_no_levels() -> None:
    assert level_order(None) == []


def test_single_node_is_one_level() -> None:
    assert level_order(tree(7)) == [[7]]


def test_levels_are_listed_from_the_root_and_from_left_to_right() -> None:
    root = tree(3, tree(9, tree(4), tree(8)), tree(20, tree(15), tree(7)))
    assert level_order(root) == [[3], [9, 20], [4, 8, 15, 7]]


def test_missing_left_children_leave_no_gap() -> None:
    root = tree(1, None, tree(2, None, tree(3)))
    assert level_order(root) == [[1], [2], [3]]
    assert level_order(tree(1, tree(2, None, tree(4)), tree(3))) == [[1], [2, 3], [4]]


def test_missing_right_children_leave_no_gap() -> None:
    assert level_order(tree(1, tree(2, tree(4)), tree(3, tree(5)))) == [[1], [2, 3], [4, 5]]


def test_cousins_far_apart_share_a_level() -> None:
    left = tree(2, tree(4, tree(6)))
    right = tree(3, None, tree(5, None, tree(7)))
    assert level_order(tree(1, left, right)) == [[1], [2, 3], [4, 5], [6, 7]]


def test_branches_of_different_depth() -> None:
    root = tree(1, tree(2), tree(3, tree(4, None, tree(5))))
    assert level_order(root) == [[1], [2, 3], [4], [5]]


def test_duplicate_and_falsy_values_are_kept() -> None:
    root = tree(0, tree(0, tree(5), tree(0)), tree(0, None, tree(5)))
    assert level_order(root) == [[0], [0, 0], [5, 0, 5]]


def test_values_need_no_order() -> None:
    assert level_order(tree(-1, tree(10), tree(-10))) == [[-1], [10, -10]]


def test_tree_is_not_modified() -> None:
    left, right = tree(2), tree(3)
    root = tree(1, left, right)
    assert level_order(root) == level_order(root) == [[1], [2, 3]]
    assert (root.left, root.right) == (left, right)
    assert left.left is left.right is None


def test_random_trees_match_sorting_nodes_by_depth_and_position() -> None:
    rng = random.Random(15)
    for _ in range(200):
        root = tree(0)
        places = [("", root)]  # the turns that lead to a node; of one length, they sort as text
        for _ in range(rng.randrange(40)):
            turns, node = rng.choice(places)
            side = rng.choice(["left", "right"])
            if getattr(node, side) is None:
                child = tree(rng.randrange(5))
                setattr(node, side, child)
                places.append((turns + side[0], child))
        expected: list[list[int]] = []
        for turns, node in sorted(places, key=lambda place: (len(place[0]), place[0])):
            if len(turns) == len(expected):
                expected.append([])
            expected[-1].append(node.val)
        assert level_order(root) == expected


def test_full_tree_of_fifteen_levels() -> None:
    root = complete_tree(2**15 - 1)
    first = [2**depth - 1 for depth in range(16)]
    expected = [list(range(first[depth], first[depth + 1])) for depth in range(15)]
    assert level_order(root) == expected


def chain(depth: int, sides: str) -> Any:
    root = node = tree(0)
    for number in range(1, depth):
        child = tree(number)
        setattr(node, "left" if sides[number % len(sides)] == "l" else "right", child)
        node = child
    return root


@pytest.mark.parametrize("sides", ["l", "r", "lr"])
def test_degenerate_tree_of_ten_thousand_levels(sides: str) -> None:
    depth = 10_000
    assert level_order(chain(depth, sides)) == [[number] for number in range(depth)]


def seconds(function: Callable[[Any], Any], root: Any) -> float:
    gc.disable()
    try:
        began = process_time()
        function(root)
        return process_time() - began
    finally:
        gc.enable()


def plain_walk(root: Any) -> list[list[int]]:
    levels: list[list[int]] = []
    queue = deque([root])
    while queue:
        levels.append([])
        for _ in range(len(queue)):
            node = queue.popleft()
            levels[-1].append(node.val)
            queue += [child for child in (node.left, node.right) if child is not None]
    return levels


def wide_tree(depth: int) -> Any:
    """Double the width on every level; both children are one node, so that this costs little."""
    root = tree(0)
    for number in range(1, depth):
        root = tree(number, root, root)
    return root


@pytest.mark.parametrize("root", [wide_tree(20), chain(10_000, "l"), chain(10_000, "r")], ids=["wide", "left", "right"])
def test_time_per_node_does_not_grow_with_the_tree(root: Any) -> None:
    # Nothing countable happens when a queue is shifted, so compare with a plain walk on the same
    # machine: what is quadratic takes a hundred times as long.
    linear = seconds(plain_walk, root)
    assert any(seconds(level_order, root) < 20 * linear for _ in range(2))
