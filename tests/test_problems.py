"""The built-in coding problems: each reference passes its tests, and the tests reject what is wrong."""

from __future__ import annotations

import ast
import multiprocessing
import os
import re
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from flashprep.places import built_in_decks
from flashprep.practice import verdict as v
from flashprep.practice.judge import judge
from flashprep.practice.limits import Limits
from tools.mutants import MUTATED, listed, mutants, wrong_versions

SOLUTIONS = built_in_decks() / "solutions"
NAMES = sorted(path.stem for path in SOLUTIONS.glob("*.py") if not path.stem.startswith("test_"))
QUICK = ("base62", "merge_intervals")


@pytest.fixture
def fresh(home: Path) -> Path:
    """A home with the built-in decks."""
    (home / "config.toml").unlink()
    return home


def test_all_problems_are_there() -> None:
    assert len(NAMES) == 56


@pytest.mark.parametrize("part", range(8))
def test_every_reference_passes(part: int) -> None:
    """Several in one process, which is the faster way; ``code verify`` gives each reference, and each starter, one of its own."""
    tests = [str(SOLUTIONS / f"test_{name}.py") for name in NAMES[part::8]]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, *tests],
        env={**os.environ, "PYTHONPATH": str(SOLUTIONS)},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_verify_finds_nothing_wrong_with_a_few_problems(fresh: Path) -> None:
    """The small version of the torture test, which verifies all."""
    command = [sys.executable, "-m", "flashprep", "code", "verify", *(name.replace("_", "-") for name in QUICK)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)
    assert re.fullmatch(r"2 problems, \d+ tests: all good\n", done.stdout), done.stdout + done.stderr


@pytest.mark.torture
def test_every_reference_passes_every_starter_fails_and_no_file_is_stray(fresh: Path) -> None:
    command = [sys.executable, "-m", "flashprep", "code", "verify"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)
    assert re.fullmatch(r"56 problems, \d{4} tests: all good\n", done.stdout), done.stdout + done.stderr


@pytest.mark.parametrize("name", NAMES)
def test_a_problem_has_wrong_versions_that_are_whole_modules(name: str) -> None:
    versions = list(wrong_versions(name))
    assert len(versions) >= 3
    reference = ast.unparse(ast.parse((SOLUTIONS / f"{name}.py").read_text(encoding="utf-8")))
    sources = {ast.unparse(ast.parse(version.source)) for version in versions}
    assert reference not in sources and len(sources) == len(versions)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_called_equivalent_is_a_mutant_and_has_a_reason(name: str) -> None:
    same = listed(name).get("equivalent", {})
    keys = {mutant.key for mutant in mutants((SOLUTIONS / f"{name}.py").read_text(encoding="utf-8"))}
    assert set(same) <= keys
    assert all(len(reason.split()) >= 3 for reason in same.values())


@pytest.mark.parametrize("name", QUICK)
def test_the_tests_of_a_quick_problem_reject_every_wrong_version(name: str, tmp_path: Path) -> None:
    """The small version of ``poe mutants``, which does it for all."""
    for version in wrong_versions(name):
        (tmp_path / f"{name}.py").write_text(version.source, encoding="utf-8")
        found = judge(name, tmp_path / f"{name}.py", SOLUTIONS / f"test_{name}.py")
        assert found.outcome in (v.FAILED, v.TIMED_OUT, v.MEMORY), version.key


def test_the_measure_of_the_tests_runs_and_reports() -> None:
    done = subprocess.run(
        [sys.executable, "tools/mutants.py", "merge_intervals"],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "mutants rejected" in done.stdout and "wrong versions rejected" in done.stdout


def test_mutants_are_different_programs() -> None:
    made = list(mutants(MUTATED))
    assert len({mutant.source for mutant in made}) == len(made) > 20
    for mutant in made:
        compile(mutant.source, "mutant", "exec")


def _judged(name: str) -> tuple[str, v.Verdict]:
    return name, judge(name, SOLUTIONS / f"{name}.py", SOLUTIONS / f"test_{name}.py", Limits(seconds=120))


@pytest.mark.torture
def test_every_reference_passes_twenty_times_in_a_row_on_a_loaded_machine() -> None:
    """Three problems at a time on each core: no test of a problem depends on luck."""
    workers = 3 * (os.cpu_count() or 1)
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        for turn in range(20):
            found = dict(pool.map(_judged, NAMES))
            assert {name: verdict for name, verdict in found.items() if not verdict.ok} == {}, turn
            print(f"turn {turn + 1} passed", flush=True)
