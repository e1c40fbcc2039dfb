"""Behaviour of deduplication with a time window. All times are exact in floating point."""

import gc
import random
import weakref
from collections.abc import Iterator
from time import process_time
from typing import Any

import pytest

# isort: split
from dedupe_stream import dedupe

CPU_SECONDS = 10.0  # some fifty times what constant time per event needs


def kept(times: list[float], ttl: float) -> list[float]:
    """Feed one id at these times and return the times at which it was emitted."""
    return [at for at, _, _ in dedupe([(at, "id", None) for at in times], ttl)]


def test_empty_stream_gives_nothing() -> None:
    assert list(dedupe([], 10)) == []


def test_distinct_ids_all_pass_unchanged_and_in_order() -> None:
    events = [(0.0, "a", 1), (0.0, "b", 2), (1.5, "c", 3)]
    assert list(dedupe(events, 10)) == events


def test_repetition_within_the_window_is_dropped() -> None:
    events = [(0.0, "a", "first"), (5.0, "a", "second"), (6.0, "b", "third")]
    assert list(dedupe(events, 10)) == [(0.0, "a", "first"), (6.0, "b", "third")]


def test_repetition_exactly_at_the_end_of_the_window_is_emitted_again() -> None:
    assert kept([0, 9.5, 10], 10) == [0, 10]
    assert kept([100, 100.25, 100.5], 0.5) == [100, 100.5]


def test_repetition_after_the_window_opens_a_new_one() -> None:
    assert kept([0, 12, 15, 21.5, 22], 10) == [0, 12, 22]


def test_duplicates_do_not_prolong_the_window() -> None:
    assert kept([0, 6, 10], 10) == [0, 10]
    assert kept([0, 3, 6, 9, 12, 15, 18, 21], 10) == [0, 12]


def test_equal_timestamps_are_within_the_window() -> None:
    assert kept([5, 5, 5], 1) == [5]
    events = [(5.0, "a", 1), (5.0, "b", 2), (5.0, "a", 3)]
    assert list(dedupe(events, 1)) == events[:2]


def test_window_of_zero_keeps_everything() -> None:
    events = [(0.0, "a", 1), (0.0, "a", 1), (1.0, "a", 1), (1.0, "b", 2)]
    assert list(dedupe(events, 0)) == events


def test_windows_of_different_ids_are_independent() -> None:
    events = [(0.0, "a", 0), (4.0, "b", 0), (10.0, "a", 0), (11.0, "b", 0), (14.0, "b", 0)]
    assert [(at, each) for at, each, _ in dedupe(events, 10)] == [
        (0.0, "a"),
        (4.0, "b"),
        (10.0, "a"),
        (14.0, "b"),
    ]


@pytest.mark.parametrize("identity", [None, 0, "", (), False])
def test_falsy_id_is_an_ordinary_id(identity: Any) -> None:
    events = [(0.0, identity, 1), (1.0, identity, 2), (10.0, identity, 3)]
    assert list(dedupe(events, 10)) == [events[0], events[2]]


def test_times_may_be_zero_or_negative() -> None:
    assert kept([-10, -5, 0, 5], 10) == [-10, 0]


def test_payload_takes_no_part_and_may_be_anything() -> None:
    events = [(0.0, "a", {"n": 1}), (1.0, "a", {"n": 2}), (1.0, "b", {"n": 1}), (2.0, "c", None)]
    assert list(dedupe(events, 10)) == [events[0], events[2], events[3]]


def test_events_are_read_lazily() -> None:
    def events() -> Iterator[tuple[float, str, int]]:
        for number in range(21):
            yield (float(number), "a", number)
        raise AssertionError("read too far")

    stream = iter(dedupe(events(), 10))
    assert [next(stream)[2] for _ in range(3)] == [0, 10, 20]


def test_event_is_delivered_before_the_next_one_is_read() -> None:
    def one_only() -> Iterator[tuple[float, str, int]]:
        yield (0.0, "a", 1)
        raise AssertionError("read too early")

    assert next(iter(dedupe(one_only(), 10))) == (0.0, "a", 1)


@pytest.mark.parametrize("seed", range(8))
def test_random_streams_match_searching_all_emissions(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(20):
        ttl = rng.choice([0, 0.25, 1, 5, 100])
        now = 0.0
        events: list[tuple[float, Any, int]] = []
        for number in range(100):
            now += rng.choice([0, 0, 0.25, 0.5, 1, 3])
            events.append((now, rng.choice(["a", "b", "c", None]), number))
        expected: list[tuple[float, Any, int]] = []
        for event in events:
            recent = [old for old in expected if old[1] == event[1] and event[0] - old[0] < ttl]
            if not recent:
                expected.append(event)
        assert list(dedupe(events, ttl)) == expected


class Identity:
    """An id that can be watched for being kept."""


def test_state_shrinks_after_a_quiet_period() -> None:
    total = 2000
    alive: weakref.WeakSet[Identity] = weakref.WeakSet()

    def events() -> Iterator[tuple[float, Identity, None]]:
        for number in range(total):
            identity = Identity()
            alive.add(identity)
            yield (number / 1024, identity, None)
        del identity
        yield (1000.0, Identity(), None)
        gc.collect()
        assert len(alive) < total / 10, "ids of long ago are still held"

    assert sum(1 for _ in dedupe(events(), 10)) == total + 1


def test_memory_is_bounded_by_the_window() -> None:
    total, ttl = 10_000, 8.0
    alive: weakref.WeakSet[Identity] = weakref.WeakSet()

    def events() -> Iterator[tuple[float, Identity, None]]:
        for number in range(total):
            identity = Identity()
            alive.add(identity)
            yield (float(number), identity, None)
            if number % 1000 == 0:
                gc.collect()
                assert len(alive) < total / 5, "ids outside the window are still held"

    assert sum(1 for _ in dedupe(events(), ttl)) == total


def test_many_live_ids_are_not_searched_at_every_event() -> None:
    live, total = 20_000, 100_000
    began = process_time()

    def events() -> Iterator[tuple[float, int, None]]:
        for number in range(total):
            if number % 50 == 0:
                assert process_time() - began < CPU_SECONDS, f"only {number} events read"
            yield (float(number), number % (live + 1), None)

    assert sum(1 for _ in dedupe(events(), live + 0.5)) == total
