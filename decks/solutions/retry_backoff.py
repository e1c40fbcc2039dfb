"""Retry with capped exponential backoff and full jitter.

Invariant: before each call at least one attempt is left, and every sleep so far ended in time for
the deadline. The delay is drawn from the whole range up to the ceiling, so that clients that failed
together do not come back together; the ceiling doubles after each failure until it meets the cap.

Cost: at most `attempts` calls and `attempts - 1` sleeps of at most `cap` seconds. Space: O(1).
"""

import random
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def retry(
    fn: Callable[[], T],
    *,
    attempts: int = 5,
    base: float = 0.1,
    cap: float = 10.0,
    retry_on: tuple[type[BaseException], ...] = (ConnectionError, TimeoutError),
    deadline: float | None = None,
    sleep: Callable[[float], object] = time.sleep,
    rand: Callable[[], float] = random.random,
    clock: Callable[[], float] = time.monotonic,
) -> T:
    """Call `fn`, which must be safe to repeat, until it succeeds; raise its last error otherwise.

    Waits rand() * min(cap, base * 2**i) after failure i, counted from 0, of a kind in `retry_on`;
    any other error is raised at once. Fewer attempts than 1 are a ValueError.

    `deadline` is in seconds from the first call: no sleep is begun that would end after it.
    """
    if attempts < 1:
        raise ValueError("attempts must be at least 1")
    started = clock()
    left = attempts
    ceiling = min(cap, base)
    while True:
        try:
            return fn()
        except retry_on:
            left -= 1
            if left == 0:
                raise
            delay = rand() * ceiling
            if deadline is not None and clock() - started + delay > deadline:
                raise
        # Outside the handler, so that a later error does not drag this one along as its context.
        sleep(delay)
        ceiling = min(cap, 2 * ceiling)  # not base * 2**i, which overflows for large i
