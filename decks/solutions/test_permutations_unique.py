"""Behaviour of listing the distinct permutations of numbers that may repeat."""

import random
from collections.abc import Callable, Iterable
from itertools import permutations
from math import comb, factorial
from typing import Any, ClassVar

import pytest

# isort: split
from permutations_unique import unique_permutations


def test_distinct_numbers_have_all_orderings_in_order() -> None:
    assert unique_permutations([1, 2, 3]) == [
        (1, 2, 3),
        (1, 3, 2),
        (2, 1, 3),
        (2, 3, 1),
        (3, 1, 2),
        (3, 2, 1),
    ]


def test_no_numbers_have_one_ordering() -> None:
    assert unique_permutations([]) == [()]


@pytest.mark.parametrize("x", [5, 0, -1])
def test_one_number_has_one_ordering(x: int) -> None:
    assert unique_permutations([x]) == [(x,)]


def test_repeated_number_yields_each_ordering_once() -> None:
    assert unique_permutations([1, 1, 2]) == [(1, 1, 2), (1, 2, 1), (2, 1, 1)]
    assert unique_permutations([2, 2, 1]) == [(1, 2, 2), (2, 1, 2), (2, 2, 1)]


def test_two_pairs() -> None:
    assert unique_permutations([4, 9, 4, 9]) == [
        (4, 4, 9, 9),
        (4, 9, 4, 9),
        (4, 9, 9, 4),
        (9, 4, 4, 9),
        (9, 4, 9, 4),
        (9, 9, 4, 4),
    ]


@pytest.mark.parametrize("n", [2, 3, 7])
def test_equal_numbers_have_one_ordering(n: int) -> None:
    assert unique_permutations([3] * n) == [(3,) * n]


def test_zeros_and_negative_numbers() -> None:
    assert unique_permutations([0, -1]) == [(-1, 0), (0, -1)]
    assert unique_permutations([-1, 0, -1]) == [(-1, -1, 0), (-1, 0, -1), (0, -1, -1)]
    assert unique_permutations([0, 0]) == [(0, 0)]


def test_numbers_are_ordered_by_value_and_not_as_text() -> None:
    assert unique_permutations([10, 9]) == [(9, 10), (10, 9)]
    assert unique_permutations([-2, -10]) == [(-10, -2), (-2, -10)]


def test_order_of_the_input_does_not_matter() -> None:
    expected = unique_permutations([1, 2, 2, 3])
    for xs in set(permutations([1, 2, 2, 3])):
        assert unique_permutations(xs) == expected


def test_input_is_not_modified() -> None:
    xs = [3, 1, 2, 1]
    unique_permutations(xs)
    assert xs == [3, 1, 2, 1]


def test_other_sequences_are_accepted() -> None:
    assert unique_permutations((2, 1)) == [(1, 2), (2, 1)]
    assert unique_permutations(range(2)) == [(0, 1), (1, 0)]


def test_calls_do_not_affect_each_other() -> None:
    unique_permutations([1, 2]).append((0,))
    assert unique_permutations([1, 2]) == [(1, 2), (2, 1)]


@pytest.mark.parametrize("seed", range(10))
def test_random_inputs_match_sorting_the_set_of_all_orderings(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(20):
        width = rng.choice([1, 2, 5])
        xs = [rng.randint(-width, width) for _ in range(rng.randrange(7))]
        assert unique_permutations(xs) == sorted(set(permutations(xs)))


def test_eight_distinct_numbers() -> None:
    results = unique_permutations(range(8))
    assert len(results) == factorial(8)
    assert results == sorted(set(results))


class Counted(int):
    """A number that counts how often it is compared or hashed."""

    used: ClassVar[int] = 0
    allowed: ClassVar[int] = 0


def count(name: str) -> Callable[..., Any]:
    plain = getattr(int, name)

    def operation(self: Counted, *others: Any) -> Any:
        Counted.used += 1
        assert Counted.used <= Counted.allowed, "far too many operations"
        return plain(self, *others)

    return operation


for operator in "hash eq ne lt le gt ge".split():
    setattr(Counted, f"__{operator}__", count(f"__{operator}__"))


def counted(values: Iterable[int], allowed: int) -> list[int]:
    numbers: list[int] = [Counted(value) for value in values]
    Counted.used, Counted.allowed = 0, allowed
    return numbers


def test_ten_equal_numbers_take_no_time() -> None:
    results = unique_permutations(counted([7] * 10, allowed=10_000))
    assert len(results) == 1  # on its own, as far too many would take long to print
    assert results == [(7,) * 10]


@pytest.mark.parametrize("ones", [1, 2, 4])
def test_work_depends_on_the_number_of_results(ones: int) -> None:
    n = 9
    count = comb(n, ones)
    xs = counted([0] * (n - ones) + [1] * ones, allowed=200 * n * count)
    results = unique_permutations(xs)
    assert len(results) == count
    assert tuple(map(int, results[0])) == (0,) * (n - ones) + (1,) * ones
    assert tuple(map(int, results[-1])) == (1,) * ones + (0,) * (n - ones)
