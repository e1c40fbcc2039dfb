"""Behaviour of the ranking of failing endpoints in service logs."""

import random
from collections.abc import Iterator
from time import process_time

import pytest

# isort: split
from top_failing_endpoints import top_failing_endpoints

CPU_SECONDS = 10.0  # some twenty times what one pass with hash maps needs


def log(*requests: str) -> list[str]:
    """Turn 'METHOD path status' into full log lines."""
    return [f"2024-05-01T12:00:{i % 60:02d}Z {request} 12" for i, request in enumerate(requests)]


def test_empty_input_has_no_endpoints() -> None:
    assert top_failing_endpoints([], 3) == []


def test_endpoint_comes_with_its_failures_and_failure_rate() -> None:
    lines = log("GET /a 500", "GET /a 200", "GET /a 503", "GET /a 200")
    assert top_failing_endpoints(lines, 3) == [("GET /a", 2, 0.5)]


def test_most_failures_come_first() -> None:
    lines = log("GET /a 500", "GET /b 500", "GET /b 500", *["GET /b 200"] * 8)
    assert top_failing_endpoints(lines, 2) == [("GET /b", 2, 0.2), ("GET /a", 1, 1.0)]


def test_endpoint_without_failures_is_left_out() -> None:
    assert top_failing_endpoints(log("GET /a 200", "GET /b 302"), 5) == []


@pytest.mark.parametrize("status", [100, 200, 302, 400, 404, 429, 499])
def test_other_status_is_no_failure_but_a_request(status: int) -> None:
    lines = log("GET /a 500", f"GET /a {status}")
    assert top_failing_endpoints(lines, 5) == [("GET /a", 1, 0.5)]


@pytest.mark.parametrize("status", [500, 502, 504, 599])
def test_every_status_from_500_to_599_is_a_failure(status: int) -> None:
    assert top_failing_endpoints(log(f"GET /a {status}"), 5) == [("GET /a", 1, 1.0)]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "\n",
        "   ",
        "nonsense",
        "2024-05-01T12:00:00Z GET /a",
        "2024-05-01T12:00:00Z GET /a 500",
        "2024-05-01T12:00:00Z GET /a oops 12",
        "2024-05-01T12:00:00Z GET /a 500 12 more and more",
        "2024-05-01T12:00:00Z GET /a 5xx 12",
    ],
)
def test_malformed_line_is_skipped(line: str) -> None:
    assert top_failing_endpoints([line], 5) == []
    good = log("GET /a 500", "GET /b 500", "GET /b 500")
    expected = [("GET /b", 2, 1.0), ("GET /a", 1, 1.0)]
    assert top_failing_endpoints([line, *good, line], 5) == expected


def test_line_endings_and_extra_spaces_do_not_matter() -> None:
    lines = ["2024-05-01T12:00:00Z GET /a 500 12\n", "  2024-05-01T12:00:01Z  GET /a\t502 7\r\n"]
    assert top_failing_endpoints(lines, 5) == [("GET /a", 2, 1.0)]


def test_query_strings_do_not_split_an_endpoint() -> None:
    lines = log("GET /a 500", "GET /a 500", *(f"GET /pay?id={i} 500" for i in (1, 2, 3)))
    assert top_failing_endpoints(lines, 1) == [("GET /pay", 3, 1.0)]


def test_successes_under_another_query_string_count_into_the_rate() -> None:
    lines = log("GET /pay?id=1 500", "GET /pay?id=2 200", "GET /pay 200", "GET /pay? 200")
    assert top_failing_endpoints(lines, 1) == [("GET /pay", 1, 0.25)]


def test_trailing_slash_does_not_split_an_endpoint() -> None:
    lines = log("GET /a/ 500", "GET /a 500", "GET /a/?x=1 200", "GET /a?x=/b/ 200")
    assert top_failing_endpoints(lines, 5) == [("GET /a", 2, 0.5)]


def test_root_path_stays_a_slash() -> None:
    lines = log("GET / 500", "GET /?x=1 500")
    assert top_failing_endpoints(lines, 5) == [("GET /", 2, 1.0)]


def test_methods_of_one_path_are_distinct_endpoints() -> None:
    lines = log("GET /a 500", "POST /a 500", "POST /a 500", "GET /a 200")
    assert top_failing_endpoints(lines, 5) == [("POST /a", 2, 1.0), ("GET /a", 1, 0.5)]


