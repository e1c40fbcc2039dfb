"""Order of tasks by their dependencies, smallest ready task first.

Invariant: `waiting_for` counts, per task, the dependencies (repeated ones as often as given) on
tasks not yet in `order`, and `ready` holds exactly the tasks outside `order` that wait for none.
Taking the smallest of them each time makes the order the lexicographically smallest. Tasks on a
cycle wait for each other for ever, so they are never ready.

Time: O(E + V log V). Space: O(V + E). No recursion, so that a long chain does not overflow the
call stack.
"""

from collections.abc import Iterable
from heapq import heapify, heappop, heappush


class CycleError(ValueError):
    """The dependencies contain a cycle, so no order exists."""


def task_order(tasks: Iterable[str], deps: Iterable[tuple[str, str]]) -> list[str]:
    """Return the smallest order in which `before` precedes `after` for each (before, after).

    CycleError where there is none, KeyError for a dependency of an unknown task.
    """
    successors: dict[str, list[str]] = {task: [] for task in tasks}
    waiting_for = dict.fromkeys(successors, 0)
    for before, after in deps:
        successors[before].append(after)  # an unknown task is a KeyError, on either side
        waiting_for[after] += 1
    ready = [task for task, count in waiting_for.items() if count == 0]
    heapify(ready)
    order = []
    while ready:
        task = heappop(ready)
        order.append(task)
        for after in successors[task]:
            waiting_for[after] -= 1
            if waiting_for[after] == 0:
                heappush(ready, after)
    if len(order) < len(successors):
        raise CycleError(f"{len(successors) - len(order)} tasks are on a cycle or behind one")
    return order
