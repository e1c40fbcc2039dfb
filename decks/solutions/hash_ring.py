"""Consistent-hash ring: a node joins or leaves, and only its own share of the keys moves.

Invariant: the ring holds `vnodes` tokens of every member, sorted, and a key belongs to the node of
the first token at or after the key's hash, the first of all following the last. Tokens depend on
nothing but the node's name, so every process that knows the members places all keys alike.

Time with N nodes of V tokens: O(log NV) for `node_for`; `nodes_for` walks on from there, a few
tokens for each further node; O(NV + V log V) for a change of membership. Space: O(NV).
"""

from bisect import bisect_left
from collections.abc import Iterable
from hashlib import blake2b


class HashRing:
    def __init__(self, nodes: Iterable[str] = (), vnodes: int = 100) -> None:
        if vnodes < 1:
            raise ValueError("vnodes must be at least 1")
        self._vnodes = vnodes
        self._nodes: set[str] = set()
        self._ring: list[tuple[int, str]] = []
        for node in nodes:
            self.add(node)

    def add(self, node: str) -> None:
        """Add the node, unless it is a member already."""
        if node in self._nodes:
            return
        self._nodes.add(node)
        self._ring.extend((_hash(f"{node}#{i}"), node) for i in range(self._vnodes))
        self._ring.sort()  # a merge more than a sort, as all but the new tokens are in order

    def remove(self, node: str) -> None:
        self._nodes.remove(node)
        self._ring = [entry for entry in self._ring if entry[1] != node]

    def node_for(self, key: str) -> str:
        """Return the node that the key belongs to, in every process the same; LookupError without nodes."""
        return self._ring[self._position(key)][1]

    def nodes_for(self, key: str, n: int) -> list[str]:
        """Return n different nodes, or all there are, beginning with the one for the key."""
        position = self._position(key)
        wanted = min(n, len(self._nodes))
        found: dict[str, None] = {}  # a set in order of insertion
        while len(found) < wanted:
            found[self._ring[position][1]] = None  # neighbouring tokens may be the same node's
            position = (position + 1) % len(self._ring)
        return list(found)

    def _position(self, key: str) -> int:
        if not self._ring:
            raise LookupError("the ring has no nodes")
        return bisect_left(self._ring, (_hash(key), "")) % len(self._ring)


def _hash(text: str) -> int:
    # Not the built-in hash(), which is salted afresh in each process.
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
