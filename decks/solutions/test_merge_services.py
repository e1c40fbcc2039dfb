"""Behaviour of the lazy merge of sorted streams."""

import itertools
import random
from collections.abc import Iterator
from math import log2
from operator import itemgetter
from typing import Any, ClassVar

import pytest

# isort: split
from merge_services import merge_streams

Event = tuple[int, str]
by_time = itemgetter(0)


class StreamError(Exception):
    pass


def test_no_streams_give_no_items() -> None:
    assert list(merge_streams()) == []


@pytest.mark.parametrize("streams", [([],), ([], []), ([], [], [])])
def test_empty_streams_give_no_items(streams: tuple[list[int], ...]) -> None:
    assert list(merge_streams(*streams)) == []


def test_items_of_all_streams_come_out_in_order() -> None:
    assert list(merge_streams([1, 4, 9], [2, 3], [0, 10])) == [0, 1, 2, 3, 4, 9, 10]


def test_single_stream_passes_through() -> None:
    assert list(merge_streams([1, 1, 2])) == [1, 1, 2]


def test_empty_streams_among_others_are_skipped() -> None:
    assert list(merge_streams([], [2], [], [1], [])) == [1, 2]


def test_falsy_items_are_ordinary_items() -> None:
    assert list(merge_streams([0, 0], [0])) == [0, 0, 0]
    assert list(merge_streams([None, None], [None], key=lambda item: 0)) == [None] * 3


def test_key_decides_the_order() -> None:
    streams = [(3, "a"), (2, "b")], [(9, "c"), (1, "d")]
    merged = list(merge_streams(*streams, key=lambda event: -event[0]))
    assert merged == [(9, "c"), (3, "a"), (2, "b"), (1, "d")]


def test_key_may_be_none() -> None:
    # A key that is never compared with another one need not be comparable.
    assert list(merge_streams(["only"], key=lambda item: None)) == ["only"]


def test_ties_come_out_in_stream_order() -> None:
    one: list[Event] = [(1, "z"), (2, "z1"), (2, "z2")]
    two: list[Event] = [(1, "a"), (2, "a1"), (2, "a2")]
    three: list[Event] = [(0, "m"), (1, "m")]
    assert list(merge_streams(one, two, three, key=by_time)) == [
        (0, "m"),
        (1, "z"),
        (1, "a"),
        (1, "m"),
        (2, "z1"),
        (2, "z2"),
        (2, "a1"),
        (2, "a2"),
    ]


def test_items_need_not_be_comparable() -> None:
    one, two = [{"at": 1}, {"at": 1}, {"at": 3}], [{"at": 1}, {"at": 2}]
    merged = list(merge_streams(one, two, key=lambda event: event["at"]))
    assert [event["at"] for event in merged] == [1, 1, 1, 2, 3]
    assert [id(event) for event in merged[:3]] == [id(one[0]), id(one[1]), id(two[0])]


def test_without_dedupe_equal_items_are_all_kept() -> None:
    assert list(merge_streams([1, 1], [1])) == [1, 1, 1]


def test_event_delivered_by_two_services_is_emitted_once() -> None:
    one = [(1, "x", "one"), (2, "y", "one")]
    two = [(1, "x", "two"), (3, "z", "two")]
    merged = list(merge_streams(one, two, key=by_time, dedupe=itemgetter(1)))
    assert merged == [(1, "x", "one"), (2, "y", "one"), (3, "z", "two")]


def test_duplicates_within_one_stream_are_emitted_once() -> None:
    events: list[Event] = [(1, "x"), (1, "y"), (1, "x")]
    assert list(merge_streams(events, key=by_time, dedupe=itemgetter(1))) == events[:2]


def test_duplicates_need_not_be_neighbours() -> None:
    one: list[Event] = [(1, "x"), (1, "y")]
    two: list[Event] = [(1, "x"), (1, "y"), (1, "z")]
    merged = list(merge_streams(one, two, key=by_time, dedupe=itemgetter(1)))
    assert merged == [(1, "x"), (1, "y"), (1, "z")]


def test_same_identity_at_another_key_is_no_duplicate() -> None:
    events: list[Event] = [(1, "x"), (2, "x"), (3, "y"), (4, "x")]
    assert list(merge_streams(events, [], key=by_time, dedupe=itemgetter(1))) == events


