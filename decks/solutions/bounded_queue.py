"""Bounded blocking queue: two conditions on one lock.

Invariant: outside the lock at most `maxsize` items are queued, in the order of their puts, and none
is added once the queue is closed. Whoever waits looks again after every wake-up, because another
thread may have been faster; its deadline stays what it was when the call began. Each put wakes one
consumer and each get one producer; as the sides wait apart, no wake-up reaches the wrong one.

Time: O(1) per operation, besides waiting. Space: O(maxsize).
"""

from collections import deque
from threading import Condition, Lock
from typing import Any


class Full(Exception):
    """No room became free in time."""


class Empty(Exception):
    """No item arrived in time."""


class Closed(Exception):
    """The queue is closed and, for a get, has nothing left."""


class BoundedQueue:
    """Passes up to `maxsize` items from thread to thread; fewer than 1 is a ValueError."""

    def __init__(self, maxsize: int) -> None:
        if maxsize < 1:
            raise ValueError("maxsize must be at least 1")
        self._maxsize = maxsize
        self._items: deque[Any] = deque()
        self._closed = False
        lock = Lock()
        self._not_full = Condition(lock)
        self._not_empty = Condition(lock)

    def put(self, item: Any, timeout: float | None = None) -> None:
        """Add the item, waiting for room up to `timeout` seconds, or for ever without one.

        Full when the time is over, Closed once the queue is.
        """
        with self._not_full:
            # wait_for is the loop around wait(), with a deadline that is worked out once.
            if not self._not_full.wait_for(self._may_put, timeout):
                raise Full
            if self._closed:
                raise Closed
            self._items.append(item)
            self._not_empty.notify()

    def get(self, timeout: float | None = None) -> Any:
        """Remove the oldest item, waiting for one in the same way; what is left outlives close.

        Empty when the time is over, Closed when nothing is left and nothing can come.
        """
        with self._not_empty:
            if not self._not_empty.wait_for(self._may_get, timeout):
                raise Empty
            if not self._items:
                raise Closed
            item = self._items.popleft()
            self._not_full.notify()
            return item

    def close(self) -> None:
        """Refuse further items and wake everyone who waits."""
        with self._not_full:
            self._closed = True
            self._not_full.notify_all()
            self._not_empty.notify_all()

    def _may_put(self) -> bool:
        return self._closed or len(self._items) < self._maxsize

    def _may_get(self) -> bool:
        return self._closed or bool(self._items)
