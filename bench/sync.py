"""Reading decks: the first time, and with nothing changed, beside real Anki importing the same notes from a package."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.common import home, row, seconds, write_decks


def run(folder: Path, quick: bool) -> Iterator[str]:
    """Measure 10,000 notes in 200 files."""
    notes, files, runs = (100, 2, 2) if quick else (10_000, 200, 5)
    place = home(folder / "home")
    made = write_decks(place / "decks", notes, files)
    package = folder / "notes.apkg"
    _package(made, package)
    first, again, anki = [], [], []
    for _ in range(runs):
        anki.append(_anki_import(package))
        for part in place.glob("flashprep.db*"):
            part.unlink()
        first.append(seconds(_open))
        _open()  # remembers the fingerprints of files that were fresh when they were read
        again.append(seconds(_open))
    pairs = (
        (f"first sync of {notes} notes in {files} files", first, "<= 5 x"),
        ("sync with nothing changed", again, "<= 0.4 x"),
    )
    for name, ours, goal in pairs:
        ratio = statistics.median(a / b for a, b in zip(ours, anki, strict=True))
        middle, beside = statistics.median(ours), statistics.median(anki)
        yield row(
            name, f"{middle * 1000:.0f} ms", f"{beside * 1000:.0f} ms", ratio, f"{goal} Anki's import of the same notes"
        )


def _open() -> None:
    from flashprep.collection import Collection

    with Collection():
        pass


def _package(notes: list[tuple[str, str]], target: Path) -> None:
    import genanki

    model = genanki.Model(
        1_600_000_001,
        "bench",
        fields=[{"name": "Front"}, {"name": "Back"}],
        templates=[{"name": "Card", "qfmt": "{{Front}}", "afmt": "{{Back}}"}],
    )
    deck = genanki.Deck(1_600_000_002, "bench")
    for front, back in notes:
        deck.add_note(genanki.Note(model=model, fields=[front, back]))
    genanki.Package(deck).write_to_file(str(target))


def _anki_import(package: Path) -> float:
    from anki.collection import Collection, ImportAnkiPackageRequest

    with tempfile.TemporaryDirectory() as folder:
        collection = Collection(f"{folder}/c.anki2")
        took = seconds(lambda: collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(package))))
        collection.close()
    return took
