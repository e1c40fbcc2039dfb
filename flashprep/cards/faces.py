"""The faces that are more than a name: they are read where no deck is at hand, so they stand apart from the kinds."""

TESTING = "testing"  # of the sibling of a question that asks what the interviewer listens for
EXERCISE = "solve"  # of a card that is solved in an editor and judged by tests
