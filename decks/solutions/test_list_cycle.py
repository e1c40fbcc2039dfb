"""Behaviour of cycle detection in a singly linked list."""

import random
import tracemalloc
from collections.abc import Sequence
from typing import Any

import pytest

# isort: split
from list_cycle import ListNode, cycle_start, has_cycle


def linked(values: Sequence[object], back_to: int | None = None) -> list[Any]:
    """Build a list whose last node links to the node at `back_to`; return the nodes in order."""
    nodes: list[Any] = [ListNode(value) for value in values]
    for node, following in zip(nodes, nodes[1:], strict=False):
        node.next = following
    if nodes:
        nodes[-1].next = None if back_to is None else nodes[back_to]
    return nodes


def test_empty_list_has_no_cycle() -> None:
    assert has_cycle(None) is False
    assert cycle_start(None) is None


def test_single_node_without_a_loop() -> None:
    (node,) = linked([1])
    assert has_cycle(node) is False
    assert cycle_start(node) is None


def test_single_node_that_points_at_itself() -> None:
    (node,) = linked([1], back_to=0)
    assert has_cycle(node) is True
    assert cycle_start(node) is node


@pytest.mark.parametrize("size", [2, 3, 4, 5, 10])
def test_straight_list_has_no_cycle(size: int) -> None:
    nodes = linked(range(size))
    assert has_cycle(nodes[0]) is False
    assert cycle_start(nodes[0]) is None


@pytest.mark.parametrize(
    ("size", "back_to"),
    [
        pytest.param(2, 0, id="two nodes in a loop"),
        pytest.param(2, 1, id="last of two points at itself"),
        pytest.param(6, 0, id="tail links to the head"),
        pytest.param(6, 3, id="tail links to the middle"),
        pytest.param(6, 5, id="tail links to itself"),
        pytest.param(200, 198, id="long tail with a short loop"),
        pytest.param(200, 1, id="short tail with a long loop"),
    ],
)
def test_cycle_is_found_with_its_first_node(size: int, back_to: int) -> None:
    nodes = linked(range(size), back_to)
    assert has_cycle(nodes[0]) is True
    assert cycle_start(nodes[0]) is nodes[back_to]


@pytest.mark.parametrize("values", [[1, 1], [1, 1, 1], [1, 2, 1, 2], [None, None, 0, 0]])
def test_equal_values_are_no_cycle(values: list) -> None:
    nodes = linked(values)
    assert has_cycle(nodes[0]) is False
    assert cycle_start(nodes[0]) is None


def test_start_is_told_apart_from_nodes_of_equal_value() -> None:
    nodes = linked([7] * 8, back_to=5)
    assert has_cycle(nodes[0]) is True
    assert cycle_start(nodes[0]) is nodes[5]


@pytest.mark.parametrize("back_to", [None, 0, 2])
def test_list_is_not_modified(back_to: int | None) -> None:
    values = [3, 1, 3, 2, 1]
    nodes = linked(values, back_to)
    links = [node.next for node in nodes]
    for _ in range(2):  # the second round meets whatever marks the first one left
        assert has_cycle(nodes[0]) is (back_to is not None)
        assert cycle_start(nodes[0]) is (None if back_to is None else nodes[back_to])
        assert [node.val for node in nodes] == values
        assert all(node.next is link for node, link in zip(nodes, links, strict=True))


def test_every_tail_and_loop_length_up_to_a_dozen() -> None:
    for tail in range(13):
        for loop in range(1, 13):
            nodes = linked(range(tail + loop), back_to=tail)
            assert has_cycle(nodes[0]) is True
            assert cycle_start(nodes[0]) is nodes[tail]


def test_random_lists_match_remembering_the_nodes() -> None:
    rng = random.Random(59)
    for _ in range(300):
        size = rng.randrange(1, 40)
        back_to = rng.choice([None, rng.randrange(size)])
        nodes = linked([rng.randrange(3) for _ in range(size)], back_to)
        seen: set[int] = set()
        node = nodes[0]
        while node is not None and id(node) not in seen:
            seen.add(id(node))
            node = node.next
        assert has_cycle(nodes[0]) is (node is not None)
        assert cycle_start(nodes[0]) is node


@pytest.mark.parametrize("back_to", [None, 0, 20_000, 49_999])
def test_long_list_needs_constant_extra_space(back_to: int | None) -> None:
    nodes = linked(range(50_000), back_to)
    tracemalloc.start()
    try:
        found, start = has_cycle(nodes[0]), cycle_start(nodes[0])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found is (back_to is not None)
    assert start is (None if back_to is None else nodes[back_to])
    assert peak < 100_000, "extra memory grows with the list"
