"""Queue from two stacks: newcomers pile up in one, the front of the queue is on top of the other.

Invariant: the outbox from its top down, followed by the inbox from its bottom up, is the queue from
front to back. Pouring the inbox over turns it round, so it is done only when the outbox is empty.

Time: amortised O(1) per operation, since an element is moved at most once; O(n) for the one
`dequeue` or `peek` that pours. Space: O(n).
"""

from typing import Any


class QueueFromStacks:
    """First in, first out, by append and pop of lists only; peek or dequeue of nothing: IndexError."""

    def __init__(self) -> None:
        self._inbox: list[Any] = []
        self._outbox: list[Any] = []

    def enqueue(self, x: Any) -> None:
        self._inbox.append(x)

    def dequeue(self) -> Any:
        self._expose_front()
        return self._outbox.pop()

    def peek(self) -> Any:
        self._expose_front()
        front = self._outbox.pop()
        self._outbox.append(front)
        return front

    def __len__(self) -> int:
        return len(self._inbox) + len(self._outbox)

    def _expose_front(self) -> None:
        if not len(self):
            raise IndexError("the queue is empty")
        if not self._outbox:
            while self._inbox:
                self._outbox.append(self._inbox.pop())
