"""Behaviour of the search for a shortest path in an unweighted graph."""

import random
from collections import defaultdict
from time import process_time

import pytest

# isort: split
from bfs_path import shortest_path

CPU_SECONDS = 10.0  # some fifty times what linear time needs


def test_neighbour_is_one_step_away() -> None:
    assert shortest_path({"a": ["b"], "b": []}, "a", "b") == ["a", "b"]


def test_source_that_is_the_destination_is_the_whole_path() -> None:
    graph = {"a": ["b", "a"], "b": ["a"]}
    assert shortest_path(graph, "a", "a") == ["a"]
    assert shortest_path({"a": []}, "a", "a") == ["a"]
    assert shortest_path({"a": ["z"]}, "z", "z") == ["z"]


def test_fewest_steps_win_over_the_first_listed_way() -> None:
    graph = {"a": ["b", "e"], "b": ["c"], "c": ["d"], "d": [], "e": ["d"]}
    assert shortest_path(graph, "a", "d") == ["a", "e", "d"]


def test_unreachable_destination_has_no_path() -> None:
    graph = {"a": ["b"], "b": [], "c": ["a"]}
    assert shortest_path(graph, "a", "c") is None
    assert shortest_path({"a": [], "b": []}, "a", "b") is None


def test_edges_lead_one_way_only() -> None:
    assert shortest_path({"a": ["b"], "b": []}, "b", "a") is None


@pytest.mark.parametrize(("src", "dst"), [("x", "a"), ("a", "x"), ("x", "x"), ("x", "y")])
def test_unknown_node_is_a_key_error(src: str, dst: str) -> None:
    with pytest.raises(KeyError):
        shortest_path({"a": ["b"], "b": []}, src, dst)
    with pytest.raises(KeyError):
        shortest_path({}, src, dst)


def test_node_that_is_only_listed_as_a_neighbour_is_in_the_graph() -> None:
    graph = {"a": ["b"], "c": ["d"]}
    assert shortest_path(graph, "a", "b") == ["a", "b"]
    assert shortest_path(graph, "b", "a") is None
    assert shortest_path(graph, "a", "d") is None
    assert shortest_path(graph, "d", "b") is None


def test_cycles_and_self_loops_end() -> None:
    graph = {"a": ["a", "b"], "b": ["a", "b", "c"], "c": ["a"], "d": ["d"]}
    assert shortest_path(graph, "a", "c") == ["a", "b", "c"]
    assert shortest_path(graph, "a", "d") is None


def test_neighbour_listed_first_wins_a_tie() -> None:
    assert shortest_path({"a": ["b", "c"], "b": ["d"], "c": ["d"]}, "a", "d") == ["a", "b", "d"]
    assert shortest_path({"a": ["c", "b"], "b": ["d"], "c": ["d"]}, "a", "d") == ["a", "c", "d"]
    graph = {"a": ["c", "b"], "b": ["x"], "c": ["y"], "x": ["z"], "y": ["z"]}
    assert shortest_path(graph, "a", "z") == ["a", "c", "y", "z"]


def test_neighbours_may_be_any_collection() -> None:
    graph = {"a": ("b",), "b": {"c"}, "c": {"d": 1}, "d": "e"}
    assert shortest_path(graph, "a", "e") == ["a", "b", "c", "d", "e"]


def test_repeated_neighbours_make_no_difference() -> None:
    assert shortest_path({"a": ["b", "b"], "b": ["c", "c"]}, "a", "c") == ["a", "b", "c"]


def test_graph_is_not_modified() -> None:
    graph = defaultdict(list, {"a": ["b", "c"], "b": ["d"]})
    shortest_path(graph, "a", "d")
    shortest_path(graph, "d", "a")
    assert dict(graph) == {"a": ["b", "c"], "b": ["d"]}


def brute_force(graph: dict[str, list[str]], src: str, dst: str) -> list[str] | None:
    """Try all walks of growing length, in the order of the lists."""

    def walk(path: list[str], steps: int) -> list[str] | None:
        if steps == 0:
            return path if path[-1] == dst else None
        found = (walk([*path, each], steps - 1) for each in graph.get(path[-1], ()))
        return next((path for path in found if path is not None), None)

    tries = (walk([src], steps) for steps in range(6))
    return next((path for path in tries if path is not None), None)


@pytest.mark.parametrize("seed", range(5))
def test_random_graphs_match_trying_all_walks(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(100):
        nodes = list("abcdef")
        graph = {
            node: [rng.choice(nodes) for _ in range(rng.randrange(4))]
            for node in rng.sample(nodes, rng.randrange(1, 7))
        }
        known = sorted(set(graph).union(*graph.values()))
        src, dst = rng.choice(known), rng.choice(known)
        assert shortest_path(graph, src, dst) == brute_force(graph, src, dst)


def test_long_chain_is_handled() -> None:
    n = 200_000
    graph = {str(i): [str(i + 1)] for i in range(n)}
    began = process_time()
    path = shortest_path(graph, "0", str(n))
    assert process_time() - began < CPU_SECONDS, "are whole paths copied at every step?"
    assert path == [str(i) for i in range(n + 1)]
    assert shortest_path(graph, str(n), "0") is None


def test_number_of_paths_does_not_matter() -> None:
    layers, width = 60, 20  # twenty to the sixtieth ways through
    graph = {
        f"{layer}.{i}": [f"{layer + 1}.{j}" for j in range(width)] for layer in range(layers) for i in range(width)
    }
    path = shortest_path(graph, "0.0", f"{layers}.7")
    assert path == [*(f"{layer}.0" for layer in range(layers)), f"{layers}.7"]


def test_wide_graph_is_handled() -> None:
    n = 100_000
    graph = {"hub": [str(i) for i in range(n)], str(n - 1): ["end"]}
    assert shortest_path(graph, "hub", "end") == ["hub", str(n - 1), "end"]
