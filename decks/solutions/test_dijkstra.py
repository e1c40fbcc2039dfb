"""Behaviour of the search for a cheapest path. All weights are exact in floating point."""

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from time import process_time

import pytest

# isort: split
from dijkstra import dijkstra

CPU_SECONDS = 10.0  # some fifty times what a heap needs

Graph = dict[str, list[tuple[str, float]]]


def check(graph: Graph, src: str, dst: str, expected: float | None) -> None:
    """Judge the weight, and that the path leads there at that weight; any such path will do."""
    answer = dijkstra(graph, src, dst)
    if expected is None:
        assert answer is None
        return
    assert answer is not None
    total, path = answer
    assert total == expected
    assert (path[0], path[-1]) == (src, dst)
    assert len(set(path)) == len(path)
    weights = []
    for node, following in pairwise(path):
        parallel = [weight for neighbour, weight in graph[node] if neighbour == following]
        assert parallel, f"there is no edge from {node} to {following}"
        weights.append(min(parallel))
    assert sum(weights) == expected


def test_single_edge_is_the_path() -> None:
    assert dijkstra({"a": [("b", 4)], "b": []}, "a", "b") == (4, ["a", "b"])


def test_cheaper_way_with_more_edges_beats_the_direct_edge() -> None:
    graph: Graph = {"a": [("d", 10), ("b", 1)], "b": [("d", 2)], "d": []}
    assert dijkstra(graph, "a", "d") == (3, ["a", "b", "d"])
    graph = {"a": [("b", 1), ("d", 10)], "b": [("d", 2)], "d": []}
    assert dijkstra(graph, "a", "d") == (3, ["a", "b", "d"])


def test_direct_edge_wins_when_it_is_cheaper() -> None:
    graph: Graph = {"a": [("b", 1), ("d", 2.5)], "b": [("d", 2)], "d": []}
    assert dijkstra(graph, "a", "d") == (2.5, ["a", "d"])


def test_cheap_first_edge_is_not_followed_blindly() -> None:
    graph: Graph = {"a": [("b", 1), ("c", 5)], "b": [("d", 100)], "c": [("d", 5)], "d": []}
    assert dijkstra(graph, "a", "d") == (10, ["a", "c", "d"])


def test_distance_that_improves_several_times_ends_at_the_least() -> None:
    graph: Graph = {
        "a": [("z", 20), ("b", 1)],
        "b": [("z", 15), ("c", 1)],
        "c": [("z", 10), ("d", 1)],
        "d": [("z", 5)],
        "z": [("end", 1)],
    }
    assert dijkstra(graph, "a", "end") == (9, ["a", "b", "c", "d", "z", "end"])


def test_source_that_is_the_destination_costs_nothing() -> None:
    graph: Graph = {"a": [("b", 1), ("a", 3)], "b": [("a", 0)]}
    assert dijkstra(graph, "a", "a") == (0, ["a"])
    assert dijkstra({"a": []}, "a", "a") == (0, ["a"])
    assert dijkstra({"a": [("z", 1)]}, "z", "z") == (0, ["z"])


def test_unreachable_destination_has_no_path() -> None:
    graph: Graph = {"a": [("b", 1)], "b": [], "c": [("a", 1)]}
    assert dijkstra(graph, "a", "c") is None
    assert dijkstra({"a": [], "b": []}, "a", "b") is None


def test_edges_lead_one_way_only() -> None:
    assert dijkstra({"a": [("b", 1)], "b": []}, "b", "a") is None


@pytest.mark.parametrize(("src", "dst"), [("x", "a"), ("a", "x"), ("x", "x"), ("x", "y")])
def test_unknown_node_is_a_key_error(src: str, dst: str) -> None:
    with pytest.raises(KeyError):
        dijkstra({"a": [("b", 1)], "b": []}, src, dst)
    with pytest.raises(KeyError):
        dijkstra({}, src, dst)


def test_node_that_is_only_listed_as_a_neighbour_is_in_the_graph() -> None:
    graph: Graph = {"a": [("b", 2)], "c": [("d", 1)]}
    assert dijkstra(graph, "a", "b") == (2, ["a", "b"])
    assert dijkstra(graph, "b", "a") is None
    assert dijkstra(graph, "a", "d") is None
    assert dijkstra(graph, "d", "b") is None


def test_zero_weight_edges_are_edges() -> None:
    graph: Graph = {"a": [("b", 0), ("d", 1)], "b": [("c", 0)], "c": [("d", 0), ("a", 0)]}
    assert dijkstra(graph, "a", "d") == (0, ["a", "b", "c", "d"])


def test_cycles_and_self_loops_end() -> None:
    graph: Graph = {
        "a": [("a", 0), ("b", 1)],
        "b": [("a", 0), ("b", 2), ("c", 1)],
        "c": [("a", 1)],
        "d": [("d", 1)],
    }
    assert dijkstra(graph, "a", "c") == (2, ["a", "b", "c"])
    assert dijkstra(graph, "a", "d") is None


def test_cheapest_of_parallel_edges_counts() -> None:
    for weights in ([3, 1, 2], [1, 2, 3], [3, 2, 1]):
        graph: Graph = {"a": [("b", weight) for weight in weights], "b": [("c", 1)]}
        assert dijkstra(graph, "a", "c") == (2, ["a", "b", "c"])