def test_identity_of_none_is_an_ordinary_identity() -> None:
    events = [(1, None), (1, None), (2, None)]
    merged = list(merge_streams(events, key=by_time, dedupe=itemgetter(1)))
    assert merged == [(1, None), (2, None)]


@pytest.mark.parametrize("index", [0, 1, 2])
def test_stream_out_of_order_is_named_by_its_index(index: int) -> None:
    streams = [[100, 200], [100, 200], [100, 200]]
    streams[index] = [150, 120]
    with pytest.raises(ValueError, match=rf"\b{index}\b"):
        list(merge_streams(*streams))


def test_disorder_is_noticed_where_nothing_else_is_smaller() -> None:
    with pytest.raises(ValueError, match=r"\b1\b"):
        list(merge_streams([], [2, 1]))
    with pytest.raises(ValueError, match=r"\b0\b"):
        list(merge_streams([(5, "a"), (4, "b")], key=by_time, dedupe=itemgetter(1)))


def test_equal_keys_in_one_stream_are_in_order() -> None:
    assert list(merge_streams([1, 1, 1])) == [1, 1, 1]


def test_items_before_the_disorder_are_still_delivered() -> None:
    merged = merge_streams([1, 5, 2], [3])
    assert [next(merged), next(merged)] == [1, 3]
    with pytest.raises(ValueError):
        list(merged)


def test_error_of_a_stream_propagates_after_what_came_before() -> None:
    def failing() -> Iterator[int]:
        yield 1
        yield 4
        raise StreamError

    merged = merge_streams(failing(), [2, 3, 5])
    assert [next(merged), next(merged), next(merged)] == [1, 2, 3]
    with pytest.raises(StreamError):
        list(merged)


def test_nothing_is_read_before_the_first_item_is_asked_for() -> None:
    def untouchable() -> Iterator[int]:
        raise AssertionError("read too early")
        yield 0

    merge_streams(untouchable(), [1])


def test_long_streams_are_merged_lazily() -> None:
    def stream(start: int) -> Iterator[int]:
        yield from range(start, 20, 2)
        raise AssertionError("read too far")

    merged = merge_streams(stream(0), stream(1))
    assert list(itertools.islice(merged, 10)) == list(range(10))


def test_one_item_per_stream_is_buffered() -> None:
    reads = [0, 0, 0]

    def stream(index: int) -> Iterator[int]:
        for value in range(index, 300, 3):
            reads[index] += 1
            yield value

    merged = merge_streams(*(stream(index) for index in range(3)))
    for delivered, value in enumerate(merged, start=1):
        assert value == delivered - 1
        assert sum(reads) <= delivered + 3, "streams are read ahead"


class CountedKey(int):
    comparisons: ClassVar[int] = 0

    def __hash__(self) -> int:
        return int.__hash__(self)

    def __eq__(self, other: object) -> bool:
        CountedKey.comparisons += 1
        return int.__eq__(self, other)  # type: ignore[operator]

    def __lt__(self, other: int) -> bool:
        CountedKey.comparisons += 1
        return int.__lt__(self, other)

    def __gt__(self, other: int) -> bool:
        CountedKey.comparisons += 1
        return int.__gt__(self, other)

    def __le__(self, other: int) -> bool:
        CountedKey.comparisons += 1
        return int.__le__(self, other)

    def __ge__(self, other: int) -> bool:
        CountedKey.comparisons += 1
        return int.__ge__(self, other)


def test_comparisons_grow_with_the_logarithm_of_the_number_of_streams() -> None:
    k, each = 1000, 4
    numbers = list(range(k * each))
    random.Random(1).shuffle(numbers)
    streams = [sorted(numbers[i::k]) for i in range(k)]
    CountedKey.comparisons = 0
    assert list(merge_streams(*streams, key=CountedKey)) == list(range(k * each))
    comparisons = CountedKey.comparisons
    assert comparisons < 10 * k * each * log2(k), "all streams are compared for every item"


@pytest.mark.parametrize("seed", range(6))
def test_random_streams_match_a_stable_sort(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(50):
        streams: list[list[Any]] = [
            sorted((rng.randrange(8), rng.choice("abc")) for _ in range(rng.randrange(8)))
            for _ in range(rng.randrange(5))
        ]
        expected = sorted(itertools.chain(*streams), key=by_time)
        assert list(merge_streams(*streams, key=by_time)) == expected
        unique = list(dict.fromkeys(expected))  # the key and the letter make an identity
        assert list(merge_streams(*streams, key=by_time, dedupe=itemgetter(1))) == unique
