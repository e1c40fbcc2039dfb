"""What happens to a session (events), and what it asks its driver to do (effects)."""

from __future__ import annotations

from typing import NamedTuple

from flashprep.memory.queue import Item, Queue
from flashprep.memory.state import Memory

# -- events


class Begin(NamedTuple):
    """The session starts, or the next card is wanted."""

    now: int


class Loaded(NamedTuple):
    """The card that was asked for is here; None: no deck has it any more."""

    now: int
    steps: int | None = 0
    timed: bool = False
    exercise: bool = False


class Reveal(NamedTuple):
    """Show the answer, or of an approach the next step."""

    now: int
    whole: bool = False


class Judge(NamedTuple):
    """Say whether the step on the screen was recalled."""

    now: int
    knew: bool


class Rate(NamedTuple):
    """Rate the card."""

    now: int
    rating: int


class Recorded(NamedTuple):
    """The rating is in the log."""

    now: int
    rating: int
    duration: int
    memory: Memory
    leech: bool = False
    notice: str = ""


class Ask(NamedTuple):
    """The user wants to undo, suspend, bury, edit, solve, test, go on when the time is spent, or quit."""

    what: str


class Hidden(NamedTuple):
    """The card is suspended or buried."""

    now: int
    notice: str


class TakenBack(NamedTuple):
    """The last action is undone, or there was nothing to undo: then ``queue`` is None."""

    now: int
    queue: Queue | None
    notice: str
    card: int = 0  # of the action
    rating: int = 0  # that was taken back, 0 for any other action
    item: Item | None = None  # the card, if it is to be shown again


class Edited(NamedTuple):
    """The editor was closed and the decks were read again."""

    now: int
    queue: Queue | None  # None: it stays as it is
    item: Item | None  # the card on the screen as it is now, None where no deck has it any more
    notice: str = ""
    away: int = 0  # milliseconds in the editor, which are no thinking time


class Solved(NamedTuple):
    """The editor was closed and the tests have judged, or ``passed`` is None: they could not."""

    now: int
    item: Item | None  # the exercise; of another card of the same note, it takes that card's place
    passed: bool | None = None
    spent_ms: int = 0  # since the fresh starter
    goal_ms: int = 0
    helped: bool = False  # the reference was shown elsewhere
    notice: str = ""


class Refreshed(NamedTuple):
    """Another session wrote to the store: the queue is another one."""

    now: int
    queue: Queue
    item: Item | None  # the card on the screen as it is now, None where no deck has it any more


class Refilled(NamedTuple):
    """There are further cards, or none."""

    now: int
    queue: Queue
    left_ms: int = -1  # time from now on, where there is more than there was; -1: as it was


Event = (
    Begin
    | Loaded
    | Reveal
    | Judge
    | Rate
    | Recorded
    | Ask
    | Hidden
    | TakenBack
    | Edited
    | Solved
    | Refreshed
    | Refilled
)


# -- effects


class Load(NamedTuple):
    """Fetch a card."""

    card: int


class Record(NamedTuple):
    """Write a rating."""

    card: int
    rating: int
    duration: int


class Hide(NamedTuple):
    """Suspend or bury a card."""

    card: int
    how: str


class TakeBack(NamedTuple):
    """Undo the last action."""


class Edit(NamedTuple):
    """Open the card in the editor."""

    card: int


class Solve(NamedTuple):
    """Let the user solve the exercise of a card's note: a fresh starter, the editor, the tests; or only some of that."""

    card: int
    fresh: bool
    edit: bool


class Refill(NamedTuple):
    """Look for cards for the time that is left, or with ``more`` for further time."""

    more: bool


class End(NamedTuple):
    """The session is over."""


Effect = Load | Record | Hide | TakeBack | Edit | Solve | Refill | End
