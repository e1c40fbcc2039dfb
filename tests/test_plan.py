"""The plan for interview dates: what it shows, which cards it draws, and how it begins anew each day from what is."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pexpect
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flashprep import planner, tomlfile
from flashprep import session as s
from flashprep.collection import Collection
from flashprep.errors import BadFile, FlashprepError
from flashprep.guide import companies, files, phases, rounds
from flashprep.guide.phases import Task
from flashprep.session import Phase
from flashprep.statistics import recall_probability
from flashprep.store import plan
from flashprep.store.plan import Interview
from flashprep.store.queries import Filter
from flashprep.terminal.driver import Driver
from tests.terminal_side import on_a_terminal

MORNING = "2026-03-{:02}T08:00:{:02}+01:00"  # day of the month, seconds; the day of the fixtures is Monday, March 2


def notes(round: str, count: int, deck: str, tags: str = "") -> str:
    body = "".join(
        f"## Concept: What is {deck} {n}? {{#{deck.lower()}-{n}{tags}}}\n\nIt is {n}.\n\n" for n in range(count)
    )
    return f"---\ndeck: {deck}\nround: {round}\n---\n\n{body}"


@pytest.fixture
def decks(deck: Callable[..., Path]) -> None:
    deck(notes("coding", 8, "Arrays"), "arrays.md")
    deck(notes("depth", 8, "Queues"), "queues.md")
    deck(notes("depth", 4, "Locks", " .prio"), "locks.md")


def drawn(filter: Filter | None = None, **options: Any) -> list[str]:
    """Return the names of the cards of the queue, in order."""
    with Collection() as collection:
        queue = collection.queue(filter or Filter(), **options)
        rows = [collection.row(item.card) for item in (*queue.learning, *queue.main)]
    return [row.key for row in rows if row]


def rate_all(keys: list[str], rating: int = 3) -> None:
    with Collection() as collection:
        for key in keys:
            collection.rate(collection.rows(Filter(ids=(key,)))[0].card, rating, 5000)


# -- setting a date


@pytest.mark.parametrize(
    ("options", "said_of_it"),
    [
        (("--date", "2026-03-01", "--minutes", "20"), "--date 2026-03-01 is in the past: today is 2026-03-02"),
        (("--date", "tomorrow", "--minutes", "20"), "it takes a day such as 2026-03-30"),
        (("--date", "2046-03-01", "--minutes", "20"), "is the year right?"),
        (("--date", "2026-03-30", "--minutes", "0"), "--minutes 0: it takes a whole number from 1 to 600"),
        (("--date", "2026-03-30"), "give --minutes, such as --minutes 20"),
        (("--minutes", "20"), "give --date, such as --date 2026-03-30"),
        (("--date", "2026-03-30", "--minutes", "9", "--company", "metta"), "no company 'metta'; did you mean 'meta'?"),
        (("--date", "2026-03-30", "--minutes", "9", "--company", "meta", "--level", "L5"), "it takes one of E3, E4"),
        (("--date", "2026-03-30", "--minutes", "9", "--days", "mon,moon"), "it takes days such as mon,wed,fri, or all"),
        (("--date", "2026-03-30", "--minutes", "9", "--round", "codin"), "did you mean 'coding'?"),
        (("--date", "2026-03-30", "--minutes", "9", "--topic", "queuess"), "did you mean 'Queues'?"),
        (("--date", "2026-03-30", "--minutes", "9", "--name", " "), "--name takes a short name"),
    ],
)
def test_a_mistake_gets_one_clear_message(
    decks: None, said: Callable, options: tuple[str, ...], said_of_it: str
) -> None:
    done = said("plan", "set", *options)
    assert done.code == 2 and done.err.count("\n") == 1 and said_of_it in done.err
    assert "there is no date yet" in said("plan").err


def test_a_date_is_set_changed_and_cleared(decks: None, said: Callable) -> None:
    out = said(
        "plan", "set", "--date", "2026-03-30", "--minutes", "20", "--company", "Meta", "--level", "e5", ok=True
    ).out
    assert "Interview at Meta, E5: Mon 2026-03-30, in 28 days" in out
    assert "until the day 9.3 h on 28 days of study" in out
    said("plan", "set", "--date", "2026-03-16", "--days", "mon,wed", ok=True)  # the rest stays
    (date,) = said("plan", "--json", ok=True).json["dates"]
    assert (date["days"], date["minutes"], date["company"], date["level"]) == (14, 20, "meta", "E5")
    assert date["weekdays"] == ["mon", "wed"] and date["dropped"] == ["google", "amazon", "apple"]
    assert "cleared: interview on 2026-03-16" in said("plan", "clear", ok=True).out
    assert "there is no date to clear" in said("plan", "clear", ok=False).err


def test_several_dates_are_told_apart_by_name(decks: None, said: Callable) -> None:
    said(
        "plan", "set", "--date", "2026-03-09", "--minutes", "20", "--name", "phone screen", "--round", "coding", ok=True
    )
    said("plan", "set", "--date", "2026-03-30", "--name", "onsite", ok=True)  # as many minutes
    assert "which date? there are 'phone screen', 'onsite'" in said("plan", "set", "--minutes", "9", ok=False).err
    found = said("plan", "--json", ok=True).json["dates"]
    assert [(date["name"], date["rounds"], date["minutes"]) for date in found] == [
        ("phone screen", ["coding"], 20),
        ("onsite", [], 20),
    ]
    assert set(found[0]["recall"]["rounds"]) == {"coding"}
    assert set(found[1]["recall"]["rounds"]) == {"coding", "depth"}
    assert "there is no date 'onsit'" in said("plan", "clear", "onsit", ok=False).err
    said("plan", "clear", "phone screen", ok=True)
    assert [date["name"] for date in said("plan", "--json", ok=True).json["dates"]] == ["onsite"]


def test_the_plan_is_part_of_a_backup(decks: None, said: Callable, run: Callable, tmp_path: Path) -> None:
    said("plan", "set", "--date", "2026-03-30", "--minutes", "20", ok=True)
    said("plan", "tick", "2", ok=True)
    before = said("plan", "--json", ok=True).json
    said("backup", str(tmp_path / "kept.db"), ok=True)
    said("plan", "clear", ok=True)
    run("restore", str(tmp_path / "kept.db"), "--yes", ok=True)
    assert said("plan", "--json", ok=True).json == before


# -- which cards


def test_new_cards_come_in_the_order_of_topics_and_rounds_prio_first(decks: None, said: Callable) -> None:
    said("plan", "set", "--date", "2026-03-30", "--minutes", "5", "--round", "depth", "--round", "coding", ok=True)
    assert [key.split("-")[0] for key in drawn()] == ["locks"] * 4 + ["queues"] * 4
    said("plan", "set", "--round", "coding", "--round", "depth", ok=True)
    assert [key.split("-")[0] for key in drawn()] == ["locks"] * 4 + ["arrays"] * 4
    said("plan", "set", "--round", "all", "--topic", "queues", ok=True)
    assert [key.split("-")[0] for key in drawn()] == ["locks"] * 4 + ["queues"] * 4
    said("plan", "set", "--drop", "prio", ok=True)
    assert [key.split("-")[0] for key in drawn()] == ["queues"] * 8


def test_only_cards_of_the_rounds_are_drawn_and_others_on_request(decks: None, said: Callable) -> None:
    said("plan", "set", "--date", "2026-03-30", "--minutes", "60", "--round", "coding", ok=True)
    assert {key.split("-")[0] for key in drawn()} == {"arrays"}
    assert {key.split("-")[0] for key in drawn(Filter(rounds=("depth",)))} == {"queues", "locks"}
    assert drawn(Filter(ids=("queues-3",))) == ["queues-3"]
    assert len(drawn(new=3)) == 3


def test_cards_that_are_not_due_come_back_before_the_date(decks: None, said: Callable, clock: Callable) -> None:
    said("plan", "set", "--date", "2026-03-12", "--minutes", "60", "--round", "coding", ok=True)
    rate_all(drawn(), 4)  # Easy: due again after days
    clock(MORNING.format(11, 0))
    with Collection() as collection:
        assert all(row.memory.due_day > 0 for row in collection.rows(Filter(rounds=("coding",))))
        due = len(collection.rows(Filter(rounds=("coding",), states=("due",))))
    assert len(drawn()) == 8 >= due


def test_the_schedule_itself_knows_nothing_of_the_plan(decks: None, said: Callable) -> None:
    with Collection() as collection:
        card = collection.rows(Filter(ids=("arrays-1",)))[0].card
        without = collection.rate(card, 3, 1000).memory
        collection.undo()
    said("plan", "set", "--date", "2026-03-30", "--minutes", "20", ok=True)
    with Collection() as collection:
        planned = collection.rate(card, 3, 1000).memory
    assert planned._replace(last_at=0, due_at=0) == without._replace(last_at=0, due_at=0)


def test_after_the_date_ordinary_scheduling_goes_on(decks: None, said: Callable, clock: Callable) -> None:
    said("plan", "set", "--date", "2026-03-03", "--minutes", "5", "--round", "coding", ok=True)
    assert len(drawn()) == 8  # five minutes, at 40 s for each new card
    clock(MORNING.format(3, 0))
    assert drawn() == []  # nothing new on the day itself
    clock(MORNING.format(4, 0))
    assert len(drawn()) == 20
    assert "'interview' was on 2026-03-03: 'flashprep plan set" in said("plan").err


def test_a_card_counts_for_the_first_date_that_asks_for_it(decks: None, said: Callable, clock: Callable) -> None:
    said("plan", "set", "--name", "screen", "--date", "2026-03-04", "--minutes", "5", "--round", "coding", ok=True)
    said("plan", "set", "--name", "onsite", "--date", "2026-03-20", ok=True)
    assert {key.split("-")[0] for key in drawn()} == {"arrays"}  # there is time for the others later
    with Collection() as collection:
        found = planner.aim(
            collection.db, collection.agenda.interviews(), collection.config.settings, collection.now().day
        )
    assert {(card.round, date.name) for card, date in zip(found.cards, found.dates, strict=True)} == {
        ("coding", "screen"),
        ("depth", "onsite"),
    }
    clock(MORNING.format(5, 0))
    with Collection() as collection:
        found = planner.aim(
            collection.db, collection.agenda.interviews(), collection.config.settings, collection.now().day
        )
    assert {date.name for date in found.dates} == {"onsite"}


# -- time


def hold(driver: Driver, clock: Callable, seconds: int, rating: int = 4) -> int:
    """Rate cards, each after some seconds, until the session wants something else; return how many."""
    count = 0
    second = driver.now // 1000
    while driver.session.phase is Phase.PROMPT:
        second += seconds
        clock(f"2026-03-02T07:{second % 3600 // 60:02}:{second % 60:02}+00:00")
        driver.send(s.Reveal(driver.now))
        driver.rate(rating)
        count += 1
    return count


def test_a_session_ends_when_the_minutes_are_spent_and_goes_on_if_asked(
    decks: None, said: Callable, clock: Callable
) -> None:
    said("plan", "set", "--date", "2026-03-30", "--minutes", "5", ok=True)
    with Collection() as collection:
        driver = Driver(collection, Filter())
        assert hold(driver, clock, 40) == 8  # of 300 s; the last begins with 20 s left
        assert driver.session.phase is Phase.SPENT
        driver.send(s.Ask("more"))
        assert driver.session.phase is Phase.PROMPT
        assert hold(driver, clock, 40) == 8  # from now on, another 300 s
        driver.send(s.Ask("undo"))
        assert driver.session.phase is Phase.PROMPT  # what was taken back is asked again
        driver.send(s.Ask("quit"))
    assert said("today", "--json", ok=True).json["plan"]["left"] == 0
    with Collection() as collection:
        assert Driver(collection, Filter()).session.phase is Phase.SPENT
        assert Driver(collection, Filter(), more=True).session.phase is Phase.PROMPT


def test_whoever_is_faster_gets_further_cards(decks: None, said: Callable, clock: Callable) -> None:
    said("plan", "set", "--date", "2026-03-30", "--minutes", "5", ok=True)
    with Collection() as collection:
        driver = Driver(collection, Filter())
        assert driver.session.total == 8
        assert hold(driver, clock, 20) == 15  # 300 s, of which less than a card is left


def test_over_a_pipe_the_end_of_the_minutes_is_said(decks: None, said: Callable, run: Callable) -> None:
    said("plan", "set", "--date", "2026-03-30", "--minutes", "5", "--days", "tue", ok=True)
    done = run("review", input="\nm\n4\nq\n", ok=True).out
    assert done.count("(today is a day off: m for another 5 minutes, q leaves)") == 2
    assert "rated Easy" in done
    assert "Interview in 28 days" in done
    assert "day off" in said("today", ok=True).out
    assert "rated Easy" in run("review", "--more", input="4\n", ok=True).out


def test_the_plan_of_a_day_stays_and_a_card_that_came_since_is_part_of_it(
    decks: None, deck: Callable[..., Path], said: Callable, clock: Callable
) -> None:
    said("plan", "set", "--date", "2026-03-30", "--minutes", "5", "--topic", "arrays", ok=True)
    with Collection() as collection:
        made = collection.agenda.day_plan(collection.agenda.interviews())
        collection.rate(collection.rows(Filter(ids=("arrays-0",)))[0].card, 1, 20_000)
    deck(notes("coding", 1, "Heaps"), "heaps.md")
    with Collection() as collection:
        assert collection.agenda.day_plan(collection.agenda.interviews()) == made
    assert drawn()[:2] == ["arrays-0", "heaps-0"]  # what is being learned, then the user's latest
    clock(MORNING.format(5, 0))  # two days were missed
    with Collection() as collection:
        again = collection.agenda.day_plan(collection.agenda.interviews())
    assert again.day == made.day + 3 and len(again.prices) == len(made.prices) - 3
    assert again.prices == pytest.approx(made.prices[3:], abs=1e-4)  # the old ones are where it began


def test_a_moved_date_is_planned_for_anew(decks: None, said: Callable) -> None:
    said("plan", "set", "--date", "2026-03-12", "--minutes", "5", ok=True)
    for day, days in (("2026-03-20", 18), ("2026-03-05", 3)):
        said("plan", "set", "--date", day, ok=True)
        with Collection() as collection:
            prices = collection.agenda.day_plan(collection.agenda.interviews()).prices
        assert len(prices) == days
        said("plan", "clear", ok=True)
        said("plan", "set", "--date", day, "--minutes", "5", ok=True)
        with Collection() as collection:
            assert (
                collection.agenda.day_plan(collection.agenda.interviews()).prices == prices
            )  # nothing of the old date is left


def test_without_a_date_the_first_card_waits_for_nothing_of_the_plan(decks: None, said: Callable) -> None:
    script = (
        "import sys; from flashprep.terminal.start import review_session; review_session(); "
        "print([name for name in ('numpy', 'flashprep.planner', 'flashprep.planning') if name in sys.modules])"
    )

    def imported() -> str:
        return subprocess.run([sys.executable, "-c", script], input="", capture_output=True, text=True).stdout

    drawn()  # which reads the decks
    assert imported().endswith("[]\n")
    said("plan", "set", "--date", "2026-03-30", "--minutes", "5", ok=True)
    assert imported().endswith("['flashprep.planner']\n")  # the plan of the day is made already


# -- cards that were asked for


def test_cards_that_were_asked_for_come_first_until_they_are_rated(decks: None, said: Callable) -> None:
    with Collection() as collection:
        cards = [collection.rows(Filter(ids=(key,)))[0].card for key in ("queues-5", "queues-6")]
        collection.rate(cards[1], 4, 1000)
        collection.undo()
        plan.pull(collection.db, cards, collection.now().ms)
    assert drawn()[:2] == ["queues-5", "queues-6"]
    rate_all(["queues-5"], 4)
    assert drawn()[0] == "queues-6" and "queues-5" not in drawn()
    said("plan", "set", "--date", "2026-03-30", "--minutes", "5", "--round", "coding", ok=True)
    assert drawn()[0] == "queues-6"


# -- the tasks


def tasks(said: Callable) -> dict[str, tuple[int, bool]]:
    found = said("plan", "--json", ok=True).json["phases"]
    return {task["id"]: (task["number"], task["done"]) for phase in found for task in phase["tasks"]}


def test_a_tick_holds_for_the_day_the_week_or_the_phase(decks: None, said: Callable, clock: Callable) -> None:
    said("plan", "set", "--date", "2026-03-30", "--minutes", "20", ok=True)
    listed = tasks(said)
    numbers = [str(listed[f"four-weeks/{id}"][0]) for id in ("review", "blogs", "distributed")]
    assert said("plan", "tick", *numbers, ok=True).out.count("done: ") == 3
    state = lambda: [tasks(said)[f"four-weeks/{id}"][1] for id in ("review", "blogs", "distributed")]  # noqa: E731
    assert state() == [True, True, True]
    clock(MORNING.format(3, 0))
    assert state() == [False, True, True]
    clock(MORNING.format(9, 0))
    assert state() == [False, False, True]
    said("plan", "tick", str(tasks(said)["four-weeks/distributed"][0]), "--undo", ok=True)
    assert state() == [False, False, False]
    assert "there is no task 99" in said("plan", "tick", "99", ok=False).err


def test_the_next_interview_begins_with_nothing_ticked_off(decks: None, said: Callable, clock: Callable) -> None:
    said("plan", "set", "--date", "2026-03-30", "--minutes", "20", ok=True)
    number = str(tasks(said)["four-weeks/distributed"][0])
    said("plan", "tick", number, ok=True)
    said("plan", "set", "--date", "2026-03-31", ok=True)
    assert tasks(said)["four-weeks/distributed"][1]  # the date was moved
    said("plan", "clear", ok=True)
    said("plan", "set", "--date", "2026-03-30", "--minutes", "20", ok=True)
    assert not tasks(said)["four-weeks/distributed"][1]
    said("plan", "tick", number, ok=True)
    clock(MORNING.format(31, 0))
    said("plan", "set", "--date", "2026-05-30", "--minutes", "20", ok=True)
    assert not tasks(said)["four-weeks/distributed"][1]


def test_another_company_leaves_out_other_cards_and_keeps_what_the_user_left_out(decks: None, said: Callable) -> None:
    said("plan", "set", "--date", "2026-03-30", "--minutes", "20", "--drop", "locks", ok=True)
    dropped = lambda: said("plan", "--json", ok=True).json["dates"][0]["dropped"]  # noqa: E731
    said("plan", "set", "--company", "meta", ok=True)
    assert dropped() == ["locks", "google", "amazon", "apple"]
    said("plan", "set", "--company", "generic", ok=True)
    assert dropped() == ["locks"]


def test_the_cards_of_today_tick_themselves_off(decks: None, said: Callable, clock: Callable) -> None:
    said("plan", "set", "--date", "2026-03-30", "--minutes", "1", ok=True)
    assert not tasks(said)["four-weeks/review"][1]
    with Collection() as collection:
        hold(Driver(collection, Filter()), clock, 30)
    assert tasks(said)["four-weeks/review"][1]


@pytest.mark.parametrize(
    ("left", "shown"),
    [
        (40, ["four-weeks"]),
        (15, ["four-weeks"]),
        (14, ["two-weeks"]),
        (7, ["one-week", "seven-days"]),
        (2, ["one-week", "seven-days"]),
        (1, ["day-before"]),
        (0, ["day-itself"]),
    ],
)
def test_every_day_has_its_phase(left: int, shown: list[str]) -> None:
    assert [phase.name for phase in phases.load() if phase.holds(left)] == shown


def test_what_was_left_undone_on_an_earlier_day_of_the_week_is_named(decks: None, said: Callable) -> None:
    said("plan", "set", "--date", "2026-03-06", "--minutes", "20", ok=True)  # four days left: the first are gone
    out = said("plan", ok=True).out
    assert "Seven-day plan" in out and out.count("from an earlier day") == 2


def test_the_week_of_a_task_is_counted_back_from_the_date() -> None:
    task = Task("p", "t", "", every="week", most_left=21)
    assert [task.since(left) for left in (21, 15, 14, 8, 7, 1)] == [21, 21, 14, 14, 7, 7]


def test_a_phase_of_the_users_own_takes_the_place_of_the_built_in_one(home: Path, decks: None, said: Callable) -> None:
    said("plan", "set", "--date", "2026-03-30", "--minutes", "20", ok=True)
    (home / "phases").mkdir()
    mine = home / "phases" / "four-weeks.toml"
    mine.write_text('title = "My weeks"\ndays_left = [15, 99]\n\n[[tasks]]\nid = "run"\ntext = "Go for a run"\n')
    assert list(tasks(said)) == ["four-weeks/run"]
    for line, message in (
        ('every = "hour"', ":7: every = hour is not right; it takes one of day, week, phase"),
        ("days_left = [1, 99]", ":7: days_left = [1, 99] is not right"),
        ("texst = 1", ":7: unknown key 'texst'; did you mean 'text'?"),
        ('[[tasks]]\nid = "x"', ":7: 'text' is missing"),
        ("[[tasks]", "is not TOML"),
    ):
        before = mine.read_text()
        mine.write_text(f"{before}{line}\n")
        done = said("plan", ok=False)
        assert done.code == 2 and f"{mine}" in done.err and message in done.err, done.err
        mine.write_text(before)


def test_a_data_file_is_copied_to_be_changed(home: Path, decks: None, said: Callable) -> None:
    assert "phases/one-week          built in" in said("plan", "copy", ok=True).out
    path = home / "phases" / "one-week.toml"
    assert f"copied to {path}" in said("plan", "copy", "phases/one-week", ok=True).out
    assert {"name": "phases/one-week", "path": str(path), "own": True} in said("plan", "copy", "--json", ok=True).json
    assert "is there already" in said("plan", "copy", "phases/one-week", ok=False).err
    assert "did you mean 'companies/meta'?" in said("plan", "copy", "company/meta", ok=False).err
    assert "1 of them yours" in said("doctor", ok=True).out
    path.write_text("title = 1\n")
    assert f"{path}:1: 'days_left' is missing" in said("doctor").out


def test_a_company_of_the_users_own_is_known_by_the_name_of_its_file(home: Path, decks: None, said: Callable) -> None:
    (home / "companies").mkdir()
    path = home / "companies" / "initech.toml"
    path.write_text('title = "Initech"\n\nloop = ["depth"]\n\n[levels]\nII = "Reports."\n')
    said("plan", "set", "--date", "2026-03-30", "--minutes", "20", "--company", "initech", "--level", "ii", ok=True)
    assert "Interview at Initech, II" in said("plan", ok=True).out
    path.write_text(path.read_text().replace('"depth"', '"deep"'))
    assert f"{path}:3: loop: 'deep' is not one of coding" in said("plan", "set", "--company", "initech", ok=False).err


def test_every_file_that_came_with_flashprep_is_right_and_names_notes_that_there_are(home: Path) -> None:
    (home / "config.toml").write_text("")
    with Collection() as collection:
        known = {row.note for row in collection.rows(Filter())}
    for phase in phases.load():
        assert phase.theme and phase.tasks
        assert {task.card for task in phase.tasks if task.card} <= known
    assert {"generic", "meta"} <= set(companies.names())
    for name in companies.names():
        assert companies.load(name).loop


# -- the forecast


def test_the_forecast_says_what_is_known_now_and_if_the_plan_is_kept(
    decks: None, said: Callable, clock: Callable
) -> None:
    said("plan", "set", "--date", "2026-03-30", "--minutes", "10", ok=True)
    (date,) = said("plan", "--json", ok=True).json["dates"]
    assert date["recall"]["all"]["now"] == 0 and date["recall"]["all"]["kept"] > 0.95 and date["short"] is None
    rate_all(drawn(Filter(rounds=("depth",))))
    clock(MORNING.format(3, 0))
    (date,) = said("plan", "--json", ok=True).json["dates"]
    recall = date["recall"]
    assert 0 < recall["all"]["now"] < recall["all"]["kept"] and recall["rounds"]["coding"]["now"] == 0
    assert sum(one["cards"] for one in recall["topics"].values()) == recall["all"]["cards"] == 20
    for one in (recall["all"], *recall["rounds"].values(), *recall["topics"].values()):
        for name in ("now", "kept"):
            low, high = one[f"{name}_span"]
            assert 0 <= low <= one[name] <= high <= 1
    assert "too few reviews to tell" in said("plan", ok=True).out


def test_a_fortnight_by_the_plan_ends_where_it_was_foretold(
    deck: Callable[..., Path], said: Callable, clock: Callable
) -> None:
    """Everything is real but the user, whose memory is FSRS."""
    deck(notes("coding", 60, "Arrays"), "arrays.md")
    rng, at = Random(4), datetime.fromisoformat("2026-03-02T08:00:00+01:00")
    said("plan", "set", "--date", "2026-03-16", "--minutes", "6", ok=True)
    recall = said("plan", "--json", ok=True).json["dates"][0]["recall"]["all"]
    for _ in range(14):
        clock(at.isoformat())
        with Collection() as collection:
            driver, second, today = Driver(collection, Filter()), 0, collection.now().day
            while driver.session.phase is Phase.PROMPT:
                assert driver.row is not None
                memory = driver.row.memory
                rating, seconds = 3, 10
                if memory.state == 0:
                    rating, seconds = rng.choices((1, 2, 3, 4), (0.24, 0.094, 0.495, 0.171))[0], 25
                elif memory.state == 2 and memory.last_day < today:
                    known = rng.random() < recall_probability(memory.stability, today - memory.last_day, 0.1542)
                    rating, seconds = (3, 20) if known else (1, 30)
                second += seconds
                clock((at + timedelta(seconds=second)).isoformat())
                driver.send(s.Reveal(driver.now))
                driver.rate(rating)
            assert second <= 6 * 60 + 120  # the last card and what is being learned may take a little longer
        at += timedelta(days=1)
    clock(at.isoformat())
    with Collection() as collection:
        memories = [row.memory for row in collection.rows(Filter())]
        day = collection.now().day
    known = [recall_probability(m.stability, day - m.last_day, 0.1542) if m.state else 0.0 for m in memories]
    low, high = recall["kept_span"]
    assert low - 0.02 <= sum(known) / len(known) <= high + 0.02, (recall, sum(known) / len(known))


def test_what_the_time_is_too_short_for_is_said_plainly(deck: Callable[..., Path], said: Callable) -> None:
    deck(notes("coding", 40, "Arrays"), "arrays.md")
    out = said("plan", "set", "--date", "2026-03-09", "--minutes", "3", ok=True).out
    (date,) = said("plan", "--json", ok=True).json["dates"]
    short = date["short"]
    assert 8 <= short["unseen"] == date["recall"]["all"]["unseen"] <= 16  # 7 days of 180 s, at 40 s each
    assert f"At 3 minutes a day {short['unseen']} cards will not be seen" in out
    assert short["minutes"] > 3 and f"--minutes {short['minutes']}" in out
    said("plan", "set", "--minutes", str(short["minutes"]), ok=True)
    assert said("plan", "--json", ok=True).json["dates"][0]["short"] is None
    said("plan", "set", "--minutes", "1", "--date", "2026-03-03", ok=True)
    assert "Even 4 minutes a day would not be enough" in said("plan", ok=True).out


def test_weekdays_are_those_of_the_calendar() -> None:
    monday = 20514  # 2026-03-02
    date = Interview("x", monday + 9, 20, ("mon", "sun"))
    assert [date.studies_on(monday + n) for n in range(7)] == [True, False, False, False, False, False, True]


READERS = {"phases": phases._phase, "rounds": rounds._round, "companies": companies._company}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_data_file_with_any_mistake_in_it_is_read_or_refused_in_one_line(tmp_path: Path, data: st.DataObject) -> None:
    name, path, _ = data.draw(st.sampled_from(files.listed()))
    text = path.read_text()
    start = data.draw(st.integers(0, len(text)))
    cut = data.draw(st.integers(0, 40))
    put = data.draw(
        st.one_of(st.text(max_size=12), st.sampled_from(["1", "[[tasks]]", '"', "= 1\n", "[x]\n", "[]", "-1"]))
    )
    changed = tmp_path / path.name
    changed.write_bytes((text[:start] + put + text[start + cut :]).encode("utf-8", "surrogatepass"))
    try:
        READERS[name.split("/")[0]]("changed", changed)
    except FlashprepError as error:
        assert str(error).startswith(f"{changed}:") and len(str(error)) < 3000


@pytest.mark.parametrize(
    ("key", "line", "message"),
    [
        ("a", "a = 'x'", "a = x is not right; it takes a whole number from 1 to 9"),
        ("a", "a = true", "a = True is not right"),
        ("a", "b = 1", "'a' is missing"),
    ],
)
def test_a_value_of_the_wrong_kind_is_named(tmp_path: Path, key: str, line: str, message: str) -> None:
    path = tmp_path / "x.toml"
    path.write_text(f"{line}\n")
    with pytest.raises(BadFile) as error:
        tomlfile.read(path).whole(key, 1, 9)
    assert str(error.value).startswith(f"{path}:1: {message}")
    path.write_bytes(b"x" * 300_000)
    with pytest.raises(BadFile, match="larger than"):
        tomlfile.read(path)
    with pytest.raises(BadFile, match="cannot be read"):
        tomlfile.read(tmp_path / "none.toml")


def test_on_the_screen_m_goes_on_when_the_minutes_are_spent(decks: None, said: Callable) -> None:
    said("plan", "set", "--date", "2026-03-30", "--minutes", "5", "--days", "tue", ok=True)
    child = on_a_terminal("review")
    child.expect("Today is a day off")
    child.expect("m: another 5 minutes")
    child.send("m")
    child.expect("What is Locks 0")
    child.send("q")
    child.expect("Interview in 28 days: 5:00 of another 5 minutes left today")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
