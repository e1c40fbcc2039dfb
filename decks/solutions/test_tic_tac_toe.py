"""Behaviour of a tic-tac-toe engine, judged through its moves only."""

import random
from time import process_time

import pytest

# isort: split
from tic_tac_toe import TicTacToe

CPU_SECONDS = 10.0  # some thirty times what constant-time moves need
Cell = tuple[int, int]


def play(n: int, cells: list[Cell]) -> list[int]:
    """Play the cells in turn from player 1 on and return the answers."""
    game = TicTacToe(n)
    return [game.move(row, col, 1 + i % 2) for i, (row, col) in enumerate(cells)]


def test_first_move_wins_on_a_single_cell() -> None:
    assert play(1, [(0, 0)]) == [1]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param([(1, 0), (1, 1), (1, 2)], id="row"),
        pytest.param([(0, 2), (1, 2), (2, 2)], id="column"),
        pytest.param([(0, 0), (1, 1), (2, 2)], id="diagonal"),
        pytest.param([(0, 2), (1, 1), (2, 0)], id="antidiagonal"),
    ],
)
@pytest.mark.parametrize("winner", [1, 2])
def test_full_line_of_either_player_wins(line: list[Cell], winner: int) -> None:
    rest = [(row, col) for row in range(3) for col in range(3) if (row, col) not in line]
    if winner == 1:
        cells = [line[0], rest[0], line[1], rest[-1], line[2]]
    else:
        cells = [rest[0], line[0], rest[1], line[1], rest[-1], line[2]]
    assert play(3, cells) == [0] * (len(cells) - 1) + [winner]


@pytest.mark.parametrize("n", [2, 4, 6])
def test_antidiagonal_wins_on_an_even_board(n: int) -> None:
    cells: list[Cell] = []
    for row in range(n):
        cells += [(row, n - 1 - row), (row, n - 2 - row) if row < n - 1 else (n - 1, n - 1)]
    answers = play(n, cells[:-1])
    assert answers == [0] * (2 * n - 2) + [1]


def test_line_of_both_players_is_no_win() -> None:
    assert play(3, [(0, 0), (0, 1), (0, 2)]) == [0, 0, 0]


@pytest.mark.parametrize("n", [2, 3, 4])
def test_line_wins_with_its_last_cell_only(n: int) -> None:
    cells: list[Cell] = []
    for col in range(n):
        cells += [(0, col), (1, col)]
    assert play(n, cells[: 2 * n - 1]) == [0] * (2 * n - 2) + [1]


def test_full_board_without_a_line_is_a_draw() -> None:
    cells = [(0, 0), (1, 1), (2, 2), (0, 1), (2, 1), (2, 0), (0, 2), (1, 2), (1, 0)]
    assert play(3, cells) == [0] * 8 + [3]


def test_line_completed_on_the_last_free_cell_is_a_win() -> None:
    cells = [(0, 0), (0, 1), (1, 1), (0, 2), (2, 1), (1, 0), (1, 2), (2, 0), (2, 2)]
    assert play(3, cells) == [0] * 8 + [1]


def test_occupied_cell_is_refused() -> None:
    game = TicTacToe(3)
    game.move(1, 1, 1)
    with pytest.raises(ValueError):
        game.move(1, 1, 2)
    assert game.move(0, 0, 2) == 0
    with pytest.raises(ValueError):
        game.move(0, 0, 1)


@pytest.mark.parametrize("cell", [(-1, 0), (0, -1), (3, 0), (0, 3), (-3, -3), (99, 99)])
def test_cell_off_the_board_is_refused(cell: Cell) -> None:
    game = TicTacToe(3)
    with pytest.raises((IndexError, ValueError)):
        game.move(*cell, 1)
    assert game.move(0, 0, 1) == 0


def test_player_1_starts_and_players_take_turns() -> None:
    game = TicTacToe(3)
    with pytest.raises(ValueError):
        game.move(0, 0, 2)
    assert game.move(0, 0, 1) == 0
    with pytest.raises(ValueError):
        game.move(0, 1, 1)
    assert game.move(0, 1, 2) == 0


@pytest.mark.parametrize("player", [0, 3, -1])
def test_unknown_player_is_refused(player: int) -> None:
    game = TicTacToe(3)
    with pytest.raises(ValueError):
        game.move(0, 0, player)
    game.move(0, 0, 1)
    with pytest.raises(ValueError):
        game.move(0, 1, player)


@pytest.mark.parametrize("player", [1, 2])
def test_no_move_after_a_win(player: int) -> None:
    game = TicTacToe(3)
    for i, (row, col) in enumerate([(0, 0), (1, 0), (0, 1), (1, 1), (0, 2)]):
        game.move(row, col, 1 + i % 2)
    with pytest.raises(ValueError):
        game.move(2, 2, player)


def test_refused_move_counts_for_nothing() -> None:
    game = TicTacToe(3)
    game.move(0, 0, 1)
    for row, col, player in [(0, 1, 1), (0, 0, 2), (0, 2, 1), (-1, 0, 2), (3, 3, 2)]:
        with pytest.raises((IndexError, ValueError)):
            game.move(row, col, player)
    assert game.move(1, 0, 2) == 0
    assert game.move(0, 1, 1) == 0
    assert game.move(1, 1, 2) == 0
    assert game.move(0, 2, 1) == 1


def test_two_games_share_nothing() -> None:
    TicTacToe(2).move(0, 0, 1)
    assert TicTacToe(2).move(0, 0, 1) == 0


def scanned(board: dict[Cell, int], n: int) -> int:
    span = range(n)
    lines = [[(i, j) for j in span] for i in span] + [[(j, i) for j in span] for i in span]
    lines += [[(i, i) for i in span], [(i, n - 1 - i) for i in span]]
    for line in lines:
        owners = {board.get(cell) for cell in line}
        if len(owners) == 1 and None not in owners:
            return board[line[0]]
    return 3 if len(board) == n * n else 0


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_random_games_match_scanning_the_board(n: int) -> None:
    rng = random.Random(n)
    for _ in range(60):
        game, board = TicTacToe(n), dict[Cell, int]()
        cells = [(row, col) for row in range(n) for col in range(n)]
        rng.shuffle(cells)
        for i, cell in enumerate(cells):
            board[cell] = 1 + i % 2
            answer = game.move(*cell, board[cell])
            assert answer == scanned(board, n)
            if answer:
                break


def test_moves_on_a_large_board_stay_constant_time() -> None:
    n, pairs = 4000, 40
    game = TicTacToe(n)
    began = process_time()
    for pair in range(pairs):  # both players fill a row each, but for its last cell
        for col in range(n - 1):
            assert game.move(2 * pair, col, 1) == 0
            assert game.move(2 * pair + 1, col, 2) == 0
            if col % 50 == 0:
                assert process_time() - began < CPU_SECONDS, f"only {2 * pair} rows filled"
    assert game.move(0, n - 1, 1) == 1
