"""Behaviour of ordering tasks by their dependencies."""

import random
from collections.abc import Callable, Iterable
from itertools import permutations
from time import process_time
from typing import Any, ClassVar

import pytest

# isort: split
from topo_order import CycleError, task_order

CPU_SECONDS = 10.0  # some twenty times what the long chain needs

Deps = list[tuple[str, str]]


def test_dependencies_come_first() -> None:
    deps = [("wash", "dry"), ("dry", "fold"), ("sort", "wash")]
    assert task_order(["dry", "fold", "sort", "wash"], deps) == ["sort", "wash", "dry", "fold"]


def test_no_tasks_need_no_order() -> None:
    assert task_order([], []) == []


def test_single_task() -> None:
    assert task_order(["a"], []) == ["a"]


def test_tasks_without_dependencies_are_sorted() -> None:
    assert task_order(["c", "a", "b"], []) == ["a", "b", "c"]
    assert task_order(["t2", "t10", "t1"], []) == ["t1", "t10", "t2"]


def test_isolated_tasks_are_included() -> None:
    assert task_order(["x", "b", "a", "m"], [("x", "a")]) == ["b", "m", "x", "a"]


def test_first_of_the_pair_comes_before_the_second() -> None:
    assert task_order(["a", "b"], [("b", "a")]) == ["b", "a"]
    assert task_order(["a", "b"], [("a", "b")]) == ["a", "b"]


def test_task_waits_for_all_its_dependencies() -> None:
    assert task_order(["a", "b", "c"], [("b", "a"), ("c", "a")]) == ["b", "c", "a"]
    diamond = [("d", "b"), ("d", "c"), ("b", "a"), ("c", "a")]
    assert task_order(["a", "b", "c", "d"], diamond) == ["d", "b", "c", "a"]


def test_smallest_ready_task_goes_first_even_if_it_has_just_become_ready() -> None:
    assert task_order(["a", "b", "c"], [("b", "a")]) == ["b", "a", "c"]
    deps = [("c", "a"), ("a", "e"), ("d", "b")]
    assert task_order(["a", "b", "c", "d", "e"], deps) == ["c", "a", "d", "b", "e"]


def test_small_task_behind_a_large_one_does_not_pull_it_forward() -> None:
    assert task_order(["a", "m", "z"], [("z", "a")]) == ["m", "z", "a"]


def test_order_of_the_input_does_not_matter() -> None:
    deps = [("c", "a"), ("a", "e"), ("d", "b")]
    rng = random.Random(1)
    for _ in range(20):
        tasks = ["a", "b", "c", "d", "e"]
        rng.shuffle(tasks)
        rng.shuffle(deps)
        assert task_order(tasks, deps) == ["c", "a", "d", "b", "e"]


def test_repeated_dependency_changes_nothing() -> None:
    assert task_order(["a", "b", "c"], [("b", "a"), ("b", "a")]) == ["b", "a", "c"]
    deps = [("b", "a"), ("c", "a"), ("b", "a"), ("b", "a")]
    assert task_order(["a", "b", "c"], deps) == ["b", "c", "a"]


def test_implied_dependency_changes_nothing() -> None:
    assert task_order(["a", "b", "c"], [("c", "b"), ("b", "a"), ("c", "a")]) == ["c", "b", "a"]


def test_task_that_depends_on_itself_is_a_cycle() -> None:
    with pytest.raises(CycleError):
        task_order(["a"], [("a", "a")])
    with pytest.raises(CycleError):
        task_order(["a", "b"], [("a", "b"), ("b", "b")])


@pytest.mark.parametrize(
    ("tasks", "deps"),
    [
        ("ab", ["ab", "ba"]),
        ("abc", ["ab", "bc", "ca"]),
        ("abcd", ["ab", "bc", "cb", "cd"]),
        ("abcd", ["ab", "cd", "dc"]),
        ("abcde", ["ab", "bc", "cd", "de", "eb"]),
        ("abcd", ["ad", "db", "bd", "dc"]),
    ],
)
def test_cycle_is_refused(tasks: str, deps: list[str]) -> None:
    with pytest.raises(CycleError):
        task_order(tasks, [(dep[0], dep[1]) for dep in deps])


