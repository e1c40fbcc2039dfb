"""Behaviour of counting in event-time windows. All times are exact in floating point."""

import gc
import random
import weakref
from collections import Counter
from collections.abc import Iterator
from math import floor, inf
from time import process_time

import pytest

# isort: split
from windowed_counts import windowed_counts

CPU_SECONDS = 10.0  # some fifty times what constant time per event needs

Events = list[tuple[float, str]]
Counts = list[tuple[float, str, int]]


def test_empty_stream_gives_nothing() -> None:
    assert list(windowed_counts([], 10)) == []


def test_single_event_is_one_window() -> None:
    assert list(windowed_counts([(13, "a")], 10)) == [(10, "a", 1)]


def test_events_are_counted_per_key_and_window() -> None:
    events: Events = [(0, "a"), (1, "b"), (2, "a"), (9.5, "a"), (10, "a"), (12, "b"), (25, "b")]
    assert list(windowed_counts(events, 10)) == [
        (0, "a", 3),
        (0, "b", 1),
        (10, "a", 1),
        (10, "b", 1),
        (20, "b", 1),
    ]


def test_keys_of_a_window_come_in_order() -> None:
    events: Events = [(0, "c"), (1, "a"), (2, "b"), (3, "c"), (20, "z"), (21, "y")]
    assert list(windowed_counts(events, 10)) == [
        (0, "a", 1),
        (0, "b", 1),
        (0, "c", 2),
        (20, "y", 1),
        (20, "z", 1),
    ]


def test_event_on_a_boundary_belongs_to_the_later_window() -> None:
    events: Events = [(9.75, "a"), (10, "a"), (20, "a")]
    assert list(windowed_counts(events, 10)) == [(0, "a", 1), (10, "a", 1), (20, "a", 1)]


def test_windows_start_at_multiples_of_the_width() -> None:
    assert list(windowed_counts([(7, "a")], 5)) == [(5, "a", 1)]
    assert list(windowed_counts([(7.3125, "a")], 0.25)) == [(7.25, "a", 1)]


def test_negative_times_round_down() -> None:
    events: Events = [(-61, "a"), (-60, "a"), (-1, "a"), (0, "a"), (1, "a")]
    assert list(windowed_counts(events, 60)) == [(-120, "a", 1), (-60, "a", 2), (0, "a", 2)]


def test_windows_without_events_are_not_emitted() -> None:
    assert list(windowed_counts([(5, "a"), (95, "a")], 10)) == [(0, "a", 1), (90, "a", 1)]


class Width(float):
    """A width that counts how often it is used to step from window to window."""

    used = 0

    def __add__(self, other: float) -> float:
        Width.used += 1
        assert Width.used <= 1000, "windows without events are visited"
        return float(self) + other

    __radd__ = __add__

    def __mul__(self, other: float) -> float:
        Width.used += 1
        assert Width.used <= 1000, "windows without events are visited"
        return float(self) * other

    __rmul__ = __mul__


def test_distant_event_is_reached_at_once() -> None:
    events: Events = [(0, "a"), (2**50, "b")]
    assert list(windowed_counts(events, Width(1))) == [(0, "a", 1), (2**50, "b", 1)]


def test_event_of_a_window_that_has_ended_is_dropped() -> None:
    events: Events = [(5, "a"), (10, "b"), (9, "a"), (9, "c"), (11, "b")]
    assert list(windowed_counts(events, 10)) == [(0, "a", 1), (10, "b", 2)]


def test_late_event_is_dropped_though_its_window_was_never_open() -> None:
    events: Events = [(5, "a"), (100, "b"), (55, "c"), (101, "b")]
    assert list(windowed_counts(events, 10)) == [(0, "a", 1), (100, "b", 2)]


def test_first_event_may_make_the_next_one_late() -> None:
    assert list(windowed_counts([(100, "a"), (5, "b")], 10)) == [(100, "a", 1)]


def test_event_behind_the_watermark_counts_while_its_window_is_open() -> None:
    events: Events = [(8, "a"), (2, "a"), (3, "b"), (7, "a")]
    assert list(windowed_counts(events, 10)) == [(0, "a", 3), (0, "b", 1)]


def test_lateness_keeps_a_window_open() -> None:
    events: Events = [(5, "a"), (12, "b"), (9, "a"), (14.75, "b"), (0, "a"), (15, "b"), (9, "a")]
    assert list(windowed_counts(events, 10, 5)) == [(0, "a", 3), (10, "b", 3)]


def test_lateness_beyond_a_width_keeps_several_windows_open() -> None:
    events: Events = [(5, "a"), (35, "b"), (15, "c"), (25, "d"), (1, "a"), (40, "e"), (19, "c")]
    assert list(windowed_counts(events, 10, 26)) == [
        (0, "a", 2),
        (10, "c", 2),
        (20, "d", 1),
        (30, "b", 1),
        (40, "e", 1),
    ]


def test_watermark_never_goes_back() -> None:
    events: Events = [(25, "a"), (21, "a"), (19, "b"), (22, "a"), (18, "b")]
    assert list(windowed_counts(events, 10)) == [(20, "a", 3)]


