"""Reads a package of Anki, old or new format, without trusting it: every way in which it can be wrong is one clear error."""

from __future__ import annotations

import errno
import json
import lzma
import sqlite3
import struct
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple, Protocol

from flashprep.anki import tables
from flashprep.anki.tables import CardRow, NoteRow, ReviewRow, TypeRow
from flashprep.errors import FlashprepError

MAX_COLLECTION = 1 << 30  # bytes, unpacked
MAX_DIRECTORY = 32 << 20  # bytes of the list of what a package holds
MAX_SECONDS = 60.0  # for reading the tables
MAX_NOTES = 1_000_000  # and cards
MAX_REVIEWS = 5_000_000
MAX_MEDIA = 64 << 20  # bytes of one file
MAX_ALL_MEDIA = 1 << 30
_MAX_VALUE = 16 << 20  # bytes
_CHUNK = 1 << 20
_NEWEST = 3  # format of a package
_MAX_WINDOW = 1 << 27  # of zstd
_HIGHEST_ID = 1 << 53  # of a review, epoch ms
# What SQLite may do while a package is read.
_ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION}


class BadPackage(FlashprepError):
    """A package cannot be used."""


class Found(NamedTuple):
    """What a collection of Anki holds."""

    notes: dict[int, NoteRow]
    cards: dict[int, CardRow]
    reviews: list[ReviewRow]
    types: dict[int, TypeRow]
    decks: dict[int, str]
    changed: int  # epoch ms of the last change to the collection
    damaged: int = 0  # rows that make no sense and were left out
    whole: bool = True  # not only what changed since the last time


@contextmanager
def opened(path: Path) -> Iterator[tuple[Found, Archive]]:
    """Read a package; its media can be had from the archive as long as the block lasts."""
    with _translated(path):
        archive = Archive(path)
    with archive:
        with _translated(path), tempfile.TemporaryDirectory(prefix="flashprep-") as folder:
            found = _read(path, archive.collection(Path(folder)))
        yield found, archive


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    """Turn every error of the libraries that read a package into one that the user understands."""
    try:
        yield
    except FlashprepError:
        raise
    except OSError as error:
        if error.errno == errno.EINVAL:  # an offset that leads nowhere
            raise BadPackage(f"{path} is damaged: {_line(error)}; export it anew in Anki") from None
        raise FlashprepError(f"cannot read {path}: {error.strerror or error}") from None
    except _DAMAGE as error:
        raise BadPackage(f"{path} is damaged: {_line(error)}; export it anew in Anki") from None


_DAMAGE = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, struct.error, sqlite3.Error),
    *(EOFError, NotImplementedError, RuntimeError, ValueError, KeyError, IndexError, OverflowError, MemoryError),
)


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


class _Readable(Protocol):
    def read(self, size: int = -1) -> bytes: ...


