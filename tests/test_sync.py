"""Bringing the store up to date with the decks: what is read again, and what history follows."""

from __future__ import annotations

import mmap
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from flashprep import folders
from flashprep.collection import Collection
from flashprep.memory.state import Memory
from flashprep.store.queries import Filter


def rate(id: str, times: int = 1) -> Memory:
    """Rate a card Good and return the memory that this made."""
    with Collection() as collection:
        card = collection.rows(Filter(ids=(id,)))[0].card
        for _ in range(times):
            collection.rate(card, 3, 1000)
        return collection.memory(card)


def reviews() -> dict[str, int]:
    """Return the number of reviews that each card of the collection has to its name."""
    with Collection() as collection:
        return {row.key: row.memory.reps for row in collection.rows(Filter())}


def notices() -> str:
    """Bring the collection up to date and return what the user is told."""
    with Collection() as collection:
        return "\n".join(collection.notices)


# -- what is read again


def test_a_file_that_did_not_change_is_not_parsed_again(
    deck: Callable[..., Path], run: Callable[..., object], home: Path
) -> None:
    deck("## Concept: First title {#first}\n\nOne.\n", "a.md")
    deck("## Concept: Second title {#second}\n\nTwo.\n", "b.md")
    reviews()
    db = sqlite3.connect(home / "flashprep.db")
    db.execute("UPDATE note SET title = 'as the store has it'")
    db.execute("UPDATE card SET prompt = 'as the store has it'")
    db.commit()
    db.close()
    deck("## Concept: Second title, reworded {#second}\n\nTwo.\n", "b.md")
    os.utime(home / "decks" / "a.md", ns=(1, 1))  # another time, the same content
    with Collection() as collection:
        prompts = {row.key: row.prompt for row in collection.rows(Filter())}
    assert prompts == {"first": "as the store has it", "second": "Second title, reworded"}


def test_a_file_that_did_not_change_is_not_even_opened(home: Path, deck: Callable[..., Path]) -> None:
    old = deck("## Concept: What stays? {#stays}\n\nOne.\n", "old.md")
    other = deck("## Concept: What changes? {#changes}\n\nTwo.\n", "other.md")
    spy = (
        "import sys\n"
        "sys.addaudithook(lambda event, given: event == 'open' and str(given[0]).endswith('.md')"
        " and print('opened', str(given[0]).rsplit('/', 1)[1]))\n"
        "from flashprep.cli import main\n"
        "main()\n"
    )

    def opened() -> set[str]:
        done = subprocess.run(
            [sys.executable, "-c", spy, "today"], capture_output=True, text=True, check=True, timeout=60
        )
        return {line.split()[1] for line in done.stdout.splitlines() if line.startswith("opened")}

    assert opened() == {"old.md", "other.md"}
    # A file that is younger than a second is looked at again, since it may change within the same timestamp.
    while time.time_ns() - max(path.stat().st_ctime_ns for path in (old, other)) < 1_100_000_000:
        time.sleep(0.05)
    opened()
    assert opened() == set()
    other.write_text("## Concept: What changes? {#changes}\n\nThree.\n")
    assert opened() == {"other.md"}


def test_an_edit_within_the_same_timestamp_and_of_the_same_size_is_noticed(deck: Callable[..., Path]) -> None:
    # A second write through one mapping of the file changes its content and none of its times.
    text = b"## Concept: What is it? {#it}\n\nanswer 0\n"
    path = deck(text)
    with Collection() as collection:
        in_time = False
        while not in_time:
            deck(text)
            started = time.monotonic()
            with path.open("r+b") as file, mmap.mmap(file.fileno(), 0) as mapping:
                for number in (b"1", b"2", b"3"):
                    mapping[-2:-1] = number
                    collection.sync()
                    answer = collection.rows(Filter(ids=("it",)))[0].answer
                    in_time = time.monotonic() - started < 0.9  # later than that the times of the file are old
                    assert answer == f"answer {number.decode()}" or not in_time


def test_an_edit_is_noticed_though_the_time_of_the_file_was_put_back(deck: Callable[..., Path]) -> None:
    path = deck("## Concept: What is it? {#it}\n\nanswer 00\n")
    long_ago = 1_000_000_000_000_000_000
    os.utime(path, ns=(long_ago, long_ago))
    with Collection() as collection:
        for number in range(1, 60):
            path.write_text(f"## Concept: What is it? {{#it}}\n\nanswer {number:02}\n")
            os.utime(path, ns=(long_ago, long_ago))
            collection.sync()
            assert collection.rows(Filter(ids=("it",)))[0].answer == f"answer {number:02}"


