"""Red flag: a mistake that costs points, its price, and the habit that takes its place."""

from flashprep.cards.kinds.base import Kind, joined, prompt
from flashprep.cards.model import Card, Note


def cards(note: Note) -> list[Card]:
    """Make one card that asks for the cost and the better habit."""
    answer = joined(note, "Why it costs you", "Instead")
    return [Card("", prompt(note), answer, ask="What does it cost you, and what do you do instead?")]


KIND = Kind(
    name="red-flag",
    label="Red flag",
    order=4,
    meaning="a mistake: what it costs, and what to do instead",
    template="### Why it costs you\n\nWhat the interviewer concludes.\n\n### Instead\n\nThe sentence or habit that replaces it.\n",
    cards=cards,
    required=("Why it costs you", "Instead"),
)
