"""The numbers of ``stats``: reviews a day, retention true against predicted, the streak, the forecast, the states."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flashprep.collection import Collection
from flashprep.memory.days import iso
from flashprep.statistics import Retention, Statistics, collect, recall_probability
from flashprep.store.queries import Filter

FIRST = date(2026, 3, 1)
DECK = "".join(f"## Concept: Card number {n}? {{#c{n}}}\n\nAnswer {n}.\n\n" for n in range(6))
DECAY = 0.1542
STABILITY = {1: 0.212, 2: 1.2931, 3: 2.3065, 4: 8.2956}  # of FSRS-6 after the first rating


def predicted(stability: float, days: int) -> float:
    """Return the recall probability of FSRS-6, written out anew."""
    factor = 0.9 ** (-1 / DECAY) - 1
    return (1 + factor * days / stability) ** -DECAY


class Diary:
    """A collection with a hand-made log: ratings on days after the first of March."""

    def __init__(self, collection: Collection, clock: Callable[[str], None]):
        self.collection = collection
        self.clock = clock
        self.cards = {row.key: row.card for row in collection.rows(Filter())}

    def on(self, day: int, time: str = "10:00") -> Diary:
        self.clock(f"{FIRST + timedelta(days=day)}T{time}:00+01:00")
        return self

    def rate(self, card: str, rating: int, ms: int = 4000) -> float:
        return self.collection.rate(self.cards[card], rating, ms).memory.stability

    def mark(self, card: str, kind: str) -> None:
        self.collection.mark([self.cards[card]], kind)

    def stats(self, days: int = 30) -> Statistics:
        return collect(self.collection, days)


@pytest.fixture
def diary(home: Path, deck: Callable[..., Path], clock: Callable[[str], None]) -> Iterator[Diary]:
    (home / "config.toml").write_text("built_in_decks = false\nlearning_steps = []\nrelearning_steps = []\n")
    deck(DECK)
    clock("2026-03-01T10:00:00+01:00")
    with Collection() as collection:
        yield Diary(collection, clock)


def by_day(found: dict[int, Any]) -> dict[int, Any]:
    """Give a table by study day the days of the diary."""
    first = (FIRST - date(1970, 1, 1)).days
    return {day - first: value for day, value in found.items()}


# -- recall probability


@settings(max_examples=100, deadline=None)
@given(st.floats(0.001, 36500), st.integers(0, 36500))
def test_recall_falls_from_certain_to_nine_tenths_at_the_stability(stability: float, days: int) -> None:
    assert recall_probability(stability, 0, DECAY) == 1
    assert 0 < recall_probability(stability, days + 1, DECAY) < recall_probability(stability, days, DECAY) <= 1
    assert recall_probability(days or 1, days or 1, DECAY) == pytest.approx(0.9)
    assert recall_probability(stability, -3, DECAY) == 1


def test_recall_is_what_py_fsrs_says() -> None:
    from datetime import UTC, datetime

    import fsrs

    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    card = fsrs.Card(card_id=1, state=fsrs.State.Review, stability=7.5, difficulty=5.0, last_review=at)
    for days in (0, 1, 7, 28, 400):
        wanted = fsrs.Scheduler().get_card_retrievability(card, at + timedelta(days=days))
        assert recall_probability(7.5, days, DECAY) == pytest.approx(wanted, rel=1e-12)


# -- retention


def test_retention_true_against_predicted(diary: Diary) -> None:
    diary.on(0)
    for card, rating in (("c0", 4), ("c1", 3), ("c2", 3), ("c3", 2)):
        diary.rate(card, rating)
    diary.on(3)
    grown = diary.rate("c1", 3)
    diary.rate("c2", 1)
    diary.on(8)
    diary.rate("c0", 2)
    diary.rate("c1", 4)
    found = diary.stats().retention
    wanted = [
        predicted(STABILITY[3], 3),
        predicted(STABILITY[3], 3),
        predicted(STABILITY[4], 8),
        predicted(grown, 5),
    ]
    assert (found.reviews, found.recalled) == (4, 3)
    assert found.true == 0.75
    assert found.predicted == pytest.approx(sum(wanted) / 4, abs=1e-9)


def test_only_the_first_review_of_a_day_is_a_test_of_memory(diary: Diary) -> None:
    diary.on(0).rate("c0", 3)
    diary.on(3).rate("c0", 1)
    for time in ("10:05", "10:10"):
        diary.on(3, time).rate("c0", 3)
    assert diary.stats().retention[:2] == (1, 0)


def test_the_first_look_at_a_card_and_its_learning_are_no_test_of_memory(home: Path, diary: Diary) -> None:
    diary.on(0).rate("c0", 1)
    assert diary.stats().retention == Retention(0, 0, 0.0)
    assert (diary.stats().retention.true, diary.stats().retention.predicted) == (0.0, 0.0)
    (home / "config.toml").write_text("built_in_decks = false\n")  # the usual steps
    with Collection() as collection:
        usual = Diary(collection, diary.clock)
        usual.on(1).rate("c1", 3)
        usual.on(2).rate("c1", 3)  # the second step, a day late
        assert usual.stats().retention.reviews == 0
        usual.on(6).rate("c1", 3)
        assert usual.stats().retention.reviews == 1


def test_retention_counts_the_days_of_the_window_and_what_was_learned_before_it(diary: Diary) -> None:
    diary.on(0).rate("c0", 3)
    grown = diary.on(3).rate("c0", 3)
    diary.on(12).rate("c0", 1)
    diary.on(13)
    assert diary.stats(days=2).retention.reviews == 1
    assert diary.stats(days=2).retention.expected == pytest.approx(predicted(grown, 9), abs=1e-9)
    assert diary.stats(days=11).retention.reviews == 2
    assert diary.stats(days=1).retention.reviews == 0


def test_retention_leaves_out_what_was_taken_back_and_starts_anew_after_a_reset(diary: Diary) -> None:
    diary.on(0).rate("c0", 3)
    diary.on(0).rate("c1", 3)
    diary.on(3).rate("c0", 1)
    diary.collection.undo()
    assert diary.stats().retention.reviews == 0
    diary.mark("c0", "reset")
    diary.on(4).rate("c0", 1)
    diary.on(4).rate("c1", 3)
    assert diary.stats().retention[:2] == (1, 1)


def test_retention_counts_cards_that_no_deck_has_any_more(diary: Diary, deck: Callable[..., Path]) -> None:
    diary.on(0).rate("c0", 3)
    diary.on(3).rate("c0", 3)
    deck(DECK.replace("#c0", "#another"))
    diary.collection.sync()
    assert diary.stats().retention[:2] == (1, 1)


# -- reviews a day, streak


def test_reviews_and_minutes_a_day(diary: Diary) -> None:
    diary.on(0, "23:00").rate("c0", 3, 10_000)
    diary.on(1, "03:30").rate("c1", 3, 5_000)  # still the same study day
    diary.on(1, "09:00").rate("c2", 1, 7_000)
    diary.on(2).rate("c3", 3, 1_000)
    diary.collection.undo()
    diary.mark("c4", "suspend")
    found = diary.stats()
    assert by_day(found.reviews) == {0: (2, 15_000), 1: (1, 7_000)}
    assert found.total == 3
    assert by_day(diary.stats(days=2).reviews) == {1: (1, 7_000)}
    assert diary.stats(days=1).total == 3, "the total looks back over everything"


@pytest.mark.parametrize(
    ("days", "today", "streak"),
    [
        ([], 5, 0),
        ([5], 5, 1),
        ([4], 5, 1),  # today is not over yet
        ([3], 5, 0),
        ([3, 4, 5], 5, 3),
        ([2, 3, 4], 5, 3),
        ([0, 1, 3, 4, 5], 5, 3),
        ([0, 1, 2, 5], 5, 1),
    ],
)
def test_a_streak_is_days_in_a_row_up_to_today_or_yesterday(
    diary: Diary, days: list[int], today: int, streak: int
) -> None:
    for number, day in enumerate(days):
        diary.on(day).rate(f"c{number}", 3)
    diary.on(today)
    assert diary.stats(days=1).streak == streak


def test_a_streak_goes_on_after_midnight_until_the_rollover(diary: Diary) -> None:
    diary.on(0).rate("c0", 3)
    diary.on(2, "03:59")
    assert diary.stats().streak == 1
    diary.on(2, "04:00")
    assert diary.stats().streak == 0


# -- forecast and states


def test_the_forecast_puts_what_is_overdue_on_today(diary: Diary) -> None:
    diary.on(0)
    for card in ("c0", "c1", "c2", "c3", "c4"):
        diary.rate(card, 3)
    diary.mark("c3", "suspend")
    due = {name: diary.collection.memory(card).due_day for name, card in diary.cards.items()}
    assert {due[name] - collect(diary.collection).today for name in ("c0", "c1", "c2", "c4")} == {2}
    assert by_day(diary.stats().forecast) == {2: 4}
    diary.on(2).rate("c0", 4)
    diary.on(5)
    forecast = by_day(diary.stats().forecast)
    assert forecast[5] == 3
    assert sum(forecast.values()) == 4
    assert by_day(diary.stats(days=1).forecast) == {5: 3}
    assert diary.collection.today(Filter()).left.review == 3


def test_cards_are_counted_by_state(home: Path, diary: Diary, clock: Callable[[str], None]) -> None:
    (home / "config.toml").write_text("built_in_decks = false\nleech_threshold = 1\nrelearning_steps = ['10m']\n")
    with Collection() as collection:
        usual = Diary(collection, clock)
        usual.on(0)
        for card, rating in (("c0", 4), ("c1", 3), ("c2", 4), ("c3", 4)):
            usual.rate(card, rating)
        usual.mark("c4", "suspend")
        usual.on(9).rate("c0", 1)
        usual.on(9).rate("c2", 1)
        usual.mark("c2", "unsuspend")
        found = usual.stats()
        assert found.states == {"leech": 1, "learning": 1, "relearning": 1, "review": 1, "suspended": 1, "new": 1}
        assert sum(found.states.values()) == 6
        assert found.leeches == ["c0"]


# -- the command


def test_stats_as_json(diary: Diary, run: Callable[..., Any]) -> None:
    diary.on(0).rate("c0", 3, 9000)
    diary.on(2).rate("c0", 3, 3000)
    found = run("stats", "--json", ok=True).json
    assert found["day"] == "2026-03-03"
    assert found["reviews"] == {"2026-03-01": {"reviews": 1, "ms": 9000}, "2026-03-03": {"reviews": 1, "ms": 3000}}
    assert found["retention"]["reviews"] == 1 and found["retention"]["true"] == 1
    assert found["retention"]["predicted"] == pytest.approx(predicted(STABILITY[3], 2))
    assert (found["streak"], found["total"], found["leeches"]) == (1, 2, [])
    assert found["states"] == {"new": 5, "review": 1}
    due = iso(diary.collection.memory(diary.cards["c0"]).due_day)
    assert found["forecast"] == {due: 1}


def test_stats_of_nothing(diary: Diary, run: Callable[..., Any]) -> None:
    found = run("stats", "--json", ok=True).json
    assert found["retention"] == {"reviews": 0, "true": None, "predicted": None}
    assert (found["streak"], found["total"], found["reviews"], found["forecast"]) == (0, 0, {}, {})
    assert run("stats", ok=True).out
