"""The judge: every attempt, however it behaves, ends as a verdict within its limits, and leaves no process behind."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from flashprep.practice import verdict as v
from flashprep.practice.judge import judge
from flashprep.practice.limits import MIB, Limits
from flashprep.practice.verdict import Case, Verdict

GOOD = "def double(x):\n    return 2 * x\n"
TESTS = """\
import pytest

from double import double


def test_zero():
    assert double(0) == 0


def test_numbers_are_doubled():
    for x in (1, 5, -3):
        assert double(x) == 2 * x


def test_text_is_refused():
    with pytest.raises(TypeError):
        double(None)
"""
MARK = "flashprep-test-left-behind"


@pytest.fixture
def judged(tmp_path: Path) -> Callable[..., Verdict]:
    """Judge an attempt at doubling: ``judged(source, tests=..., seconds=3)``."""

    def run(source: str | bytes, tests: str = TESTS, **limits: int) -> Verdict:
        folder = tmp_path / "practice"
        folder.mkdir(exist_ok=True)
        (folder / "double.py").write_bytes(source if isinstance(source, bytes) else source.encode())
        (tmp_path / "test_double.py").write_text(tests)
        return judge("double", folder / "double.py", tmp_path / "test_double.py", Limits(**{"seconds": 20, **limits}))

    return run


def processes_with(mark: str) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if mark in " ".join(process.cmdline()):
                found.append(process)
        except psutil.Error:
            continue
    return found


# -- what the tests say


def test_a_right_attempt_passes(judged) -> None:
    found = judged(GOOD)
    assert (found.outcome, found.passed, found.total, found.case) == (v.PASSED, 3, 3, None)


def test_the_first_failing_case_is_input_expected_and_got(judged) -> None:
    found = judged("def double(x):\n    return x * x\n")
    assert (found.outcome, found.passed, found.total) == (v.FAILED, 1, 3)
    assert found.case == Case("test_numbers_are_doubled", 12, ("double(1)",), "2", "1")


def test_an_error_in_the_attempt_names_its_line_and_what_was_expected(judged) -> None:
    found = judged("def double(x):\n    y = {}\n    return y[x]\n")
    assert found.outcome == v.FAILED and found.case is not None
    case = found.case
    assert (case.input, case.expected, case.got, case.at) == (("double(0)",), "0", "KeyError: 0", 3)


def test_an_error_that_does_not_come_is_told_with_what_came_instead(judged) -> None:
    found = judged("def double(x):\n    return 2 * (x or 0)\n")
    assert found.case is not None
    assert (found.case.input, found.case.expected) == (("double(None)",), "TypeError")
    assert found.case.got == "no error, but 0"


def test_another_error_than_the_expected_one_is_told(judged) -> None:
    found = judged("def double(x):\n    if x is None: raise KeyError(x)\n    return 2 * x\n")
    assert found.case is not None
    assert (found.case.expected, found.case.got) == ("TypeError", "KeyError: None")


def test_an_object_is_told_by_the_calls_that_led_there(judged) -> None:
    tests = (
        "from double import Stack\n\ndef test_last_in_first_out():\n    s = Stack(2)\n    s.push('a')\n    s.push('b')\n"
        "    assert len(s) == 2\n    assert s.pop() == 'b'\n"
    )
    attempt = (
        "class Stack:\n    def __init__(self, size, name=''):\n        self.items = []\n    def push(self, x):\n"
        "        self.items.append(x)\n    def pop(self):\n        return self.items.pop(0)\n"
        "    def __len__(self):\n        return len(self.items)\n"
    )
    found = judged(attempt, tests)
    assert found.case is not None
    assert found.case.input == ("Stack(2)", "push('a')", "push('b')", "len(it)", "pop()")
    assert (found.case.expected, found.case.got) == ("'b'", "'a'")


def test_arguments_are_shown_as_they_were_at_the_call(judged) -> None:
    found = judged("def double(x):\n    x.clear()\n    return x\n", "from double import double\n\ndef test_a():\n"
                   "    assert double([1, 2]) == [2, 4]\n")  # fmt: skip
    assert found.case is not None and found.case.input == ("double([1, 2])",)


def test_linked_lists_and_trees_are_shown_by_their_values(judged) -> None:
    tests = (
        "from double import N, T, f\n\ndef test_a():\n    a = N(1); a.next = N(2); a.next.next = a\n"
        "    t = T(4); t.left = T(2); t.left.right = T(3)\n    assert f(a, t) == 1\n"
    )
    attempt = (
        "class N:\n    def __init__(self, val): self.val, self.next = val, None\n"
        "class T:\n    def __init__(self, val): self.val, self.left, self.right = val, None, None\n"
        "def f(a, t): return 0\n"
    )
    found = judged(attempt, tests)
    assert found.case is not None
    assert found.case.input == ("f(N[1, 2, back to the node at 0], T[4, 2, None, None, 3])",)


def test_long_values_are_cut_and_the_place_where_they_part_is_named(judged) -> None:
    tests = "from double import double\n\ndef test_a():\n    assert double(500) == list(range(500))\n"
    found = judged("def double(n):\n    return list(range(400)) + [7] * 100\n", tests)
    assert found.case is not None
    assert len(found.case.expected) < 250 and len(found.case.got) < 250
    assert "index 400: 7 instead of 400" in found.case.note


def test_an_attempt_may_have_a_repr_that_raises(judged) -> None:
    attempt = "class Odd:\n    def __repr__(self): raise ValueError\ndef double(x):\n    return Odd()\n"
    found = judged(attempt)
    assert found.case is not None and "repr raises ValueError" in found.case.got


def test_the_message_of_an_assertion_is_told(judged) -> None:
    tests = "from double import double\n\ndef test_a():\n    assert double(1) < 1, 'far too many operations'\n"
    found = judged(GOOD, tests)
    assert found.case is not None
    assert (found.case.expected, found.case.got, found.case.note) == ("< 1", "2", "far too many operations")


def test_an_assertion_that_compares_nothing_is_told_by_its_message(judged) -> None:
    tests = "from double import double\n\ndef test_a():\n    assert not double(1), 'the call is still blocked'\n"
    found = judged(GOOD, tests)
    assert found.case is not None
    assert (found.case.input, found.case.got) == (("double(1)",), "the call is still blocked")


def test_functions_are_shown_by_their_names(judged) -> None:
    found = judged("def double(f):\n    return 0\n", "from double import double\n\ndef load():\n    pass\n\ndef test_a():\n"
                   "    assert double(load) == 1\n")  # fmt: skip
    assert found.case is not None and found.case.input == ("double(load)",)


def test_a_failure_that_comes_and_goes_is_called_so(judged) -> None:
    attempt = "runs = []\ndef double(x):\n    runs.append(x)\n    return 7 if len(runs) == 1 else 2 * x\n"
    found = judged(attempt)
    assert found.outcome == v.FAILED and found.case is not None and "a race, or chance?" in found.case.note


def test_what_the_attempt_printed_is_kept_once(judged) -> None:
    found = judged("def double(x):\n    print('debug', x)\n    return 7\n")
    assert found.printed == "debug 0\n"


def test_a_starter_fails(judged) -> None:
    found = judged("def double(x):\n    raise NotImplementedError\n")
    assert found.outcome == v.FAILED and found.case is not None and found.case.got == "NotImplementedError"


# -- files that are no attempt, and tests that cannot judge


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("def double(x)\n    return 1\n", 1, "expected ':'"),
        ("def double(x):\n    return (1\n", 2, "never closed"),
        ("x = 1\n  y = 2\n", 2, "unexpected indent"),
        ("x = 1\0\n", 1, "null bytes"),
        (b"x = '\xff'\n", 1, "utf-8"),
    ],
)
def test_a_file_that_is_no_python_is_a_syntax_error_with_its_line(source, line: int, words: str, judged) -> None:
    found = judged(source)
    assert (found.outcome, found.line) == (v.SYNTAX, line)
    assert words in found.detail


def test_a_name_that_the_tests_import_and_the_attempt_lacks_is_named(judged) -> None:
    found = judged("def doubled(x):\n    return 2 * x\n")
    assert found.outcome == v.FAILED and "your file has no double" in found.detail


def test_an_import_that_fails_is_told_with_its_line(judged) -> None:
    found = judged("import math\nimport not_there_at_all\n" + GOOD)
    assert found.outcome == v.FAILED and found.case is not None
    assert (found.case.got, found.case.at) == ("ModuleNotFoundError: No module named 'not_there_at_all'", 2)


@pytest.mark.parametrize(
    ("tests", "words"),
    [
        ("def test_a(:\n", "line 1"),
        ("import not_there_at_all\n\ndef test_a():\n    pass\n", "it imports not_there_at_all, which is not installed"),
        ("from double import double\n", "there is no test in it"),
        ("from double import double\n\nraise ValueError('no')\n", "line 3: ValueError: no"),
    ],
)
def test_tests_that_cannot_judge_are_blamed_and_not_the_attempt(tests: str, words: str, judged) -> None:
    found = judged(GOOD, tests)
    assert found.outcome == v.UNJUDGED and words in found.detail


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    found = judge("double", tmp_path / "double.py", tmp_path / "test_double.py")
    assert found.outcome == v.UNJUDGED and str(tmp_path / "double.py") in found.detail


# -- attempts that misbehave

INSIDE = "def double(x):\n    {}\n    return 2 * x\n"


def test_an_endless_loop_is_timed_out_and_its_line_named(judged) -> None:
    began = time.monotonic()
    found = judged("def double(x):\n    while True:\n        x += 1\n", seconds=2)
    assert (found.outcome, found.line in (2, 3)) == (v.TIMED_OUT, True)
    assert "test_zero" in found.detail
    assert time.monotonic() - began < 15


def test_a_loop_that_catches_everything_is_ended_too(judged) -> None:
    attempt = "def double(x):\n    while True:\n        try:\n            while True: pass\n        except BaseException: pass\n"
    assert judged(attempt, seconds=2).outcome == v.TIMED_OUT


def test_a_hang_in_a_thread_is_timed_out(judged) -> None:
    attempt = (
        "import threading, time\ndef double(x):\n    thread = threading.Thread(target=time.sleep, args=(1000,))\n"
        "    thread.start()\n    thread.join()\n"
    )
    found = judged(attempt, seconds=2)
    assert (found.outcome, found.line) == (v.TIMED_OUT, 5)


def test_a_thread_that_never_ends_does_not_hold_up_a_verdict(judged) -> None:
    attempt = f"import threading, time\nthreading.Thread(target=time.sleep, args=(1000,)).start()\n{GOOD}"
    assert judged(attempt).outcome == v.PASSED


def test_four_gigabytes_are_too_much_memory(judged) -> None:
    found = judged(INSIDE.format("y = bytearray(4 << 30)"))
    assert (found.outcome, found.line) == (v.MEMORY, 2)


def test_memory_that_grows_bit_by_bit_is_too_much_at_the_limit(judged) -> None:
    attempt = "def double(x):\n    y = []\n    while True:\n        y.append(bytearray(1 << 20))\n"
    assert judged(attempt, memory=256 * MIB).outcome == v.MEMORY


def test_a_gigabyte_of_output_is_too_much(judged) -> None:
    found = judged("def double(x):\n    for _ in range(1 << 20):\n        print('x' * 1023)\n")
    assert found.outcome == v.OUTPUT and len(found.printed) < 10_000


@pytest.mark.parametrize(
    "bomb",
    [
        "while True: __import__('os').fork()",
        "while True: __import__('subprocess').Popen(['sleep', '60'])",
        "while True: __import__('multiprocessing').get_context('fork').Process(target=print).start()",
    ],
)
def test_a_fork_bomb_is_too_many_processes(bomb: str, judged) -> None:
    found = judged(INSIDE.format(bomb), seconds=15)
    assert found.outcome == v.PROCESSES


def test_a_bomb_in_a_process_of_the_attempt_is_ended_too(judged) -> None:
    shell = f"f() {{ sleep 30 & f; }}; f # {MARK}-shell"
    found = judged(INSIDE.format(f"__import__('os').system({shell!r})"), seconds=15)
    assert found.outcome in (v.PROCESSES, v.TIMED_OUT)
    assert processes_with(f"{MARK}-shell") == []


def test_more_threads_than_there_is_memory_for_end_as_a_verdict(judged) -> None:
    attempt = INSIDE.format(
        "while True: __import__('threading').Thread(target=__import__('time').sleep, args=(9,)).start()"
    )
    found = judged(attempt, seconds=10)
    assert found.outcome in (v.FAILED, v.MEMORY, v.TIMED_OUT)


@pytest.mark.parametrize(
    "ending",
    [
        "import sys\nsys.exit(0)\n",
        "import sys\ndef double(x):\n    sys.exit(0)\n",
        "import os\nos._exit(0)\n",
        "import os\ndef double(x):\n    os._exit(0)\n",
        "def double(x):\n    raise KeyboardInterrupt\n",
        "raise SystemExit\n",
        "import os\ndef double(x):\n    os.kill(os.getpid(), 9)\n",
        "import os\ndef double(x):\n    os.killpg(0, 9)\n",
        "import ctypes\ndef double(x):\n    ctypes.string_at(0)\n",
        "import os\ndef double(x):\n    os.closerange(3, 100)\n    os._exit(0)\n",
        "import pytest\npytest.main = None\n" + GOOD,
    ],
)
def test_whatever_ends_the_run_early_is_no_pass(ending: str, judged) -> None:
    found = judged(ending)
    assert found.outcome in (v.STOPPED, v.FAILED)
    assert found.detail or found.case


def test_a_stopped_process_is_timed_out(judged) -> None:
    attempt = "import os, signal\ndef double(x):\n    os.kill(os.getpid(), signal.SIGSTOP)\n"
    assert judged(attempt, seconds=2).outcome == v.TIMED_OUT


def test_files_beside_an_attempt_hide_no_module_but_help(judged, tmp_path: Path) -> None:
    folder = tmp_path / "practice"
    folder.mkdir()
    for name in ("pytest", "_pytest", "heapq", "random", "json", "typing", "double_trouble"):
        (folder / f"{name}.py").write_text("raise SystemExit(3)\n")
    (folder / "helper.py").write_text("FACTOR = 2\n")
    found = judged("import heapq, random, json\nfrom helper import FACTOR\ndef double(x):\n    return FACTOR * x\n")
    assert found.outcome == v.PASSED


@pytest.mark.parametrize(
    "left",
    [
        f"subprocess.Popen(['sleep', '987', '{MARK}'])",
        f"subprocess.Popen(['sleep', '987', '{MARK}'], start_new_session=True, env={{}})",
        f"subprocess.Popen(['sh', '-c', 'setsid sleep 987 {MARK} &'], start_new_session=True, env={{'PATH': os.environ['PATH']}})",
    ],
)
def test_no_process_is_left_behind(left: str, judged) -> None:
    if sys.platform != "linux" and "new_session" in left:
        pytest.skip("only Linux hands orphans to us")
    found = judged(f"import os, subprocess\n{left.replace('987 ' + MARK, '987')}\n{GOOD}")
    assert found.outcome == v.PASSED
    assert [process for process in processes_with("987") if process.name() == "sleep"] == []


def test_nothing_of_the_environment_gets_in_but_what_a_program_needs(judged, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("FLASHPREP_HOME", "/somewhere")
    found = judged(
        "import os\nprint(sorted(os.environ), os.getcwd(), os.environ['HOME'])\ndef double(x):\n    return 7\n"
    )
    assert "SECRET" not in found.printed and "FLASHPREP" not in found.printed and "PATH" in found.printed
    assert os.environ.get("HOME", "/root") not in re.split(r"[\s]", found.printed)


def test_a_run_leaves_nothing_in_the_practice_folder(judged, tmp_path: Path) -> None:
    tests = TESTS.replace("def test_zero():", "def test_zero(tmp_path):\n    (tmp_path / 'x').write_text('y')")
    assert judged(GOOD, tests).outcome == v.PASSED
    assert [path.name for path in (tmp_path / "practice").iterdir()] == ["double.py"]


def test_an_attempt_that_closes_the_report_is_no_pass(judged) -> None:
    found = judged("import os\nos.closerange(3, 200)\n" + GOOD, seconds=5)
    assert not found.ok


def test_a_child_of_the_attempt_does_not_report_in_its_place(judged) -> None:
    found = judged("import os\ndef double(x):\n    os.fork()\n    return 2 * x\n")
    assert found.outcome in (v.PASSED, v.PROCESSES) and found.passed <= found.total
