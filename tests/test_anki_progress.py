"""Progress over to Anki: what real Anki shows is what ``flashprep show`` shows."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.anki_side import Anki, all_rows, live, reviews_here, standing

DECK = "".join(f"## Concept: What is number {n}? {{#n{n}}}\n\nIt is {n}.\n\n" for n in range(30))


@pytest.fixture
def package(run: Callable[..., Any], tmp_path: Path) -> Callable[..., Path]:
    def export(*arguments: str) -> Path:
        run("export", str(tmp_path / "out.apkg"), "--force", *arguments, ok=True)
        return tmp_path / "out.apkg"

    return export


@pytest.mark.parametrize("seed", [3, 4])
def test_anki_shows_what_show_shows(
    deck: Callable[..., Path], clock: Callable[[str], None], package: Callable[..., Path], anki: Anki, seed: int
) -> None:
    deck(DECK)
    live(clock, 40, seed)
    anki.take(package())
    rows, today = all_rows()
    assert {row.memory.state for row in rows.values()} >= {2, 3}
    assert any(row.memory.suspended for row in rows.values())
    assert {key: anki.standing(key) for key in rows} == {key: standing(row, today) for key, row in rows.items()}
    assert anki.reviews() == reviews_here()


def test_anki_comes_to_the_same_memory_from_the_log_alone(
    deck: Callable[..., Path], clock: Callable[[str], None], package: Callable[..., Path], anki: Anki
) -> None:
    deck(DECK)
    live(clock, 40)
    anki.take(package())
    for key, row in all_rows()[0].items():
        computed = anki.col.compute_memory_state(anki.card(key).id)
        assert (computed.stability or 0) == pytest.approx(row.memory.stability, rel=1e-4, abs=1e-4), key
        assert (computed.difficulty or 0) == pytest.approx(row.memory.difficulty, abs=2e-3), key


def test_steps_of_days_and_parameters_of_ones_own_go_over_with_the_deck_options(
    home: Path, deck: Callable[..., Path], clock: Callable[[str], None], package: Callable[..., Path], anki: Anki
) -> None:
    (home / "config.toml").write_text(
        'built_in_decks = false\nlearning_steps = ["10m", "2d"]\ndesired_retention = 0.87\nrollover_hour = 4\n'
    )
    deck(DECK)
    live(clock, 12, seed=5)
    anki.take(package(), options=True)
    rows, today = all_rows()
    assert {key: anki.standing(key) for key in rows} == {key: standing(row, today) for key, row in rows.items()}
    options = anki.col.decks.config_dict_for_deck_id(anki.card("n1").did)
    assert (options["desiredRetention"], options["new"]["delays"]) == (pytest.approx(0.87), [10.0, 2880.0])


def test_without_progress_all_cards_are_new(
    deck: Callable[..., Path], clock: Callable[[str], None], package: Callable[..., Path], anki: Anki
) -> None:
    deck(DECK)
    live(clock, 5)
    anki.take(package("--no-progress"))
    assert anki.reviews() == []
    assert {anki.standing(key)["state"] for key in all_rows()[0]} == {0}


def test_what_is_learned_first_here_is_learned_first_there(
    deck: Callable[..., Path], package: Callable[..., Path], anki: Anki
) -> None:
    deck(DECK + "## Concept: What matters most? {#most .prio}\n\nThis.\n")
    anki.take(package())
    assert anki.card("most").due < min(anki.card(f"n{n}").due for n in range(30))


def test_the_same_cards_make_the_same_bytes(
    deck: Callable[..., Path], clock: Callable[[str], None], package: Callable[..., Path]
) -> None:
    deck(DECK)
    live(clock, 10)
    first = package().read_bytes()
    clock("2027-01-15T08:00:00+01:00")
    assert package().read_bytes() == first


def test_an_edit_on_the_phone_survives_an_export_that_brings_nothing_new_for_it(
    deck: Callable[..., Path], clock: Callable[[str], None], package: Callable[..., Path], anki: Anki
) -> None:
    clock("2026-03-02T08:00:00+01:00")
    path = deck(DECK)
    anki.take(package())
    note = anki.card("n3").note()
    note["Answer"] = "<p>Edited on the train.</p>"
    anki.col.update_note(note)
    clock("2026-03-03T08:00:00+01:00")
    anki.take(package())
    assert anki.card("n3").note()["Answer"] == "<p>Edited on the train.</p>"
    path.write_text(DECK.replace("It is 4.", "It is 2 + 2."))
    anki.col.db.execute("UPDATE notes SET mod = mod - 1000 WHERE id <> ?", note.id)
    anki.take(package())
    assert anki.card("n4").note()["Answer"] == "<p>It is 2 + 2.</p>"
    assert anki.card("n3").note()["Answer"] == "<p>Edited on the train.</p>"


def test_export_says_which_clicks_matter_and_what_to_delete(
    deck: Callable[..., Path], run: Callable[..., Any], tmp_path: Path
) -> None:
    path = deck(DECK)
    run("review", "--limit", "1", input="\n3\n", ok=True)
    said = run("export", str(tmp_path / "a.apkg"), ok=True).out
    assert "Import any learning progress" in said and "FSRS" in said and "delete" not in said
    path.write_text(DECK.replace("## Concept: What is number 7? {#n7}\n\nIt is 7.\n\n", ""))
    said = run("export", str(tmp_path / "b.apkg"), ok=True).out
    assert 'delete them in Anki: search for "Id:n7"\n' in said


def test_a_package_holds_numbers_that_stay(deck: Callable[..., Path], package: Callable[..., Path]) -> None:
    """The look of the two sides is part of the note type: a change to it has to move its time of change."""
    from flashprep.anki import notetype

    deck(DECK)
    with zipfile.ZipFile(package()) as archive:
        db = sqlite3.connect(":memory:")
        db.deserialize(archive.read("collection.anki2"))
        kind = json.loads(db.execute("SELECT models FROM col").fetchone()[0])[str(notetype.ID)]
        assert {info.date_time[0] for info in archive.infolist()} == {1980}
        names = json.loads(archive.read("media"))
    assert names == {}
    assert [field["name"] for field in kind["flds"]] == list(notetype.FIELDS)
    assert [field["id"] for field in kind["flds"]] == list(range(7_311_000_000_000_000_000, 7_311_000_000_000_000_012))
    assert kind["tmpls"][0]["id"] == 7_311_000_000_000_000_100


def test_two_reviews_in_the_same_millisecond_are_both_there(
    deck: Callable[..., Path], run: Callable[..., Any], package: Callable[..., Path], anki: Anki
) -> None:
    deck(DECK)
    run("review", input="\n3\n\n3\n\n3\n\n1\n", ok=True)  # the clock stands still
    anki.take(package())
    assert len(anki.reviews()) == len({at for _, at, _ in anki.reviews()}) == 4
