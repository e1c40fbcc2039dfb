"""Behaviour of the k-th largest value of a stream."""

import random
import tracemalloc
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

import pytest

# isort: split
from kth_largest import KthLargest


def answers(stream: KthLargest, values: Iterable[int]) -> list[int | None]:
    return [stream.add(x) for x in values]


def test_answer_follows_the_stream() -> None:
    stream = KthLargest(3, [6, 2, 9])
    assert answers(stream, [1, 4, 7, 3, 12]) == [2, 4, 6, 6, 7]


def test_fewer_than_k_values_have_no_answer() -> None:
    assert answers(KthLargest(3), [5, 8, 1, 9]) == [None, None, 1, 5]
    assert answers(KthLargest(4, [3, 3]), [7, 1, 2]) == [None, 1, 2]


def test_k_of_one_is_the_maximum() -> None:
    assert answers(KthLargest(1), [2, 1, 5, 4, 5, 6]) == [2, 2, 5, 5, 5, 6]


@pytest.mark.parametrize("k", [0, -1, -10])
def test_k_below_one_is_refused(k: int) -> None:
    with pytest.raises(ValueError):
        KthLargest(k)
    with pytest.raises(ValueError):
        KthLargest(k, [1, 2, 3])


def test_equal_values_count_separately() -> None:
    assert answers(KthLargest(2), [5, 5]) == [None, 5]
    assert answers(KthLargest(2, [5, 5]), [5, 6, 6]) == [5, 5, 6]
    assert answers(KthLargest(3), [4, 4, 4, 7, 7, 7]) == [None, None, 4, 4, 4, 7]


def test_small_value_changes_nothing() -> None:
    stream = KthLargest(2, [10, 20])
    assert answers(stream, [1, 2, 3, 15, 4]) == [10, 10, 10, 15, 15]


def test_value_equal_to_the_answer_changes_nothing() -> None:
    assert answers(KthLargest(2, [10, 20]), [10, 10, 11]) == [10, 10, 11]


def test_ascending_and_descending_streams() -> None:
    assert answers(KthLargest(2), [1, 2, 3, 4]) == [None, 1, 2, 3]
    assert answers(KthLargest(2), [4, 3, 2, 1]) == [None, 3, 3, 3]


def test_zero_and_negative_values() -> None:
    assert answers(KthLargest(2), [-5, -3, -4, 0]) == [None, -5, -4, -3]
    assert answers(KthLargest(1), [0, -1]) == [0, 0]
    assert answers(KthLargest(2, [0]), [0, 1]) == [0, 0]


def test_first_values_may_be_more_than_k() -> None:
    assert KthLargest(2, [9, 1, 8, 7, 3]).add(0) == 8
    assert KthLargest(2, [9, 1, 8, 7, 3]).add(10) == 9
    assert KthLargest(1, range(100)).add(5) == 99


def test_first_values_may_be_exactly_k() -> None:
    assert KthLargest(3, [2, 3, 1]).add(0) == 1
    assert KthLargest(3, [2, 3, 1]).add(4) == 2


def test_first_values_may_be_none_at_all() -> None:
    assert KthLargest(1, []).add(3) == 3
    assert KthLargest(2, []).add(3) is None


def test_first_values_may_come_from_a_generator() -> None:
    assert KthLargest(2, (x for x in [4, 6, 5])).add(1) == 5
    assert KthLargest(2, {4, 6, 5}).add(7) == 6


def test_list_of_first_values_stays_the_callers_own() -> None:
    nums = [5, 3, 8, 1]
    stream = KthLargest(2, nums)
    assert stream.add(7) == 7
    assert nums == [5, 3, 8, 1]
    nums.clear()
    nums += [100, 200]
    assert stream.add(6) == 7


def test_two_streams_share_nothing() -> None:
    one, other = KthLargest(1), KthLargest(1)
    assert one.add(5) == 5
    assert other.add(3) == 3
    assert KthLargest(2).add(1) is None


@pytest.mark.parametrize("seed", range(10))
def test_random_streams_match_sorting_all_values(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(20):
        width = rng.choice([1, 5, 100])
        k = rng.randint(1, 8)
        values = [rng.randint(-width, width) for _ in range(rng.randrange(12))]
        stream = KthLargest(k, list(values))
        for _ in range(30):
            x = rng.randint(-width, width)
            values.append(x)
            expected = sorted(values, reverse=True)[k - 1] if len(values) >= k else None
            assert stream.add(x) == expected


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


@pytest.mark.parametrize("shape", ["ascending", "descending", "shuffled"])
def test_value_takes_few_comparisons_even_if_k_is_large(shape: str) -> None:
    n, k = 20_000, 5000
    plain = list(range(n))
    if shape == "descending":
        plain.reverse()
    elif shape == "shuffled":
        random.Random(8).shuffle(plain)
    values = counted(plain, allowed=150 * n)
    stream = KthLargest(k, values[: n // 2])
    last = [stream.add(x) for x in values[n // 2 :]][-1]
    assert last == n - k


def test_long_stream_takes_few_comparisons_per_value() -> None:
    n, k = 20_000, 10
    stream = KthLargest(k)
    last = [stream.add(x) for x in counted(range(n), allowed=150 * n)][-1]
    assert last == n - k


def test_only_the_k_largest_are_kept() -> None:
    tracemalloc.start()
    try:
        stream = KthLargest(5, (x**3 for x in range(2000)))
        for x in range(2000, 6000):
            stream.add(x**3)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 100_000, "memory grows with the stream"
