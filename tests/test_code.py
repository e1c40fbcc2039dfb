"""``flashprep code``: starting, testing, watching, showing and verifying problems, and what is kept of the attempts."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from flashprep.collection import Collection
from flashprep.store import backup, practice, sql

DECK = """\
---
deck: Numbers
---

## Coding: Double a number {#double-it solution=double minutes=10 .prio}

Return twice the number, as `int`.

```python
def double(x: int) -> int: ...
```

### Approach

Add it to ==itself==.

### Complexity

O(1).

## Coding: Only to recall {#only-recall}

### Trap

None.

## Concept: What is a number? {#number}

A thing to count with.
"""
REFERENCE = '''\
"""Double: one addition.

Invariant: none. Time: O(1). Space: O(1).
"""


def double(x: int) -> int:
    """Return twice the number."""
    return x + x
'''
TESTS = """\
import pytest

from double import double


@pytest.mark.parametrize("x", [0, 1, 21, -4])
def test_numbers_are_doubled(x: int) -> None:
    assert double(x) == 2 * x
"""
RIGHT = "def double(x):\n    return 2 * x\n"
WRONG = "def double(x):\n    return x * x\n"


@pytest.fixture
def own(deck: Callable[..., Path]) -> Path:
    """The user's deck with a coding problem; returns the folder of its solutions."""
    solutions = deck(DECK).parent / "solutions"
    solutions.mkdir()
    (solutions / "double.py").write_text(REFERENCE)
    (solutions / "test_double.py").write_text(TESTS)
    return solutions


@pytest.fixture
def attempt(home: Path) -> Path:
    """Where the user's attempt lies."""
    return home / "practice" / "double-it" / "double.py"


@pytest.fixture
def write(own: Path, attempt: Path, said: Callable) -> Callable[[str], None]:
    """Start the problem and write an attempt."""

    def put(source: str) -> None:
        if not attempt.exists():
            said("code", "start", "double-it", ok=True)
        attempt.write_text(source)

    return put


# -- start and reset


def test_start_lays_a_starter_and_says_which_file(own: Path, attempt: Path, said: Callable) -> None:
    out = said("code", "start", "double-it", ok=True).out
    assert str(attempt) in out and "goal 10 min" in out
    source = attempt.read_text()
    assert "Double a number" in source and "Return twice the number, as `int`." in source
    assert "def double(x: int) -> int:" in source and "raise NotImplementedError" in source
    assert "x + x" not in source and "one addition" not in source


@pytest.mark.parametrize("name", ["double-it", "double-it/solve", "double-it/complexity", "double"])
def test_a_problem_is_meant_by_its_note_its_cards_or_its_solution(name: str, own: Path, said: Callable) -> None:
    assert "double.py" in said("code", "start", name, ok=True).out


def test_start_goes_on_with_an_attempt_that_is_not_solved(write, attempt: Path, said: Callable) -> None:
    write(WRONG)
    assert "gone on with" in said("code", "start", "double-it", ok=True).out
    assert attempt.read_text() == WRONG


def test_start_after_a_pass_begins_anew_and_keeps_what_was_solved(write, attempt: Path, said: Callable) -> None:
    write(RIGHT)
    said("code", "test", "double-it", ok=True)
    out = said("code", "start", "double-it", ok=True).out
    (kept,) = (attempt.parent / "kept").iterdir()
    assert str(kept) in out and kept.read_text() == RIGHT
    assert "NotImplementedError" in attempt.read_text()


def test_reset_keeps_every_old_attempt(write, attempt: Path, said: Callable) -> None:
    for source in (WRONG, RIGHT, WRONG + "# again\n"):
        write(source)
        assert "kept" in said("code", "reset", "double-it", ok=True).out
    assert sorted(path.read_text() for path in (attempt.parent / "kept").iterdir()) == sorted(
        [WRONG, RIGHT, WRONG + "# again\n"]
    )
    assert "kept" not in said("code", "reset", "double-it", ok=True).out  # an untouched starter is no attempt


