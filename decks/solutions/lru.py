"""LRU cache: a hash map finds a node, a doubly linked list orders the nodes.

Invariant: walking `older` from the sentinel visits exactly the nodes of the map, from the most to
the least recently used, and ends at the sentinel again; `newer` is the same ring backwards. The
sentinel never leaves the ring, so linking and unlinking have no special case for either end.

Time: O(1) for `get` and `put`, O(n) for `keys_by_recency`. Space: O(capacity).
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any


class _Node:
    __slots__ = ("key", "value", "newer", "older")

    def __init__(self, key: Hashable = None, value: Any = None) -> None:
        self.key = key
        self.value = value
        self.newer = self
        self.older = self


class LRUCache:
    """Holds `capacity` entries at the most; fewer than 1 is a ValueError."""

    def __init__(self, capacity: int) -> None:
        if capacity < 1:
            raise ValueError("capacity must be at least 1")
        self._capacity = capacity
        self._nodes: dict[Hashable, _Node] = {}
        self._sentinel = _Node()

    def get(self, key: Hashable, default: Any = None) -> Any:
        """Return the value, which counts as a use, or the default for a missing key."""
        node = self._nodes.get(key)
        if node is None:
            return default
        self._unlink(node)
        self._link_as_newest(node)
        return node.value

    def put(self, key: Hashable, value: Any) -> None:
        """Store the value, which counts as a use; a new key at capacity evicts the least recently used."""
        node = self._nodes.get(key)
        if node is not None:
            node.value = value
            self._unlink(node)
        else:
            if len(self._nodes) == self._capacity:
                oldest = self._sentinel.newer
                self._unlink(oldest)
                del self._nodes[oldest.key]  # why a node has to know its own key
            node = self._nodes[key] = _Node(key, value)
        self._link_as_newest(node)

    def __len__(self) -> int:
        return len(self._nodes)

    def keys_by_recency(self) -> list:
        """List the keys, most recently used first, without counting as a use."""
        keys = []
        node = self._sentinel.older
        while node is not self._sentinel:
            keys.append(node.key)
            node = node.older
        return keys

    def _unlink(self, node: _Node) -> None:
        node.newer.older = node.older
        node.older.newer = node.newer

    def _link_as_newest(self, node: _Node) -> None:
        node.newer = self._sentinel
        node.older = self._sentinel.older
        node.older.newer = node
        self._sentinel.older = node
