"""Whether problems can be trusted: each reference passes its tests, each starter fails them, and no file is stray."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import NamedTuple

from flashprep.errors import FlashprepError
from flashprep.practice import verdict as v
from flashprep.practice.desk import Problem, fresh_starter
from flashprep.practice.judge import judge
from flashprep.practice.limits import Limits


class Checked(NamedTuple):
    """A problem that was looked at, and what is wrong with it; nothing means that it is good."""

    problem: Problem
    seconds: float  # that the reference took
    tests: int
    faults: tuple[str, ...] = ()


def examine(problem: Problem, limits: Limits) -> Checked:
    """Judge the reference and the starter of a problem."""
    for file in (problem.reference, problem.tests):
        if not file.is_file():
            return Checked(problem, 0.0, 0, (f"{file} is not there",))
    found = judge(problem.name, problem.reference, problem.tests, limits)
    faults = [] if found.ok else [f"the reference does not pass: {in_a_line(found)}"]
    try:
        with tempfile.TemporaryDirectory(prefix="flashprep-") as folder:
            file = Path(folder) / f"{problem.name}.py"
            file.write_text(fresh_starter(problem), encoding="utf-8")
            bare = judge(problem.name, file, problem.tests, limits)
        if bare.outcome != v.FAILED:
            what = "passes the tests" if bare.ok else f"ends as '{bare.outcome}': {in_a_line(bare)}"
            faults.append(f"the starter, which is to fail, {what}")
    except FlashprepError as error:
        faults.append(str(error))
    return Checked(problem, found.seconds, found.total, tuple(faults))


def examine_all(
    problems: Iterable[Problem],
    limits: Limits,
    jobs: int | None = None,
    step: Callable[[Checked], None] = lambda _: None,
) -> list[Checked]:
    """Examine many problems, each in a process of its own, as many at a time as there are cores; in the given order."""
    wanted = list(problems)
    found: dict[int, Checked] = {}
    context = multiprocessing.get_context(
        "spawn"
    )  # a worker takes care of all that descends from it, so it has no threads
    workers = max(
        1,
        min(
            jobs or len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
            len(wanted),
        ),
    )
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        tasks = {pool.submit(examine, problem, limits): at for at, problem in enumerate(wanted)}
        try:
            for task in as_completed(tasks):
                found[tasks[task]] = task.result()
                step(task.result())
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [found[at] for at in sorted(found)]


def stray(folders: Iterable[Path], named: set[Path]) -> Iterator[Path]:
    """Yield the files of solution folders that no problem names."""
    for folder in folders:
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path not in named and path.name != "__pycache__" and not path.name.startswith("."):
                yield path


def in_a_line(found: v.Verdict) -> str:
    """Say in one line what a verdict comes to."""
    case = found.case
    if case is None:
        return " ".join(found.detail.split()) or found.outcome
    asked = case.input[-1] if case.input else case.test
    return f"{asked}: expected {case.expected}, got {case.got}" if case.expected else f"{asked}: {case.got}"
