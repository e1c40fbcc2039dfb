"""Merge sorted streams of several services into one, lazily and without duplicates.

Invariant: the merge buffers one item of every stream that has not ended, so the smallest of all
that is still to come is among them. It compares (key, stream index) and never the items: ties come
out in stream order. Duplicates have equal keys and so come out in one run, which is why only the
identities of the current key are remembered.

Time: O(log k) per item of k streams. Space: O(k) buffered items, plus the identities of one key.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar

T = TypeVar("T")


def _itself(item: Any) -> Any:
    return item


def merge_streams(
    *streams: Iterable[T],
    key: Callable[[T], Any] = _itself,
    dedupe: Callable[[T], Hashable] | None = None,
) -> Iterator[T]:
    """Yield all items in key order; raise ValueError at a stream that is not sorted by key.

    Of the items with the same key and the same `dedupe(item)`, only the first is yielded.
    """
    ranked = (_ranked(index, stream, key) for index, stream in enumerate(streams))
    for _, run in groupby(merge(*ranked), key=itemgetter(0)):
        seen: set[Hashable] = set()
        for _, _, item in run:
            if dedupe is not None:
                identity = dedupe(item)
                if identity in seen:
                    continue
                seen.add(identity)
            yield item


def _ranked(index: int, stream: Iterable[T], key: Callable[[T], Any]) -> Iterator[tuple[Any, int, T]]:
    """Attach to each item what decides its place, and see to it that the places ascend."""
    before: list[Any] = []  # a list, because any value might be somebody's key
    for item in stream:
        rank = key(item)
        if before and rank < before[0]:
            raise ValueError(f"stream {index} is out of order")
        before = [rank]
        yield rank, index, item
