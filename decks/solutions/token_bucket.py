"""Token-bucket rate limiter: bursts up to the capacity, the rate on average.

Invariant: `_tokens` is the level at the instant `_updated`, between 0 and the capacity. No timer
fills the bucket: whoever asks first adds what the time since then has earned. Level and instant
change together under one lock, as does the test of the level with the taking from it.

Time: O(1) per call, however long the bucket was idle. Space: O(1) per bucket.
"""

import math
import time
from collections.abc import Callable
from threading import Lock


class TokenBucket:
    """Starts with `capacity` tokens, its most, and gains `rate` of them per second of the clock.

    A cost that is not positive is a ValueError.
    """

    def __init__(self, capacity: float, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        if not (capacity > 0 and rate > 0):
            raise ValueError("capacity and rate must be positive")
        self._capacity = capacity
        self._rate = rate
        self._clock = clock
        self._lock = Lock()
        self._tokens = capacity
        self._updated = clock()

    def allow(self, cost: float = 1) -> bool:
        """Take the tokens and say yes, or take nothing and say no."""
        with self._lock:
            if self._missing(cost) > 0:
                return False
            self._tokens -= cost
            return True

    def retry_after(self, cost: float = 1) -> float:
        """Return the seconds until the cost could be paid, infinity if it never can."""
        with self._lock:
            missing = self._missing(cost)
        return math.inf if cost > self._capacity else max(0.0, missing / self._rate)

    def _missing(self, cost: float) -> float:
        if not cost > 0:  # so that NaN is refused too
            raise ValueError("cost must be positive")
        now = self._clock()
        if now > self._updated:  # a clock that steps back earns nothing
            earned = (now - self._updated) * self._rate
            self._tokens = min(self._capacity, self._tokens + earned)
            self._updated = now
        return cost - self._tokens