def test_the_attempt_of_a_renamed_note_stays_its_attempt(write, attempt: Path, deck: Callable, said: Callable) -> None:
    write(RIGHT)
    deck(DECK.replace("#double-it ", "").replace("Double a number", "Twice a number"))
    said("today")
    deck(DECK.replace(" {#double-it solution=double minutes=10 .prio}", " {solution=double}"))
    assert said("code", "list", "--json", ok=True).json[0]["attempt"].endswith("double.py")


# -- test


def test_a_pass_is_short_and_exits_with_zero(write, said: Callable) -> None:
    write(RIGHT)
    passed = said("code", "test", "double-it", ok=True)
    assert re.search(r"✓ passed all 4 tests in \d+\.\d s", passed.out) and "solved in 0:00, goal 10:00" in passed.out


def test_a_failure_shows_the_first_failing_case_and_exits_with_one(write, said: Callable) -> None:
    write("def double(x):\n    print('hello')\n    return x * x\n")
    failed = said("code", "test", "double-it")
    assert failed.code == 1
    assert "failed test 2 of 4: numbers are doubled[1]" in failed.out
    for line in ("input     double(1)", "expected  2", "got       1", "│ hello"):
        assert line in failed.out


def test_the_verdict_as_json(write, said: Callable) -> None:
    write(WRONG)
    found = said("code", "test", "double-it", "--json").json
    assert (found["verdict"], found["passed"], found["tests"], found["proposed"]) == ("failed", 1, 4, 1)
    assert found["case"]["input"] == ["double(1)"]
    assert found["attempt"]["verdict"] == "failed" and found["rated"] is None


def test_a_syntax_error_names_file_and_line(write, said: Callable) -> None:
    write("def double(x)\n    return x\n")
    failed = said("code", "test", "double-it")
    assert failed.code == 1 and "syntax error at line 1 of double.py: expected ':'" in failed.out
    assert "    def double(x)" in failed.out


def test_the_limits_are_those_of_the_config(write, home: Path, said: Callable) -> None:
    (home / "config.toml").write_text("built_in_decks = false\ncode_seconds = 1\n")
    write("def double(x):\n    while True: pass\n")
    failed = said("code", "test", "double-it")
    assert failed.code == 1 and "timed out: no end after 1 s" in failed.out and "at line 2 of double.py" in failed.out


# -- mistakes


@pytest.mark.parametrize("command", ["start", "test", "watch", "show", "diff", "reset", "verify"])
def test_an_unknown_id_offers_the_nearest(command: str, own: Path, said: Callable) -> None:
    failed = said("code", command, "duoble-it")
    assert failed.code == 2 and failed.err.strip().count("\n") == 0
    assert "no coding problem 'duoble-it'; did you mean 'double-it'?" in failed.err


def test_what_cannot_be_solved_says_why(own: Path, said: Callable) -> None:
    assert "is no coding problem, but a concept" in said("code", "start", "number", ok=False).err
    assert "has no solution to be judged by" in said("code", "start", "only-recall", ok=False).err


def test_testing_before_starting_says_how_to_start(own: Path, said: Callable) -> None:
    assert "'flashprep code start double-it'" in said("code", "test", "double-it", ok=False).err
    assert "'flashprep code start double-it'" in said("code", "diff", "double-it", "--yes", ok=False).err


@pytest.mark.parametrize("command", ["start", "test", "reset"])
def test_missing_tests_are_one_message(command: str, write, own: Path, said: Callable) -> None:
    write(RIGHT)
    (own / "test_double.py").unlink()
    failed = said("code", command, "double-it")
    assert failed.code == 2 and "test_double.py is not there" in failed.err


@pytest.mark.parametrize(
    ("tests", "words"),
    [
        ("def test_a(:\n", "line 1: invalid syntax"),
        ("import not_there\n\ndef test_a(): pass\n", "it imports not_there, which is not installed"),
        ("", "there is no test in it"),
    ],
)
def test_broken_tests_are_one_message_and_no_attempt(tests: str, words: str, write, own: Path, said: Callable) -> None:
    write(RIGHT)
    (own / "test_double.py").write_text(tests)
    failed = said("code", "test", "double-it")
    assert failed.code == 2 and "not judged: test_double.py" in failed.out and words in failed.out
    (one,) = said("code", "list", "--json", ok=True).json
    assert one["attempts"][-1]["runs"] == 0


