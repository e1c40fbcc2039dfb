"""Behaviour of merging k sorted lists, linked and as arrays."""

import random
import tracemalloc
from collections.abc import Callable, Sequence
from math import log2
from typing import Any, ClassVar

import pytest

# isort: split
from merge_k import ListNode, merge_k, merge_k_arrays

Merge = Callable[[Any], list]


def linked(values: Sequence[Any]) -> Any:
    head: Any = None
    for value in reversed(values):
        node: Any = ListNode(value)
        node.next = head
        head = node
    return head


def values_of(head: Any, limit: int) -> list:
    """Return the values from head on; a list longer than the limit must be a loop."""
    values = []
    while head is not None:
        values.append(head.val)
        assert len(values) <= limit, "the list does not end where it should"
        head = head.next
    return values


def merge_linked(lists: Sequence[Sequence[Any]]) -> list:
    return values_of(merge_k([linked(values) for values in lists]), sum(map(len, lists)))


both_ways = pytest.mark.parametrize("merge", [merge_linked, merge_k_arrays])


def test_nothing_to_merge() -> None:
    assert merge_k([]) is None
    assert merge_k([None]) is None
    assert merge_k([None, None]) is None
    assert merge_k_arrays([]) == []
    assert merge_k_arrays([[]]) == []
    assert merge_k_arrays([[], []]) == []


@both_ways
def test_lists_interleave_in_order(merge: Merge) -> None:
    assert merge([[1, 4, 5], [1, 3, 4], [2, 6]]) == [1, 1, 2, 3, 4, 4, 5, 6]


@both_ways
def test_single_list_stays_as_it_is(merge: Merge) -> None:
    assert merge([[1, 2, 2, 3]]) == [1, 2, 2, 3]
    assert merge([[7]]) == [7]


@both_ways
def test_empty_lists_among_others_are_skipped(merge: Merge) -> None:
    assert merge([[], [2, 3], [], [1], []]) == [1, 2, 3]


@both_ways
def test_equal_heads_do_not_compare_nodes(merge: Merge) -> None:
    assert merge([[1], [1]]) == [1, 1]
    assert merge([[1, 1], [1, 1], [1]]) == [1] * 5


@both_ways
def test_very_different_lengths(merge: Merge) -> None:
    long = list(range(0, 2000, 2))
    assert merge([long, [-1], [999], []]) == sorted([*long, -1, 999])


@both_ways
def test_negative_numbers_and_zero(merge: Merge) -> None:
    assert merge([[-5, 0, 3], [-7, -5], [0]]) == [-7, -5, -5, 0, 0, 3]


@both_ways
def test_lists_that_follow_one_another(merge: Merge) -> None:
    assert merge([[7, 8, 9], [4, 5, 6], [1, 2, 3]]) == list(range(1, 10))


@both_ways
def test_thousand_lists_of_one_element(merge: Merge) -> None:
    values = list(range(1000))
    random.Random(4).shuffle(values)
    assert merge([[value] for value in values]) == list(range(1000))


class Tagged(int):
    """A number that knows where it came from; comparisons see the number only, and are counted."""

    tag: tuple[int, int]
    comparisons: ClassVar[int] = 0

    def __hash__(self) -> int:
        return int.__hash__(self)

    def __eq__(self, other: object) -> bool:
        Tagged.comparisons += 1
        return int.__eq__(self, other)  # type: ignore[operator]

    def __lt__(self, other: int) -> bool:
        Tagged.comparisons += 1
        return int.__lt__(self, other)

    def __le__(self, other: int) -> bool:
        Tagged.comparisons += 1
        return int.__le__(self, other)

    def __gt__(self, other: int) -> bool:
        Tagged.comparisons += 1
        return int.__gt__(self, other)

    def __ge__(self, other: int) -> bool:
        Tagged.comparisons += 1
        return int.__ge__(self, other)


def tagged(lists: Sequence[Sequence[int]]) -> list[list[Tagged]]:
    result = []
    for index, values in enumerate(lists):
        row = [Tagged(value) for value in values]
        for position, value in enumerate(row):
            value.tag = (index, position)
        result.append(row)
    return result


@both_ways
def test_equal_values_keep_the_order_of_their_lists(merge: Merge) -> None:
    rows = tagged([[1, 2, 2], [1, 1, 2], [0, 2], [2]])
    merged = [(int(value), value.tag) for value in merge(rows)]
    assert merged == sorted((int(value), value.tag) for row in rows for value in row)


@both_ways
@pytest.mark.parametrize("seed", range(5))
def test_random_lists_match_a_stable_sort(merge: Merge, seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(40):
        spread = rng.choice([2, 10, 1000])
        lists = [
            sorted(rng.randrange(-spread, spread) for _ in range(rng.choice([0, 1, 3, 20])))
            for _ in range(rng.randrange(9))
        ]
        rows = tagged(lists)
        flat = [value for row in rows for value in row]
        expected = [(int(value), value.tag) for value in sorted(flat, key=int)]
        assert [(int(value), value.tag) for value in merge(rows)] == expected


@both_ways
@pytest.mark.parametrize("order", ["ascending", "descending", "shuffled"])
def test_comparisons_grow_with_the_logarithm_of_k(merge: Merge, order: str) -> None:
    k = 2000
    values = list(range(k))
    if order == "descending":
        values.reverse()
    elif order == "shuffled":
        random.Random(5).shuffle(values)
    rows = tagged([[value] for value in values])
    Tagged.comparisons = 0
    merged = merge(rows)
    comparisons = Tagged.comparisons
    assert [int(value) for value in merged] == list(range(k))
    assert comparisons < 10 * k * log2(k), "one list after another, or all heads for each element"


def test_ten_thousand_linked_lists_of_one_element() -> None:
    values = list(range(10_000))
    random.Random(6).shuffle(values)
    assert merge_linked([[value] for value in values]) == list(range(10_000))


def test_linked_lists_merge_in_little_extra_space() -> None:
    size = 40_000
    heads = [linked(range(start, size, 4)) for start in range(4)]
    tracemalloc.start()
    try:
        head = merge_k(heads)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert values_of(head, size) == list(range(size))
    assert peak < 100_000, "extra memory grows with the number of elements"
