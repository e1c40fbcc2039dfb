"""Study days: the rollover hour, the two nights of the year when the clock jumps, other time zones, and the clock itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flashprep import clock as clocks
from flashprep.collection import Collection
from flashprep.memory.days import clock_label, day_date, iso, span_label, study_day
from flashprep.store.queries import Filter

DECK = "".join(f"## Concept: Card number {n}? {{#c{n}}}\n\nAnswer {n}.\n\n" for n in range(4))
wall_clock = st.datetimes(datetime(1971, 1, 1), datetime(2900, 1, 1))
hours = st.integers(0, 23)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


# -- the study day


@settings(max_examples=200, deadline=None)
@given(wall_clock, hours)
def test_a_study_day_begins_at_the_rollover_hour_and_not_at_midnight(local: datetime, rollover: int) -> None:
    start = local.replace(hour=rollover, minute=0, second=0, microsecond=0)
    day = study_day(start, rollover)
    assert day_date(day) == start.date()
    assert study_day(start - timedelta(microseconds=1), rollover) == day - 1
    assert study_day(start + timedelta(days=1, microseconds=-1), rollover) == day
    assert study_day(start + timedelta(days=1), rollover) == day + 1


@settings(max_examples=100, deadline=None)
@given(wall_clock, wall_clock, hours)
def test_later_on_the_wall_clock_is_never_an_earlier_study_day(one: datetime, two: datetime, rollover: int) -> None:
    early, late = sorted((one, two))
    assert study_day(early, rollover) <= study_day(late, rollover)


@settings(max_examples=100, deadline=None)
@given(wall_clock, hours, st.integers(-14 * 60, 14 * 60))
def test_only_the_wall_clock_decides_the_study_day(local: datetime, rollover: int, offset: int) -> None:
    aware = local.replace(tzinfo=timezone(timedelta(minutes=offset)))
    assert study_day(aware, rollover) == study_day(local, rollover)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 300_000))
def test_days_and_dates_go_into_each_other(day: int) -> None:
    assert day_date(day) == date(1970, 1, 1) + timedelta(days=day)
    assert iso(day) == day_date(day).isoformat()


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2026-03-29T01:59:59+01:00", "2026-03-28"),
        ("2026-03-29T03:00:00+02:00", "2026-03-28"),  # one second later: the hour from 2 to 3 is left out
        ("2026-03-29T03:59:59+02:00", "2026-03-28"),
        ("2026-03-29T04:00:00+02:00", "2026-03-29"),
        ("2026-10-25T02:30:00+02:00", "2026-10-24"),
        ("2026-10-25T02:30:00+01:00", "2026-10-24"),  # an hour later: the hour from 2 to 3 comes twice
        ("2026-10-25T03:59:59+01:00", "2026-10-24"),
        ("2026-10-25T04:00:00+01:00", "2026-10-25"),
    ],
)
def test_the_day_rolls_over_at_four_in_the_nights_when_the_clock_jumps(instant: str, day: str) -> None:
    assert iso(study_day(at(instant), 4)) == day


@pytest.mark.parametrize("rollover", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("night", ["2026-03-29", "2026-10-25"])
def test_no_day_is_left_out_or_counted_twice_when_the_clock_jumps(rollover: int, night: str) -> None:
    before, after = (1, 2) if night.startswith("2026-03") else (2, 1)
    jump = at(f"{night}T01:00:00+00:00")
    found = []
    for minute in range(-24 * 60, 24 * 60, 10):
        instant = jump + timedelta(minutes=minute)
        zone = timezone(timedelta(hours=before if minute < 0 else after))
        found.append(study_day(instant.astimezone(zone), rollover))
    assert all(later - earlier in (0, 1) for earlier, later in pairwise(found))
    assert [iso(day) for day in sorted(set(found))] == [iso(found[0] + n) for n in range(found[-1] - found[0] + 1)]
    assert night in {iso(day) for day in found}


# -- words for time


@pytest.mark.parametrize(
    ("seconds", "word"),
    [
        (0, "1s"),
        (45, "45s"),
        (60, "1m"),
        (330, "6m"),
        (599, "10m"),
        (3600, "1h"),
        (86_400, "1d"),
        (4 * 86_400, "4d"),
        (30 * 86_400, "30d"),
        (64 * 86_400, "2.1mo"),
        (475 * 86_400, "1.3y"),
        (36_500 * 86_400, "99.9y"),
    ],
)
def test_a_wait_is_one_short_word(seconds: float, word: str) -> None:
    assert span_label(seconds) == word


@settings(max_examples=200, deadline=None)
@given(st.floats(0, 36_500 * 86_400))
@example(59.6)
@example(3599.0)
@example(86_399.0)
@example(30.9 * 86_400)
@example(364.9 * 86_400)
def test_a_wait_never_shows_a_full_unit_as_many_of_the_smaller(seconds: float) -> None:
    word = span_label(seconds)
    number, unit = float(word.rstrip("smhdoy")), word.lstrip("0123456789.")
    assert 1 <= number < {"s": 60, "m": 60, "h": 24, "d": 31, "mo": 12, "y": 1000}[unit]


@pytest.mark.parametrize(
    ("seconds", "word"),
    [(-3, "0:00"), (0, "0:00"), (59.9, "0:59"), (61, "1:01"), (3599, "59:59"), (3600, "1:00:00"), (36_061, "10:01:01")],
)
def test_a_duration_is_minutes_and_seconds(seconds: float, word: str) -> None:
    assert clock_label(seconds) == word


# -- the clock


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Set the time zone of the process, by a rule that needs no data base of zones."""

    def set_zone(rule: str) -> None:
        monkeypatch.setenv("TZ", rule)
        time.tzset()

    yield set_zone
    monkeypatch.undo()
    time.tzset()


