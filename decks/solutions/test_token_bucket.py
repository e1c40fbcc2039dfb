"""Behaviour of a token bucket, on a clock that moves only when told to.

All times, rates and costs are binary fractions, so that the sums are exact in floating point.
"""

import math
import random
import time
from collections.abc import Callable
from threading import Barrier, Thread

import pytest

# isort: split
from token_bucket import TokenBucket

PATIENCE = 60.0  # seconds until a blocked thread is called a deadlock


class FakeClock:
    def __init__(self, now: float = 1000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def emptied(capacity: float, rate: float, clock: Callable[[], float]) -> TokenBucket:
    bucket = TokenBucket(capacity, rate, clock)
    assert bucket.allow(capacity)
    return bucket


def successes(bucket: TokenBucket, attempts: int) -> int:
    return sum(bucket.allow() for _ in range(attempts))


def test_bucket_starts_full(clock: FakeClock) -> None:
    assert successes(TokenBucket(5, 1, clock), 20) == 5


def test_default_clock_needs_no_argument() -> None:
    bucket = TokenBucket(capacity=3, rate=2.0**-30)
    assert successes(bucket, 10) == 3


def test_answers_are_booleans(clock: FakeClock) -> None:
    bucket = TokenBucket(1, 1, clock)
    assert bucket.allow() is True
    assert bucket.allow() is False


def test_frozen_clock_never_refills(clock: FakeClock) -> None:
    bucket = emptied(2, 100, clock)
    assert successes(bucket, 1000) == 0


def test_tokens_come_back_at_the_rate(clock: FakeClock) -> None:
    bucket = emptied(10, 2, clock)
    clock.now += 1.5
    assert successes(bucket, 10) == 3


def test_part_of_a_token_is_kept_until_it_is_whole(clock: FakeClock) -> None:
    bucket = emptied(4, 1, clock)
    for _ in range(3):
        clock.now += 0.25
        assert bucket.allow() is False
    clock.now += 0.25
    assert bucket.allow() is True
    assert bucket.allow() is False


def test_long_idle_time_never_exceeds_the_capacity(clock: FakeClock) -> None:
    bucket = emptied(3, 1000, clock)
    clock.now += 2.0**40
    assert successes(bucket, 100) == 3


def test_idle_time_on_a_full_bucket_is_not_saved_up(clock: FakeClock) -> None:
    bucket = TokenBucket(3, 1, clock)
    clock.now += 100
    assert successes(bucket, 10) == 3
    clock.now += 1
    assert successes(bucket, 10) == 1


def test_same_time_is_not_paid_out_twice(clock: FakeClock) -> None:
    bucket = emptied(10, 1, clock)
    clock.now += 2
    assert successes(bucket, 10) == 2
    assert successes(bucket, 10) == 0


def test_cost_takes_that_many_tokens(clock: FakeClock) -> None:
    bucket = TokenBucket(5, 1, clock)
    assert bucket.allow(3) is True
    assert bucket.allow(3) is False
    assert bucket.allow(2) is True
    assert bucket.allow(0.125) is False


def test_fractional_capacity_and_cost(clock: FakeClock) -> None:
    bucket = TokenBucket(1.5, 0.5, clock)
    assert bucket.allow(0.75) is True
    assert bucket.allow(0.75) is True
    assert bucket.allow(0.25) is False
    clock.now += 0.5
    assert bucket.allow(0.25) is True


def test_denied_call_consumes_nothing(clock: FakeClock) -> None:
    bucket = TokenBucket(5, 1, clock)
    bucket.allow(2)
    for _ in range(10):
        assert bucket.allow(4) is False
    assert bucket.allow(3) is True


def test_denied_call_does_not_delay_the_refill(clock: FakeClock) -> None:
    bucket = emptied(2, 1, clock)
    for _ in range(8):
        clock.now += 0.125
        bucket.allow(2)
    assert bucket.allow(1) is True


def test_cost_above_the_capacity_is_never_allowed(clock: FakeClock) -> None:
    bucket = TokenBucket(5, 1, clock)
    assert bucket.allow(5.5) is False
    assert bucket.retry_after(5.5) == math.inf
    clock.now += 1000
    assert bucket.allow(6) is False
    assert bucket.retry_after(6) == math.inf
    assert bucket.allow(5) is True


@pytest.mark.parametrize("cost", [0, -1, -0.5])
def test_cost_must_be_positive(clock: FakeClock, cost: float) -> None:
    bucket = emptied(2, 1, clock)
    with pytest.raises(ValueError):
        bucket.allow(cost)
    with pytest.raises(ValueError):
        bucket.retry_after(cost)
    assert bucket.allow() is False
    clock.now += 2
    with pytest.raises(ValueError):
        bucket.allow(cost)
    assert successes(bucket, 10) == 2


def test_retry_after_is_zero_when_the_cost_can_be_paid(clock: FakeClock) -> None:
    bucket = TokenBucket(4, 1, clock)
    assert bucket.retry_after() == 0
    assert bucket.retry_after(4) == 0
    bucket.allow(3)
    assert bucket.retry_after(1) == 0


def test_retry_after_counts_what_is_missing_at_the_rate(clock: FakeClock) -> None:
    bucket = emptied(8, 2, clock)
    assert bucket.retry_after() == 0.5
    assert bucket.retry_after(6) == 3
    clock.now += 0.25
    assert bucket.retry_after() == 0.25


def test_retry_after_consumes_nothing(clock: FakeClock) -> None:
    bucket = TokenBucket(2, 1, clock)
    for _ in range(10):
        bucket.retry_after(2)
    assert successes(bucket, 10) == 2


@pytest.mark.parametrize("cost", [0.5, 1, 3, 4])
def test_call_succeeds_after_the_wait_and_not_before(clock: FakeClock, cost: float) -> None:
    bucket = emptied(4, 2, clock)
    clock.now += 0.125
    wait = bucket.retry_after(cost)
    clock.now += wait - 2.0**-10
    assert bucket.allow(cost) is False
    clock.now += 2.0**-10
    assert bucket.allow(cost) is True


def test_clock_going_backwards_adds_and_removes_nothing(clock: FakeClock) -> None:
    bucket = TokenBucket(5, 1, clock)
    assert successes(bucket, 2) == 2
    clock.now -= 100
    assert bucket.retry_after(3) == 0
    assert bucket.retry_after(4) >= 1
    assert successes(bucket, 10) == 3
    clock.now -= 100
    assert successes(bucket, 10) == 0


def test_clock_may_start_anywhere() -> None:
    for start in (0.0, -50.0, 2.0**31):
        clock = FakeClock(start)
        bucket = emptied(4, 1, clock)
        clock.now += 2
        assert successes(bucket, 10) == 2


def test_two_buckets_share_nothing(clock: FakeClock) -> None:
    one, other = TokenBucket(2, 1, clock), TokenBucket(2, 1, clock)
    assert successes(one, 5) == 2
    assert successes(other, 5) == 2


@pytest.mark.parametrize("seed", range(8))
def test_random_calls_match_a_bucket_filled_tick_by_tick(clock: FakeClock, seed: int) -> None:
    rng = random.Random(seed)
    tick = 0.125
    capacity, rate = rng.choice([1, 3, 7.5]), rng.choice([0.25, 1, 4])
    bucket = TokenBucket(capacity, rate, clock)
    level = float(capacity)
    for _ in range(500):
        for _ in range(rng.choice([0, 0, 1, 2, 5, 40])):
            clock.now += tick
            level = min(capacity, level + rate * tick)
        cost = rng.choice([0.25, 0.5, 1, 2, 4, 8])
        wait = max(0.0, cost - level) / rate if cost <= capacity else math.inf
        assert bucket.retry_after(cost) == wait
        assert bucket.allow(cost) is (cost <= level)
        if cost <= level:
            level -= cost


class YieldingCost(float):
    """A cost of 1 that hands the processor to another thread whenever it is compared or taken."""

    def __lt__(self, other: float) -> bool:
        time.sleep(0)
        return float(self) < other

    def __le__(self, other: float) -> bool:
        time.sleep(0)
        return float(self) <= other

    def __gt__(self, other: float) -> bool:
        time.sleep(0)
        return float(self) > other

    def __ge__(self, other: float) -> bool:
        time.sleep(0)
        return float(self) >= other

    def __sub__(self, other: float) -> float:
        time.sleep(0)
        return float(self) - other

    def __rsub__(self, other: float) -> float:
        time.sleep(0)
        return other - float(self)


@pytest.mark.parametrize("cost", [1, YieldingCost(1)], ids=["plain", "switching"])
def test_hundred_threads_on_a_frozen_clock_get_exactly_the_capacity(clock: FakeClock, cost: float) -> None:
    threads, attempts, capacity = 100, 4, 150
    bucket = TokenBucket(capacity, 1, clock)
    start = Barrier(threads)
    answers: list[bool] = []

    def worker() -> None:
        start.wait(PATIENCE)
        for _ in range(attempts):
            answers.append(bucket.allow(cost))

    workers = [Thread(target=worker, daemon=True) for _ in range(threads)]
    for each in workers:
        each.start()
    for each in workers:
        each.join(PATIENCE)
    assert not any(each.is_alive() for each in workers), "a call is still blocked"
    assert len(answers) == threads * attempts
    assert sum(answers) == capacity
