"""Leaky bucket as a queue: accepted jobs leave in order, one per interval at the most.

Invariant: the queued jobs carry rising release times at least one interval apart. A job's time is
fixed when it is accepted: at once if the bucket has idled, else one interval after the job before.
So neither frequent drains lose part of an interval nor does idle time save up for a burst.

Time: O(1) per offer, O(released) per drain. Space: O(capacity).
"""

from collections import deque
from math import inf
from typing import Any


class LeakyBucketQueue:
    """Holds up to `capacity` jobs that are not drained yet and releases `rate` per second."""

    def __init__(self, capacity: int, rate: float) -> None:
        if capacity < 1 or not rate > 0:
            raise ValueError("capacity and rate must be positive")
        self._capacity = capacity
        self._interval = 1 / rate
        self._jobs: deque[tuple[float, Any]] = deque()
        self._next_release = -inf  # the earliest time for the job that is accepted next
        self._now = -inf

    def offer(self, job: Any, now: float) -> bool:
        """Accept the job, or refuse it and change nothing."""
        self._advance(now)
        if len(self._jobs) >= self._capacity:
            return False
        release = max(self._now, self._next_release)
        self._jobs.append((release, job))
        self._next_release = release + self._interval
        return True

    def drain(self, now: float) -> list:
        """Hand over the jobs whose time has come, however long ago that was."""
        self._advance(now)
        due = []
        while self._jobs and self._jobs[0][0] <= self._now:
            due.append(self._jobs.popleft()[1])
        return due

    def _advance(self, now: float) -> None:
        self._now = max(self._now, now)  # a clock that steps back stands still
