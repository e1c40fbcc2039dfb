"""Behaviour of idempotent execution, with real threads and a clock that moves only when told to.

Left open are the very instant of expiry, and whether a caller that waited for a run that failed
receives its error or runs the request itself.
"""

import gc
import random
import time
import weakref
from collections.abc import Callable
from functools import partial
from threading import Barrier, Event, Thread
from typing import Any

import pytest

# isort: split
from idempotent_store import IdempotentStore, KeyConflict

PATIENCE = 10.0  # seconds until a blocked thread is called a deadlock
CPU_SECONDS = 10.0  # some fifty times what constant time per call needs


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


class SlowRequest:
    """A request that runs until it is released, and shows when it started a second time."""

    def __init__(self, outcome: Callable[[], Any]) -> None:
        self.outcome = outcome
        self.started, self.started_again, self.release = Event(), Event(), Event()

    def __call__(self) -> Any:
        (self.started_again if self.started.is_set() else self.started).set()
        assert self.release.wait(2 * PATIENCE)
        return self.outcome()


class RequestError(Exception):
    pass


def fail() -> Any:
    raise RequestError


def never_called() -> Any:
    raise AssertionError("the request must not run again")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def store(clock: FakeClock) -> IdempotentStore:
    return IdempotentStore(10, clock)


def test_new_key_runs_the_request(store: IdempotentStore) -> None:
    assert store.execute("k", "f", lambda: 42) == 42


def test_repeated_key_replays_the_result_without_running(store: IdempotentStore) -> None:
    result = object()
    assert store.execute("k", "f", lambda: result) is result
    for _ in range(3):
        assert store.execute("k", "f", never_called) is result


@pytest.mark.parametrize("result", [None, 0, "", False, []])
def test_falsy_result_is_replayed(store: IdempotentStore, result: Any) -> None:
    assert store.execute("k", "f", lambda: result) is result
    assert store.execute("k", "f", never_called) is result


def test_keys_are_independent(store: IdempotentStore) -> None:
    assert store.execute("a", "f", lambda: 1) == 1
    assert store.execute("b", "f", lambda: 2) == 2
    assert store.execute("", "f", lambda: 3) == 3
    assert [store.execute(key, "f", never_called) for key in ("a", "b", "")] == [1, 2, 3]


def test_key_reused_for_another_request_is_a_conflict(store: IdempotentStore) -> None:
    store.execute("k", "f", lambda: 1)
    with pytest.raises(KeyConflict):
        store.execute("k", "other", never_called)
    with pytest.raises(KeyConflict):
        store.execute("k", "", never_called)


def test_conflict_leaves_the_stored_result_alone(store: IdempotentStore) -> None:
    store.execute("k", "f", lambda: 1)
    with pytest.raises(KeyConflict):
        store.execute("k", "other", never_called)
    assert store.execute("k", "f", never_called) == 1


def test_error_propagates_and_nothing_is_stored(store: IdempotentStore) -> None:
    with pytest.raises(RequestError):
        store.execute("k", "f", fail)
    assert Background(store.execute, "k", "f", lambda: 1).result() == 1
    assert store.execute("k", "f", never_called) == 1


def test_failed_request_frees_the_key_for_another_one(store: IdempotentStore) -> None:
    with pytest.raises(RequestError):
        store.execute("k", "f", fail)
    assert Background(store.execute, "k", "other", lambda: 2).result() == 2


def test_request_that_keeps_failing_runs_each_time(store: IdempotentStore) -> None:
    for _ in range(3):
        with pytest.raises(RequestError):
            Background(store.execute, "k", "f", fail).result()


def test_failure_of_one_key_keeps_the_others(store: IdempotentStore) -> None:
    store.execute("a", "f", lambda: 1)
    with pytest.raises(RequestError):
        store.execute("b", "f", fail)
    assert store.execute("a", "f", never_called) == 1


def test_result_is_replayed_until_it_expires(store: IdempotentStore, clock: FakeClock) -> None:
    store.execute("k", "f", lambda: 1)
    clock.now += 9.75
    assert store.execute("k", "f", never_called) == 1
    clock.now += 0.5
    assert store.execute("k", "f", lambda: 2) == 2
    assert store.execute("k", "f", never_called) == 2


