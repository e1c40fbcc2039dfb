"""Pytest on one test file: the first failing test, and what it comes to as input, expected and got."""

import ast
import contextlib
import importlib
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol  # as pytest-rerunfailures does it

from flashprep.practice.inside.recorder import Recorder
from flashprep.practice.inside.shown import LONGEST, difference, shown
from flashprep.practice.inside.statements import asked, covering, remark_of, wanted_error, wanted_value

_RUN_AGAIN_S = 2.0  # a test that failed within this time runs again under the recorder
_OPERATORS = {"==": "", "is": "", "!=": "anything but ", "is not": "anything but "}

Say = Callable[..., None]


def judge(job: dict[str, Any], say: Say) -> None:
    """Run the tests and say what happens; nothing that the user's code raises gets out."""
    if not _compiles(job["attempt"], say):
        return
    reporter = Reporter(job, say)
    try:
        importlib.import_module(job["name"])
    except BaseException as error:  # SystemExit too
        reporter.not_imported(error)
        return
    options = ["-x", "-s", "-p", "no:cacheprovider", "-p", "no:terminal", "-p", "no:debugging", "--noconftest"]
    options += ["--import-mode=importlib", "-c", os.devnull, "--rootdir", job["temporary"]]
    options += ["--basetemp", os.path.join(job["temporary"], "pytest"), job["tests"]]
    try:
        pytest.main(options, plugins=[reporter])
    except BaseException as error:  # the attempt may have done anything to pytest
        reporter.ended(error)
    else:
        reporter.finished()


def _compiles(attempt: str, say: Say) -> bool:
    try:
        with open(attempt, "rb") as file:
            compile(file.read(), attempt, "exec", dont_inherit=True)
    except SyntaxError as error:
        text = (error.text or "").rstrip("\n")
        say("syntax", line=error.lineno or 1, column=error.offset or 1, text=text, message=str(error.msg))
        return False
    except (ValueError, RecursionError, MemoryError) as error:  # a null byte, or a thousand brackets
        say("syntax", line=1, column=1, text="", message=str(error) or type(error).__name__)
        return False
    return True


@contextlib.contextmanager
def silence() -> Iterator[None]:
    """Let what is printed meanwhile go nowhere: it was printed once already."""
    kept = []
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    with open(os.devnull, "w") as nothing:
        for fd in (1, 2):
            kept.append(os.dup(fd))
            os.dup2(nothing.fileno(), fd)
    try:
        yield
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
        for fd, copy in zip((1, 2), kept, strict=True):
            os.dup2(copy, fd)
            os.close(copy)