def test_the_clock_of_the_machine_is_used_when_none_is_fixed(
    monkeypatch: pytest.MonkeyPatch, zone: Callable[[str], None]
) -> None:
    monkeypatch.delenv("FLASHPREP_NOW", raising=False)
    for rule, offset in (("XYZ-9", 9), ("ABC+8", -8)):
        zone(rule)
        before = time.time_ns() // 1_000_000
        moment = clocks.now(4)
        assert before <= moment.ms <= time.time_ns() // 1_000_000
        assert moment.local.utcoffset() == timedelta(hours=offset)
        assert moment.day == study_day(datetime.fromtimestamp(moment.ms / 1000), 4)


def test_an_empty_variable_is_no_fixed_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASHPREP_NOW", "")
    assert abs(clocks.now(4).ms - time.time() * 1000) < 60_000


@pytest.mark.parametrize(
    ("text", "ms", "day"),
    [
        ("2026-03-01T08:00:00+01:00", 1_772_348_400_000, "2026-03-01"),
        ("2026-03-01T07:00:00Z", 1_772_348_400_000, "2026-03-01"),
        ("2026-03-01T03:59:59.999+01:00", 1_772_333_999_999, "2026-02-28"),
        ("2026-03-01T03:00:00-08:00", 1_772_362_800_000, "2026-02-28"),
    ],
)
def test_the_clock_can_be_fixed(clock: Callable[[str], None], text: str, ms: int, day: str) -> None:
    clock(text)
    moment = clocks.now(4)
    assert (moment.ms, iso(moment.day)) == (ms, day)
    assert clocks.local_time(ms) == at(text)
    assert clocks.local_time(ms).utcoffset() == at(text).utcoffset()


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("yesterday", "no ISO 8601 instant"),
        ("2026-02-30T08:00:00+01:00", "no ISO 8601 instant"),
        ("2026-03-01T08:00:00", "no offset"),
        ("2026-03-01", "no offset"),
        ("1970-06-01T00:00:00+00:00", "1971"),
        ("0001-01-01T00:00:00+05:00", "1971"),
        ("9999-12-31T23:00:00+00:00", "2999"),
    ],
)
def test_a_clock_that_makes_no_sense_is_one_clear_line(run: Callable[..., Any], text: str, word: str) -> None:
    done = run("today", env={"FLASHPREP_NOW": text})
    assert (done.code, done.out) == (2, "")
    assert "FLASHPREP_NOW" in done.err and word in done.err
    assert done.err.count("\n") == 1


def test_the_last_day_that_the_clock_takes_can_still_be_reviewed_on(
    home: Path, deck: Callable[..., Path], clock: Callable[[str], None]
) -> None:
    deck(DECK)
    (home / "config.toml").write_text("built_in_decks = false\ndesired_retention = 0.7\n")
    clock("2999-12-31T23:00:00+00:00")
    with Collection() as collection:
        card = collection.rows(Filter(ids=("c0",)))[0].card
        for _ in range(12):
            memory = collection.rate(card, 4, 1000).memory
        assert memory.due_day > collection.now().day


# -- the day in the log


def the_only_day(collection: Collection) -> str:
    found = {iso(day) for (day,) in collection.db.execute("SELECT day FROM log")}
    assert len(found) == 1
    return found.pop()


