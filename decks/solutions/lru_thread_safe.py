"""Thread-safe LRU cache: one lock for the order, one flight for each key being loaded.

Invariant: outside the lock the map holds at most `capacity` entries, least recently used first,
and a key is in `_flights` only while exactly one thread runs a loader for it. Reads take the lock
as well, because a hit changes the order. A loader runs without the lock, so a slow one delays
only the callers of its own key, and it may use the cache itself (but not load its own key).

Time: O(1) per call under the lock, plus the loader outside it.
Space: O(capacity), plus one flight for each load under way.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Any, TypeVar

V = TypeVar("V")


class ThreadSafeLRU:
    """Holds `capacity` entries at the most; fewer than 1 is a ValueError."""

    def __init__(self, capacity: int) -> None:
        if capacity < 1:
            raise ValueError("capacity must be at least 1")
        self._capacity = capacity
        self._lock = Lock()
        self._entries: OrderedDict[Hashable, Any] = OrderedDict()
        self._flights: dict[Hashable, Future] = {}

    def get(self, key: Hashable, default: Any = None) -> Any:
        """Return the value, which counts as a use, or the default for a missing key."""
        with self._lock:
            if key not in self._entries:
                return default
            self._entries.move_to_end(key)
            return self._entries[key]

    def put(self, key: Hashable, value: Any) -> None:
        """Store the value, which counts as a use; a new key at capacity evicts the least recently used."""
        with self._lock:
            self._store(key, value)

    def get_or_load(self, key: Hashable, loader: Callable[[], V]) -> V:
        """Return the cached value, or the result of the one load that all callers share.

        An error of the loader reaches all of them, and nothing is cached.
        """
        with self._lock:
            if key in self._entries:
                self._entries.move_to_end(key)
                return self._entries[key]
            flight = self._flights.get(key)
            leads = flight is None
            if flight is None:
                flight = self._flights[key] = Future()
        if not leads:
            return flight.result()  # raises what the loader raised
        try:
            value = loader()
        except BaseException as error:  # waiters must be released whatever happened
            with self._lock:
                del self._flights[key]
            flight.set_exception(error)
            raise
        with self._lock:
            # Landing and storing are one step: between them a caller would load a second time.
            del self._flights[key]
            if key not in self._entries:  # a put during the load is newer than what was loaded
                self._store(key, value)
        flight.set_result(value)
        return value

    def __len__(self) -> int:
        with self._lock:
            return len(self._entries)

    def _store(self, key: Hashable, value: Any) -> None:
        self._entries[key] = value
        self._entries.move_to_end(key)
        if len(self._entries) > self._capacity:
            self._entries.popitem(last=False)
