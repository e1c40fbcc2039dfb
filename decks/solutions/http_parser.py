"""Strict parser of one HTTP/1.1 request.

Invariant: what is returned can be understood in one way only, also by the next server in the chain.
The head ends at the first blank line, and the body is as long as the one Content-Length says;
whatever leaves room for a second opinion about that is refused and never repaired.

Time and space: O(n), with limits on head and body, so that nobody has to wait for their end.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

MAX_HEAD = 16 * 1024
MAX_BODY = 16 * 1024 * 1024

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_TARGET = re.compile(r"[\x21-\x7e]+")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")  # no control characters but the tab
_LENGTH = re.compile(r"[0-9]{1,15}")  # int() alone would accept +5, 1_0 and more


class BadRequest(Exception):
    """The bytes are no request, whatever may follow."""


class Incomplete(Exception):
    """The bytes are the beginning of a request."""


class Headers(Mapping[str, str]):
    """The header fields, found in any case and listed in lower case."""

    def __init__(self, fields: dict[str, str]) -> None:
        self._fields = fields

    def __getitem__(self, name: str) -> str:
        return self._fields[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)


@dataclass(frozen=True)
class Request:
    method: str
    target: str
    version: str
    headers: Headers
    body: bytes


def parse_request(raw: bytes) -> Request:
    """Return the request at the start of the bytes; what follows it is left alone.

    BadRequest where they are none, Incomplete where more bytes are needed to tell.
    """
    end = raw.find(b"\r\n\r\n", 0, MAX_HEAD + 4)
    if end < 0:
        if len(raw) >= MAX_HEAD + 4:
            raise BadRequest("the head is too long")
        raise Incomplete
    start_line, *lines = raw[:end].decode("latin-1").split("\r\n")
    method, target, version = _parse_start_line(start_line)
    headers = _parse_headers(lines)
    body = raw[end + 4 : end + 4 + _body_length(headers)]
    if len(body) < _body_length(headers):
        raise Incomplete
    return Request(method, target, version, headers, body)


def _parse_start_line(line: str) -> list[str]:
    parts = line.split(" ")
    if len(parts) != 3 or not _TOKEN.fullmatch(parts[0]) or not _TARGET.fullmatch(parts[1]):
        raise BadRequest("the start line is malformed")
    if parts[2] != "HTTP/1.1":
        raise BadRequest("the version is not HTTP/1.1")
    return parts


def _parse_headers(lines: Iterable[str]) -> Headers:
    fields: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        # A name is a token, which rules out space before the colon and continuation lines too.
        if not colon or not _TOKEN.fullmatch(name) or not _VALUE.fullmatch(value):
            raise BadRequest("a header field is malformed")
        name, value = name.lower(), value.strip(" \t")
        if name not in fields:
            fields[name] = value
        elif name in ("host", "content-length"):
            raise BadRequest(f"there are several fields {name}")
        else:
            fields[name] += f", {value}"
    if "host" not in fields:
        raise BadRequest("there is no host")
    return Headers(fields)


def _body_length(headers: Headers) -> int:
    if "transfer-encoding" in headers:  # with a length, ambiguous; alone, not supported here
        raise BadRequest("transfer codings are not accepted")
    length = headers.get("content-length", "0")
    if not _LENGTH.fullmatch(length) or int(length) > MAX_BODY:
        raise BadRequest("the content length is malformed or too large")
    return int(length)
