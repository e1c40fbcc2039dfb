"""The coding problems of a collection: starting, testing, showing and verifying them, and the attempts that are kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from flashprep import places
from flashprep.cards.markdown import without_code, without_pictures
from flashprep.collection import Collection
from flashprep.errors import NotFound
from flashprep.practice import desk
from flashprep.practice.desk import Problem
from flashprep.practice.limits import MIB, Limits
from flashprep.practice.verdict import UNJUDGED, Verdict
from flashprep.session import LONGEST_SOLVED_MS, proposed
from flashprep.store import practice, queries
from flashprep.store.practice import Attempt
from flashprep.store.queries import Filter, Row

SOLVED, TRIED, UNTRIED = "solved", "tried", "never tried"


class Standing(NamedTuple):
    """A problem, and how the user stands with it."""

    row: Row  # its exercise
    problem: Problem
    attempts: tuple[Attempt, ...]
    due: bool

    @property
    def state(self) -> str:
        """Solved (ever), tried, or never tried."""
        if any(attempt.passed for attempt in self.attempts):
            return SOLVED
        return TRIED if self.attempts else UNTRIED


class Started(NamedTuple):
    """What ``start`` or ``reset`` found and did."""

    problem: Problem
    fresh: bool  # a new starter lies there
    kept: Path | None = None  # where the earlier attempt went


class Tested(NamedTuple):
    """A run of the tests on an attempt."""

    problem: Problem
    verdict: Verdict
    attempt: Attempt
    rating: int  # that it proposes


def find(collection: Collection, name: str) -> Row:
    """Return the exercise that a name means: the id of a note or card, or the name of a solution."""
    rows = _exercises(collection, Filter())
    for row in rows:
        if name in (row.note, row.key) or name == row.solution:
            return row
    found = queries.rows(collection.db, Filter(ids=(name,)), 0)
    if found:
        note, kind = found[0].note, found[0].kind
        for row in rows:
            if row.note == note:
                return row
        if kind == "coding":
            raise NotFound(
                f"'{note}' has no solution to be judged by: give its heading solution=NAME and write the files"
            )
        raise NotFound(f"'{name}' is no coding problem, but a {kind}; 'flashprep code list' shows the problems")
    from flashprep.cards.text import nearest

    near = nearest(name, [*(row.note for row in rows), *(row.solution for row in rows)], 0.5)
    help = f"did you mean '{near}'?" if near else "'flashprep code list' shows them all"
    raise NotFound(f"no coding problem '{name}'; {help}")


def _exercises(collection: Collection, filter: Filter) -> list[Row]:
    return [row for row in collection.rows(filter) if row.exercise]


def problem_of(collection: Collection, row: Row) -> Problem:
    """Return the problem that an exercise asks to be solved."""
    folder = collection.absolute(row.root, row.path).parent / "solutions"
    _, _, body = row.prompt.partition("\n\n")
    return Problem(
        id=row.note,
        name=row.solution,
        title=row.title,
        task=without_code(without_pictures(body)),
        goal_minutes=row.minutes or collection.config.solve_minutes,
        reference=folder / f"{row.solution}.py",
        tests=folder / f"test_{row.solution}.py",
        # The id that the note was born under survives a renaming.
        attempt=places.practice_folder() / row.origin / f"{row.solution}.py",
    )


def limits_of(collection: Collection) -> Limits:
    """Return the limits that the config sets."""
    return Limits(seconds=collection.config.code_seconds, memory=collection.config.code_memory * MIB)


def standings(collection: Collection, filter: Filter | None = None) -> list[Standing]:
    """Return every problem that a filter lets through, with the user's attempts."""
    rows = _exercises(collection, filter or Filter())
    today = collection.now().day
    made = practice.all_attempts(collection.db)
    return [
        Standing(
            row,
            problem_of(collection, row),
            tuple(made.get(row.card, ())),
            bool(row.memory.state) and row.memory.due_day <= today and not row.memory.suspended,
        )
        for row in rows
    ]


