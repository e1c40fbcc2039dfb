"""Behaviour of the maximum of every sliding window."""

import random
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

import pytest

# isort: split
from window_max import window_max


def test_each_window_has_its_maximum() -> None:
    assert window_max([4, 2, 7, 1, 3, 3, 6], 3) == [7, 7, 7, 3, 6]


def test_window_of_one_returns_the_elements() -> None:
    assert window_max([3, 1, 2], 1) == [3, 1, 2]
    assert window_max([5], 1) == [5]


def test_window_of_everything_returns_one_maximum() -> None:
    assert window_max([3, 9, 2], 3) == [9]
    assert window_max([1, 2], 2) == [2]


@pytest.mark.parametrize("k", [4, 5, 100])
def test_window_longer_than_the_input_is_refused(k: int) -> None:
    with pytest.raises(ValueError):
        window_max([1, 2, 3], k)


@pytest.mark.parametrize("nums", [[1, 2, 3], []])
@pytest.mark.parametrize("k", [0, -1, -3])
def test_window_of_less_than_one_is_refused(nums: list[int], k: int) -> None:
    with pytest.raises(ValueError):
        window_max(nums, k)


def test_no_elements_have_no_window() -> None:
    with pytest.raises(ValueError):
        window_max([], 1)


def test_maximum_expires_when_it_leaves_the_window() -> None:
    assert window_max([9, 1, 1, 1], 2) == [9, 1, 1]
    assert window_max([9, 3, 2, 1, 0], 3) == [9, 3, 2]


def test_maximum_stays_until_the_last_window_that_contains_it() -> None:
    assert window_max([1, 9, 1, 1, 1, 1], 4) == [9, 9, 1]
    assert window_max([9, 1, 1, 1, 1], 4) == [9, 1]


def test_equal_elements() -> None:
    assert window_max([2, 2, 2, 2], 2) == [2, 2, 2]
    assert window_max([0, 0, 0], 3) == [0]


def test_descending_input() -> None:
    assert window_max([5, 4, 3, 2, 1], 2) == [5, 4, 3, 2]


def test_ascending_input() -> None:
    assert window_max([1, 2, 3, 4, 5], 2) == [2, 3, 4, 5]


def test_copies_of_the_maximum_leave_one_at_a_time() -> None:
    assert window_max([5, 5, 1], 2) == [5, 5]
    assert window_max([7, 7, 7, 1, 1, 1], 3) == [7, 7, 7, 1]
    assert window_max([7, 0, 7, 0, 1, 1], 3) == [7, 7, 7, 1]


def test_smaller_element_takes_over_when_larger_ones_have_left() -> None:
    assert window_max([8, 3, 5, 4, 1, 2], 3) == [8, 5, 5, 4]


def test_negative_elements() -> None:
    assert window_max([-5, -2, -9, -9, -1], 2) == [-2, -2, -9, -1]
    assert window_max([-3, -4], 1) == [-3, -4]


def test_other_sequences_are_accepted() -> None:
    assert window_max((2, 1, 3), 2) == [2, 3]
    assert window_max(range(4), 2) == [1, 2, 3]


def test_input_is_not_modified() -> None:
    nums = [3, 1, 2]
    window_max(nums, 2)
    assert nums == [3, 1, 2]


@pytest.mark.parametrize("seed", range(10))
def test_random_inputs_match_the_maximum_of_each_slice(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(60):
        width = rng.choice([1, 4, 50])
        nums = [rng.randint(-width, width) for _ in range(rng.randrange(1, 20))]
        k = rng.randint(1, len(nums))
        expected = [max(nums[i : i + k]) for i in range(len(nums) - k + 1)]
        assert window_max(nums, k) == expected


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


@pytest.mark.parametrize("shape", ["ascending", "descending", "equal", "saw", "random"])
@pytest.mark.parametrize("k", [2, 10_000, 19_990])
def test_wide_window_takes_no_more_work_than_a_narrow_one(shape: str, k: int) -> None:
    n = 20_000
    plain = list(range(n))
    if shape == "descending":
        plain.reverse()
    elif shape == "equal":
        plain = [1] * n
    elif shape == "saw":
        plain = [i % 100 for i in plain]
    elif shape == "random":
        random.Random(20).shuffle(plain)
    maxima = window_max(counted(plain, allowed=100 * n), k)
    assert len(maxima) == n - k + 1
    for i in (0, 1, (n - k) // 2, n - k):
        assert maxima[i] == max(plain[i : i + k])
