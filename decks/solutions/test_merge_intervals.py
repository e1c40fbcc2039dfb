"""Behaviour of merging closed intervals."""

import random
from collections.abc import Callable
from typing import Any, ClassVar

import pytest

# isort: split
from merge_intervals import merge_intervals

Intervals = list[tuple[int, int]]


def test_overlapping_intervals_merge_and_others_stay() -> None:
    assert merge_intervals([(1, 4), (3, 6), (8, 10)]) == [(1, 6), (8, 10)]


def test_no_intervals() -> None:
    assert merge_intervals([]) == []


def test_single_interval_stays() -> None:
    assert merge_intervals([(2, 5)]) == [(2, 5)]


def test_unsorted_input_is_put_in_order() -> None:
    assert merge_intervals([(8, 9), (1, 2), (5, 6)]) == [(1, 2), (5, 6), (8, 9)]
    assert merge_intervals([(7, 9), (0, 3), (2, 8)]) == [(0, 9)]


def test_touching_intervals_merge() -> None:
    assert merge_intervals([(1, 3), (3, 5)]) == [(1, 5)]
    assert merge_intervals([(3, 5), (1, 3)]) == [(1, 5)]


def test_neighbouring_whole_numbers_do_not_touch() -> None:
    assert merge_intervals([(1, 2), (3, 4)]) == [(1, 2), (3, 4)]


def test_nested_interval_does_not_shrink_the_outer_one() -> None:
    assert merge_intervals([(1, 10), (2, 3)]) == [(1, 10)]
    assert merge_intervals([(1, 10), (2, 3), (4, 5), (9, 12)]) == [(1, 12)]


def test_equal_starts_keep_the_later_end() -> None:
    assert merge_intervals([(1, 5), (1, 2)]) == [(1, 5)]
    assert merge_intervals([(1, 2), (1, 5)]) == [(1, 5)]


def test_identical_intervals_merge() -> None:
    assert merge_intervals([(1, 2), (1, 2), (1, 2)]) == [(1, 2)]


def test_interval_may_be_a_single_point() -> None:
    assert merge_intervals([(4, 4)]) == [(4, 4)]
    assert merge_intervals([(4, 4), (4, 4), (1, 2)]) == [(1, 2), (4, 4)]
    assert merge_intervals([(4, 4), (4, 6)]) == [(4, 6)]
    assert merge_intervals([(2, 4), (4, 4)]) == [(2, 4)]
    assert merge_intervals([(1, 9), (4, 4)]) == [(1, 9)]


def test_chain_of_overlaps_becomes_one_interval() -> None:
    assert merge_intervals([(i, i + 2) for i in range(10)]) == [(0, 11)]


def test_one_interval_may_join_many() -> None:
    assert merge_intervals([(1, 2), (4, 5), (7, 8), (0, 9)]) == [(0, 9)]
    assert merge_intervals([(1, 2), (4, 5), (7, 8), (2, 7)]) == [(1, 8)]


def test_negative_numbers() -> None:
    assert merge_intervals([(-3, 0), (-9, -5), (-1, 2)]) == [(-9, -5), (-3, 2)]


@pytest.mark.parametrize(
    "xs",
    [[(2, 1)], [(0, 9), (5, 4)], [(0, 1), (7, 6)], [(3, 2), (4, 5)], [(0, -1)], [(9, 1), (1, 9)]],
)
def test_start_after_the_end_is_refused(xs: Intervals) -> None:
    with pytest.raises(ValueError):
        merge_intervals(xs)


def test_input_is_not_modified() -> None:
    xs = [(5, 6), (1, 4), (2, 3)]
    merge_intervals(xs)
    assert xs == [(5, 6), (1, 4), (2, 3)]


def test_result_is_a_list_of_its_own() -> None:
    xs = [(1, 2)]
    merge_intervals(xs).append((8, 9))
    assert xs == [(1, 2)]


def test_input_may_be_a_generator_that_can_be_read_only_once() -> None:
    assert merge_intervals(pair for pair in [(3, 4), (1, 3)]) == [(1, 4)]
    assert merge_intervals({(3, 4), (1, 3)}) == [(1, 4)]


def brute_force(xs: Intervals) -> Intervals:
    """Mark points and the gaps between them, with two cells to the unit, and read the runs off."""
    cells = sorted({cell for start, end in xs for cell in range(2 * start, 2 * end + 1)})
    starts = [cell for cell in cells if cell - 1 not in cells]
    ends = [cell for cell in cells if cell + 1 not in cells]
    return [(start // 2, end // 2) for start, end in zip(starts, ends, strict=True)]


@pytest.mark.parametrize("seed", range(10))
def test_random_intervals_match_marking_every_point(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(40):
        xs = []
        for _ in range(rng.randrange(9)):
            start = rng.randint(-12, 12)
            xs.append((start, start + rng.choice([0, 1, 2, 5, 9])))
        assert merge_intervals(xs) == brute_force(xs)


class Counted(int):
    """A number that counts the sums and comparisons made with it and with their results."""

    used: ClassVar[int] = 0
    allowed: ClassVar[int] = 0


def count(name: str) -> Callable[..., Any]:
    plain = getattr(int, name)

    def operation(self: Counted, *others: Any) -> Any:
        Counted.used += 1
        assert Counted.used <= Counted.allowed, "far too many operations"
        result = plain(self, *others)
        return Counted(result) if type(result) is int else result

    return operation


for operator in "add radd sub rsub neg eq ne lt le gt ge".split():
    setattr(Counted, f"__{operator}__", count(f"__{operator}__"))


def counted(xs: Intervals, allowed: int) -> Intervals:
    pairs: Intervals = [(Counted(start), Counted(end)) for start, end in xs]
    Counted.used, Counted.allowed = 0, allowed
    return pairs


@pytest.mark.parametrize(
    ("length", "count"), [(1, 6000), (2, 1), (10_000, 1)], ids=["apart", "touching", "overlapping"]
)
def test_many_intervals_cost_little_more_than_sorting_them(length: int, count: int) -> None:
    n = 6000
    xs = [(2 * i, 2 * i + length) for i in range(n)]
    random.Random(6).shuffle(xs)
    merged = merge_intervals(counted(xs, allowed=200 * n))
    assert len(merged) == count
    assert merged[0][0] == 0
    assert merged[-1][1] == 2 * (n - 1) + length
