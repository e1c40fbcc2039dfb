"""Behaviour of a strict parser of HTTP/1.1 requests.

Left open are repeated fields other than Host and differing lengths, transfer codings on their own,
lines that end in a bare line feed, and the exact limits.
"""

import random
from time import process_time

import pytest

# isort: split
from http_parser import BadRequest, Incomplete, Request, parse_request

CPU_SECONDS = 10.0  # some thousand times what one pass over the bytes needs


def request(*fields: str, start: str = "GET / HTTP/1.1", body: bytes = b"") -> bytes:
    """Put a request together; a Host comes with it unless one is among the fields."""
    host = [] if any(field.lower().startswith("host") for field in fields) else ["Host: example"]
    return "\r\n".join([start, *host, *fields, "", ""]).encode("latin-1") + body


def refused(raw: bytes) -> bool:
    try:
        parse_request(raw)
    except BadRequest:
        return True
    return False


def test_request_without_a_body() -> None:
    parsed = parse_request(b"GET /path?q=1 HTTP/1.1\r\nHost: example.org\r\nAccept: */*\r\n\r\n")
    assert isinstance(parsed, Request)
    assert parsed.method == "GET"
    assert parsed.target == "/path?q=1"
    assert parsed.version == "HTTP/1.1"
    assert parsed.headers["Host"] == "example.org"
    assert parsed.headers["Accept"] == "*/*"
    assert parsed.body == b""


def test_request_with_a_body() -> None:
    parsed = parse_request(request("Content-Length: 11", start="POST /x HTTP/1.1", body=b"hello world"))
    assert parsed.method == "POST"
    assert parsed.body == b"hello world"
    assert isinstance(parsed.body, bytes)


@pytest.mark.parametrize("method", ["GET", "DELETE", "M-SEARCH", "get", "X!#1"])
def test_method_is_any_token(method: str) -> None:
    assert parse_request(request(start=f"{method} / HTTP/1.1")).method == method


@pytest.mark.parametrize("target", ["/", "/a/b?c=d&e=%20#f", "*", "http://example/x", "/:80"])
def test_target_is_taken_as_it_is(target: str) -> None:
    assert parse_request(request(start=f"GET {target} HTTP/1.1")).target == target


@pytest.mark.parametrize("sent", ["Content-Type", "content-type", "CONTENT-TYPE", "cOnTeNt-tYpE"])
@pytest.mark.parametrize("asked", ["Content-Type", "content-type", "CONTENT-TYPE"])
def test_header_names_are_case_insensitive(sent: str, asked: str) -> None:
    headers = parse_request(request(f"{sent}: text/plain")).headers
    assert headers[asked] == "text/plain"
    assert headers.get(asked) == "text/plain"
    assert asked in headers


def test_absent_header_is_absent() -> None:
    headers = parse_request(request()).headers
    assert "X-Absent" not in headers
    assert headers.get("X-Absent") is None
    with pytest.raises(KeyError):
        headers["X-Absent"]


def test_names_that_steer_the_parser_are_case_insensitive() -> None:
    parsed = parse_request(request("hOST: h", "cONTENT-lENGTH: 2", body=b"ab"))
    assert parsed.headers["host"] == "h"
    assert parsed.body == b"ab"
    assert refused(request("CONTENT-LENGTH: 1", "content-length: 2", body=b"ab"))
    assert refused(request("content-length: 1", "TRANSFER-ENCODING: chunked", body=b"a"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("X: http://a:80/b:c", "http://a:80/b:c"),
        ("X:: ", ":"),
        ("X:a", "a"),
        ("X:   a", "a"),
        ("X: a  \t", "a"),
        ("X:\ta b\tc", "a b\tc"),
        ("X:", ""),
        ("X:  ", ""),
        ('X: "quoted, text"; q=1', '"quoted, text"; q=1'),
    ],
)
def test_value_is_all_after_the_first_colon_without_outer_space(field: str, value: str) -> None:
    assert parse_request(request(field)).headers["X"] == value


def test_case_of_a_value_is_kept() -> None:
    assert parse_request(request("X: MiXed")).headers["x"] == "MiXed"


def test_host_may_carry_a_port() -> None:
    assert parse_request(request("Host: localhost:8080")).headers["host"] == "localhost:8080"


