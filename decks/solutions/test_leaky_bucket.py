"""Behaviour of a leaky bucket that queues jobs.

All times and intervals are binary fractions, so that the sums are exact in floating point.
"""

import random
from collections import deque
from time import process_time
from typing import Any

import pytest

# isort: split
from leaky_bucket import LeakyBucketQueue

CPU_SECONDS = 10.0  # some twenty times what constant time per job needs


def filled(jobs: str, rate: float, now: float = 0.0) -> LeakyBucketQueue:
    queue = LeakyBucketQueue(len(jobs), rate)
    for job in jobs:
        assert queue.offer(job, now) is True
    return queue


def test_nothing_comes_out_of_an_empty_queue() -> None:
    queue = LeakyBucketQueue(3, 1)
    assert queue.drain(0) == []
    assert queue.drain(1000) == []


def test_first_job_leaves_at_once() -> None:
    queue = LeakyBucketQueue(3, 1)
    assert queue.offer("a", 5) is True
    assert queue.drain(5) == ["a"]
    assert queue.drain(5) == []


def test_jobs_leave_one_per_interval() -> None:
    queue = filled("abc", rate=1)
    assert [queue.drain(now) for now in (0, 1, 2, 3)] == [["a"], ["b"], ["c"], []]


def test_nothing_leaves_before_the_interval_is_over() -> None:
    queue = filled("ab", rate=2)
    assert queue.drain(0) == ["a"]
    assert queue.drain(0.25) == []
    assert queue.drain(0.4375) == []
    assert queue.drain(0.5) == ["b"]


def test_rate_below_one() -> None:
    queue = filled("abc", rate=0.25)
    drained = [queue.drain(now) for now in (0, 3.5, 4, 7.5, 8)]
    assert drained == [["a"], [], ["b"], [], ["c"]]


def test_frequent_drains_do_not_starve_the_queue() -> None:
    queue = filled("abcde", rate=1)
    released = []
    for tick in range(33):
        released += [(tick / 8, job) for job in queue.drain(tick / 8)]
    assert released == [(0, "a"), (1, "b"), (2, "c"), (3, "d"), (4, "e")]


def test_late_drain_returns_all_that_are_due() -> None:
    queue = filled("abcde", rate=2)
    assert queue.drain(1.25) == ["a", "b", "c"]
    assert queue.drain(100) == ["d", "e"]


def test_late_drain_does_not_delay_the_jobs_after_it() -> None:
    queue = filled("abcd", rate=1)
    assert queue.drain(1.75) == ["a", "b"]
    assert queue.drain(2) == ["c"]
    assert queue.drain(3) == ["d"]


def test_draining_twice_at_the_same_instant_releases_nothing_more() -> None:
    queue = filled("abc", rate=1)
    assert queue.drain(1) == ["a", "b"]
    assert queue.drain(1) == []
    assert queue.drain(1) == []
    assert queue.drain(2) == ["c"]


def test_idle_time_does_not_become_a_burst() -> None:
    queue = LeakyBucketQueue(4, 1)
    queue.offer("a", 0)
    assert queue.drain(0) == ["a"]
    for job in "bcd":
        assert queue.offer(job, 100) is True
    assert queue.drain(100) == ["b"]
    assert queue.drain(100.75) == []
    assert queue.drain(101) == ["c"]
    assert queue.drain(102) == ["d"]


def test_first_job_after_idling_leaves_at_once() -> None:
    queue = LeakyBucketQueue(2, 0.5)
    queue.offer("a", 0)
    assert queue.drain(0) == ["a"]
    queue.offer("b", 2.25)
    assert queue.drain(2.25) == ["b"]
    queue.offer("c", 3)
    assert queue.drain(4) == []
    assert queue.drain(4.25) == ["c"]


def test_short_pause_still_counts_from_the_last_release() -> None:
    queue = LeakyBucketQueue(2, 1)
    queue.offer("a", 0)
    assert queue.drain(0) == ["a"]
    queue.offer("b", 0.75)
    assert queue.drain(0.75) == []
    assert queue.drain(1) == ["b"]


def test_releases_are_spaced_even_when_nobody_drains() -> None:
    queue = LeakyBucketQueue(9, 1)
    queue.offer("a", 0)
    queue.offer("b", 5)  # a has been due for long
    queue.offer("c", 5)
    assert queue.drain(5.5) == ["a", "b"]
    assert queue.drain(6) == ["c"]


def test_full_queue_refuses() -> None:
    queue = filled("ab", rate=1)
    assert queue.offer("c", 0) is False
    assert queue.offer("d", 0) is False
    assert queue.drain(100) == ["a", "b"]


def test_capacity_of_one() -> None:
    queue = filled("a", rate=1)
    assert queue.offer("b", 0) is False
    assert queue.drain(0) == ["a"]
    assert queue.offer("b", 0) is True
    assert queue.offer("c", 0) is False
    assert queue.drain(0.5) == []
    assert queue.drain(1) == ["b"]


