"""Fitting the parameters of FSRS to a large log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench.common import home, row, seconds, write_decks, write_log
from flashprep import fitting
from flashprep.collection import Collection


def run(folder: Path, quick: bool) -> Iterator[str]:
    """Measure 100,000 reviews: the trial, and the fit to everything."""
    reviews = 4_000 if quick else 100_000
    place = home(folder / "home")
    write_decks(place / "decks", reviews // 10, 2 if quick else 100)
    with Collection():
        pass
    write_log(place / "flashprep.db", reviews)
    with Collection() as collection:
        took = seconds(lambda: fitting.try_fit(collection))
    yield row(f"fit parameters to {reviews} reviews, twice", f"{took * 1000:.0f} ms", goal="<= 1 s")
