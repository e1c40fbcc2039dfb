"""The face that is more than a name: it is read in the log, where no deck is at hand, so it stands apart from the rest."""

EXERCISE = "solve"  # of a card that is solved in an editor and judged by tests
