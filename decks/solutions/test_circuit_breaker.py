"""Behaviour of a circuit breaker, with real threads and a clock that moves only when told to.

Left open is which state is shown between the end of the waiting time and the probe.
"""

import random
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Barrier, BrokenBarrierError, Event, Thread
from typing import Any

import pytest

# isort: split
from circuit_breaker import CircuitBreaker, CircuitOpen

PATIENCE = 10.0  # seconds until a blocked thread is called a deadlock


class FakeClock:
    def __init__(self, now: float = 1000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class Background(Thread):
    """Runs a call in a daemon thread and hands back its result or its error."""

    def __init__(self, call: Callable[..., Any], *args: Any) -> None:
        super().__init__(daemon=True)
        self.call = call
        self.args = args
        self.value: Any = None
        self.error: BaseException | None = None
        self.start()

    def run(self) -> None:
        try:
            self.value = self.call(*self.args)
        except BaseException as error:
            self.error = error

    def result(self) -> Any:
        self.join(PATIENCE)
        assert not self.is_alive(), "the call is still blocked"
        if self.error is not None:
            raise self.error
        return self.value


class ServiceError(Exception):
    pass


def succeed() -> str:
    return "fine"


def identity(value: Any) -> Any:
    return value


def fail() -> Any:
    raise ServiceError


def never_called() -> Any:
    raise AssertionError("an open breaker must not make the call")


class SlowCall:
    """A call that is under way until it is told how to end."""

    def __init__(self, breaker: CircuitBreaker) -> None:
        self.started, self.release = Event(), Event()
        self.outcome: Callable[[], Any] = succeed
        self.background = Background(breaker.call, self.wait)
        assert self.started.wait(PATIENCE)

    def wait(self) -> Any:
        self.started.set()
        assert self.release.wait(2 * PATIENCE)
        return self.outcome()

    def end(self, outcome: Callable[[], Any]) -> None:
        self.outcome = outcome
        self.release.set()
        if outcome is fail:
            with pytest.raises(ServiceError):
                self.background.result()
        else:
            assert self.background.result() == outcome()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def call_and_fail(breaker: CircuitBreaker, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(ServiceError):
            breaker.call(fail)


def opened(clock: FakeClock, threshold: int = 3, reset_after: float = 10) -> CircuitBreaker:
    breaker = CircuitBreaker(threshold, reset_after, clock)
    call_and_fail(breaker, threshold)
    assert breaker.state == "open"
    return breaker


def rejects(breaker: CircuitBreaker) -> bool:
    """Tell whether a call is rejected; one that is admitted fails."""
    try:
        breaker.call(never_called)
    except CircuitOpen:
        return True
    except AssertionError:
        return False
    raise AssertionError("the call must raise something")


@pytest.mark.parametrize("threshold", [0, -1])
def test_threshold_below_one_is_refused(clock: FakeClock, threshold: int) -> None:
    with pytest.raises(ValueError):
        CircuitBreaker(threshold, 10, clock)


def test_closed_breaker_passes_calls_and_results(clock: FakeClock) -> None:
    breaker = CircuitBreaker(3, 10, clock)
    result = object()
    assert breaker.state == "closed"
    for value in (result, None, 0, ""):
        assert breaker.call(partial(identity, value)) is value
    assert breaker.state == "closed"


def test_error_of_the_call_propagates_unchanged(clock: FakeClock) -> None:
    breaker = CircuitBreaker(3, 10, clock)
    error = ServiceError("as it is")

    def raise_it() -> Any:
        raise error

    with pytest.raises(ServiceError) as caught:
        breaker.call(raise_it)
    assert caught.value is error


@pytest.mark.parametrize("threshold", [1, 2, 3, 7])
def test_breaker_opens_exactly_at_the_threshold(clock: FakeClock, threshold: int) -> None:
    breaker = CircuitBreaker(threshold, 10, clock)
    for _ in range(threshold):
        assert breaker.state == "closed"
        call_and_fail(breaker)
    assert breaker.state == "open"


def test_failure_that_opens_the_breaker_still_propagates(clock: FakeClock) -> None:
    breaker = CircuitBreaker(1, 10, clock)
    with pytest.raises(ServiceError):
        breaker.call(fail)


def test_open_breaker_rejects_without_calling(clock: FakeClock) -> None:
    breaker = opened(clock)
    for _ in range(5):
        with pytest.raises(CircuitOpen):
            breaker.call(never_called)
    clock.now += 9.75
    with pytest.raises(CircuitOpen):
        breaker.call(never_called)
    assert breaker.state == "open"


def test_rejected_calls_do_not_prolong_the_waiting_time(clock: FakeClock) -> None:
    breaker = opened(clock)
    for _ in range(39):
        clock.now += 0.25
        assert rejects(breaker)
    clock.now += 0.25
    assert breaker.call(succeed) == "fine"


def test_success_resets_the_failure_count(clock: FakeClock) -> None:
    breaker = CircuitBreaker(3, 10, clock)
    for _ in range(4):
        call_and_fail(breaker, 2)
        breaker.call(succeed)
    assert breaker.state == "closed"
    call_and_fail(breaker, 2)
    assert breaker.state == "closed"
    call_and_fail(breaker)
    assert breaker.state == "open"


def test_failures_add_up_however_far_apart(clock: FakeClock) -> None:
    breaker = CircuitBreaker(3, 10, clock)
    for _ in range(3):
        clock.now += 1000
        assert breaker.state == "closed"
        call_and_fail(breaker)
    assert breaker.state == "open"


def test_probe_is_allowed_once_the_waiting_time_has_passed(clock: FakeClock) -> None:
    breaker = opened(clock)
    clock.now += 10
    assert Background(breaker.call, lambda: breaker.state).result() == "half-open"


def test_state_is_one_of_the_three_words_while_a_probe_is_due(clock: FakeClock) -> None:
    breaker = opened(clock)
    clock.now += 10
    assert breaker.state in ("open", "half-open")


def test_successful_probe_closes_the_breaker(clock: FakeClock) -> None:
    breaker = opened(clock)
    clock.now += 10
    assert breaker.call(succeed) == "fine"
    assert breaker.state == "closed"
    assert breaker.call(succeed) == "fine"


def test_breaker_that_closed_again_counts_from_zero(clock: FakeClock) -> None:
    breaker = opened(clock, threshold=3)
    clock.now += 10
    breaker.call(succeed)
    call_and_fail(breaker, 2)
    assert breaker.state == "closed"
    call_and_fail(breaker)
    assert breaker.state == "open"


def test_single_failed_probe_opens_the_breaker_again(clock: FakeClock) -> None:
    breaker = opened(clock, threshold=3)
    clock.now += 10
    call_and_fail(breaker)
    assert breaker.state == "open"
    assert rejects(breaker)


def test_failed_probe_starts_the_waiting_time_afresh(clock: FakeClock) -> None:
    breaker = opened(clock)
    clock.now += 25
    call_and_fail(breaker)
    clock.now += 9.75
    assert rejects(breaker)
    clock.now += 0.25
    assert breaker.call(succeed) == "fine"
    assert breaker.state == "closed"


def test_waiting_time_begins_when_the_failure_ends(clock: FakeClock) -> None:
    breaker = CircuitBreaker(1, 10, clock)

    def fail_slowly() -> Any:
        clock.now += 100
        raise ServiceError

    for _ in range(2):  # the second time as a probe
        with pytest.raises(ServiceError):
            breaker.call(fail_slowly)
        clock.now += 9.75
        assert rejects(breaker)
        clock.now += 0.25
    assert breaker.call(succeed) == "fine"


def test_breaker_can_open_and_close_many_times(clock: FakeClock) -> None:
    breaker = CircuitBreaker(2, 10, clock)
    for _ in range(5):
        call_and_fail(breaker, 2)
        assert rejects(breaker)
        clock.now += 10
        call_and_fail(breaker)
        assert rejects(breaker)
        clock.now += 10
        assert breaker.call(succeed) == "fine"


def test_call_may_look_at_the_breaker(clock: FakeClock) -> None:
    breaker = CircuitBreaker(2, 10, clock)
    assert Background(breaker.call, lambda: breaker.state).result() == "closed"
    nested = Background(breaker.call, lambda: breaker.call(succeed))
    assert nested.result() == "fine"


def test_two_breakers_share_nothing(clock: FakeClock) -> None:
    other = CircuitBreaker(3, 10, clock)
    opened(clock)
    assert other.state == "closed"
    assert other.call(succeed) == "fine"


def test_calls_run_at_the_same_time(clock: FakeClock) -> None:
    breaker = CircuitBreaker(3, 10, clock)
    together = Barrier(3)  # breaks unless all three calls are running at once
    calls = [Background(breaker.call, lambda: together.wait(PATIENCE / 2)) for _ in range(3)]
    assert sorted(call.result() for call in calls) == [0, 1, 2]


@pytest.mark.parametrize("outcome", [succeed, fail])
def test_only_one_probe_is_under_way(clock: FakeClock, outcome: Callable[[], Any]) -> None:
    breaker = opened(clock)
    clock.now += 10
    probe = SlowCall(breaker)
    for _ in range(3):
        assert Background(rejects, breaker).result()
    assert breaker.state == "half-open"
    clock.now += 1000
    assert Background(rejects, breaker).result()
    probe.end(outcome)
    assert breaker.state == ("closed" if outcome is succeed else "open")


class MeetingClock(FakeClock):
    """A clock at which two threads that ask at once wait for each other, unless something keeps them apart."""

    def __init__(self) -> None:
        super().__init__()
        self.meeting: Barrier | None = None

    def __call__(self) -> float:
        if self.meeting is not None:
            with suppress(BrokenBarrierError):
                self.meeting.wait(0.3)
        return self.now


def test_two_threads_that_find_a_probe_due_send_one() -> None:
    clock = MeetingClock()
    breaker = opened(clock)
    clock.now += 10
    clock.meeting = Barrier(2)
    release = Event()
    probes: list[None] = []

    def probe() -> str:
        probes.append(None)
        assert release.wait(PATIENCE)
        return "fine"

    def outcome() -> str:
        try:
            return breaker.call(probe)
        except CircuitOpen:
            release.set()
            return "rejected"

    callers = [Background(outcome) for _ in range(2)]
    release.wait(2.0)
    release.set()
    assert sorted(caller.result() for caller in callers) == ["fine", "rejected"]
    assert len(probes) == 1


def test_failure_of_a_call_that_began_before_a_success_counts(clock: FakeClock) -> None:
    breaker = CircuitBreaker(1, 10, clock)
    slow = SlowCall(breaker)
    assert breaker.call(succeed) == "fine"
    slow.end(fail)
    assert breaker.state == "open"


def test_many_simultaneous_failures_open_the_breaker(clock: FakeClock) -> None:
    threads = 20
    for threshold, state in ((threads, "open"), (threads + 1, "closed")):
        breaker = CircuitBreaker(threshold, 10, clock)
        together = Barrier(threads)

        def fail_together(together: Barrier = together) -> Any:
            together.wait(PATIENCE)
            raise ServiceError

        calls = [Background(breaker.call, fail_together) for _ in range(threads)]
        for call in calls:
            with pytest.raises(ServiceError):
                call.result()
        assert breaker.state == state


def test_late_success_from_before_the_opening_does_not_close(clock: FakeClock) -> None:
    breaker = CircuitBreaker(3, 10, clock)
    slow = SlowCall(breaker)
    call_and_fail(breaker, 3)
    slow.end(succeed)
    assert breaker.state == "open"
    assert rejects(breaker)


def test_late_failure_from_before_the_opening_does_not_prolong_it(clock: FakeClock) -> None:
    breaker = CircuitBreaker(3, 10, clock)
    slow = SlowCall(breaker)
    call_and_fail(breaker, 3)
    clock.now += 9
    slow.end(fail)
    clock.now += 1
    assert breaker.call(succeed) == "fine"
    assert breaker.state == "closed"


@pytest.mark.parametrize("outcome", [succeed, fail])
def test_late_call_does_not_decide_in_place_of_the_probe(clock: FakeClock, outcome: Callable[[], Any]) -> None:
    breaker = CircuitBreaker(3, 10, clock)
    slow = SlowCall(breaker)
    call_and_fail(breaker, 3)
    clock.now += 10
    probe = SlowCall(breaker)
    slow.end(outcome)
    assert breaker.state == "half-open"
    assert Background(rejects, breaker).result()
    probe.end(succeed)
    assert breaker.state == "closed"


def test_late_failure_does_not_count_once_the_breaker_has_closed_again(clock: FakeClock) -> None:
    breaker = CircuitBreaker(2, 10, clock)
    slow = SlowCall(breaker)
    call_and_fail(breaker, 2)
    clock.now += 10
    breaker.call(succeed)
    call_and_fail(breaker)
    slow.end(fail)
    assert breaker.state == "closed"
    call_and_fail(breaker)
    assert breaker.state == "open"


@pytest.mark.parametrize("seed", range(8))
def test_random_calls_match_a_transition_table(clock: FakeClock, seed: int) -> None:
    rng = random.Random(seed)
    threshold = rng.randrange(1, 5)
    breaker = CircuitBreaker(threshold, 4, clock)
    failures, opened_at = 0, -1.0  # since the last success, and -1 while not open
    for _ in range(500):
        clock.now += rng.choice([0, 0.5, 1, 3])
        works = rng.random() < 0.4
        if opened_at >= 0 and clock.now - opened_at < 4:
            assert rejects(breaker)
        elif works:
            assert breaker.call(succeed) == "fine"
            failures, opened_at = 0, -1.0
        else:
            call_and_fail(breaker)
            failures += 1
            if failures >= threshold:
                opened_at = clock.now
        if opened_at < 0:
            assert breaker.state == "closed"
        elif clock.now - opened_at < 4:
            assert breaker.state == "open"
