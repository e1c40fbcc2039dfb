"""Review without a terminal: an answer a line in, plain text out."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flashprep import session as s
from flashprep.collection import Collection
from flashprep.store.queries import Filter
from flashprep.terminal.driver import Driver

DECK = """\
---
deck: Caching
---

## Concept: What is a lease? {#lease .prio}

A lock that ends by itself.

## Question: How do you stop a stampede? {#stampede}

Let one caller rebuild the value.

### Testing

Whether you see the database fail first.

## Approach: How do you begin? {#begin}

1. Ask for volume.
2. Name the qualities.
3. Draw one request.

## Story: I cut latency {#story}

### Situation

Slow.

### Task

Mine.

### Action

Traced it.

### Result

Fast.
"""
NOW = "2026-03-02T08:00:00+01:00"
LATER = "2026-03-02T09:00:00+01:00"
TOMORROW = "2026-03-03T08:00:00+01:00"


@pytest.fixture
def review(run: Callable, deck: Callable[..., Path]) -> Callable:
    """Review the deck above: ``review(["", "3"], "--id", "lease")``; the answers are lines."""
    deck(DECK)
    return lambda answers, *options: run("review", *options, input="".join(f"{a}\n" for a in answers), ok=True)


@pytest.fixture
def ratings(said: Callable) -> Callable[[], list[tuple[str, int]]]:
    """Look up what the log holds, oldest first."""
    return lambda: [(row["card"], row["rating"]) for row in reversed(said("log", "--json", ok=True).json)]


@pytest.fixture
def states(said: Callable) -> Callable[[], dict[str, str]]:
    """Look up the state of each card."""
    return lambda: {
        card["id"]: "suspended" if card["suspended"] else card["state"] for card in said("list", "--json", ok=True).json
    }


def test_the_first_card_shows_deck_kind_counts_and_prompt_but_no_answer(review):
    done = review([])
    assert "[Caching · concept] new 4 · learning 0 · review 0\n\nWhat is a lease?\n" in done.out
    assert "A lock that ends by itself." not in done.out
    assert "Nothing was rated." in done.out
    assert "\x1b" not in done.out and done.err == ""


def test_an_empty_line_reveals_the_answer_and_the_four_intervals(review):
    out = review([""]).out
    assert out.index("What is a lease?") < out.index("A lock that ends by itself.")
    assert "1 Again 1m  2 Hard 6m  3 Good 10m  4 Easy " in out
    assert out.rstrip().splitlines()[-1].startswith("Tomorrow: ")


def test_each_rating_is_kept_and_the_next_card_follows(review, ratings):
    out = review(["", "1", "", "2", "", "3", "", "4"]).out
    for name in ("rated Again", "rated Hard", "rated Good", "rated Easy"):
        assert out.count(name) == 1
    assert ratings() == [("lease", 1), ("stampede", 2), ("begin", 3), ("story", 4)]
    assert "Done: 4 ratings on 4 cards" in out and "4 of them new" in out
    assert "Again 1 · Hard 1 · Good 1 · Easy 1" in out
    assert "Not yet: lease" in out
    assert out.index("rated Again") < out.index("How do you stop a stampede?")


def test_end_of_input_at_any_place_ends_the_session_cleanly(review, ratings):
    for answers in ([], [""], ["", "3"], ["", "3", "", "x"]):
        assert review(answers).code == 0
    assert [card for card, _ in ratings()] == ["lease", "stampede"]  # each time where the last had ended


def test_input_without_a_last_newline_counts(run, ratings, deck):
    deck(DECK)
    assert "rated Good" in run("review", input="\n3", ok=True).out
    assert ratings() == [("lease", 3)]


def test_a_rating_before_the_answer_was_seen_shows_it_first(review, ratings):
    out = review(["3"]).out
    assert out.index("A lock that ends by itself.") < out.index("rated Good")
    assert ratings() == [("lease", 3)]


def test_q_ends_and_keeps_what_was_rated(review, ratings):
    out = review(["", "3", "", "q", "", "3"]).out
    assert ratings() == [("lease", 3)]
    assert "Done: 1 rating on 1 card" in out


def test_an_unknown_word_gives_help_and_changes_nothing(review, ratings):
    words = ["5", "good", "0", "help", "\x1b[A", "ü", "33"]
    out = review(words).out
    help = (
        "empty line: reveal; 1 Again, 2 Hard, 3 Good, 4 Easy; c solve, t test again, u undo, s suspend, b bury, q leave"
    )
    assert out.count(help) == len(words)
    assert "A lock that ends by itself." not in out
    assert ratings() == []
    assert "empty line: reveal" in review(["", ""]).out  # a second empty line has nothing to reveal


def test_bytes_that_are_no_text_give_help_too(ratings, home, deck):
    deck(DECK)
    done = subprocess.run(
        [sys.executable, "-m", "flashprep", "review"], input=b"\xff\xfe\x00\n\n3\n", capture_output=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert ratings() == [("lease", 3)]


def test_upper_case_spaces_and_windows_line_ends_are_forgiven(run, ratings, states, deck):
    deck(DECK)
    run("review", input="\r\n 3 \r\n\r\nS\r\nQ\r\n", ok=True)
    assert ratings() == [("lease", 3)]
    assert states()["stampede"] == "suspended"


def test_u_takes_back_and_shows_the_card_again(review, ratings):
    out = review(["", "3", "u", "", "1"]).out
    assert "(took back Good for lease)" in out
    assert out.count("What is a lease?") == 2
    assert ratings() == [("lease", 1)]
    assert "Done: 1 rating on 1 card" in out


def test_u_goes_back_over_several_steps_and_sessions(review, ratings, states):
    review(["", "3", "", "4"])
    out = review(["u", "u", "u"]).out
    assert "took back Easy for stampede" in out and "took back Good for lease" in out
    assert "there is nothing to take back" in out
    assert ratings() == []
    assert set(states().values()) == {"new"}


def test_s_suspends_and_u_brings_the_card_back(review, states):
    out = review(["s", "u", "s"]).out
    assert "lease is hidden until 'flashprep unsuspend'" in out
    assert states()["lease"] == "suspended"
    assert out.count("What is a lease?") == 2
    assert "What is a lease?" not in review([""] * 3).out


def test_b_hides_the_card_until_tomorrow(review, clock):
    assert "lease is hidden until tomorrow" in review(["b"]).out
    assert "What is a lease?" not in review([]).out
    clock(TOMORROW)
    assert "What is a lease?" in review([]).out


def test_the_whole_of_an_approach_is_revealed_at_once(review, ratings):
    out = review(["", "3"], "--id", "begin").out
    assert "(Name the 3 steps.)" in out
    assert all(out.count(step) == 1 for step in ("Ask for volume.", "Name the qualities.", "Draw one request."))
    assert ratings() == [("begin", 3)]


def test_a_story_is_timed(review, home):
    started = subprocess.Popen(
        [sys.executable, "-m", "flashprep", "review", "--id", "story"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={key: value for key, value in os.environ.items() if key != "FLASHPREP_NOW"},
    )
    assert started.stdin and started.stdout
    told = ""
    while "under two minutes" not in told:
        told += started.stdout.readline()
    out = started.communicate("\n3\n", timeout=60)[0]
    assert "(told in 0:0" in out and "Slow." in out and "Fast." in out


def test_a_failed_card_comes_again_when_its_minute_is_over(review, ratings, clock):
    review(["", "1", "q"], "--id", "lease")
    out = review(["", "3"], "--id", "lease").out  # nothing else is left: it comes a little early
    assert "[Caching · concept] new 0 · learning 1 · review 0" in out
    clock(LATER)
    assert "What is a lease?" in review([], "--deck", "caching").out
    assert ratings() == [("lease", 1), ("lease", 3)]


def test_siblings_wait_until_the_next_day(review, clock):
    out = review(["", "4"] * 4).out
    assert "listening for" not in out
    clock(TOMORROW)
    assert "What is the interviewer listening for?" in review([]).out


def test_cram_shows_cards_and_leaves_the_schedule_alone(review, said, states):
    review(["", "4"], "--id", "lease")
    before = states(), said("log", "--json", "--all").out
    out = review(["", "1", "", "3", "", "4", "", "2", "", "3", "", "3"], "--cram").out
    assert out.count("What is a lease?") == 2  # failed once, so it came again
    assert "1 Again  2 Hard  3 Good  4 Easy" in out  # no intervals: there will be none
    assert "The schedule was not touched." in out
    assert (states(), said("log", "--json", "--all").out) == before
    review(["u", "s", "b", "", "u", "s", "b"], "--cram")
    assert (states(), said("log", "--json", "--all").out) == before


def test_new_says_how_many_new_cards_to_learn_whatever_the_limit(review, home):
    (home / "config.toml").write_text("built_in_decks = false\nnew_per_day = 1\n")
    assert "new 1 ·" in review([]).out
    assert "new 3 ·" in review([], "--new", "3").out
    assert "No card that you asked for is due now" in review([], "--new", "0", "--id", "lease").out
    assert "Nothing is due" in review([], "--new", "0").out


def test_limit_ends_the_session_after_so_many_cards(review, ratings):
    out = review(["", "4"] * 4, "--limit", "2").out
    assert "new 2 · learning 0 · review 0" in out
    assert ratings() == [("lease", 4), ("stampede", 4)]


@pytest.mark.parametrize(
    ("options", "prompt"),
    [
        (["--kind", "approach"], "How do you begin?"),
        (["--tag", "prio"], "What is a lease?"),
        (["--id", "stampede/testing"], "What is the interviewer listening for?"),
        (["--deck", "cach", "--kind", "story"], "I cut latency"),
    ],
)
def test_filters_choose_what_is_reviewed(review, options, prompt):
    out = review(["", "4"], *options).out
    assert prompt in out and out.count("[Caching · ") == 1
    assert "Done: 1 rating on 1 card" in out


def test_with_nothing_due_it_says_so(review, clock):
    review(["", "4"] * 4)
    out = review(["", "3"]).out
    assert "Nothing is due" in out and "--new" in out
    assert "Tomorrow: " in out
    assert "No card that you asked for is due now" in review([], "--id", "lease").out


def test_without_any_deck_it_says_so(run, home):
    done = run("review", ok=True)
    assert "Nothing is there to review: 'flashprep add' writes a card" in done.out and done.err == ""
    assert done.out.endswith("Tomorrow: 0 cards to review.\n")


def test_a_filter_that_no_card_passes_is_told_from_one_with_nothing_due(review, run):
    assert "There is no such card" in review([], "--id", "lease", "--kind", "story").out
    run("suspend", "lease", ok=True)
    assert "--cram" in review([], "--id", "lease").out
    assert "suspended" in review([], "--id", "lease", "--cram").out


def test_the_end_says_what_comes_tomorrow_and_what_is_still_being_learned(review, said, clock):
    out = review(["", "1", "q"], "--id", "lease").out
    assert "Not yet: lease" in out
    review(["", "4"], "--id", "begin")
    due = next(card["due"] for card in said("list", "--json").json if card["id"] == "begin")
    day_before = f"{due[:8]}{int(due[8:]) - 1:02}"
    clock(f"{day_before}T08:00:00+01:00")
    assert "Tomorrow: 1 card to review" in review([], "--kind", "story").out


def test_a_rating_is_in_the_store_before_the_next_card_is_shown(ratings, home, deck):
    deck(DECK)
    session = subprocess.Popen(
        [sys.executable, "-m", "flashprep", "review"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert session.stdin and session.stdout
    session.stdin.write("\n3\n")
    session.stdin.flush()
    while "rated Good" not in session.stdout.readline():
        pass
    session.kill()
    session.wait()
    session.stdin.close()
    session.stdout.close()
    assert ratings() == [("lease", 3)]


def test_a_rating_of_another_session_counts_as_well(run, ratings, home, deck):
    deck(DECK)
    session = subprocess.Popen(
        [sys.executable, "-m", "flashprep", "review"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert session.stdin and session.stdout
    while "What is a lease?" not in session.stdout.readline():
        pass
    run("review", "--id", "lease", input="\n4\n", ok=True)
    out = session.communicate("\n3\nq\n", timeout=60)[0]
    assert "rated in another session too; both ratings count" in out
    assert ratings() == [("lease", 4), ("lease", 3)]


def test_a_leech_is_announced_and_listed_at_the_end(run, home, deck, clock):
    (home / "config.toml").write_text("built_in_decks = false\nleech_threshold = 1\n")
    deck("## Concept: Hard to keep\n\nAnswer.\n")
    run("review", input="\n4\n", ok=True)
    clock("2026-05-01T08:00:00+02:00")
    out = run("review", input="\n1\n", ok=True).out
    assert "(hard-to-keep has lapsed once and is set aside as a leech: reword or split it)" in out
    assert "Set aside as leeches: hard-to-keep" in out


def test_a_notice_about_the_clock_does_not_spoil_the_output(review, clock):
    review(["", "3"])
    clock("2026-03-01T08:00:00+01:00")
    done = review([])
    assert "check the clock" in done.err and "check the clock" not in done.out


def test_the_first_rating_of_a_day_makes_a_backup(review, home):
    review([])
    assert not list(home.glob("backups/*"))
    review(["", "3"])
    assert [path.name for path in home.glob("backups/*.db")] == ["daily-2026-03-02.db"]


def test_tomorrow_promises_no_more_new_cards_than_there_are(run, deck):
    deck("## Concept: One?\n\nYes.\n\n## Concept: Two?\n\nYes.\n")
    out = run("review", input="\n3\nq\n", ok=True).out
    assert "Tomorrow: 0 cards to review, and up to 1 new one." in out


def test_a_session_over_the_rollover_takes_in_the_cards_of_the_new_day(
    deck: Callable[..., Path], clock: Callable[[str], None], home: Path
) -> None:
    deck("".join(f"## Concept: Number {n} {{#n{n}}}\n\n{n}\n\n" for n in range(4)))
    (home / "config.toml").write_text("built_in_decks = false\nnew_per_day = 2\n")
    clock("2026-03-03T03:59:00+01:00")
    with Collection() as collection:
        driver = Driver(collection, Filter())
        for instant in ("2026-03-03T03:59:00+01:00", "2026-03-03T04:01:00+01:00"):
            clock(instant)
            driver.send(s.Reveal(driver.now, whole=True))
            driver.rate(4)
        assert driver.row is not None and driver.row.key == "n2", (
            "the second card was the first of the two of the new day"
        )


def test_the_log_of_a_note_that_is_gone_can_still_be_read(deck: Callable[..., Path], run: Callable[..., Any]) -> None:
    path = deck("## Concept: One {#one}\n\n1\n")
    run("review", input="\n3\n", ok=True)
    path.unlink()
    assert [row["card"] for row in run("log", "one", "--json", ok=True).json] == ["one"]
    assert "no card 'two'" in run("log", "two", ok=False).err