def test_a_broken_reference_is_one_message(own: Path, said: Callable) -> None:
    (own / "double.py").write_text("def double(x:\n")
    failed = said("code", "start", "double-it")
    assert failed.code == 2 and "double.py:1 is no Python" in failed.err
    (own / "double.py").unlink()
    assert "cannot read" in said("code", "start", "double-it", ok=False).err


def test_without_an_editor_start_still_lays_the_starter(own: Path, attempt: Path, run: Callable) -> None:
    program = "import sys, os; sys.stdin.isatty = lambda: True; sys.argv = ['flashprep', 'code', 'start', 'double']\n"
    program += "from flashprep.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "EDITOR": "no-such-editor", "VISUAL": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2 and attempt.is_file() and str(attempt) in done.stdout
    assert "cannot start the editor 'no-such-editor'" in done.stderr and "Traceback" not in done.stderr


def test_a_solution_with_the_name_of_a_module_is_reported(own: Path, deck: Callable, said: Callable) -> None:
    deck(DECK.replace("solution=double", "solution=heapq"))
    assert "taken-solution" in said("check", "--format", "concise", ok=False).out


# -- show and diff


def test_an_unsolved_reference_is_not_spoiled_unasked(write, said: Callable) -> None:
    write(WRONG)
    for command in ("show", "diff"):
        refused = said("code", command, "double-it")
        assert refused.code == 2 and "would spoil it" in refused.err and "x + x" not in refused.out
    assert said("code", "show", "double-it", "--yes", ok=True).out == REFERENCE
    assert "+    return x + x" in said("code", "diff", "double-it", "--yes", ok=True).out


def test_a_solved_reference_is_shown_without_asking(write, said: Callable) -> None:
    write(RIGHT)
    said("code", "test", "double-it", ok=True)
    assert said("code", "show", "double-it", ok=True).out == REFERENCE
    assert said("code", "diff", "double-it", ok=True).out


def test_a_pass_after_the_reference_was_shown_is_rated_hard(write, said: Callable) -> None:
    write(RIGHT)
    said("code", "show", "double-it", "--yes", ok=True)
    out = said("code", "test", "double-it", "--rate", ok=True).out
    assert "with help" in out and "rated Hard" in out


# -- what is kept


def test_attempts_are_kept_with_when_how_long_and_what_came_of_them(
    write, said: Callable, clock: Callable[[str], None]
) -> None:
    write(WRONG)
    clock("2026-03-02T08:07:30+01:00")
    said("code", "test", "double-it")
    write(RIGHT)
    clock("2026-03-02T08:12:00+01:00")
    said("code", "test", "double-it", "--rate", ok=True)
    clock("2026-03-02T09:30:00+01:00")
    said("code", "test", "double-it", ok=True)  # solved is solved
    (row,) = (row for row in said("show", "double-it", "--json", ok=True).json if row["exercise"])
    assert row["attempts"] == [
        {
            "at": "2026-03-02T08:00:00+01:00",
            "day": "2026-03-02",
            "spent_ms": 12 * 60_000,
            "verdict": "passed",
            "runs": 2,
            "helped": False,
            "source": "code",
        }
    ]
    assert row["reps"] == 1
    (entry,) = said("log", "--json", ok=True).json
    assert (entry["card"], entry["rating"], entry["duration_ms"]) == ("double-it/solve", 2, 12 * 60_000)
    shown = said("show", "double-it", ok=True).out
    assert "2026-03-02 08:00  passed after 12:00, 2 runs" in shown and "goal" in shown
    assert said("stats", "--json", ok=True).json["problems"] == {
        "problems": 1,
        "solved": 1,
        "attempts": 1,
        "passed": 1,
        "spent_ms": 720_000,
    }
    assert "solved 1 of 1" in said("stats", ok=True).out