def test_job_that_is_due_takes_up_room_until_it_is_drained() -> None:
    queue = filled("ab", rate=1)
    assert queue.offer("c", 50) is False
    assert queue.drain(50) == ["a", "b"]
    assert queue.offer("c", 50) is True


def test_drained_jobs_make_room() -> None:
    queue = filled("abc", rate=1)
    assert queue.drain(0) == ["a"]
    assert queue.offer("d", 0) is True
    assert queue.offer("e", 0) is False
    assert queue.drain(1.5) == ["b"]
    assert queue.offer("f", 1.5) is True
    assert queue.drain(10) == ["c", "d", "f"]


def test_refused_job_does_not_delay_later_ones() -> None:
    queue = filled("ab", rate=1)
    for _ in range(5):
        assert queue.offer("x", 0) is False
    assert queue.drain(1) == ["a", "b"]
    assert queue.offer("c", 1) is True
    assert queue.drain(1.75) == []
    assert queue.drain(2) == ["c"]


def test_jobs_leave_in_the_order_of_arrival() -> None:
    queue = LeakyBucketQueue(100, 4)
    jobs = [9, 3, 7, 3, 1, 8]
    for i, job in enumerate(jobs):
        queue.offer(job, i / 8)
    assert queue.drain(1000) == jobs


def test_any_object_may_be_a_job() -> None:
    queue = LeakyBucketQueue(9, 1)
    jobs: list[Any] = [None, 0, "", {"a": 1}, [], None]
    for job in jobs:
        assert queue.offer(job, 0) is True
    assert queue.drain(100) == jobs


def test_drain_with_an_earlier_time_releases_nothing() -> None:
    queue = filled("abc", rate=1, now=10)
    assert queue.drain(11) == ["a", "b"]
    assert queue.drain(2) == []
    assert queue.drain(-100) == []
    assert queue.drain(11.5) == []
    assert queue.drain(12) == ["c"]


def test_offer_with_an_earlier_time_is_taken_as_one_at_the_latest_time() -> None:
    queue = LeakyBucketQueue(9, 1)
    queue.offer("a", 10)
    assert queue.drain(100) == ["a"]
    assert queue.offer("b", 3) is True
    assert queue.offer("c", 100) is True
    assert queue.drain(100) == ["b"]
    assert queue.drain(100.75) == []
    assert queue.drain(101) == ["c"]


def test_times_may_be_negative() -> None:
    queue = filled("ab", rate=1, now=-5)
    assert queue.drain(-5) == ["a"]
    assert queue.drain(-4.5) == []
    assert queue.drain(-4) == ["b"]


def test_two_queues_share_nothing() -> None:
    one, other = filled("a", rate=1), filled("b", rate=1)
    assert one.drain(0) == ["a"]
    assert other.drain(0) == ["b"]


@pytest.mark.parametrize("seed", range(10))
def test_random_calls_match_a_pump_that_runs_tick_by_tick(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(10):
        capacity, rate = rng.randrange(1, 6), rng.choice([0.25, 0.5, 1, 2, 4])
        queue = LeakyBucketQueue(capacity, rate)
        now, last = 0.0, -100.0
        waiting: deque[int] = deque()
        released: list[int] = []
        for job in range(120):
            for _ in range(rng.choice([0, 0, 1, 1, 2, 5, 40])):
                now += 0.125
                if waiting and now - last >= 1 / rate:
                    last = now
                    released.append(waiting.popleft())
            if rng.random() < 0.6:
                accepted = len(waiting) + len(released) < capacity
                assert queue.offer(job, now) is accepted
                if accepted and not waiting and now - last >= 1 / rate:
                    last = now
                    released.append(job)
                elif accepted:
                    waiting.append(job)
            else:
                assert queue.drain(now) == released
                released = []


class Instant(float):
    """A point in time that counts how often it is compared."""

    compared = 0

    def count(self) -> None:
        Instant.compared += 1
        assert Instant.compared <= 1000, "idle time is walked through step by step"

    def __lt__(self, other: float) -> bool:
        self.count()
        return float(self) < other

    def __le__(self, other: float) -> bool:
        self.count()
        return float(self) <= other

    def __gt__(self, other: float) -> bool:
        self.count()
        return float(self) > other

    def __ge__(self, other: float) -> bool:
        self.count()
        return float(self) >= other


def test_long_idle_time_costs_nothing() -> None:
    queue = filled("ab", rate=1)
    assert queue.drain(Instant(2.0**50)) == ["a", "b"]
    assert queue.offer("c", Instant(2.0**51)) is True
    assert queue.drain(Instant(2.0**51)) == ["c"]


def test_cost_of_a_drain_does_not_grow_with_the_jobs_that_wait() -> None:
    n = 200_000
    queue = LeakyBucketQueue(n, 1)
    deadline = process_time() + CPU_SECONDS
    for job in range(n):
        assert queue.offer(job, 0) is True
    for now in range(n):
        if now % 100 == 0:
            assert process_time() < deadline, f"only {now} drains done"
        assert queue.drain(now) == [now]
