"""Word search on a board, by backtracking.

Invariant: while `search(i, ...)` runs, `path` holds exactly the cells that spell word[:i], and on
return it is as it was before. The board itself is never written to, so it needs no repair.

Time: O(R * C * 3^L) for L letters, as no step goes straight back; a count of the letters settles
some hopeless words at once. Space: O(L) for the path and a recursion of that depth.
"""

from collections import Counter
from collections.abc import Sequence


def word_search(board: Sequence[Sequence[str]], word: str) -> bool:
    """Tell whether neighbouring cells, none of them used twice, spell the word."""
    supply = Counter(letter for row in board for letter in row)
    if Counter(word) - supply:  # some letter is needed more often than it is there
        return False
    path: set[tuple[int, int]] = set()

    def search(i: int, row: int, column: int) -> bool:
        """Tell whether word[i:] can be traced from this cell on, without the cells of the path."""
        if i == len(word):
            return True
        cell = (row, column)
        # Both limits matter: index -1 would be the opposite edge.
        if not (0 <= row < len(board) and 0 <= column < len(board[row])):
            return False
        if board[row][column] != word[i] or cell in path:
            return False
        path.add(cell)
        found = (
            search(i + 1, row - 1, column)
            or search(i + 1, row + 1, column)
            or search(i + 1, row, column - 1)
            or search(i + 1, row, column + 1)
        )
        path.remove(cell)
        return found

    return not word or any(search(0, row, column) for row, cells in enumerate(board) for column in range(len(cells)))
