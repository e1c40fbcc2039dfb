"""Concept: a thing to know. One card: the title asks, the body answers."""

from flashprep.cards.kinds.base import Kind, title
from flashprep.cards.model import Card, Note


def cards(note: Note) -> list[Card]:
    """Make one card of title and body."""
    return [Card("", title(note), note.body)]


KIND = Kind(
    name="concept",
    label="Concept",
    order=1,
    meaning="a thing to know: the title asks, the body answers",
    template="The answer: one idea, with its reason or its price.\n",
    cards=cards,
    needs_body=True,
    free_sections=True,
)
