"""What was done in Anki comes back exactly once, with real Anki on the other side."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flashprep.collection import Collection
from tests.anki_side import Anki, all_rows, live, reviews_here, standing

DECK = "".join(f"## Concept: What is number {n}? {{#n{n}}}\n\nIt is {n}.\n\n" for n in range(12))
FORMS = [("a.apkg", False, False), ("b.apkg", True, False), ("c.colpkg", False, True), ("d.colpkg", True, True)]


@pytest.fixture
def phone(
    deck: Callable[..., Path], clock: Callable[[str], None], run: Callable[..., Any], tmp_path: Path, anki: Anki
) -> Anki:
    """A phone that took our cards with ten days of progress."""
    deck(DECK)
    live(clock, 10, marks=False)
    run("export", str(tmp_path / "out.apkg"), ok=True)
    anki.take(tmp_path / "out.apkg", options=True)
    return anki


def same_on_both_sides(anki: Anki) -> None:
    rows, today = all_rows()
    assert anki.reviews() == reviews_here()
    for key, row in rows.items():
        here, there = standing(row, today), anki.standing(key)
        del here["due"], there["due"]  # each side has its own fuzz
        here["stability"] = pytest.approx(here["stability"], rel=1e-4)  # Anki goes on from rounded figures
        assert there == here, key


@pytest.mark.parametrize(("name", "legacy", "whole"), FORMS)
def test_reviews_come_back_from_every_form_of_package_exactly_once(
    phone: Anki, run: Callable[..., Any], tmp_path: Path, name: str, legacy: bool, whole: bool
) -> None:
    for n, rating in ((1, 3), (2, 1), (3, 4), (4, 2), (2, 3)):
        phone.answer(f"n{n}", rating)
    package = phone.give(tmp_path / name, legacy, whole=whole)
    before = len(reviews_here())
    first = run("import", str(package), ok=True)
    assert f"{name}: 5 new reviews of 4 cards; {before} were here already\n" == first.out
    same_on_both_sides(phone)
    again = run("import", str(package), "--json", ok=True).json
    assert (again["reviews"], again["known"]) == (0, before + 5)
    same_on_both_sides(phone)


def test_packages_may_be_imported_in_any_order_and_reviews_from_here_go_between(
    phone: Anki, run: Callable[..., Any], tmp_path: Path
) -> None:
    packages = []
    for number in range(4):
        phone.answer(f"n{number}", 3)
        packages.append(phone.give(tmp_path / f"{number}.apkg"))
    random.Random(2).shuffle(packages)
    for package in [*packages, *packages]:
        run("import", str(package), ok=True)
    same_on_both_sides(phone)
    assert len(reviews_here()) == len(set(reviews_here()))


def test_undo_here_leaves_what_was_done_in_anki_alone(phone: Anki, run: Callable[..., Any], tmp_path: Path) -> None:
    phone.answer("n1", 3)
    run("import", str(phone.give(tmp_path / "a.apkg")), ok=True)
    with Collection() as collection:
        while collection.undo():
            pass
    assert [review for review in phone.reviews() if review in reviews_here()] == [phone.reviews()[-1]]
    said = run("import", str(phone.give(tmp_path / "b.apkg")), ok=True).out
    assert "undone here, so not counted" in said
    assert len(reviews_here()) == 1


def test_a_review_taken_back_in_anki_is_reported_and_taken_back_if_the_user_says_so(
    phone: Anki, run: Callable[..., Any], tmp_path: Path
) -> None:
    phone.answer("n1", 1)
    run("import", str(phone.give(tmp_path / "a.apkg")), ok=True)
    taken = phone.reviews()[-1]
    phone.col.undo()
    after = str(phone.give(tmp_path / "b.apkg"))
    said = run("import", after, ok=True).out
    assert "in Anki no more: reviews of n1" in said and taken in reviews_here()
    said = run("import", after, "--take-undone", ok=True).out
    assert "undone there, now here too: 1 review" in said and taken not in reviews_here()
    said = run("import", str(tmp_path / "a.apkg"), ok=True).out  # the older package has it still
    assert "0 new reviews" in said and taken not in reviews_here()
    same_on_both_sides(phone)


def test_suspended_reset_and_unsuspended_there_is_so_here_and_said(
    phone: Anki, run: Callable[..., Any], tmp_path: Path
) -> None:
    rows, _ = all_rows()
    reviewed = next(key for key, row in rows.items() if row.memory.reps)
    phone.col.sched.suspend_cards([phone.card("n2").id])
    phone.col.sched.schedule_cards_as_new([phone.card(reviewed).id])
    phone.col.sched.set_due_date([phone.card("n5").id], "4")
    phone.col.db.execute("UPDATE cards SET mod = mod + 3")
    said = run("import", str(phone.give(tmp_path / "a.apkg")), ok=True).out
    assert f"set back to new there: {reviewed}\n" in said
    assert "suspended there: n2\n" in said
    rows, _ = all_rows()
    assert rows[reviewed].memory.reps == 0 and rows["n2"].memory.suspended
    again = run("import", str(tmp_path / "a.apkg"), ok=True).out
    assert "there: n2" not in again and "back to new" not in again
    phone.col.sched.unsuspend_cards([phone.card("n2").id])
    phone.col.db.execute("UPDATE cards SET mod = mod + 6")
    said = run("import", str(phone.give(tmp_path / "b.apkg")), ok=True).out
    assert "no longer suspended there: n2\n" in said
    assert not all_rows()[0]["n2"].memory.suspended


def test_a_suspension_from_here_outlives_a_package_that_does_not_know_of_it(
    phone: Anki, run: Callable[..., Any], tmp_path: Path
) -> None:
    run("suspend", "n3", ok=True)
    phone.answer("n3", 3)
    run("import", str(phone.give(tmp_path / "a.apkg")), ok=True)
    assert all_rows()[0]["n3"].memory.suspended


def test_cards_follow_renaming_here(
    phone: Anki, deck: Callable[..., Path], run: Callable[..., Any], tmp_path: Path
) -> None:
    path = deck("## Concept: A first name?\n\none two three four five six seven eight nine\n", "other.md")
    run("export", str(tmp_path / "more.apkg"), ok=True)
    phone.take(tmp_path / "more.apkg")
    path.write_text("## Concept: Another name?\n\none two three four five six seven eight nine\n")
    phone.answer("a-first-name", 3)
    run("import", str(phone.give(tmp_path / "a.apkg")), ok=True)
    assert all_rows()[0]["another-name"].memory.reps == 1


def test_a_package_without_scheduling_changes_nothing(phone: Anki, run: Callable[..., Any], tmp_path: Path) -> None:
    before = reviews_here()
    phone.answer("n1", 3)
    said = run("import", str(phone.give(tmp_path / "a.apkg", scheduling=False)), ok=True).out
    assert "0 new reviews" in said and "no more" not in said
    assert reviews_here() == before


def test_the_same_millisecond_on_two_cards_keeps_both_reviews(
    phone: Anki, run: Callable[..., Any], tmp_path: Path
) -> None:
    ours = reviews_here()[-1]
    other = next(key for key in all_rows()[0] if key != ours[0])
    phone.col.db.execute("DELETE FROM revlog WHERE id = ?", ours[1])  # the phone never had ours
    phone.col.db.execute("INSERT INTO revlog VALUES (?, ?, -1, 3, 5, 0, 500, 2000, 0)", ours[1], phone.card(other).id)
    package = str(phone.give(tmp_path / "a.apkg"))
    said = run("import", package, "--json", ok=True).json
    assert said["reviews"] == 1
    assert run("import", package, "--json", ok=True).json["reviews"] == 0
    here = [(key, at) for key, at, _ in reviews_here() if abs(at - ours[1]) < 5]
    assert sorted(here) == sorted([(ours[0], ours[1]), (other, ours[1] + 1)])
    run("export", str(tmp_path / "again.apkg"), ok=True)
    fresh = Anki(tmp_path / "fresh")
    fresh.take(tmp_path / "again.apkg")
    assert len(fresh.reviews()) == len(reviews_here())
    said = run("import", str(fresh.give(tmp_path / "back.apkg")), "--json", ok=True).json
    assert said["reviews"] == 0
    fresh.col.close()


# -- edits


def test_an_edit_in_anki_is_shown_and_only_written_when_asked_for(
    phone: Anki, home: Path, run: Callable[..., Any], tmp_path: Path
) -> None:
    note = phone.card("n4").note()
    note["Answer"] = "<p>It is <b>2 + 2</b>.</p>\n<p>Or 8 / 2.</p>"
    phone.col.update_note(note)
    package = str(phone.give(tmp_path / "a.apkg"))
    said = run("import", package, ok=True).out
    assert "edited in Anki, not here: 1 card" in said
    assert "    -It is 4.\n" in said and "    +It is **2 + 2**.\n" in said
    deck = home / "decks" / "deck.md"
    assert deck.read_text() == DECK
    said = run("import", package, "--take-edits", ok=True).out
    assert "taken over into your decks: n4\n" in said
    assert deck.read_text() == DECK.replace("It is 4.", "It is **2 + 2**.\n\nOr 8 / 2.")
    assert "edited" not in run("import", package, ok=True).out
    run("check", ok=True)


def test_an_edit_of_the_title_goes_into_the_heading(
    phone: Anki, home: Path, run: Callable[..., Any], tmp_path: Path
) -> None:
    note = phone.card("n4").note()
    note["Prompt"] = "<p>What is the number four?</p>"
    phone.col.update_note(note)
    run("import", str(phone.give(tmp_path / "a.apkg")), "--take-edits", ok=True)
    text = (home / "decks" / "deck.md").read_text()
    assert text == DECK.replace("What is number 4?", "What is the number four?")


def test_an_edit_that_markdown_cannot_say_is_refused_and_nothing_is_written(
    phone: Anki, home: Path, deck: Callable[..., Path], run: Callable[..., Any], tmp_path: Path
) -> None:
    gaps = "## Concept: Which overlap? {#gaps}\n\nWith N replicas ==R + W > N== overlaps.\n"
    path = deck(gaps, "gaps.md")
    run("export", str(tmp_path / "more.apkg"), ok=True)
    phone.take(tmp_path / "more.apkg")
    note = phone.card("gaps/gap-r-w-n").note()
    note["Answer"] = "<p>With N replicas <b>R + W &gt;= N</b> does not.</p>"
    phone.col.update_note(note)
    said = run("import", str(phone.give(tmp_path / "a.apkg")), "--take-edits", ok=True).out
    assert "not taken over" in said and "flashprep edit gaps" in said
    assert path.read_text() == gaps


def test_an_edit_of_a_built_in_card_goes_into_a_copy(
    home: Path, run: Callable[..., Any], tmp_path: Path, anki: Anki
) -> None:
    (home / "config.toml").write_text("")
    run("export", str(tmp_path / "out.apkg"), "--id", "hash-ring", ok=True)
    anki.take(tmp_path / "out.apkg")
    note = anki.card("hash-ring/complexity").note()
    note["Answer"] = note["Answer"] + "<p>Mine.</p>"
    anki.col.update_note(note)
    run("import", str(anki.give(tmp_path / "a.apkg")), "--take-edits", ok=True)
    shown = run("show", "hash-ring", "--json", ok=True).json
    own = next(card for card in shown if card["id"] == "hash-ring/complexity")
    assert own["answer"].endswith("Mine.") and own["path"].startswith(str(home / "decks"))


# -- moving in


def anki_user(anki: Anki) -> None:
    """The collection of somebody who used Anki before."""

    def add(kind: str, deck: str, tags: list[str], *fields: str) -> None:
        note = anki.col.new_note(anki.col.models.by_name(kind))
        for name, text in zip(note.keys(), fields, strict=False):
            note[name] = text
        note.tags = tags
        anki.col.add_note(note, anki.col.decks.id(deck))

    picture = anki.col.media.write_data("ring.png", b"\x89PNG\r\n\x1a\n" + b"0" * 20)
    add(
        "Basic", "Backend::Kafka", ["kafka", "a::b"], "What does <b>acks=all</b> wait for?",
        f'<div>All in-sync replicas:</div><ul><li>slower</li><li>safer</li></ul><img src="{picture}">',
    )  # fmt: skip
    add("Basic (and reversed card)", "Backend::Kafka", [], "ISR", "in-sync replicas")
    add(
        "Basic", "Backend", [], 'What does it print?<pre><code class="language-python">print(1 &lt; 2)\n\n## no heading</code></pre>',
        "<code>True</code>",
    )  # fmt: skip
    add("Cloze", "Backend", [], "A quorum needs {{c1::R + W &gt; N}} with {{c2::N::how many}} replicas.", "See Dynamo.")
    add("Cloze", "Backend", [], "<pre>SELECT {{c1::DISTINCT}} a\nFROM {{c2::t}}</pre>")
    add(
        "Basic", "Backend", [], "## Concept: Not a heading == or <script>alert(1)</script>", "---\n# neither\n{{Front}}"
    )


def test_a_user_of_anki_moves_in_with_notes_history_and_pictures(
    home: Path, run: Callable[..., Any], tmp_path: Path, anki: Anki
) -> None:
    anki_user(anki)
    for id in anki.col.find_cards(""):
        anki.col.sched.answer_card(
            anki.col.sched.build_answer(
                card=(card := anki.col.get_card(id), card.start_timer())[0],
                states=anki.col._backend.get_scheduling_states(id),
                rating=2,
            )
        )
    package = str(anki.give(tmp_path / "mine.apkg"))
    said = run("import", package, ok=True).out
    assert "notes that are not from flashprep: 6; --notes brings them over" in said
    said = run("import", package, "--notes", ok=True).out
    assert "9 new reviews of 9 cards" in said and "6 notes with 9 cards and 1 picture" in said
    assert run("check").code == 0
    rows, _ = all_rows()
    assert len(rows) == 9 and all(row.memory.reps == 1 for row in rows.values())
    kafka = (home / "decks" / "backend-kafka.md").read_text()
    assert 'deck: "Backend::Kafka"' in kafka
    assert "## Question: What does **acks=all** wait for? {#what-does-acks-all-wait-for .a-b .kafka}" in kafka
    assert "All in-sync replicas:\n\n- slower\n- safer" in kafka and "](media/ring-" in kafka
    assert len(list((home / "decks" / "media").iterdir())) == 1
    backend = (home / "decks" / "backend.md").read_text()
    assert "A quorum needs ==R + W > N== with ==N== replicas.\n\nSee Dynamo." in backend
    assert "```python\nprint(1 < 2)\n\n## no heading\n```" in backend
    assert "<script" not in backend.replace("\\<script", "")
    # once more, with a review more: nothing comes twice
    first = anki.col.find_cards("ISR")[0]
    card = anki.col.get_card(first)
    card.start_timer()
    states = anki.col._backend.get_scheduling_states(first)
    anki.col.sched.answer_card(anki.col.sched.build_answer(card=card, states=states, rating=2))
    said = run("import", str(anki.give(tmp_path / "later.apkg")), "--notes", ok=True).out
    assert "1 new review of 1 card; 9 were here already\n" in said and "brought over" not in said
    assert len(all_rows()[0]) == 9


def test_an_import_that_was_cut_short_goes_on_where_it_was(
    home: Path, run: Callable[..., Any], tmp_path: Path, anki: Anki
) -> None:
    anki_user(anki)
    package = str(anki.give(tmp_path / "mine.apkg"))
    run("import", package, "--notes", ok=True)
    decks = {path: path.read_text() for path in (home / "decks").glob("*.md")}
    db = sqlite3.connect(home / "flashprep.db")  # as if it had ended before the links were written
    with db:
        db.execute("DELETE FROM anki_card")
    db.close()
    run("import", package, "--notes", ok=True)
    assert {path: path.read_text() for path in (home / "decks").glob("*.md")} == decks
    assert "brought over" not in run("import", package, "--notes", ok=True).out


def test_notes_brought_over_are_like_any_other(home: Path, run: Callable[..., Any], tmp_path: Path, anki: Anki) -> None:
    anki_user(anki)
    run("import", str(anki.give(tmp_path / "mine.apkg")), "--notes", ok=True)
    run("check", "--fix", ok=True)
    run("review", "--limit", "3", input="\n3\n\n3\n\n3\n", ok=True)
    run("export", str(tmp_path / "out.apkg"), ok=True)
    other = Anki(tmp_path / "other")
    assert len(other.take(tmp_path / "out.apkg").new) == 9
    other.col.close()