class Archive:
    """The zip file that a package is."""

    def __init__(self, path: Path):
        self.path = path
        if not path.is_file():
            raise FlashprepError(f"{path}: there is no such file")
        with path.open("rb") as file:
            if _directory_size(file) > MAX_DIRECTORY:
                raise BadPackage(f"{path} lists more files than any package of Anki does; nothing was read")
        if not zipfile.is_zipfile(path):
            raise BadPackage(f"{path} is no package of Anki; in Anki choose File, Export, and .apkg or .colpkg")
        self._zip = zipfile.ZipFile(path)
        self._left = MAX_ALL_MEDIA

    def __enter__(self) -> Archive:
        """Use the archive in a ``with`` block."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close the file."""
        self._zip.close()

    def collection(self, folder: Path) -> Path:
        """Unpack the collection into a folder and return its path."""
        names = set(self._zip.namelist())
        form = self._format(names)
        name = next((n for n in ("collection.anki21b", "collection.anki21", "collection.anki2") if n in names), "")
        if not name or (form == _NEWEST and name != "collection.anki21b"):
            raise BadPackage(f"{self.path} holds no collection; in Anki choose File, Export, and .apkg or .colpkg")
        target = folder / "collection"
        size = 0
        with self._open(name, name.endswith("b")) as source, target.open("wb") as file:
            while chunk := source.read(_CHUNK):
                size += len(chunk)
                if size > MAX_COLLECTION:
                    raise BadPackage(
                        f"{self.path}: its collection is larger than {MAX_COLLECTION >> 20} MiB unpacked; nothing was read"
                    )
                file.write(chunk)
        return target

    def _format(self, names: set[str]) -> int:
        """Return the format that a package says it has: 0 where it does not say."""
        if "meta" not in names:
            return 0
        with self._zip.open("meta") as file:
            data = file.read(64)
        if len(data) < 2 or data[0] != 8:
            raise BadPackage(f"{self.path} is damaged: its 'meta' cannot be read; export it anew in Anki")
        if data[1] > _NEWEST:
            raise BadPackage(
                f"{self.path} was written by a newer Anki (format {data[1]}); export it for older versions"
            )
        return data[1]

    @contextmanager
    def _open(self, name: str, packed: bool) -> Iterator[_Readable]:
        with self._zip.open(name) as file:
            yield _Unpacked(file, self.path) if packed else file

    def media(self) -> dict[str, str]:
        """Return by the name of each media file its name within the archive."""
        names = set(self._zip.namelist())
        if "media" not in names:
            return {}
        packed = "collection.anki21b" in names
        with _translated(self.path), self._open("media", packed) as file:
            data = file.read(MAX_DIRECTORY)
        if not packed:
            try:
                listed = json.loads(data)
            except (ValueError, RecursionError):
                return {}
            return {str(name): str(key) for key, name in listed.items()} if isinstance(listed, dict) else {}
        return {name: str(number) for number, name in enumerate(_media_entries(data)) if name}

    def media_file(self, name: str) -> bytes:
        """Return the content of a media file by its name within the archive; caps hold for each and for all together."""
        packed = "collection.anki21b" in set(self._zip.namelist())
        parts = []
        size = 0
        with _translated(self.path), self._open(name, packed) as file:
            while chunk := file.read(_CHUNK):
                size += len(chunk)
                self._left -= len(chunk)
                if size > MAX_MEDIA or self._left < 0:
                    raise BadPackage(f"{self.path}: its media are too large; import it without --notes")
                parts.append(chunk)
        return b"".join(parts)


class _Unpacked:
    """A stream of zstd, with its errors in our words."""

    def __init__(self, file: IO[bytes], path: Path):
        from zstandard import ZstdDecompressor

        self._path = path
        self._stream = ZstdDecompressor(max_window_size=_MAX_WINDOW).stream_reader(file, read_across_frames=False)

    def read(self, size: int = -1) -> bytes:
        from zstandard import ZstdError

        try:
            return bytes(self._stream.read(size))
        except ZstdError as error:
            raise BadPackage(f"{self._path} is damaged: {_line(error)}; export it anew in Anki") from None


def _directory_size(file: IO[bytes]) -> int:
    """Return how many bytes the end of a zip file says its directory has; Python would read it whole, whatever its size."""
    file.seek(0, 2)
    length = file.tell()
    file.seek(max(0, length - 65_557))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + 22 > len(tail):
        return 0
    size: int = struct.unpack("<L", tail[at + 12 : at + 16])[0]
    if size == 0xFFFFFFFF:  # zip64
        before = tail.rfind(b"PK\x06\x06", 0, at)
        size = struct.unpack("<Q", tail[before + 40 : before + 48])[0] if before >= 0 else MAX_DIRECTORY + 1
    return size


def _media_entries(data: bytes) -> Iterator[str]:
    """Yield the names of media in their order: field 1 of each entry, which is field 1 of the list (protocol buffers)."""
    for number, value in _fields(data):
        if number == 1 and isinstance(value, bytes):
            name = next((v for n, v in _fields(value) if n == 1 and isinstance(v, bytes)), b"")
            yield name.decode("utf-8", "replace")


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        if key & 7 == 0:
            value, at = _varint(data, at)
            yield key >> 3, value
        elif key & 7 == 2:
            size, at = _varint(data, at)
            yield key >> 3, data[at : at + size]
            at += size
        else:
            return


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(data) and shift < 64:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at
    raise BadPackage("the package is damaged: its list of media ends early; export it anew in Anki")


