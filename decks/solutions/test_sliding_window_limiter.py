"""Behaviour of a sliding-window limiter, on a clock that moves only when told to.

All times are binary fractions, so that their differences are exact in floating point.
"""

import gc
import math
import random
import time
import weakref
from threading import Barrier, Thread

import pytest

# isort: split
from sliding_window_limiter import SlidingWindowLimiter

CPU_SECONDS = 10.0  # some fifty times what constant time per call needs
PATIENCE = 60.0  # seconds until a blocked thread is called a deadlock


class Instant(float):
    """A point in time that can be watched for being kept."""


class FakeClock:
    def __init__(self, now: float = 1000.0) -> None:
        self.now = now
        self.deadline = math.inf

    def __call__(self) -> float:
        assert time.process_time() < self.deadline, "far too slow"
        return self.now

    def stop_after_too_long(self) -> None:
        self.deadline = time.process_time() + CPU_SECONDS


class Key(str):
    """A key that can be watched for being kept."""


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def successes(limiter: SlidingWindowLimiter, key: str, attempts: int) -> int:
    return sum(limiter.allow(key) for _ in range(attempts))


def test_limit_is_admitted_and_no_more(clock: FakeClock) -> None:
    limiter = SlidingWindowLimiter(3, 10, clock)
    assert [limiter.allow("a") for _ in range(5)] == [True, True, True, False, False]


def test_answers_are_booleans(clock: FakeClock) -> None:
    limiter = SlidingWindowLimiter(1, 10, clock)
    assert limiter.allow("a") is True
    assert limiter.allow("a") is False


def test_limit_of_zero_denies_everything(clock: FakeClock) -> None:
    limiter = SlidingWindowLimiter(0, 10, clock)
    for _ in range(5):
        assert limiter.allow("a") is False
        assert limiter.allow("b") is False
        clock.now += 10


def test_limit_of_one_admits_one_per_window(clock: FakeClock) -> None:
    limiter = SlidingWindowLimiter(1, 10, clock)
    answers = []
    for _ in range(6):
        answers.append(limiter.allow("a"))
        clock.now += 5
    assert answers == [True, False] * 3


def test_keys_are_independent(clock: FakeClock) -> None:
    limiter = SlidingWindowLimiter(2, 10, clock)
    assert successes(limiter, "a", 5) == 2
    assert successes(limiter, "b", 5) == 2
    assert successes(limiter, "", 5) == 2
    clock.now += 5
    assert successes(limiter, "a", 5) == 0
    assert successes(limiter, "c", 5) == 2


def test_call_exactly_one_window_old_has_expired(clock: FakeClock) -> None:
    limiter = SlidingWindowLimiter(1, 10, clock)
    assert limiter.allow("a") is True
    clock.now += 9.75
    assert limiter.allow("a") is False
    clock.now += 0.25
    assert limiter.allow("a") is True
    clock.now += 9.75
    assert limiter.allow("a") is False


def test_window_slides_with_each_single_call(clock: FakeClock) -> None:
    limiter = SlidingWindowLimiter(2, 10, clock)
    assert limiter.allow("a") is True  # at 0
    clock.now += 6
    assert successes(limiter, "a", 3) == 1  # at 6
    clock.now += 4
    assert successes(limiter, "a", 3) == 1  # at 10, when only the first has expired
    clock.now += 5
    assert successes(limiter, "a", 3) == 0  # at 15
    clock.now += 1
    assert successes(limiter, "a", 3) == 1  # at 16
    clock.now += 100
    assert successes(limiter, "a", 3) == 2


def test_burst_across_the_edge_of_a_fixed_window_is_denied(clock: FakeClock) -> None:
    clock.now = 59.0
    limiter = SlidingWindowLimiter(5, 60, clock)
    assert successes(limiter, "a", 10) == 5
    clock.now = 61.0
    assert successes(limiter, "a", 10) == 0
    clock.now = 118.75
    assert successes(limiter, "a", 10) == 0
    clock.now = 119.0
    assert successes(limiter, "a", 10) == 5


def test_denied_calls_are_not_counted(clock: FakeClock) -> None:
    limiter = SlidingWindowLimiter(1, 10, clock)
    assert limiter.allow("a") is True
    for _ in range(9):
        clock.now += 1
        assert limiter.allow("a") is False
    clock.now += 1
    assert limiter.allow("a") is True


def test_fractional_window(clock: FakeClock) -> None:
    limiter = SlidingWindowLimiter(1, 0.5, clock)
    assert limiter.allow("a") is True
    clock.now += 0.25
    assert limiter.allow("a") is False
    clock.now += 0.25
    assert limiter.allow("a") is True


def test_clock_may_start_anywhere() -> None:
    for start in (0.0, -50.0, 2.0**31):
        clock = FakeClock(start)
        limiter = SlidingWindowLimiter(2, 10, clock)
        assert successes(limiter, "a", 5) == 2
        clock.now += 10
        assert successes(limiter, "a", 5) == 2


def test_two_limiters_share_nothing(clock: FakeClock) -> None:
    one, other = SlidingWindowLimiter(2, 10, clock), SlidingWindowLimiter(2, 10, clock)
    assert successes(one, "a", 5) == 2
    assert successes(other, "a", 5) == 2


