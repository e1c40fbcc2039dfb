"""Which card comes next: learning cards as they fall due, then reviews with new cards spread among them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple
from zlib import crc32

from flashprep.memory.state import State

LEARN_AHEAD_MS = 20 * 60_000  # with nothing else left, learning cards come up to this much early (as in Anki)


class Item(NamedTuple):
    """A card that may be drawn."""

    card: int
    note: int
    deck: str
    state: int
    due_day: int = 0
    due_at: int = 0  # epoch ms for a card due within the day, else 0
    exercise: int = 0  # 1: solved in an editor, which takes minutes: it comes after everything else


class Worth(NamedTuple):
    """What a card is worth today, where the study has an aim."""

    gain: float  # expected recall on the date that counts, per second of a visit today; what is not above 0 waits
    seconds: float  # that a visit is expected to take
    rank: int = 0  # among cards of the same gain, the lowest first

    @property
    def counts(self) -> bool:
        """Tell whether the card counts at all; NOTHING is the worth of one that does not."""
        return self.seconds > 0


NOTHING = Worth(0.0, 0.0)


class Limits(NamedTuple):
    """How many cards a study day takes; a deck's limit counts its subdecks too."""

    new: int = 20
    reviews: int = 200
    decks: Mapping[str, tuple[int | None, int | None]] = {}  # deck: (new, reviews)
    exercises: int = 1  # new ones, out of those that are new


class Counts(NamedTuple):
    """Cards left, by what they are."""

    new: int = 0
    learning: int = 0
    review: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.new + self.learning + self.review


class Queue(NamedTuple):
    """The cards of a session in their order. A value: drawing and putting back return a new queue."""

    main: tuple[Item, ...] = ()
    at: int = 0  # place in main
    learning: tuple[Item, ...] = ()  # by due_at
    counts: Counts = Counts()

    def draw(self, now: int, ahead: int = LEARN_AHEAD_MS) -> tuple[Item | None, Queue]:
        """Take the next card at epoch millisecond ``now``; None when nothing is left for now."""
        if self.learning and self.learning[0].due_at <= now:
            return self._take_learning()
        if self.at < len(self.main):
            item = self.main[self.at]
            return item, self._replace(at=self.at + 1, counts=_add(self.counts, item.state, -1))
        if self.learning and self.learning[0].due_at <= now + ahead:
            return self._take_learning()
        return None, self

    def _take_learning(self) -> tuple[Item, Queue]:
        item = self.learning[0]
        return item, self._replace(learning=self.learning[1:], counts=_add(self.counts, item.state, -1))

    def put_learning(self, item: Item) -> Queue:
        """Put a card that is due again within the day where it belongs."""
        at = bisect_right(self.learning, item.due_at, key=lambda waiting: waiting.due_at)
        after = (*self.learning[:at], item, *self.learning[at:])
        return self._replace(learning=after, counts=_add(self.counts, item.state, 1))

    def without(self, item: Item) -> Queue:
        """Take out a card and its siblings; siblings that are being learned stay."""
        rest = [other for other in self.main[self.at :] if other.note != item.note and other.card != item.card]
        return from_items(rest, [other for other in self.learning if other.card != item.card])

    def put_last(self, item: Item) -> Queue:
        """Put a card behind everything that is not being learned."""
        return from_items([*self.main[self.at :], item], self.learning)

    def cut(self, limit: int, now: int, known: Collection[int] = ()) -> Queue:
        """Keep the first ``limit`` cards as they would be drawn from ``now`` on, and besides them those that are ``known``."""
        ready = [item for item in self.learning if item.due_at <= now]
        order = [*ready, *self.main[self.at :], *self.learning[len(ready) :]]
        others = dict.fromkeys(item.card for item in order if item.card not in known)
        kept = {*known, *list(others)[:limit]}
        return from_items(
            [item for item in self.main[self.at :] if item.card in kept],
            [item for item in self.learning if item.card in kept],
        )

    def holds(self, card: int) -> bool:
        """Tell whether a card is still to come."""
        return any(item.card == card for item in (*self.main[self.at :], *self.learning))

    @property
    def next_learning(self) -> int:
        """Epoch ms at which the next learning card falls due, 0 with none."""
        return self.learning[0].due_at if self.learning else 0


def _add(counts: Counts, state: int, by: int) -> Counts:
    if state == State.NEW:
        return counts._replace(new=counts.new + by)
    if state == State.REVIEW:
        return counts._replace(review=counts.review + by)
    return counts._replace(learning=counts.learning + by)


def from_items(main: Iterable[Item], learning: Iterable[Item] = ()) -> Queue:
    """Make a queue of cards in a given order."""
    first, second = tuple(main), tuple(learning)
    new = learned = review = 0
    for item in (*first, *second):
        new += item.state == State.NEW
        review += item.state == State.REVIEW
        learned += item.state in (State.LEARNING, State.RELEARNING)
    return Queue(first, 0, second, Counts(new, learned, review))


