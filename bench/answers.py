"""A large store: answering a card and drawing the next, beside Anki; rebuilding all memory; peak memory of a session."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.common import home, peak_mib, percentile, row, seconds, write_decks, write_log

if TYPE_CHECKING:
    from flashprep.collection import Collection

_SESSION = """
import io, sys
from flashprep.collection import Collection
from flashprep.store.queries import Filter
from flashprep.terminal import pipe
from flashprep.terminal.driver import Driver
with Collection() as collection:
    pipe.run(Driver(collection, Filter()), io.StringIO("\\n3\\n" * 150), io.StringIO())
"""


def run(folder: Path, quick: bool) -> Iterator[str]:
    """Measure on 100,000 cards with 1,000,000 reviews."""
    cards, reviews, answers = (1_000, 10_000, 20) if quick else (100_000, 1_000_000, 1_000)
    place = home(folder / "home")
    (place / "config.toml").write_text("built_in_decks = false\nreviews_per_day = 9999\nnew_per_day = 0\n")
    write_decks(place / "decks", cards, 200)
    from flashprep.collection import Collection
    from flashprep.store import log

    with Collection():
        pass
    write_log(place / "flashprep.db", reviews)
    with Collection() as collection:
        took = seconds(lambda: log.rebuild(collection.db, collection.config.settings))
        yield row(
            f"rebuild memory from {reviews} reviews",
            f"{took:.1f} s",
            "",
            None,
            f"{reviews / took:,.0f} reviews/s; >= 200,000",
        )
        ours, theirs = _in_turn(_answers(collection), _anki_answers(folder, place / "flashprep.db"), answers)
    for share, name in ((0.5, "median"), (0.99, "p99")):
        mine, other = percentile(ours, share), percentile(theirs, share)
        goal = "<= 1 x Anki, and below 5 ms" if share > 0.5 else ""
        yield row(
            f"answer and next card, {name} of {answers}",
            f"{mine * 1000:.2f} ms",
            f"{other * 1000:.2f} ms",
            mine / other,
            goal,
        )
    yield row("peak memory of a session of 150 answers", f"{peak_mib(_SESSION):.0f} MiB", "", None, "<= 150 MiB")


def _in_turn(ours: Iterator[float], theirs: Iterator[float], answers: int) -> tuple[list[float], list[float]]:
    """Take one time from each in turn, so that what else the machine does hits both."""
    pairs = [(next(ours), next(theirs)) for _ in range(answers)]
    return [mine for mine, _ in pairs], [other for _, other in pairs]


def _answers(collection: Collection) -> Iterator[float]:
    """Answer cards and yield the seconds from the rating to the next card."""
    from flashprep import session as s
    from flashprep.store.queries import Filter
    from flashprep.terminal.driver import Driver

    driver = Driver(collection, Filter())
    for rating in cycle((3, 3, 1, 4, 2)):
        driver.send(s.Reveal(driver.now, whole=True))
        driver.preview()
        started = time.perf_counter()
        driver.rate(rating)
        yield time.perf_counter() - started
        assert driver.row is not None


def _anki_answers(folder: Path, store: Path) -> Iterator[float]:
    """Do the same in an Anki collection with the same cards and reviews, FSRS on."""
    from anki.collection import Collection

    path = folder / "anki" / "collection.anki2"
    path.parent.mkdir()
    anki = Collection(str(path))
    anki.set_config("fsrs", True)
    settings = anki.decks.config_dict_for_deck_id(1)
    settings["rev"]["perDay"] = 9999
    settings["new"]["perDay"] = 0
    anki.decks.update_config(settings)
    _fill(anki, anki.models.by_name("Basic")["id"], store)
    anki.close()
    anki = Collection(str(path))
    scheduler = anki.sched
    for rating in cycle((2, 2, 0, 3, 1)):
        queued = scheduler.get_queued_cards(fetch_limit=1)
        card = anki.get_card(queued.cards[0].card.id)
        card.start_timer()
        answer = scheduler.build_answer(card=card, states=queued.cards[0].states, rating=rating)
        started = time.perf_counter()
        scheduler.answer_card(answer)
        scheduler.get_queued_cards(fetch_limit=1)
        yield time.perf_counter() - started


def _fill(collection: Any, notetype: int, store: Path) -> None:
    """Put notes, cards in review that are due, and the review log into an Anki collection, through its own database."""
    source = sqlite3.connect(store)
    db = collection.db
    today = collection.sched.today
    cards = source.execute("SELECT card, stability, difficulty, reps FROM memory").fetchall()
    data = '{{"s":{:.4f},"d":{:.3f},"dr":0.9}}'
    db.executemany(
        "insert into notes values (?, ?, ?, 0, -1, '', ?, 0, 0, 0, '')",
        [(card, f"g{card}", notetype, f"front {card}\x1fback {card}") for card, *_ in cards],
    )
    db.executemany(
        "insert into cards values (?, ?, 1, 0, 0, -1, 2, 2, ?, 10, 2500, ?, 0, 0, 0, 0, 0, ?)",
        [(card, card, today - card % 30, reps, data.format(max(s, 0.1), max(1, d))) for card, s, d, reps in cards],
    )
    rows = source.execute("SELECT id, card, rating, duration_ms FROM log")
    while chunk := rows.fetchmany(50_000):
        db.executemany("insert into revlog values (?, ?, -1, ?, 10, 5, 2500, ?, 1)", chunk)
    source.close()
