"""Behaviour of a bounded blocking queue, with real threads and only its public methods.

That a call is blocked shows in its thread being alive after a while: a queue that works is never
blamed for a slow machine, and every wait has a limit, so that a deadlock is a failure.
"""

import sys
import time
from collections.abc import Callable, Iterator
from threading import Barrier, Thread
from typing import Any

import pytest

# isort: split
from bounded_queue import BoundedQueue, Closed, Empty, Full

PATIENCE = 15.0  # seconds until a blocked thread is called a deadlock
A_WHILE = 0.05  # seconds for a call to return that should have blocked
CPU_SECONDS = 10.0  # some ten times what constant time per item needs


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

    def blocks(self) -> bool:
        self.join(A_WHILE)
        return self.is_alive()

    def result(self) -> Any:
        self.join(PATIENCE)
        assert not self.is_alive(), "the call is still blocked"
        if self.error is not None:
            raise self.error
        return self.value


def wait_for_one(calls: list[Background]) -> Background:
    """Return the first of the calls that is over."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for call in calls:
            call.join(0.01)
            if not call.is_alive():
                return call
    raise AssertionError("all calls are still blocked")


@pytest.fixture
def eager_switching() -> Iterator[None]:
    """Let the interpreter change threads far more often than usual."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-4)
    yield
    sys.setswitchinterval(usual)


def put(queue: BoundedQueue, item: Any, timeout: float | None = None) -> None:
    Background(queue.put, item, timeout).result()


def get(queue: BoundedQueue, timeout: float | None = None) -> Any:
    return Background(queue.get, timeout).result()


def queue_of(maxsize: int, *items: Any) -> BoundedQueue:
    queue = BoundedQueue(maxsize)
    for item in items:
        put(queue, item)
    return queue


@pytest.mark.parametrize("maxsize", [0, -1])
def test_size_below_one_is_refused(maxsize: int) -> None:
    with pytest.raises(ValueError):
        BoundedQueue(maxsize)


def test_items_come_out_in_the_order_they_went_in() -> None:
    queue = queue_of(5, 3, 1, 2)
    assert [get(queue), get(queue)] == [3, 1]
    put(queue, 4)
    assert [get(queue), get(queue)] == [2, 4]


@pytest.mark.parametrize("item", [None, 0, "", False])
def test_falsy_item_is_an_item(item: Any) -> None:
    queue = queue_of(1, item)
    with pytest.raises(Full):
        put(queue, item, 0)
    assert get(queue, 0) is item
    with pytest.raises(Empty):
        get(queue, 0)


@pytest.mark.parametrize("maxsize", [1, 2, 7])
def test_exactly_as_many_items_fit_as_told(maxsize: int) -> None:
    queue = queue_of(maxsize, *range(maxsize))
    with pytest.raises(Full):
        put(queue, "x", 0)
    assert [get(queue, 0) for _ in range(maxsize)] == list(range(maxsize))
    with pytest.raises(Empty):
        get(queue, 0)


@pytest.mark.parametrize("timeout", [0, 0.05])
def test_put_into_a_full_queue_times_out_and_adds_nothing(timeout: float) -> None:
    queue = queue_of(1, "a")
    began = time.monotonic()
    with pytest.raises(Full):
        put(queue, "b", timeout)
    assert time.monotonic() - began >= 0.9 * timeout
    assert get(queue, 0) == "a"
    with pytest.raises(Empty):
        get(queue, 0)


@pytest.mark.parametrize("timeout", [0, 0.05])
def test_get_from_an_empty_queue_times_out(timeout: float) -> None:
    queue = BoundedQueue(1)
    began = time.monotonic()
    with pytest.raises(Empty):
        get(queue, timeout)
    assert time.monotonic() - began >= 0.9 * timeout


def test_call_that_timed_out_leaves_the_queue_usable() -> None:
    queue = BoundedQueue(1)
    with pytest.raises(Empty):
        get(queue, 0.01)
    put(queue, "a")
    with pytest.raises(Full):
        put(queue, "b", 0.01)
    assert get(queue) == "a"


def test_put_blocks_while_the_queue_is_full() -> None:
    queue = queue_of(1, "a")
    call = Background(queue.put, "b")
    assert call.blocks()
    assert get(queue) == "a"
    call.result()
    assert get(queue) == "b"


def test_get_blocks_while_the_queue_is_empty() -> None:
    queue = BoundedQueue(1)
    call = Background(queue.get)
    assert call.blocks()
    put(queue, "a")
    assert call.result() == "a"


def test_waiting_with_a_timeout_ends_when_the_other_side_acts() -> None:
    queue = BoundedQueue(1)
    call = Background(queue.get, PATIENCE)
    assert call.blocks()
    put(queue, "a")
    assert call.result() == "a"
    put(queue, "b")
    call = Background(queue.put, "c", PATIENCE)
    assert call.blocks()
    assert get(queue) == "b"
    call.result()


def test_one_item_wakes_one_of_two_waiting_consumers() -> None:
    queue = BoundedQueue(2)
    gets = [Background(queue.get), Background(queue.get)]
    assert all(call.blocks() for call in gets)
    put(queue, "a")
    first = wait_for_one(gets)
    assert first.result() == "a"
    gets.remove(first)
    assert gets[0].blocks()
    put(queue, "b")
    assert gets[0].result() == "b"