@pytest.mark.parametrize("seed", range(8))
def test_random_calls_match_searching_all_admissions(clock: FakeClock, seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(5):
        limit, window = rng.randrange(5), rng.choice([0.25, 1, 3, 10])
        limiter = SlidingWindowLimiter(limit, window, clock)
        admitted: list[tuple[str, float]] = []
        for _ in range(200):
            clock.now += rng.choice([0, 0, 0.125, 0.25, 1, 2])
            key = rng.choice("aaab")
            recent = [at for each, at in admitted if each == key and clock.now - at < window]
            expected = len(recent) < limit
            if expected:
                admitted.append((key, clock.now))
            assert limiter.allow(key) is expected


@pytest.mark.parametrize("limit", [0, 1, 3])
def test_idle_keys_are_evicted(clock: FakeClock, limit: int) -> None:
    total = 4000
    alive: weakref.WeakSet[Key] = weakref.WeakSet()
    limiter = SlidingWindowLimiter(limit, 10, clock)
    for number in range(total):
        key = Key(f"k{number}")
        alive.add(key)
        limiter.allow(key)
        limiter.allow(key)
        del key
    clock.now += 10
    for _ in range(2 * total):  # so many, in case each call evicts only a few
        limiter.allow("other")
    gc.collect()
    assert len(alive) < total / 10, "keys without recent calls are still held"


def test_keys_that_stay_active_do_not_keep_idle_ones_alive(clock: FakeClock) -> None:
    total = 4000
    alive: weakref.WeakSet[Key] = weakref.WeakSet()
    limiter = SlidingWindowLimiter(100, 10, clock)
    limiter.allow("steady")  # before all others, and again and again
    for number in range(total):
        key = Key(f"k{number}")
        alive.add(key)
        limiter.allow(key)
        del key
        clock.now += 0.25
        limiter.allow("steady")
    gc.collect()
    assert len(alive) < total / 10, "keys without recent calls are still held"


def test_key_in_use_survives_the_eviction_of_others(clock: FakeClock) -> None:
    limiter = SlidingWindowLimiter(2, 10, clock)
    limiter.allow("a")
    limiter.allow("b")
    clock.now += 6
    limiter.allow("a")
    clock.now += 6
    assert successes(limiter, "c", 5) == 2
    assert successes(limiter, "a", 5) == 1
    assert successes(limiter, "b", 5) == 2


def test_log_of_a_busy_key_is_bounded_by_the_limit() -> None:
    limit = 10
    instants: weakref.WeakSet[Instant] = weakref.WeakSet()
    now = 0.0

    def clock() -> float:
        instant = Instant(now)
        instants.add(instant)
        return instant

    limiter = SlidingWindowLimiter(limit, 8, clock)
    for _ in range(4000):
        now += 0.125
        limiter.allow("a")
    gc.collect()
    assert len(instants) <= 2 * limit


def test_large_limit_is_not_counted_afresh_at_every_call(clock: FakeClock) -> None:
    limit = 40_000
    limiter = SlidingWindowLimiter(limit, limit, clock)
    clock.stop_after_too_long()
    for _ in range(2 * limit):
        clock.now += 1
        assert limiter.allow("a") is True


def test_many_keys_are_not_searched_at_every_call(clock: FakeClock) -> None:
    keys = [f"k{number}" for number in range(30_000)]
    limiter = SlidingWindowLimiter(1, len(keys) - 0.5, clock)
    clock.stop_after_too_long()
    for _ in range(2):
        for key in keys:
            clock.now += 1
            assert limiter.allow(key) is True


class YieldingLimit(int):
    """A limit that hands the processor to another thread whenever it is compared."""

    def __lt__(self, other: int) -> bool:
        time.sleep(0)
        return int(self) < other

    def __le__(self, other: int) -> bool:
        time.sleep(0)
        return int(self) <= other

    def __gt__(self, other: int) -> bool:
        time.sleep(0)
        return int(self) > other

    def __ge__(self, other: int) -> bool:
        time.sleep(0)
        return int(self) >= other

    def __eq__(self, other: object) -> bool:
        time.sleep(0)
        return int(self) == other

    __hash__ = int.__hash__


@pytest.mark.parametrize("limit", [150, YieldingLimit(150)], ids=["plain", "switching"])
def test_concurrent_callers_on_one_key_get_exactly_the_limit(clock: FakeClock, limit: int) -> None:
    threads, attempts = 50, 8
    limiter = SlidingWindowLimiter(limit, 10, clock)
    start = Barrier(threads)
    answers: list[bool] = []

    def worker() -> None:
        start.wait(PATIENCE)
        for _ in range(attempts):
            answers.append(limiter.allow("a"))

    workers = [Thread(target=worker, daemon=True) for _ in range(threads)]
    for each in workers:
        each.start()
    for each in workers:
        each.join(PATIENCE)
    assert not any(each.is_alive() for each in workers), "a call is still blocked"
    assert len(answers) == threads * attempts
    assert sum(answers) == 150
