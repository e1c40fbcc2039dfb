"""A problem in a deck as a value, the registry of rules, and the three renderings of a problem."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flashprep.cards.model import Span

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True, slots=True)
class Fix:
    """A safe edit: replace columns ``column`` to ``end_column`` (1-based, exclusive) of a line by ``text``."""

    line: int
    column: int
    end_column: int
    text: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem at one place. ``path`` is filled in by whoever knows the file."""

    rule: str
    severity: str
    message: str
    span: Span
    help: str = ""
    fix: Fix | None = None
    path: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """What can be wrong with a deck: an id, how bad it is, and what a user reads under ``explain``."""

    id: str
    severity: str
    summary: str
    why: str
    bad: str = ""
    good: str = ""

    def at(self, span: Span, message: str, help: str = "", fix: Fix | None = None) -> Diagnostic:
        """Report this rule at a place."""
        return Diagnostic(self.id, self.severity, message, span, help, fix)


RULES: dict[str, Rule] = {}


def rule(id: str, severity: str, summary: str, why: str, bad: str = "", good: str = "") -> Rule:
    """Define a rule, the only place where it has to be named."""
    RULES[id] = Rule(id, severity, summary, why, bad, good)
    return RULES[id]


def concise(problem: Diagnostic) -> str:
    """Render a problem as one line that editors and CI understand."""
    return (
        f"{problem.path}:{problem.span.line}:{problem.span.column}: "
        f"{problem.severity}[{problem.rule}] {problem.message}"
    )


def full(problem: Diagnostic, lines: Sequence[str]) -> str:
    """Render a problem with its source line and carets; ``lines`` are those of the file, without line ends."""
    span = problem.span
    out = [
        f"{problem.severity}[{problem.rule}]: {problem.message}",
        f"  --> {problem.path}:{span.line}:{span.column}",
    ]
    if 1 <= span.line <= len(lines):
        source = lines[span.line - 1]
        end = span.end_column if span.end_line == span.line else len(source) + 1
        # A tab is shown as it stands, so the caret line repeats it to stay aligned.
        lead = "".join("\t" if c == "\t" else " " for c in source[: span.column - 1])
        gutter = " " * len(str(span.line))
        out += [
            f"{gutter} |",
            f"{span.line} | {source}",
            f"{gutter} | {lead}{'^' * max(1, end - span.column)}",
        ]
    if problem.help:
        out.append(f"help: {problem.help}")
    return "\n".join(out)


def as_data(problem: Diagnostic) -> dict[str, Any]:
    """Give a problem as plain data, the form of ``check --format json``."""
    fix = problem.fix
    return {
        "rule": problem.rule,
        "severity": problem.severity,
        "message": problem.message,
        "path": problem.path,
        **problem.span._asdict(),
        "help": problem.help or None,
        "fix": None
        if fix is None
        else {"line": fix.line, "column": fix.column, "end_column": fix.end_column, "text": fix.text},
    }


def pack(problems: Iterable[Diagnostic]) -> str:
    """Serialise problems for the store."""
    return json.dumps([as_data(p) for p in problems]) if problems else "[]"


def unpack(text: str, path: str) -> list[Diagnostic]:
    """Restore problems that ``pack`` wrote, now at ``path``."""
    return [
        Diagnostic(
            rule=row["rule"],
            severity=row["severity"],
            message=row["message"],
            span=Span(row["line"], row["column"], row["end_line"], row["end_column"]),
            help=row["help"] or "",
            fix=Fix(**row["fix"]) if row["fix"] else None,
            path=path,
        )
        for row in json.loads(text)
    ]