def test_one_free_place_admits_one_of_two_waiting_producers() -> None:
    queue = queue_of(1, "a")
    puts = [Background(queue.put, "b"), Background(queue.put, "b")]
    assert all(call.blocks() for call in puts)
    assert get(queue) == "a"
    first = wait_for_one(puts)
    first.result()
    puts.remove(first)
    assert puts[0].blocks()
    assert get(queue) == "b"
    puts[0].result()
    assert get(queue) == "b"


def test_several_items_wake_several_consumers() -> None:
    queue = BoundedQueue(3)
    gets = [Background(queue.get) for _ in range(3)]
    assert all(call.blocks() for call in gets)
    for item in "abc":
        put(queue, item)
    assert sorted(call.result() for call in gets) == ["a", "b", "c"]


def test_wake_up_in_vain_does_not_restart_the_timeout() -> None:
    for _ in range(5):
        queue = BoundedQueue(1)
        call = Background(queue.get, 0.1)
        deadline = time.monotonic() + 3
        while call.is_alive() and time.monotonic() < deadline:
            queue.put("decoy", PATIENCE)
            try:
                queue.get(timeout=0.001)  # mostly faster than the thread that was woken
            except Empty:
                break
            call.join(0.01)
        else:
            assert not call.is_alive(), "the timeout begins anew after each wake-up"
            if call.error is None:
                continue
            with pytest.raises(Empty):
                call.result()
            return
        assert call.result() == "decoy"  # it was faster, so try again


def test_waiting_takes_no_processor_time() -> None:
    def wait() -> float:
        with pytest.raises(Empty):
            BoundedQueue(1).get(timeout=0.4)
        return time.thread_time()

    assert Background(wait).result() < 0.2


def test_close_wakes_every_waiting_consumer() -> None:
    queue = BoundedQueue(1)
    gets = [Background(queue.get), Background(queue.get, PATIENCE), Background(queue.get)]
    assert all(call.blocks() for call in gets)
    queue.close()
    for call in gets:
        with pytest.raises(Closed):
            call.result()


def test_close_wakes_every_waiting_producer_and_adds_nothing() -> None:
    queue = queue_of(1, "a")
    puts = [Background(queue.put, "b"), Background(queue.put, "c", PATIENCE)]
    assert all(call.blocks() for call in puts)
    queue.close()
    for call in puts:
        with pytest.raises(Closed):
            call.result()
    assert get(queue) == "a"
    with pytest.raises(Closed):
        get(queue)


def test_items_queued_before_close_are_still_delivered() -> None:
    queue = queue_of(3, 1, 2, 3)
    queue.close()
    assert [get(queue) for _ in range(3)] == [1, 2, 3]
    with pytest.raises(Closed):
        get(queue)


@pytest.mark.parametrize("timeout", [None, 0, PATIENCE / 2])
def test_closed_and_empty_queue_says_so_at_once(timeout: float | None) -> None:
    queue = BoundedQueue(1)
    queue.close()
    began = time.monotonic()
    with pytest.raises(Closed):
        get(queue, timeout)
    assert time.monotonic() - began < PATIENCE / 2


@pytest.mark.parametrize("timeout", [None, 0, PATIENCE / 2])
@pytest.mark.parametrize("items", [[], ["a"], ["a", "b"]])
def test_closed_queue_takes_no_items(items: list[str], timeout: float | None) -> None:
    queue = queue_of(2, *items)
    queue.close()
    with pytest.raises(Closed):
        put(queue, "x", timeout)
    assert [get(queue) for _ in items] == items
    with pytest.raises(Closed):
        put(queue, "x", timeout)


def test_closing_twice_is_harmless() -> None:
    queue = queue_of(1, "a")
    queue.close()
    Background(queue.close).result()
    assert get(queue) == "a"
    with pytest.raises(Closed):
        get(queue)


def test_two_queues_share_nothing() -> None:
    one, other = queue_of(1, "a"), BoundedQueue(1)
    one.close()
    put(other, "b")
    assert get(other) == "b"


@pytest.mark.parametrize("maxsize", [1, 3])
def test_producers_and_consumers_lose_and_duplicate_nothing(eager_switching: None, maxsize: int) -> None:
    sides, each = 4, 400
    queue = BoundedQueue(maxsize)
    start = Barrier(2 * sides)

    def produce(name: int) -> None:
        start.wait(PATIENCE)
        for number in range(each):
            queue.put((name, number))

    def consume() -> list[tuple[int, int]]:
        start.wait(PATIENCE)
        items = []
        while True:
            try:
                items.append(queue.get())
            except Closed:
                return items

    consumers = [Background(consume) for _ in range(sides)]
    producers = [Background(produce, name) for name in range(sides)]
    for producer in producers:
        producer.result()
    queue.close()
    received = [consumer.result() for consumer in consumers]
    everything = sorted(item for items in received for item in items)
    assert everything == [(name, number) for name in range(sides) for number in range(each)]
    for items in received:
        for name in range(sides):
            numbers = [number for sender, number in items if sender == name]
            assert numbers == sorted(numbers), "items overtook one another"


def test_cost_of_an_item_does_not_grow_with_the_queue() -> None:
    n = 100_000
    queue = BoundedQueue(n)
    deadline = time.process_time() + CPU_SECONDS
    for number in range(n):
        queue.put(number, PATIENCE)
    for number in range(n):
        if number % 100 == 0:
            assert time.process_time() < deadline, f"only {number} items taken"
        assert queue.get(PATIENCE) == number
