"""Behaviour of a stack built from two queues, judged through its public methods only."""

import random
from time import process_time

import pytest

# isort: split
from stack_two_queues import StackFromQueues

CPU_SECONDS = 10.0  # some fifty times what linear-time pushes (or pops) need


def filled(*items: object) -> StackFromQueues:
    stack = StackFromQueues()
    for item in items:
        stack.push(item)
    return stack


def drained(stack: StackFromQueues) -> list:
    items = []
    while not stack.empty():
        items.append(stack.pop())
    return items


def test_new_stack_is_empty() -> None:
    assert StackFromQueues().empty() is True


@pytest.mark.parametrize("operation", ["pop", "top"])
def test_empty_stack_raises_index_error(operation: str) -> None:
    stack = StackFromQueues()
    with pytest.raises(IndexError):
        getattr(stack, operation)()
    assert stack.empty()


@pytest.mark.parametrize("operation", ["pop", "top"])
def test_emptied_stack_raises_index_error_and_can_be_filled_again(operation: str) -> None:
    stack = filled(1, 2)
    assert drained(stack) == [2, 1]
    with pytest.raises(IndexError):
        getattr(stack, operation)()
    stack.push(3)
    assert stack.top() == 3
    assert stack.pop() == 3


def test_single_element_goes_in_and_out() -> None:
    stack = filled("only")
    assert stack.empty() is False
    assert stack.top() == "only"
    assert stack.pop() == "only"
    assert stack.empty() is True


def test_last_element_in_is_first_out() -> None:
    assert drained(filled(1, 2, 3)) == [3, 2, 1]


def test_top_does_not_remove() -> None:
    stack = filled(1, 2)
    assert [stack.top(), stack.top()] == [2, 2]
    assert drained(stack) == [2, 1]


def test_top_after_a_pop_is_the_element_below() -> None:
    stack = filled(1, 2, 3)
    stack.pop()
    assert stack.top() == 2
    stack.push(4)
    assert stack.top() == 4
    assert drained(stack) == [4, 2, 1]


def test_interleaved_pushes_and_pops_keep_the_order() -> None:
    stack = filled(1, 2)
    assert stack.pop() == 2
    stack.push(3)
    stack.push(4)
    assert stack.pop() == 4
    assert stack.pop() == 3
    stack.push(5)
    assert drained(stack) == [5, 1]


@pytest.mark.parametrize("item", [None, 0, "", []])
def test_falsy_value_is_an_ordinary_element(item: object) -> None:
    stack = filled("below", item, item)
    assert stack.empty() is False
    assert stack.top() is item
    assert stack.pop() is item
    assert stack.top() is item
    assert stack.pop() is item
    assert stack.pop() == "below"


def test_duplicates_are_all_kept() -> None:
    assert drained(filled(7, 7, 8, 7)) == [7, 8, 7, 7]


def test_two_stacks_share_nothing() -> None:
    one, other = filled(1), StackFromQueues()
    assert other.empty()
    other.push(2)
    assert one.pop() == 1


@pytest.mark.parametrize("seed", range(5))
def test_random_operations_match_a_list(seed: int) -> None:
    rng = random.Random(seed)
    stack = StackFromQueues()
    model: list[object] = []
    for _ in range(1000):
        choice = rng.random()
        if choice < 0.5 or not model:
            item = rng.choice([None, rng.randrange(5)])
            stack.push(item)
            model.append(item)
        elif choice < 0.8:
            assert stack.pop() == model.pop()
        else:
            assert stack.top() == model[-1]
        assert stack.empty() is (not model)
    assert drained(stack) == model[::-1]


def test_thousand_pushes_then_thousand_pops_reverse_the_order() -> None:
    # Either side may cost one pass over the stack; a pass for every element would not end here.
    size = 1000
    stack = StackFromQueues()
    began = process_time()
    for number in range(size):
        stack.push(number)
        assert process_time() - began < CPU_SECONDS, f"only {number} pushes done"
    for number in reversed(range(size)):
        assert stack.pop() == number
        assert process_time() - began < CPU_SECONDS, f"{number} pops still to do"
    assert stack.empty()
