"""What the tests say about an attempt. Pure."""

from __future__ import annotations

from typing import NamedTuple

PASSED, FAILED = "passed", "failed"
TIMED_OUT, MEMORY, OUTPUT, PROCESSES = "timed out", "too much memory", "too much output", "too many processes"
SYNTAX = "syntax error"  # the file is no Python
STOPPED = "stopped"  # the attempt ended its process: sys.exit(), a crash
UNJUDGED = "unjudged"  # something is wrong with the tests, not with the attempt
OUTCOMES = (PASSED, FAILED, TIMED_OUT, MEMORY, OUTPUT, PROCESSES, SYNTAX, STOPPED, UNJUDGED)


class Case(NamedTuple):
    """The first test that failed."""

    test: str  # name of the test function
    line: int  # of the test file, 0 where there is none
    input: tuple[str, ...]  # the calls that led to it, the failing one last
    expected: str
    got: str
    at: int = 0  # line of the attempt in which it raised, 0 where it did not
    note: str = ""


class Verdict(NamedTuple):
    """What became of one run of the tests."""

    outcome: str  # one of OUTCOMES
    passed: int = 0  # tests
    total: int = 0  # tests, 0 where they were not even read
    seconds: float = 0.0  # of the run
    case: Case | None = None
    detail: str = ""  # one line
    line: int = 0  # of the attempt, 0 where none is to blame
    printed: str = ""  # what the attempt wrote to its standard output and error, cut

    @property
    def ok(self) -> bool:
        """Tell whether all tests passed."""
        return self.outcome == PASSED
