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


class Done(NamedTuple):
    """A rating of this session."""

    card: int
    rating: int
    duration: int  # ms
    new: bool  # the card's first rating ever
    leech: bool = False  # the card was set aside


class Tally(NamedTuple):
    """What was done."""

    ratings: tuple[int, int, int, int] = (0, 0, 0, 0)  # Again, Hard, Good, Easy
    new: int = 0
    spent_ms: int = 0
    failed: tuple[int, ...] = ()  # cards whose last rating was Again, in the order of those ratings
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
    limit: int | None = None  # cards that may be shown, None: all
    phase: Phase = Phase.LOADING
    item: Item | None = None
    steps: int = 0  # of the card
    known: tuple[bool, ...] = ()  # for each step that was judged, whether it was recalled
    shown_at: int = 0  # epoch ms
    revealed_at: int = 0  # epoch ms, 0 before
    timed: bool = False
    total: int = 0  # cards in the queue at the start
    done: tuple[Done, ...] = ()  # oldest first
    notice: str = ""  # one line about what just happened

    @property
    def tally(self) -> Tally:
        """What was done so far, without what was taken back."""
        ratings = [done.rating for done in self.done]
        last: dict[int, int] = {}
        for done in self.done:
            last.pop(done.card, None)
            last[done.card] = done.rating
        return Tally(
            ratings=(ratings.count(1), ratings.count(2), ratings.count(3), ratings.count(4)),
            new=sum(done.new for done in self.done),
            spent_ms=sum(done.duration for done in self.done),
            failed=tuple(card for card, rating in last.items() if rating == Rating.AGAIN),
            leeches=tuple(done.card for done in self.done if done.leech),
            seen=frozenset(last),
        )

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


class Refreshed(NamedTuple):
    """Another session wrote to the store: the queue is another one."""

    now: int
    queue: Queue
    item: Item | None  # the card on the screen as it is now, None where no deck has it any more


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


def start(queue: Queue, cram: bool = False, limit: int | None = None) -> Session:
    """Return a session over a queue, before its first card; ``limit`` is the number of cards that it may show."""
    return Session(queue, cram, limit)


def step(session: Session, event: Event) -> tuple[Session, tuple[Effect, ...]]:
    """Return the session after an event and what the driver is to do. Events that make no sense now change nothing."""
    if session.phase is Phase.DONE:
        return session, ()
    match event:
        case Begin(now):
            return _begin(session, now)
        case Loaded(now, steps, timed):
            return _loaded(session, now, steps, timed)
        case Reveal(now, whole):
            return _reveal(session, now, whole), ()
        case Judge(_, knew):
            return _judge(session, knew), ()
        case Rate(now, rating):
            return _rate(session, now, rating)
        case Recorded():
            return _recorded(session, event)
        case Ask(what):
            return _ask(session, what)
        case Hidden(now, notice):
            return _hidden(session, now, notice)
        case TakenBack():
            return _taken_back(session, event)
        case Edited():
            return _edited(session, event)
        case Refreshed(now, queue, item):
            return _requeued(session, now, queue, item), ()


def _begin(session: Session, now: int) -> tuple[Session, tuple[Effect, ...]]:
    if session.item:
        return session, ()
    session = session._replace(queue=_fitting(session, now, session.queue))
    return _next(session._replace(total=session.queue.counts.total), now)


def _fitting(session: Session, now: int, queue: Queue) -> Queue:
    """Cut a queue to what the limit of the session still lets in; a card that was shown may always come back."""
    if session.limit is None:
        return queue
    shown = session.tally.seen | ({session.item.card} if session.item else set())
    return queue.cut(max(0, session.limit - len(shown)), now, shown)


def _next(session: Session, now: int) -> tuple[Session, tuple[Effect, ...]]:
    item, queue = session.queue.draw(now)
    if item is None:
        return _blank(session, None)._replace(phase=Phase.DONE), (End(),)
    return _blank(session, item)._replace(queue=queue), (Load(item.card),)


def _blank(session: Session, item: Item | None) -> Session:
    return session._replace(phase=Phase.LOADING, item=item, known=(), steps=0, revealed_at=0, timed=False)


def _loaded(session: Session, now: int, steps: int | None, timed: bool) -> tuple[Session, tuple[Effect, ...]]:
    if session.item is None:
        return session, ()
    if steps is None:  # its note was deleted since the queue was made
        return _next(session, now)
    if session.phase is Phase.LOADING:
        session = session._replace(phase=Phase.PROMPT, shown_at=now)
    elif steps != session.steps:  # edited while it was on the screen
        session = session._replace(phase=Phase.PROMPT, known=(), revealed_at=0)
    return session._replace(steps=steps, timed=timed), ()


