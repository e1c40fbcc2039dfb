"""Behaviour of the search for all triples that add up to zero."""

import random
import tracemalloc
from collections.abc import Callable, Iterable
from itertools import combinations
from typing import Any, ClassVar

import pytest

# isort: split
from three_sum import three_sum


def test_triples_are_sorted_within_and_among_themselves() -> None:
    assert three_sum([5, -4, 2, -1, -3, 1]) == [(-4, -1, 5), (-3, 1, 2)]


@pytest.mark.parametrize("nums", [[], [0], [0, 0], [-1, 1]])
def test_fewer_than_three_numbers_make_no_triple(nums: list[int]) -> None:
    assert three_sum(nums) == []


def test_three_numbers_are_enough() -> None:
    assert three_sum([3, -5, 2]) == [(-5, 2, 3)]


@pytest.mark.parametrize("n", [3, 4, 10])
def test_zeros_make_one_triple(n: int) -> None:
    assert three_sum([0] * n) == [(0, 0, 0)]


def test_two_zeros_are_not_three() -> None:
    assert three_sum([0, 0, 1]) == []
    assert three_sum([-1, 0, 0]) == []


def test_no_solution_is_an_empty_list() -> None:
    assert three_sum([-7, 1, 2, 3]) == []


@pytest.mark.parametrize("nums", [[1, 2, 3, 4], [-1, -2, -3, -4]])
def test_numbers_of_one_sign_make_no_triple(nums: list[int]) -> None:
    assert three_sum(nums) == []


def test_value_may_occur_twice_in_a_triple_if_it_is_there_twice() -> None:
    assert three_sum([-1, -1, 2]) == [(-1, -1, 2)]
    assert three_sum([1, 1, -2]) == [(-2, 1, 1)]
    assert three_sum([-1, 2]) == []
    assert three_sum([-1, 2, 5]) == []


def test_zero_between_opposite_numbers() -> None:
    assert three_sum([4, 0, -4]) == [(-4, 0, 4)]


def test_one_first_number_may_start_several_triples() -> None:
    assert three_sum([-6, 1, 2, 4, 5]) == [(-6, 1, 5), (-6, 2, 4)]


def test_repeated_values_yield_each_triple_once() -> None:
    nums = [-2, -2, -2, 0, 0, 0, 0, 1, 1, 1, 2, 2]
    assert three_sum(nums) == [(-2, 0, 2), (-2, 1, 1), (0, 0, 0)]


def test_very_large_numbers() -> None:
    big = 10**20
    assert three_sum([big, 1, -big - 1, -1, 0]) == [(-big - 1, 1, big), (-1, 0, 1)]


def test_input_is_not_modified() -> None:
    nums = [3, -1, 2, -2, 0, -1]
    three_sum(nums)
    assert nums == [3, -1, 2, -2, 0, -1]


def test_other_sequences_are_accepted() -> None:
    assert three_sum((2, -1, -1)) == [(-1, -1, 2)]
    assert three_sum(range(-2, 3)) == [(-2, 0, 2), (-1, 0, 1)]


@pytest.mark.parametrize("seed", range(10))
def test_random_inputs_match_trying_all_triples(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(40):
        width = rng.choice([1, 3, 8, 20])
        nums = [rng.randint(-width, width) for _ in range(rng.randrange(16))]
        triples = {tuple(sorted(each)) for each in combinations(nums, 3) if sum(each) == 0}
        assert three_sum(nums) == sorted(triples)


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


def counted(values: Iterable[int], allowed: int) -> list[int]:
    numbers: list[int] = [Counted(value) for value in values]
    Counted.used, Counted.allowed = 0, allowed
    return numbers


def test_work_grows_with_the_square_and_not_with_the_cube() -> None:
    n = 300
    distinct = [2 * number + 1 for number in range(-n // 2, n // 2)]  # three odds are never zero
    assert three_sum(counted(distinct, allowed=15 * n * n)) == []


def test_many_equal_numbers_are_no_extra_work() -> None:
    n = 300
    nums = [-1] * (n // 3) + [0] * (n // 3) + [1] * (n // 3)
    assert three_sum(counted(nums, allowed=15 * n * n)) == [(-1, 0, 1), (0, 0, 0)]


def test_sums_of_all_pairs_are_not_kept() -> None:
    n = 300
    nums = [2 * number + 1 for number in range(-n // 2, n // 2)]
    tracemalloc.start()
    try:
        assert three_sum(nums) == []
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 500_000, "extra memory grows with the number of pairs"