def test_a_change_of_time_zone_does_not_move_what_was_reviewed(
    deck: Callable[..., Path], clock: Callable[[str], None], run: Callable[..., Any]
) -> None:
    deck(DECK)
    clock("2026-05-10T23:30:00+09:00")  # Tokyo, still the 10th in Los Angeles too, but morning
    with Collection() as collection:
        card = collection.rows(Filter(ids=("c0",)))[0].card
        memory = collection.rate(card, 4, 1000).memory
    clock("2026-05-11T06:00:00-07:00")
    with Collection() as collection:
        assert the_only_day(collection) == "2026-05-10"
        assert collection.memory(card) == memory
        assert collection.notices == []
    clock("2026-05-10T08:00:00-07:00")  # half an hour after the review
    with Collection() as collection:
        assert collection.notices == []
        assert collection.today(Filter()).reviewed == 1
    assert {row["day"] for row in run("log", "--json").json} == {"2026-05-10"}


def test_flying_west_over_the_rollover_counts_no_day_backwards(
    deck: Callable[..., Path], clock: Callable[[str], None]
) -> None:
    deck(DECK)
    clock("2026-05-10T08:00:00+09:00")
    with Collection() as collection:
        card = collection.rows(Filter(ids=("c0",)))[0].card
        first = collection.rate(card, 3, 1000).memory
    clock("2026-05-09T18:00:00-07:00")  # two hours later, and the day before
    with Collection() as collection:
        again = collection.rate(card, 3, 1000).memory
        assert collection.now().day == first.last_day - 1
        assert (again.last_day, again.first_day, again.reps) == (first.last_day, first.first_day, 2)
        assert again.stability >= first.stability
        assert the_only_day(collection) == "2026-05-10"


def test_a_card_learned_before_the_rollover_is_due_one_study_day_later_after_it(
    deck: Callable[..., Path], clock: Callable[[str], None]
) -> None:
    """23:50 and 03:50 are the same study day: the next one is one day later, though only minutes may lie between."""
    deck(DECK)
    clock("2026-06-02T03:50:00+02:00")
    with Collection() as collection:
        card = collection.rows(Filter(ids=("c0",)))[0].card
        collection.rate(card, 3, 1000)
        collection.rate(card, 3, 1000)
        assert the_only_day(collection) == "2026-06-01"
        assert collection.today(Filter()).reviewed == 2
        same_day = collection.memory(card)
    clock("2026-06-02T04:10:00+02:00")
    with Collection() as collection:
        assert collection.today(Filter()).reviewed == 0
        after = collection.rate(card, 3, 1000).memory
        assert after.last_day == same_day.last_day + 1
        assert after.stability > same_day.stability


def test_reviews_at_the_same_hour_are_a_day_apart_also_when_the_clock_jumps_between_them(
    deck: Callable[..., Path], clock: Callable[[str], None]
) -> None:
    deck(DECK)
    with Collection() as collection:
        cards = [row.card for row in collection.rows(Filter())][:3]
        pairs = [
            ("2026-03-28T20:00:00+01:00", "2026-03-29T20:00:00+02:00"),  # 23 hours
            ("2026-10-24T20:00:00+02:00", "2026-10-25T20:00:00+01:00"),  # 25 hours
            ("2026-11-10T20:00:00+01:00", "2026-11-11T20:00:00+01:00"),  # 24 hours
        ]
        found = []
        for card, instants in zip(cards, pairs, strict=True):
            for instant in instants:
                clock(instant)
                memory = collection.rate(card, 3, 1000).memory
            found.append((memory.stability, memory.difficulty, memory.last_day - memory.first_day))
    assert found[0] == found[1] == found[2]
    assert found[0][2] == 1


def test_another_rollover_hour_moves_the_start_of_the_day(
    home: Path, deck: Callable[..., Path], run: Callable[..., Any]
) -> None:
    deck(DECK)
    (home / "config.toml").write_text("built_in_decks = false\nrollover_hour = 0\n")
    assert run("today", "--json", env={"FLASHPREP_NOW": "2026-03-02T00:30:00+01:00"}).json["day"] == "2026-03-02"
    (home / "config.toml").write_text("built_in_decks = false\nrollover_hour = 6\n")
    assert run("today", "--json", env={"FLASHPREP_NOW": "2026-03-02T05:59:00+01:00"}).json["day"] == "2026-03-01"


def test_a_clock_that_was_set_back_is_said_and_loses_nothing(
    deck: Callable[..., Path], run: Callable[..., Any]
) -> None:
    deck(DECK)
    run("review", "--id", "c0", input="4\n", env={"FLASHPREP_NOW": "2026-03-05T08:00:00+01:00"}, ok=True)
    back = {"FLASHPREP_NOW": "2026-03-02T08:00:00+01:00"}
    done = run("review", "--id", "c1", input="4\n", env=back, ok=True)
    assert "check the clock" in done.err
    assert {row["card"] for row in run("log", "--json", env=back).json} == {"c0", "c1"}
    assert all(card["state"] == "review" for card in run("list", "--json", env=back).json if card["id"] in ("c0", "c1"))