def _reveal(session: Session, now: int, whole: bool) -> Session:
    if session.phase is Phase.PROMPT:
        phase = Phase.STEPS if session.steps and not whole else Phase.ANSWER
        return session._replace(phase=phase, revealed_at=now, notice="")
    if session.phase is Phase.STEPS and whole:
        return session._replace(phase=Phase.ANSWER)
    return session


def _judge(session: Session, knew: bool) -> Session:
    if session.phase is not Phase.STEPS:
        return session
    known = (*session.known, knew)
    phase = Phase.ANSWER if len(known) == session.steps else Phase.STEPS
    return session._replace(known=known, phase=phase)


def _rate(session: Session, now: int, rating: int) -> tuple[Session, tuple[Effect, ...]]:
    if session.phase is not Phase.ANSWER or session.item is None or rating not in tuple(Rating):
        return session, ()
    if session.cram:
        return _crammed(session, now, rating)
    return session, (Record(session.item.card, rating, _duration(session, now)),)


def _duration(session: Session, now: int) -> int:
    return max(0, min(now - session.shown_at, LONGEST_TOLD_MS if session.timed else LONGEST_MS))


def _crammed(session: Session, now: int, rating: int) -> tuple[Session, tuple[Effect, ...]]:
    assert session.item is not None
    # A card that failed comes once more at the end.
    queue = session.queue.put_last(session.item) if rating == Rating.AGAIN else session.queue
    return _next(_rated(session, rating, _duration(session, now))._replace(queue=queue, notice=""), now)


def _rated(session: Session, rating: int, duration: int, leech: bool = False) -> Session:
    assert session.item is not None
    card, first = session.item.card, session.item.state == State.NEW
    new = first and all(done.card != card for done in session.done)  # a crammed card stays new
    return session._replace(done=(*session.done, Done(card, rating, duration, new, leech)))


def _recorded(session: Session, event: Recorded) -> tuple[Session, tuple[Effect, ...]]:
    if session.phase is not Phase.ANSWER or session.item is None or session.cram:
        return session, ()
    memory, queue = event.memory, session.queue
    if memory.due_at and not memory.suspended:
        queue = queue.put_learning(
            session.item._replace(state=memory.state, due_day=memory.due_day, due_at=memory.due_at)
        )
    session = _rated(session, event.rating, event.duration, event.leech)
    return _next(session._replace(queue=queue, notice=event.notice), event.now)


def _ask(session: Session, what: str) -> tuple[Session, tuple[Effect, ...]]:
    shown = session.item if session.phase is not Phase.LOADING else None
    match what:
        case "quit":
            return session._replace(phase=Phase.DONE), (End(),)
        case "undo" if not session.cram:
            return session, (TakeBack(),)
        case "suspend" | "bury" if shown and not session.cram:
            return session, (Hide(shown.card, what),)
        case "edit" if shown:
            return session, (Edit(shown.card),)
    return session, ()


def _hidden(session: Session, now: int, notice: str) -> tuple[Session, tuple[Effect, ...]]:
    if session.phase is Phase.LOADING or session.cram:
        return session, ()
    return _next(session._replace(notice=notice), now)


def _taken_back(session: Session, event: TakenBack) -> tuple[Session, tuple[Effect, ...]]:
    if event.queue is None or session.cram:
        return session._replace(notice=event.notice), ()
    session = session._replace(done=_without_last(session.done, event.card, event.rating), notice=event.notice)
    session = _blank(session, event.item)
    if event.item is None:
        return _next(session._replace(queue=_fitting(session, event.now, event.queue)), event.now)
    return _requeued(session, event.now, event.queue, event.item), (Load(event.item.card),)


def _without_last(done: tuple[Done, ...], card: int, rating: int) -> tuple[Done, ...]:
    """Drop the last rating of a card; it may also be none of this session's."""
    for at in range(len(done) - 1, -1, -1):
        if done[at].card == card and done[at].rating == rating:
            return done[:at] + done[at + 1 :]
    return done


def _edited(session: Session, event: Edited) -> tuple[Session, tuple[Effect, ...]]:
    if session.item is None or session.phase is Phase.LOADING:
        return session, ()
    card = session.item.card
    if event.queue is not None:
        session = _requeued(session, event.now, event.queue, event.item)
    return session._replace(notice=event.notice), (Load(card),)


def _requeued(session: Session, now: int, queue: Queue, item: Item | None) -> Session:
    """Take a queue that was made anew, without the card on the screen."""
    if session.item is None or session.cram or (item and item.card != session.item.card):
        return session
    session = session._replace(item=item or session.item)
    queue = queue.without(item) if item else queue
    return session._replace(queue=_fitting(session, now, queue))
