"""Fewest coins that make an amount, by a table over all smaller amounts.

Invariant: once amount a has been handled, `fewest[a]` is the least number of coins that add up to
exactly a, or infinity if none do. The last coin c of a best choice leaves a best choice for a - c,
and that entry is final already.

Time: O(amount * kinds of coins). Space: O(amount).
"""

from collections.abc import Sequence
from math import inf


def coin_change(coins: Sequence[int], amount: int) -> int:
    """Return the least number of coins, each kind as often as wanted, or -1 if impossible.

    A coin that is not positive is a ValueError.
    """
    kinds = set(coins)
    if any(coin <= 0 for coin in kinds):
        raise ValueError("coins must be positive")
    if amount < 0:
        return -1
    fewest: list[float] = [0]
    for a in range(1, amount + 1):
        # Infinity for "impossible" never wins a minimum, as -1 would.
        fewest.append(1 + min((fewest[a - coin] for coin in kinds if coin <= a), default=inf))
    return -1 if fewest[amount] == inf else int(fewest[amount])
