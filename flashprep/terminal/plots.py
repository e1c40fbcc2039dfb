"""Small plots of blocks and bars, as wide as the terminal lets them be."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.text import Text

from flashprep.memory.days import clock_label, day_date
from flashprep.statistics import Statistics
from flashprep.terminal.console import WIDEST, console

_EIGHTHS = " ▁▂▃▄▅▆▇█"
_HEIGHT = 4


def columns(values: list[int], style: str) -> list[Text]:
    """Draw one column a value, several rows high, the largest value full."""
    top = max(values, default=0) or 1
    rows = []
    for row in range(_HEIGHT - 1, -1, -1):
        cells = []
        for value in values:
            eighths = round(value / top * _HEIGHT * 8) - row * 8
            if row == 0 and value:
                eighths = max(1, eighths)  # something happened: it shows
            cells.append(_EIGHTHS[min(8, max(0, eighths))])
        rows.append(Text("".join(cells), style))
    return rows


def _plot(out: Console, title: str, first: int, values: list[int], style: str) -> None:
    out.print(Text(title, "bold"))
    top = max(values, default=0)
    if not top:
        out.print()
        return
    wide = max(1, min(3, (min(WIDEST, out.width) - 8) // max(1, len(values))))
    for index, row in enumerate(columns(values, style)):
        label = str(top) if index == 0 else ""
        stretched = "".join(cell * wide for cell in row.plain)
        out.print(Text.assemble((f"{label:>5} ", "dim"), (stretched, style)), no_wrap=True, overflow="crop")
    span = len(values) * wide
    left, right = f"{day_date(first):%b %d}", f"{day_date(first + len(values) - 1):%b %d}"
    out.print(
        Text(f"{'':>6}{left}{' ' * max(1, span - len(left) - len(right))}{right}", "dim"), no_wrap=True, overflow="crop"
    )
    out.print()


def _bars(out: Console, title: str, values: Mapping[str, int]) -> None:
    out.print(Text(title, "bold"))
    top = max(values.values(), default=0) or 1
    room = max(10, min(60, out.width - 26))
    for name, value in values.items():
        length = max(1, round(value / top * room)) if value else 0
        out.print(
            Text.assemble((f"{name:>12} ", "dim"), ("█" * length, "cyan"), f" {value}"), no_wrap=True, overflow="crop"
        )
    out.print()


def statistics(found: Statistics) -> None:
    """Draw all statistics."""
    out = console()
    days = min(found.days, max(7, min(WIDEST, out.width) - 8))
    first = found.today - days + 1
    reviews = [found.reviews.get(day, (0, 0))[0] for day in range(first, found.today + 1)]
    spent = sum(found.reviews.get(day, (0, 0))[1] for day in range(first, found.today + 1))
    _plot(
        out,
        f"Reviews a day: {sum(reviews)} in {days} days, {clock_label(spent / 1000)} of time",
        first,
        reviews,
        "green",
    )
    due = [found.forecast.get(day, 0) for day in range(found.today, found.today + days)]
    _plot(out, f"Cards that fall due: {sum(due)} in {days} days", found.today, due, "blue")
    order = ("new", "learning", "review", "relearning", "suspended", "leech")
    _bars(out, "States", {name: found.states[name] for name in order if name in found.states})
    retention = found.retention
    out.print(Text("Retention", "bold"))
    if retention.reviews:
        out.print(f"        true {retention.true:7.1%}  of {retention.reviews} reviews, the first of a day")
        out.print(f"   predicted {retention.predicted:7.1%}  what FSRS expected of them")
    else:
        out.print(Text("        no card has come back for review yet", "dim"))
    out.print()
    problems = found.problems
    if problems.problems:
        out.print(Text("Coding problems", "bold"))
        tried = f"{problems.attempts} attempt{'s' * (problems.attempts != 1)} in {found.days} days, {problems.passed} passed"
        out.print(f"      solved {problems.solved} of {problems.problems}")
        out.print(f"    attempts {tried}, {clock_label(problems.spent_ms / 1000)} of time")
        out.print()
    out.print(f"Streak: {found.streak} day{'s' * (found.streak != 1)}. Reviews ever: {found.total}.")
    if found.leeches:
        out.print(Text(f"Leeches: {', '.join(found.leeches)} (reword or split them, then unsuspend)"))
