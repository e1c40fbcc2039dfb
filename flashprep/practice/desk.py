"""A problem and the user's file for it: laying a starter, keeping what was there before."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import NamedTuple

from flashprep import folders
from flashprep.errors import FlashprepError, NotFound
from flashprep.practice.starter import starter

KEPT = "kept"  # folder of earlier attempts, beside the present one


class Problem(NamedTuple):
    """A coding problem that can be solved."""

    id: str  # of its note
    name: str  # of the module
    title: str
    task: str  # plain text and code, for the docstring of the starter
    goal_minutes: int
    reference: Path
    tests: Path
    attempt: Path  # the user's file, which need not exist

    @property
    def goal_ms(self) -> int:
        """The time goal in milliseconds."""
        return self.goal_minutes * 60_000


def reference(problem: Problem) -> str:
    """Return the source of the reference."""
    return _source(problem.reference, f"the reference of '{problem.id}'")


def attempt(problem: Problem) -> str:
    """Return the source of the user's attempt."""
    if not problem.attempt.is_file():
        raise NotFound(f"'{problem.id}' is not started; 'flashprep code start {problem.id}' makes {problem.attempt}")
    return _source(problem.attempt, "your attempt")


def fresh_starter(problem: Problem) -> str:
    """Make the starter of a problem from its reference."""
    try:
        return starter(reference(problem), problem.title, problem.task)
    except (SyntaxError, ValueError) as error:
        line = f":{error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
        raise FlashprepError(
            f"{problem.reference}{line} is no Python ({error}); there is no starter without it"
        ) from None


def ensure_tests(problem: Problem) -> None:
    """Refuse a problem that nothing could judge."""
    if not problem.tests.is_file():
        raise NotFound(f"'{problem.id}' has no tests: {problem.tests} is not there; write it, or drop solution=")


def is_started(problem: Problem) -> bool:
    """Tell whether the user has a file for the problem in which something was written."""
    return problem.attempt.is_file() and attempt(problem) != fresh_starter(problem)


def lay(problem: Problem, stamp: str) -> Path | None:
    """Put a fresh starter in place; what was there is kept under a name with ``stamp``, which is returned."""
    text = fresh_starter(problem).encode()
    before = folders.read(problem.attempt) if problem.attempt.exists() else None
    kept = None
    if before is not None and before != text:
        kept = keep(problem, before, stamp)
    if before != text:
        folders.replace(problem.attempt, before, text)
    return kept


def keep(problem: Problem, source: bytes, stamp: str) -> Path:
    """Write an attempt into the folder of earlier ones, under a name that is free."""
    folder = problem.attempt.parent / KEPT
    number, path = 1, folder / f"{problem.name}-{stamp}.py"
    while path.exists():
        if path.read_bytes() == source:
            return path
        number += 1
        path = folder / f"{problem.name}-{stamp}-{number}.py"
    folders.replace(path, None, source)
    return path


def difference(problem: Problem) -> list[str]:
    """Return the lines of a unified diff from the user's attempt to the reference, none where they are the same."""
    mine, theirs = attempt(problem).splitlines(), reference(problem).splitlines()
    return list(difflib.unified_diff(mine, theirs, str(problem.attempt), "reference", lineterm=""))


def _source(path: Path, what: str) -> str:
    try:
        return folders.read(path).decode()
    except UnicodeDecodeError:
        raise FlashprepError(f"{what}, {path}, is not UTF-8; save it as UTF-8") from None
