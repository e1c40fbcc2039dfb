"""To Anki and back: packages beside plain genanki, imports beside real Anki's, a sync beside Anki's own client."""

from __future__ import annotations

import os
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.common import home, row, seconds, write_decks, write_log
from flashprep.anki import notetype
from flashprep.anki.exchange import take_in
from flashprep.anki.outgoing import Shipment, gather
from flashprep.anki.package import write
from flashprep.anki.reader import opened
from flashprep.collection import Collection
from flashprep.store import log
from flashprep.store.queries import Filter

_NAME, _PASSWORD = "me", "secret"


def run(folder: Path, quick: bool) -> Iterator[str]:
    """Measure 10,000 notes, 400,000 reviews."""
    notes, runs = (100, 2) if quick else (10_000, 7)
    place = home(folder / "home")
    write_decks(place / "decks", notes, 2 if quick else 200, sentences=100)
    yield from _exports(folder, place, notes, runs)
    yield from _syncs(folder, notes, 2 if quick else 9)
    yield from _imports(folder / "large", 400 if quick else 400_000, 1 if quick else 3)


# -- packages out


def _exports(folder: Path, place: Path, notes: int, runs: int) -> Iterator[str]:
    plain = folder / "plain.apkg"
    with Collection() as collection:
        _gather(collection)  # remembers when each text was first seen, as every export but the first finds it
        new, genanki = _pairs(
            lambda: _export(collection, folder / "new.apkg"), lambda: _genanki(_gather(collection), plain), runs
        )
        yield _line(f"export {notes} new notes, beside plain genanki", new, genanki, "<= 1.2 x")
        yield _size("  size of the file", folder / "new.apkg", plain, "<= 15 % of genanki's")
    (home(folder / "built-in") / "config.toml").write_text("built_in_decks = true\n")
    with Collection() as collection:
        rows = [row for row in collection.rows(Filter()) if not row.exercise]
        shipment = gather(collection, rows, progress=False)
        write(shipment, collection.config, folder / "built-in.apkg")
        _genanki(shipment, plain)
        yield _size(f"  the same for the {len(rows)} cards of the built-in decks", folder / "built-in.apkg", plain)
    home(place)
    write_log(place / "flashprep.db", notes * 4)
    with Collection() as collection:
        log.rebuild(collection.db, collection.config.settings)
        full, genanki = _pairs(
            lambda: _export(collection, folder / "full.apkg"), lambda: _genanki(_gather(collection), plain), runs
        )
        yield _line(f"export {notes} notes with state and 4 reviews each", full, genanki, "<= 2.5 x genanki without")


def _size(name: str, ours: Path, theirs: Path, goal: str = "") -> str:
    return row(name, f"{ours.stat().st_size / theirs.stat().st_size * 100:.1f} %", goal=goal)


def _gather(collection: Collection) -> Shipment:
    rows = collection.rows(Filter())
    return gather(collection, rows, progress=any(row.memory.reps for row in rows))


def _export(collection: Collection, target: Path) -> float:
    """Time what becomes of cards that are in memory: HTML, the store asked for names and times, package, file."""
    rows = collection.rows(Filter())
    progress = any(row.memory.reps for row in rows)
    return seconds(lambda: write(gather(collection, rows, progress), collection.config, target))


def _genanki(shipment: Shipment, target: Path) -> float:
    """Time plain genanki on the same notes, whose HTML it gets for nothing."""
    import genanki

    def make() -> None:
        model = genanki.Model(
            1_600_000_001,
            "bench",
            fields=[{"name": name} for name in notetype.FIELDS],
            templates=[{"name": "Card", "qfmt": notetype.FRONT, "afmt": notetype.BACK}],
            css=notetype.CSS,
        )
        deck = genanki.Deck(1_600_000_002, "bench")
        for card in shipment.cards:
            deck.add_note(genanki.Note(model=model, fields=list(card.content.fields), tags=list(card.content.tags)))
        genanki.Package(deck).write_to_file(str(target))

    return seconds(make)


def _pairs(one: Callable[[], float], other: Callable[[], float], runs: int) -> tuple[list[float], list[float]]:
    ours, theirs = [], []
    for _ in range(runs):
        ours.append(one())
        theirs.append(other())
    return ours, theirs