def test_replays_do_not_prolong_the_life_of_a_result(store: IdempotentStore, clock: FakeClock) -> None:
    store.execute("k", "f", lambda: 1)
    for _ in range(4):
        clock.now += 2.25
        assert store.execute("k", "f", never_called) == 1
    clock.now += 2.25
    assert store.execute("k", "f", lambda: 2) == 2


def test_second_result_lives_as_long_as_the_first(store: IdempotentStore, clock: FakeClock) -> None:
    store.execute("k", "f", lambda: 1)
    clock.now += 15
    store.execute("k", "f", lambda: 2)
    clock.now += 9.75
    assert store.execute("k", "f", never_called) == 2
    clock.now += 0.5
    assert store.execute("k", "f", lambda: 3) == 3


def test_expired_key_may_serve_another_request(store: IdempotentStore, clock: FakeClock) -> None:
    store.execute("k", "f", lambda: 1)
    clock.now += 10.25
    assert store.execute("k", "other", lambda: 2) == 2
    with pytest.raises(KeyConflict):
        store.execute("k", "f", never_called)


def test_retry_after_a_failure_has_the_full_life(store: IdempotentStore, clock: FakeClock) -> None:
    with pytest.raises(RequestError):
        store.execute("k", "f", fail)
    clock.now += 8
    store.execute("k", "f", lambda: 1)
    clock.now += 9.75
    assert store.execute("k", "f", never_called) == 1


def test_keys_expire_on_their_own(store: IdempotentStore, clock: FakeClock) -> None:
    store.execute("a", "f", lambda: 1)
    clock.now += 5
    store.execute("b", "f", lambda: 2)
    clock.now += 5.25
    assert store.execute("b", "f", never_called) == 2
    assert store.execute("a", "f", lambda: 3) == 3


def test_request_may_execute_another_key(store: IdempotentStore) -> None:
    def outer() -> int:
        return 1 + store.execute("inner", "f", lambda: 10)

    assert Background(store.execute, "outer", "f", outer).result() == 11
    assert store.execute("inner", "f", never_called) == 10


def test_two_stores_share_nothing(clock: FakeClock) -> None:
    one, other = IdempotentStore(10, clock), IdempotentStore(10, clock)
    one.execute("k", "f", lambda: 1)
    assert other.execute("k", "other", lambda: 2) == 2


def test_callers_of_a_key_in_flight_get_the_result_of_its_one_run(store: IdempotentStore) -> None:
    result = object()
    request = SlowRequest(lambda: result)
    callers = [Background(store.execute, "k", "f", request)]
    assert request.started.wait(PATIENCE)
    callers += [Background(store.execute, "k", "f", request) for _ in range(7)]
    # A second run would show here; where there is none, whoever comes late is served a replay.
    request.started_again.wait(0.2)
    request.release.set()
    assert all(caller.result() is result for caller in callers)
    assert not request.started_again.is_set()


def test_other_request_conflicts_with_a_key_in_flight_at_once(store: IdempotentStore) -> None:
    request = SlowRequest(lambda: 1)
    run = Background(store.execute, "k", "f", request)
    try:
        assert request.started.wait(PATIENCE)
        with pytest.raises(KeyConflict):
            Background(store.execute, "k", "other", never_called).result()
    finally:
        request.release.set()
    assert run.result() == 1


def test_key_in_flight_does_not_expire(store: IdempotentStore, clock: FakeClock) -> None:
    request = SlowRequest(lambda: 1)
    callers = [Background(store.execute, "k", "f", request)]
    assert request.started.wait(PATIENCE)
    clock.now += 1000
    callers.append(Background(store.execute, "k", "f", request))
    request.started_again.wait(0.2)
    request.release.set()
    assert [caller.result() for caller in callers] == [1, 1]
    assert not request.started_again.is_set()


def test_life_of_a_result_begins_when_it_is_there(store: IdempotentStore, clock: FakeClock) -> None:
    def slow() -> int:
        clock.now += 1000
        return 1

    store.execute("k", "f", slow)
    clock.now += 9.75
    assert store.execute("k", "f", never_called) == 1
    clock.now += 0.5
    assert store.execute("k", "f", lambda: 2) == 2