def attempts_of(collection: Collection, row: Row) -> list[Attempt]:
    """Return the attempts at an exercise, oldest first."""
    return practice.attempts(collection.db, row.card)


def start(collection: Collection, row: Row, source: str = "code", anew: bool = False) -> Started:
    """Lay a starter, unless there is an attempt that is not finished; ``anew`` lays one in any case."""
    problem = problem_of(collection, row)
    desk.ensure_tests(problem)
    made = attempts_of(collection, row)
    if not anew and desk.is_started(problem) and not (made and made[-1].passed):
        return Started(problem, fresh=False)
    kept = desk.lay(problem, f"{collection.now().local:%Y-%m-%d-%H%M%S}")
    collection.record_practice(row.card, "start", source=source)
    return Started(problem, True, kept)


def test(collection: Collection, row: Row, source: str = "code") -> Tested:
    """Run the tests on the user's attempt, and keep what they say."""
    from flashprep.practice.judge import judge

    problem = problem_of(collection, row)
    desk.ensure_tests(problem)
    desk.attempt(problem)  # which says so if there is none
    made = attempts_of(collection, row)
    if not made:  # the file was not made by a start
        collection.record_practice(row.card, "start", source=source)
        made = attempts_of(collection, row)
    spent = max(0, min(collection.now().ms - made[-1].at, LONGEST_SOLVED_MS))
    verdict = judge(problem.name, problem.attempt, problem.tests, limits_of(collection))
    if verdict.outcome != UNJUDGED:
        collection.record_practice(row.card, "test", verdict.outcome, spent, source)
    last = attempts_of(collection, row)[-1]
    return Tested(problem, verdict, last, proposed(last.passed, last.helped, last.spent_ms, problem.goal_ms))


def rate(collection: Collection, row: Row, tested: Tested) -> int | None:
    """Rate an exercise by a verdict, None where the tests could not judge."""
    if tested.verdict.outcome == UNJUDGED:
        return None
    collection.rate(row.card, tested.rating, tested.attempt.spent_ms)
    return tested.rating


def reference(collection: Collection, row: Row) -> str:
    """Return the source of the reference."""
    return desk.reference(problem_of(collection, row))


def difference(collection: Collection, row: Row) -> list[str]:
    """Return the lines of a unified diff from the user's attempt to the reference, none where they are the same."""
    return desk.difference(problem_of(collection, row))


def note_help(collection: Collection, row: Row) -> None:
    """Remember that the user was shown the reference or the answer while an attempt was open."""
    made = attempts_of(collection, row)
    if made and not made[-1].passed and not made[-1].helped:
        collection.record_practice(row.card, "help")


def verify(collection: Collection, names: Sequence[str], step: Callable[..., None]) -> tuple[list, list[Path]]:
    """Examine problems, all or those of some names; return what was found, and the files that no problem names."""
    from flashprep.practice.verify import examine_all, stray

    rows = [find(collection, name) for name in names] if names else _exercises(collection, Filter())
    problems = [problem_of(collection, row) for row in rows]
    checked = examine_all(problems, limits_of(collection), step=step)
    if names:
        return checked, []
    named = {file for problem in problems for file in (problem.reference, problem.tests)}
    named |= {file for row in _outranked(collection) for file in row}
    return checked, list(stray(_solution_folders(collection), named))


def _outranked(collection: Collection) -> list[tuple[Path, Path]]:
    """Return the files of problems whose notes gave way to notes of the user's with the same ids."""
    found = []
    for root, path, solution in queries.outranked_solutions(collection.db):
        folder = collection.absolute(root, path).parent / "solutions"
        found.append((folder / f"{solution}.py", folder / f"test_{solution}.py"))
    return found


def _solution_folders(collection: Collection) -> list[Path]:
    """Return the folders named solutions beside decks, in every deck folder."""
    decks = {collection.absolute(root, path).parent for root, path in queries.fingerprints(collection.db)}
    return sorted(folder / "solutions" for folder in decks if (folder / "solutions").is_dir())
