"""Behaviour of the two ways to reverse a singly linked list."""

import random
import tracemalloc
from collections.abc import Callable, Sequence
from typing import Any

import pytest

# isort: split
from reverse_list import ListNode, reverse_iterative, reverse_recursive

Reverse = Callable[[Any], Any]
both_ways = pytest.mark.parametrize("reverse", [reverse_iterative, reverse_recursive])


def linked(values: Sequence[object]) -> list[Any]:
    """Build a linked list and return its nodes in order."""
    nodes: list[Any] = [ListNode(value) for value in values]
    for node, following in zip(nodes, nodes[1:], strict=False):
        node.next = following
    if nodes:
        nodes[-1].next = None
    return nodes


def walk(head: Any, limit: int) -> list[Any]:
    """Return the nodes from head on; a list longer than the limit must be a loop."""
    nodes: list[Any] = []
    while head is not None:
        nodes.append(head)
        assert len(nodes) <= limit, "the list does not end where it should"
        head = head.next
    return nodes


def same_nodes(one: Sequence[Any], other: Sequence[Any]) -> bool:
    return [id(node) for node in one] == [id(node) for node in other]


@both_ways
def test_empty_list_stays_empty(reverse: Reverse) -> None:
    assert reverse(None) is None


@both_ways
def test_single_node_is_its_own_reverse(reverse: Reverse) -> None:
    (node,) = linked([1])
    assert reverse(node) is node
    assert node.next is None


@both_ways
def test_two_nodes_swap_and_the_list_ends(reverse: Reverse) -> None:
    first, second = linked([1, 2])
    assert reverse(first) is second
    assert second.next is first
    assert first.next is None


@both_ways
def test_longer_list_comes_out_backwards(reverse: Reverse) -> None:
    nodes = linked([1, 2, 3, 4, 5])
    assert [node.val for node in walk(reverse(nodes[0]), 5)] == [5, 4, 3, 2, 1]


@both_ways
def test_old_head_is_the_end_afterwards(reverse: Reverse) -> None:
    nodes = linked("abc")
    reverse(nodes[0])
    assert nodes[0].next is None


@both_ways
def test_nodes_are_the_same_objects_with_their_values(reverse: Reverse) -> None:
    nodes = linked([1, 2, 3, 4])
    result = walk(reverse(nodes[0]), 4)
    assert same_nodes(result, nodes[::-1])
    assert [node.val for node in nodes] == [1, 2, 3, 4]


@both_ways
def test_duplicate_and_falsy_values_are_kept(reverse: Reverse) -> None:
    nodes = linked([0, None, 0, 1, 1])
    result = walk(reverse(nodes[0]), 5)
    assert [node.val for node in result] == [1, 1, 0, None, 0]
    assert same_nodes(result, nodes[::-1])


@both_ways
def test_reversing_twice_restores_the_order(reverse: Reverse) -> None:
    nodes = linked(range(6))
    assert same_nodes(walk(reverse(reverse(nodes[0])), 6), nodes)


@both_ways
def test_random_lists_match_slicing(reverse: Reverse) -> None:
    rng = random.Random(57)
    for _ in range(200):
        values = [rng.randrange(3) for _ in range(rng.randrange(30))]
        nodes = linked(values)
        result = walk(reverse(nodes[0] if nodes else None), len(nodes))
        assert [node.val for node in result] == values[::-1]
        assert same_nodes(result, nodes[::-1])


def test_recursion_copes_with_a_few_hundred_nodes() -> None:
    nodes = linked(range(300))
    assert same_nodes(walk(reverse_recursive(nodes[0]), 300), nodes[::-1])


def test_iteration_handles_a_long_list_in_constant_extra_space() -> None:
    size = 100_000
    nodes = linked(range(size))
    tracemalloc.start()
    try:
        head = reverse_iterative(nodes[0])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert same_nodes(walk(head, size), nodes[::-1])
    assert peak < 100_000, "extra memory grows with the list"
