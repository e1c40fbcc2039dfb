"""Deduplicate an event stream: an id is silent for `ttl` seconds after it was last emitted.

Invariant: `emitted` maps the ids emitted within the last `ttl` seconds to the time of emission, in
the order of those times. So the expired ones are at its front, and each is removed once.

Time: amortised O(1) per event. Space: O(ids emitted within ttl).
"""

from collections import OrderedDict
from collections.abc import Hashable, Iterable, Iterator
from typing import Any


def dedupe(events: Iterable[tuple[float, Hashable, Any]], ttl: float) -> Iterator[tuple[float, Hashable, Any]]:
    """Yield the events (time, id, payload), sorted by time, that no recent one duplicates.

    The window is half-open: a repetition exactly `ttl` after an emission is emitted again, and one
    before that is dropped without prolonging the window.
    """
    emitted: OrderedDict[Hashable, float] = OrderedDict()
    for event in events:
        now, identity, _ = event
        while emitted and now - next(iter(emitted.values())) >= ttl:
            emitted.popitem(last=False)
        if identity not in emitted:
            emitted[identity] = now
            yield event
