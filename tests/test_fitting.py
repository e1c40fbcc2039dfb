"""``optimize``: parameters fitted to the log, adopted only if they predict later reviews better, and taken back."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flashprep import fitting
from flashprep.collection import Collection
from flashprep.planning.learner import DEFAULT_PARAMETERS
from flashprep.store.queries import Filter
from tests.anki_side import Anki

DECK = "".join(f"## Concept: What is number {n}? {{#n{n}}}\n\nIt is {n}.\n\n" for n in range(160))
FIRST = 20_300  # study day


def forgetful(stability: float, days: int) -> float:
    """Recall of somebody who forgets much faster than the defaults say."""
    return float((1 + 0.5 * days / (stability * 0.35)) ** -0.6)


def write_history(home: Path, days: int, seed: int, recall: Callable[[float, int], float]) -> int:
    """Write a log of many days into the store: each card again after growing waits, forgotten as ``recall`` says."""
    with Collection() as collection:
        cards = [row.card for row in collection.rows(Filter())]
    rng = random.Random(seed)
    db = sqlite3.connect(home / "flashprep.db")
    rows = []
    for number, card in enumerate(cards):
        day, stability = FIRST + number % 20, 2.0
        rating = rng.choice((1, 3, 3, 4))
        while day < FIRST + days:
            at = day * 86_400_000 + 30_000_000 + number * 1000
            rows.append((at, card, rating, day, rng.randrange(3000, 20000)))
            stability = stability * (2.2 if rating > 1 else 0.4) + 0.3
            wait = max(1, round(stability * rng.uniform(0.6, 1.4)))
            rating = rng.choice((2, 3, 3, 4)) if rng.random() < recall(stability, wait) else 1
            day += wait
    rows.sort()
    with db:
        db.executemany(
            "INSERT INTO log (id, card, kind, rating, day, duration_ms) VALUES (?, ?, 'review', ?, ?, ?)", rows
        )
        db.execute("DELETE FROM fact WHERE name = 'memory'")
    db.close()
    return len(rows)


@pytest.fixture
def history(home: Path, deck: Callable[..., Path], clock: Callable[[str], None]) -> int:
    deck(DECK)
    clock("2026-03-02T08:00:00+01:00")
    return write_history(home, 200, 1, forgetful)


def test_a_fit_that_predicts_better_is_adopted_shown_and_can_be_taken_back(
    home: Path, history: int, run: Callable[..., Any], tmp_path: Path
) -> None:
    before = run("show", "n1", "--json", ok=True).json[0]["stability"]
    said = run("optimize", "--json", ok=True).json
    assert said["adopted"] and said["log_loss"]["after"] < said["log_loss"]["before"]
    assert 400 <= said["reviews"] < history and said["later"] == pytest.approx(said["reviews"] * 0.2, abs=1)
    assert len(said["parameters"]) == 21
    assert sum(one["reviews"] for one in said["calibration"]["after"]) == said["later"]
    with Collection() as collection:
        assert collection.config.settings.parameters == tuple(said["parameters"])
    assert run("show", "n1", "--json", ok=True).json[0]["stability"] != before
    assert run("doctor").code == 0
    run("export", str(tmp_path / "out.apkg"), ok=True)
    anki = Anki(tmp_path / "anki")
    anki.take(tmp_path / "out.apkg", options=True)
    options = anki.col.decks.config_dict_for_deck_id(anki.card("n1").did)
    assert options["fsrsParams6"] == pytest.approx(said["parameters"], rel=1e-5)
    anki.col.close()
    assert "no longer counts" in run("optimize", "--undo", ok=True).out
    assert run("show", "n1", "--json", ok=True).json[0]["stability"] == before
    done = run("optimize", "--undo")
    assert done.code == 2 and "nothing to take back" in done.err


def test_a_dry_run_changes_nothing_and_shows_the_plot(history: int, run: Callable[..., Any]) -> None:
    before = run("show", "n1", "--json", ok=True).json
    said = run("optimize", "--dry-run", ok=True).out
    assert "without --dry-run it would be adopted" in said and "┃" in said and "log loss" in said
    assert run("show", "n1", "--json", ok=True).json == before


def test_what_does_not_predict_better_is_not_adopted(
    history: int, run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    run("optimize", ok=True)
    with Collection() as collection:
        trial = fitting.try_fit(collection)
        worse = trial._replace(loss_after=trial.loss_before)
        assert not worse.better
        monkeypatch.setattr(fitting, "try_fit", lambda _: worse)
        kept = collection.config.settings.parameters
    from flashprep.cli.optimize import optimize

    optimize()
    with Collection() as collection:
        assert collection.config.settings.parameters == kept


def test_few_reviews_are_too_few(home: Path, deck: Callable[..., Path], run: Callable[..., Any]) -> None:
    deck(DECK)
    run("review", "--limit", "5", input="\n3\n" * 5, ok=True)
    done = run("optimize")
    assert done.code == 2 and "a fit needs 400" in done.err


def test_the_log_tells_how_long_visits_take_and_how_the_learner_answers(history: int) -> None:
    with Collection() as collection:
        found = fitting.learned(collection)
    assert 8 < found.costs.passed < 15 and 8 < found.costs.lapsed < 20
    assert sum(found.habits.first) == pytest.approx(1) and sum(found.habits.passed) == pytest.approx(1)
    assert found.habits.first[2] > found.habits.first[0] > found.habits.first[1]
    assert 0 < found.attendance <= 1


def test_without_a_log_the_defaults_hold(home: Path, deck: Callable[..., Path]) -> None:
    deck(DECK)
    with Collection() as collection:
        found = fitting.learned(collection)
    assert (found.costs.passed, found.costs.new) == (20.0, 40.0)
    assert found.attendance == pytest.approx(0.9)
    assert len(DEFAULT_PARAMETERS) == 21


def test_a_reset_begins_the_history_of_a_card_anew(home: Path, history: int, run: Callable[..., Any]) -> None:
    before = run("optimize", "--dry-run", "--json", ok=True).json["reviews"]
    run("reset", "n1", ok=True)
    assert run("optimize", "--dry-run", "--json", ok=True).json["reviews"] < before