def test_a_search_finds_the_new_text_and_not_the_old(deck: Callable[..., Path]) -> None:
    deck("## Concept: What is it? {#it}\n\nA zebra.\n")
    with Collection() as collection:
        assert [row.key for row in collection.rows(Filter(words="zebra"))] == ["it"]
        deck("## Concept: What is it? {#it}\n\nAn ocelot.\n")
        collection.sync()
        assert collection.rows(Filter(words="zebra")) == []
        assert [row.key for row in collection.rows(Filter(words="ocelot"))] == ["it"]


# -- moves


@pytest.mark.parametrize("id", ["{#moving}", ""])
@pytest.mark.parametrize("to", ["other.md", "sub/deep/deck.md"])
@pytest.mark.parametrize("seen_between", [True, False])
def test_a_moved_note_keeps_its_history(deck: Callable[..., Path], id: str, to: str, seen_between: bool) -> None:
    note = f"## Concept: Moving {id}\n\nThe answer.\n"
    stays = "## Concept: What stays? {#stays}\n\nHere.\n\n"
    deck(stays + note)
    before = rate("moving", 2)
    deck(stays)
    if seen_between:
        assert reviews() == {"stays": 0}
    deck(note, to)
    with Collection() as collection:
        row = collection.rows(Filter(ids=("moving",)))[0]
    assert (row.path, row.memory) == (to, before)


def test_a_renamed_file_and_another_order_of_notes_change_no_history(deck: Callable[..., Path]) -> None:
    first, second = "## Concept: First\n\nOne.\n", "## Concept: Second\n\nTwo.\n"
    path = deck(f"{first}\n{second}")
    rate("first", 1)
    rate("second", 2)
    path.unlink()
    deck(f"{second}\n{first}", "renamed.md")
    assert reviews() == {"first": 1, "second": 2}


# -- rewordings

BODY = "The leader sends heartbeats, and a follower that hears none for a while asks the others for their votes."


@pytest.mark.parametrize("body", [BODY, BODY.replace("a while", "a time"), f"{BODY} Ties are settled by chance."])
def test_a_reworded_heading_keeps_its_history_and_the_user_is_told(
    deck: Callable[..., Path], run: Callable[..., object], body: str
) -> None:
    deck(f"## Concept: Raft leaders\n\n{BODY}\n")
    rate("raft-leaders", 2)
    deck(f"## Concept: How does Raft elect a leader?\n\n{body}\n")
    told = run("list")
    assert "'raft-leaders' is now 'how-does-raft-elect-a-leader'" in told.err
    assert reviews() == {"how-does-raft-elect-a-leader": 2}
    assert "is now" not in run("list").err, "told once"


def test_all_cards_of_a_reworded_note_keep_their_history(deck: Callable[..., Path]) -> None:
    body = f"{BODY}\n\n### Testing\n\nWhether you know what a split vote is.\n"
    deck(f"## Question: Old words?\n\n{body}")
    rate("old-words", 1)
    rate("old-words/testing", 2)
    deck(f"## Question: New words?\n\n{body}")
    assert reviews() == {"new-words": 1, "new-words/testing": 2}


def test_a_heading_may_be_reworded_again_and_back(deck: Callable[..., Path]) -> None:
    for title in ("Alpha", "Beta", "Gamma", "Alpha", "Beta"):
        deck(f"## Concept: {title}\n\n{BODY}\n")
        rate(title.lower())
    assert reviews() == {"beta": 5}


def test_a_note_that_is_moved_and_reworded_at_once_is_followed(deck: Callable[..., Path]) -> None:
    deck(f"## Concept: Alpha\n\n{BODY}\n")
    rate("alpha")
    deck("Nothing here any more.\n")
    deck(f"## Concept: Beta\n\n{BODY}\n", "other.md")
    assert reviews() == {"beta": 1}


def test_another_body_below_another_heading_is_another_note(deck: Callable[..., Path]) -> None:
    deck(f"## Concept: Alpha\n\n{BODY}\n")
    rate("alpha")
    deck("## Concept: Beta\n\nSomething that has nothing to do with it.\n")
    assert "is now" not in notices()
    assert reviews() == {"beta": 0}


