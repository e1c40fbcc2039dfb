"""Behaviour of making an amount from the fewest coins."""

import random
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

import pytest

# isort: split
from coin_change import coin_change


def test_fewest_coins_are_counted() -> None:
    assert coin_change([1, 5, 10], 28) == 6
    assert coin_change([2, 5], 11) == 4


@pytest.mark.parametrize("coins", [[1], [2, 3], [7], []])
def test_amount_of_zero_needs_no_coins(coins: list[int]) -> None:
    assert coin_change(coins, 0) == 0


def test_single_coin_is_enough() -> None:
    assert coin_change([7], 7) == 1
    assert coin_change([1, 30, 50], 50) == 1


def test_largest_coin_first_is_not_always_best() -> None:
    assert coin_change([1, 3, 4], 6) == 2
    assert coin_change([1, 7, 10], 14) == 2
    assert coin_change([1, 5, 12, 19], 24) == 2


def test_largest_coin_first_may_even_get_stuck() -> None:
    assert coin_change([3, 5], 9) == 3
    assert coin_change([4, 9], 12) == 3
    assert coin_change([6, 10, 15], 41) == 4


def test_fewest_kinds_are_not_fewest_coins() -> None:
    assert coin_change([2, 9, 11], 20) == 2


@pytest.mark.parametrize(
    ("coins", "amount"), [([2], 3), ([5, 10], 3), ([5, 10], 12), ([4, 6], 9), ([3, 5], 7), ([], 4)]
)
def test_impossible_amount(coins: list[int], amount: int) -> None:
    assert coin_change(coins, amount) == -1


def test_impossible_remainder_is_never_preferred() -> None:
    assert coin_change([2, 5], 6) == 3
    assert coin_change([5, 7], 17) == 3
    assert coin_change([4, 7], 15) == 3


def test_coin_larger_than_the_amount_is_of_no_use() -> None:
    assert coin_change([10, 3], 6) == 2
    assert coin_change([8], 5) == -1
    assert coin_change([10**9, 1], 3) == 3


def test_each_kind_may_be_used_any_number_of_times() -> None:
    assert coin_change([1], 30) == 30
    assert coin_change([5], 25) == 5


def test_order_and_repeats_of_the_coins_do_not_matter() -> None:
    assert coin_change([4, 1, 3], 6) == 2
    assert coin_change([3, 4, 1, 3, 3], 6) == 2
    assert coin_change([5, 5], 10) == 2


@pytest.mark.parametrize("coins", [[0], [-1], [1, 0], [5, -2, 1], [1, 2, -7], [0, 10]])
def test_coin_must_be_positive(coins: list[int]) -> None:
    with pytest.raises(ValueError):
        coin_change(coins, 5)


def test_answer_is_an_integer() -> None:
    assert str(coin_change([2], 4)) == "2"
    assert str(coin_change([2], 5)) == "-1"


def test_other_sequences_are_accepted_and_lists_not_modified() -> None:
    assert coin_change((4, 3, 1), 6) == 2
    assert coin_change(range(1, 4), 8) == 3
    coins = [4, 1, 3]
    coin_change(coins, 6)
    assert coins == [4, 1, 3]


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


def judge(coins: list[int], amount: int) -> int:
    """Fail a search that takes an amount apart again and again, instead of waiting for it."""
    allowed = 100 * (amount + 1) * (len(coins) + 1)
    return coin_change(counted(coins, allowed), Counted(amount))


@pytest.mark.parametrize("seed", range(10))
def test_random_amounts_match_adding_one_coin_at_a_time(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(15):
        coins = [rng.randint(1, 12) for _ in range(rng.randrange(1, 4))]
        fewest = {0: 0}
        reached = {0}
        for number in range(1, 31):
            reached = {a + coin for a in reached for coin in coins if a + coin not in fewest}
            fewest.update(dict.fromkeys(reached, number))
        for amount in rng.sample(range(31), 8):
            assert judge(coins, amount) == fewest.get(amount, -1)


@pytest.mark.parametrize(
    ("coins", "amount", "expected"),
    [
        ([2, 4, 6, 8], 101, -1),
        ([1, 2, 5], 100, 20),
        ([3, 7, 405, 436], 839, 9),
        ([1, 5, 10, 25, 50], 999, 26),
    ],
)
def test_amount_is_not_taken_apart_again_and_again(coins: list[int], amount: int, expected: int) -> None:
    assert judge(coins, amount) == expected


@pytest.mark.parametrize(("coins", "expected"), [([1], 10_000), ([1, 2, 5], 2000), ([7, 9], 1112), ([6, 4], 1667)])
def test_large_amount_is_handled_without_overflow(coins: list[int], expected: int) -> None:
    assert judge(coins, 10_000) == expected
