"""What ``check`` looks at: the whole collection, or single files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from flashprep import authoring, folders
from flashprep.cards.diagnostics import Diagnostic
from flashprep.cards.model import Note
from flashprep.cards.parser import DUPLICATE_ID
from flashprep.collection import Collection
from flashprep.errors import NotFound
from flashprep.reading import read_deck


def problems(collection: Collection, files: list[str], strict: bool) -> list[Diagnostic]:
    """Return the problems of the collection, or of single files."""
    if not files:
        return collection.problems() + (authoring.unpinned(collection) if strict else [])
    found: list[Diagnostic] = []
    known: dict[str, list[Diagnostic]] = {}
    for problem in collection.problems():
        known.setdefault(problem.path, []).append(problem)
    for name in files:
        path = _existing(name)
        inside = known.get(str(path))
        found += inside if inside is not None else _of_file(path)
    return found


def _of_file(path: Path) -> list[Diagnostic]:
    read = read_deck(folders.Found("", 1, path.name, str(path), "", 0), "")
    assert read is not None
    found = sorted([*read.problems, *_duplicates(read.notes or ())], key=lambda problem: problem.span)
    return [replace(problem, path=str(path)) for problem in found]


def _duplicates(notes: tuple[Note, ...]) -> Iterator[Diagnostic]:
    """Find the ids that are twice in one file; within the collection the store finds them."""
    first: dict[str, int] = {}
    for note in notes:
        line = first.setdefault(note.id, note.span.line)
        if line != note.span.line:
            help = f"it belongs to line {line}; give this note another {{#id}}"
            yield DUPLICATE_ID.at(note.span, f"id '{note.id}' is taken", help)


def fix(collection: Collection, files: list[str]) -> dict[Path, int]:
    """Apply what is safe to mend, in the user's decks or in single files; return the number of edits by file."""
    if not files:
        return authoring.fix(collection)
    done = {}
    for name in files:
        path = _existing(name)
        fixes = [problem.fix for problem in _of_file(path) if problem.fix]
        edits = authoring.fix_file(path, fixes)
        if edits:
            done[path] = edits
    collection.sync()
    return done


def _existing(name: str) -> Path:
    path = Path(name).absolute()
    if path.is_dir():
        raise NotFound(f"{name} is a folder; name its files, such as {Path(name) / '*.md'}")
    if not path.is_file():
        raise NotFound(f"there is no file {name}")
    return path
