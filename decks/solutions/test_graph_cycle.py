"""Behaviour of cycle detection in directed and undirected graphs."""

import random
from collections.abc import Callable

import pytest

# isort: split
from graph_cycle import has_cycle_directed, has_cycle_undirected

Edges = list[tuple[int, int]]
HasCycle = Callable[[int, Edges], bool]
both_kinds = pytest.mark.parametrize("has_cycle", [has_cycle_directed, has_cycle_undirected])


@both_kinds
@pytest.mark.parametrize("n", [0, 1, 5])
def test_graph_without_edges_has_no_cycle(has_cycle: HasCycle, n: int) -> None:
    assert has_cycle(n, []) is False


@both_kinds
def test_self_loop_is_a_cycle(has_cycle: HasCycle) -> None:
    assert has_cycle(1, [(0, 0)]) is True
    assert has_cycle(3, [(0, 1), (2, 2)]) is True


@both_kinds
def test_single_edge_is_no_cycle(has_cycle: HasCycle) -> None:
    assert has_cycle(2, [(0, 1)]) is False
    assert has_cycle(2, [(1, 0)]) is False


@both_kinds
def test_triangle_is_a_cycle(has_cycle: HasCycle) -> None:
    assert has_cycle(3, [(0, 1), (1, 2), (2, 0)]) is True


@both_kinds
def test_tree_has_no_cycle(has_cycle: HasCycle) -> None:
    assert has_cycle(7, [(0, 1), (0, 2), (1, 3), (1, 4), (2, 5), (2, 6)]) is False


@both_kinds
def test_cycle_in_the_last_of_several_components_is_found(has_cycle: HasCycle) -> None:
    acyclic = [(0, 1), (1, 2), (3, 4)]
    assert has_cycle(9, acyclic) is False
    assert has_cycle(9, [*acyclic, (6, 7), (7, 8), (8, 6)]) is True


@both_kinds
def test_cycle_behind_a_tail_is_found(has_cycle: HasCycle) -> None:
    assert has_cycle(6, [(0, 1), (1, 2), (2, 3), (3, 4), (4, 2), (4, 5)]) is True


@both_kinds
@pytest.mark.parametrize("edge", [(0, 3), (3, 0), (-1, 0), (0, -1), (5, 5)])
def test_node_out_of_range_is_refused(has_cycle: HasCycle, edge: tuple[int, int]) -> None:
    with pytest.raises(ValueError):
        has_cycle(3, [edge])
    with pytest.raises(ValueError):
        has_cycle(3, [(0, 1), edge])


@both_kinds
def test_edge_in_a_graph_of_no_nodes_is_refused(has_cycle: HasCycle) -> None:
    with pytest.raises(ValueError):
        has_cycle(0, [(0, 0)])


@both_kinds
def test_edges_are_not_modified(has_cycle: HasCycle) -> None:
    edges = [(2, 1), (1, 0), (2, 0)]
    has_cycle(3, edges)
    assert edges == [(2, 1), (1, 0), (2, 0)]


def test_directed_diamond_has_no_cycle_but_an_undirected_one_has() -> None:
    edges = [(0, 1), (0, 2), (1, 3), (2, 3)]
    assert has_cycle_directed(4, edges) is False
    assert has_cycle_undirected(4, edges) is True


def test_directed_edges_both_ways_are_a_cycle() -> None:
    assert has_cycle_directed(2, [(0, 1), (1, 0)]) is True


def test_directed_parallel_edges_are_no_cycle() -> None:
    assert has_cycle_directed(2, [(0, 1), (0, 1)]) is False


def test_directed_cycle_that_no_low_numbered_node_reaches() -> None:
    assert has_cycle_directed(4, [(3, 2), (2, 1), (1, 3), (1, 0)]) is True


@pytest.mark.parametrize("edges", [[(0, 1), (0, 1)], [(0, 1), (1, 0)]])
def test_undirected_parallel_edges_are_a_cycle(edges: Edges) -> None:
    assert has_cycle_undirected(2, edges) is True
    assert has_cycle_undirected(4, [(2, 3), *edges]) is True


def brute_directed(n: int, edges: Edges) -> bool:
    reach = [[(i, j) in edges for j in range(n)] for i in range(n)]
    for k in range(n):
        for i in range(n):
            for j in range(n):
                reach[i][j] = reach[i][j] or (reach[i][k] and reach[k][j])
    return any(reach[i][i] for i in range(n))


def brute_undirected(n: int, edges: Edges) -> bool:
    component = list(range(n))
    for one, other in edges:
        if component[one] == component[other]:
            return True
        old, new = component[one], component[other]
        component = [new if each == old else each for each in component]
    return False


@pytest.mark.parametrize("seed", range(4))
def test_random_graphs_match_brute_force(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(150):
        n = rng.randrange(1, 8)
        edges = [(rng.randrange(n), rng.randrange(n)) for _ in range(rng.randrange(n + 2))]
        if rng.random() < 0.5:  # without the self-loops that decide most random graphs
            edges = [(one, other) for one, other in edges if one != other]
        assert has_cycle_directed(n, edges) is brute_directed(n, edges)
        assert has_cycle_undirected(n, edges) is brute_undirected(n, edges)


@both_kinds
@pytest.mark.parametrize("backwards", [False, True])
def test_long_chain_is_handled(has_cycle: HasCycle, backwards: bool) -> None:
    n = 100_000
    edges = [(i, i + 1) for i in range(n - 1)]
    if backwards:
        edges.reverse()
    assert has_cycle(n, edges) is False
    assert has_cycle(n, [*edges, (n - 1, 0)]) is True


@both_kinds
@pytest.mark.parametrize("inwards", [False, True])
def test_large_star_is_handled(has_cycle: HasCycle, inwards: bool) -> None:
    n = 100_000
    edges = [(i, 0) if inwards else (0, i) for i in range(1, n)]
    assert has_cycle(n, edges) is False


def test_number_of_paths_does_not_matter() -> None:
    links = 60  # diamonds in a row: two to the sixtieth paths
    edges = []
    for i in range(0, 3 * links, 3):
        edges += [(i, i + 1), (i, i + 2), (i + 1, i + 3), (i + 2, i + 3)]
    assert has_cycle_directed(3 * links + 1, edges) is False
    assert has_cycle_directed(3 * links + 1, [*edges, (3 * links, 0)]) is True
