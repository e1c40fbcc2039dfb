"""Behaviour of vector clocks. Whether results hold entries of zero is left open."""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from time import process_time
from types import MappingProxyType
from typing import Any

import pytest

# isort: split
from vector_clock import compare, merge, tick

CPU_SECONDS = 10.0  # some fifty times what one pass over the nodes needs

Clock = dict[str, int]

MIRRORED = {"before": "after", "after": "before", "equal": "equal", "concurrent": "concurrent"}


def without_zeros(clock: Mapping[str, int]) -> Clock:
    return {node: counter for node, counter in clock.items() if counter}


def test_empty_clocks_are_equal() -> None:
    assert compare({}, {}) == "equal"


def test_same_counters_are_equal() -> None:
    assert compare({"x": 1, "y": 2}, {"y": 2, "x": 1}) == "equal"


def test_clock_that_has_seen_less_is_before() -> None:
    assert compare({"x": 1, "y": 2}, {"x": 1, "y": 3}) == "before"
    assert compare({"x": 1, "y": 2}, {"x": 2, "y": 3}) == "before"


def test_clock_that_has_seen_more_is_after() -> None:
    assert compare({"x": 1, "y": 3}, {"x": 1, "y": 2}) == "after"
    assert compare({"x": 2, "y": 3}, {"x": 1, "y": 2}) == "after"


def test_clocks_that_each_have_seen_more_are_concurrent() -> None:
    assert compare({"x": 2, "y": 1}, {"x": 1, "y": 2}) == "concurrent"


def test_sums_and_largest_counters_decide_nothing() -> None:
    assert compare({"x": 2}, {"y": 1}) == "concurrent"
    assert compare({"x": 1, "y": 9}, {"x": 2, "y": 1}) == "concurrent"
    assert compare({"x": 9, "y": 1}, {"x": 9, "y": 2}) == "before"


def test_missing_entry_equals_zero() -> None:
    assert compare({"x": 0}, {}) == "equal"
    assert compare({}, {"x": 0, "y": 0}) == "equal"
    assert compare({"x": 1, "y": 0}, {"x": 1, "z": 0}) == "equal"
    assert compare({"x": 1, "y": 0}, {"x": 1, "y": 1}) == "before"


def test_node_known_to_one_side_only_counts() -> None:
    assert compare({}, {"x": 1}) == "before"
    assert compare({"x": 1}, {}) == "after"
    assert compare({"x": 1}, {"x": 1, "y": 1}) == "before"
    assert compare({"x": 1, "y": 1}, {"x": 1}) == "after"
    assert compare({"x": 1}, {"y": 1}) == "concurrent"
    assert compare({"x": 2}, {"x": 1, "y": 1}) == "concurrent"
    assert compare({"x": 1, "y": 1}, {"x": 2}) == "concurrent"


def test_order_in_which_nodes_are_listed_does_not_matter() -> None:
    assert compare({"x": 2, "y": 1, "z": 1}, {"z": 1, "y": 2, "x": 1}) == "concurrent"
    assert compare({"z": 1, "y": 1, "x": 2}, {"x": 1, "y": 2, "z": 1}) == "concurrent"


def test_merge_takes_the_larger_counter_of_each_node() -> None:
    merged = merge({"x": 3, "y": 1, "only a": 2}, {"x": 1, "y": 5, "only b": 4})
    assert without_zeros(merged) == {"x": 3, "y": 5, "only a": 2, "only b": 4}


def test_merge_with_an_empty_clock_changes_nothing() -> None:
    assert without_zeros(merge({"x": 1}, {})) == {"x": 1}
    assert without_zeros(merge({}, {"x": 1})) == {"x": 1}
    assert without_zeros(merge({}, {})) == {}


def test_merge_does_not_add_an_event() -> None:
    assert compare(merge({"x": 1}, {"x": 1}), {"x": 1}) == "equal"
    assert compare(merge({"x": 1}, {"x": 2}), {"x": 2}) == "equal"


def test_tick_adds_one_for_the_node() -> None:
    assert without_zeros(tick({"x": 1, "y": 2}, "y")) == {"x": 1, "y": 3}


def test_tick_of_an_unknown_node_begins_at_one() -> None:
    assert without_zeros(tick({}, "x")) == {"x": 1}
    assert without_zeros(tick({"x": 0}, "x")) == {"x": 1}
    assert without_zeros(tick({"y": 2}, "")) == {"y": 2, "": 1}


def test_clock_is_before_its_own_tick() -> None:
    clock = {"x": 1, "y": 2}
    for node in ("x", "y", "z"):
        assert compare(clock, tick(clock, node)) == "before"


def test_ticks_of_two_writers_from_one_version_are_concurrent_until_merged() -> None:
    base = {"x": 1}
    one, other = tick(base, "x"), tick(base, "y")
    assert compare(one, other) == "concurrent"
    resolved = tick(merge(one, other), "y")
    assert compare(one, resolved) == compare(other, resolved) == "before"


