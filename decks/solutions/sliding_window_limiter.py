"""Sliding-window log limiter: at most `limit` admitted calls per key in any `window` seconds.

Invariant: each key's log holds the times of its admitted calls, oldest first, `limit` at most. The
keys are ordered by their last admission, so the idle ones are at the front, and every call drops
those whose whole log has expired. One lock makes reading the clock, deciding and logging one step.

Time: amortised O(1) per call, as each time is logged and dropped once. Space: O(limit) per key
with a call admitted in the last `window` seconds; nothing for keys that were only denied.
"""

from collections import OrderedDict, deque
from collections.abc import Callable
from threading import Lock


class SlidingWindowLimiter:
    def __init__(self, limit: int, window: float, clock: Callable[[], float]) -> None:
        if limit < 0 or not window > 0:
            raise ValueError("limit must not be negative and window must be positive")
        self._limit = limit
        self._window = window
        self._clock = clock
        self._lock = Lock()
        self._logs: OrderedDict[str, deque[float]] = OrderedDict()

    def allow(self, key: str) -> bool:
        """Admit and log the call, or deny it and leave no trace."""
        with self._lock:
            now = self._clock()
            self._evict_idle_keys(now)
            log = self._logs.get(key, deque())
            while log and now - log[0] >= self._window:  # exactly `window` old has expired
                log.popleft()
            if len(log) >= self._limit:
                return False
            log.append(now)
            self._logs[key] = log
            self._logs.move_to_end(key)
            return True

    def _evict_idle_keys(self, now: float) -> None:
        while self._logs:
            key, log = next(iter(self._logs.items()))
            if now - log[-1] < self._window:
                break
            del self._logs[key]
