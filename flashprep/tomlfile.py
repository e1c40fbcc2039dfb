"""TOML files that users write: read whole, checked key by key, and whatever is wrong in one names its line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from flashprep.errors import BadFile

Place = tuple[str | int, ...]  # of a key in the file: names of tables, and 0-based numbers in lists of tables
_MOST_BYTES = 200_000
_MOST_TEXT = 2_000  # characters of one value
_REQUIRED: Any = object()


def decoded(source: bytes, name: str, error: type[BadFile] = BadFile) -> str:
    """Return the text of a file; ``name`` is how messages call it."""
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = source.count(b"\n", 0, fault.start) + 1
        raise error(f"{name}:{line}: byte 0x{source[fault.start]:02x} is not UTF-8; save the file as UTF-8") from None


def loaded(text: str, name: str, error: type[BadFile] = BadFile) -> dict[str, Any]:
    """Return what a text of TOML says."""
    import tomllib

    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as fault:  # a ValueError also for a number of thousands of digits
        what, _, place = str(fault).partition(" (at ")
        at = re.match(r"line (\d+)", place)
        line = at[1] if at else text.count("\n") + 1
        raise error(f"{name}:{line}: is not TOML: {what}") from None


def line_of(text: str, wanted: Place) -> int:
    """Return the line on which a key is set, or of the innermost table around it that has a line; 1 where none has."""
    table: Place = ()
    nearest = 1
    lists: dict[Place, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        key: Place
        if line.lstrip().startswith("[") and _key(line):
            key = _key(line)
            if line.lstrip().startswith("[["):
                lists[key] = lists.get(key, -1) + 1
                if any(isinstance(part, int) for part in wanted):
                    key = (*key, lists[key])
            table = key
        elif "=" in line:
            key = (*table, *_key(f"{line.partition('=')[0]} = 0"))
        else:
            continue
        if key[: len(wanted)] == wanted:
            return number
        if key and wanted[: len(key)] == key:
            nearest = number
    return nearest


def _key(line: str) -> tuple[str, ...]:
    """Return the parts of the key that a line of TOML sets, empty for what is none."""
    import tomllib

    try:
        data: Any = tomllib.loads(line)
    except ValueError:
        return ()
    parts: list[str] = []
    while isinstance(data, dict) and data:
        parts += data
        (data,) = data.values()
    return tuple(parts)


class Table:
    """A table of a file: each key is asked for once, and ``end`` refuses those that nobody asked for."""

    def __init__(self, data: dict[str, Any], text: str, name: str, at: Place = ()):
        self._data, self._text, self._name, self._at = data, text, name, at
        self._known: list[str] = []

    def wrong(self, key: str, message: str) -> BadFile:
        """Return the error about a key."""
        return BadFile(f"{self._name}:{line_of(self._text, (*self._at, key))}: {message}")

    def _value(self, key: str, default: Any) -> Any:
        self._known.append(key)
        if key not in self._data and default is _REQUIRED:
            raise self.wrong(key, f"'{key}' is missing")
        return self._data.get(key, default)

    def has(self, key: str) -> bool:
        """Tell whether a key is set."""
        return key in self._data

    def text(self, key: str, default: str = _REQUIRED) -> str:
        """Return a line of text; what cannot be shown in one is refused. A default may be empty, a value that is needed not."""
        value = self._value(key, default)
        if not isinstance(value, str) or len(value) > _MOST_TEXT or not value.isprintable():
            raise self.wrong(key, f"{key} is to be one line of text, of at most {_MOST_TEXT} characters")
        if default is _REQUIRED and not value.strip():
            raise self.wrong(key, f"{key} is empty")
        return value.strip()

    def whole(self, key: str, low: int, high: int, default: int = _REQUIRED) -> int:
        """Return a whole number within bounds."""
        value = self._value(key, default)
        if key not in self._data:
            return int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise self.wrong(key, f"{key} = {_short(value)} is not right; it takes a whole number from {low} to {high}")
        return value

    def one_of(self, key: str, allowed: tuple[str, ...], default: str = _REQUIRED) -> str:
        """Return one of some words."""
        value = self._value(key, default)
        if value not in allowed:
            raise self.wrong(key, f"{key} = {_short(value)} is not right; it takes one of {', '.join(allowed)}")
        return str(value)

    def words(self, key: str, allowed: tuple[str, ...] = (), default: tuple[str, ...] = _REQUIRED) -> tuple[str, ...]:
        """Return a list of texts, each one of those that are allowed, if any are named."""
        value = self._value(key, default)
        good = isinstance(value, list | tuple) and all(
            isinstance(one, str) and one.isprintable() and 0 < len(one) <= _MOST_TEXT for one in value
        )
        if not good:
            raise self.wrong(key, f'{key} is to be a list of texts, such as ["one", "two"]')
        for one in value:
            if allowed and one not in allowed:
                raise self.wrong(key, f"{key}: '{_short(one)}' is not one of {', '.join(allowed)}")
        return tuple(value)

    def span(self, key: str, low: int, high: int) -> tuple[int, int]:
        """Return two whole numbers within bounds, the first not above the second."""
        value = self._value(key, _REQUIRED)
        good = isinstance(value, list) and len(value) == 2 and all(isinstance(one, int) for one in value)
        if not good or not low <= value[0] <= value[1] <= high:
            raise self.wrong(
                key, f"{key} = {_short(value)} is not right; it takes two numbers from {low} to {high}, such as [5, 10]"
            )
        return value[0], value[1]

    def tables(self, key: str, needed: bool = True) -> list[Table]:
        """Return a list of tables, written as [[key]]."""
        value = self._value(key, _REQUIRED if needed else [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self.wrong(key, f"{key} is to be written as tables: [[{key}]]")
        return [Table(one, self._text, self._name, (*self._at, key, number)) for number, one in enumerate(value)]

    def table(self, key: str) -> Table:
        """Return the table [key], an empty one if it is not there."""
        value = self._value(key, None)
        if value is not None and not isinstance(value, dict):
            raise self.wrong(key, f"{key} is to be written as a table: [{key}]")
        return Table(value or {}, self._text, self._name, (*self._at, key))

    @property
    def names(self) -> list[str]:
        """All keys that are set."""
        return list(self._data)

    def named(self, key: str) -> dict[str, Table]:
        """Return tables by their names, written as [key.NAME], none if there is no such key."""
        value = self._value(key, {})
        if not isinstance(value, dict) or not all(isinstance(one, dict) for one in value.values()):
            raise self.wrong(key, f"{key} is to be written as tables with names: [{key}.NAME]")
        return {name: Table(one, self._text, self._name, (*self._at, key, name)) for name, one in value.items()}

    def end(self) -> None:
        """Refuse keys that nobody asked for."""
        for key in self._data:
            if key not in self._known:
                from flashprep.cards.text import nearest

                near = nearest(key, self._known)
                help = f"did you mean '{near}'?" if near else f"the keys are {', '.join(self._known)}"
                raise self.wrong(key, f"unknown key '{_short(key)}'; {help}")


def _short(value: object) -> str:
    from flashprep.cards.text import one_line

    return one_line(str(value), 60)


def read(path: Path) -> Table:
    """Read a file of the user's, or one that came with flashprep."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise BadFile(f"{path}: is larger than {_MOST_BYTES:,} bytes")
        source = path.read_bytes()
    except OSError as error:
        raise BadFile(f"{path}: cannot be read: {error.strerror}") from None
    text = decoded(source, str(path))
    return Table(loaded(text, str(path)), text, str(path))
