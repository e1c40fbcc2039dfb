"""Behaviour of the conversion of a binary tree to a doubly linked list."""

import random
import tracemalloc
from typing import Any

import pytest

# isort: split
from tree_to_dll import TreeNode, tree_to_dll


def tree(val: object, left: Any = None, right: Any = None) -> Any:
    node: Any = TreeNode(val)
    node.left, node.right = left, right
    return node


def inorder(root: Any) -> list[Any]:
    nodes: list[Any] = []
    stack: list[Any] = []
    node = root
    while node is not None or stack:
        while node is not None:
            stack.append(node)
            node = node.left
        node = stack.pop()
        nodes.append(node)
        node = node.right
    return nodes


def check_list(head: Any, expected: list[Any]) -> None:
    """Walk forwards and back: the very same nodes, in order, ended by None on both sides."""
    forwards: list[Any] = []
    node = head
    while node is not None:
        forwards.append(node)
        assert len(forwards) <= len(expected), "the list does not end where it should"
        node = node.right
    assert [id(node) for node in forwards] == [id(node) for node in expected]
    backwards: list[Any] = []
    node = forwards[-1]
    while node is not None:
        backwards.append(node)
        assert len(backwards) <= len(expected), "the way back does not end at the head"
        node = node.left
    assert [id(node) for node in backwards] == [id(node) for node in reversed(expected)]


def test_no_tree_is_no_list() -> None:
    assert tree_to_dll(None) is None


def test_single_node_is_its_own_list() -> None:
    node = tree(1)
    check_list(tree_to_dll(node), [node])
    assert node.left is None
    assert node.right is None


def test_node_links_to_its_predecessor_in_order_and_not_to_its_child() -> None:
    root = tree(4, tree(2, tree(1), tree(3)), tree(5))
    nodes = inorder(root)
    head = tree_to_dll(root)
    check_list(head, nodes)
    assert [node.val for node in nodes] == [1, 2, 3, 4, 5]
    assert root.left.val == 3


def test_head_and_tail_end_in_none() -> None:
    first, last = tree(1), tree(3)
    root = tree(2, first, last)
    check_list(tree_to_dll(root), [first, root, last])
    assert first.left is None
    assert last.right is None


def test_only_left_and_only_right_children() -> None:
    for root in (tree(3, tree(2, tree(1))), tree(1, None, tree(2, None, tree(3)))):
        nodes = inorder(root)
        check_list(tree_to_dll(root), nodes)


def test_zigzag_tree() -> None:
    root = tree(5, tree(1, None, tree(4, tree(2, None, tree(3)))))
    nodes = inorder(root)
    assert [node.val for node in nodes] == [1, 2, 3, 4, 5]
    check_list(tree_to_dll(root), nodes)


def test_duplicate_falsy_and_unordered_values_keep_their_places() -> None:
    root = tree(0, tree(7, tree(None), tree(0)), tree(0, tree(7), None))
    nodes = inorder(root)
    values = [node.val for node in nodes]
    check_list(tree_to_dll(root), nodes)
    assert [node.val for node in nodes] == values == [None, 7, 0, 0, 7, 0]


@pytest.mark.parametrize("side", ["left", "right"])
def test_degenerate_tree_of_ten_thousand_levels(side: str) -> None:
    root = tree(0)
    node = root
    for number in range(1, 10_000):
        child = tree(number)
        setattr(node, side, child)
        node = child
    nodes = inorder(root)
    check_list(tree_to_dll(root), nodes)


def test_random_trees_match_their_in_order_walk() -> None:
    rng = random.Random(60)
    for _ in range(200):
        root = tree(0)
        for _ in range(rng.randrange(40)):
            node = root
            while True:
                side = rng.choice(["left", "right"])
                if getattr(node, side) is None:
                    setattr(node, side, tree(rng.randrange(5)))
                    break
                node = getattr(node, side)
        nodes = inorder(root)
        check_list(tree_to_dll(root), nodes)


def test_balanced_tree_needs_space_for_its_height_only() -> None:
    nodes = [tree(number) for number in range(2**15 - 1)]
    for i, node in enumerate(nodes[: len(nodes) // 2]):
        node.left, node.right = nodes[2 * i + 1], nodes[2 * i + 2]
    expected = inorder(nodes[0])
    tracemalloc.start()
    try:
        head = tree_to_dll(nodes[0])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    check_list(head, expected)
    assert peak < 100_000, "extra memory grows with the number of nodes"
