"""The facade that every command calls: decks, store and memory as one collection, brought up to date when it is opened."""

from __future__ import annotations

import sqlite3
import time
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from flashprep import clock, config, folders, places
from flashprep.agenda import Agenda, PlannedTime
from flashprep.clock import Moment
from flashprep.errors import BadStore, NotFound
from flashprep.memory.days import iso
from flashprep.memory.queue import Counts, Queue
from flashprep.memory.state import Memory
from flashprep.store import database, fit, log, plan, queries, sql
from flashprep.store.queries import Filter, Row

if TYPE_CHECKING:
    from flashprep.cards.diagnostics import Diagnostic
    from flashprep.memory.schedule import Scheduler
    from flashprep.store.decks import Known, Read


class Today(NamedTuple):
    """What a study day holds."""

    day: int
    left: Counts  # within the limits of the day
    reviewed: int  # reviews done
    spent_ms: int
    tomorrow: int  # cards that fall due tomorrow
    problems: int  # in the decks
    time: PlannedTime | None = None  # where the plan for an interview date decides


class Collection:
    """The user's decks, log and schedule."""

    def __init__(self) -> None:
        self.config = config.load(places.config())
        self.path = places.store()
        self.notices: list[str] = []
        fresh = not self.path.exists() or not self.path.stat().st_size
        with database.translated(self.path):
            self.db = database.connect(self.path)
            self._file = database.file_of(self.path)
            self._take_fit()
            if not log.memory_is_current(self.db, self.config.settings):
                log.rebuild(self.db, self.config.settings)
            self.sync()
            self._data_version = self._version()
            self._look_at_clock()
        if fresh:
            self._look_for_backups()

    def _take_fit(self) -> None:
        """Let the parameters count that were fitted to the log."""
        found = fit.current(self.db)
        if found is not None:
            self.config = self.config._replace(settings=self.config.settings._replace(parameters=found.parameters))

    def __enter__(self) -> Collection:
        """Use the collection in a ``with`` block; errors of SQLite become messages."""
        self._translation = database.translated(self.path)
        self._translation.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        """Close the store."""
        try:
            self._translation.__exit__(*error)  # type: ignore[arg-type]
        finally:
            self.db.close()

    # -- time

    def now(self) -> Moment:
        """Return the present moment with its study day."""
        return clock.now(self.config.rollover_hour)

    def _look_at_clock(self) -> None:
        last, now = queries.last_review(self.db), self.now()
        if last > now.ms + 60_000:
            seen = clock.local_time(last).strftime("%Y-%m-%d %H:%M")
            self.notices.append(
                f"the clock says {now.local:%Y-%m-%d %H:%M}, but your last entry is from {seen}: check the clock; "
                "nothing is lost, and new ratings are kept in their order"
            )

    def _look_for_backups(self) -> None:
        from flashprep.store import backup

        held = max((backup.examine(path).reviews for path in backup.backups(places.backup_folder())), default=0)
        if held:
            self.notices.append(
                f"{self.path} was gone or empty and was made anew, but there is a backup with {held} reviews: "
                "'flashprep restore' brings the newest good one back"
            )

    # -- decks

    @cached_property
    def roots(self) -> list[folders.Root]:
        """The deck folders, in ascending order of who wins."""
        found = []
        if self.config.built_in_decks:
            found.append(folders.Root(folders.BUILT_IN, places.built_in_decks(), 0))
        found.append(folders.Root(folders.OWN, places.own_decks(), 1))
        for folder in self.config.deck_folders:
            if not folder.is_dir():
                self.notices.append(f"deck folder {folder} is not there; its cards are back when it is")
            found.append(folders.Root(str(folder), folder, 1))
        return found

    def absolute(self, root: str, path: str) -> Path:
        """Return where a deck file lies."""
        return next((r.folder / path for r in self.roots if r.name == root), Path(path))

    def sync(self) -> None:
        """Bring the store up to date with the deck files; only files that changed are read."""
        known = queries.fingerprints(self.db)
        found = folders.scan(self.roots)
        places_found = {(file.root, file.path) for file in found}
        gone = [
            row[0] for place, row in known.items() if place not in places_found and not folders.closed(found, *place)
        ]
        changed = [
            file
            for file in found
            if (row := known.get((file.root, file.path))) is None or row[1] != file.fingerprint or not file.fingerprint
        ]
        if changed or gone:
            self._update(found, changed, gone)

    def _update(self, found: list[folders.Found], changed: list[folders.Found], gone: list[int]) -> None:
        from flashprep.reading import read_deck
        from flashprep.store import decks

        known = decks.known_files(self.db)
        reads: list[Read] = []
        touched = []
        for file in changed:
            before = known.get((file.root, file.path))
            read = read_deck(file, before.digest if before else "")
            if read is None:
                assert before is not None
                fingerprint = folders.unchanged_since(file.fingerprint, file.changed_ns, time.time_ns())
                if fingerprint != before.fingerprint:
                    touched.append((fingerprint, before.file))
            else:
                reads.append(read)
        if touched:
            decks.touch(self.db, touched)
        if not reads and not gone:
            return
        reads += self._woken(found, reads, gone, known)
        with sql.transaction(self.db):
            renamed = decks.update(self.db, reads, gone)
            generation = int(sql.fact(self.db, "generation") or 0) + 1
            sql.set_fact(self.db, "generation", str(generation))
        for old, new in renamed:
            self.notices.append(f"'{old}' is now '{new}': its text stayed, so its history went along")

    def _woken(
        self, found: list[folders.Found], reads: list[Read], gone: list[int], known: dict[tuple[str, str], Known]
    ) -> list[Read]:
        """Read files whose notes were outranked by notes that are perhaps gone now."""
        from flashprep.reading import read_deck
        from flashprep.store import decks

        places_read = {(read.found.root, read.found.path) for read in reads}
        files = [known[place].file for place in places_read if place in known]
        places_woken = decks.sleeping(self.db, decks.ids_of(self.db, [*files, *gone])) - places_read
        woken = [read_deck(file, "") for file in found if (file.root, file.path) in places_woken]
        return [read for read in woken if read is not None]

    def problems(self) -> list[Diagnostic]:
        """Return everything that is wrong in the decks."""
        from dataclasses import replace

        from flashprep.store import decks

        rows = decks.problems(self.db)
        return [replace(problem, path=str(self.absolute(root, path))) for root, path, problem in rows]

    # -- reading

    def rows(self, filter: Filter) -> list[Row]:
        """Return the cards that a filter lets through."""
        self.check_filter(filter)
        return queries.rows(self.db, filter, self.now().day)

    def row(self, card: int) -> Row | None:
        """Return a card by its number."""
        return queries.row(self.db, card)

    def cards_of_history(self, id: str) -> tuple[int, ...]:
        """Return the cards that a note's or card's id stands for in the log, also when no deck has it any more."""
        known = queries.cards_of_key(self.db, id)
        if not known:
            self.check_filter(Filter(ids=(id,)))  # which names the nearest
        return known

    def check_filter(self, filter: Filter) -> None:
        """Refuse names that nothing in the collection answers to, and offer the nearest that does."""
        if filter.ids:
            for id in filter.ids:
                if not queries.rows(self.db, Filter(ids=(id,)), 0):
                    raise NotFound(_not_found("card", id, queries.all_ids(self.db)))
        for name in filter.decks:
            if not name.strip() or not queries.rows(self.db, Filter(decks=(name,)), 0):
                names = queries.values_of(self.db, "deck")
                words = [word for deck in names for word in deck.split()]  # a part of a name is enough
                raise NotFound(_not_found("deck", name, [*words, *names], names))
        for tag in filter.tags:
            if not queries.rows(self.db, Filter(tags=(tag,)), 0):
                tags = queries.values_of(self.db, "tags")
                raise NotFound(_not_found("tag", tag, tags, tags))

    @property
    def agenda(self) -> Agenda:
        """What this study day draws."""
        return Agenda(self.db, self.config, self.now().day)

    def queue(self, filter: Filter, new: int | None = None, cram: bool = False, allowed: float | None = None) -> Queue:
        """Return what is to be reviewed now; see ``Agenda.queue``."""
        return self.agenda.queue(filter, new, cram, allowed)

    def today(self, filter: Filter) -> Today:
        """Return the counts of the study day."""
        day = self.now().day
        reviews, spent = queries.reviews_by_day(self.db, day).get(day, (0, 0))
        due = queries.due_by_day(self.db, day, 2)
        return Today(
            day,
            self.queue(filter).counts,
            reviews,
            spent,
            due.get(day + 1, 0),
            len(self.problems()),
            self.agenda.planned_time(filter),
        )

    # -- the schedule

    @cached_property
    def scheduler(self) -> Scheduler:
        """The scheduler; made when the first rating or preview needs it, because py-fsrs takes a moment to load."""
        from flashprep.memory.schedule import Scheduler

        return Scheduler(self.config.settings)

    def memory(self, card: int) -> Memory:
        """Return what is known of a card."""
        return log.memory_of(self.db, card)

    def rate(self, card: int, rating: int, duration: int, shown: Memory | None = None) -> log.Recorded:
        """Write a rating, in a transaction of its own, and return what it did."""
        self._check_store()
        now = self.now()
        return log.record(self.db, self.scheduler, card, rating, now.day, now.ms, duration, shown)

    def mark(self, cards: list[int], kind: str) -> int:
        """Suspend, unsuspend, bury or reset cards, and return their number."""
        self._check_store()
        now = self.now()
        return log.mark(self.db, self.scheduler, cards, kind, now.day, now.ms)

    def pull(self, cards: list[int]) -> None:
        """Let cards come before all others, until their next review."""
        self._check_store()
        plan.pull(self.db, cards, self.now().ms)

    def record_practice(self, card: int, kind: str, verdict: str = "", duration: int = 0, source: str = "code") -> None:
        """Write what happened at an exercise: a start, a run of the tests, or help."""
        from flashprep.store import practice

        self._check_store()
        now = self.now()
        practice.record(self.db, card, kind, now.day, now.ms, verdict, duration, source)

    def undo(self) -> log.Undone | None:
        """Take back the last action."""
        self._check_store()
        return log.undo(self.db, self.scheduler, self.now().ms)

    def back_up_daily(self) -> None:
        """Make the backup of this study day if there is none yet, and let go of old ones."""
        from flashprep.store import backup

        target = places.backup_folder() / f"daily-{iso(self.now().day)}.db"
        if not target.exists():
            try:
                backup.back_up(self.db, target)
                backup.prune(target.parent)
            except (OSError, sqlite3.Error) as error:
                self.notices.append(f"the daily backup could not be written to {target}: {error}")

    def _check_store(self) -> None:
        """Refuse to write into a store that is no longer the user's: a restore in another window has set it aside."""
        if database.file_of(self.path) != self._file:
            raise BadStore(
                f"{self.path} was replaced while this session ran, such as by 'flashprep restore'; start again"
            )

    def written_outside(self) -> bool:
        """Tell whether another process wrote to the store since the last look."""
        version = self._version()
        changed = version != self._data_version
        self._data_version = version
        return changed

    def _version(self) -> int:
        return database.data_version(self.db)


def _not_found(what: str, name: str, known: list[str], shown: list[str] | None = None) -> str:
    from flashprep.cards.text import nearest, one_line

    near = nearest(name, known, 0.5)
    if near:
        help = f"did you mean '{near}'?"
    elif shown:
        help = f"there are {one_line(', '.join(shown), 300)}"
    else:
        help = f"'flashprep list' shows every {what}" if shown is None else f"no card has a {what}"
    return f"no {what} '{name}'; {help}"
