"""The one function that moves a session on."""

from __future__ import annotations

from flashprep.memory.queue import Item, Queue
from flashprep.memory.state import Rating, State
from flashprep.session.events import (
    Ask,
    Begin,
    Edit,
    Edited,
    Effect,
    End,
    Event,
    Hidden,
    Hide,
    Judge,
    Load,
    Loaded,
    Rate,
    Record,
    Recorded,
    Refill,
    Refilled,
    Refreshed,
    Reveal,
    Solve,
    Solved,
    TakeBack,
    TakenBack,
)
from flashprep.session.state import Done, Phase, Session, Solving, Time

LONGEST_MS = 5 * 60_000  # a review counts at most this long: nobody thinks of one card while away for lunch
LONGEST_TOLD_MS = 15 * 60_000  # the same for a story
LONGEST_SOLVED_MS = 3 * 3_600_000  # the same for an exercise


def start(queue: Queue, cram: bool = False, limit: int | None = None, time: Time | None = None) -> Session:
    """Return a session over a queue, before its first card; ``limit`` is the number of cards that it may show."""
    return Session(queue, cram, limit, time)


def step(session: Session, event: Event) -> tuple[Session, tuple[Effect, ...]]:
    """Return the session after an event and what the driver is to do. Events that make no sense now change nothing."""
    if session.phase is Phase.DONE:
        return session, ()
    match event:
        case Begin(now):
            return _begin(session, now)
        case Loaded():
            return _loaded(session, event)
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
        case Solved():
            return _solved(session, event)
        case Refreshed(now, queue, item):
            return _requeued(session, now, queue, item), ()
        case Refilled():
            return _refilled(session, event)


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
    if not session.has_time:
        return _out_of_time(session, now)
    item, queue = session.queue.draw(now)
    if item is None and session.time and session.done and session.limit is None:
        return _blank(session, None), (Refill(more=False),)  # the cards were faster than expected
    if item is None:
        return _blank(session, None)._replace(phase=Phase.DONE), (End(),)
    return _blank(session, item)._replace(queue=queue), (Load(item.card),)


def _out_of_time(session: Session, now: int) -> tuple[Session, tuple[Effect, ...]]:
    """Go on with what is being learned, which is part of the cards that were shown; then ask."""
    item, queue = session.queue._replace(main=(), at=0).draw(now)
    if item is None:
        return _blank(session, None)._replace(phase=Phase.SPENT), ()
    queue = queue._replace(main=session.queue.main, at=session.queue.at)
    return _blank(session, item)._replace(queue=queue), (Load(item.card),)


def _refilled(session: Session, event: Refilled) -> tuple[Session, tuple[Effect, ...]]:
    if session.item is not None or session.time is None:
        return session, ()
    more = event.left_ms >= 0
    if more:
        session = session._replace(time=session.time._replace(left_ms=event.left_ms + session.tally.spent_ms))
    queue = _fitting(session, event.now, event.queue)
    if not (queue.main or queue.learning):
        return _blank(session, None)._replace(phase=Phase.DONE), (End(),)
    session = session._replace(queue=queue, total=session.total + queue.counts.total * more)
    item, drawn = queue.draw(event.now)
    if item is None:  # what is being learned falls due later
        return _blank(session, None)._replace(phase=Phase.DONE), (End(),)
    return _blank(session, item)._replace(queue=drawn), (Load(item.card),)


def _blank(session: Session, item: Item | None) -> Session:
    return session._replace(
        phase=Phase.LOADING, item=item, known=(), steps=0, revealed_at=0, timed=False, exercise=False, solving=None
    )


def _loaded(session: Session, event: Loaded) -> tuple[Session, tuple[Effect, ...]]:
    if session.item is None:
        return session, ()
    if event.steps is None:  # its note was deleted since the queue was made
        return _next(session, event.now)
    if session.phase is Phase.LOADING:
        session = session._replace(phase=_opening(session), shown_at=event.now)
    elif event.steps != session.steps:  # edited while it was on the screen
        session = session._replace(phase=Phase.PROMPT, known=(), revealed_at=0)
    return session._replace(steps=event.steps, timed=event.timed, exercise=event.exercise), ()


def _opening(session: Session) -> Phase:
    """Return what a card shows first: a solved exercise that took the place of its sibling shows what it was about."""
    return Phase.ANSWER if session.solving and session.solving.passed else Phase.PROMPT


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
    if session.solving:
        return max(0, min(session.solving.spent_ms, LONGEST_SOLVED_MS))
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
        case "more" if session.phase is Phase.SPENT:
            return session, (Refill(more=True),)
        case "undo" if not session.cram:
            return session, (TakeBack(),)
        case "suspend" | "bury" if shown and not session.cram:
            return session, (Hide(shown.card, what),)
        case "edit" if shown:
            return session, (Edit(shown.card),)
        case "solve" if shown:
            return session, (Solve(shown.card, fresh=session.solving is None, edit=True),)
        case "test" if shown and session.solving:
            return session, (Solve(shown.card, fresh=False, edit=False),)
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
    revealed = session.revealed_at and session.revealed_at + event.away
    session = session._replace(shown_at=session.shown_at + event.away, revealed_at=revealed)
    if event.queue is not None:
        session = _requeued(session, event.now, event.queue, event.item)
    return session._replace(notice=event.notice), (Load(card),)


def _solved(session: Session, event: Solved) -> tuple[Session, tuple[Effect, ...]]:
    if session.item is None or session.phase is Phase.LOADING:
        return session, ()
    if event.passed is None or event.item is None:
        return session._replace(notice=event.notice), ()
    before = session.solving
    # What the answer shows is help, unless the tests had passed already.
    helped = (
        event.helped or bool(before and before.helped) or bool(session.revealed_at and not (before and before.passed))
    )
    passed = event.passed or bool(before and before.passed)
    spent = before.spent_ms if before and before.passed else event.spent_ms
    solving = Solving(passed, spent, event.goal_ms, helped)
    if event.item.card != session.item.card:  # its sibling waits until tomorrow
        swapped = _blank(session, event.item)._replace(solving=solving, revealed_at=session.revealed_at)
        swapped = swapped._replace(queue=session.queue.without(event.item), notice=event.notice)
        if passed and not swapped.revealed_at:
            swapped = swapped._replace(revealed_at=event.now)
        return swapped, (Load(event.item.card),)
    if passed and session.phase is not Phase.ANSWER:
        session = session._replace(phase=Phase.ANSWER, revealed_at=event.now)
    return session._replace(solving=solving, notice=event.notice), ()


def _requeued(session: Session, now: int, queue: Queue, item: Item | None) -> Session:
    """Take a queue that was made anew, without the card on the screen."""
    if session.item is None or session.cram or (item and item.card != session.item.card):
        return session
    session = session._replace(item=item or session.item)
    queue = queue.without(item) if item else queue
    return session._replace(queue=_fitting(session, now, queue))