def build(
    items: Iterable[Item],
    today: int,
    limits: Limits,
    seen_notes: set[int],
    done: Mapping[str, tuple[int, int]],
    exercises_done: int = 0,
) -> Queue:
    """Build the queue of a study day.

    ``items`` are the cards that are due or new, new ones in the order they are to be learned. ``seen_notes`` are notes with a
    review today: their other cards wait until tomorrow. ``done`` counts by deck the new cards and reviews of today so far,
    ``exercises_done`` the exercises that were new today. Exercises come last, since each of them takes minutes.
    """
    learning: list[Item] = []
    waiting: list[Item] = []
    reviews: list[Item] = []
    fresh: list[Item] = []
    for item in items:
        if item.state == State.NEW:
            fresh.append(item)
        elif item.due_at:
            learning.append(item)
        elif item.due_day <= today:
            (reviews if item.state == State.REVIEW else waiting).append(item)
    learning.sort(key=lambda item: item.due_at)
    reviews.sort(key=lambda item: (item.due_day, crc32(b"%d:%d" % (item.card, today))))
    hidden = seen_notes | {item.note for item in learning}
    room = _Room(limits, done, exercises_done)
    first = _pick(waiting, hidden, lambda item: True)
    second = _pick(reviews, hidden, room.review)
    third = _pick(fresh, hidden, room.new)
    short = [*first, *spread(_short(second), _short(third))]
    return from_items([*short, *(item for item in (*second, *third) if item.exercise)], learning)


def build_by_worth(
    items: Iterable[Item],
    worth: Mapping[int, Worth],
    fresh: Worth,
    seconds: float,
    pass_seconds: float,
    seen_notes: set[int],
) -> Queue:
    """Build the queue of a study day that has an aim: the cards that are worth most for each second of the time there is.

    ``items`` are all cards that may be drawn, due or not; ``fresh`` is what a new card without a ``worth`` is worth. A card is
    taken while ``pass_seconds`` are left. Learning cards come as they fall due, whatever the time. Exercises are no part of it.
    """
    learning: list[Item] = []
    others: list[tuple[float, int, Item, float]] = []
    for item in items:
        found = worth.get(item.card) or (fresh if item.state == State.NEW else None)
        if item.due_at and item.state != State.NEW:
            learning.append(item)
        elif found is not None and found.gain > 0 and not item.exercise:
            others.append((-found.gain, found.rank, item, found.seconds))
    learning.sort(key=lambda item: item.due_at)
    others.sort(key=lambda one: one[:2])
    hidden = seen_notes | {item.note for item in learning}
    taken: list[Item] = []
    for _, _, item, cost in others:
        if seconds < pass_seconds:
            break
        if item.note not in hidden:
            hidden.add(item.note)
            taken.append(item)
            seconds -= cost
    new = [item for item in taken if item.state == State.NEW]
    return from_items(spread([item for item in taken if item.state != State.NEW], new), learning)


def first(cards: Collection[int], queue: Queue, items: Iterable[Item]) -> Queue:
    """Put cards before everything that is not being learned, whether they are due or not."""
    if not cards:
        return queue
    waiting = {item.card for item in queue.learning}
    known = {item.card: item for item in items if item.card not in waiting}
    asked = [known[card] for card in cards if card in known]
    notes, numbers = {item.note for item in asked}, {item.card for item in asked}
    rest = [item for item in queue.main[queue.at :] if item.card not in numbers and item.note not in notes]
    once = {item.note: item for item in reversed(asked)}  # of siblings, the first that was asked for
    return from_items([item for item in asked if once[item.note] is item] + rest, queue.learning)


def _short(items: list[Item]) -> list[Item]:
    return [item for item in items if not item.exercise]


def _pick(items: list[Item], hidden: set[int], allowed: Callable[[Item], bool]) -> list[Item]:
    """Take the items in order, one of a note, while ``allowed`` says so; remember their notes in ``hidden``."""
    taken = []
    for item in items:
        if item.note not in hidden and allowed(item):
            hidden.add(item.note)
            taken.append(item)
    return taken


def spread(reviews: list[Item], fresh: list[Item]) -> list[Item]:
    """Spread new cards evenly among reviews."""
    if not fresh:
        return reviews
    out: list[Item] = []
    taken = 0
    for index, item in enumerate(fresh):
        until = round((index + 1) * len(reviews) / (len(fresh) + 1))
        out += reviews[taken:until]
        taken = until
        out.append(item)
    return out + reviews[taken:]


class _Room:
    """What the limits of the day still let in, by deck and all over."""

    def __init__(self, limits: Limits, done: Mapping[str, tuple[int, int]], exercises_done: int):
        self.exercises = limits.exercises - exercises_done
        self.left = {"": [limits.new, limits.reviews]}
        for deck, (new, reviews) in limits.decks.items():
            unlimited = 1 << 60
            self.left[deck] = [unlimited if new is None else new, unlimited if reviews is None else reviews]
        for deck, (new, reviews) in done.items():
            for left in self._of(deck):
                left[0] -= new
                left[1] -= reviews

    def _of(self, deck: str) -> list[list[int]]:
        parts = deck.split("::")
        names = ["", *("::".join(parts[: n + 1]) for n in range(len(parts)))]
        return [self.left[name] for name in names if name in self.left]

    def _take(self, deck: str, which: int) -> bool:
        of = self._of(deck)
        if any(left[which] <= 0 for left in of):
            return False
        for left in of:
            left[which] -= 1
        return True

    def new(self, item: Item) -> bool:
        if item.exercise and self.exercises <= 0:
            return False
        taken = self._take(item.deck, 0)
        self.exercises -= taken and item.exercise
        return taken

    def review(self, item: Item) -> bool:
        return self._take(item.deck, 1)
