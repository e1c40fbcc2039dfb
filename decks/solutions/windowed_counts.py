"""Event-time counts per key in tumbling windows, each final once the watermark has passed it.

Invariant: `windows` and the heap `open_` hold the same window numbers, and after every event all of
them end after the watermark. The watermark never falls, so whatever was emitted is final and comes
in order of time; an event for a window that has ended is dropped, whether or not it had events.

Time: amortised O(1) per event, plus ordering the windows and the keys of each. Space: O(keys in
open windows).
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from heapq import heappop, heappush
from math import floor, inf


def windowed_counts(
    events: Iterable[tuple[float, str]], width: float, lateness: float = 0.0
) -> Iterator[tuple[float, str, int]]:
    """Yield (window start, key, count) for events (time, key) that are `lateness` late at most.

    A window holds the times from its start up to, but not including, its end. It is emitted by the
    first event `lateness` or more after its end, or when the stream is over.
    """
    if not width > 0 or not lateness >= 0:
        raise ValueError("width must be positive and lateness not negative")
    windows: dict[int, Counter[str]] = {}
    open_: list[int] = []
    watermark = -inf
    for at, key in events:
        watermark = max(watermark, at - lateness)
        number = floor(at / width)  # int() would round negative times up
        if (number + 1) * width > watermark:
            if number not in windows:
                windows[number] = Counter()
                heappush(open_, number)
            windows[number][key] += 1
        while open_ and (open_[0] + 1) * width <= watermark:
            yield from _closed(heappop(open_), windows, width)
    while open_:
        yield from _closed(heappop(open_), windows, width)


def _closed(number: int, windows: dict[int, Counter[str]], width: float) -> Iterator[tuple[float, str, int]]:
    for key, count in sorted(windows.pop(number).items()):
        yield number * width, key, count
