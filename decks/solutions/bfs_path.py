"""Shortest path in an unweighted graph, by breadth-first search.

Invariant: nodes enter the queue in order of their distance from the source, and `came_from` is set
once, at the first and therefore shortest way to a node. Among equally short ways the one through
the neighbour listed first is queued first, so the answer does not depend on chance.

Time: O(V + E). Space: O(V).
"""

from collections import deque
from collections.abc import Iterable, Mapping


def shortest_path(graph: Mapping[str, Iterable[str]], src: str, dst: str) -> list[str] | None:
    """Return the nodes from source to destination, or None if there is no way.

    Of the shortest ways it is the one by the first-listed neighbours. A node that is neither a key
    nor a neighbour is a KeyError.
    """
    nodes = set(graph).union(*graph.values())  # a node without a way out need not be a key
    for node in (src, dst):
        if node not in nodes:
            raise KeyError(node)
    came_from = {src: src}
    queue = deque([src])
    while queue and dst not in came_from:
        node = queue.popleft()
        for neighbour in graph.get(node, ()):
            if neighbour not in came_from:  # marked when queued, or it would be queued again
                came_from[neighbour] = node
                queue.append(neighbour)
    if dst not in came_from:
        return None
    path = [dst]
    while path[-1] != src:
        path.append(came_from[path[-1]])
    return path[::-1]
