"""One deck file from disk to notes and problems: the step between the folders and the store."""

from __future__ import annotations

import csv
import stat
import time
from pathlib import Path

from flashprep import folders
from flashprep.cards.diagnostics import ERROR, Diagnostic, rule
from flashprep.cards.markdown import images
from flashprep.cards.model import Note, Span
from flashprep.cards.parser import parse
from flashprep.cards.text import MAX_BYTES, TOO_LARGE, UNREADABLE, decode, one_line
from flashprep.practice.names import is_taken
from flashprep.store.decks import Read

MISSING_SOLUTION = rule(
    "missing-solution",
    ERROR,
    "a coding note names a solution that is not there",
    "solution=NAME stands for solutions/NAME.py and solutions/test_NAME.py beside the deck.",
    bad="## Coding: Two sum {#two-sum solution=twosum}",
    good="## Coding: Two sum {#two-sum solution=two_sum}",
)
TAKEN_SOLUTION = rule(
    "taken-solution",
    ERROR,
    "a solution has the name of a module that tests need themselves",
    "The tests import the solution by its name. A module of Python or of pytest with the same name would be judged in its place.",
    bad="## Coding: Build a binary heap {#binary-heap solution=heapq}",
    good="## Coding: Build a binary heap {#binary-heap solution=binary_heap}",
)
BAD_SYLLABUS = rule(
    "bad-syllabus",
    ERROR,
    "the syllabus index cannot be read",
    "syllabus.csv beside the decks has the columns item, prompt and notes (ids separated by spaces), with a header line.",
    bad="item;prompt;notes",
    good="item,prompt,notes",
)
MISSING_PICTURE = rule(
    "missing-picture",
    ERROR,
    "a note shows a picture that is not there",
    "A picture lies beside the deck or in a folder below it, so that deck and pictures travel together; nothing is loaded from "
    "elsewhere.",
    bad="![A ring of nodes](../ring.svg)",
    good="![A ring of nodes](media/ring.svg)",
)
_START = Span(1, 1, 1, 2)


def read_deck(found: folders.Found, known_digest: str) -> Read | None:
    """Read a file of a deck folder; None means that its content is the one of ``known_digest``."""
    started = time.time_ns()
    path = Path(found.absolute)
    try:
        info = path.stat()
        if not (stat.S_ISREG(info.st_mode) or stat.S_ISDIR(info.st_mode)):  # a named pipe would be waited for
            return _unread(found, UNREADABLE.at(_START, "is not a file", "move it out of the decks"))
        if info.st_size > MAX_BYTES:
            size = info.st_size // (1024 * 1024)
            return _unread(
                found, TOO_LARGE.at(_START, f"{size} MiB are too much for a deck", "split the file, or rename it")
            )
        data = path.read_bytes()
    except OSError as error:
        return _unread(
            found, UNREADABLE.at(_START, f"cannot be read: {error.strerror}", "check the permissions of the file")
        )
    digest = folders.digest(data)
    if digest == known_digest:
        return None
    fingerprint = folders.unchanged_since(found.fingerprint, found.changed_ns, started)
    text, problems = decode(data)
    if found.path == folders.SYLLABUS:
        rows, faults = _syllabus(text)
        return Read(found, fingerprint, digest, (), (*problems, *faults), rows)
    parsed = parse(text, Path(found.path).stem.replace("-", " ").replace("_", " ").capitalize())
    missing = _bad_solutions(parsed.notes, path) + _missing_pictures(parsed.notes, path)
    return Read(found, fingerprint, digest, parsed.notes, (*problems, *parsed.problems, *missing))


def _unread(found: folders.Found, problem: Diagnostic) -> Read:
    return Read(found, "", "", None, (problem,))


def _bad_solutions(notes: tuple[Note, ...], deck: Path) -> list[Diagnostic]:
    missing = []
    for note in notes:
        if not note.solution:
            continue
        if is_taken(note.solution):
            message = f"'{note.solution}' is the name of a module that the tests need themselves"
            help = f"call it {note.solution}_solution, for instance, and rename the files"
            missing.append(TAKEN_SOLUTION.at(note.span, message, help))
            continue
        folder = deck.parent / "solutions"
        for name in (f"{note.solution}.py", f"test_{note.solution}.py"):
            if not (folder / name).is_file():
                missing.append(
                    MISSING_SOLUTION.at(note.span, f"there is no solutions/{name}", "write it, or drop solution=")
                )
    return missing


def _missing_pictures(notes: tuple[Note, ...], deck: Path) -> list[Diagnostic]:
    missing = []
    for note in notes:
        for text in (note.body, *(section.text for section in note.sections)):
            for image in images(text):
                if folders.beside(deck.parent, image.target) is None:
                    message = f"there is no picture '{one_line(image.target, 60)}' beside the deck"
                    missing.append(MISSING_PICTURE.at(note.span, message, "write ![what it shows](media/NAME.svg)"))
    return missing


def _syllabus(text: str) -> tuple[tuple[tuple[str, str, str], ...], list[Diagnostic]]:
    rows: list[tuple[str, str, str]] = []
    problems = []
    try:
        reader = csv.DictReader(text.splitlines(), strict=True)
        if reader.fieldnames is None or not {"item", "prompt", "notes"} <= set(reader.fieldnames):
            return (), [BAD_SYLLABUS.at(_START, "the header is not item,prompt,notes")]
        for row in reader:
            if not row["item"] or not row["notes"]:
                line = reader.line_num
                problems.append(BAD_SYLLABUS.at(Span(line, 1, line, 2), "a row lacks its item or its notes"))
                continue
            rows += [(row["item"].casefold(), row["prompt"] or "", note) for note in row["notes"].split()]
    except csv.Error as error:
        problems.append(BAD_SYLLABUS.at(_START, f"not CSV: {error}"))
    return tuple(rows), problems
