"""Number of islands in a grid, by flooding each one as it is found.

Invariant: `seen` holds the land of all islands counted so far and, while one is being flooded, the
part of it that has been on the stack. A cell is marked when it is pushed, so none is pushed twice,
and the grid itself stays as it is.

Time: O(R * C). Space: O(R * C), on a stack of our own, so that a large island does not overflow
the call stack.
"""

from collections.abc import Sequence


def count_islands(grid: Sequence[str]) -> int:
    """Count the groups of '1' cells connected by their sides."""
    seen: set[tuple[int, int]] = set()
    islands = 0
    for row, cells in enumerate(grid):
        for column, cell in enumerate(cells):
            if cell == "1" and (row, column) not in seen:
                islands += 1
                _flood(grid, row, column, seen)
    return islands


def _flood(grid: Sequence[str], row: int, column: int, seen: set[tuple[int, int]]) -> None:
    seen.add((row, column))
    stack = [(row, column)]
    while stack:
        r, c = stack.pop()
        for near in ((r - 1, c), (r + 1, c), (r, c - 1), (r, c + 1)):
            if near not in seen and _is_land(grid, *near):
                seen.add(near)
                stack.append(near)


def _is_land(grid: Sequence[str], row: int, column: int) -> bool:
    # Both limits matter: index -1 would be the opposite edge.
    return 0 <= row < len(grid) and 0 <= column < len(grid[row]) and grid[row][column] == "1"
