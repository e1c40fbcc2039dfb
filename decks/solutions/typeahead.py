"""Type-ahead suggestions: a trie whose every node keeps its heaviest phrases at hand.

Invariant: the list at a node holds, in rank order, the best `_CACHED` phrases that start with the
node's prefix, or all of them if they are fewer. Weights only grow, so after a record the best of a
node are among those it listed before and the phrase just recorded; a weight that fell could make
room for a phrase the node never kept.

Time with c phrases cached: `record` O(len(phrase) * c); `suggest` O(len(prefix) + k) for k up to c,
and a search of the subtree beyond. Space: O(letters stored * c).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from heapq import nsmallest

_CACHED = 10


class _Node:
    __slots__ = ("best", "children", "phrase")

    def __init__(self) -> None:
        self.children: dict[str, _Node] = {}
        self.best: list[str] = []
        self.phrase: str | None = None  # the phrase that ends here


class Typeahead:
    def __init__(self) -> None:
        self._root = _Node()
        self._weights: dict[str, int] = {}

    def record(self, phrase: str, weight: int = 1) -> None:
        """Add the weight to that of the phrase; spellings that differ in case are one phrase."""
        if weight < 0:
            raise ValueError("weight must not be negative")
        phrase = _normalised(phrase)
        self._weights[phrase] = self._weights.get(phrase, 0) + weight
        node = self._root
        self._rank(phrase, node)
        for letter in phrase:
            node = node.children.setdefault(letter, _Node())
            self._rank(phrase, node)
        node.phrase = phrase

    def suggest(self, prefix: str, k: int = 5) -> list[str]:
        """Return the k heaviest phrases with this prefix, equally heavy ones by alphabet."""
        if k < 0:
            raise ValueError("k must not be negative")
        node = self._root
        for letter in _normalised(prefix):
            if letter not in node.children:
                return []
            node = node.children[letter]
        if k <= _CACHED or len(node.best) < _CACHED:
            return node.best[:k]
        return nsmallest(k, _phrases_below(node), key=self._order)

    def _rank(self, phrase: str, node: _Node) -> None:
        if phrase not in node.best:
            node.best.append(phrase)
        node.best.sort(key=self._order)
        del node.best[_CACHED:]

    def _order(self, phrase: str) -> tuple[int, str]:
        return -self._weights[phrase], phrase


def _normalised(text: str) -> str:
    return unicodedata.normalize("NFC", text.casefold())


def _phrases_below(node: _Node) -> Iterator[str]:
    stack = [node]  # a stack of our own, because phrases may be longer than the call stack
    while stack:
        node = stack.pop()
        if node.phrase is not None:
            yield node.phrase
        stack.extend(node.children.values())
