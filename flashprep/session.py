"""The review session without a screen: ``step(session, event)`` gives the next session and what is to be done.

A driver (a terminal, a pipe, a test) turns keys into events, carries out the effects, and answers them with events:

    Load(card)      -> Loaded          Record(card, ...) -> Recorded
    Hide(card, how) -> Hidden          TakeBack()        -> TakenBack
    Edit(card)      -> Edited          End()             -> nothing: the session is over
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from flashprep.memory.queue import Item, Queue
from flashprep.memory.state import Memory, Rating, State

LONGEST_MS = 5 * 60_000  # a review counts at most this long: nobody thinks of one card while away for lunch
LONGEST_TOLD_MS = 15 * 60_000  # the same for a story


class Phase(Enum):
    """What the screen shows."""

    LOADING = "loading"
    PROMPT = "prompt"
    STEPS = "steps"  # some steps of an approach
    ANSWER = "answer"
    DONE = "done"


class Tally(NamedTuple):
    """What was done."""

    ratings: tuple[int, int, int, int] = (0, 0, 0, 0)  # Again, Hard, Good, Easy
    new: int = 0
    spent_ms: int = 0
    failed: tuple[int, ...] = ()  # cards that were rated Again and not passed since
    leeches: tuple[int, ...] = ()
    seen: frozenset[int] = frozenset()

    @property
    def reviews(self) -> int:
        """The number of ratings."""
        return sum(self.ratings)


class Session(NamedTuple):
    """A session at one moment."""

    queue: Queue
    cram: bool = False
    phase: Phase = Phase.LOADING
    item: Item | None = None
    steps: int = 0  # of the card
    known: tuple[bool, ...] = ()  # for each step that was judged, whether it was recalled
    shown_at: int = 0  # epoch ms
    revealed_at: int = 0  # epoch ms, 0 before
    timed: bool = False
    total: int = 0  # cards in the queue at the start
    tally: Tally = Tally()
    notice: str = ""  # one line about what just happened

    @property
    def steps_shown(self) -> int:
        """The number of steps on the screen: the judged ones and the one that waits to be judged."""
        return min(len(self.known) + 1, self.steps) if self.phase is Phase.STEPS else self.steps

    @property
    def suggested(self) -> Rating | None:
        """The rating that the recalled steps suggest; None for a card without steps, or when they were not judged."""
        if self.phase is not Phase.ANSWER or not self.steps or len(self.known) < self.steps:
            return None
        missed = self.known.count(False)
        if missed == 0:
            return Rating.GOOD
        return Rating.HARD if missed <= self.steps // 3 else Rating.AGAIN


# -- events


class Begin(NamedTuple):
    """The session starts, or the next card is wanted."""

    now: int


class Loaded(NamedTuple):
    """The card that was asked for is here; None: no deck has it any more."""

    now: int
    steps: int | None = 0
    timed: bool = False


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
    """The user wants to undo, suspend, bury, edit or quit."""

    what: str


class Hidden(NamedTuple):
    """The card is suspended or buried."""

    now: int
    notice: str


class TakenBack(NamedTuple):
    """The last action is undone; ``item`` is the card to show again, None with nothing to undo."""

    now: int
    queue: Queue | None
    item: Item | None
    rating: int
    notice: str


class Edited(NamedTuple):
    """The editor was closed and the decks were read again."""

    queue: Queue
    notice: str = ""


class Refreshed(NamedTuple):
    """Another session wrote to the store: the queue is another one."""

    queue: Queue


Event = Begin | Loaded | Reveal | Judge | Rate | Recorded | Ask | Hidden | TakenBack | Edited | Refreshed


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


class End(NamedTuple):
    """The session is over."""


Effect = Load | Record | Hide | TakeBack | Edit | End


def start(queue: Queue, cram: bool = False) -> Session:
    """Return a session over a queue, before its first card."""
    return Session(queue, cram, total=queue.counts.total)


def step(session: Session, event: Event) -> tuple[Session, tuple[Effect, ...]]:
    """Return the session after an event and what the driver is to do. Events that make no sense now change nothing."""
    match event:
        case Begin(now):
            return _next(session, now)
        case Loaded(now, steps, timed):
            return _loaded(session, now, steps, timed)
        case Reveal(now, whole):
            return _reveal(session, now, whole), ()
        case Judge(now, knew):
            return _judge(session, now, knew), ()
        case Rate(now, rating):
            return _rate(session, now, rating)
        case Recorded():
            return _recorded(session, event)
        case Ask(what):
            return _ask(session, what)
        case Hidden(now, notice):
            return _next(session._replace(notice=notice), now)
        case TakenBack():
            return _taken_back(session, event)
        case Edited(queue, notice):
            return _edited(session, queue, notice)
        case Refreshed(queue):
            return session._replace(queue=queue.without(session.item) if session.item else queue), ()


def _next(session: Session, now: int) -> tuple[Session, tuple[Effect, ...]]:
    item, queue = session.queue.draw(now)
    blank = session._replace(queue=queue, item=item, known=(), steps=0, revealed_at=0)
    if item is None:
        return blank._replace(phase=Phase.DONE), (End(),)
    return blank._replace(phase=Phase.LOADING), (Load(item.card),)


def _loaded(session: Session, now: int, steps: int | None, timed: bool) -> tuple[Session, tuple[Effect, ...]]:
    if steps is None:  # its note was deleted since the queue was made
        return _next(session, now)
    if session.phase is Phase.LOADING:
        session = session._replace(phase=Phase.PROMPT, shown_at=now)
    elif steps != session.steps:  # edited while its steps were on the screen
        session = session._replace(phase=Phase.PROMPT, known=())
    return session._replace(steps=steps, timed=timed), ()


def _reveal(session: Session, now: int, whole: bool) -> Session:
    if session.phase is Phase.PROMPT:
        phase = Phase.STEPS if session.steps and not whole else Phase.ANSWER
        return session._replace(phase=phase, revealed_at=now, notice="")
    if session.phase is Phase.STEPS and whole:
        return session._replace(phase=Phase.ANSWER)
    return session


def _judge(session: Session, now: int, knew: bool) -> Session:
    if session.phase is not Phase.STEPS:
        return session
    known = (*session.known, knew)
    phase = Phase.ANSWER if len(known) == session.steps else Phase.STEPS
    return session._replace(known=known, phase=phase)


def _rate(session: Session, now: int, rating: int) -> tuple[Session, tuple[Effect, ...]]:
    if session.phase is not Phase.ANSWER or session.item is None:
        return session, ()
    if session.cram:
        return _crammed(session, now, rating)
    return session, (Record(session.item.card, rating, _duration(session, now)),)


def _duration(session: Session, now: int) -> int:
    return max(0, min(now - session.shown_at, LONGEST_TOLD_MS if session.timed else LONGEST_MS))


def _crammed(session: Session, now: int, rating: int) -> tuple[Session, tuple[Effect, ...]]:
    assert session.item is not None
    tally = _counted(session, rating, _duration(session, now))
    # A card that failed comes once more at the end.
    queue = session.queue.put_last(session.item) if rating == Rating.AGAIN else session.queue
    return _next(session._replace(tally=tally, queue=queue, notice=""), now)


def _counted(session: Session, rating: int, duration: int) -> Tally:
    assert session.item is not None
    tally, card = session.tally, session.item.card
    ratings = list(tally.ratings)
    ratings[rating - 1] += 1
    failed = tuple(other for other in tally.failed if other != card)
    return tally._replace(
        ratings=(ratings[0], ratings[1], ratings[2], ratings[3]),
        new=tally.new + (session.item.state == State.NEW),
        spent_ms=tally.spent_ms + duration,
        failed=(*failed, card) if rating == Rating.AGAIN else failed,
        seen=tally.seen | {card},
    )


def _recorded(session: Session, event: Recorded) -> tuple[Session, tuple[Effect, ...]]:
    assert session.item is not None
    memory, item = event.memory, session.item
    tally = _counted(session, event.rating, event.duration)
    if event.leech:
        tally = tally._replace(leeches=(*tally.leeches, item.card))
    queue = session.queue
    if memory.due_at and not memory.suspended:
        queue = queue.put_learning(item._replace(state=memory.state, due_day=memory.due_day, due_at=memory.due_at))
    return _next(session._replace(queue=queue, tally=tally, notice=event.notice), event.now)


def _ask(session: Session, what: str) -> tuple[Session, tuple[Effect, ...]]:
    item = session.item
    match what:
        case "quit":
            return session._replace(phase=Phase.DONE), (End(),)
        case "undo":
            return session, (() if session.cram else (TakeBack(),))
        case "suspend" | "bury" if item:
            return session, (() if session.cram else (Hide(item.card, what),))
        case "edit" if item:
            return session, (Edit(item.card),)
    return session, ()


def _taken_back(session: Session, event: TakenBack) -> tuple[Session, tuple[Effect, ...]]:
    if event.queue is None:
        return session._replace(notice=event.notice), ()
    tally = session.tally
    if event.rating and tally.ratings[event.rating - 1]:
        ratings = list(tally.ratings)
        ratings[event.rating - 1] -= 1
        card = event.item.card if event.item else 0
        tally = tally._replace(
            ratings=(ratings[0], ratings[1], ratings[2], ratings[3]),
            new=max(0, tally.new - (event.item is not None and event.item.state == State.NEW)),
            failed=tuple(other for other in tally.failed if other != card),
            leeches=tuple(other for other in tally.leeches if other != card),
            seen=tally.seen - {card},
        )
    queue = event.queue.put_first(event.item) if event.item else event.queue
    return _next(session._replace(queue=queue, tally=tally, notice=event.notice, phase=Phase.LOADING), event.now)


def _edited(session: Session, queue: Queue, notice: str) -> tuple[Session, tuple[Effect, ...]]:
    assert session.item is not None
    return session._replace(queue=queue.without(session.item), notice=notice), (Load(session.item.card),)
