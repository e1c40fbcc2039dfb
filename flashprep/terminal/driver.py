"""Carries out the effects of a session with the collection; the screen and the pipe both drive through it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from flashprep import session as s
from flashprep.collection import Collection
from flashprep.errors import FlashprepError
from flashprep.memory.queue import Item, Queue
from flashprep.memory.state import RATING_NAMES, Memory, Nature
from flashprep.store import queries
from flashprep.store.queries import Filter, Row

if TYPE_CHECKING:
    from flashprep.coding import Tested


class Driver:
    """A running session: the pure state, the collection, and the card on the screen."""

    def __init__(
        self,
        collection: Collection,
        filter: Filter,
        new: int | None = None,
        limit: int | None = None,
        cram: bool = False,
        more: bool = False,
    ) -> None:
        self.collection = collection
        self.filter = filter
        # With --new the day takes so many new cards more than it had; counted so, an edit or an undo lets in no further ones.
        self.new = None if new is None else collection.agenda.new_today() + new
        self.cram = cram
        time = None if cram else collection.agenda.planned_time(filter, self.new)
        self.minutes = round(time.seconds / 60) if time else 0  # that the plan gives to a day, 0 without one
        self.allowed = (time.extended(time.today) if more else time.today) if time else None  # seconds of this day
        self.open_editor: Callable[[Row], str] = lambda row: "there is no editor here"
        self.ensure_editor: Callable[[], None] = _no_editor
        self.open_attempt: Callable[[Path], None] = lambda path: None
        self.tested: Tested | None = None  # what the tests say of the exercise on the screen
        self.day = collection.now().day  # of the queue
        self.row: Row | None = None
        left = max(0.0, self.allowed - time.spent) if time and self.allowed is not None else 0.0
        limits = s.Time(round(left * 1000), round(time.pass_seconds * 1000)) if time else None
        self.session = s.start(self._queue(), cram, limit, limits)
        self.send(s.Begin(self.now))

    @property
    def portion(self) -> str:
        """How much time the plan gives to a day, in words."""
        return f"{self.minutes} minute{'s' * (self.minutes != 1)}"

    @property
    def now(self) -> int:
        """The present instant in epoch ms."""
        return self.collection.now().ms

    def _queue(self) -> Queue:
        return self.collection.queue(self.filter, self.new, self.cram, self.allowed)

    def send(self, event: s.Event) -> None:
        """Give an event to the session and carry out what follows, until it waits for the user."""
        waiting: list[s.Event] = [event]
        while waiting:
            self.session, effects = s.step(self.session, waiting.pop(0))
            for effect in effects:
                answer = self._perform(effect)
                if answer is not None:
                    waiting.append(answer)

    def refresh(self) -> None:
        """Take in what another session wrote to the store meanwhile, and the cards of a study day that began meanwhile."""
        day, self.day = self.day, self.collection.now().day
        if (self.collection.written_outside() or day != self.day) and not self.cram:
            self.send(s.Refreshed(self.now, self._queue(), self._item_shown()))

    def rate(self, rating: int) -> None:
        """Rate the card on the screen."""
        self.refresh()
        self.send(s.Rate(self.now, rating))

    def outcome(self) -> Tested | None:
        """Return what the tests say of the exercise on the screen, None where they have not run."""
        return self.tested

    def preview(self) -> tuple[Memory, ...]:
        """Return the memories that the four ratings would make of the card on the screen."""
        if self.row is None or self.cram:
            return ()
        now = self.collection.now()
        scheduler = self.collection.scheduler.of(Nature(self.row.seed, self.row.exercise))
        return scheduler.preview(self.row.memory, now.day, now.ms, self.row.seed)

    def _perform(self, effect: s.Effect) -> s.Event | None:
        match effect:
            case s.Load(card):
                return self._load(card)
            case s.Record(card, rating, duration):
                return self._record(card, rating, duration)
            case s.Hide(card, how):
                self.collection.mark([card], how)
                until = "until tomorrow" if how == "bury" else "until 'flashprep unsuspend'"
                return s.Hidden(self.now, f"{self._name(card)} is hidden {until}; u takes it back")
            case s.TakeBack():
                return self._take_back()
            case s.Edit():
                return self._edit()
            case s.Refill(more):
                return self._refill(more)
            case s.Solve(_, fresh, edit):
                return self._solve(fresh, edit)
        return None

    def _load(self, card: int) -> s.Event:
        before, self.row = self.row, self.collection.row(card)
        if self.row is None:
            return s.Loaded(self.now, None)
        if before is None or before.note != self.row.note:
            self.tested = None
        return s.Loaded(self.now, len(self.row.steps), self.row.timed, self.row.exercise)

    def _record(self, card: int, rating: int, duration: int) -> s.Event:
        shown = self.row.memory if self.row else None
        done = self.collection.rate(card, rating, duration, shown)
        notice = ""
        if done.leech:
            times = "once" if done.memory.lapses == 1 else f"{done.memory.lapses} times"
            notice = f"{self._name(card)} has lapsed {times} and is set aside as a leech: reword or split it"
        elif done.elsewhere:
            notice = f"{self._name(card)} was rated in another session too; both ratings count"
        return s.Recorded(self.now, rating, duration, done.memory, done.leech, notice)

    def _take_back(self) -> s.Event:
        undone = self.collection.undo()
        if undone is None:
            return s.TakenBack(self.now, None, "there is nothing to take back")
        queue, card = self._queue(), undone.cards[0]
        row = self.collection.row(card)
        # A rating is given anew at once; what was hidden comes back if it is due.
        back = undone.rating or (len(undone.cards) == 1 and queue.holds(card))
        item = self._item(row) if row and back else None
        what = RATING_NAMES[undone.rating] if undone.rating else undone.kind
        name = queries.keys_of(self.collection.db, undone.cards[:1])[0]
        return s.TakenBack(self.now, queue, f"took back {what} for {name}", card, undone.rating, item)

    def _refill(self, more: bool) -> s.Event:
        time = self.collection.agenda.planned_time(self.filter, self.new)
        if time is None or self.allowed is None:  # the plan was cleared meanwhile
            return s.Refilled(self.now, Queue())
        if more:
            self.allowed = time.extended(self.allowed)
        left = round(max(0.0, self.allowed - time.spent) * 1000)
        return s.Refilled(self.now, self._queue(), left if more else -1)

    def _item_shown(self) -> Item | None:
        row = self.collection.row(self.session.item.card) if self.session.item else None
        return self._item(row) if row else None

    def _item(self, row: Row) -> Item:
        memory = row.memory
        return Item(row.card, row.number, row.deck, memory.state, memory.due_day, memory.due_at, row.exercise)

    def _edit(self) -> s.Event:
        assert self.row is not None
        before, began = self.row, self.now
        said = [self.open_editor(before)]
        away = self.now - began
        self.collection.sync()
        said += self.collection.notices
        self.collection.notices = []
        item = self._item_shown()
        if item is None:
            said.append(f"{before.key} is no card any more: 'flashprep check' says if something is wrong with it")
        queue = None if self.cram else self._queue()  # a cram goes on where it is
        return s.Edited(self.now, queue, item, "; ".join(part for part in said if part), away)

    def _solve(self, fresh: bool, edit: bool) -> s.Event:
        """Let the user solve the exercise of the note on the screen, and the tests judge."""
        from flashprep import coding
        from flashprep.practice.verdict import UNJUDGED

        assert self.row is not None
        try:
            row = coding.find(self.collection, self.row.note)
            problem = coding.problem_of(self.collection, row)
            if edit:
                self.ensure_editor()
            if fresh:
                coding.start(self.collection, row, "review", anew=True)
            if edit:
                self.open_attempt(problem.attempt)
            if self.session.revealed_at:
                coding.note_help(self.collection, row)
            self.tested = tested = coding.test(self.collection, row, "review")
        except FlashprepError as error:
            return s.Solved(self.now, None, notice=str(error))
        if tested.verdict.outcome == UNJUDGED:
            return s.Solved(self.now, None, notice=tested.verdict.detail)
        done, item = tested.attempt, self._item(row)
        return s.Solved(self.now, item, tested.verdict.ok, done.spent_ms, problem.goal_ms, done.helped)

    def _name(self, card: int) -> str:
        return self.row.key if self.row and self.row.card == card else str(card)


def _no_editor() -> None:
    raise FlashprepError("there is no editor here: solve it with 'flashprep code start'")
