"""Behaviour of counting the islands in a grid."""

import random
from collections.abc import Iterator, Sequence
from time import process_time
from typing import Any, ClassVar

import pytest

# isort: split
from islands import count_islands

CPU_SECONDS = 10.0  # some fifty times what a linear search needs


def test_separate_islands_count_separately() -> None:
    assert count_islands(["11000", "11000", "00100", "00011"]) == 3


@pytest.mark.parametrize("grid", [[], [""], ["", "", ""]])
def test_grid_without_cells_has_no_islands(grid: list[str]) -> None:
    assert count_islands(grid) == 0


@pytest.mark.parametrize("grid", [["0"], ["000", "000"]])
def test_water_has_no_islands(grid: list[str]) -> None:
    assert count_islands(grid) == 0


@pytest.mark.parametrize("grid", [["1"], ["11", "11"], ["111"], ["1", "1", "1"]])
def test_land_alone_is_one_island(grid: list[str]) -> None:
    assert count_islands(grid) == 1


def test_single_row() -> None:
    assert count_islands(["1101011"]) == 3


def test_single_column() -> None:
    assert count_islands(["1", "1", "0", "1", "0", "1", "1"]) == 3


def test_corners_do_not_connect() -> None:
    assert count_islands(["10", "01"]) == 2
    assert count_islands(["01", "10"]) == 2
    assert count_islands(["101", "010", "101"]) == 5


def test_opposite_edges_do_not_connect() -> None:
    assert count_islands(["101"]) == 2
    assert count_islands(["1", "0", "1"]) == 2
    assert count_islands(["001", "000", "100"]) == 2


@pytest.mark.parametrize(
    "grid",
    [
        ["111", "100", "111"],
        ["101", "101", "111"],
        ["111", "101", "101"],
        ["111", "001", "111"],
        ["11111", "10001", "10101", "10111", "10000"],
    ],
)
def test_island_may_bend_in_every_direction(grid: list[str]) -> None:
    assert count_islands(grid) == 1


def test_ring_and_the_island_inside_are_two() -> None:
    assert count_islands(["11111", "10001", "10101", "10001", "11111"]) == 2


def test_wide_and_tall_grids() -> None:
    assert count_islands(["10101", "10101"]) == 3
    assert count_islands(["11", "00", "11", "00", "11"]) == 3


def test_other_sequences_are_accepted() -> None:
    assert count_islands(("11", "00", "01")) == 2


def test_input_is_not_modified() -> None:
    grid = ["110", "010", "101"]
    assert count_islands(grid) == 3
    assert grid == ["110", "010", "101"]
    assert count_islands(grid) == 3


def brute_force(grid: Sequence[str]) -> int:
    """Give every land cell a number and let neighbours take the smaller one until all agree."""
    label = {(r, c): (r, c) for r, row in enumerate(grid) for c, cell in enumerate(row) if cell == "1"}
    changed = True
    while changed:
        changed = False
        for r, c in label:
            for near in ((r - 1, c), (r, c - 1), (r + 1, c), (r, c + 1)):
                if near in label and label[near] < label[r, c]:
                    label[r, c] = label[near]
                    changed = True
    return len(set(label.values()))


@pytest.mark.parametrize("seed", range(10))
def test_random_grids_match_spreading_labels(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(25):
        rows, columns, land = rng.randrange(1, 8), rng.randrange(1, 8), rng.choice([0.3, 0.5, 0.7])
        grid = ["".join("01"[rng.random() < land] for _ in range(columns)) for _ in range(rows)]
        assert count_islands(grid) == brute_force(grid)


class Row(str):
    """A row that counts how often its cells are read, and watches the time meanwhile."""

    used: ClassVar[int] = 0
    allowed: ClassVar[int] = 0
    deadline: ClassVar[float] = 0.0

    @classmethod
    def use(cls, cells: int) -> None:
        Row.used += cells
        assert Row.used <= Row.allowed, "far too many looks at the cells"
        if Row.used % 100 == 0:
            assert process_time() < Row.deadline, "far too much time between looks at the cells"

    def __iter__(self) -> Iterator[str]:
        return (self[i] for i in range(len(self)))

    def __getitem__(self, index: Any) -> str:
        cells = super().__getitem__(index)
        self.use(len(cells))
        return cells


def watched(grid: Sequence[str]) -> list[str]:
    Row.used, Row.allowed = 0, 30 * sum(map(len, grid))
    Row.deadline = process_time() + CPU_SECONDS
    return [Row(row) for row in grid]


SIDE = 300


def test_large_island_is_flooded_without_overflow() -> None:
    assert count_islands(watched(["1" * SIDE] * SIDE)) == 1


def test_long_winding_island_is_flooded_without_overflow() -> None:
    full, right, left = "1" * SIDE, "0" * (SIDE - 1) + "1", "1" + "0" * (SIDE - 1)
    assert count_islands(watched([full, right, full, left] * (SIDE // 4))) == 1


def test_many_small_islands_are_no_more_work_than_a_large_one() -> None:
    grid = ["10" * (SIDE // 2), "01" * (SIDE // 2)] * (SIDE // 2)
    assert count_islands(watched(grid)) == SIDE * SIDE // 2