@pytest.mark.parametrize("bad", [{"x": -1}, {"x": 1, "y": -2}, {"x": -1, "y": 5}])
@pytest.mark.parametrize("good", [{}, {"x": 3}, {"x": 1, "y": 9, "z": 1}])
def test_negative_counter_is_refused(bad: Clock, good: Clock) -> None:
    for a, b in ((bad, good), (good, bad), (bad, bad)):
        with pytest.raises(ValueError):
            compare(a, b)
        with pytest.raises(ValueError):
            merge(a, b)
    for node in ("x", "y", "z"):
        with pytest.raises(ValueError):
            tick(bad, node)


def test_arguments_are_not_modified() -> None:
    a, b = {"x": 1, "y": 2}, {"y": 3, "z": 0}
    compare(a, b)
    merge(a, b)
    tick(a, "x")
    tick(b, "new")
    assert a == {"x": 1, "y": 2}
    assert b == {"y": 3, "z": 0}


def test_missing_entries_are_not_filled_in_by_looking() -> None:
    a, b = defaultdict(int, {"x": 1}), defaultdict(int, {"y": 1})
    compare(a, b)
    merge(a, b)
    tick(a, "z")
    assert dict(a) == {"x": 1}
    assert dict(b) == {"y": 1}


def test_results_are_fresh_dictionaries() -> None:
    a, b = {"x": 1}, {"x": 1}
    merged, ticked = merge(a, b), tick(a, "x")
    assert type(merged) is type(ticked) is dict
    merged["x"] = ticked["x"] = 99
    assert a == b == {"x": 1}
    empty: Clock = {}
    merge(empty, a)["y"] = 5
    merge(a, empty)["y"] = 5
    assert (a, empty) == ({"x": 1}, {})


def test_any_mapping_is_a_clock() -> None:
    a, b = MappingProxyType({"x": 1}), MappingProxyType({"x": 1, "y": 1})
    assert compare(a, b) == "before"
    assert without_zeros(merge(a, b)) == {"x": 1, "y": 1}
    assert without_zeros(tick(a, "x")) == {"x": 2}


def random_clock(rng: random.Random) -> Clock:
    return {node: rng.randrange(3) for node in rng.sample("abcd", rng.randrange(5))}


def dominated(a: Clock, b: Clock) -> bool:
    return all(a.get(node, 0) <= b.get(node, 0) for node in "abcd")


@pytest.mark.parametrize("seed", range(5))
def test_random_clocks_match_the_definition(seed: int) -> None:
    rng = random.Random(seed)
    seen = set()
    for _ in range(400):
        a, b, c = random_clock(rng), random_clock(rng), random_clock(rng)
        expected = {
            (True, True): "equal",
            (True, False): "before",
            (False, True): "after",
            (False, False): "concurrent",
        }[dominated(a, b), dominated(b, a)]
        seen.add(expected)
        assert compare(a, b) == expected
        assert compare(b, a) == MIRRORED[expected]
        merged = merge(a, b)
        assert without_zeros(merged) == without_zeros({node: max(a.get(node, 0), b.get(node, 0)) for node in "abcd"})
        assert compare(merged, merge(b, a)) == "equal"
        assert compare(merge(merged, b), merged) == compare(merge(a, a), a) == "equal"
        assert compare(merge(merge(a, b), c), merge(a, merge(b, c))) == "equal"
        assert compare(a, merged) in ("before", "equal")
    assert seen == set(MIRRORED)


@pytest.mark.parametrize("seed", range(3))
def test_clocks_of_a_simulated_cluster_tell_what_was_known(seed: int) -> None:
    rng = random.Random(seed)
    nodes = "abc"
    clocks: dict[str, Clock] = {node: {} for node in nodes}
    history: dict[str, frozenset[int]] = {node: frozenset() for node in nodes}
    versions: list[tuple[Clock, frozenset[int]]] = []
    for event in range(80):
        node = rng.choice(nodes)
        if rng.random() < 0.4:
            sender = rng.choice(nodes)
            clocks[node] = merge(clocks[node], clocks[sender])
            history[node] |= history[sender]
        clocks[node] = tick(clocks[node], node)
        history[node] |= {event}
        versions.append((clocks[node], history[node]))
    for clock, known in versions:
        for other_clock, other_known in versions:
            answer = compare(clock, other_clock)
            assert (answer == "before") is (known < other_known)
            assert (answer == "after") is (known > other_known)
            assert (answer == "equal") is (known == other_known)


class Watched(Mapping):
    """A clock that stops whoever reads it for too long."""

    def __init__(self, counters: Clock, deadline: float) -> None:
        self.counters = counters
        self.deadline = deadline

    def check(self) -> None:
        assert process_time() < self.deadline, "far too slow"

    def __getitem__(self, node: str) -> Any:
        self.check()
        return self.counters[node]

    def __iter__(self) -> Iterator[str]:
        for node in self.counters:
            self.check()
            yield node

    def __len__(self) -> int:
        return len(self.counters)


def test_cost_grows_with_the_nodes_and_not_with_their_square() -> None:
    n = 20_000
    deadline = process_time() + CPU_SECONDS
    a = Watched({f"a{number}": 1 for number in range(n)}, deadline)
    b = Watched({f"b{number}": 1 for number in range(n)}, deadline)
    assert compare(a, b) == "concurrent"
    assert compare(a, merge(a, b)) == "before"
    assert len(merge(a, b)) == 2 * n
    assert len(tick(a, "b0")) == n + 1