def _line(name: str, ours: list[float], theirs: list[float], goal: str) -> str:
    ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    middle, beside = statistics.median(ours), statistics.median(theirs)
    return row(name, f"{middle * 1000:.0f} ms", f"{beside * 1000:.0f} ms", ratio, goal)


# -- packages in


def _imports(folder: Path, reviews: int, runs: int) -> Iterator[str]:
    """A package with many reviews, of which the store has all but one."""
    place = home(folder)
    notes = max(1, reviews // 10)
    write_decks(place / "decks", notes, 200 if notes > 1000 else 2)

    with Collection():
        pass
    write_log(place / "flashprep.db", reviews)
    with Collection() as collection:
        log.rebuild(collection.db, collection.config.settings)
        package = folder / "all.apkg"
        write(_gather(collection), collection.config, package)

    def ours() -> float:
        db = sqlite3.connect(place / "flashprep.db")
        with db:
            db.execute("DELETE FROM log WHERE id = (SELECT max(id) FROM log)")
        db.close()
        with Collection() as collection:

            def work() -> None:
                with opened(package) as (found, archive):
                    assert take_in(collection, found, archive).report.reviews == 1

            return seconds(work)

    mine, anki = _pairs(ours, lambda: _anki_import(package), runs)
    yield _line(f"import a package with {reviews} reviews, one of them new", mine, anki, "<= 1 x Anki's import of it")


def _anki_import(package: Path) -> float:
    from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

    with tempfile.TemporaryDirectory() as folder:
        collection = Collection(f"{folder}/c.anki2")
        request = ImportAnkiPackageRequest(
            package_path=str(package), options=ImportAnkiPackageOptions(with_scheduling=True)
        )
        took = seconds(lambda: collection.import_anki_package(request))
        collection.close()
    return took


# -- sync

_CLIENT = """
import sys
from anki.collection import Collection
col = Collection(sys.argv[1])
if int(sys.argv[3]) >= 0:
    card = col.get_card(col.find_cards("")[int(sys.argv[3])])
    card.start_timer()
    states = col._backend.get_scheduling_states(card.id)
    col.sched.answer_card(col.sched.build_answer(card=card, states=states, rating=2))
auth = col.sync_login("me", "secret", endpoint=sys.argv[2])
out = col.sync_collection(auth, sync_media=False)
if out.required not in (out.NO_CHANGES, out.NORMAL_SYNC):
    col.close_for_full_sync()
    col.full_upload_or_download(auth=auth, server_usn=out.server_media_usn, upload=False)
col.close()
"""


def _syncs(folder: Path, notes: int, runs: int) -> Iterator[str]:
    """One review, then a sync, as a whole process: ours, and one that only opens a collection and lets Anki's client work."""
    os.environ.pop("FLASHPREP_NOW", None)  # the server has the real time
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}/"
    env = {
        **os.environ,
        "SYNC_USER1": f"{_NAME}:{_PASSWORD}",
        "SYNC_BASE": str(folder / "server"),
        "SYNC_HOST": "127.0.0.1",
        "SYNC_PORT": str(port),
        "FLASHPREP_SYNC_PASSWORD": _PASSWORD,
    }
    server = subprocess.Popen(
        [sys.executable, "-m", "anki.syncserver"], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _until(lambda: _answers(port))
        sync = [sys.executable, "-m", "flashprep", "sync", "--url", url, "--user", _NAME]
        subprocess.run(sync, env=env, check=True, stdout=subprocess.DEVNULL)
        client = [sys.executable, "-c", _CLIENT, str(folder / "client.anki2"), url]
        subprocess.run([*client, "-1"], env=env, check=True)
        ours, theirs = [], []
        for number in range(runs):
            _review(number)
            ours.append(seconds(lambda: subprocess.run(sync, env=env, check=True, stdout=subprocess.DEVNULL)))
            other = [*client, str(number + 1)]
            theirs.append(seconds(lambda command=other: subprocess.run(command, env=env, check=True)))
        yield _line(f"sync after one review, {notes} notes, whole process", ours, theirs, "<= 2 x Anki's own client")
    finally:
        server.kill()
        server.wait()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _until(done: Callable[[], Any]) -> None:
    for _ in range(200):
        if done():
            return
        time.sleep(0.05)
    raise RuntimeError("the sync server does not come up")


def _review(number: int) -> None:

    with Collection() as collection:
        collection.rate(collection.rows(Filter())[number].card, 3, 2000)
