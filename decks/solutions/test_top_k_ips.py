"""Behaviour of the ranking of IP addresses in a log."""

import random
import weakref
from collections import Counter
from collections.abc import Iterator
from time import process_time

import pytest

# isort: split
from top_k_ips import top_k_ips

CPU_SECONDS = 10.0  # some fifty times what one pass with a hash map needs

LOG = [
    "10.0.0.1 GET /",
    "10.0.0.2 GET /login",
    "10.0.0.1 POST /login",
    "10.0.0.3 GET /",
    "10.0.0.1 GET /account",
    "10.0.0.3 GET /",
]


def test_most_frequent_addresses_come_first_with_their_counts() -> None:
    assert top_k_ips(LOG, 2) == [("10.0.0.1", 3), ("10.0.0.3", 2)]


def test_k_larger_than_the_number_of_addresses_lists_all() -> None:
    expected = [("10.0.0.1", 3), ("10.0.0.3", 2), ("10.0.0.2", 1)]
    assert top_k_ips(LOG, 3) == expected
    assert top_k_ips(LOG, 100) == expected


def test_k_of_zero_lists_nothing() -> None:
    assert top_k_ips(LOG, 0) == []


@pytest.mark.parametrize("lines", [LOG, []])
def test_negative_k_is_refused(lines: list[str]) -> None:
    with pytest.raises(ValueError):
        top_k_ips(lines, -1)


def test_empty_log_has_no_addresses() -> None:
    assert top_k_ips([], 3) == []


def test_equal_counts_are_ordered_by_address_as_text() -> None:
    lines = ["10.0.0.9 a", "10.0.0.10 b", "10.0.0.1 c", "9.0.0.1 d"]
    assert [ip for ip, _ in top_k_ips(lines, 4)] == [
        "10.0.0.1",
        "10.0.0.10",
        "10.0.0.9",
        "9.0.0.1",
    ]


@pytest.mark.parametrize("order", [(1, 2, 3, 4), (4, 3, 2, 1), (3, 1, 4, 2)])
def test_tie_at_the_cut_off_keeps_the_smaller_address(order: tuple[int, ...]) -> None:
    lines = [f"10.0.0.{last} GET /" for last in order] + ["10.0.0.5 GET /"] * 2
    assert top_k_ips(lines, 3) == [("10.0.0.5", 2), ("10.0.0.1", 1), ("10.0.0.2", 1)]


def test_counts_are_compared_as_numbers() -> None:
    lines = ["10.0.0.1 a"] * 9 + ["10.0.0.2 b"] * 10
    assert top_k_ips(lines, 1) == [("10.0.0.2", 10)]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "   ",
        "\n",
        "\t\t\n",
        "- GET /",
        "GET 10.0.0.1 /",
        "localhost GET /",
        "999.1.1.1 GET /",
        "10.0.0 GET /",
        "10.0.0.1.2 GET /",
        "10.0.0.x GET /",
        "1:2:3 GET /",
        "# 10.0.0.1",
    ],
)
def test_blank_or_malformed_line_is_skipped(line: str) -> None:
    assert top_k_ips([line], 5) == []
    assert top_k_ips([line, "10.0.0.1 GET /", line, line], 5) == [("10.0.0.1", 1)]


def test_surrounding_whitespace_makes_no_difference() -> None:
    lines = [
        "10.0.0.1 GET /",
        "  10.0.0.1 GET /",
        "10.0.0.1",
        "10.0.0.1\tGET /",
        "\t10.0.0.1  \r\n",
    ]
    assert top_k_ips(lines, 5) == [("10.0.0.1", 5)]


def test_only_the_first_field_counts() -> None:
    lines = ["10.0.0.1 forwarded for 10.0.0.2", "10.0.0.1 10.0.0.2 10.0.0.2"]
    assert top_k_ips(lines, 5) == [("10.0.0.1", 2)]


def test_both_versions_of_addresses_mix() -> None:
    lines = ["2001:db8::1 GET /", "10.0.0.1 GET /", "2001:db8::1 GET /", "::1 GET /", "::1 GET /"]
    assert top_k_ips(lines, 5) == [("2001:db8::1", 2), ("::1", 2), ("10.0.0.1", 1)]


def test_input_may_be_a_generator_that_can_be_read_only_once() -> None:
    assert top_k_ips((line for line in LOG), 1) == [("10.0.0.1", 3)]
    assert top_k_ips(iter(LOG), 1) == [("10.0.0.1", 3)]


def test_input_list_is_not_modified() -> None:
    lines = list(LOG)
    top_k_ips(lines, 2)
    assert lines == LOG


@pytest.mark.parametrize("seed", range(20))
def test_random_logs_match_sorting_all_counts(seed: int) -> None:
    rng = random.Random(seed)
    pool = [f"10.0.{rng.randrange(3)}.{rng.randrange(20)}" for _ in range(25)]
    pool += ["::1", "2001:db8::2", "nobody", ""]
    fields = [rng.choice(pool) for _ in range(rng.randrange(150))]
    counts = Counter(field for field in fields if field not in ("nobody", ""))
    ranking = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    for k in (0, 1, 2, 5, 10, 100):
        assert top_k_ips([f"{field} GET /" for field in fields], k) == ranking[:k]


class Line(str):
    """A string that can be watched for being kept."""


def test_lines_are_read_lazily_and_not_retained() -> None:
    total = 5000
    alive: weakref.WeakSet[Line] = weakref.WeakSet()
    most = 0

    def log() -> Iterator[str]:
        nonlocal most
        for number in range(total):
            line = Line(f"10.0.0.{number % 7} GET /{number}")
            alive.add(line)
            most = max(most, len(alive))
            yield line

    assert top_k_ips(log(), 1) == [("10.0.0.0", 715)]
    assert most < total / 2, "the whole log is held in memory"


def test_many_distinct_addresses_take_one_look_up_per_line() -> None:
    distinct = 40_000
    began = process_time()

    def log() -> Iterator[str]:
        for number in range(2 * distinct):
            if number % 100 == 0:
                assert process_time() - began < CPU_SECONDS, f"only {number} lines read"
            last = number % distinct
            yield f"10.{last >> 16}.{last >> 8 & 255}.{last & 255} GET /"

    assert top_k_ips(log(), 2) == [("10.0.0.0", 2), ("10.0.0.1", 2)]
