"""Approach: an ordered list, recalled and revealed a step at a time."""

from collections.abc import Iterator

from flashprep.cards.diagnostics import ERROR, Diagnostic, rule
from flashprep.cards.kinds.base import Kind, title
from flashprep.cards.markdown import ordered_lists
from flashprep.cards.model import Card, Note

APPROACH_STEPS = rule(
    "approach-steps",
    ERROR,
    "an approach needs exactly one ordered list of at least two steps",
    "The steps are revealed one at a time and the rating is suggested from how many you knew, so flashprep has to know what a "
    "step is.",
    bad="## Approach: How do you debug a latency spike? {#latency-spike}\n\nFirst look, then think.",
    good="## Approach: How do you debug a latency spike? {#latency-spike}\n\n1. Bound it: since when, whom, how much.\n"
    "2. Compare with the last change, because most incidents follow one.",
)


def cards(note: Note) -> list[Card]:
    """Make one card whose answer comes in steps; text before the list is prompt, text after it ends the answer."""
    lines = note.body.split("\n")
    start, end, steps = ordered_lists(note.body)[0]
    before, after = "\n".join(lines[:start]).strip(), "\n".join(lines[end:]).strip()
    if after:
        steps = [*steps[:-1], f"{steps[-1]}\n\n{after}"]
    prompt = f"{title(note)}\n\n{before}" if before else title(note)
    return [Card("", prompt, "\n".join(lines[start:]).strip(), ask=f"Name the {len(steps)} steps.", steps=tuple(steps))]


def check(note: Note) -> Iterator[Diagnostic]:
    """Demand one ordered list with two steps or more."""
    found = ordered_lists(note.body)
    help = "write the steps as one list: 1. ... 2. ..."
    if len(found) != 1:
        yield APPROACH_STEPS.at(
            note.span, f"approach has {len(found) or 'no'} ordered list{'s' * (len(found) > 1)}", help
        )
    elif len(found[0][2]) < 2:
        yield APPROACH_STEPS.at(note.span, "approach has only one step", help)


KIND = Kind(
    name="approach",
    label="Approach",
    order=3,
    meaning="an ordered list, recalled and revealed a step at a time",
    template="1. The first step, and why it comes first.\n2. The next step.\n3. The last step.\n",
    cards=cards,
    check=check,
)
