"""Keeps our store and a sync server of Anki in step: exchange, take in, hand on, until neither side has anything new."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from flashprep import places
from flashprep.anki import mirror as mirrors
from flashprep.anki import tables
from flashprep.anki.account import Account
from flashprep.anki.content import TAGS_OF_ANKI, digest_of
from flashprep.anki.exchange import Outcome, take_in
from flashprep.anki.mirror import Mirror
from flashprep.anki.outgoing import Shipment, gather, logs_of
from flashprep.anki.schedule import columns
from flashprep.collection import Collection
from flashprep.errors import FlashprepError
from flashprep.memory.state import Memory
from flashprep.store import anki as store
from flashprep.store import log, sql
from flashprep.store.queries import Filter

_FEW = 50  # notes that are looked for one by one
_ROUNDS = 6  # the other side may be writing at the same time


class Memo(NamedTuple):
    """What was the same on both sides after the last sync."""

    url: str = ""
    user: str = ""
    usn: int = 0  # what came in with this sync number or a higher one is new
    seq: int = 0  # newest row of the log
    id: int = 0  # of that row
    at: int = 0  # epoch ms
    generation: str = ""  # of the decks
    settings: str = ""  # of the scheduler


class Synced(NamedTuple):
    """What a sync did."""

    outcomes: list[Outcome]  # of what came in
    reviews: int  # that were handed on
    cards: int  # whose state was handed on
    notes: int  # that were handed on, new or changed
    conflicts: tuple[str, ...]  # cards that were edited on both sides
    lost: list[str]  # cards that are on the server and in no deck any more
    fsrs: bool  # Anki schedules with FSRS


def folder() -> Path:
    """Return the folder of the mirror."""
    return places.home() / "anki"


def sync(
    collection: Collection,
    account: Account,
    direction: str = "",
    notes: bool = False,
    take_edits: bool = False,
    keep_mine: bool = False,
    say: Callable[[str], None] = lambda text: None,
) -> Synced:
    """Sync with a server. ``direction`` (upload, download) is for when both sides hold what the other cannot take in."""
    mirrors.available()
    memo = _load(account)
    with Mirror(folder(), account.url) as mirror:
        if mirror.fresh or store.touched(collection.db, memo.seq, memo.id, memo.at) is None:
            memo = Memo(account.url, account.user)
        auth = mirror.login(account)
        done = _Sync(collection, mirror, notes, take_edits, keep_mine)
        pictures = empty = False
        for _ in range(_ROUNDS):
            left = mirror.exchange(auth)
            if left == mirrors.BOTH:
                left = _chosen(direction, account)
            if left == mirrors.UPLOAD:
                say("filling the server")
                mirror.replace(auth, upload=True)
            elif left == mirrors.DOWNLOAD:
                say("taking the collection of the server")
                mirror.replace(auth, upload=False)
                memo = Memo(account.url, account.user)
            empty = empty or not mirror.rows(tables.ANY_NOTE)
            if empty:
                mirror.set_up(collection.config.rollover_hour)
            began, usn = collection.now().ms, mirror.usn()
            done.take_in(0 if notes or take_edits else memo.usn)  # what is asked for may have come with an earlier sync
            head = store.head(collection.db)
            sent = done.hand_on(memo)
            pictures |= done.pictures
            memo = memo._replace(
                usn=usn,
                seq=head[0],
                id=head[1],
                at=began,
                generation=sql.fact(collection.db, "generation"),
                settings=log.settings_mark(collection.config.settings),
            )
            if not sent:
                break
        if pictures or done.moved:
            mirror.exchange_media(auth)
        _save(memo)
        return done.result()


def _chosen(direction: str, account: Account) -> str:
    if not direction:
        raise FlashprepError(
            f"both sides hold a collection, and {account.url} can only take a whole one (another device forced it, or changed a "
            "note type): --download takes the server's and then adds what is here, which loses nothing of yours; --upload "
            "replaces the server's by what flashprep has"
        )
    return mirrors.UPLOAD if direction == "upload" else mirrors.DOWNLOAD


def _load(account: Account) -> Memo:
    try:
        memo = Memo(**json.loads((folder() / "mirror.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        memo = Memo()
    if (memo.url, memo.user) == (account.url, account.user):
        return memo
    mirrors.delete(folder())
    return Memo(account.url, account.user)


def _save(memo: Memo) -> None:
    target = folder() / "mirror.json"
    unfinished = target.with_suffix(".new")
    unfinished.write_text(json.dumps(memo._asdict()), encoding="utf-8")
    unfinished.replace(target)


class _Sync:
    """One sync under way."""

    def __init__(self, collection: Collection, mirror: Mirror, notes: bool, take_edits: bool, keep_mine: bool):
        self.collection, self.mirror = collection, mirror
        self.notes, self.take_edits, self.keep_mine = notes, take_edits, keep_mine
        self.outcomes: list[Outcome] = []
        self.reviews = self.cards = self.sent_notes = 0
        self.conflicts: dict[str, None] = {}
        self.pictures = self.moved = False

    def take_in(self, since: int) -> None:
        """Take in what came from the server."""
        found = self.mirror.read(since)
        outcome = take_in(
            self.collection,
            found,
            self.mirror.media_folder(),
            notes=self.notes,
            own_notes=True,
            take_edits=self.take_edits,
        )
        self.moved |= bool(outcome.moved.notes)
        self.outcomes.append(outcome)

    def hand_on(self, memo: Memo) -> bool:
        """Hand on what is new here since the last sync; tell whether there was anything."""
        db = self.collection.db
        touched = store.touched(db, memo.seq, memo.id, memo.at)
        everything = touched is None or memo.settings != log.settings_mark(self.collection.config.settings)
        notes = 0
        if everything or memo.generation != sql.fact(db, "generation") or self.keep_mine:
            notes = self._hand_on_notes()
        cards = set(self._places()) if everything or touched is None else touched
        if not cards:
            return notes > 0
        return bool(self._hand_on_cards(cards)) or notes > 0

    def _places(self, cards: set[int] | None = None) -> dict[int, tuple[int, store.Known]]:
        """Return by card here the id of its card in the mirror, and what is known of it there; None stands for all cards."""
        known = store.known(self.collection.db) if cards is None else store.known_of(self.collection.db, cards)
        if cards is not None and len(known) <= _FEW:
            rows = [row for guid in {one.guid for one in known} for row in self.mirror.rows(tables.NAMES_OF, guid)]
        else:
            rows = list(self.mirror.rows(tables.NAMES))
        there = {(guid, ord): id for guid, ord, id in rows}
        found: dict[int, tuple[int, store.Known]] = {}
        for one in known:
            id = there.get((one.guid, one.ord))
            # Of two cards there, one that was made in Anki and our copy of it, the first is the one that the user answers.
            if id is not None and (one.card not in found or not one.ours):
                found[one.card] = (id, one)
        return found

    def _hand_on_notes(self) -> int:
        """Hand on notes that are new or whose text changed; what was edited there stays, unless the user says otherwise."""
        collection = self.collection
        strangers = {card for card, (_, one) in self._places().items() if not one.ours}
        rows = [row for row in collection.rows(Filter()) if not row.exercise and row.card not in strangers]
        shipment = gather(collection, rows, progress=True)
        there = {guid: (mod, text.split("\x1f"), tags) for guid, mod, text, tags in self.mirror.rows(tables.TEXTS)}
        sent = store.digests(collection.db, {row.card for row in rows})
        now = collection.now().ms // 1000
        chosen = []
        for card in shipment.cards:
            mod, fields, tags = there.get(card.guid, (0, [], ""))
            digest = digest_of(fields) if fields else ""
            same_tags = set(tags.split()) - TAGS_OF_ANKI == set(card.content.tags)
            if digest == card.content.digest[: store.DIGEST] and (same_tags or mod >= card.mod):
                continue
            # A note without an Id was made there, and is as it was when it came over.
            edited = bool(fields) and bool(fields[0]) and (card.row.card, digest) not in sent
            if edited and not self.keep_mine:
                self.conflicts[card.row.key] = None
                continue
            if not fields:
                self.reviews += sum(row[1] > 0 for row in card.log)
            newer = card.mod > mod or not (edited or (fields and not fields[0]))
            chosen.append(card if newer else card._replace(mod=max(now, mod + 1)))
        if chosen:
            self._take(shipment._replace(cards=chosen))
            self.pictures |= bool(shipment.media.files)
        self.sent_notes += len(chosen)
        return len(chosen)

    def _take(self, shipment: Shipment) -> None:
        from flashprep.anki.package import pack

        with tempfile.TemporaryDirectory(prefix="flashprep-") as temporary:
            package = Path(temporary) / "changed.apkg"
            package.write_bytes(pack(shipment, self.collection.config))
            self.mirror.take(package)

    def _hand_on_cards(self, cards: set[int]) -> int:
        """Hand on memory and log of cards, as far as the mirror has others; return the number of cards that changed."""
        places_there = self._places(cards)
        if not places_there:
            return 0
        collection = self.collection
        db = collection.db
        shift = collection.now().day - self.mirror.today()
        logs = logs_of(collection, set(places_there))
        changed, rows, known = [], [], []
        for card, (id, one) in places_there.items():
            row = collection.row(card)
            memory = log.memory_of(db, card)
            theirs = self.mirror.card(id)
            missing = self._missing(card, id, logs.get(card, []))
            exercise = row.exercise if row else False
            differs = self._set(theirs, memory, shift, exercise)
            if differs or missing:
                changed.append(theirs)
                rows += missing
                self.reviews += sum(review[2] > 0 for review in missing)
                if one.suspended != bool(memory.suspended):
                    known.append(one._replace(suspended=bool(memory.suspended)))
        self.mirror.write(changed, rows)
        store.remember(db, known)
        self.cards += len(changed)
        return len(changed)

    def _missing(self, card: int, id: int, log_here: list[Any]) -> list[tuple[Any, ...]]:
        """Return the rows of the log that the mirror's card lacks; one whose number is taken there gets another."""
        there = {number for (number,) in self.mirror.rows(tables.REVIEW_IDS, id)}
        missing: list[tuple[Any, ...]] = []
        for row in log_here:
            if row[0] in there:
                continue
            at = row[0]
            while self.mirror.rows(tables.REVIEW_CARD, at) or any(at == one[0] for one in missing):
                at += 1
            if at != row[0]:
                here = store.renumbered(self.collection.db).get((card, row[0]), row[0])
                store.renumber(self.collection.db, card, here, at)
            missing.append((at, id, *row[1:]))
        return missing

    def _set(self, theirs: Any, memory: Memory, shift: int, exercise: bool) -> bool:
        """Set a card of the mirror to a memory; tell whether that changes it."""
        from anki.cards import FSRSMemoryState

        settings = self.collection.config.settings.of(exercise)
        decay = self.collection.scheduler.decay
        place = theirs.original_position or (theirs.due if theirs.type == 0 else 0) or 0
        wanted = columns(memory, settings, decay, shift, place)
        queue = wanted.queue
        if theirs.queue < -1 and queue >= 0:
            queue = theirs.queue  # buried there for today
        away = bool(theirs.odid)  # in a filtered deck, which has a due of its own
        due_there = theirs.odue if away else theirs.due
        state = theirs.memory_state
        if state is None or not memory.state:
            same_memory = state is None and not memory.state
        else:  # Anki keeps four decimal places of one and three of the other
            same_memory = (
                abs(state.stability - memory.stability) <= 2e-4 * max(1.0, memory.stability)
                and abs(state.difficulty - memory.difficulty) <= 2e-3
            )
        here = (wanted.type, wanted.reps, wanted.lapses, wanted.queue == -1, wanted.due if memory.state else due_there)
        there = (theirs.type, theirs.reps, theirs.lapses, theirs.queue == -1, due_there)
        if same_memory and here == there:
            return False
        theirs.type, theirs.ivl, theirs.factor = wanted.type, wanted.ivl, wanted.factor
        theirs.reps, theirs.lapses, theirs.left = wanted.reps, wanted.lapses, wanted.left
        if away:
            theirs.odue = wanted.due
        else:
            theirs.queue, theirs.due = queue, wanted.due
        if memory.state:
            theirs.memory_state = FSRSMemoryState(stability=memory.stability, difficulty=memory.difficulty)
            theirs.desired_retention, theirs.decay = settings.desired_retention, decay
            theirs.last_review_time = memory.last_at // 1000
        else:
            theirs.memory_state = theirs.last_review_time = None
        return True

    def result(self) -> Synced:
        """Return what was done."""
        return Synced(
            self.outcomes,
            self.reviews,
            self.cards,
            self.sent_notes,
            tuple(self.conflicts),
            store.lost(self.collection.db),
            self.mirror.uses_fsrs(),
        )