def test_the_list_tells_solved_tried_untried_and_due(write, said: Callable, clock: Callable[[str], None]) -> None:
    (one,) = said("code", "list", "--json", ok=True).json
    assert (one["state"], one["due"], one["goal_minutes"]) == ("never tried", False, 10)
    write(WRONG)
    said("code", "test", "double-it", "--rate")
    assert said("code", "list", ok=True).out.split("\t")[1] == "tried"
    clock("2026-03-04T08:00:00+01:00")
    assert said("code", "list", "--state", "due", ok=True).out.split("\t")[:3] == ["double-it", "tried", "due"]
    write(RIGHT)
    said("code", "test", "double-it", ok=True)
    assert len(said("code", "list", "--state", "solved", "--json", ok=True).json) == 1
    assert said("code", "list", "--state", "never-tried", "--json", ok=True).json == []
    assert "did you mean" in said("code", "list", "--state", "solvd", ok=False).err


def test_a_store_of_the_first_version_is_upgraded_after_a_backup(own: Path, home: Path, said: Callable) -> None:
    said("today", ok=True)
    with Collection() as collection:
        collection.rate(1, 3, 1000)
    with closing(sqlite3.connect(home / "flashprep.db")) as db:
        db.executescript(
            "DROP TABLE practice; DELETE FROM _sqlite_migrations WHERE name = '0002_practice'; PRAGMA user_version = 1"
        )
    said("code", "start", "double-it", ok=True)
    (kept,) = (home / "backups").glob("before-upgrade-from-1.db")
    assert backup.examine(kept).reviews == 1
    with closing(sqlite3.connect(home / "flashprep.db")) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (sql.PRIMARY_VERSION,)
        assert db.execute("SELECT kind FROM practice").fetchall() == [("start",)]


def test_attempts_survive_a_backup_and_a_rebuild(write, home: Path, said: Callable) -> None:
    write(RIGHT)
    said("code", "test", "double-it", ok=True)
    said("backup", str(home / "kept.db"), ok=True)
    said("doctor", "--rebuild", ok=True)
    assert said("code", "list", ok=True).out.split("\t")[1] == "solved"
    (home / "flashprep.db").unlink()
    said("restore", str(home / "kept.db"), "--yes", ok=True)
    assert said("code", "list", ok=True).out.split("\t")[1] == "solved"


def test_a_clock_that_was_set_back_keeps_the_order_of_what_happened(own: Path, said: Callable) -> None:
    said("today", ok=True)
    with Collection() as collection:
        for kind, at in (("start", 5000), ("help", 1000), ("test", 900)):
            practice.record(collection.db, 1, kind, 1, at, "passed" if kind == "test" else "", 7)
        (made,) = practice.attempts(collection.db, 1)
    assert (made.verdict, made.helped, made.runs) == ("passed", True, 1)


# -- watch


def test_watch_judges_at_each_save_until_it_is_stopped(write, attempt: Path) -> None:
    write(WRONG)
    process = subprocess.Popen(
        [sys.executable, "-m", "flashprep", "code", "watch", "double-it"], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    heard = ""

    def until(words: str) -> None:
        nonlocal heard
        limit = time.monotonic() + 30
        while words not in heard:
            assert time.monotonic() < limit, heard
            heard += process.stdout.readline()

    try:
        until("got       1")
        other = attempt.with_suffix(".new")  # as many editors save
        other.write_text(RIGHT)
        other.replace(attempt)
        until("passed all 4 tests")
        attempt.unlink()
        until("is gone")
        attempt.write_text("x = (\n")
        until("syntax error")
    finally:
        process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0


# -- verify


def test_verify_finds_nothing_wrong_with_a_sound_problem(own: Path, said: Callable) -> None:
    assert "1 problems, 4 tests: all good" in said("code", "verify", ok=True).out


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("double.py", REFERENCE.replace("x + x", "x * x"), "the reference does not pass: double(1): expected 2, got 1"),
        ("double.py", "def double(x:\n", "the reference does not pass"),
        ("test_double.py", "import double\n\ndef test_a(): pass\n", "the starter, which is to fail, passes the tests"),
        ("test_double.py", "def test_a(:\n", "the tests cannot be used"),
        ("double_old.py", "", "stray file"),
        ("notes.txt", "", "stray file"),
    ],
)
def test_verify_says_what_is_wrong(name: str, text: str, words: str, own: Path, said: Callable) -> None:
    (own / name).write_text(text)
    found = said("code", "verify")
    assert found.code == 1 and words in found.out
    assert said("code", "verify", "--json").json["stray" if "stray" in words else "problems"]


