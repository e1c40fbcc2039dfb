"""Real Anki for the tests: a collection as a desktop or a phone has one, and a past that both sides share."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flashprep.collection import Collection
from flashprep.store.queries import Filter, Row


class Anki:
    """A real Anki collection, which shows our cards by their Id."""

    def __init__(self, folder: Path, new: bool = True):
        from anki.collection import Collection as Real

        folder.mkdir(parents=True, exist_ok=True)
        self.col = Real(str(folder / "collection.anki2"))
        if new:  # one that syncs takes this from the server
            self.col.set_config("fsrs", True)

    def take(self, package: Path, scheduling: bool = True, options: bool = False) -> Any:
        """Import a package; return Anki's log of it."""
        from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest

        wanted = ImportAnkiPackageOptions(with_scheduling=scheduling, with_deck_configs=options)
        return self.col.import_anki_package(ImportAnkiPackageRequest(package_path=str(package), options=wanted)).log

    def give(self, package: Path, legacy: bool = False, scheduling: bool = True, whole: bool = False) -> Path:
        """Export everything: as an .apkg, or as a .colpkg where it is the whole collection."""
        from anki.collection import ExportAnkiPackageOptions

        if whole:
            self.col.export_collection_package(str(package), include_media=True, legacy=legacy)
            self.col.reopen()
        else:
            options = ExportAnkiPackageOptions(
                with_scheduling=scheduling, with_deck_configs=True, with_media=True, legacy=legacy
            )
            self.col.export_anki_package(out_path=str(package), options=options, limit=None)
        return package

    def card(self, key: str) -> Any:
        """Return the card of ours that is named so."""
        (note,) = self.col.find_notes(f'"Id:{key}"')
        return self.col.get_note(note).cards()[0]

    def answer(self, key: str, rating: int) -> None:
        """Answer a card as its own scheduler does, rating 1..4."""
        card = self.card(key)
        card.start_timer()
        states = self.col._backend.get_scheduling_states(card.id)
        answer = self.col.sched.build_answer(card=card, states=states, rating=rating - 1)
        self.col.sched.answer_card(answer)

    def reviews(self) -> list[tuple[str, int, int]]:
        """Return (card, epoch ms, rating) of every review of our cards, in order."""
        rows = self.col.db.all(
            "SELECT n.flds, r.id, r.ease FROM revlog r JOIN cards c ON c.id = r.cid JOIN notes n ON n.id = c.nid "
            "WHERE r.ease > 0 ORDER BY r.id"
        )
        return [(fields.split("\x1f")[0], at, ease) for fields, at, ease in rows]

    def standing(self, key: str) -> dict[str, Any]:
        """Return what Anki knows of a card, in our terms."""
        card = self.card(key)
        memory = card.memory_state
        return {
            "state": card.type,
            "stability": round(memory.stability, 4) if memory else 0.0,
            "due": card.due - self.col.sched.today if card.type == 2 else None,
            "suspended": card.queue == -1,
            "reps": card.reps,
            "lapses": card.lapses,
        }


def standing(row: Row, today: int) -> dict[str, Any]:
    """Return what flashprep knows of a card, in the same terms."""
    memory = row.memory
    return {
        "state": memory.state,
        "stability": round(memory.stability, 4),
        "due": memory.due_day - today if memory.state == 2 else None,
        "suspended": bool(memory.suspended),
        "reps": memory.reps,
        "lapses": memory.lapses,
    }


def all_rows() -> tuple[dict[str, Row], int]:
    """Return the cards here by name, and the study day."""
    with Collection() as collection:
        return {row.key: row for row in collection.rows(Filter()) if not row.exercise}, collection.now().day


def reviews_here() -> list[tuple[str, int, int]]:
    """Return (card, epoch ms, rating) of every review here, in order."""
    with Collection() as collection:
        rows = collection.db.execute(
            "SELECT note || CASE face WHEN '' THEN '' ELSE '/' || face END, id, rating FROM log JOIN identity USING (card) "
            "WHERE kind = 'review' AND undone_ms IS NULL ORDER BY id"
        ).fetchall()
    return [tuple(row) for row in rows]


def live(set_clock: Callable[[str], None], days: int, seed: int = 3, marks: bool = True) -> None:
    """Live through some days up to today, real time: new cards, due cards, a second look, suspensions and resets."""
    rng = random.Random(seed)
    now = datetime.now().astimezone()
    for back in range(days, -1, -1):
        set_clock((now - timedelta(days=back, minutes=1)).isoformat())
        with Collection() as collection:
            today = collection.now().day
            for row in collection.rows(Filter()):
                memory = collection.memory(row.card)
                if memory.suspended or row.exercise:
                    continue
                due = memory.state > 0 and memory.due_day <= today
                if due or rng.random() < (0.02 if memory.state else 0.1):
                    collection.rate(row.card, rng.choice((1, 2, 3, 3, 3, 4)), 4000)
                if marks and rng.random() < 0.004:
                    collection.mark([row.card], "suspend")
                if marks and rng.random() < 0.002:
                    collection.mark([row.card], "reset")
    set_clock(now.isoformat())