def test_failure_releases_the_callers_that_wait(store: IdempotentStore) -> None:
    request = SlowRequest(fail)
    callers = [Background(store.execute, "k", "f", request)]
    assert request.started.wait(PATIENCE)
    callers += [Background(store.execute, "k", "f", request) for _ in range(4)]
    request.started_again.wait(0.1)
    request.release.set()
    for caller in callers:
        with pytest.raises(RequestError):
            caller.result()
    assert Background(store.execute, "k", "f", lambda: 1).result() == 1


def test_slow_request_does_not_block_other_keys(store: IdempotentStore) -> None:
    store.execute("known", "f", lambda: 1)
    request = SlowRequest(lambda: "slow")
    run = Background(store.execute, "slow", "f", request)
    try:
        assert request.started.wait(PATIENCE)
        assert Background(store.execute, "known", "f", never_called).result() == 1
        assert Background(store.execute, "new", "f", lambda: 2).result() == 2
    finally:
        request.release.set()
    assert run.result() == "slow"


def test_different_keys_run_at_the_same_time(store: IdempotentStore) -> None:
    together = Barrier(3)  # breaks unless all three requests are running at once

    def request(key: str) -> str:
        together.wait(PATIENCE / 2)
        return key

    runs = [Background(store.execute, key, "f", partial(request, key)) for key in "abc"]
    assert [run.result() for run in runs] == ["a", "b", "c"]


class YieldingKey(str):
    """A key that hands the processor to another thread at the start of every look-up."""

    def __hash__(self) -> int:
        time.sleep(0)
        return super().__hash__()


def test_simultaneous_duplicates_run_once(store: IdempotentStore) -> None:
    threads = 8
    for number in range(20):
        key = YieldingKey(f"k{number}")
        start = Barrier(threads)
        runs: list[None] = []

        def duplicate(key: str = key, start: Barrier = start, runs: list[None] = runs, number: int = number) -> int:
            def request() -> int:
                runs.append(None)
                return number

            start.wait(PATIENCE)
            return store.execute(key, "f", request)

        callers = [Background(duplicate) for _ in range(threads)]
        assert [caller.result() for caller in callers] == [number] * threads
        assert len(runs) == 1


@pytest.mark.parametrize("seed", range(6))
def test_random_calls_match_a_table_of_results(clock: FakeClock, seed: int) -> None:
    rng = random.Random(seed)
    ttl = 3.75  # no call falls on the very instant of expiry, as all other times are halves
    store = IdempotentStore(ttl, clock)
    table: dict[str, tuple[str, int, float]] = {}
    for step in range(500):
        clock.now += rng.choice([0, 0, 0.5, 1, 3])
        key, fingerprint = rng.choice("abc"), rng.choice("ffg")
        if key in table and table[key][2] <= clock.now:
            del table[key]
        fails = rng.random() < 0.3
        request: Callable[[], Any] = fail if fails else partial(int, step)
        if key in table and table[key][0] != fingerprint:
            with pytest.raises(KeyConflict):
                store.execute(key, fingerprint, never_called)
        elif key in table:
            assert store.execute(key, fingerprint, never_called) == table[key][1]
        elif fails:
            with pytest.raises(RequestError):
                store.execute(key, fingerprint, request)
        else:
            assert store.execute(key, fingerprint, request) == step
            table[key] = (fingerprint, step, clock.now + ttl)


class Result:
    """A result that can be watched for being kept."""


def test_expired_results_are_purged(store: IdempotentStore, clock: FakeClock) -> None:
    total = 3000
    alive: weakref.WeakSet[Result] = weakref.WeakSet()
    for number in range(total):
        alive.add(store.execute(f"k{number}", "f", Result))
    clock.now += 10.25
    for number in range(2 * total):  # so many, in case each call purges only a few
        store.execute(f"new{number}", "f", int)
    gc.collect()
    assert len(alive) < total / 10, "expired results are still held"


def test_many_live_keys_are_not_searched_at_every_call(clock: FakeClock) -> None:
    store = IdempotentStore(1000, clock)
    deadline = time.process_time() + CPU_SECONDS
    for number in range(45_000):
        clock.now += 1 / 1024
        assert store.execute(f"k{number}", "f", int) == 0
        if number % 10 == 0:
            assert time.process_time() < deadline, f"only {number} calls done"
