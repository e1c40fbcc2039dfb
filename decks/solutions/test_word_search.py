"""Behaviour of the search for a word on a board of letters."""

import random
from collections.abc import Sequence
from typing import ClassVar

import pytest

# isort: split
from word_search import word_search

BOARD = ["tides", "oxane", "wrlag"]


@pytest.mark.parametrize("word", ["tide", "tow", "sega", "edit", "sena", "sedan", "lane", "x"])
def test_word_along_neighbouring_cells_is_found(word: str) -> None:
    assert word_search(BOARD, word) is True


@pytest.mark.parametrize("word", ["side", "gale", "alga", "dale", "axra"])
def test_word_of_letters_that_are_there_but_apart_is_not_found(word: str) -> None:
    assert word_search(BOARD, word) is False


def test_straight_words_in_all_four_directions_are_found() -> None:
    board = ["abc", "def", "ghi"]
    for word in ("abc", "cba", "adg", "gda", "beh", "heb", "def", "fed"):
        assert word_search(board, word) is True


def test_word_may_turn() -> None:
    board = ["abc", "def", "ghi"]
    assert word_search(board, "abedghifc") is True
    assert word_search(board, "efih") is True
    assert word_search(board, "hide") is False


def test_word_may_start_in_any_cell() -> None:
    board = ["abc", "def", "ghi"]
    for letter in "abcdefghi":
        assert word_search(board, letter) is True


def test_letter_that_is_not_there_fails() -> None:
    assert word_search(["ab"], "c") is False
    assert word_search(["ab"], "abc") is False


@pytest.mark.parametrize("board", [[], [""], ["", ""], ["a"], ["ab", "cd"]])
def test_empty_word_is_always_found(board: list[str]) -> None:
    assert word_search(board, "") is True


@pytest.mark.parametrize("board", [[], [""], [[]], ["", ""]])
def test_board_without_cells_has_no_words(board: list[str]) -> None:
    assert word_search(board, "a") is False


def test_single_cell() -> None:
    assert word_search(["a"], "a") is True
    assert word_search(["a"], "b") is False
    assert word_search(["a"], "aa") is False


def test_word_longer_than_the_board_fails() -> None:
    assert word_search(["aa", "aa"], "aaaa") is True
    assert word_search(["aa", "aa"], "aaaaa") is False


def test_path_does_not_use_a_cell_twice() -> None:
    assert word_search(["ab"], "aba") is False
    assert word_search(["abc", "xyz"], "abcb") is False
    assert word_search(["ab", "dc"], "abcda") is False
    assert word_search(["abx", "xxa"], "aba") is False


def test_equal_letters_in_different_cells_may_both_be_used() -> None:
    assert word_search(["aba"], "aba") is True
    assert word_search(["noon"], "noon") is True


def test_corners_do_not_connect() -> None:
    assert word_search(["ax", "xb"], "ab") is False
    assert word_search(["xa", "bx"], "ab") is False


def test_opposite_edges_do_not_connect() -> None:
    assert word_search(["abc"], "ca") is False
    assert word_search(["abc"], "ac") is False
    assert word_search(["a", "b", "c"], "ca") is False
    assert word_search(["a", "b", "c"], "ac") is False


def test_dead_end_leaves_its_cells_free_for_other_paths() -> None:
    assert word_search(["aa", "bc"], "aabc") is True
    assert word_search(["cab", "xda", "xxb"], "abad") is True
    assert word_search(["abx", "bcd"], "abcd") is True
    assert word_search(["xbcx", "abxx", "xcdx"], "abcd") is True


def test_cells_of_a_dead_end_may_be_used_in_another_order() -> None:
    # Both ways round the square start alike, but only one of them ends next to the d.
    for board in (["abd", "bcx"], ["ab", "bc", "dx"], ["dba", "xcb"], ["dx", "bc", "ab"]):
        assert word_search(board, "abcbd") is True


def test_dead_end_is_left_for_another_neighbour() -> None:
    for board in (["bab", "xxc"], ["bab", "cxx"], ["xbx", "xab", "xxc"], ["xbc", "xax", "xbx"]):
        assert word_search(board, "abc") is True


def test_long_and_tall_boards() -> None:
    assert word_search(["abcdef"], "abcdef") is True
    assert word_search(["a", "b", "c", "d"], "dcba") is True
    assert word_search(["ab", "cd", "ef"], "bdfeca") is True


def test_case_matters() -> None:
    assert word_search(["aB"], "ab") is False
    assert word_search(["aB"], "Ba") is True
    assert word_search(["abB"], "aB") is False


