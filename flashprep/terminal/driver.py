"""Carries out the effects of a session with the collection; the screen and the pipe both drive through it."""

from __future__ import annotations

from collections.abc import Callable

from flashprep import session as s
from flashprep.collection import Collection
from flashprep.memory.queue import Item, Queue
from flashprep.memory.state import RATING_NAMES, Memory
from flashprep.store import queries
from flashprep.store.queries import Filter, Row


class Driver:
    """A running session: the pure state, the collection, and the card on the screen."""

    def __init__(
        self,
        collection: Collection,
        filter: Filter,
        new: int | None = None,
        limit: int | None = None,
        cram: bool = False,
    ) -> None:
        self.collection = collection
        self.filter = filter
        self.new = new
        self.limit = limit
        self.cram = cram
        self.open_editor: Callable[[Row], str] = lambda row: "there is no editor here"
        self.row: Row | None = None
        self.previews: tuple[Memory, ...] = ()
        self.session = s.start(self._queue(limit), cram)
        self.send(s.Begin(self.now))

    @property
    def now(self) -> int:
        """The present instant in epoch ms."""
        return self.collection.now().ms

    def _queue_now(self) -> Queue:
        return self._queue(None if self.limit is None else max(0, self.limit - len(self.session.tally.seen)))

    def _queue(self, limit: int | None) -> Queue:
        return self.collection.queue(self.filter, self.new, limit, self.cram)

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
        """Take in what another session wrote to the store meanwhile."""
        if self.collection.written_outside() and not self.cram:
            self.send(s.Refreshed(self._queue_now()))

    def rate(self, rating: int) -> None:
        """Rate the card on the screen."""
        self.refresh()
        self.send(s.Rate(self.now, rating))

    def preview(self) -> tuple[Memory, ...]:
        """Return the memories that the four ratings would make of the card on the screen."""
        if not self.previews and self.row and not self.cram:
            now = self.collection.now()
            self.previews = self.collection.scheduler.preview(self.row.memory, now.day, now.ms, self.row.seed)
        return self.previews

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
        return None

    def _load(self, card: int) -> s.Event:
        self.row, self.previews = self.collection.row(card), ()
        if self.row is None:
            return s.Loaded(self.now, None)
        return s.Loaded(self.now, len(self.row.steps), self.row.timed)

    def _record(self, card: int, rating: int, duration: int) -> s.Event:
        shown = self.row.memory if self.row else None
        done = self.collection.rate(card, rating, duration, shown)
        notice = ""
        if done.leech:
            notice = f"{self._name(card)} has lapsed {done.memory.lapses} times and is set aside as a leech: reword or split it"
        elif done.elsewhere:
            notice = f"{self._name(card)} was rated in another session too; both ratings count"
        return s.Recorded(self.now, rating, duration, done.memory, done.leech, notice)

    def _take_back(self) -> s.Event:
        undone = self.collection.undo()
        if undone is None:
            return s.TakenBack(self.now, None, None, 0, "there is nothing to take back")
        row = self.collection.row(undone.cards[0])
        item = None
        if row is not None and len(undone.cards) == 1:
            item = self._item(row)
        what = RATING_NAMES[undone.rating] if undone.rating else undone.kind
        name = queries.keys_of(self.collection.db, undone.cards[:1])[0]
        return s.TakenBack(self.now, self._queue_now(), item, undone.rating, f"took back {what} for {name}")

    def _item(self, row: Row) -> Item:
        note = self.collection.db.execute("SELECT note FROM card WHERE card = ?", (row.card,)).fetchone()[0]
        return Item(row.card, note, row.deck, row.memory.state, row.memory.due_day, row.memory.due_at)

    def _edit(self) -> s.Event:
        assert self.row is not None
        notice = self.open_editor(self.row)
        self.collection.sync()
        notices, self.collection.notices = self.collection.notices, []
        return s.Edited(self._queue_now(), "; ".join([notice, *notices]) if notices else notice)

    def _name(self, card: int) -> str:
        return self.row.key if self.row and self.row.card == card else str(card)
