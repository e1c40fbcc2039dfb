"""Behaviour of a running median, judged through its public methods only.

The values are binary fractions, so that means are exact and can be compared with ==.
"""

import random
import statistics
from bisect import insort
from collections.abc import Iterable
from time import process_time

import pytest

# isort: split
from median_stream import MedianFinder

CPU_SECONDS = 10.0  # some fifty times what logarithmic adds need


def fed(values: Iterable[float]) -> MedianFinder:
    finder = MedianFinder()
    for value in values:
        finder.add(value)
    return finder


def running_medians(values: Iterable[float]) -> list[float | None]:
    finder = MedianFinder()
    medians = []
    for value in values:
        finder.add(value)
        medians.append(finder.median())
    return medians


def test_no_data_has_no_median() -> None:
    finder = MedianFinder()
    assert finder.median() is None
    assert len(finder) == 0


@pytest.mark.parametrize("value", [5, -5, 0, 2.5])
def test_one_value_is_its_own_median(value: float) -> None:
    finder = fed([value])
    assert finder.median() == value
    assert len(finder) == 1


def test_even_count_gives_the_mean_of_the_two_middle_values() -> None:
    assert fed([1, 2]).median() == 1.5
    assert fed([4, 1, 3, 10]).median() == 3.5


def test_odd_count_gives_the_middle_value() -> None:
    assert fed([9, 1, 5]).median() == 5


def test_value_crosses_to_the_half_where_it_belongs() -> None:
    assert running_medians([5, 1, 2]) == [5, 3, 2]
    assert running_medians([5, 9, 8]) == [5, 7, 8]


def test_all_duplicates() -> None:
    assert running_medians([7] * 9) == [7] * 9


def test_negative_numbers_mix_with_fractions() -> None:
    values = [-1.5, 2, -3, 0.25, 0, -0.5]
    assert running_medians(values) == [-1.5, 0.25, -1.5, -0.625, 0, -0.25]


@pytest.mark.parametrize("direction", [1, -1])
def test_strictly_ascending_and_descending_input(direction: int) -> None:
    values = [direction * number for number in range(101)]
    expected = [statistics.median(values[: i + 1]) for i in range(len(values))]
    assert running_medians(values) == expected


def test_reading_changes_nothing() -> None:
    finder = fed([3, 1, 2, 8])
    assert [finder.median() for _ in range(5)] == [2.5] * 5
    assert len(finder) == 4
    finder.add(2)
    assert finder.median() == 2


def test_adds_without_a_read_between_them() -> None:
    finder = fed([10, 9, 8, 1, 2, 3, 7])
    assert finder.median() == 7
    assert len(finder) == 7


def test_two_finders_share_nothing() -> None:
    fed([1, 2, 3])
    assert len(MedianFinder()) == 0
    assert MedianFinder().median() is None


@pytest.mark.parametrize("seed", range(6))
def test_random_streams_match_a_sorted_list(seed: int) -> None:
    rng = random.Random(seed)
    spread = rng.choice([3, 50, 100_000])
    finder = MedianFinder()
    ordered: list[float] = []
    for count in range(1, 800):
        value = rng.randrange(-spread, spread + 1) / 4
        finder.add(value)
        insort(ordered, value)
        assert len(finder) == count
        if rng.random() < 0.7:
            assert finder.median() == statistics.median(ordered)


@pytest.mark.parametrize("order", ["ascending", "descending", "shuffled"])
def test_hundred_thousand_values_read_after_each_add_stay_fast(order: str) -> None:
    size = 100_000
    values = list(range(size))
    if order == "descending":
        values.reverse()
    elif order == "shuffled":
        random.Random(3).shuffle(values)
    finder = MedianFinder()
    began = process_time()
    for count, value in enumerate(values):
        finder.add(value)
        finder.median()
        if count % 100 == 0:
            assert process_time() - began < CPU_SECONDS, f"only {count} values added"
    assert len(finder) == size
    assert finder.median() == (size - 1) / 2


def test_values_below_all_others_are_not_moved_into_a_sorted_list() -> None:
    size = 700_000  # so many that shifting the list at each insertion shows
    finder = MedianFinder()
    began = process_time()
    for value in range(size, 0, -1):
        finder.add(value)
        if value % 1000 == 0:
            assert process_time() - began < CPU_SECONDS, f"{value} values still to add"
    assert finder.median() == (size + 1) / 2
