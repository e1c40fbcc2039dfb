"""Behaviour of retrying with backoff, on a clock that only sleeping moves."""

import random
from collections.abc import Callable
from typing import Any

import pytest

# isort: split
from retry_backoff import retry


class FakeTime:
    def __init__(self) -> None:
        self.now = 1000.0
        self.sleeps: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.now += seconds


class Flaky:
    """Raises the given errors one after another, then returns its value."""

    def __init__(self, *errors: BaseException, value: Any = "value") -> None:
        self.errors = list(errors)
        self.value = value
        self.calls = 0

    def __call__(self) -> Any:
        self.calls += 1
        if self.calls <= len(self.errors):
            raise self.errors[self.calls - 1]
        return self.value


@pytest.fixture
def fake() -> FakeTime:
    return FakeTime()


def run(fn: Callable[[], Any], fake: FakeTime, **options: Any) -> Any:
    """Retry on fake time, with the longest delay that the jitter could draw."""
    options = {"rand": lambda: 1.0, **options}
    return retry(fn, sleep=fake.sleep, clock=fake.clock, **options)


def failures(count: int) -> list[ConnectionError]:
    return [ConnectionError(number) for number in range(count)]


def test_success_at_once_does_not_sleep(fake: FakeTime) -> None:
    fn = Flaky()
    assert run(fn, fake) == "value"
    assert fn.calls == 1
    assert fake.sleeps == []


@pytest.mark.parametrize("value", [None, 0, "", False])
def test_falsy_result_is_a_success(fake: FakeTime, value: object) -> None:
    fn = Flaky(value=value)
    assert run(fn, fake) is value
    assert fn.calls == 1


def test_success_after_failures_returns_the_value(fake: FakeTime) -> None:
    fn = Flaky(*failures(2))
    assert run(fn, fake) == "value"
    assert fn.calls == 3
    assert len(fake.sleeps) == 2


@pytest.mark.parametrize("attempts", [1, 2, 5, 9])
def test_success_on_the_last_attempt(fake: FakeTime, attempts: int) -> None:
    fn = Flaky(*failures(attempts - 1))
    assert run(fn, fake, attempts=attempts) == "value"
    assert fn.calls == attempts


@pytest.mark.parametrize("attempts", [1, 2, 5, 9])
def test_after_the_last_attempt_its_error_is_raised_unchanged(fake: FakeTime, attempts: int) -> None:
    errors = failures(attempts)
    fn = Flaky(*errors)
    with pytest.raises(ConnectionError) as raised:
        run(fn, fake, attempts=attempts)
    assert raised.value is errors[-1]
    assert fn.calls == attempts
    assert len(fake.sleeps) == attempts - 1, "there is nothing to wait for after the last failure"


def test_five_attempts_are_the_default(fake: FakeTime) -> None:
    fn = Flaky(*failures(99))
    with pytest.raises(ConnectionError):
        run(fn, fake)
    assert fn.calls == 5


@pytest.mark.parametrize("attempts", [0, -1])
def test_fewer_than_one_attempt_is_refused_without_a_call(fake: FakeTime, attempts: int) -> None:
    fn = Flaky()
    with pytest.raises(ValueError):
        run(fn, fake, attempts=attempts)
    assert fn.calls == 0


@pytest.mark.parametrize("error", [ConnectionResetError("x"), TimeoutError("x")])
def test_connection_and_timeout_errors_are_retried_by_default(fake: FakeTime, error: Exception) -> None:
    assert run(Flaky(error), fake) == "value"


@pytest.mark.parametrize("error", [ValueError("x"), KeyError("x"), OSError("x"), SystemExit(1)])
def test_other_errors_are_raised_at_once(fake: FakeTime, error: BaseException) -> None:
    fn = Flaky(error)
    with pytest.raises(type(error)) as raised:
        run(fn, fake)
    assert raised.value is error
    assert fn.calls == 1
    assert fake.sleeps == []


def test_other_error_after_a_retry_is_raised_at_once(fake: FakeTime) -> None:
    fn = Flaky(ConnectionError("x"), ValueError("x"))
    with pytest.raises(ValueError):
        run(fn, fake)
    assert fn.calls == 2