def test_history_does_not_follow_a_body_to_another_kind(deck: Callable[..., Path]) -> None:
    deck(f"## Concept: Alpha\n\n{BODY}\n")
    rate("alpha")
    deck(f"## Question: Beta?\n\n{BODY}\n")
    assert reviews() == {"beta": 0}


def test_of_two_new_notes_with_the_same_body_none_gets_the_history(deck: Callable[..., Path]) -> None:
    deck(f"## Concept: Alpha\n\n{BODY}\n")
    rate("alpha")
    deck(f"## Concept: Beta\n\n{BODY}\n\n## Concept: Gamma\n\n{BODY}\n")
    assert "is now" not in notices()
    assert reviews() == {"beta": 0, "gamma": 0}


def test_of_two_lost_notes_with_the_same_body_none_gives_its_history(deck: Callable[..., Path]) -> None:
    deck(f"## Concept: Alpha\n\n{BODY}\n\n## Concept: Omega\n\n{BODY}\n")
    rate("alpha")
    rate("omega", 2)
    deck(f"## Concept: Beta\n\n{BODY}\n")
    assert "is now" not in notices()
    assert reviews() == {"beta": 0}
    deck(f"## Concept: Alpha\n\n{BODY}\n\n## Concept: Omega\n\n{BODY}\n")
    assert reviews() == {"alpha": 1, "omega": 2}, "nothing was lost"


@pytest.mark.parametrize("order", [("alpha", "omega"), ("omega", "alpha")])
def test_the_same_body_wins_over_a_similar_one(deck: Callable[..., Path], order: tuple[str, str]) -> None:
    bodies = {"alpha": BODY.replace("heartbeats", "messages"), "omega": BODY}
    deck("\n".join(f"## Concept: {title}\n\n{bodies[title]}\n" for title in order))
    rate("alpha", 1)
    rate("omega", 2)
    deck(f"## Concept: Beta\n\n{BODY}\n")
    assert reviews() == {"beta": 2}


def test_several_reworded_headings_each_keep_their_own_history(deck: Callable[..., Path]) -> None:
    bodies = [
        f"Fact number {n} says that {word} is what matters here, and nothing else." for n, word in enumerate("abcdefgh")
    ]
    deck("\n".join(f"## Concept: Old {n}\n\n{body}\n" for n, body in enumerate(bodies)))
    for n in range(len(bodies)):
        rate(f"old-{n}", n + 1)
    deck("\n".join(f"## Concept: New {n}\n\n{body}\n" for n, body in reversed(list(enumerate(bodies)))))
    assert reviews() == {f"new-{n}": n + 1 for n in range(len(bodies))}


def test_a_whole_deck_with_reworded_headings_is_followed_in_good_time(deck: Callable[..., Path]) -> None:
    bodies = [f"The body of note {n}, which no other note has." for n in range(1500)]
    deck("\n".join(f"## Concept: Old {n}\n\n{body}\n" for n, body in enumerate(bodies)))
    rate("old-700", 2)
    deck("\n".join(f"## Concept: New {n}\n\n{body}\n" for n, body in enumerate(bodies)))
    started = time.perf_counter()
    with Collection() as collection:
        assert len(collection.notices) == 1500
        assert collection.rows(Filter(ids=("new-700",)))[0].memory.reps == 2
    assert time.perf_counter() - started < 10


# -- ids


def test_a_pinned_note_may_change_altogether(deck: Callable[..., Path]) -> None:
    path = deck(f"## Concept: Alpha {{#fixed}}\n\n{BODY}\n")
    rate("fixed", 2)
    path.unlink()
    deck("## Question: Beta? {#fixed}\n\nSomething else.\n", "other.md")
    assert reviews() == {"fixed": 2}


def test_another_pinned_id_is_another_note_and_the_history_waits(deck: Callable[..., Path]) -> None:
    deck(f"## Concept: Alpha {{#fixed}}\n\n{BODY}\n")
    rate("fixed", 2)
    deck(f"## Concept: Alpha {{#other}}\n\n{BODY}\n")
    assert reviews() == {"other": 0}
    deck(f"## Concept: Alpha {{#fixed}}\n\n{BODY}\n")
    assert reviews() == {"fixed": 2}


