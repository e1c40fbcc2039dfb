"""Behaviour of a thread-safe LRU cache, with real threads and only its public methods.

Threads meet at events and barriers; every wait has a limit, so that a deadlock is a failure.
"""

import random
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from threading import Barrier, Event, Thread
from typing import Any

import pytest

# isort: split
from lru_thread_safe import ThreadSafeLRU

PATIENCE = 10.0  # seconds until a blocked thread is called a deadlock
LONG_PATIENCE = 60.0  # the same for threads that have much to do


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

    def result(self, patience: float = PATIENCE) -> Any:
        self.join(patience)
        assert not self.is_alive(), "the call is still blocked"
        if self.error is not None:
            raise self.error
        return self.value


class LoadError(Exception):
    pass


@pytest.fixture
def eager_switching() -> Iterator[None]:
    """Let the interpreter change threads far more often than usual."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(5e-4)
    yield
    sys.setswitchinterval(usual)


def fail_to_load() -> Any:
    raise LoadError


def never_called() -> Any:
    raise AssertionError("the loader must not run on a hit")


@pytest.mark.parametrize("capacity", [0, -1])
def test_capacity_below_one_is_refused(capacity: int) -> None:
    with pytest.raises(ValueError):
        ThreadSafeLRU(capacity)


def test_missing_key_returns_the_default_and_inserts_nothing() -> None:
    cache = ThreadSafeLRU(2)
    assert cache.get("a") is None
    assert cache.get("a", 7) == 7
    assert len(cache) == 0


def test_capacity_one_keeps_only_the_last_key() -> None:
    cache = ThreadSafeLRU(1)
    cache.put("a", 1)
    cache.put("b", 2)
    assert cache.get("a") is None
    assert cache.get("b") == 2
    assert len(cache) == 1
    assert cache.get_or_load("c", lambda: 3) == 3
    assert cache.get("b") is None
    assert len(cache) == 1


@pytest.mark.parametrize("use", ["get", "put", "get_or_load"])
def test_every_kind_of_use_saves_a_key_from_eviction(use: str) -> None:
    cache = ThreadSafeLRU(2)
    cache.put("a", 1)
    cache.put("b", 2)
    if use == "get":
        cache.get("a")
    elif use == "put":
        cache.put("a", 1)
    else:
        cache.get_or_load("a", never_called)
    cache.put("c", 3)
    assert cache.get("b") is None
    assert cache.get("a") == 1
    assert cache.get("c") == 3


def test_put_on_an_existing_key_replaces_the_value_and_evicts_nothing() -> None:
    cache = ThreadSafeLRU(2)
    cache.put("a", 1)
    cache.put("b", 2)
    cache.put("a", 10)
    assert len(cache) == 2
    assert cache.get("a") == 10
    assert cache.get("b") == 2


@pytest.mark.parametrize("value", [None, 0, "", False])
def test_falsy_value_is_a_hit(value: object) -> None:
    cache = ThreadSafeLRU(1)
    cache.put("a", value)
    assert cache.get("a", "fallback") is value
    assert cache.get_or_load("a", never_called) is value


@pytest.mark.parametrize("value", [None, 0, ""])
def test_loaded_falsy_value_is_cached(value: object) -> None:
    cache = ThreadSafeLRU(1)
    assert cache.get_or_load("a", lambda: value) is value
    assert len(cache) == 1
    assert cache.get_or_load("a", never_called) is value


def test_loaded_value_evicts_the_least_recently_used_key() -> None:
    cache = ThreadSafeLRU(2)
    cache.put("a", 1)
    cache.put("b", 2)
    assert cache.get_or_load("c", lambda: 3) == 3
    assert len(cache) == 2
    assert cache.get("a") is None
    assert cache.get("c") == 3


def test_evicted_key_is_loaded_afresh() -> None:
    cache = ThreadSafeLRU(1)
    assert cache.get_or_load("a", lambda: "old") == "old"
    assert cache.get_or_load("b", lambda: "b") == "b"
    assert cache.get_or_load("a", lambda: "new") == "new"


def test_failed_load_caches_nothing_and_the_next_call_retries() -> None:
    cache = ThreadSafeLRU(2)
    with pytest.raises(LoadError):
        cache.get_or_load("a", fail_to_load)
    assert len(cache) == 0
    assert cache.get("a", "absent") == "absent"
    retry = Background(cache.get_or_load, "a", lambda: 1)
    assert retry.result() == 1
    assert cache.get("a") == 1


def test_failed_load_keeps_the_other_entries() -> None:
    cache = ThreadSafeLRU(1)
    cache.put("a", 1)
    with pytest.raises(LoadError):
        cache.get_or_load("b", fail_to_load)
    assert cache.get("a") == 1


def test_loader_may_use_the_cache_itself() -> None:
    cache = ThreadSafeLRU(4)
    cache.put("a", 1)

    def loader() -> int:
        cache.put("c", len(cache))
        return cache.get("a") + cache.get_or_load("b", lambda: 10)

    assert Background(cache.get_or_load, "d", loader).result() == 11
    assert cache.get("b") == 10
    assert cache.get("c") == 1
    assert cache.get("d") == 11


def test_slow_loader_does_not_block_other_keys() -> None:
    cache = ThreadSafeLRU(8)
    cache.put("a", 1)
    loading, release = Event(), Event()

    def slow() -> str:
        loading.set()
        assert release.wait(2 * PATIENCE)
        return "slow"

    def use_other_keys() -> tuple:
        cache.put("b", 2)
        return cache.get("a"), cache.get("b"), cache.get_or_load("c", lambda: 3), len(cache)

    load = Background(cache.get_or_load, "s", slow)
    try:
        assert loading.wait(PATIENCE)
        assert Background(use_other_keys).result() == (1, 2, 3, 3)
    finally:
        release.set()
    assert load.result() == "slow"


def test_different_keys_load_at_the_same_time() -> None:
    cache = ThreadSafeLRU(4)
    together = Barrier(3)  # breaks unless all three loaders are running at once

    def load(key: int) -> int:
        def loader() -> int:
            together.wait(PATIENCE / 2)
            return key

        return cache.get_or_load(key, loader)

    loads = [Background(load, key) for key in range(3)]
    assert [each.result() for each in loads] == [0, 1, 2]


def test_concurrent_misses_on_one_key_run_one_loader() -> None:
    cache = ThreadSafeLRU(4)
    runs: list[None] = []
    loading, loading_again, release = Event(), Event(), Event()

    def loader() -> str:
        runs.append(None)
        (loading_again if loading.is_set() else loading).set()
        assert release.wait(2 * PATIENCE)
        return "value"

    callers = [Background(cache.get_or_load, "k", loader)]
    assert loading.wait(PATIENCE)
    callers += [Background(cache.get_or_load, "k", loader) for _ in range(7)]
    # A second load would show here; where there is none, whoever comes late finds the value.
    loading_again.wait(0.2)
    release.set()
    assert [caller.result() for caller in callers] == ["value"] * 8
    assert len(runs) == 1
    assert len(cache) == 1


def test_error_of_a_load_reaches_every_waiter() -> None:
    # A caller that arrives after the failure rightly loads again, and nothing public tells
    # whether a thread is waiting already, so give the threads more and more time to get there.
    for seconds in (0.05, 0.2, 0.8, 3.2):
        cache = ThreadSafeLRU(4)
        runs: list[None] = []
        loading, release, never = Event(), Event(), Event()

        def loader(runs: list = runs, loading: Event = loading, release: Event = release) -> Any:
            runs.append(None)
            loading.set()
            assert release.wait(2 * PATIENCE)
            raise LoadError

        callers = [Background(cache.get_or_load, "k", loader)]
        assert loading.wait(PATIENCE)
        callers += [Background(cache.get_or_load, "k", loader) for _ in range(4)]
        never.wait(seconds)
        release.set()
        for caller in callers:
            with pytest.raises(LoadError):
                caller.result()
        assert len(cache) == 0
        assert Background(cache.get_or_load, "k", lambda: 1).result() == 1
        if len(runs) == 1:
            return
    pytest.fail("waiters ran the loader again instead of receiving the error")


def test_mixed_load_never_exceeds_capacity_nor_mixes_up_values(eager_switching: None) -> None:
    capacity, threads, operations = 16, 32, 2000
    cache = ThreadSafeLRU(capacity)
    start = Barrier(threads)

    def worker(seed: int) -> None:
        rng = random.Random(seed)
        start.wait(LONG_PATIENCE)
        for step in range(operations):
            key = rng.randrange(3 * capacity)
            choice = rng.random()
            if choice < 0.4:
                value = cache.get(key, (key, "absent"))
            elif choice < 0.8:
                value = (key, step)
                cache.put(key, value)
            else:
                value = cache.get_or_load(key, partial(tuple, (key, "loaded")))
            assert value[0] == key
            assert len(cache) <= capacity

    workers = [Background(worker, seed) for seed in range(threads)]
    for each in workers:
        each.result(LONG_PATIENCE)
    assert len(cache) == capacity


class YieldingKey:
    """A key that hands the processor to another thread at the start of every look-up."""

    def __hash__(self) -> int:
        time.sleep(0)
        return super().__hash__()

    def itself(self) -> "YieldingKey":
        return self


def test_thread_switch_at_a_miss_does_not_start_a_second_load(eager_switching: None) -> None:
    for _ in range(20):
        key = YieldingKey()
        cache = ThreadSafeLRU(2)
        runs: list[None] = []
        start = Barrier(8)

        def loader(runs: list = runs) -> str:
            runs.append(None)
            return "value"

        def caller(
            key: YieldingKey = key, cache: ThreadSafeLRU = cache, start: Barrier = start, load: Any = loader
        ) -> str:
            start.wait(LONG_PATIENCE)
            return cache.get_or_load(key, load)

        callers = [Background(caller) for _ in range(8)]
        assert [each.result() for each in callers] == ["value"] * 8
        assert len(runs) == 1


def test_thread_switch_inside_an_operation_does_no_harm(eager_switching: None) -> None:
    threads = 8
    keys = [YieldingKey() for _ in range(4)]
    cache = ThreadSafeLRU(2)
    start = Barrier(threads)

    def worker(seed: int) -> None:
        rng = random.Random(seed)
        start.wait(LONG_PATIENCE)
        for _ in range(200):
            key = rng.choice(keys)
            choice = rng.random()
            if choice < 0.3:
                assert cache.get(key, key) is key
            elif choice < 0.6:
                cache.put(key, key)
            else:
                assert cache.get_or_load(key, partial(YieldingKey.itself, key)) is key
            assert len(cache) <= 2

    workers = [Background(worker, seed) for seed in range(threads)]
    for each in workers:
        each.result(LONG_PATIENCE)
    present = [key for key in keys if cache.get(key) is key]
    assert len(present) == len(cache) == 2
