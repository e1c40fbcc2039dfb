"""Deck files on disk: finding them, reading them, and the few ways in which flashprep writes to one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from flashprep.errors import FileChanged, FlashprepError

BUILT_IN, OWN = "built-in", "own"
SYLLABUS = "syllabus.csv"
_RACY_NS = 1_000_000_000  # a file changed this shortly before it was read may change again within the same timestamp


class Root(NamedTuple):
    """A folder with decks. A note in a higher layer takes the place of one with the same id in a lower."""

    name: str
    folder: Path
    layer: int


class Found(NamedTuple):
    """A file of a deck folder, before it is opened."""

    root: str
    layer: int
    path: str  # within the root, with /
    absolute: str
    fingerprint: str
    changed_ns: int  # time of the last change to the content or to the file's own data


def scan(roots: list[Root]) -> list[Found]:
    """Find the deck files of all folders, in order; hidden files and folders are passed over.

    A folder that cannot be listed is found as a file whose path ends in /: reading it says what is wrong.
    """
    found: list[Found] = []
    for root in roots:
        files = list(_walk(str(root.folder), "", {os.path.realpath(root.folder)}))
        for path, absolute in sorted(files):
            try:
                stat = os.stat(absolute)  # noqa: PTH116 - many files, and a Path for each takes time
            except OSError:
                fingerprint, changed = "", 0  # a dangling link: reading it will say so
            else:
                fingerprint = f"{stat.st_mtime_ns} {stat.st_ctime_ns} {stat.st_size}"
                changed = max(stat.st_mtime_ns, stat.st_ctime_ns)
            # A name that is not UTF-8 cannot stand in the store as it is.
            name = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
            found.append(Found(root.name, root.layer, name, absolute, fingerprint, changed))
    return found


def closed(found: list[Found], root: str, path: str) -> bool:
    """Tell whether a file lies in a folder that cannot be listed: nobody knows whether it is still there."""
    return any(file.root == root and file.path.endswith("/") and path.startswith(file.path[2:]) for file in found)


def _walk(folder: str, prefix: str, seen: set[str]) -> Iterator[tuple[str, str]]:
    """Yield path within the root and absolute path of each deck file."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError:
        yield f"./{prefix}", folder
        return
    for entry in entries:
        name = entry.name
        if name.startswith("."):
            continue
        if name.endswith(".md") or (name == SYLLABUS and not prefix):
            yield prefix + name, entry.path
        elif _is_folder(entry):
            real = os.path.realpath(entry.path)  # a link may lead back up: each folder once
            if real not in seen:
                seen.add(real)
                yield from _walk(entry.path, f"{prefix}{name}/", seen)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself, or to where nobody may look
        return False


def beside(folder: Path, target: str) -> Path | None:
    """Return the file that a deck in ``folder`` means by a relative path; None where it is none or lies elsewhere."""
    if "://" in target or target.startswith(("/", "data:")):
        return None
    try:
        path = (folder / target).resolve()
        return path if path.is_relative_to(folder.resolve()) and path.is_file() else None
    except (OSError, ValueError):
        return None


def unchanged_since(fingerprint: str, changed_ns: int, read_at_ns: int) -> str:
    """Return the fingerprint to remember: none for a file so fresh that a further change might not show in it."""
    return "" if read_at_ns - changed_ns < _RACY_NS else fingerprint


def digest(data: bytes) -> str:
    """Return a short name for the content of a file."""
    import hashlib

    return hashlib.blake2b(data, digest_size=16).hexdigest()


def read(path: Path) -> bytes:
    """Read a file that is about to be changed."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise FlashprepError(f"cannot read {path}: {error.strerror}") from None


def replace(path: Path, before: bytes | None, after: bytes) -> None:
    """Write a file whole or not at all, unless it is no longer what it was when it was read.

    ``before`` is the content as it was read, None for a file that is not to exist yet.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        target = path.resolve()  # a deck may be a link into a notes repository: the link stays
        temporary = target.with_name(f".{target.name}.{os.getpid()}.new")
        with temporary.open("xb") as file:
            file.write(after)
            file.flush()
            os.fsync(file.fileno())
        now = target.read_bytes() if target.exists() else None
        if now != before:
            raise FileChanged(f"{path} was changed by another program meanwhile; nothing was written: try again")
        if now is not None:
            temporary.chmod(target.stat().st_mode & 0o7777)
        temporary.replace(target)
    except OSError as error:
        raise FlashprepError(f"cannot write {path}: {error.strerror}") from None
    finally:
        temporary.unlink(missing_ok=True)


def append(path: Path, opening: str, text: str) -> int:
    """Append a note to a deck file, which starts with ``opening`` if it is new; return the 1-based line of the note."""
    before = read(path) if path.exists() else None
    head = opening.encode() if before is None else before
    newline = b"\r\n" if b"\r\n" in head else b"\n"
    while head and not head.endswith(newline * 2):
        head += newline
    replace(path, before, head + text.encode().replace(b"\n", newline))
    return head.count(b"\n") + 1
