"""Circuit breaker: stop calling a dependency that keeps failing, and probe whether it recovers.

Invariant: closed, all calls pass, and fewer than `threshold` failures have come in a row; open,
none does until `reset_after` seconds have passed; half-open, exactly one probe is under way. Each
change of state has a number, and a call counts only if it ends under the number it began with: a
slow call from before the opening can neither close the breaker nor keep it open.

Time and space: O(1) per call, besides the call itself, which runs outside the lock.
"""

from collections.abc import Callable
from threading import Lock
from typing import TypeVar

R = TypeVar("R")


class CircuitOpen(Exception):
    """The breaker rejected the call without making it."""


class CircuitBreaker:
    """Opens at `threshold` failures in a row and lets one probe through `reset_after` seconds later.

    The probe closes it, or opens it for as long again. A threshold below 1 is a ValueError.
    """

    def __init__(self, threshold: int, reset_after: float, clock: Callable[[], float]) -> None:
        if threshold < 1:
            raise ValueError("threshold must be at least 1")
        self._threshold = threshold
        self._reset_after = reset_after
        self._clock = clock
        self._lock = Lock()
        self._state = "closed"
        self._number = 0
        self._failures = 0
        self._opened_at = 0.0

    @property
    def state(self) -> str:
        """Return closed, open or half-open; the last as soon as a probe would be admitted."""
        with self._lock:
            return "half-open" if self._probe_is_due() else self._state

    def call(self, fn: Callable[[], R]) -> R:
        """Return what `fn` returns or raise what it raises, or raise CircuitOpen instead."""
        number = self._admit()
        try:
            result = fn()
        except BaseException:  # even an interrupt, or a probe under way would never end
            self._record_failure(number)
            raise
        self._record_success(number)
        return result

    def _admit(self) -> int:
        with self._lock:
            if self._probe_is_due():
                self._enter("half-open")
            elif self._state != "closed":
                raise CircuitOpen
            return self._number

    def _record_success(self, number: int) -> None:
        with self._lock:
            if number == self._number:
                self._failures = 0
                if self._state == "half-open":
                    self._enter("closed")

    def _record_failure(self, number: int) -> None:
        with self._lock:
            if number == self._number:
                self._failures += 1
                if self._state == "half-open" or self._failures == self._threshold:
                    self._enter("open")
                    self._opened_at = self._clock()

    def _probe_is_due(self) -> bool:
        return self._state == "open" and self._clock() - self._opened_at >= self._reset_after

    def _enter(self, state: str) -> None:
        self._state = state
        self._number += 1
        self._failures = 0
