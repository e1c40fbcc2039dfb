"""Tic-tac-toe on an n x n board that never looks at a line to find a winner.

Invariant: each of the 2n + 2 lines has a balance, the first player's marks minus the second's. A
line can hold n marks at most, so its balance is n or -n exactly when one player owns all of it.

Time: O(1) per move. Space: O(n) for the balances, plus the set of taken cells.
"""


class TicTacToe:
    """Player 1 starts on an n x n board; whoever fills a line of n wins."""

    def __init__(self, n: int) -> None:
        if n < 1:
            raise ValueError("the board needs at least one cell")
        self._n = n
        self._rows = [0] * n
        self._columns = [0] * n
        self._diagonal = 0
        self._antidiagonal = 0
        self._taken: set[tuple[int, int]] = set()
        self._turn = 1
        self._over = False

    def move(self, row: int, col: int, player: int) -> int:
        """Mark a cell; return 0 while the game is open, the winner, or 3 for a draw.

        ValueError out of turn, for a taken cell and after the end; IndexError off the board.
        """
        n = self._n
        if self._over:
            raise ValueError("the game is over")
        if player != self._turn:
            raise ValueError(f"it is the turn of player {self._turn}")
        if not (0 <= row < n and 0 <= col < n):
            raise IndexError("no such cell")
        if (row, col) in self._taken:
            raise ValueError("the cell is taken")

        self._taken.add((row, col))
        mark = 1 if player == 1 else -1
        self._rows[row] += mark
        self._columns[col] += mark
        if row == col:
            self._diagonal += mark
        if row + col == n - 1:
            self._antidiagonal += mark
        self._turn = 3 - player

        lines = (self._rows[row], self._columns[col], self._diagonal, self._antidiagonal)
        won = mark * n in lines
        self._over = won or len(self._taken) == n * n
        if won:  # asked first, because the last free cell may complete a line
            return player
        return 3 if self._over else 0
