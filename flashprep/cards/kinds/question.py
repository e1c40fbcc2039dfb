"""Question: something an interviewer asks, and what they listen for."""

from flashprep.cards.faces import TESTING
from flashprep.cards.kinds.base import Kind, title
from flashprep.cards.model import Card, Note


def cards(note: Note) -> list[Card]:
    """Make a card of title and body, and a sibling of the section Testing."""
    made = [Card("", title(note), note.body)]
    testing = note.section("Testing")
    if testing:
        made.append(Card(TESTING, title(note), testing, ask="What is the interviewer listening for?"))
    return made


KIND = Kind(
    name="question",
    label="Question",
    order=2,
    meaning="an interview question; the section Testing says what the interviewer listens for",
    template="The answer you would give, in a few sentences.\n\n### Testing\n\nWhat the interviewer is listening for.\n",
    cards=cards,
    optional=("Testing",),
    needs_body=True,
    free_sections=True,
)
