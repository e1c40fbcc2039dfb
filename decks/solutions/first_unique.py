"""First non-repeating character of a stream: a count for each character and a queue of candidates.

Invariant: the queue holds every character seen exactly once, in the order they came, and its front
is one of them. Repeated ones behind the front may linger until they get there. A character enters
the queue once, at its first appearance, so it leaves at most once.

Time: amortised O(1) per character. Space: O(alphabet), however long the stream.
"""

from collections import Counter, deque


class FirstUnique:
    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._candidates: deque[str] = deque()

    def add(self, ch: str) -> str | None:
        """Read one character and return the first unique one of all read so far."""
        self._counts[ch] += 1
        if self._counts[ch] == 1:
            self._candidates.append(ch)
        while self._candidates and self._counts[self._candidates[0]] > 1:
            self._candidates.popleft()
        return self.current()

    def current(self) -> str | None:
        return self._candidates[0] if self._candidates else None
