"""Behaviour of the search for anomalies in a series.

Both definitions of the deviation, of a sample and of a population, are accepted.
"""

import math
import random
import statistics
from time import process_time
from typing import Any

import pytest

# isort: split
from anomaly import anomalies

CPU_SECONDS = 10.0  # some fifty times what a window per value needs

WAVE = [1.0, -1.0] * 25  # mean 0, deviation 1 of a population and 1.01 of a sample


def test_value_far_above_the_window_is_flagged() -> None:
    assert anomalies([10, 11, 10, 9, 10, 11, 50, 10, 11], 5) == [6]


def test_value_far_below_the_window_is_flagged() -> None:
    assert anomalies([10, 11, 10, 9, 10, 11, -30, 10, 11], 5) == [6]


def test_ordinary_variation_is_not_flagged() -> None:
    assert anomalies(WAVE * 3, 10) == []


@pytest.mark.parametrize("length", range(6))
def test_series_without_a_full_window_before_any_value_has_no_anomalies(length: int) -> None:
    assert anomalies([1.0, 900.0, -5.0, 1.0, 1e6][:length], 5) == []


def test_first_value_after_a_full_window_is_judged() -> None:
    assert anomalies([1, 2, 1, 2, 100], 4) == [4]


def test_values_of_the_first_window_are_not_judged() -> None:
    assert anomalies([1, 1, 1, 900, 1, 1], 5) == []


@pytest.mark.parametrize("window", [1, 0, -1, -5])
def test_window_below_two_is_refused(window: int) -> None:
    with pytest.raises(ValueError):
        anomalies([1.0, 2.0, 3.0, 4.0], window)


def test_window_of_two_is_the_least() -> None:
    assert anomalies([0, 1, 0, 1, 9, 9, 9], 2) == [4]


@pytest.mark.parametrize("missing", [math.nan, None])
@pytest.mark.parametrize("position", [0, 2, 5, 9])
def test_missing_value_is_refused_wherever_it_is(missing: Any, position: int) -> None:
    values: list[Any] = [1.0, 2.0] * 5
    values[position] = missing
    with pytest.raises(ValueError):
        anomalies(values, 3)


@pytest.mark.parametrize("level", [5, 0, -3, 0.1, 1e9 + 0.1, 1e-9])
def test_constant_series_has_no_anomalies(level: float) -> None:
    assert anomalies([level] * 40, 7) == []


@pytest.mark.parametrize("level", [5, 0, -3, 0.1, 1e9 + 0.1, 1e-9])
@pytest.mark.parametrize("change", [0.001, -0.001, 1000])
def test_any_change_of_a_constant_baseline_is_flagged(level: float, change: float) -> None:
    assert anomalies([level] * 12 + [level + change] + [level], 7) == [12]


def test_deviation_counts_and_not_the_distance_alone() -> None:
    calm, wild = [0.0, 0.5] * 5, [0.0, 50.0] * 5
    assert anomalies([*calm, 10.0], 10) == [10]
    assert anomalies([*wild, 60.0], 10) == []


def test_threshold_is_three_deviations_unless_told() -> None:
    assert anomalies([*WAVE, 2.9], 50) == []
    assert anomalies([*WAVE, 3.2], 50) == [50]
    assert anomalies([*WAVE, -2.9], 50) == []
    assert anomalies([*WAVE, -3.2], 50) == [50]


def test_threshold_can_be_chosen() -> None:
    assert anomalies([*WAVE, 2.5], 50, 2) == [50]
    assert anomalies([*WAVE, 2.5], 50, z=2.6) == []
    assert anomalies([*WAVE, 10], 50, z=11) == []


def test_value_does_not_hide_itself_in_its_own_window() -> None:
    # Among ten values none can be three deviations away from their mean.
    values = [0.0, 1.0] * 5 + [1e6]
    assert anomalies(values, 10) == [10]
    assert anomalies(values, 9) == [10]


def test_flagged_value_stays_in_the_windows_after_it() -> None:
    # With the first 100 in its window the second one is within two deviations.
    assert anomalies([0, 1, 0, 1, 0, 100, 100, 0], 5) == [5]


def test_lasting_change_of_level_becomes_the_new_baseline() -> None:
    values = [1, 2] * 10 + [101, 102] * 10
    assert anomalies(values, 6) == [20]
    assert anomalies([*values, 1], 6) == [20, 40]


def test_only_the_window_before_a_value_counts() -> None:
    values = [1000, -1000] * 5 + [1, 2] * 5 + [50] + [1000, -1000]
    assert anomalies(values[:21], 10) == [20]
    assert 20 in anomalies(values, 10)


def test_negative_values_are_judged_like_others() -> None:
    assert anomalies([-10, -11, -10, -9, -10, -11, -50, -10], 5) == [6]
    assert anomalies([-10, -11, -10, -9, -10, -11, 10, -10], 5) == [6]


@pytest.mark.parametrize("level", [1e9, -1e9, 2.0**40])
def test_tiny_variance_on_a_large_level_is_not_lost(level: float) -> None:
    values = [level + step / 8 for step in [0, 1, 2, 1, 3, 0, 2, 1, 3, 2, 1, 0, 2]]
    assert anomalies(values, 8) == []
    values[10] = level + 2
    assert anomalies(values, 8) == [10]


def test_spike_that_has_left_the_window_leaves_nothing_behind() -> None:
    values = [0.1] * 6 + [1e9] + [0.1] * 20 + [0.2] + [0.1] * 2
    assert anomalies(values, 6) == [6, 27]


def test_integers_and_tuples_are_fine() -> None:
    assert anomalies((1, 2, 1, 2, 1, 90), 4) == [5]


def test_series_is_not_modified() -> None:
    values = [3.0, 1.0, 2.0, 9.0, 4.0, 100.0]
    anomalies(values, 3)
    assert values == [3.0, 1.0, 2.0, 9.0, 4.0, 100.0]


@pytest.mark.parametrize("seed", range(10))
def test_random_series_match_judging_each_value_alone(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(12):
        level = rng.choice([0, -7, 1000, 1e9])
        steps = rng.choice([[0], [0, 0, 0, 1], range(20), [0, 1, 2, 40]])
        values = [level + rng.choice(list(steps)) / 4 for _ in range(rng.randrange(50))]
        window, z = rng.randrange(2, 12), rng.choice([0.5, 1, 2, 3])
        surely, possibly = set(), set()
        for i in range(window, len(values)):
            before = values[i - window : i]
            distance = abs(values[i] - statistics.fmean(before))
            if distance > z * statistics.stdev(before) * (1 + 1e-9):
                surely.add(i)
            if distance > z * statistics.pstdev(before) * (1 - 1e-9):
                possibly.add(i)
        answer = anomalies(values, window, z)
        assert answer == sorted(set(answer))
        assert surely <= set(answer) <= possibly


class Series(list):
    """A list that stops whoever reads it for too long."""

    deadline = math.inf

    def __getitem__(self, index: Any) -> Any:
        assert process_time() < self.deadline, "far too slow"
        return super().__getitem__(index)


def test_cost_of_a_value_does_not_grow_with_the_series() -> None:
    values = Series([1.0, 2.0, 4.0, 2.0] * 8000)
    values[30_000] = 99.0
    values.deadline = process_time() + CPU_SECONDS
    assert anomalies(values, 8) == [30_000]
    assert process_time() < values.deadline, "far too slow"