def test_missing_host_is_refused() -> None:
    assert refused(b"GET / HTTP/1.1\r\n\r\n")
    assert refused(b"GET / HTTP/1.1\r\nAccept: */*\r\nX-Host: a\r\n\r\n")


@pytest.mark.parametrize("second", ["Host: b", "host: b"])
def test_two_hosts_are_refused(second: str) -> None:
    assert refused(request("Host: a", second))


@pytest.mark.parametrize(
    "field",
    [
        "X : a",
        "X\t: a",
        "Host : a",
        "Content-Length : 0",
        " X: a",
        "X Y: a",
        "X",
        "no colon here",
        ": a",
        "X(1): a",
        'X"y": a',
        "X\x00: a",
        "Ünïcode: a",
    ],
)
def test_malformed_header_is_refused(field: str) -> None:
    assert refused(request("Host: a", field))
    assert refused(request("Host: a", field, "Y: b"))


def test_continuation_line_is_refused() -> None:
    assert refused(request("X: a", " b"))
    assert refused(request("X: a", "\tb: c"))


@pytest.mark.parametrize(
    "start",
    [
        "",
        "GET",
        "GET /",
        "GET  / HTTP/1.1",
        "GET /  HTTP/1.1",
        " GET / HTTP/1.1",
        "GET / HTTP/1.1 ",
        "GET / x HTTP/1.1",
        "GET\t/\tHTTP/1.1",
        "G(T / HTTP/1.1",
        "G\xc9T / HTTP/1.1",
        "GET / http/1.1",
        "GET / HTTP/11",
        "GET / HTTP/1.",
        "GET / HTTP/1.1x",
        "GET / FTP/1.1",
        "HTTP/1.1 200 OK",
    ],
)
def test_malformed_start_line_is_refused(start: str) -> None:
    assert refused(request(start=start))


def test_body_that_contains_blank_lines_survives_intact() -> None:
    body = b"first\r\n\r\nsecond\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\n\r\n"
    parsed = parse_request(request(f"Content-Length: {len(body)}", body=body))
    assert parsed.body == body


def test_body_may_be_any_bytes() -> None:
    body = bytes(range(256)) * 3
    parsed = parse_request(request(f"Content-Length: {len(body)}", body=body))
    assert parsed.body == body


@pytest.mark.parametrize("length", ["0", "00", "3", "003"])
def test_body_has_the_length_it_says(length: str) -> None:
    parsed = parse_request(request(f"Content-Length: {length}", body=b"abc"))
    assert parsed.body == b"abc"[: int(length)]


def test_bytes_after_the_body_are_not_part_of_it() -> None:
    following = request(start="GET /next HTTP/1.1")
    parsed = parse_request(request("Content-Length: 3", body=b"abc" + following))
    assert parsed.body == b"abc"
    assert parse_request(request() + following).body == b""


@pytest.mark.parametrize("body", [b"", b"a", b"ab"])
def test_body_shorter_than_its_length_is_incomplete(body: bytes) -> None:
    with pytest.raises(Incomplete):
        parse_request(request("Content-Length: 3", body=body))


