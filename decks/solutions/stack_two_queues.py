"""Stack from two queues: one holds the top element, the other everything below it.

Invariant: the upper queue holds at most one element; it, if there, followed by the lower queue from
front to back is the stack from top to bottom. A queue of one element can be looked at for free, by
taking the element out and putting it back.

Time: O(n) for `push`, which turns the lower queue round once; O(1) for `pop`, `top` and `empty`.
Space: O(n).
"""

from collections import deque
from typing import Any


class StackFromQueues:
    """Last in, first out, by append, popleft and len of deques only; top or pop of nothing: IndexError."""

    def __init__(self) -> None:
        self._upper: deque[Any] = deque()
        self._lower: deque[Any] = deque()

    def push(self, x: Any) -> None:
        if len(self._upper):
            self._lower.append(self._upper.popleft())
            for _ in range(len(self._lower) - 1):  # the newcomer at the back comes to the front
                self._lower.append(self._lower.popleft())
        self._upper.append(x)

    def pop(self) -> Any:
        self._expose_top()
        return self._upper.popleft()

    def top(self) -> Any:
        self._expose_top()
        element = self._upper.popleft()
        self._upper.append(element)
        return element

    def empty(self) -> bool:
        return len(self._upper) + len(self._lower) == 0

    def _expose_top(self) -> None:
        if self.empty():
            raise IndexError("the stack is empty")
        if not len(self._upper):
            self._upper.append(self._lower.popleft())