def test_fractional_weights_add_up() -> None:
    graph: Graph = {"a": [("b", 0.5), ("c", 1)], "b": [("c", 0.25)], "c": [("d", 0.125)]}
    assert dijkstra(graph, "a", "d") == (0.875, ["a", "b", "c", "d"])


def test_fractions_decide_between_ways() -> None:
    graph: Graph = {"a": [("b", 1.25), ("c", 1.5)], "b": [("d", 1.5)], "c": [("d", 1.125)]}
    assert dijkstra(graph, "a", "d") == (2.625, ["a", "c", "d"])


@pytest.mark.parametrize("weight", [-1, -0.25])
def test_negative_weight_is_refused(weight: float) -> None:
    with pytest.raises(ValueError):
        dijkstra({"a": [("b", weight)], "b": []}, "a", "b")


def test_negative_weight_behind_the_destination_is_refused() -> None:
    # A search that stops at d with weight 1 would miss the way of weight -5.
    graph: Graph = {"a": [("d", 1), ("b", 5)], "b": [("d", -10)], "d": []}
    with pytest.raises(ValueError):
        dijkstra(graph, "a", "d")


def test_neighbours_may_be_any_collection() -> None:
    graph: Mapping[str, Iterable[tuple[str, float]]]
    graph = {"a": (("b", 1),), "b": {("c", 2)}, "c": {"d": 3}.items()}
    assert dijkstra(graph, "a", "d") == (6, ["a", "b", "c", "d"])


def test_graph_is_not_modified() -> None:
    graph = defaultdict(list, {"a": [("b", 1.0), ("c", 2.0)], "b": [("d", 1.0)]})
    dijkstra(graph, "a", "d")
    dijkstra(graph, "d", "a")
    assert dict(graph) == {"a": [("b", 1.0), ("c", 2.0)], "b": [("d", 1.0)]}


def brute_force(graph: Graph, src: str, dst: str) -> float | None:
    """Relax all edges until nothing changes any more."""
    best = {src: 0.0}
    changed = True
    while changed:
        changed = False
        for node, neighbours in graph.items():
            for neighbour, weight in neighbours:
                if node in best and best[node] + weight < best.get(neighbour, float("inf")):
                    best[neighbour] = best[node] + weight
                    changed = True
    return best.get(dst)


@pytest.mark.parametrize("seed", range(8))
def test_random_graphs_match_relaxing_all_edges(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(60):
        names = list("abcdefghij")[: rng.randrange(1, 11)]
        weights: Sequence[float] = rng.choice(([0, 1, 2], [1], [0.25, 0.5, 8], range(50)))
        graph: Graph = {
            node: [(rng.choice(names), rng.choice(weights)) for _ in range(rng.randrange(5))]
            for node in rng.sample(names, rng.randrange(1, len(names) + 1))
        }
        known = sorted({*graph, *(each for out in graph.values() for each, _ in out)})
        for _ in range(5):
            src, dst = rng.choice(known), rng.choice(known)
            check(graph, src, dst, brute_force(graph, src, dst))


class Weight(float):
    """A weight that counts how often any weight is added to a distance."""

    added = 0
    allowed = 0
    deadline = 0.0

    def __add__(self, other: float) -> float:
        Weight.added += 1
        assert Weight.added <= Weight.allowed, "edges are followed again and again"
        assert process_time() < Weight.deadline, "far too slow"
        return float(self) + other

    __radd__ = __add__


def watched(graph: Graph) -> Graph:
    Weight.added = 0
    Weight.allowed = 10 * sum(map(len, graph.values()))
    Weight.deadline = process_time() + CPU_SECONDS
    return {node: [(each, Weight(weight)) for each, weight in graph[node]] for node in graph}


def test_stale_heap_entries_do_not_repeat_the_work() -> None:
    # Each node of the chain finds a slightly cheaper way to the hub than the one before it.
    n = 1500
    graph: Graph = {f"c{i}": [(f"c{i + 1}", 1), ("hub", 3 * n - 2 * i)] for i in range(n)}
    graph[f"c{n}"] = [("end", 10 * n)]
    graph["hub"] = [(f"leaf{i}", 5 * n) for i in range(n)]
    answer = dijkstra(watched(graph), "c0", "end")
    assert answer == (11 * n, [*(f"c{i}" for i in range(n + 1)), "end"])


def test_number_of_paths_does_not_matter() -> None:
    layers, width = 60, 20  # twenty to the sixtieth ways through
    graph: Graph = {
        f"{layer}.{i}": [(f"{layer + 1}.{j}", 1 + (j != i)) for j in range(width)]
        for layer in range(layers)
        for i in range(width)
    }
    answer = dijkstra(watched(graph), "0.7", f"{layers}.7")
    assert answer == (layers, [f"{layer}.7" for layer in range(layers + 1)])


def test_long_chain_with_a_wide_frontier_is_handled() -> None:
    n = 40_000
    graph: Graph = {str(i): [(str(i + 1), 1), (f"leaf{i}", n)] for i in range(n)}
    answer = dijkstra(watched(graph), "0", str(n))
    assert answer == (n, [str(i) for i in range(n + 1)])