def test_deeper_path_is_another_endpoint() -> None:
    lines = log("GET /a/b 500", "GET /a 500", "GET /a/b 500")
    assert top_failing_endpoints(lines, 5) == [("GET /a/b", 2, 1.0), ("GET /a", 1, 1.0)]


def test_min_requests_leaves_out_rarely_called_endpoints() -> None:
    lines = log("GET /once 500", "GET /a 500", "GET /a 200", "GET /a 200", "GET /b 500 ")
    assert top_failing_endpoints(lines, 5, min_requests=2) == [("GET /a", 1, 1 / 3)]
    assert top_failing_endpoints(lines, 5, 3) == [("GET /a", 1, 1 / 3)]
    assert top_failing_endpoints(lines, 5, 4) == []
    assert len(top_failing_endpoints(lines, 5)) == 3


def test_min_requests_counts_requests_and_not_failures() -> None:
    lines = log("GET /a 500", *["GET /a 200"] * 9)
    assert top_failing_endpoints(lines, 5, min_requests=10) == [("GET /a", 1, 0.1)]


def test_filtered_endpoints_do_not_take_up_places() -> None:
    lines = log("GET /x 500", "GET /x 500", "GET /a 500", "GET /a 200", "GET /a 200")
    assert top_failing_endpoints(lines, 1, min_requests=3) == [("GET /a", 1, 1 / 3)]


def test_tie_in_failures_goes_to_the_higher_rate() -> None:
    lines = log("GET /a 500", "GET /a 200", "GET /b 500", "GET /c 500", "GET /c 200", "GET /c 200")
    assert [row[0] for row in top_failing_endpoints(lines, 3)] == ["GET /b", "GET /a", "GET /c"]
    assert [row[0] for row in top_failing_endpoints(lines, 1)] == ["GET /b"]


@pytest.mark.parametrize("order", ["abcd", "dcba", "cadb"])
def test_tie_in_failures_and_rate_goes_by_name(order: str) -> None:
    lines = log(*(f"GET /{name} 500" for name in order))
    assert [row[0] for row in top_failing_endpoints(lines, 2)] == ["GET /a", "GET /b"]


def test_k_beyond_the_number_of_endpoints_lists_all() -> None:
    lines = log("GET /a 500", "GET /b 500")
    assert len(top_failing_endpoints(lines, 100)) == 2
    assert top_failing_endpoints(lines, 0) == []


def test_input_may_be_a_generator_that_can_be_read_only_once() -> None:
    lines = log("GET /a 500", "GET /b 200")
    assert top_failing_endpoints((line for line in lines), 5) == [("GET /a", 1, 1.0)]


@pytest.mark.parametrize("seed", range(10))
def test_random_logs_match_counting_per_endpoint(seed: int) -> None:
    rng = random.Random(seed)
    records = [
        (rng.choice(["GET", "POST"]), rng.choice(["/a", "/b", "/a/b", "/"]), rng.choice(statuses))
        for statuses in ([200, 404, 500], [200, 503])
        for _ in range(rng.randrange(40))
    ]
    lines = log(*(f"{m} {path}{rng.choice(['', '?x=1'])} {status}" for m, path, status in records))
    for k, least in [(1, 1), (3, 1), (10, 1), (10, 5), (2, 8)]:
        rows = []
        for name in {f"{method} {path}" for method, path, _ in records}:
            statuses = [s for method, path, s in records if f"{method} {path}" == name]
            failed = sum(500 <= status < 600 for status in statuses)
            if failed and len(statuses) >= least:
                rows.append((name, failed, failed / len(statuses)))
        rows.sort(key=lambda row: (-row[1], -row[2], row[0]))
        assert top_failing_endpoints(lines, k, least) == rows[:k]


def test_many_endpoints_take_one_look_up_per_line() -> None:
    distinct = 40_000
    began = process_time()

    def lines() -> Iterator[str]:
        for number in range(2 * distinct):
            if number % 100 == 0:
                assert process_time() - began < CPU_SECONDS, f"only {number} lines read"
            yield f"{number} GET /item/{number % distinct:05d} {500 if number % 2 else 200} 3"

    expected = [("GET /item/00001", 2, 1.0), ("GET /item/00003", 2, 1.0)]
    assert top_failing_endpoints(lines(), 2) == expected
