"""Behaviour of a queue built from two stacks, judged through its public methods only."""

import random
from collections import deque
from time import process_time

import pytest

# isort: split
from queue_two_stacks import QueueFromStacks

CPU_SECONDS = 10.0  # some fifty times what amortised constant time needs


def filled(*items: object) -> QueueFromStacks:
    queue = QueueFromStacks()
    for item in items:
        queue.enqueue(item)
    return queue


def drained(queue: QueueFromStacks) -> list:
    return [queue.dequeue() for _ in range(len(queue))]


def test_new_queue_is_empty() -> None:
    assert len(QueueFromStacks()) == 0


@pytest.mark.parametrize("operation", ["dequeue", "peek"])
def test_empty_queue_raises_index_error(operation: str) -> None:
    queue = QueueFromStacks()
    with pytest.raises(IndexError):
        getattr(queue, operation)()
    assert len(queue) == 0


@pytest.mark.parametrize("operation", ["dequeue", "peek"])
def test_emptied_queue_raises_index_error_and_can_be_filled_again(operation: str) -> None:
    queue = filled(1, 2)
    assert drained(queue) == [1, 2]
    with pytest.raises(IndexError):
        getattr(queue, operation)()
    queue.enqueue(3)
    assert len(queue) == 1
    assert queue.dequeue() == 3


def test_single_element_goes_in_and_out() -> None:
    queue = filled("only")
    assert queue.peek() == "only"
    assert queue.dequeue() == "only"
    assert len(queue) == 0


def test_elements_leave_in_the_order_they_came() -> None:
    assert drained(filled(*range(10))) == list(range(10))


def test_newcomer_stays_behind_those_already_waiting_to_leave() -> None:
    queue = filled(1, 2)
    assert queue.dequeue() == 1
    queue.enqueue(3)
    assert queue.dequeue() == 2
    assert queue.dequeue() == 3


def test_newcomer_after_a_peek_stays_behind_the_front() -> None:
    queue = filled(1, 2)
    assert queue.peek() == 1
    queue.enqueue(3)
    assert queue.peek() == 1
    assert drained(queue) == [1, 2, 3]


def test_peek_does_not_remove() -> None:
    queue = filled(1, 2)
    assert [queue.peek(), queue.peek()] == [1, 1]
    assert len(queue) == 2
    assert drained(queue) == [1, 2]


@pytest.mark.parametrize("item", [None, 0, "", []])
def test_falsy_value_is_an_ordinary_element(item: object) -> None:
    queue = filled(item, item)
    assert len(queue) == 2
    assert queue.peek() is item
    assert queue.dequeue() is item
    assert queue.peek() is item
    assert queue.dequeue() is item
    assert len(queue) == 0


def test_duplicates_are_all_kept() -> None:
    assert drained(filled(7, 7, 8, 7)) == [7, 7, 8, 7]


def test_length_stays_right_while_elements_change_stacks() -> None:
    queue = QueueFromStacks()
    expected = 0
    for step in range(60):
        if step % 3 < 2:
            queue.enqueue(step)
            expected += 1
        else:
            queue.dequeue()
            expected -= 1
        assert len(queue) == expected
        queue.peek()
        assert len(queue) == expected


def test_two_queues_share_nothing() -> None:
    one, other = filled(1), QueueFromStacks()
    assert len(other) == 0
    other.enqueue(2)
    assert one.dequeue() == 1


@pytest.mark.parametrize("seed", range(5))
def test_random_operations_match_a_double_ended_queue(seed: int) -> None:
    rng = random.Random(seed)
    queue = QueueFromStacks()
    model: deque[object] = deque()
    for _ in range(2000):
        choice = rng.random()
        if choice < 0.5 or not model:
            item = rng.choice([None, rng.randrange(5)])
            queue.enqueue(item)
            model.append(item)
        elif choice < 0.8:
            assert queue.dequeue() == model.popleft()
        else:
            assert queue.peek() == model[0]
        assert len(queue) == len(model)
    assert drained(queue) == list(model)


def test_alternating_operations_on_a_long_queue_stay_linear() -> None:
    waiting, rounds = 50_000, 100_000
    queue = filled(*range(waiting))
    began = process_time()
    for step in range(rounds):
        queue.enqueue(waiting + step)
        assert queue.peek() == step
        assert queue.dequeue() == step
        if step % 100 == 0:
            spent = process_time() - began
            assert spent < CPU_SECONDS, f"only {step} rounds done: elements move again and again"
    assert len(queue) == waiting