def _read(path: Path, collection: Path) -> Found:
    db = sqlite3.connect(f"{collection.as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)
    deadline = time.monotonic() + MAX_SECONDS
    try:
        db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_VALUE)
        db.text_factory = lambda data: data.decode("utf-8", "replace")
        db.execute("PRAGMA trusted_schema = OFF")
        db.execute("PRAGMA cell_size_check = ON")
        db.execute("PRAGMA mmap_size = 0")
        db.create_collation("unicase", _unicase)
        db.set_progress_handler(lambda: time.monotonic() > deadline, 100_000)
        _check_tables(path, db)
        db.set_authorizer(lambda what, *_: sqlite3.SQLITE_OK if what in _ALLOWED else sqlite3.SQLITE_DENY)
        return read(lambda sql: db.execute(sql), str(path))
    except sqlite3.OperationalError as error:
        if "interrupted" in str(error):
            raise BadPackage(f"{path}: reading it takes over {MAX_SECONDS:.0f} s; nothing was imported") from None
        raise
    finally:
        db.set_authorizer(None)
        db.close()


def _unicase(one: str, other: str) -> int:
    a, b = one.casefold(), other.casefold()
    return (a > b) - (a < b)


def _check_tables(path: Path, db: sqlite3.Connection) -> None:
    """Demand that what is read are real tables: a view or a virtual table could run anything."""
    found = {name: (kind, page) for name, kind, page in db.execute(tables.TABLES)}
    for name in ("col", "notes", "cards", "revlog"):
        kind, page = found.get(name, ("", 0))
        if kind != "table" or not page:
            raise BadPackage(
                f"{path} holds no collection of Anki: '{name}' is {kind or 'no'} table; nothing was imported"
            )


def read(execute: tables.Execute, name: str, since: int = 0) -> Found:
    """Read a collection of Anki, or what changed in it since a sync number; rows that make no sense are left out and counted."""
    try:
        ver, changed = tables.version(execute)
        if ver not in tables.VERSIONS:
            raise BadPackage(
                f"{name}: its collection has version {ver}; this flashprep knows {tables.VERSIONS[0]} to "
                f"{tables.VERSIONS[-1]}: export it with another version of Anki"
            )
        types = {row.id: row for row in tables.note_types(execute, ver)}
        decks = dict(tables.decks(execute, ver))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadPackage(f"{name} is damaged: {_line(error)}; export it anew in Anki") from None
    damaged = 0
    notes: dict[int, NoteRow] = {}
    for row in _capped(execute(tables.CHANGED_NOTES.format(since) if since else tables.NOTES), name):
        if _are(row, int, str, int, int, str, str):
            notes[row[0]] = NoteRow(*row)
        else:
            damaged += 1
    cards: dict[int, CardRow] = {}
    for row in _capped(execute(tables.CHANGED_CARDS.format(since) if since else tables.CARDS), name):
        if _are(row, int, int, int, int, int, int, int, int, int, int, int, str) and row[1] in notes:
            cards[row[0]] = CardRow(*row)
        else:
            damaged += 1
    reviews: list[ReviewRow] = []
    add = reviews.append
    for row in _capped(execute(tables.CHANGED_REVIEWS.format(since) if since else tables.REVIEWS), name, MAX_REVIEWS):
        id, card, ease, factor, time_ms, kind = row
        if (
            id.__class__
            is card.__class__
            is ease.__class__
            is factor.__class__
            is time_ms.__class__
            is kind.__class__
            is int
            and 0 < id < _HIGHEST_ID
            and 0 <= ease <= 4
        ):
            add(row)
        else:
            damaged += 1
    return Found(notes, cards, reviews, types, decks, changed, damaged, whole=not since)


def _are(row: Any, *kinds: type) -> bool:
    return all(value.__class__ is kind for value, kind in zip(row, kinds, strict=True))


def _capped(rows: Any, name: str, most: int = MAX_NOTES) -> Iterator[Any]:
    for count, row in enumerate(rows):
        if count >= most:
            raise BadPackage(f"{name} holds more than {most:,} rows of one kind; nothing was imported")
        yield row
