"""Behaviour of counting the subarrays with a given sum."""

import random
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

import pytest

# isort: split
from subarray_sum import subarray_sum


def test_runs_in_the_middle_and_at_the_end_count() -> None:
    assert subarray_sum([9, 2, 3, 1, 4], 5) == 2


@pytest.mark.parametrize("k", [-1, 0, 1])
def test_no_elements_have_no_subarrays(k: int) -> None:
    assert subarray_sum([], k) == 0


def test_single_element() -> None:
    assert subarray_sum([4], 4) == 1
    assert subarray_sum([4], 3) == 0
    assert subarray_sum([4], 0) == 0
    assert subarray_sum([0], 0) == 1


def test_whole_array_counts() -> None:
    assert subarray_sum([1, 5, 2], 8) == 1


def test_run_at_the_start_counts() -> None:
    assert subarray_sum([2, 6, 90], 8) == 1
    assert subarray_sum([8, 90], 8) == 1


def test_negative_numbers_may_let_a_longer_run_match() -> None:
    assert subarray_sum([1, -1, 0], 0) == 3
    assert subarray_sum([5, -3, 3], 5) == 2
    assert subarray_sum([-2, -3, 4], -5) == 1


def test_overlapping_runs_count_separately() -> None:
    assert subarray_sum([1, 1, 1], 2) == 2
    assert subarray_sum([3, -3, 3, -3], 0) == 4


def test_empty_run_never_counts() -> None:
    assert subarray_sum([1, 2, 3], 0) == 0


def test_zeros_around_a_run_make_further_runs() -> None:
    assert subarray_sum([0, 7, 0, 0], 7) == 6


def test_all_zeros_count_every_run() -> None:
    assert subarray_sum([0, 0, 0], 0) == 6
    assert subarray_sum([0, 0, 0], 1) == 0


def test_very_large_numbers_are_exact() -> None:
    big = 10**20
    assert subarray_sum([big, 1, -big, big], big + 1) == 2


def test_other_sequences_are_accepted_and_lists_not_modified() -> None:
    assert subarray_sum((1, 2, 3), 3) == 2
    assert subarray_sum(range(1, 6), 9) == 2
    nums = [2, -2, 3]
    subarray_sum(nums, 3)
    assert nums == [2, -2, 3]


@pytest.mark.parametrize("seed", range(10))
def test_random_inputs_match_adding_up_every_run(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(60):
        width = rng.choice([1, 2, 6])
        nums = [rng.randint(-width, width) for _ in range(rng.randrange(14))]
        k = rng.randint(-width, width)
        runs = (nums[i:j] for j in range(len(nums) + 1) for i in range(j))
        assert subarray_sum(nums, k) == sum(sum(run) == k for run in runs)


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


@pytest.mark.parametrize(
    ("pattern", "k", "expected"),
    [
        ([0], 0, 800_020_000),
        ([1], 1000, 39_001),
        ([1, -1], 0, 400_000_000),
        ([1], -1, 0),
    ],
)
def test_long_input_takes_a_few_operations_per_element(pattern: list[int], k: int, expected: int) -> None:
    n = 40_000
    nums = counted(pattern * (n // len(pattern)), allowed=50 * n)
    assert subarray_sum(nums, k) == expected
