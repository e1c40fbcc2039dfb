"""Gathers what Anki is to get of cards: content with the time of its last change, name there, memory and log."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from flashprep.anki.content import Content, content
from flashprep.anki.media import Media
from flashprep.anki.schedule import Columns, Revlog, columns, revlog
from flashprep.collection import Collection
from flashprep.memory.state import NEW, Step
from flashprep.store import anki as store
from flashprep.store import log
from flashprep.store.queries import Row


class Outgoing(NamedTuple):
    """A card on its way to Anki."""

    row: Row
    guid: str
    content: Content
    mod: int  # epoch s: when the content became what it is
    columns: Columns
    log: list[Revlog]


class Shipment(NamedTuple):
    """Everything that goes to Anki at once."""

    cards: list[Outgoing]
    media: Media
    day0: int  # study day from which days are counted
    progress: bool


@contextmanager
def collector_paused() -> Iterator[None]:
    """Let the garbage collector rest: it would look through hundreds of thousands of tuples that are all still needed."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def gather(
    collection: Collection, rows: Sequence[Row], progress: bool, tick: Callable[[int], None] = lambda done: None
) -> Shipment:
    """Gather cards for Anki, those first that are to be learned first.

    ``tick`` hears how far it is: each card counts once for its text, and with progress once more for its log.
    """
    with collector_paused():
        return _gathered(collection, rows, progress, tick)


def _gathered(collection: Collection, rows: Sequence[Row], progress: bool, tick: Callable[[int], None]) -> Shipment:
    from fsrs.scheduler import DEFAULT_PARAMETERS

    db, settings = collection.db, collection.config.settings
    rows = sorted(rows, key=lambda row: "prio" not in row.tags)
    media = Media()
    made = contents_of(collection, rows, media, tick)
    texts = [(card, content.digest) for card, content in made.items()]
    mods = store.stamp(db, texts, collection.now().ms // 1000)
    guids = names(collection, rows, progress)
    parameters = settings.parameters or DEFAULT_PARAMETERS
    day0 = min((row.memory.first_day for row in rows if row.memory.first_day), default=_FIRST_DAY)
    logs = logs_of(collection, {row.card for row in rows}, lambda done: tick(len(rows) + done)) if progress else {}
    cards = []
    for place, row in enumerate(rows, 1):
        card = row.card
        memory = row.memory if progress else NEW
        where = columns(memory, settings, parameters[20], day0, place)
        cards.append(Outgoing(row, guids[card], made[card], mods[card], where, logs.get(card, _NO_LOG)))
    return Shipment(cards, media, day0, progress)


def contents_of(
    collection: Collection,
    rows: Sequence[Row],
    media: Media | None = None,
    tick: Callable[[int], None] = lambda done: None,
) -> dict[int, Content]:
    """Make the contents of cards, by card; ``tick`` hears how many are done."""
    media = media or Media()
    testing = store.tested(collection.db)
    folders = {place: collection.absolute(*place).parent for place in {(row.root, row.path) for row in rows}}
    made: dict[int, Content] = {}
    for number, row in enumerate(rows, 1):
        tested = "" if row.face else testing.get(row.number, "")
        made[row.card] = content(row, tested, folders[row.root, row.path], media)
        if number % _TICK == 0:
            tick(number)
    return made


_TICK = 200  # cards between two words about how far it is
_NO_LOG: list[Revlog] = []
_FIRST_DAY = 20_089  # 2025-01-01, where there is no review yet


def names(collection: Collection, rows: Sequence[Row], progress: bool) -> dict[int, str]:
    """Return the guid of each card, which it keeps for ever; the store remembers it with the first journey."""
    found, taken = store.guids(collection.db)
    fresh = []
    for row in rows:
        if row.card not in found:
            guid = f"flashprep {row.origin} {row.ord}"
            if guid in taken:  # another laptop gave it to another card
                guid = f"flashprep {row.key}"
            while guid in taken:
                guid += "+"
            taken.add(guid)
            found[row.card] = guid
            fresh.append(store.Known(guid, 0, row.card, True, progress and bool(row.memory.suspended)))
    if fresh:
        store.remember(collection.db, fresh)
    return found


def logs_of(
    collection: Collection, cards: set[int], tick: Callable[[int], None] = lambda done: None
) -> dict[int, list[Revlog]]:
    """Return Anki's log of cards, each row with a number that no other has."""
    fold, natures = log.folder_of(collection.config.settings), log.natures(collection.db)
    found, there, count = {}, set(), 0
    for card, history in store.histories(collection.db, cards):
        steps: list[Step] = []
        fold([one[:4] for one in history], natures[card], steps)
        rows = found[card] = revlog(history, steps)
        count += len(rows)
        there.update([row[0] for row in rows])
        if len(found) % _TICK == 0:
            tick(len(found))
    if len(there) < count:  # two cards have a review of the same number
        taken: set[int] = set()
        for card, rows in found.items():
            found[card] = _numbered_anew(collection, card, rows, taken, there)
            taken.update([row[0] for row in found[card]])
    return found


def _numbered_anew(
    collection: Collection, card: int, rows: list[Revlog], taken: set[int], there: set[int]
) -> list[Revlog]:
    """Give the reviews of a card whose numbers are ``taken`` others, which the store remembers."""
    ids = store.renumbered(collection.db)
    made = []
    for row in rows:
        at = row[0]
        if at in taken:
            while at in there:
                at += 1
            there.add(at)
            store.renumber(collection.db, card, ids.get((card, row[0]), row[0]), at)
        made.append((at, *row[1:]))
    return made