def test_pinning_a_note_under_an_id_of_choice_keeps_its_history(deck: Callable[..., Path]) -> None:
    deck(f"## Concept: What is the longest of all titles?\n\n{BODY}\n")
    rate("what-is-the-longest-of-all-titles", 2)
    deck(f"## Concept: What is the longest of all titles? {{#short}}\n\n{BODY}\n")
    assert "is now 'short'" in notices()
    assert reviews() == {"short": 2}


def test_a_deleted_note_that_comes_back_has_its_history(deck: Callable[..., Path], home: Path) -> None:
    path = deck(f"## Concept: Alpha\n\n{BODY}\n")
    before = rate("alpha", 3)
    path.unlink()
    assert reviews() == {}
    deck("## Concept: Alpha\n\nAnother text.\n", "elsewhere.md")
    with Collection() as collection:
        assert collection.rows(Filter(ids=("alpha",)))[0].memory == before


def test_a_note_that_loses_its_answer_waits_with_its_history_and_the_others_stay(
    deck: Callable[..., Path], run: Callable[..., object]
) -> None:
    good = "## Concept: Good {#good}\n\nFine.\n\n"
    deck(f"{good}## Concept: Broken {{#broken}}\n\n{BODY}\n")
    rate("broken", 2)
    rate("good", 1)
    deck(f"{good}## Concept: Broken {{#broken}}\n")
    assert reviews() == {"good": 1}
    assert "missing-answer" in run("check", "--format", "concise", ok=False).out
    deck(f"{good}## Concept: Broken {{#broken}}\n\nMended.\n")
    assert reviews() == {"good": 1, "broken": 2}


def test_of_two_notes_with_one_id_the_first_counts_and_the_second_is_reported(
    deck: Callable[..., Path], run: Callable[..., object]
) -> None:
    first = deck("## Concept: First {#same}\n\nOne.\n", "a.md")
    second = deck("## Concept: Other {#other}\n\nTwo.\n\n## Concept: Second {#same}\n\nThree.\n", "b.md")
    rate("same", 2)
    with Collection() as collection:
        assert {row.key: row.title for row in collection.rows(Filter())} == {"same": "First", "other": "Other"}
    (problem,) = run("check", "--json", ok=False).json
    assert (problem["rule"], problem["path"], problem["line"]) == ("duplicate-id", str(second), 5)
    first.unlink()
    with Collection() as collection:
        (row,) = collection.rows(Filter(ids=("same",)))
        assert (row.title, row.memory.reps) == ("Second", 2)
        assert collection.problems() == []
    deck("## Concept: First again {#same}\n\nOne.\n", "a.md")
    with Collection() as collection:
        assert collection.rows(Filter(ids=("same",)))[0].title == "First again"


# -- gaps


def gap_note(body: str) -> str:
    return f"## Concept: Which numbers? {{#numbers}}\n\n{body}\n"


def test_a_gap_inserted_before_others_shifts_no_history(deck: Callable[..., Path]) -> None:
    deck(gap_note("It is ==alpha== and then ==beta== at last."))
    rate("numbers/gap-alpha", 1)
    rate("numbers/gap-beta", 2)
    deck(gap_note("First ==zero==, it is ==alpha== and then ==beta== at last."))
    assert "is now" not in notices()
    assert reviews() == {"numbers/gap-zero": 0, "numbers/gap-alpha": 1, "numbers/gap-beta": 2}


def test_a_gap_whose_text_changed_keeps_its_history_and_the_user_is_told(deck: Callable[..., Path]) -> None:
    deck(gap_note("It is ==alpha== and then ==beta== at last."))
    rate("numbers/gap-alpha", 1)
    rate("numbers/gap-beta", 2)
    deck(gap_note("It is ==alpha== and then ==the letter beta== at last."))
    assert "'numbers/gap-beta' is now 'numbers/gap-the-letter-beta'" in notices()
    assert reviews() == {"numbers/gap-alpha": 1, "numbers/gap-the-letter-beta": 2}


def test_gaps_follow_by_their_place_in_the_text_not_by_their_age(deck: Callable[..., Path]) -> None:
    deck(gap_note("It is ==alpha== and then ==beta== at last."))
    reviews()
    deck(gap_note("First ==zero==, it is ==alpha== and then ==beta== at last."))  # the youngest gap stands first
    for times, name in enumerate(("zero", "alpha", "beta"), 1):
        rate(f"numbers/gap-{name}", times)
    deck(gap_note("First ==null==, it is ==aleph== and then ==beta== at last."))
    assert reviews() == {"numbers/gap-null": 1, "numbers/gap-aleph": 2, "numbers/gap-beta": 3}