def test_verify_reports_files_that_are_missing(own: Path, said: Callable) -> None:
    (own / "test_double.py").unlink()
    assert "test_double.py is not there" in said("code", "verify", "double-it", ok=False).out


def test_a_note_that_takes_the_place_of_another_leaves_no_stray_file(own: Path, said: Callable, deck: Callable) -> None:
    deck(DECK.replace("solution=double", ""), name="a.md")
    said("today")
    assert said("code", "verify").out.count("stray") == 0


# -- add


def test_add_coding_makes_note_solution_and_tests_that_work_like_the_built_in_ones(home: Path, said: Callable) -> None:
    body = "Move items to the right.\n\n```python\ndef rotate(items: list[int], k: int) -> list[int]: ...\n```\n\n### Trap\n\nk > n.\n"
    out = said("add", "coding", "--title", "Rotate an array by k", "--body", body, "--deck", "Mine", ok=True).out
    solutions = home / "decks" / "solutions"
    reference, tests = solutions / "rotate_an_array_by_k.py", solutions / "test_rotate_an_array_by_k.py"
    assert str(reference) in out and str(tests) in out
    assert "solution=rotate_an_array_by_k" in (home / "decks" / "mine.md").read_text()
    assert "def rotate(items: list[int], k: int) -> list[int]:" in reference.read_text()
    assert "from rotate_an_array_by_k import rotate" in tests.read_text()
    assert said("check", ok=True).code == 0
    assert "does not pass" in said("code", "verify", ok=False).out  # it is still to be written

    reference.write_text("def rotate(items, k):\n    k %= len(items)\n    return items[-k:] + items[:-k]\n")
    tests.write_text(
        "from rotate_an_array_by_k import rotate\n\n\ndef test_a():\n    assert rotate([1, 2, 3], 1) == [3, 1, 2]\n"
    )
    assert "all good" in said("code", "verify", ok=True).out
    said("code", "start", "rotate-an-array-by-k", ok=True)
    assert said("code", "test", "rotate-an-array-by-k").code == 1
    (home / "practice/rotate-an-array-by-k/rotate_an_array_by_k.py").write_text(reference.read_text())
    assert said("code", "test", "rotate-an-array-by-k").code == 0


def test_add_coding_takes_a_free_name_and_keeps_what_is_there(home: Path, said: Callable) -> None:
    body = "### Trap\n\nx\n"
    said("add", "coding", "--title", "Heapq", "--body", body, ok=True)
    solutions = home / "decks" / "solutions"
    assert {path.name for path in solutions.iterdir()} == {"solve_heapq.py", "test_solve_heapq.py"}
    (solutions / "two_stacks.py").write_text("# mine\n")
    said("add", "coding", "--title", "Two stacks", "--body", body, ok=True)
    assert (solutions / "two_stacks.py").read_text() == "# mine\n"
    assert (solutions / "two_stacks_2.py").is_file()
    said("add", "coding", "--title", "Only an idea", "--body", body, "--no-solution", ok=True)
    assert not list(solutions.glob("*idea*"))
    assert said("check", ok=True).code == 0


def test_add_coding_from_standard_input_uses_the_name_it_gives(home: Path, run: Callable) -> None:
    text = "## Coding: Sum {#sum-it solution=sum_it}\n\n```python\ndef total(xs: list[int]) -> int: ...\n```\n\n### Trap\n\nEmpty.\n"
    run("add", "coding", input=text, ok=True)
    assert "def total" in (home / "decks/solutions/sum_it.py").read_text()
