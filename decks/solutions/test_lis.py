"""Behaviour of the length of the longest strictly increasing subsequence."""

import random
from collections.abc import Callable, Iterable
from itertools import combinations
from typing import Any, ClassVar

import pytest

# isort: split
from lis import lis_length


def test_longest_subsequence_is_measured() -> None:
    assert lis_length([6, 2, 5, 1, 7, 4, 8, 3]) == 4


def test_no_elements() -> None:
    assert lis_length([]) == 0


@pytest.mark.parametrize("x", [0, 9, -4])
def test_one_element(x: int) -> None:
    assert lis_length([x]) == 1


def test_ascending_input_counts_in_full() -> None:
    assert lis_length([1, 2]) == 2
    assert lis_length([-3, 0, 4, 5, 11]) == 5


def test_descending_input_has_length_one() -> None:
    assert lis_length([2, 1]) == 1
    assert lis_length([9, 7, 4, 0, -2]) == 1


def test_equal_elements_have_length_one() -> None:
    assert lis_length([7, 7, 7]) == 1
    assert lis_length([0] * 10) == 1


def test_equal_elements_do_not_extend_a_subsequence() -> None:
    assert lis_length([1, 3, 3, 5]) == 3
    assert lis_length([4, 4, 5, 5, 6]) == 3
    assert lis_length([2, 1, 2, 1, 2]) == 2


def test_elements_need_not_be_neighbours() -> None:
    assert lis_length([1, 9, 2, 8, 3, 7]) == 4
    assert lis_length([5, 100, 6, 99, 7]) == 3


def test_large_element_at_the_start_does_not_spoil_the_rest() -> None:
    assert lis_length([50, 1, 2, 3]) == 3
    assert lis_length([1, 50, 2, 3, 4]) == 4


def test_small_element_at_the_end_does_not_spoil_the_rest() -> None:
    assert lis_length([2, 5, 1]) == 2
    assert lis_length([3, 4, 5, 1, 2]) == 3


def test_later_start_may_win() -> None:
    assert lis_length([7, 8, 1, 2, 3, 4]) == 4


def test_smaller_tail_lets_a_subsequence_grow() -> None:
    assert lis_length([1, 6, 3, 4]) == 3
    assert lis_length([2, 9, 4, 3, 5, 1, 6]) == 4


def test_negative_elements() -> None:
    assert lis_length([-1, -5, -3, -4, 0]) == 3
    assert lis_length([-2, -1]) == 2


def test_other_sequences_are_accepted_and_lists_not_modified() -> None:
    assert lis_length((3, 1, 2)) == 2
    assert lis_length(range(5)) == 5
    nums = [3, 1, 2]
    lis_length(nums)
    assert nums == [3, 1, 2]


@pytest.mark.parametrize("seed", range(10))
def test_random_inputs_match_trying_every_subsequence(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(25):
        width = rng.choice([1, 4, 20])
        nums = [rng.randint(-width, width) for _ in range(rng.randrange(10))]
        lengths = (
            length
            for length in range(len(nums), -1, -1)
            for part in combinations(nums, length)
            if all(part[i] < part[i + 1] for i in range(length - 1))
        )
        assert lis_length(nums) == next(lengths)


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


N = 100_000


@pytest.mark.parametrize("shape", ["ascending", "descending", "blocks"])
def test_hundred_thousand_elements_take_a_few_comparisons_each(shape: str) -> None:
    block = 250
    values: Iterable[int] = range(N)
    expected = N
    if shape == "descending":
        values, expected = reversed(range(N)), 1
    elif shape == "blocks":  # each falls, and each lies above the one before
        values = (start + i for start in range(0, N, block) for i in reversed(range(block)))
        expected = N // block
    assert lis_length(counted(values, allowed=100 * N)) == expected