def test_end_of_the_stream_flushes_the_open_windows_in_order() -> None:
    events: Events = [(35, "d"), (5, "b"), (25, "c"), (15, "x"), (5, "a")]
    assert list(windowed_counts(events, 10, 1000)) == [
        (0, "a", 1),
        (0, "b", 1),
        (10, "x", 1),
        (20, "c", 1),
        (30, "d", 1),
    ]


def test_order_of_windows_is_by_number_and_not_as_text() -> None:
    events: Events = [(100, "a"), (20, "a"), (-30, "a"), (3, "a")]
    starts = [start for start, _, _ in windowed_counts(events, 10, 1000)]
    assert starts == [-30, 0, 20, 100]


def test_event_that_ends_several_windows_emits_them_in_order() -> None:
    events: Events = [(25, "c"), (15, "b"), (5, "a"), (65, "z")]
    stream = iter(windowed_counts(events, 10, 30))
    assert [next(stream) for _ in range(3)] == [(0, "a", 1), (10, "b", 1), (20, "c", 1)]


def test_window_is_emitted_before_another_event_is_read() -> None:
    def events() -> Iterator[tuple[float, str]]:
        yield (1, "a")
        yield (2, "b")
        yield (10, "a")
        raise AssertionError("read too far")

    stream = iter(windowed_counts(events(), 10))
    assert [next(stream), next(stream)] == [(0, "a", 1), (0, "b", 1)]


def test_window_is_not_emitted_before_the_watermark_reaches_its_end() -> None:
    reads = 0

    def events() -> Iterator[tuple[float, str]]:
        nonlocal reads
        for at in (1, 10, 14.75, 9, 15):
            reads += 1
            yield (at, "a")
        raise AssertionError("read too far")

    stream = iter(windowed_counts(events(), 10, 5))
    assert next(stream) == (0, "a", 2)
    assert reads == 5


def model(events: Events, width: float, lateness: float) -> list[tuple[int, Counter]]:
    """For each event, and once for the end, count what is final by then."""
    accepted: Counter[tuple[float, str]] = Counter()
    final = []
    watermark = -inf
    for at, key in [*events, (inf, "")]:
        watermark = max(watermark, at - lateness)
        if at < inf:
            start = floor(at / width) * width
            if start + width > watermark:
                accepted[start, key] += 1
        final.append(Counter({at: n for at, n in accepted.items() if at[0] + width <= watermark}))
    return list(enumerate(final, 1))


@pytest.mark.parametrize("seed", range(10))
def test_random_streams_match_counting_everything_again(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(15):
        width = rng.choice([0.25, 1, 3, 10])
        lateness = rng.choice([0, 0, 0.5, 2, 7, 30])
        now = float(rng.randrange(-40, 40))
        events: Events = []
        for _ in range(rng.randrange(60)):
            now += rng.choice([0, 0.25, 0.5, 1, 5])
            events.append((now - rng.choice([0, 0, 0.25, 1, 4, 20]), rng.choice("abc")))
        reads = 0

        def stream(events: Events = events) -> Iterator[tuple[float, str]]:
            nonlocal reads
            for event in events:
                reads += 1
                yield event
            reads += 1

        seen: list[tuple[int, tuple[float, str, int]]] = []
        for row in windowed_counts(stream(), width, lateness):
            seen.append((reads, row))
        rows = [row for _, row in seen]
        assert rows == sorted(rows)
        for step, final in model(events, width, lateness):
            known = {(start, key): n for when, (start, key, n) in seen if when <= step}
            assert known == final
        assert len(rows) == len(known)


class Key(str):
    """A key that can be watched for being kept."""


def test_memory_is_bounded_by_the_open_windows() -> None:
    total = 5000
    alive: weakref.WeakSet[Key] = weakref.WeakSet()

    def events() -> Iterator[tuple[float, str]]:
        for number in range(total):
            key = Key(f"k{number}")
            alive.add(key)
            yield (float(number), key)
            if number % 500 == 0:
                gc.collect()
                assert len(alive) < total / 5, "keys of windows that have ended are still held"

    assert sum(1 for _ in windowed_counts(events(), 10, 20)) == total


def watched(events: Events) -> Iterator[tuple[float, str]]:
    deadline = process_time() + CPU_SECONDS
    for number, event in enumerate(events):
        assert process_time() < deadline, f"only {number} events read"
        yield event


def test_many_open_windows_are_not_searched_at_every_event() -> None:
    n = 60_000
    events: Events = [(float(number), "a") for number in range(n)]
    expected: Counts = [(float(number), "a", 1) for number in range(n)]
    assert list(windowed_counts(watched(events), 1, 40_000)) == expected


def test_many_keys_are_not_searched_at_every_event() -> None:
    n = 30_000
    events: Events = [(number / 2**20, str(number)) for number in range(n)] * 2
    rows = list(windowed_counts(watched(events), 1))
    assert rows == [(0, key, 2) for key in sorted(map(str, range(n)))]