def test_a_gap_that_went_and_another_that_came_elsewhere_are_not_the_same(deck: Callable[..., Path]) -> None:
    deck(gap_note("It is ==alpha== and then ==beta== at last."))
    rate("numbers/gap-alpha", 1)
    rate("numbers/gap-beta", 2)
    deck(gap_note("It is alpha and then ==beta== at ==last=="))
    assert "is now" not in notices()
    assert reviews() == {"numbers/gap-beta": 2, "numbers/gap-last": 0}
    deck(gap_note("It is ==alpha== and then ==beta== at ==last=="))
    assert reviews()["numbers/gap-alpha"] == 1, "it waited"


def test_gaps_in_a_note_that_is_reworded_too_keep_their_history(deck: Callable[..., Path]) -> None:
    deck(f"## Concept: Old\n\n{BODY} It is ==alpha== and ==beta==.\n")
    rate("old/gap-alpha", 1)
    rate("old/gap-beta", 2)
    deck(f"## Concept: New\n\n{BODY} It is ==aleph== and ==beta==.\n")
    assert reviews() == {"new/gap-aleph": 1, "new/gap-beta": 2}


# -- layers


def built_in(home: Path) -> tuple[str, str, str]:
    """Switch the built-in decks on and return the id, the title and the answer of a card of theirs."""
    (home / "config.toml").write_text("")
    with Collection() as collection:
        row = next(
            row for row in collection.rows(Filter(kinds=("concept",))) if row.root == folders.BUILT_IN and not row.face
        )
    return row.note, row.title, row.answer


def test_a_note_of_the_users_takes_the_place_of_a_built_in_one_history_and_all(
    home: Path, deck: Callable[..., Path]
) -> None:
    id, title, answer = built_in(home)
    before = rate(id, 2)
    mine = deck(f"## Concept: In my words {{#{id}}}\n\nMy own answer.\n")
    with Collection() as collection:
        (row,) = collection.rows(Filter(ids=(id,)))
        assert (row.root, row.title, row.answer, row.memory) == (folders.OWN, "In my words", "My own answer.", before)
        assert "duplicate-id" not in {problem.rule for problem in collection.problems()}
    after = rate(id)
    mine.unlink()
    with Collection() as collection:
        (row,) = collection.rows(Filter(ids=(id,)))
        assert (row.root, row.title, row.answer, row.memory) == (folders.BUILT_IN, title, answer, after)


def test_the_gaps_of_an_edited_copy_of_a_built_in_note_keep_their_history(home: Path, tmp_path: Path) -> None:
    below = tmp_path / "below"
    below.mkdir()
    (below / "deck.md").write_text(gap_note("It is ==alpha== and then ==beta== at last."))
    own = home / "decks"
    own.mkdir()
    with Collection() as collection:
        collection.roots = [folders.Root(folders.BUILT_IN, below, 0), folders.Root(folders.OWN, own, 1)]
        collection.sync()
        card = collection.rows(Filter(ids=("numbers/gap-beta",)))[0].card
        collection.rate(card, 3, 1000)
        (own / "mine.md").write_text(gap_note("It is ==alpha== and then ==the letter beta== at last."))
        collection.sync()
        (row,) = collection.rows(Filter(ids=("numbers/gap-the-letter-beta",)))
        assert (row.card, row.memory.reps) == (card, 1)


def test_switching_the_built_in_decks_off_and_on_loses_nothing(home: Path) -> None:
    id, _, _ = built_in(home)
    before = rate(id, 2)
    (home / "config.toml").write_text("built_in_decks = false\n")
    assert reviews() == {}
    (home / "config.toml").write_text("")
    with Collection() as collection:
        assert collection.rows(Filter(ids=(id,)))[0].memory == before


# -- files that are not plain


