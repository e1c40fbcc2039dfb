"""Fuzz: a small, repeatable shift of an interval, so that cards learned together do not stay together."""

from __future__ import annotations

from zlib import crc32

# Share of an interval, by part of its length in days, that fuzz may shift it either way (Anki and py-fsrs use the same).
_PARTS = ((2.5, 7.0, 0.15), (7.0, 20.0, 0.1), (20.0, float("inf"), 0.05))


def seed_of(name: str) -> int:
    """Return the seed of a card from the name it was born under."""
    return crc32(name.encode())


def fuzzed(interval: int, seed: int, reps: int, maximum: int) -> int:
    """Shift an interval in days by an amount that depends only on the card's seed and its number of reviews.

    Monotone in ``interval``, so a better rating never gets a shorter interval; never above ``maximum``, never below 1.
    """
    if interval < 2.5:
        return min(interval, maximum)
    delta = 1.0
    for start, end, share in _PARTS:
        delta += share * max(min(interval, end) - start, 0.0)
    low = max(2, round(interval - delta))
    high = min(round(interval + delta), maximum)
    low = min(low, high)
    part = crc32(b"%d:%d" % (seed, reps)) / 0x1_0000_0000
    return low + int(part * (high - low + 1))