def test_retry_on_replaces_the_default_errors(fake: FakeTime) -> None:
    assert run(Flaky(KeyError("x"), IndexError("x")), fake, retry_on=(LookupError,)) == "value"
    with pytest.raises(ConnectionError):
        run(Flaky(ConnectionError("x")), fake, retry_on=(LookupError,))


def test_delays_double_up_to_the_cap(fake: FakeTime) -> None:
    run(Flaky(*failures(6)), fake, attempts=7, base=0.5, cap=5)
    assert fake.sleeps == [0.5, 1, 2, 4, 5, 5]


def test_default_delays_start_at_a_tenth_of_a_second_and_stop_at_ten(fake: FakeTime) -> None:
    run(Flaky(*failures(9)), fake, attempts=10)
    assert fake.sleeps[:3] == pytest.approx([0.1, 0.2, 0.4])
    assert fake.sleeps[-2:] == [10, 10]


def test_base_above_the_cap_is_capped(fake: FakeTime) -> None:
    run(Flaky(*failures(2)), fake, base=8, cap=3)
    assert fake.sleeps == [3, 3]


def test_delay_is_the_drawn_share_of_its_ceiling(fake: FakeTime) -> None:
    draws = iter([0.5, 0.25, 0.0, 0.75])
    run(Flaky(*failures(4)), fake, base=1, cap=4, rand=lambda: next(draws))
    assert fake.sleeps == [0.5, 0.5, 0.0, 3.0]


@pytest.mark.parametrize("seed", range(5))
def test_random_delays_match_the_formula(fake: FakeTime, seed: int) -> None:
    rng, same = random.Random(seed), random.Random(seed)
    run(Flaky(*failures(12)), fake, attempts=13, base=0.25, cap=16, rand=rng.random)
    expected = [same.random() * min(16, 0.25 * 2**i) for i in range(12)]
    assert fake.sleeps == pytest.approx(expected)
    assert all(0 <= delay <= 16 for delay in fake.sleeps)


def test_very_many_attempts_keep_their_delays_within_the_cap(fake: FakeTime) -> None:
    run(Flaky(*failures(1999)), fake, attempts=2000, cap=2)
    assert len(fake.sleeps) == 1999
    assert all(0 <= delay <= 2 for delay in fake.sleeps)


def test_deadline_stops_before_a_sleep_that_would_pass_it(fake: FakeTime) -> None:
    errors = failures(9)
    fn = Flaky(*errors)
    with pytest.raises(ConnectionError) as raised:
        run(fn, fake, attempts=9, base=1, deadline=6)
    assert fake.sleeps == [1, 2]  # the next one would end at 7
    assert fn.calls == 3
    assert raised.value is errors[2]


def test_deadline_counts_the_time_that_calls_take(fake: FakeTime) -> None:
    calls = 0

    def slow() -> None:
        nonlocal calls
        calls += 1
        fake.now += 4
        raise TimeoutError

    with pytest.raises(TimeoutError):
        run(slow, fake, attempts=9, base=1, deadline=9.5)
    assert calls == 2  # at 0 and at 5; 9 + 2 is too late
    assert fake.sleeps == [1]


def test_deadline_is_compared_with_the_delay_that_was_drawn(fake: FakeTime) -> None:
    fn = Flaky(*failures(2))
    assert run(fn, fake, base=4, deadline=3.5, rand=lambda: 0.25) == "value"
    assert fake.sleeps == [1, 2]


def test_deadline_that_has_passed_allows_no_retry_but_a_success(fake: FakeTime) -> None:
    def late_success() -> str:
        fake.now += 100
        return "late"

    assert run(late_success, fake, deadline=1) == "late"
    with pytest.raises(ConnectionError):
        run(Flaky(*failures(1)), fake, base=1, deadline=0.5)


def test_no_deadline_means_no_limit_of_time(fake: FakeTime) -> None:
    run(Flaky(*failures(99)), fake, attempts=100, base=1000, cap=1000)
    assert sum(fake.sleeps) == 99_000


def test_options_are_keyword_only() -> None:
    with pytest.raises(TypeError):
        retry(Flaky(), 3)  # type: ignore[misc]
