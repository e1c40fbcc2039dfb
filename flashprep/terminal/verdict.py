"""A verdict of the tests in words: short, the first failing case first."""

from __future__ import annotations

import sys
from typing import NamedTuple

from flashprep.coding import Tested
from flashprep.memory.days import clock_label
from flashprep.practice import verdict as v
from flashprep.practice.desk import Problem
from flashprep.practice.verdict import Verdict

_PRINTED = 12  # lines of what the attempt printed


class Line(NamedTuple):
    """A line and the style that rich gives it."""

    text: str
    style: str = ""


def lines(problem: Problem, verdict: Verdict, verbose: bool = False) -> list[Line]:
    """Return a verdict as lines; ``verbose`` shows everything of what was printed that was kept."""
    out = [_first(problem, verdict)]
    case = verdict.case
    if case is not None:
        inputs = case.input or ("",)
        labels = ("input", *[""] * (len(inputs) - 1))
        facts = [*zip(labels, inputs, strict=True)] if case.input else []
        facts += [("expected", case.expected), ("got", case.got), ("", case.note)]
        out += [Line(f"    {name:<9} {text}") for name, text in facts if text]
        if case.at:
            out.append(Line(f"    at line {case.at} of {problem.attempt.name}"))
    elif "\n" in verdict.detail:
        out += [Line(f"    {line}") for line in verdict.detail.split("\n")[1:]]
    printed = [line for line in verdict.printed.split("\n") if line.strip()] if not verdict.ok or verbose else []
    if printed and verdict.outcome != v.OUTPUT:
        cut = len(printed) > _PRINTED and not verbose
        shown = printed if verbose else printed[:_PRINTED]
        out += [Line("    your file printed:", "dim"), *(Line(f"    │ {line[:200]}", "dim") for line in shown)]
        out += [Line(f"    │ … {len(printed) - _PRINTED} more lines", "dim")] if cut else []
    return out


def _first(problem: Problem, verdict: Verdict) -> Line:
    if verdict.ok:
        return Line(f"✓ passed all {verdict.total} tests in {verdict.seconds:.1f} s", "green")
    place = f" at line {verdict.line} of {problem.attempt.name}" if verdict.line else ""
    if verdict.outcome == v.SYNTAX:
        return Line(f"✗ syntax error{place}: {verdict.detail.split(chr(10))[0]}", "red")
    if verdict.outcome == v.UNJUDGED:
        return Line(f"! not judged: {problem.tests.name}: {verdict.detail}", "yellow")
    case = verdict.case
    if case is None:
        return Line(f"✗ {verdict.outcome}: {verdict.detail}{place}", "red")
    if not case.test:
        return Line(f"✗ {verdict.outcome} before the first test: the file cannot be imported", "red")
    number = f"test {verdict.passed + 1} of {verdict.total}"
    how = f"{verdict.outcome} in" if verdict.outcome != v.FAILED else "failed"
    return Line(f"✗ {how} {number}: {in_words(case.test)} ({problem.tests.name}:{case.line})", "red")


def in_words(test: str) -> str:
    """Return the name of a test as the sentence that it is."""
    name, bracket, rest = test.removeprefix("test_").partition("[")
    return name.replace("_", " ") + bracket + rest


def time_line(tested: Tested) -> Line:
    """Say how long a problem took, beside its time goal."""
    attempt, goal = tested.attempt, tested.problem.goal_ms
    verb = "solved in" if attempt.passed else "at it for"
    more = ", with help" if attempt.helped else ""
    style = "green" if attempt.spent_ms <= goal and not attempt.helped else "yellow"
    return Line(f"{verb} {clock_label(attempt.spent_ms / 1000)}, goal {clock_label(goal / 1000)}{more}", style)


def show(found: list[Line]) -> None:
    """Print lines, in colours on a terminal."""
    if not sys.stdout.isatty():
        print("\n".join(line.text for line in found))
        return
    from rich.text import Text

    from flashprep.terminal.console import console

    out = console()
    for line in found:
        out.print(Text(line.text, line.style), soft_wrap=True)


def data(verdict: Verdict) -> dict[str, object]:
    """Give a verdict as plain data: the form of ``code test --json``, a public contract."""
    case = verdict.case
    return {
        "verdict": verdict.outcome,
        "passed": verdict.passed,
        "tests": verdict.total,
        "seconds": round(verdict.seconds, 3),
        "line": verdict.line or None,
        "detail": verdict.detail or None,
        "case": None if case is None else {**case._asdict(), "input": list(case.input)},
        "printed": verdict.printed,
    }
