"""Idempotency keys: a request runs once per key, and its repetitions share the result.

Invariant: a key has a record from the moment a thread takes its request on until `ttl` seconds
after the success, or until the failure. Only the thread that inserted the record runs the request;
all others with the key wait for that record's future, which passes on an error as well. The record
is there before the request starts, so two simultaneous duplicates cannot both run.

Time: amortised O(1) per call besides the request, which runs outside the lock and so delays only
its own key. Space: O(keys in flight or live), as each call purges what has expired.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock
from typing import TypeVar

R = TypeVar("R")


class KeyConflict(Exception):
    """The key was used before, for a different request."""


class IdempotentStore:
    """Keeps the result of each key for `ttl` seconds of the clock."""

    def __init__(self, ttl: float, clock: Callable[[], float]) -> None:
        if not ttl > 0:
            raise ValueError("ttl must be positive")
        self._ttl = ttl
        self._clock = clock
        self._lock = Lock()
        self._records: dict[str, tuple[str, Future]] = {}
        self._expiries: deque[tuple[float, str]] = deque()  # of finished ones, soonest first

    def execute(self, key: str, fingerprint: str, fn: Callable[[], R]) -> R:
        """Run `fn`, which must not execute its own key, or return what its first run returned.

        Callers that come meanwhile wait for that run. An error is kept for nobody who comes later.
        Another fingerprint for the same key is a KeyConflict.
        """
        with self._lock:
            self._purge()
            record = self._records.get(key)
            runs = record is None
            if record is None:
                record = self._records[key] = (fingerprint, Future())
        known, outcome = record
        if known != fingerprint:
            raise KeyConflict(key)
        if not runs:
            return outcome.result()  # raises what the run raised
        try:
            result = fn()
        except BaseException as error:  # waiters must be released whatever happened
            with self._lock:
                del self._records[key]
            outcome.set_exception(error)
            raise
        with self._lock:
            # The ttl begins here, so that a request in flight never expires.
            self._expiries.append((self._clock() + self._ttl, key))
        outcome.set_result(result)
        return result

    def _purge(self) -> None:
        now = self._clock()
        while self._expiries and self._expiries[0][0] <= now:
            _, key = self._expiries.popleft()
            del self._records[key]
