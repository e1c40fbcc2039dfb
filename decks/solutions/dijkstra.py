"""Cheapest path in a graph with non-negative weights, by Dijkstra's algorithm.

Invariant: a node is settled when it is popped, and its distance is final then: every other way to
it leads through a node still in the heap, which is no nearer, and no edge makes a way shorter. An
entry whose node was settled by a cheaper one is stale and skipped, as heapq cannot lower a key.

Time: O((V + E) log V). Space: O(V + E).
"""

from collections.abc import Iterable, Mapping
from heapq import heappop, heappush
from math import inf


def dijkstra(graph: Mapping[str, Iterable[tuple[str, float]]], src: str, dst: str) -> tuple[float, list[str]] | None:
    """Return the least total weight with a path that has it, or None if there is no way.

    A negative weight anywhere is a ValueError, for the search may end before it meets that edge.
    A node that is neither a key nor a neighbour is a KeyError.
    """
    edges = {node: list(neighbours) for node, neighbours in graph.items()}
    nodes = set(edges)  # a node without a way out need not be a key
    for neighbours in edges.values():
        for neighbour, weight in neighbours:
            if not weight >= 0:  # so that NaN is refused too
                raise ValueError("weights must not be negative")
            nodes.add(neighbour)
    for node in (src, dst):
        if node not in nodes:
            raise KeyError(node)

    distance: dict[str, float] = {src: 0}
    came_from: dict[str, str] = {}
    settled: set[str] = set()
    heap: list[tuple[float, str]] = [(0, src)]
    while heap:
        so_far, node = heappop(heap)
        if node == dst:
            return so_far, _path(came_from, src, dst)
        if node in settled:
            continue
        settled.add(node)
        for neighbour, weight in edges.get(node, ()):
            if so_far + weight < distance.get(neighbour, inf):
                distance[neighbour] = so_far + weight
                came_from[neighbour] = node
                heappush(heap, (so_far + weight, neighbour))
    return None


def _path(came_from: Mapping[str, str], src: str, dst: str) -> list[str]:
    path = [dst]
    while path[-1] != src:
        path.append(came_from[path[-1]])
    return path[::-1]
