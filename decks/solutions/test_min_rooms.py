"""Behaviour of the fewest rooms for a set of half-open meetings."""

import random
from collections.abc import Callable
from typing import Any, ClassVar

import pytest

# isort: split
from min_rooms import min_rooms

Meetings = list[tuple[int, int]]


def test_no_meetings_need_no_room() -> None:
    assert min_rooms([]) == 0


def test_single_meeting_needs_one_room() -> None:
    assert min_rooms([(3, 8)]) == 1


def test_overlapping_meetings_need_two_rooms() -> None:
    assert min_rooms([(0, 6), (5, 10)]) == 2


def test_meetings_apart_share_a_room() -> None:
    assert min_rooms([(0, 2), (4, 6), (8, 9)]) == 1


def test_back_to_back_meetings_share_a_room() -> None:
    assert min_rooms([(0, 5), (5, 10)]) == 1
    assert min_rooms([(5, 10), (0, 5)]) == 1
    assert min_rooms([(i, i + 1) for i in range(20)]) == 1
    assert min_rooms([(0, 5), (0, 5), (5, 9), (5, 9)]) == 2


def test_room_is_used_again_after_a_short_meeting() -> None:
    assert min_rooms([(0, 30), (5, 10), (15, 20)]) == 2
    assert min_rooms([(0, 30), (5, 10), (10, 20), (20, 30)]) == 2


def test_identical_meetings_need_a_room_each() -> None:
    assert min_rooms([(1, 2)] * 4) == 4


def test_nested_meetings_need_a_room_each() -> None:
    assert min_rooms([(0, 10), (1, 9), (2, 8), (3, 7)]) == 4


def test_equal_starts_and_equal_ends() -> None:
    assert min_rooms([(0, 3), (0, 5), (0, 9)]) == 3
    assert min_rooms([(0, 9), (3, 9), (5, 9)]) == 3


def test_peak_may_come_early_or_late() -> None:
    assert min_rooms([(0, 4), (1, 3), (2, 5), (9, 10)]) == 3
    assert min_rooms([(0, 1), (7, 12), (8, 11), (9, 10)]) == 3


def test_chain_of_overlaps_needs_only_two_rooms() -> None:
    assert min_rooms([(2 * i, 2 * i + 3) for i in range(10)]) == 2


def test_order_of_the_input_does_not_matter() -> None:
    assert min_rooms([(15, 20), (0, 30), (5, 10)]) == 2
    assert min_rooms([(8, 9), (0, 2), (1, 4), (3, 9)]) == 2


def test_empty_meeting_needs_no_room() -> None:
    assert min_rooms([(5, 5)]) == 0
    assert min_rooms([(5, 5), (5, 5)]) == 0
    assert min_rooms([(0, 10), (5, 5)]) == 1
    assert min_rooms([(5, 5), (5, 8)]) == 1
    assert min_rooms([(2, 5), (5, 5), (5, 8)]) == 1


def test_negative_times() -> None:
    assert min_rooms([(-5, -1), (-3, 2), (-1, 4)]) == 2


def test_input_may_be_a_generator_that_can_be_read_only_once() -> None:
    assert min_rooms(pair for pair in [(0, 5), (1, 2)]) == 2


def test_input_is_not_modified() -> None:
    meetings = [(5, 6), (1, 4), (2, 3)]
    min_rooms(meetings)
    assert meetings == [(5, 6), (1, 4), (2, 3)]


@pytest.mark.parametrize("seed", range(10))
def test_random_meetings_match_counting_at_every_instant(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(60):
        meetings = []
        for _ in range(rng.randrange(10)):
            start = rng.randint(-8, 8)
            meetings.append((start, start + rng.choice([0, 1, 2, 4, 9])))
        under_way = [sum(start <= now < end for start, end in meetings) for now in range(-8, 18)]
        assert min_rooms(meetings) == max(under_way)


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


def counted(meetings: Meetings, allowed: int) -> Meetings:
    pairs: Meetings = [(Counted(start), Counted(end)) for start, end in meetings]
    Counted.used, Counted.allowed = 0, allowed
    return pairs


@pytest.mark.parametrize(("length", "rooms"), [(1, 1), (2, 1), (3, 2), (20_000, 5000)], ids=str)
def test_many_meetings_cost_little_more_than_sorting_them(length: int, rooms: int) -> None:
    n = 5000
    meetings = [(2 * i, 2 * i + length) for i in range(n)]
    random.Random(7).shuffle(meetings)
    assert min_rooms(counted(meetings, allowed=300 * n)) == rooms
