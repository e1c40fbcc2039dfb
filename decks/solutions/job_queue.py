"""Job queue with leases, delays, priorities, retries and dead letters.

Invariant: once `_catch_up` has run, every unfinished job is in exactly one place: delayed until it
is due, ready, leased under one unexpired token, or dead. An attempt is counted when it is leased,
so that a job that kills its workers, who never report back, runs out of attempts as well.

Time: O(log n) amortised per call; a finished lease stays in its heap until it surfaces.
Space: O(n), plus every id ever accepted. Callers in several threads need a lock around each call.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from typing import Any


@dataclass(frozen=True)
class Lease:
    token: int
    job_id: Hashable
    payload: Any


@dataclass
class _Job:
    job_id: Hashable
    payload: Any
    rank: tuple[int, int]  # higher priority first, then in order of submission; no two are equal
    attempts: int = 0


class JobQueue:
    """Leases a job for `visibility` seconds at a time, `max_attempts` times at the most."""

    def __init__(self, visibility: float, max_attempts: int, clock: Callable[[], float]) -> None:
        if not visibility > 0 or max_attempts < 1:
            raise ValueError("visibility must be positive and max_attempts at least 1")
        self._visibility = visibility
        self._max_attempts = max_attempts
        self._clock = clock
        self._known: set[Hashable] = set()
        self._delayed: list[tuple[float, tuple[int, int], _Job]] = []
        self._ready: list[tuple[tuple[int, int], _Job]] = []
        self._expiries: list[tuple[float, int]] = []
        self._leased: dict[int, _Job] = {}
        self._dead: list[Hashable] = []
        self._tokens = count()

    def submit(self, job_id: Hashable, payload: Any, run_at: float | None = None, priority: int = 0) -> bool:
        """Accept a job, unless its id was ever accepted before."""
        if job_id in self._known:
            return False
        job = _Job(job_id, payload, (-priority, len(self._known)))
        self._known.add(job_id)
        due = self._clock() if run_at is None else run_at
        heappush(self._delayed, (due, job.rank, job))
        return True

    def lease(self) -> Lease | None:
        """Hand out the best job that is due, for the holder to ack or nack in time."""
        now = self._catch_up()
        if not self._ready:
            return None
        _, job = heappop(self._ready)
        job.attempts += 1
        token = next(self._tokens)
        self._leased[token] = job
        heappush(self._expiries, (now + self._visibility, token))
        return Lease(token, job.job_id, job.payload)

    def ack(self, token: int) -> bool:
        """Finish the job; False if the lease is over, when someone else may have the job."""
        self._catch_up()
        return self._leased.pop(token, None) is not None

    def nack(self, token: int, delay: float = 0) -> bool:
        """Give the job back for another attempt, if it has one left; False if the lease is over."""
        now = self._catch_up()
        job = self._leased.pop(token, None)
        if job is None:
            return False
        self._give_back(job, now + delay)
        return True

    def dead_letters(self) -> list:
        """Return the ids of the jobs that used up their attempts."""
        self._catch_up()
        return list(self._dead)

    def _catch_up(self) -> float:
        now = self._clock()
        while self._expiries and self._expiries[0][0] <= now:
            _, token = heappop(self._expiries)
            expired = self._leased.pop(token, None)
            if expired is not None:
                self._give_back(expired, now)
        while self._delayed and self._delayed[0][0] <= now:
            _, rank, job = heappop(self._delayed)
            heappush(self._ready, (rank, job))
        return now

    def _give_back(self, job: _Job, due: float) -> None:
        if job.attempts < self._max_attempts:
            heappush(self._delayed, (due, job.rank, job))
        else:
            self._dead.append(job.job_id)