def test_a_file_that_cannot_be_read_any_more_keeps_its_cards_and_is_reported(
    deck: Callable[..., Path], run: Callable[..., object]
) -> None:
    path = deck("## Concept: Alpha {#alpha}\n\nThe answer.\n")
    deck("## Concept: Beta {#beta}\n\nAnother.\n", "other.md")
    before = rate("alpha", 2)
    path.unlink()
    path.mkdir()  # there is something of its name, and it cannot be read
    for _ in range(2):
        with Collection() as collection:
            (row,) = collection.rows(Filter(ids=("alpha",)))
            assert (row.answer, row.memory) == ("The answer.", before)
    (problem,) = run("check", "--json", ok=False).json
    assert (problem["rule"], problem["path"]) == ("unreadable-file", str(path))
    path.rmdir()
    deck("## Concept: Alpha {#alpha}\n\nA new answer.\n")
    with Collection() as collection:
        (row,) = collection.rows(Filter(ids=("alpha",)))
        assert (row.answer, row.memory, collection.problems()) == ("A new answer.", before, [])


def test_links_to_decks_and_folders_are_followed(home: Path, deck: Callable[..., Path], tmp_path: Path) -> None:
    outside = tmp_path / "notes"
    outside.mkdir()
    (outside / "real.md").write_text("## Concept: Linked {#linked}\n\nYes.\n")
    (outside / "alone").mkdir()
    (outside / "alone" / "deep.md").write_text("## Concept: Deep {#deep}\n\nYes.\n")
    deck("## Concept: Plain {#plain}\n\nYes.\n")
    (home / "decks" / "link.md").symlink_to(outside / "real.md")
    (home / "decks" / "folder").symlink_to(outside / "alone")
    assert set(reviews()) == {"plain", "linked", "deep"}


def test_links_that_lead_in_circles_or_nowhere_do_no_harm(
    home: Path, deck: Callable[..., Path], run: Callable[..., object]
) -> None:
    deck("## Concept: Plain {#plain}\n\nYes.\n", "sub/deck.md")
    (home / "decks" / "up").symlink_to(home / "decks")
    (home / "decks" / "sub" / "up").symlink_to(home / "decks")
    (home / "decks" / "sub" / "same").symlink_to(home / "decks" / "sub")
    (home / "decks" / "self").symlink_to(home / "decks" / "self")
    assert run("list", ok=True).out.split("\t")[0] == "plain"
    assert run("check", ok=True).out == "No problems found.\n"
    (home / "decks" / "nowhere.md").symlink_to(home / "decks" / "gone.md")
    (problem,) = run("check", "--json", ok=False).json
    assert (problem["rule"], problem["path"]) == ("unreadable-file", str(home / "decks" / "nowhere.md"))
    assert run("list", ok=True).out.split("\t")[0] == "plain"


def test_a_file_whose_name_is_not_utf8_is_a_deck_all_the_same(
    home: Path, deck: Callable[..., Path], run: Callable[..., object]
) -> None:
    deck("## Concept: Plain {#plain}\n\nYes.\n")
    name = os.fsencode(home / "decks") + b"/caf\xe9.md"
    try:
        Path(os.fsdecode(name)).write_bytes(b"## Concept: Coffee {#coffee}\n\nYes.\n\n## Concept: Cold\n")
    except OSError:
        return  # this file system has no such names, so no such file can be there
    assert {line.split("\t")[0] for line in run("list", ok=True).out.splitlines()} == {"plain", "coffee"}
    rate("coffee")
    assert reviews() == {"plain": 0, "coffee": 1}
    assert "missing-answer" in run("check", ok=False).out


def test_hidden_files_and_other_endings_are_no_decks(deck: Callable[..., Path]) -> None:
    note = "## Concept: Hidden {#hidden}\n\nYes.\n"
    for name in (".hidden.md", ".git/readme.md", "notes.txt", "deck.md~", ".deck.md.swp"):
        deck(note, name)
    assert reviews() == {}


def test_the_cards_of_a_folder_that_is_away_are_back_when_it_is(
    home: Path, tmp_path: Path, run: Callable[..., object]
) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "deck.md").write_text("## Concept: Alpha\n\nThe answer.\n")
    (home / "config.toml").write_text(f'built_in_decks = false\ndeck_folders = ["{notes}"]\n')
    before = rate("alpha", 2)
    notes.rename(tmp_path / "away")
    gone = run("list", ok=True)
    assert (gone.out, str(notes) in gone.err) == ("", True)
    (tmp_path / "away").rename(notes)
    with Collection() as collection:
        assert collection.rows(Filter(ids=("alpha",)))[0].memory == before
