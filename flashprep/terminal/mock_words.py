"""Where a mock interview stands, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flashprep.memory.days import clock_label
from flashprep.mock.course import SCORE, Step
from flashprep.mock.journal import span_label

if TYPE_CHECKING:
    from flashprep.mock.holding import Mock


def clock_line(mock: Mock, step: Step) -> str:
    """Say how long a step takes so far, of how long it should."""
    spent = (mock.now - mock.course.began_ms) / 1000
    return f"{clock_label(spent)} of {span_label(step.least, step.most)}"


def place_line(mock: Mock, step: Step) -> str:
    """Say where in the mock a step stands."""
    if step.kind == SCORE:
        first = next(n for n, one in enumerate(mock.course.steps) if one.kind == SCORE)
        return f"point {mock.course.at - first + 1} of {len(mock.course.steps) - first}"
    return f"question {step.question + 1} of {len(mock.course.questions)}" if step.question >= 0 else ""