@pytest.mark.parametrize("dep", [("x", "a"), ("a", "x"), ("x", "y")])
def test_unknown_task_in_a_dependency_is_refused(dep: tuple[str, str]) -> None:
    with pytest.raises(KeyError):
        task_order(["a", "b"], [("a", "b"), dep])
    with pytest.raises(KeyError):
        task_order([], [dep])


def test_input_may_be_generators_that_can_be_read_only_once() -> None:
    tasks = (name for name in ["a", "b", "c"])
    deps = (dep for dep in [("c", "a"), ("b", "a")])
    assert task_order(tasks, deps) == ["b", "c", "a"]


def test_input_is_not_modified() -> None:
    tasks, deps = ["c", "a", "b"], [("c", "b"), ("b", "a")]
    task_order(tasks, deps)
    assert tasks == ["c", "a", "b"]
    assert deps == [("c", "b"), ("b", "a")]


@pytest.mark.parametrize("seed", range(10))
def test_random_dependencies_match_trying_all_orders(seed: int) -> None:
    rng = random.Random(seed)
    outcomes = set()
    for _ in range(30):
        tasks = list("abcdef"[: rng.randrange(1, 7)])
        rng.shuffle(tasks)
        deps = [(rng.choice(tasks), rng.choice(tasks)) for _ in range(rng.randrange(7))]
        if rng.random() < 0.8:  # without the self-loops that decide most of them
            deps = [(before, after) for before, after in deps if before != after]
        orders = (
            list(order)
            for order in permutations(sorted(tasks))
            if all(order.index(before) < order.index(after) for before, after in deps)
        )
        expected = next(orders, None)
        outcomes.add(expected is None)
        if expected is None:
            with pytest.raises(CycleError):
                task_order(tasks, deps)
        else:
            assert task_order(tasks, deps) == expected
    assert outcomes == {True, False}


class Name(str):
    """A name that counts how often it is hashed or compared, and watches the time meanwhile."""

    used: ClassVar[int] = 0
    allowed: ClassVar[int] = 0
    deadline: ClassVar[float] = 0.0


def count(name: str) -> Callable[..., Any]:
    plain = getattr(str, name)

    def operation(self: Name, *others: Any) -> Any:
        Name.used += 1
        assert Name.used <= Name.allowed, "far too many looks at the names"
        if Name.used % 100 == 0:
            assert process_time() < Name.deadline, "far too much time between looks at the names"
        return plain(self, *others)

    return operation


for operator in "hash eq ne lt le gt ge".split():
    setattr(Name, f"__{operator}__", count(f"__{operator}__"))


def named(numbers: Iterable[int], looks: int) -> list[str]:
    Name.used, Name.allowed = 0, looks
    Name.deadline = process_time() + CPU_SECONDS
    return [Name(f"{number:06d}") for number in numbers]


@pytest.mark.parametrize("backwards", [False, True])
def test_long_chain_is_handled(backwards: bool) -> None:
    n = 100_000
    names = named(range(n), looks=60 * n)
    if backwards:
        names.reverse()
    order = task_order(names, zip(names, names[1:], strict=False))
    assert len(order) == n
    assert all(map(str.__eq__, order, names))


def test_long_cycle_is_refused() -> None:
    n = 20_000
    names = named(range(n), looks=60 * n)
    with pytest.raises(CycleError):
        task_order(names, zip(names, [*names[1:], names[0]], strict=True))


@pytest.mark.parametrize("waiting", [False, True])
def test_many_ready_tasks_are_not_searched_one_by_one(waiting: bool) -> None:
    n = 5000
    hub, *others = named(range(n), looks=200 * n)
    random.Random(11).shuffle(others)
    deps = [(hub, name) for name in others] if waiting else []
    order = task_order([*others, hub], deps)
    assert [str(name) for name in order] == [f"{number:06d}" for number in range(n)]


def test_number_of_paths_does_not_matter() -> None:
    layers = [[f"{layer:02d}{letter}" for letter in "abc"] for layer in range(40)]
    tasks = [task for layer in layers for task in layer]
    deps = [(before, after) for i in range(39) for before in layers[i] for after in layers[i + 1]]
    assert task_order(tasks, deps) == tasks