@pytest.mark.parametrize("raw", [b"", b"G", b"GET / HTTP/1.1", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: a\r\n"])
def test_head_without_its_end_is_incomplete(raw: bytes) -> None:
    with pytest.raises(Incomplete):
        parse_request(raw)


def test_every_beginning_of_a_request_is_incomplete() -> None:
    body = b"a\r\n\r\nb"
    raw = request("X: y", f"Content-Length: {len(body)}", start="PUT /x HTTP/1.1", body=body)
    for size in range(len(raw)):
        with pytest.raises(Incomplete):
            parse_request(raw[:size])
    assert parse_request(raw).body == body


@pytest.mark.parametrize("other", ["4", "0", "33"])
def test_two_different_lengths_are_refused(other: str) -> None:
    assert refused(request("Content-Length: 3", f"Content-Length: {other}", body=b"abcdef"))
    assert refused(request(f"Content-Length: {other}", "X: y", "content-length: 3", body=b"abc"))
    assert refused(request(f"Content-Length: 3, {other}", body=b"abcdef"))


@pytest.mark.parametrize(
    "length",
    ["", "+3", "-3", "-0", "3.0", "1_0", "0x3", "3a", "a", "3 3", "3;", "1e1", "\xb2", "\xb3"],
)
def test_length_that_is_not_all_digits_is_refused(length: str) -> None:
    assert refused(request(f"Content-Length: {length}", body=b"a" * 20))


def test_absurd_length_does_not_crash() -> None:
    for digits in (20, 400, 5000):
        with pytest.raises((BadRequest, Incomplete)):
            parse_request(request(f"Content-Length: {'9' * digits}", body=b"abc"))


@pytest.mark.parametrize("coding", ["chunked", "Chunked", "gzip, chunked", "identity", "x"])
def test_length_together_with_a_transfer_coding_is_refused(coding: str) -> None:
    body = b"0\r\n\r\n"
    fields = [f"Content-Length: {len(body)}", f"Transfer-Encoding: {coding}"]
    assert refused(request(*fields, body=body))
    assert refused(request(*reversed(fields), body=body))


def test_head_of_usual_size_is_accepted() -> None:
    fields = [f"X-Field-{number}: {'v' * 40}" for number in range(40)]
    headers = parse_request(request(*fields)).headers
    assert all(headers[f"x-field-{number}"] == "v" * 40 for number in range(40))


@pytest.mark.parametrize("end", [b"\r\n\r\n", b""], ids=["ended", "endless"])
def test_oversized_head_is_refused(end: bytes) -> None:
    start = b"GET / HTTP/1.1\r\nHost: a\r\n"
    size = 1024 * 1024
    assert refused(start + b"X: " + b"a" * size + end)
    assert refused(start + b"\r\n".join([b"X: y"] * (size // 4)) + end)
    assert refused(b"GET /" + b"a" * size + end)
    assert refused(b"a" * size + end)


def test_large_body_does_not_count_as_head() -> None:
    body = b"\r\n" * 100_000
    parsed = parse_request(request(f"Content-Length: {len(body)}", body=body))
    assert parsed.body == body


def test_requests_share_nothing() -> None:
    first = parse_request(request("X: 1"))
    parse_request(request("Y: 2"))
    assert "y" not in first.headers


@pytest.mark.parametrize("seed", range(5))
def test_random_requests_are_read_back(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(60):
        names = rng.sample(["Accept", "X-A", "X-B", "Cookie", "Via"], rng.randrange(6))
        fields = {name: "".join(rng.choices("ab:;= ,\t/", k=8)).strip() for name in names}
        body = b"".join(rng.choices([b"\r\n", b"\r\n\r\n", b":", b"a", b"\x00\xff"], k=12))
        body = body[: rng.randrange(len(body) + 1)]
        fields |= {"Host": "h", "Content-Length": str(len(body))}
        lines = [
            rng.choice([name, name.lower(), name.upper()]) + rng.choice([":", ": "]) + value
            for name, value in rng.sample(sorted(fields.items()), len(fields))
        ]
        raw = request(*lines, start="PATCH /p HTTP/1.1", body=body)
        parsed = parse_request(raw)
        assert (parsed.method, parsed.target, parsed.body) == ("PATCH", "/p", body)
        assert {name: parsed.headers[name] for name in fields} == fields
        with pytest.raises(Incomplete):
            parse_request(raw[: rng.randrange(len(raw))])


@pytest.mark.parametrize("seed", range(5))
def test_damaged_requests_never_crash_the_parser(seed: int) -> None:
    rng = random.Random(seed)
    pieces = [b"\r\n", b"\r", b"\n", b" ", b":", b"\x00", b"\xff", b"Host: a\r\n", b"9", b"-", b""]
    for _ in range(400):
        raw = bytearray(request("Content-Length: 3", "X: y", body=b"abc"))
        for _ in range(rng.randrange(1, 4)):
            position = rng.randrange(len(raw))
            raw[position : position + rng.randrange(3)] = rng.choice(pieces)
        try:
            parsed = parse_request(bytes(raw))
        except (BadRequest, Incomplete):
            continue
        assert parsed.headers["Host"] is not None


def test_cost_grows_with_the_bytes_and_not_with_their_square() -> None:
    deadline = process_time() + CPU_SECONDS
    body = b"a\r\n" * 300_000
    for _ in range(5):
        parsed = parse_request(request(f"Content-Length: {len(body)}", body=body))
        assert len(parsed.body) == len(body)
        assert process_time() < deadline, "far too slow"
