"""Takes in what happened in Anki: reviews exactly once, resets, suspensions; edits are only reported.

A review is known by its card and its number in Anki, the epoch millisecond of the answer. What is known is never written again,
whatever comes in whatever order, so importing is idempotent and commutes.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from typing import Any, NamedTuple

from flashprep import clock
from flashprep.anki import notetype
from flashprep.anki.content import ROOT, digest_of
from flashprep.anki.reader import Found
from flashprep.anki.tables import CardRow, NoteRow
from flashprep.collection import Collection
from flashprep.memory.state import DAY_MS
from flashprep.store import anki as store
from flashprep.store import log, queries, sql
from flashprep.store.log import Arrival

SOURCE = "anki"
_SUSPENDED = -1
_CRAM, _MANUAL = 3, 4  # types of a row of Anki's log
_LONGEST_MS = 3_600_000  # of a review
_EARLIEST, _LATEST = 365, 375_000  # days since 1970: the years 1971 to 2996


class Report(NamedTuple):
    """What came in, and what did not."""

    reviews: int = 0  # new ones
    cards: int = 0  # that they belong to
    known: int = 0  # reviews that were here already
    resets: tuple[str, ...] = ()  # cards that were set back to new there
    suspended: tuple[str, ...] = ()  # there
    unsuspended: tuple[str, ...] = ()
    by_hand: int = 0  # due dates that were set there by hand: our schedule is another one
    cram: int = 0  # answers in a filtered deck without rescheduling
    vanished: tuple[str, ...] = ()  # cards with a review that Anki had once and has no more
    taken_back: int = 0  # such reviews that are undone here now
    undone_here: int = 0  # reviews that Anki has and that were undone here
    strangers: int = 0  # notes that are not ours
    stranger_reviews: int = 0
    damaged: int = 0  # rows that make no sense
    edited: tuple[int, ...] = ()  # cards whose text was changed there


class Places(NamedTuple):
    """Which card of Anki is which card here."""

    card_of: dict[int, int]  # id of a card in Anki -> card here
    strange: list[NoteRow]  # notes that no card here answers to
    fresh: list[store.Known]  # seen for the first time
    known: dict[tuple[str, int], store.Known]


def place(collection: Collection, found: Found) -> Places:
    """Find out which cards of a collection of Anki are ours.

    By the name in Anki that was remembered; else by the Id that our notes carry; else by the guid that flashprep made.
    """
    db = collection.db
    known = {(one.guid, one.ord): one for one in store.known(db, {note.guid for note in found.notes.values()})}
    recognised = _Recognised(db)
    card_of: dict[int, int] = {}
    strange: dict[int, NoteRow] = {}
    fresh: list[store.Known] = []
    for row in found.cards.values():
        note = found.notes.get(row.note)
        if note is None:
            continue
        one = known.get((note.guid, row.ord))
        if one is None:
            card = recognised.card(note, row)
            if card is None:
                strange[note.id] = note
                continue
            one = store.Known(note.guid, row.ord, card, note.type == notetype.ID, False)
            known[note.guid, row.ord] = one
            fresh.append(one)
        card_of[row.id] = one.card
    with_cards = {row.note for row in found.cards.values()}
    strange |= {id: note for id, note in found.notes.items() if id not in with_cards}
    return Places(card_of, list(strange.values()), fresh, known)


class _Recognised:
    """Cards that nobody remembers by their names in Anki; the names here are only read when the first one turns up."""

    def __init__(self, db: sqlite3.Connection):
        self._db = db
        self._names: tuple[dict[str, int], dict[tuple[str, int], int]] | None = None

    def card(self, note: NoteRow, row: CardRow) -> int | None:
        """Return the card here, None for a note that is not ours or of no deck."""
        if note.type != notetype.ID or row.ord:
            return None
        if self._names is None:
            self._names = store.cards_by_name(self._db)
        keys, origins = self._names
        card = keys.get(note.fields.partition("\x1f")[0])
        if card is None and note.guid.startswith(f"{ROOT} "):
            origin, _, number = note.guid[len(ROOT) + 1 :].rpartition(" ")
            card = origins.get((origin, int(number))) if number.isascii() and number.isdigit() else None
        return card


def absorb(collection: Collection, found: Found, take_undone: bool = False) -> tuple[Report, Places]:
    """Merge what happened in Anki into the log, in one transaction; return a report, and which card is which."""
    db, settings = collection.db, collection.config.settings
    with sql.transaction(db):
        places = place(collection, found)
        merge = _Merge(collection, found, places)
        arrivals = merge.reviews() + merge.marks()
        log.absorb(db, settings, arrivals, SOURCE)
        for card, id, revlog in merge.renumbered:
            store.renumber(db, card, id, revlog)
        store.remember(db, merge.heard_of())
        gone = merge.vanished()
        if take_undone:
            log.take_back(db, settings, gone, collection.now().ms)
        names = dict(zip(merge.named, queries.keys_of(db, tuple(merge.named)), strict=True))
        lost = dict.fromkeys(card for card, _ in gone)
        keys = dict(zip(lost, queries.keys_of(db, tuple(lost)), strict=True))
        report = merge.report._replace(
            cards=len({one.card for one in arrivals if one.kind == "review"}),
            resets=tuple(dict.fromkeys(names[one.card] for one in arrivals if one.kind == "reset")),
            suspended=tuple(names[one.card] for one in arrivals if one.kind == "suspend"),
            unsuspended=tuple(names[one.card] for one in arrivals if one.kind == "unsuspend"),
            vanished=() if take_undone else tuple(keys.values()),
            taken_back=len(gone) if take_undone else 0,
            strangers=len(places.strange),
            edited=tuple(edited(collection, found, places)),
        )
    return report, places


class _Merge:
    """One merge under way."""

    def __init__(self, collection: Collection, found: Found, places: Places):
        self.db = collection.db
        self.found = found
        self.places = places
        self.report = Report(damaged=found.damaged)
        self.renumbered: list[tuple[int, int, int]] = []
        self.named: list[int] = []
        self._day = clock.study_days(collection.config.rollover_hour)
        self._here = store.renumbered(self.db)
        self._ids = log.ids(self.db, [*(row[0] for row in found.reviews), *self._here.values()])
        self._fresh: set[int] = set()
        self._undone = store.undone_ids(self.db)
        cards = set(places.card_of.values()) if found.reviews and found.whole else set()
        self._came = log.elsewhere(self.db, SOURCE, cards) if cards else []
        self._there: set[tuple[int, int]] = set()  # (card, id here) of what Anki has

    def reviews(self) -> list[Arrival]:
        """Return the reviews and resets that are not here yet."""
        card_of, ids, here, there = self.places.card_of, self._ids, self._here, self._there
        counts: dict[str, Any] = defaultdict(int)  # fields of the report
        arrivals: list[Arrival] = []
        undone, known = self._undone, 0
        collect = bool(self._came)  # only who has to find out which of them are gone needs to know which are there
        for revlog, of, ease, factor, duration, kind in self.found.reviews:
            card = card_of.get(of)
            if card is None:
                counts["stranger_reviews"] += 1
                continue
            id = here.get((card, revlog), revlog) if here else revlog
            if ids.get(id) == card:
                known += 1
                if collect:
                    there.add((card, id))
                if id in undone:
                    counts["undone_here"] += 1
                continue
            if ease == 0:
                if kind != _MANUAL or factor != 0:
                    counts["by_hand"] += kind == _MANUAL
                    continue
            elif kind == _CRAM and factor == 0:
                counts["cram"] += 1
                continue
            if not _plausible(revlog):
                counts["damaged"] += 1
                continue
            if id in ids or id in self._fresh:  # another card's review has the number here
                id = log.free_id(self.db, id, self._fresh)
                self.renumbered.append((card, id, revlog))
                here[card, revlog] = id
            self._fresh.add(id)
            ids[id] = card
            there.add((card, id))
            what = "review" if ease else "reset"
            counts["reviews"] += ease > 0
            arrivals.append(Arrival(card, what, ease, self._day(revlog), id, min(max(duration, 0), _LONGEST_MS)))
            if not ease:
                self.named.append(card)
        counts["damaged"] += self.report.damaged
        self.report = self.report._replace(**counts, known=known)
        return arrivals

    def marks(self) -> list[Arrival]:
        """Return suspensions and their ends that happened in Anki since it was last heard of, and after ours."""
        suspended_here = store.suspended(self.db)
        last: dict[int, int] | None = None
        arrivals: list[Arrival] = []
        for row in self.found.cards.values():
            card = self.places.card_of.get(row.id)
            if card is None:
                continue
            one = self._known(row)
            now = row.queue == _SUSPENDED
            if now == one.suspended or now == (card in suspended_here):
                continue
            if last is None:
                last = log.last_marks(self.db)
            at = row.mod * 1000
            if at + 999 < last.get(card, 0) or not _plausible(at):
                continue  # what was done here is newer
            at = log.free_id(self.db, max(at, last.get(card, 0) + 1), self._fresh)
            self._fresh.add(at)
            self.named.append(card)
            arrivals.append(Arrival(card, "suspend" if now else "unsuspend", 0, self._day(at), at, 0))
        return arrivals

    def _known(self, row: CardRow) -> store.Known:
        return self.places.known[self.found.notes[row.note].guid, row.ord]

    def heard_of(self) -> list[store.Known]:
        """Return what is known of the cards from now on."""
        heard = {(one.guid, one.ord): one for one in self.places.fresh}
        for row in self.found.cards.values():
            if row.id in self.places.card_of:
                one = self._known(row)
                if one.suspended != (row.queue == _SUSPENDED):
                    heard[one.guid, one.ord] = one._replace(suspended=row.queue == _SUSPENDED)
        return list(heard.values())

    def vanished(self) -> list[tuple[int, int]]:
        """Return (card, id) of the reviews that came from Anki and that it has no more, though it is younger than they are.

        Either they were undone there, or the collection is that of another device that had not synced.
        """
        changed = self.found.changed
        return [one for one in self._came if one not in self._there and one[1] < changed]


def _plausible(ms: int) -> bool:
    return _EARLIEST <= ms // DAY_MS <= _LATEST


def edited(collection: Collection, found: Found, places: Places) -> list[int]:
    """Return the cards whose text in Anki is none that went there; it may still be that of now."""
    cards = set(places.card_of.values())
    sent = store.digests(collection.db, cards)
    return [card for card, fields in fields_there(found, places).items() if (card, digest_of(fields)) not in sent]


def fields_there(found: Found, places: Places) -> dict[int, list[str]]:
    """Return by card here the fields of its note of our type in Anki."""
    return {
        places.card_of[row.id]: found.notes[row.note].fields.split("\x1f")
        for row in found.cards.values()
        if row.id in places.card_of and found.notes[row.note].type == notetype.ID
    }
