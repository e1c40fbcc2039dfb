"""Trie: words share the path of their common prefix.

Invariant: a node stands for the letters on the path to it and knows whether a word ends there.
Every node but the root lies on the path to some word, so a path that exists is a live prefix.

Time: O(len(word)) for `insert`, `contains`, `starts_with` and `delete`, whatever the number of
words; `with_prefix` takes O(len(prefix)) plus the part of the subtree it lists. Space: O(letters
stored). A hash set answers `contains` as fast, but has to look at all words for a prefix.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice


class _Node:
    __slots__ = ("children", "ends_word")

    def __init__(self) -> None:
        self.children: dict[str, _Node] = {}
        self.ends_word = False


class Trie:
    def __init__(self) -> None:
        self._root = _Node()

    def insert(self, word: str) -> None:
        node = self._root
        for letter in word:
            node = node.children.setdefault(letter, _Node())
        node.ends_word = True

    def contains(self, word: str) -> bool:
        node = self._find(word)
        return node is not None and node.ends_word

    def starts_with(self, prefix: str) -> bool:
        """Tell whether any stored word starts with the prefix."""
        node = self._find(prefix)
        return node is not None and (node.ends_word or bool(node.children))  # an empty root is dead

    def with_prefix(self, prefix: str, limit: int | None = None) -> list[str]:
        """List the stored words that start with the prefix in order, at most `limit` of them."""
        node = self._find(prefix)
        return [] if node is None else list(islice(_words_below(node, prefix), limit))

    def delete(self, word: str) -> bool:
        """Remove the word and the nodes that only it needed; tell whether it was stored."""
        node = self._root
        branch, first = self._root, word[:1]  # where the part that only this word uses begins
        for i, letter in enumerate(word):
            if letter not in node.children:
                return False
            if node.ends_word or len(node.children) > 1:
                branch, first = node, word[i]
            node = node.children[letter]
        if not node.ends_word:
            return False
        node.ends_word = False
        if word and not node.children:
            del branch.children[first]
        return True

    def _find(self, path: str) -> _Node | None:
        node: _Node | None = self._root
        for letter in path:
            if node is None:
                return None
            node = node.children.get(letter)
        return node


def _words_below(node: _Node, path: str) -> Iterator[str]:
    stack = [(node, path)]  # a stack of our own, because words may be longer than the call stack
    while stack:
        node, path = stack.pop()
        if node.ends_word:
            yield path
        for letter in sorted(node.children, reverse=True):
            stack.append((node.children[letter], path + letter))
