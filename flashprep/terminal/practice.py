"""What the ``code`` commands write: problems, verdicts, references."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from flashprep import coding
from flashprep.clock import local_time
from flashprep.coding import Standing, Started, Tested
from flashprep.collection import Collection
from flashprep.memory.days import clock_label, iso
from flashprep.memory.state import RATING_NAMES
from flashprep.practice import verdict as v
from flashprep.practice.verdict import Verdict
from flashprep.store.practice import Attempt
from flashprep.store.queries import Row
from flashprep.terminal import verdict
from flashprep.terminal.report import notices, write_json

if TYPE_CHECKING:
    from flashprep.practice.verify import Checked

__all__ = ["STATES", "Row"]

STATES = ("solved", "tried", "never-tried", "due")
_LOOK_S = 0.03  # between two looks at a watched file
_SETTLE_S = 0.01  # many editors empty a file before they write it: what still changes is not judged yet


def listing(collection: Collection, found: Sequence[Standing], states: Sequence[str], json: bool) -> None:
    """List problems, a line each."""
    notices(collection)
    chosen = [one for one in found if not states or _words(one) & set(states)]
    if json:
        write_json([_standing_data(one) for one in chosen])
        return
    if not sys.stdout.isatty():
        for one in chosen:
            print(
                f"{one.row.note}\t{one.state}\t{'due' if one.due else _due(one)}\t{one.problem.goal_minutes} min\t{one.row.title}"
            )
        return
    from rich.table import Table
    from rich.text import Text

    from flashprep.terminal.console import console

    out = console()
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold dim", show_edge=False, pad_edge=False)
    table.add_column("problem", style="cyan", overflow="fold")
    table.add_column("state", no_wrap=True)
    table.add_column("due", no_wrap=True)
    table.add_column("goal", no_wrap=True, justify="right")
    table.add_column("task", no_wrap=True, overflow="ellipsis", ratio=1)
    for one in chosen:
        style = {coding.SOLVED: "green", coding.TRIED: "yellow", coding.UNTRIED: "dim"}[one.state]
        due = Text("due now", "bold red") if one.due else Text(_due(one), "dim")
        table.add_row(one.row.note, Text(one.state, style), due, f"{one.problem.goal_minutes} min", Text(one.row.title))
    out.print(table)
    solved, waiting = sum(one.state == coding.SOLVED for one in found), sum(one.due for one in found)
    out.print(Text(f"{solved} of {len(found)} solved, {waiting} due; 'flashprep code start PROBLEM' begins one", "dim"))


def _words(one: Standing) -> set[str]:
    return {one.state.replace(" ", "-"), *(["due"] if one.due else [])}


def _due(one: Standing) -> str:
    memory = one.row.memory
    if memory.suspended:
        return "suspended"
    return iso(memory.due_day) if memory.state else "-"


def _standing_data(one: Standing) -> dict[str, object]:
    return {
        "id": one.row.note,
        "card": one.row.key,
        "title": one.row.title,
        "deck": one.row.deck,
        "tags": list(one.row.tags),
        "state": one.state,
        "due": one.due,
        "due_day": iso(one.row.memory.due_day) if one.row.memory.state else None,
        "goal_minutes": one.problem.goal_minutes,
        "attempt": str(one.problem.attempt),
        "reference": str(one.problem.reference),
        "tests": str(one.problem.tests),
        "attempts": [attempt_data(attempt) for attempt in one.attempts],
    }


def attempt_data(attempt: Attempt) -> dict[str, object]:
    """Give an attempt as plain data: a part of ``show --json`` and ``code list --json``, public contracts."""
    return {
        "at": local_time(attempt.at).isoformat(),
        "day": iso(attempt.day),
        "spent_ms": attempt.spent_ms,
        "verdict": attempt.verdict or None,
        "runs": attempt.runs,
        "helped": attempt.helped,
        "source": attempt.source,
    }


def attempt_line(attempt: Attempt) -> str:
    """Say in a line what became of an attempt."""
    when = f"{local_time(attempt.at):%Y-%m-%d %H:%M}"
    if not attempt.runs:
        return f"{when}  started"
    runs = f", {attempt.runs} runs" if attempt.runs > 1 else ""
    return f"{when}  {attempt.verdict} after {clock_label(attempt.spent_ms / 1000)}{runs}{', with help' if attempt.helped else ''}"


def started(done: Started) -> None:
    """Say which file to write in."""
    if done.kept:
        print(f"your earlier attempt is kept: {done.kept}")
    print(f"{'starter' if done.fresh else 'your attempt, gone on with'}: {done.problem.attempt}")
    print(
        f"goal {done.problem.goal_minutes} min; 'flashprep code test {done.problem.id}' judges it, 'code watch' at each save"
    )


def tested(done: Tested, rated: int | None, row: Row, verbose: bool, json: bool) -> None:
    """Write the verdict of a run."""
    if json:
        attempt = attempt_data(done.attempt)
        write_json({**verdict.data(done.verdict), "attempt": attempt, "proposed": done.rating, "rated": rated})
        return
    found = verdict.lines(done.problem, done.verdict, verbose)
    if done.verdict.outcome != v.UNJUDGED:
        found.append(verdict.time_line(done))
    verdict.show(found)
    if rated:
        print(f"rated {RATING_NAMES[rated]}: {row.key}")
    elif done.verdict.ok and not row.memory.suspended:
        print(
            f"'flashprep code diff {row.note}' compares it with the reference; --rate rates it {RATING_NAMES[done.rating]}"
        )


def exit_code(found: Verdict) -> int:
    """Return the exit code of a verdict."""
    return 0 if found.ok else 2 if found.outcome == v.UNJUDGED else 1


def source(text: str) -> None:
    """Show Python code, highlighted on a terminal."""
    if not sys.stdout.isatty():
        print(text, end="")
        return
    from rich.syntax import Syntax

    from flashprep.terminal.console import console
    from flashprep.terminal.markdown import CODE_THEME

    console().print(Syntax(text.rstrip(), "python", theme=CODE_THEME, background_color="default", word_wrap=True))


def difference(lines: Sequence[str]) -> None:
    """Show a unified diff, coloured on a terminal."""
    if not lines:
        print("your attempt is the reference, letter for letter")
    styles = {"+": "green", "-": "red", "@": "cyan"}
    verdict.show([verdict.Line(line, styles.get(line[:1], "")) for line in lines] or [])


def watch(collection: Collection, row: Row) -> None:
    """Judge an attempt now and at each save; ends with Ctrl-C."""
    path = coding.problem_of(collection, row).attempt
    if not path.is_file():
        started(coding.start(collection, row))
    print(f"watching {path}; Ctrl-C ends it", flush=True)
    before: object = None
    try:
        while True:
            now = _settled(path)
            if now == before:
                time.sleep(_LOOK_S)
                continue
            if now is None:
                before = now
                print(f"{path} is gone; waiting for it", flush=True)
                continue
            first, before = before is None, now
            if sys.stdout.isatty() and not first:
                print("\x1b[2J\x1b[H", end="")  # what was said of an older version is of no more use
            done = coding.test(collection, row)
            print(f"── {collection.now().local:%H:%M:%S} ── {row.note}")
            verdict.show([*verdict.lines(done.problem, done.verdict), verdict.time_line(done)])
            sys.stdout.flush()
    except KeyboardInterrupt:
        print()


def _settled(path: Path) -> tuple[int, int, int] | None:
    """Return the stamp of a file that is not being written just now."""
    now = _stamp(path)
    while now is not None:
        time.sleep(_SETTLE_S)
        before, now = now, _stamp(path)
        if now == before:
            break
    return now


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """Return what changes when a file is saved, also by an editor that puts a new file in its place."""
    try:
        found = os.stat(path)  # noqa: PTH116 - twenty times a second
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


@contextmanager
def progress(quiet: bool) -> Iterator[Callable[[Checked], None]]:
    """Count problems as they are examined, where somebody looks."""
    done = 0
    loud = sys.stderr.isatty() and not quiet

    def step(_: Checked) -> None:
        nonlocal done
        done += 1
        if loud:
            print(f"\r{done} problems examined", end="", file=sys.stderr, flush=True)

    yield step
    if loud:
        print("\r\x1b[K", end="", file=sys.stderr)


def verified(checked: Sequence[Checked], stray: Sequence[Path], json: bool) -> None:
    """Say what is wrong with problems, and with the files around them."""
    if json:
        problems = [
            {"id": one.problem.id, "tests": one.tests, "seconds": round(one.seconds, 3), "faults": list(one.faults)}
            for one in checked
        ]
        write_json({"problems": problems, "stray": [str(path) for path in stray]})
        return
    for one in checked:
        for fault in one.faults:
            print(f"{one.problem.id}: {fault}")
    for path in stray:
        print(f"stray file: {path}: no note has solution={path.stem.removeprefix('test_')}")
    bad = sum(bool(one.faults) for one in checked)
    tests = sum(one.tests for one in checked)
    what = f"{len(checked)} problems, {tests} tests"
    print(f"{what}: {bad} bad, {len(stray)} stray files" if bad or stray else f"{what}: all good")