class Reporter:
    """A plugin that says what the tests do, and what went wrong first."""

    def __init__(self, job: dict[str, Any], say: Say) -> None:
        self.name, self.attempt, self.tests = job["name"], job["attempt"], job["tests"]
        self.say = say
        self.passed = 0
        self.over = False
        self.compared: tuple[str, Any, Any] | None = None

    # -- hooks of pytest

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Say how many tests there are."""
        if session.items:
            self.say("collected", tests=len(session.items))
        else:
            self._broken("there is no test in it")

    def pytest_exception_interact(self, node: Any, call: pytest.CallInfo[Any], report: Any) -> None:
        """Say why the tests could not even be imported."""
        if isinstance(report, pytest.CollectReport) and call.excinfo is not None:
            self._not_collected(call.excinfo.value)

    def pytest_assertrepr_compare(self, config: Any, op: str, left: Any, right: Any) -> None:
        """Keep what a failed comparison compared."""
        self.compared = (op, left, right)

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Say that the attempt raised what usually a user's Ctrl-C raises."""
        self.ended(excinfo.value)

    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> bool:
        """Run a test; if it fails, run it once more to see with which calls."""
        self.say("test", name=item.name)
        self.compared = None
        began = time.monotonic()
        failure = self._run(item, nextitem)
        if failure is None:
            self.passed += 1
            self.say("passed", passed=self.passed)
            return True
        recorder = Recorder(self.tests, self.attempt)
        again: BaseException | None = failure
        if time.monotonic() - began < _RUN_AGAIN_S and not isinstance(failure, MemoryError):
            compared, self.compared = self.compared, None
            with silence(), recorder:
                again = self._run(item, nextitem)
            if again is None:
                self.compared = compared
        self._failed(item.name, again or failure, recorder, sometimes=again is None)
        item.session.shouldfail = "stopping after the first failure"
        return True

    # -- what went wrong

    def _run(self, item: pytest.Item, nextitem: pytest.Item | None) -> BaseException | None:
        if hasattr(item, "_request"):
            item._initrequest()  # type: ignore[attr-defined]
        self._error: BaseException | None = None
        reports = runtestprotocol(item, log=False, nextitem=nextitem)
        bad = next((report for report in reports if report.failed), None)
        return (self._error or AssertionError(str(bad.longrepr))) if bad else None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
        """Keep the error of a test."""
        report = yield
        if call.excinfo is not None and report.failed and self._error is None:
            self._error = call.excinfo.value
        return report

    def finished(self) -> None:
        """Say that all tests were run."""
        if not self.over:
            self.over = True
            self.say("end", passed=self.passed)

    def ended(self, error: BaseException) -> None:
        """Say that the attempt ended the run, such as with sys.exit()."""
        if not self.over:
            self.over = True
            self.say("stopped", message=_said(error), line=self._line(error.__traceback__, self.attempt))

    def _broken(self, message: str, line: int = 0) -> None:
        if not self.over:
            self.over = True
            self.say("broken", message=message, line=line)

    def not_imported(self, error: BaseException) -> None:
        """Say why the attempt could not be imported."""
        if not isinstance(error, Exception):
            self.ended(error)
            return
        self.over = True
        at = self._line(error.__traceback__, self.attempt)
        facts = {"test": "", "line": 0, "input": [], "expected": "", "at": at, "note": "while the file is imported"}
        self.say("failed", **facts, got=_said(error), memory=_memory(error))

    def _not_collected(self, error: BaseException) -> None:
        if self.over:
            return
        cause = error.__cause__ if type(error).__name__ == "CollectError" else error
        inner = cause if isinstance(cause, BaseException) else error
        if isinstance(inner, ImportError) and inner.name == self.name:
            self.over = True
            self.say("missing", name=getattr(inner, "name_from", None) or str(inner).split("'")[1])
        elif isinstance(inner, SyntaxError):
            self._broken(str(inner.msg), inner.lineno or 0)
        elif isinstance(inner, ModuleNotFoundError):
            self._broken(
                f"it imports {inner.name}, which is not installed", self._line(inner.__traceback__, self.tests)
            )
        else:
            self._broken(_said(inner), self._line(inner.__traceback__, self.tests))

    def _failed(self, test: str, error: BaseException, recorder: Recorder, sometimes: bool) -> None:
        self.over = True
        line = self._line(error.__traceback__, self.tests)
        at = self._line(error.__traceback__, self.attempt)
        statement = next(reversed(covering(self.tests, line)), None)
        first, last = (statement.lineno, statement.end_lineno or line) if statement else (line, line)
        expected, got, note = self._expectation(error, statement, recorder, line, at)
        story = recorder.story(first, last)
        if not story and statement is not None and expected:
            story = (asked(statement),)
        if sometimes:
            note = "; ".join(part for part in (note, "it passed when it ran again: a race, or chance?") if part)
        facts = {"test": test, "line": line, "input": list(story), "at": at, "note": note}
        self.say("failed", **facts, expected=expected, got=got, memory=_memory(error))

    def _expectation(
        self, error: BaseException, statement: ast.stmt | None, recorder: Recorder, line: int, at: int
    ) -> tuple[str, str, str]:
        """Return expected, got and a remark."""
        if isinstance(error, pytest.fail.Exception):
            words = str(error)
            if "DID NOT RAISE" in words:
                name = wanted_error(self.tests, line) or words.partition("DID NOT RAISE ")[2] or "an error"
                given = f"no error, but {shown(recorder.returned[0])}" if recorder.returned else "no error"
                return name, given, ""
            return "", words.split("\n")[0][:LONGEST], ""
        asserted = statement.test if isinstance(statement, ast.Assert) else None
        if not isinstance(error, AssertionError) or at:
            wanted = wanted_value(asserted) or wanted_error(self.tests, line)
            return wanted, _said(error), ""
        remark = remark_of(statement, error)
        if self.compared is not None:
            op, left, right = self.compared
            expected = f"{_OPERATORS.get(op, op + ' ')}{shown(right)}"
            return expected, shown(left), remark or (difference(left, right) if op == "==" else "")
        if remark:
            return "", remark, ""
        if isinstance(asserted, ast.UnaryOp):
            return "False", "True", ""
        if asserted is not None and recorder.returned and isinstance(asserted, ast.Call | ast.Name):
            return "True", shown(recorder.returned[0]) if isinstance(asserted, ast.Call) else "False", ""
        if asserted is not None:
            return f"{ast.unparse(asserted)[:LONGEST]}", "that is not so", ""
        return "", _said(error), ""

    @staticmethod
    def _line(trace: TracebackType | None, file: str) -> int:
        """Return the line of the innermost frame in a file, 0 where there is none."""
        found = 0
        for frame, line in traceback.walk_tb(trace):
            if frame.f_code.co_filename == file:
                found = line
        return found


def _memory(error: BaseException) -> bool:
    return isinstance(error, MemoryError)


def _said(error: BaseException) -> str:
    try:
        words = str(error).strip().split("\n")[0]
    except Exception:
        words = ""
    text = f"{type(error).__name__}: {words}" if words else type(error).__name__
    return text[:LONGEST]