@pytest.mark.parametrize("word", ["abcf", "fedcba", "abf", "ace", "aaa", "abcfe", "abcfa", ""])
def test_board_is_unchanged_afterwards(word: str) -> None:
    board = [["a", "b", "c"], ["d", "e", "f"]]
    assert word_search(board, word) is brute_force(board, word)
    assert board == [["a", "b", "c"], ["d", "e", "f"]]


def test_same_board_may_be_searched_again() -> None:
    board = [["a", "b"], ["c", "d"]]
    for _ in range(3):
        assert word_search(board, "abdc") is True
        assert word_search(board, "ad") is False


def test_rows_may_be_strings_lists_or_tuples() -> None:
    for board in (["ab", "cd"], [["a", "b"], ["c", "d"]], (("a", "b"), ("c", "d")), ("ab", "cd")):
        assert word_search(board, "acdb") is True
        assert word_search(board, "acb") is False


def brute_force(board: Sequence[Sequence[str]], word: str) -> bool:
    """Keep all paths that spell the beginning, and extend each by one letter at a time."""
    cells = {(r, c): letter for r, row in enumerate(board) for c, letter in enumerate(row)}
    paths: list[list[tuple[int, int]]] = [[]]
    for letter in word:
        paths = [
            [*path, cell]
            for path in paths
            for cell in cells
            if cells[cell] == letter
            and cell not in path
            and (not path or abs(cell[0] - path[-1][0]) + abs(cell[1] - path[-1][1]) == 1)
        ]
    return bool(paths)


def wander(board: Sequence[Sequence[str]], rng: random.Random) -> str:
    """Spell a path that never meets itself, until it is stuck or long enough."""
    free = {(r, c) for r, row in enumerate(board) for c, _ in enumerate(row)}
    choices = sorted(free)
    word = ""
    while choices and len(word) < 9:
        r, c = rng.choice(choices)
        word += board[r][c]
        free.remove((r, c))
        choices = sorted(free & {(r - 1, c), (r + 1, c), (r, c - 1), (r, c + 1)})
    return word


@pytest.mark.parametrize("seed", range(10))
def test_random_boards_match_following_all_paths(seed: int) -> None:
    rng = random.Random(seed)
    outcomes = set()
    for _ in range(60):
        letters = rng.choice(["ab", "abc", "abcd"])
        rows, columns = rng.randrange(1, 5), rng.randrange(1, 5)
        board = [[rng.choice(letters) for _ in range(columns)] for _ in range(rows)]
        word = "".join(rng.choice(letters) for _ in range(rng.randrange(1, 8)))
        if rng.random() < 0.5:
            word = wander(board, rng)
        kept = [list(row) for row in board]
        expected = brute_force(board, word)
        outcomes.add(expected)
        assert word_search(board, word) is expected
        assert board == kept
    assert outcomes == {True, False}


class Letter(str):
    """A letter that counts how often it is compared or hashed."""

    used: ClassVar[int] = 0
    allowed: ClassVar[int] = 0

    @classmethod
    def use(cls) -> None:
        Letter.used += 1
        assert Letter.used <= Letter.allowed, "far too many looks at the board"

    def __hash__(self) -> int:
        self.use()
        return super().__hash__()

    def __eq__(self, other: object) -> bool:
        self.use()
        return super().__eq__(other)

    def __ne__(self, other: object) -> bool:
        self.use()
        return super().__ne__(other)


def counted(board: Sequence[str], allowed: int) -> list[list[str]]:
    Letter.used, Letter.allowed = 0, allowed
    return [[Letter(letter) for letter in row] for row in board]


def test_missing_letter_is_noticed_before_the_search() -> None:
    board = counted(["aaaaaa"] * 6, allowed=20_000)
    assert word_search(board, "a" * 20 + "b") is False


def test_letter_needed_too_often_is_noticed_before_the_search() -> None:
    board = counted(["aaaaaa"] * 5 + ["aaaaab"], allowed=20_000)
    assert word_search(board, "a" * 20 + "bab") is False


def test_paths_that_misspell_the_word_are_not_followed() -> None:
    board = counted(["abcdefgh"] * 8, allowed=20_000)
    assert word_search(board, "abcdefgh") is True
    board = counted(["abcdefgh"] * 8, allowed=20_000)
    assert word_search(board, "acegbdfh") is False


def test_long_word_without_wrong_turns_is_followed_directly() -> None:
    row = "abcdefghijklmnopqrst"
    board = counted([row, row.upper()[::-1], row], allowed=20_000)
    assert word_search(board, row) is True
    board = counted(["".join(pair) for pair in zip(row, row.upper(), strict=True)], allowed=20_000)
    assert word_search(board, row + row.upper()[::-1]) is True
