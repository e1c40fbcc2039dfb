"""The log of everything that happened, and the memories that are folded from it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from flashprep.collection import Collection
from flashprep.errors import BadStore
from flashprep.memory.state import NEW, Memory
from flashprep.statistics import collect
from flashprep.store import database, log
from flashprep.store.queries import Filter
from flashprep.terminal.report import row_data

TABLES = database.DERIVED_TABLES
NOTES = 6
DECK = "\n".join(f"## Concept: Note {n} {{#n{n}}}\n\nThe answer to number {n}.\n" for n in range(NOTES))


@pytest.fixture
def notes(deck: Callable[..., Path]) -> list[str]:
    """Six notes of a card each, n0 to n5."""
    deck(DECK)
    return [f"n{n}" for n in range(NOTES)]


@contextmanager
def sound() -> Iterator[Collection]:
    """Open the collection, and see at the end that every memory is what its log makes."""
    with Collection() as collection:
        yield collection
        assert log.damage(collection.db, collection.config.settings) == []


def card(collection: Collection, id: str) -> int:
    return collection.rows(Filter(ids=(id,)))[0].card


def memories(collection: Collection) -> dict[int, Memory]:
    return {row.card: row.memory for row in collection.rows(Filter())}


def table(home: Path, sql: str) -> list[tuple[Any, ...]]:
    db = sqlite3.connect(home / "flashprep.db")
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()


# -- ids


def test_every_review_has_an_id_of_its_own_in_epoch_milliseconds(notes: list[str], home: Path) -> None:
    with sound() as collection:
        now = collection.now().ms
        for turn in range(10):
            for id in notes:
                collection.rate(card(collection, id), 1 + turn % 4, 1000)
    ids = [id for (id,) in table(home, "SELECT id FROM log ORDER BY seq")]
    assert ids[0] == now
    assert len(set(ids)) == len(ids) == 60
    assert ids == sorted(ids)
    assert ids[-1] < now + 1000


def test_the_log_says_what_was_rated_when_and_how_long_it_took(notes: list[str], run: Callable[..., Any]) -> None:
    with sound() as collection:
        now = collection.now().ms
        collection.rate(card(collection, "n3"), 2, 4321)
    (row,) = run("log", "--json").json
    assert row == {
        "id": now,
        "card": "n3",
        "kind": "review",
        "rating": 2,
        "day": "2026-03-02",
        "duration_ms": 4321,
        "source": "flashprep",
        "undone": False,
    }


# -- undo


def test_undo_goes_back_through_everything_one_step_at_a_time(
    notes: list[str], home: Path, clock: Callable[[str], None]
) -> None:
    with sound() as collection:
        cards = [card(collection, id) for id in notes]
        steps: list[Callable[[], object]] = []
        for turn in range(12):
            steps.append(lambda turn=turn: collection.rate(cards[turn % 3], 1 + turn % 4, 1000))
        steps.insert(3, lambda: collection.mark(cards[:2], "bury"))
        steps.insert(6, lambda: collection.mark(cards[2:], "suspend"))
        steps.insert(8, lambda: collection.mark(cards[2:4], "unsuspend"))
        steps.insert(10, lambda: collection.mark(cards, "reset"))
        seen = [memories(collection)]
        for number, take in enumerate(steps):
            clock(f"2026-03-{2 + number:02}T08:00:00+01:00")
            take()
            seen.append(memories(collection))
        rows = len(table(home, "SELECT 1 FROM log"))
        for before in reversed(seen[:-1]):
            assert collection.undo() is not None
            assert memories(collection) == before
        assert collection.undo() is None
        assert all(memory == NEW for memory in memories(collection).values())
    assert len(table(home, "SELECT 1 FROM log")) == rows, "undo takes no row away"
    assert table(home, "SELECT count(*) FROM log WHERE undone_ms IS NULL") == [(0,)]


def test_undo_works_in_another_process_and_days_later(
    notes: list[str], run: Callable[..., Any], clock: Callable[[str], None]
) -> None:
    run("review", "--limit", "2", input="3\n1\nq\n", ok=True)
    run("suspend", "n4", ok=True)
    clock("2026-03-09T08:00:00+01:00")
    assert "took back suspend for n4" in run("undo", ok=True).out
    assert "took back Again" in run("undo", ok=True).out
    assert "took back Good" in run("undo", ok=True).out
    assert "nothing to take back" in run("undo", ok=True).out
    assert {row["state"] for row in run("list", "--json").json} == {"new"}
    assert run("log", "--json").json == []
    assert [row["undone"] for row in run("log", "--all", "--json").json] == [True, True, True]


def test_a_rating_after_an_undo_is_a_step_of_its_own(notes: list[str]) -> None:
    with sound() as collection:
        number = card(collection, "n0")
        collection.rate(number, 1, 1000)
        collection.undo()
        after = collection.rate(number, 4, 1000).memory
        collection.rate(number, 1, 1000)
        collection.undo()
        assert collection.memory(number) == after
        undone = collection.undo()
        assert undone is not None
        assert (undone.kind, undone.rating, undone.cards) == ("review", 4, (number,))
        assert collection.memory(number) == NEW


@pytest.mark.parametrize("kind", ["suspend", "bury", "reset"])
def test_what_was_done_to_many_cards_at_once_is_undone_at_once(
    notes: list[str], run: Callable[..., Any], kind: str
) -> None:
    with sound() as collection:
        for id in notes:
            collection.rate(card(collection, id), 3, 1000)
        before = memories(collection)
    run(kind, *notes[:4], ok=True)
    with sound() as collection:
        changed = [number for number, memory in memories(collection).items() if memory != before[number]]
        assert len(changed) == 4
    assert f"took back {kind} for n0, n1, n2 and 1 more" in run("undo", ok=True).out
    with sound() as collection:
        assert memories(collection) == before


def test_unsuspend_is_undone_too(notes: list[str], run: Callable[..., Any]) -> None:
    run("suspend", "n0", "n1", ok=True)
    run("unsuspend", "n0", "n1", ok=True)
    run("undo", ok=True)
    assert [row["id"] for row in run("list", "--state", "suspended", "--json").json] == ["n0", "n1"]


def test_undo_reaches_a_card_whose_note_was_deleted(
    notes: list[str], deck: Callable[..., Path], run: Callable[..., Any]
) -> None:
    with sound() as collection:
        collection.rate(card(collection, "n5"), 3, 1000)
    deck("Nothing here any more.\n")
    assert "took back Good for n5" in run("undo", ok=True).out
    deck(DECK)
    with sound() as collection:
        assert set(memories(collection).values()) == {NEW}


# -- leeches


def lapse(collection: Collection, number: int, clock: Callable[[str], None], day: int) -> log.Recorded:
    """Learn a card, and forget it on a later day."""
    clock(f"2026-{3 + day // 25:02}-{1 + day % 25:02}T08:00:00+01:00")
    while collection.memory(number).state != 2:
        collection.rate(number, 4, 1000)
    return collection.rate(number, 1, 1000)


def test_a_card_that_lapses_too_often_is_set_aside(
    notes: list[str], home: Path, clock: Callable[[str], None], run: Callable[..., Any]
) -> None:
    (home / "config.toml").write_text("built_in_decks = false\nleech_threshold = 3\n")
    with sound() as collection:
        number = card(collection, "n0")
        done = [lapse(collection, number, clock, day) for day in range(3)]
        assert [(one.leech, one.memory.suspended) for one in done] == [(False, 0), (False, 0), (True, 1)]
    assert [row["id"] for row in run("list", "--state", "leech", "--json").json] == ["n0"]
    assert "n0" not in run("review", input="q\n", ok=True).out
    run("unsuspend", "--leeches", ok=True)
    with sound() as collection:
        assert (collection.memory(number).suspended, collection.memory(number).leech) == (0, 0)
        # Beyond the threshold it is set aside again at every half of it, rounded up.
        assert [lapse(collection, number, clock, day).leech for day in range(3, 5)] == [False, True]


def test_undo_of_the_rating_that_made_a_leech_takes_back_both(
    notes: list[str], home: Path, clock: Callable[[str], None]
) -> None:
    (home / "config.toml").write_text("built_in_decks = false\nleech_threshold = 2\n")
    with sound() as collection:
        number = card(collection, "n0")
        lapse(collection, number, clock, 0)
        collection.rate(number, 4, 1000)
        before = collection.memory(number)
        assert collection.rate(number, 1, 1000).leech
        undone = collection.undo()
        assert undone is not None
        assert (undone.kind, undone.rating) == ("review", 1)
        assert collection.memory(number) == before


def test_without_a_threshold_nothing_is_a_leech(notes: list[str], home: Path, clock: Callable[[str], None]) -> None:
    (home / "config.toml").write_text("built_in_decks = false\nleech_threshold = 0\n")
    with sound() as collection:
        assert not any(lapse(collection, card(collection, "n0"), clock, day).leech for day in range(12))


# -- reset


def test_reset_makes_a_card_new_and_keeps_its_reviews(notes: list[str], run: Callable[..., Any]) -> None:
    with sound() as collection:
        number = card(collection, "n0")
        first = collection.rate(number, 4, 1000).memory
        collection.mark([number], "suspend")
    run("reset", "n0", ok=True)
    with sound() as collection:
        assert collection.memory(number) == NEW
        again = collection.rate(number, 4, 1000).memory
        assert (again.stability, again.reps) == (first.stability, 1)
    assert len(run("log", "n0", "--json").json) == 2


# -- a clock that goes back


def test_a_clock_that_was_set_back_keeps_everything_in_its_order(
    notes: list[str], home: Path, clock: Callable[[str], None]
) -> None:
    with sound() as collection:
        one, two = card(collection, "n0"), card(collection, "n1")
        clock("2026-03-20T08:00:00+01:00")
        collection.rate(one, 3, 1000)
        collection.mark([two], "suspend")
        clock("2026-03-05T08:00:00+01:00")
        after = collection.rate(one, 4, 1000).memory
        assert after.last_day == after.first_day, "no review lies before the one it follows"
        collection.mark([two], "unsuspend")
        assert collection.memory(two).suspended == 0
        clock("2026-03-04T08:00:00+01:00")
        collection.mark([one], "reset")
        clock("2026-03-03T08:00:00+01:00")
        collection.rate(one, 2, 1000)
        assert collection.memory(one).reps == 1
        collection.mark([one], "bury")
        collection.mark([one, two], "suspend")
        seen = memories(collection)
        log.rebuild(collection.db, collection.config.settings)
        assert memories(collection) == seen
        undone = collection.undo()
        assert undone is not None
        assert (undone.kind, set(undone.cards)) == ("suspend", {one, two})
    for number in (one, two):
        of_card = f"SELECT id FROM log WHERE card = {number} ORDER BY"
        assert table(home, f"{of_card} id") == table(home, f"{of_card} seq")


def test_the_user_is_told_of_a_clock_that_was_set_back(
    notes: list[str], clock: Callable[[str], None], run: Callable[..., Any]
) -> None:
    clock("2026-03-20T08:00:00+01:00")
    run("review", input="3\nq\n", ok=True)
    clock("2026-03-05T08:00:00+01:00")
    told = run("review", input="3\nq\n", ok=True)
    assert "2026-03-05 08:00" in told.err
    assert "2026-03-20 08:00" in told.err
    assert len(run("log", "--json").json) == 2


# -- what is derived


def live_a_little(collection: Collection, clock: Callable[[str], None]) -> None:
    """Leave traces of every kind in the log."""
    cards = [row.card for row in collection.rows(Filter())]
    for day in range(9):
        clock(f"2026-03-{2 + 3 * day:02}T08:00:00+01:00")
        for number in cards[: 1 + day % len(cards)]:
            collection.rate(number, 1 + (number + day) % 4, 1000)
    collection.mark(cards[2:4], "bury")
    collection.mark([cards[0]], "suspend")
    collection.mark([cards[1]], "reset")
    collection.undo()


def everything(home: Path) -> tuple[Any, ...]:
    """Return what the user sees, and the derived tables without the numbers that only join them."""
    with Collection() as collection:
        seen = (
            [row_data(collection, row) for row in collection.rows(Filter())],
            [row.key for row in collection.rows(Filter(words="answer"))],
            collection.today(Filter()),
            collection.problems(),
            collect(collection, 30),
        )
    return (
        *seen,
        table(home, "SELECT * FROM memory ORDER BY card"),
        table(home, "SELECT card, prompt, answer, ask, steps, timed, place FROM card ORDER BY card"),
        table(home, "SELECT id, active, kind, title, body, deck, tags, line FROM note ORDER BY id, line"),
        table(home, "SELECT root, path, layer, digest, problems FROM file ORDER BY root, path"),
        table(home, "SELECT item, note, prompt FROM syllabus ORDER BY item, note"),
    )


@pytest.mark.parametrize("dropped", [*((name,) for name in TABLES), TABLES], ids=lambda names: "+".join(names))
def test_derived_tables_that_were_dropped_come_back_the_same(
    home: Path, dropped: tuple[str, ...], lived: tuple[Any, ...]
) -> None:
    db = sqlite3.connect(home / "flashprep.db")
    for name in dropped:
        db.execute(f"DROP TABLE {name}")
    db.commit()
    db.close()
    assert everything(home) == lived


@pytest.fixture
def lived(home: Path, deck: Callable[..., Path], clock: Callable[[str], None]) -> tuple[Any, ...]:
    """A collection with gaps, a duplicate, a broken note, a syllabus and a log: what it looks like."""
    deck("item,prompt,notes\na-1,What is it?,n0 n2\na-2,And that?,gapped\n", "syllabus.csv")
    deck(DECK, "a.md")
    deck("## Concept: Gapped {#gapped}\n\nOne is ==alpha==, two is ==beta==.\n\n## Concept: Broken {#broken}\n", "b.md")
    deck("## Concept: Again {#n1}\n\nA duplicate.\n", "c.md")
    with sound() as collection:
        live_a_little(collection, clock)
    return everything(home)


def test_a_new_version_of_the_derived_tables_makes_them_anew(home: Path, lived: tuple[Any, ...]) -> None:
    db = sqlite3.connect(home / "flashprep.db")
    db.execute("UPDATE fact SET value = 'of long ago' WHERE name = 'derived'")
    db.execute("ALTER TABLE card DROP COLUMN ask")
    db.commit()
    db.close()
    assert everything(home) == lived


def test_doctor_names_memories_that_differ_from_the_log_and_makes_them_anew(
    home: Path, run: Callable[..., Any], lived: tuple[Any, ...]
) -> None:
    db = sqlite3.connect(home / "flashprep.db")
    db.execute("UPDATE memory SET stability = stability + 1 WHERE card = 1")
    db.commit()
    db.close()
    findings = {finding["what"]: finding for finding in run("doctor", "--json", ok=False).json}
    assert (findings["schedule"]["good"], findings["schedule"]["detail"]) == (False, "1 cards differ from their log")
    run("doctor", "--rebuild")
    assert everything(home) == lived


@pytest.mark.parametrize(
    "setting", ["desired_retention = 0.8", 'learning_steps = ["1m"]', "maximum_interval = 3", "relearning_steps = []"]
)
def test_changed_settings_fold_the_whole_log_anew(
    home: Path, notes: list[str], clock: Callable[[str], None], setting: str
) -> None:
    config = home / "config.toml"
    with sound() as collection:
        live_a_little(collection, clock)
        before = memories(collection)
    usual = config.read_text()
    config.write_text(f"{usual}{setting}\n")
    with sound() as collection:
        assert memories(collection) != before
    config.write_text(usual)
    with sound() as collection:
        assert memories(collection) == before


# -- two sessions


def test_each_of_two_sessions_notices_what_the_other_wrote(notes: list[str]) -> None:
    with sound() as one, sound() as two:
        number = card(one, "n0")
        assert not one.written_outside()
        two.rate(number, 3, 1000)
        one.rate(card(one, "n1"), 3, 1000)  # its own rating does not hide the other's
        assert one.written_outside()
        assert not one.written_outside()
        assert two.written_outside()


def test_a_card_that_another_session_rated_since_it_was_shown_gets_both_ratings(notes: list[str]) -> None:
    with sound() as one, sound() as two:
        number = card(one, "n0")
        shown = one.memory(number)
        two.rate(number, 3, 1000)
        done = one.rate(number, 4, 1000, shown)
        assert done.elsewhere
        assert done.memory.reps == two.memory(number).reps == 2


def test_a_session_under_old_settings_leaves_no_stale_memory(
    deck: Callable[..., Path], home: Path, run: Callable[..., Any]
) -> None:
    """The config changes, and another start folds anew, while a session with the old settings goes on rating."""
    deck("## Concept: One {#one}\n\n1\n")
    with Collection() as old:
        old.rate(old.rows(Filter())[0].card, 4, 0)
        (home / "config.toml").write_text("built_in_decks = false\ndesired_retention = 0.75\n")
        due = run("list", "--json", ok=True).json[0]["due"]
        old.undo()
        old.rate(old.rows(Filter())[0].card, 4, 0)
    assert run("list", "--json", ok=True).json[0]["due"] == due
    assert run("doctor").code in (0, 1) and "equal to the log" in run("doctor").out


def test_a_rating_never_goes_into_a_store_that_was_set_aside(
    deck: Callable[..., Path], home: Path, run: Callable[..., Any]
) -> None:
    deck("## Concept: One {#one}\n\n1\n")
    run("review", input="\n3\n", ok=True)
    run("backup", ok=True)
    with pytest.raises(BadStore, match="replaced while this session ran"), Collection() as session:
        run("restore", "--yes", ok=True)
        session.rate(session.rows(Filter())[0].card, 3, 0)
    assert len(run("log", "--json", ok=True).json) == 1
