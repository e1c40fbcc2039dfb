"""Behaviour of the search for two elements with a given sum."""

import random
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

import pytest

# isort: split
from two_sum import two_sum


def check(nums: Sequence[int], target: int) -> None:
    """Any partner will do, but no pair may end further left."""
    ends = [j for j in range(len(nums)) if any(nums[i] + nums[j] == target for i in range(j))]
    pair = two_sum(nums, target)
    if not ends:
        assert pair is None
        return
    assert isinstance(pair, tuple)
    i, j = pair
    assert 0 <= i < j == ends[0]
    assert nums[i] + nums[j] == target


def test_pair_is_found() -> None:
    assert two_sum([8, 1, 4, 10], 5) == (1, 2)


def test_no_elements_make_no_pair() -> None:
    assert two_sum([], 0) is None


def test_single_element_makes_no_pair() -> None:
    assert two_sum([0], 0) is None
    assert two_sum([4], 8) is None


def test_no_answer_is_none() -> None:
    assert two_sum([1, 2, 5], 4) is None


def test_element_is_not_paired_with_itself() -> None:
    assert two_sum([3, 4], 6) is None
    assert two_sum([3, 2, 4], 6) == (1, 2)


def test_same_value_at_two_places_is_a_pair() -> None:
    assert two_sum([3, 3], 6) == (0, 1)
    assert two_sum([1, 3, 9, 3], 6) == (1, 3)


def test_element_at_index_zero_counts() -> None:
    assert two_sum([2, 7], 9) == (0, 1)


def test_neighbours_are_not_the_only_pairs() -> None:
    assert two_sum([6, 1, 20, 40, 3], 9) == (0, 4)


@pytest.mark.parametrize(
    ("nums", "target", "expected"),
    [
        ([-3, 5, -8], -11, (0, 2)),
        ([-3, 3], 0, (0, 1)),
        ([0, 4, 0], 0, (0, 2)),
        ([-1, 6, 7], 5, (0, 1)),
        ([7, 0], 7, (0, 1)),
    ],
)
def test_negatives_and_zero(nums: list[int], target: int, expected: tuple[int, int]) -> None:
    assert two_sum(nums, target) == expected


def test_pair_that_ends_first_wins() -> None:
    assert two_sum([1, 4, 6, 9], 10) == (1, 2)
    assert two_sum([0, 2, 3, 5, 8, 10], 10) == (1, 4)


def test_elements_after_the_pair_change_nothing() -> None:
    assert two_sum([2, 8, 2, 8, 5, 5], 10) == (0, 1)


def test_other_sequences_are_accepted() -> None:
    assert two_sum((5, 6, 7), 12) == (0, 2)
    assert two_sum(range(10, 20), 37) == (8, 9)


def test_input_is_not_modified() -> None:
    nums = [9, 1, 5, 3]
    two_sum(nums, 8)
    assert nums == [9, 1, 5, 3]


@pytest.mark.parametrize("seed", range(10))
def test_random_inputs_match_trying_all_pairs(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(60):
        width = rng.choice([3, 12, 60])
        nums = [rng.randint(-width, width) for _ in range(rng.randrange(14))]
        check(nums, rng.randint(-width, width))


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


def test_a_million_elements_take_a_few_operations_each() -> None:
    n = 1_000_000
    assert two_sum(counted(range(n), allowed=10 * n), 2 * n - 3) == (n - 2, n - 1)


def test_search_without_success_takes_a_few_operations_per_element() -> None:
    n = 50_000
    assert two_sum(counted(range(0, 2 * n, 2), allowed=50 * n), 2 * n - 1) is None
    assert two_sum(counted([7] * n, allowed=50 * n), 15) is None
