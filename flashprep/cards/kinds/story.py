"""Story: something that happened to you, told aloud against a clock."""

from flashprep.cards.kinds.base import Kind, joined, prompt
from flashprep.cards.model import Card, Note


def cards(note: Note) -> list[Card]:
    """Make one timed card; the frame is shown after the telling."""
    answer = joined(note, *KIND.sections)
    return [Card("", prompt(note), answer, ask="Tell it aloud in under two minutes.", timed=True)]


KIND = Kind(
    name="story",
    label="Story",
    order=6,
    meaning="something that happened to you, told aloud against a clock",
    template="### Situation\n\nWhere, when, and what was at stake.\n\n### Task\n\nWhat was yours to do.\n\n### Action\n\n"
    "What you did, and why that way.\n\n### Result\n\nThe number that changed.\n\n### Lesson\n\nWhat you do differently since.\n",
    cards=cards,
    required=("Situation", "Task", "Action", "Result"),
    optional=("Lesson",),
)
