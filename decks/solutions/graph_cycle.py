"""Cycle detection, in a directed graph by peeling and in an undirected one by joining.

Invariant, directed: `ready` holds the nodes not yet removed to which no edge of the rest leads.
Nodes on a cycle wait for each other for ever, so a cycle exists exactly if some node is never
removed. Invariant, undirected: two nodes have the same root exactly if the edges so far connect
them, so an edge within one component closes a cycle, be it a self-loop or a second parallel edge.

Time: O(V + E) directed, O(V + E) times the inverse Ackermann function undirected. Space: O(V + E).
Neither recurses, so that a long chain does not overflow the call stack.
"""


def has_cycle_directed(n: int, edges: list[tuple[int, int]]) -> bool:
    """Tell whether edges (from, to) among the nodes 0 to n - 1 form a cycle; ValueError for other nodes."""
    _check(n, edges)
    successors: list[list[int]] = [[] for _ in range(n)]
    waiting_for = [0] * n
    for source, target in edges:
        successors[source].append(target)
        waiting_for[target] += 1
    ready = [node for node in range(n) if waiting_for[node] == 0]
    removed = 0
    while ready:
        node = ready.pop()
        removed += 1
        for target in successors[node]:
            waiting_for[target] -= 1
            if waiting_for[target] == 0:
                ready.append(target)
    return removed < n


def has_cycle_undirected(n: int, edges: list[tuple[int, int]]) -> bool:
    """Tell the same of edges without direction; the same edge twice is a cycle."""
    _check(n, edges)
    parent = list(range(n))
    size = [1] * n

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]  # halve the path for whoever comes next
            node = parent[node]
        return node

    for one, other in edges:
        small, large = root(one), root(other)
        if small == large:
            return True
        if size[small] > size[large]:
            small, large = large, small
        parent[small] = large
        size[large] += size[small]
    return False


def _check(n: int, edges: list[tuple[int, int]]) -> None:
    for edge in edges:
        for node in edge:
            if not 0 <= node < n:
                raise ValueError(f"node {node} is not in range({n})")
