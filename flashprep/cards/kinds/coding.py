"""Coding: a problem with its approach, its complexity and its trap; with a solution it can be solved and judged too."""

from collections.abc import Iterator

from flashprep.cards.diagnostics import Diagnostic
from flashprep.cards.faces import EXERCISE
from flashprep.cards.gaps import filled
from flashprep.cards.kinds.base import MISSING_SECTION, Kind, joined, prompt
from flashprep.cards.model import Card, Note


def cards(note: Note) -> list[Card]:
    """Make a card of the approach, a sibling of complexity and trap, and with a solution one that is solved."""
    made = []
    approach = note.section("Approach")
    if approach:
        made.append(Card("", prompt(note), approach, ask="Which approach, and which invariant keeps it right?"))
    costs = joined(note, "Complexity", "Trap")
    if costs:
        asked = [name for name in ("Complexity", "Trap") if note.section(name)]
        ask = {1: f"{asked[0]}?", 2: "Time, space, and the trap?"}[len(asked)]
        made.append(Card("complexity", prompt(note), costs, ask=ask))
    if note.solution:
        help = filled(joined(note, *KIND.sections))
        made.append(
            Card(EXERCISE, prompt(note), help, ask="Solve it in your editor; the tests judge it.", exercise=True)
        )
    return made


def check(note: Note) -> Iterator[Diagnostic]:
    """Demand at least one of the three sections."""
    if not any(note.section(name).strip() for name in KIND.sections):
        yield MISSING_SECTION.at(
            note.span,
            "coding note has none of the sections Approach, Complexity, Trap",
            "add '### Approach' with the idea in a few sentences",
        )


KIND = Kind(
    name="coding",
    label="Coding",
    order=5,
    meaning="a problem: its approach, its complexity and trap, linked to a tested solution",
    template="The task in a sentence.\n\n```python\ndef solve(items: list[int]) -> int: ...\n```\n\n### Approach\n\n"
    "The idea and the invariant.\n\n### Complexity\n\nO(n) time, O(1) space.\n\n### Trap\n\nWhat the naive version gets wrong.\n",
    cards=cards,
    check=check,
    solvable=True,
    optional=("Approach", "Complexity", "Trap"),
)
