"""The memory of a card: the two folds agree, replay equals live, ratings keep their order, and Anki computes the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import fsrs
import pytest
from fsrs.scheduler import DEFAULT_PARAMETERS, LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flashprep.collection import Collection
from flashprep.memory.bulk import folder
from flashprep.memory.days import study_day
from flashprep.memory.fuzz import fuzzed, seed_of
from flashprep.memory.schedule import Scheduler, leech_at
from flashprep.memory.state import NEW, Entry, Memory, Rating, Settings, State, wait_seconds
from flashprep.store import database, log
from flashprep.store.queries import Filter

DAY = 86_400
FIRST_DAY = 20_000  # 2024-10-04
AT = FIRST_DAY * DAY * 1000 + 12 * 3_600_000
MARKS = ("suspend", "unsuspend", "bury", "leech", "reset")

# -- what Hypothesis draws from

waits = st.one_of(st.integers(1, 3600), st.integers(1, 30 * DAY))
steps = st.lists(waits, max_size=4).map(lambda found: tuple(sorted(found)))
parameters = st.one_of(
    st.just(()),
    st.tuples(
        *(st.floats(low, high) for low, high in zip(LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS, strict=True))
    ),
)
all_settings = st.builds(
    Settings,
    parameters=parameters,
    desired_retention=st.floats(0.7, 0.99),
    learning_steps=steps,
    relearning_steps=steps,
    maximum_interval=st.one_of(st.integers(1, 30), st.integers(1, 36500)),
)
own_settings = all_settings.map(lambda found: found._replace(parameters=()))  # what the config file can say
seeds = st.integers(0, 2**32 - 1)
ratings = st.sampled_from(list(Rating))


@st.composite
def logs(draw: st.DrawFn, marks: bool = True) -> list[Entry]:
    """Draw what a card may have been through: reviews on the same day, next day, years later, and a clock set back."""
    gaps = st.one_of(st.just(0), st.just(1), st.integers(2, 40), st.integers(41, 4000), st.integers(-3, -1))
    kinds = st.sampled_from(("review",) * 8 + (MARKS if marks else ()))
    found = draw(st.lists(st.tuples(kinds, ratings, gaps), max_size=24))
    entries, day = [], FIRST_DAY
    for number, (kind, rating, gap) in enumerate(found):
        day = max(1, day + gap)
        entries.append(Entry(kind, int(rating) if kind == "review" else 0, day, AT + number * 1000))
    return entries


# -- the two folds


@settings(max_examples=300, deadline=None)
@given(all_settings, logs(), seeds)
@example(Settings(learning_steps=(), relearning_steps=()), [Entry("review", 1, 20_000, AT)] * 3, 7)
@example(Settings(learning_steps=(60, 3 * DAY)), [Entry("review", 3, 20_000, AT), Entry("review", 2, 20_003, AT)], 7)
@example(Settings(learning_steps=(9 * DAY,), maximum_interval=4), [Entry("review", 2, 20_000, AT)], 7)
@example(Settings(relearning_steps=(DAY,)), [Entry("review", 4, 20_000, AT), Entry("review", 1, 20_009, AT)], 7)
@example(Settings(learning_steps=(3 * DAY,)), [Entry("review", 3, 20_000, AT)], 7)
@example(Settings(maximum_interval=1), [Entry("review", 4, day, AT) for day in range(20_000, 20_020)], 7)
def test_folding_the_whole_log_at_once_gives_what_py_fsrs_gives_to_the_last_bit(
    chosen: Settings, entries: list[Entry], seed: int
) -> None:
    at_once = folder(chosen, DEFAULT_PARAMETERS)(entries, seed)
    one_by_one = Scheduler(chosen).fold(entries, seed)
    assert [repr(value) for value in at_once] == [repr(value) for value in map(_plain, one_by_one)]


def _plain(value: float) -> float:
    return int(value) if isinstance(value, int) else value


@settings(max_examples=100, deadline=None)
@given(all_settings, logs(), seeds)
def test_the_whole_log_at_once_takes_plain_rows_as_well(chosen: Settings, entries: list[Entry], seed: int) -> None:
    fold = folder(chosen, DEFAULT_PARAMETERS)
    assert fold(map(tuple, entries), seed) == fold(entries, seed)


@settings(max_examples=100, deadline=None)
@given(own_settings, logs(), seeds)
@example(Settings(learning_steps=(9 * DAY,), maximum_interval=4), [Entry("review", 2, FIRST_DAY, AT)], 1)
def test_a_memory_stays_within_its_bounds(chosen: Settings, entries: list[Entry], seed: int) -> None:
    memory = Scheduler(chosen).fold(entries, seed)
    if memory.state == State.NEW:
        assert (memory.stability, memory.difficulty, memory.reps, memory.due_day) == (0, 0, 0, 0)
        return
    assert memory.stability >= 0.001
    assert 1 <= memory.difficulty <= 10
    assert 0 <= memory.lapses < memory.reps
    assert memory.first_day <= memory.last_day
    assert 0 <= memory.due_day - memory.last_day <= chosen.maximum_interval
    assert not (memory.state == State.REVIEW and memory.due_at), "a card in review falls due on a day"


# -- replay and live

CARD = Filter(ids=("c0",))
DECK = "".join(f"## Concept: Card number {n}? {{#c{n}}}\n\nAnswer {n}.\n\n" for n in range(3))
actions = st.lists(
    st.tuples(
        st.sampled_from(("review", "review", "review", "undo", *MARKS[:3], "reset", "many")),
        st.integers(0, 2),
        ratings,
        st.one_of(
            st.integers(0, 1500),  # milliseconds: ids collide
            st.integers(2000, 40 * DAY * 1000),
            st.integers(-3 * 3_600_000, -1),  # the clock was set back
        ),
    ),
    max_size=25,
)


@pytest.fixture
def store(deck: Callable[..., Path]) -> Iterator[Collection]:
    deck(DECK)
    with Collection() as collection:
        yield collection


def test_replaying_the_log_gives_the_memories_that_the_reviews_left(store: Collection) -> None:
    db = store.db
    cards = [row[0] for row in db.execute("SELECT card FROM card ORDER BY card")]
    columns = ", ".join(("card", *Memory._fields))

    @settings(max_examples=60, deadline=None)
    @given(own_settings.map(lambda found: found._replace(leech_threshold=2)), actions)
    def play(chosen: Settings, steps: list[tuple[str, int, Rating, int]]) -> None:
        db.execute("DELETE FROM log")
        db.execute("DELETE FROM memory")
        scheduler, now = Scheduler(chosen), AT
        for kind, which, rating, later in steps:
            now += later
            day = study_day(datetime.fromtimestamp(now / 1000, UTC), 4)
            if kind == "review":
                log.record(db, scheduler, cards[which], rating, day, now, 1000, None)
            elif kind == "undo":
                log.undo(db, scheduler, now)
            elif kind == "many":
                log.mark(db, scheduler, cards, "suspend", day, now)
            else:
                log.mark(db, scheduler, [cards[which]], kind, day, now)
        live = db.execute(f"SELECT {columns} FROM memory ORDER BY card").fetchall()
        assert log.damage(db, chosen) == []
        log.rebuild(db, chosen)
        assert db.execute(f"SELECT {columns} FROM memory ORDER BY card").fetchall() == live

    play()


def test_dropping_the_derived_tables_brings_the_same_memories_back(store: Collection) -> None:
    row = store.rows(CARD)[0]
    for rating in (3, 3):
        store.rate(row.card, rating, 4000)
    before = store.memory(row.card)
    database.make_derived(store.db)
    log.rebuild(store.db, store.config.settings)
    assert store.memory(row.card) == before


def test_a_reset_stays_a_reset_when_the_clock_is_set_back_after_it(
    store: Collection, clock: Callable[[str], None]
) -> None:
    card = store.rows(CARD)[0].card
    store.rate(card, 4, 1000)
    clock("2026-03-02T09:00:00+01:00")
    store.mark([card], "reset")
    clock("2026-03-02T08:30:00+01:00")
    store.rate(card, 3, 1000)
    live = store.memory(card)
    assert live.reps == 1
    log.rebuild(store.db, store.config.settings)
    assert store.memory(card) == live


def test_settings_change_the_memories_at_the_next_start(home: Path, store: Collection) -> None:
    card = store.rows(CARD)[0].card
    store.rate(card, 4, 1000)
    due = store.memory(card).due_day
    (home / "config.toml").write_text("built_in_decks = false\nmaximum_interval = 2\n")
    with Collection() as again:
        memory = again.memory(card)
        assert (memory.due_day - memory.last_day, memory.stability) == (2, store.memory(card).stability)
        assert memory.due_day < due


# -- the four ratings


@settings(max_examples=250, deadline=None)
@given(own_settings, logs(), seeds, st.one_of(st.just(0), st.integers(1, 400)))
@example(Settings(learning_steps=(3 * DAY,)), [], 1, 0)
@example(Settings(relearning_steps=(20 * DAY,)), [Entry("review", 4, FIRST_DAY, AT)], 1, 1)
@example(Settings(learning_steps=(60, 600), maximum_interval=1), [Entry("review", 3, FIRST_DAY, AT)], 1, 1)
def test_a_better_rating_never_gets_a_shorter_wait_nor_less_stability(
    chosen: Settings, entries: list[Entry], seed: int, later: int
) -> None:
    scheduler = Scheduler(chosen)
    memory = scheduler.fold(entries, seed)
    day, at = max(memory.last_day, FIRST_DAY) + later, AT + 10**9
    four = scheduler.preview(memory, day, at, seed)
    for worse, better in pairwise(four):
        assert wait_seconds(worse, day, at) <= wait_seconds(better, day, at)
        assert worse.stability <= better.stability
        assert worse.difficulty >= better.difficulty
    for after in four:
        assert wait_seconds(after, day, at) > 0
        assert after.due_day - day <= chosen.maximum_interval


@settings(max_examples=60, deadline=None)
@given(own_settings, logs(), seeds, ratings)
def test_the_wait_shown_before_a_rating_is_the_wait_it_gets(
    chosen: Settings, entries: list[Entry], seed: int, rating: Rating
) -> None:
    scheduler = Scheduler(chosen)
    memory = scheduler.fold(entries, seed)
    day, at = memory.last_day + 3, AT + 10**9
    shown = scheduler.preview(memory, day, at, seed)[rating - 1]
    assert scheduler.apply(memory, Entry("review", rating, day, at), seed) == shown


def test_a_new_card_goes_through_its_steps_as_py_fsrs_leads_it() -> None:
    scheduler = Scheduler(Settings())
    again, hard, good, easy = scheduler.preview(NEW, FIRST_DAY, AT, 0)
    assert [memory.due_at - AT for memory in (again, hard, good)] == [60_000, 330_000, 600_000]
    assert [memory.state for memory in (again, hard, good, easy)] == [1, 1, 1, 2]
    assert easy.due_day - FIRST_DAY == pytest.approx(8, abs=2)
    assert [memory.stability for memory in (again, hard, good, easy)] == list(DEFAULT_PARAMETERS[:4])
    graduated = scheduler.review(good, Rating.GOOD, FIRST_DAY, AT + 600_000, 0)
    assert (graduated.state, graduated.reps, graduated.lapses) == (State.REVIEW, 2, 0)
    lapsed = scheduler.review(graduated, Rating.AGAIN, FIRST_DAY + 2, AT, 0)
    assert (lapsed.state, lapsed.lapses, lapsed.due_at - AT) == (State.RELEARNING, 1, 600_000)


def test_a_card_from_a_step_that_the_settings_no_longer_have_goes_on() -> None:
    at_the_third_step = NEW._replace(state=1, step=2, stability=1.0, difficulty=5.0, last_day=FIRST_DAY, reps=3)
    for steps in ((60,), ()):
        for memory in Scheduler(Settings(learning_steps=steps)).preview(at_the_third_step, FIRST_DAY, AT, 0)[1:]:
            assert memory.state == State.REVIEW


def test_a_higher_retention_brings_cards_back_sooner() -> None:
    entries = [Entry("review", 4, FIRST_DAY, AT)]
    dues = [Scheduler(Settings(desired_retention=r)).fold(entries, 5).due_day for r in (0.7, 0.8, 0.9, 0.97)]
    assert dues == sorted(dues, reverse=True)
    assert len(set(dues)) == 4


def test_a_review_dated_before_the_last_one_counts_on_the_day_of_the_last_one() -> None:
    scheduler = Scheduler(Settings())
    one = Entry("review", 4, FIRST_DAY + 10, AT)
    set_back = scheduler.fold([one, Entry("review", 3, FIRST_DAY, AT + 1)], 1)
    assert set_back == scheduler.fold([one, Entry("review", 3, FIRST_DAY + 10, AT + 1)], 1)
    assert set_back.last_day == FIRST_DAY + 10


# -- leeches


@pytest.mark.parametrize(
    ("threshold", "at"),
    [(0, []), (1, list(range(1, 21))), (2, list(range(2, 21))), (8, [8, 12, 16, 20]), (5, [5, 8, 11, 14, 17, 20])],
)
def test_a_card_is_a_leech_at_the_threshold_and_at_every_half_of_it_beyond(threshold: int, at: list[int]) -> None:
    assert [lapses for lapses in range(1, 21) if leech_at(threshold, lapses - 1, lapses)] == at
    assert not any(leech_at(threshold, lapses, lapses) for lapses in range(21)), "only a lapse makes a leech"


def test_a_leech_is_set_aside_listed_and_comes_back_when_unsuspended(
    home: Path, deck: Callable[..., Path], clock: Callable[[str], None]
) -> None:
    (home / "config.toml").write_text("built_in_decks = false\nleech_threshold = 2\nrelearning_steps = []\n")
    deck(DECK)
    with Collection() as collection:
        card = collection.rows(CARD)[0].card
        collection.rate(card, 4, 1000)
        done = None
        for day in (12, 22):
            clock(f"2026-04-{day}T08:00:00+02:00")
            done = collection.rate(card, 1, 1000)
        assert done is not None and done.leech and done.memory.lapses == 2
        assert [row.key for row in collection.rows(Filter(states=("leech",)))] == ["c0"]
        clock("2026-06-01T08:00:00+02:00")
        assert card not in {item.card for item in collection.queue(Filter()).main}
        collection.mark([card], "unsuspend")
        assert card in {item.card for item in collection.queue(Filter()).main}
        collection.undo()
        collection.undo()  # the rating takes the leech mark back with it
        memory = collection.memory(card)
        assert (memory.lapses, memory.leech, memory.suspended) == (1, 0, 0)


# -- fuzz

intervals = st.integers(1, 36500)


@settings(max_examples=300, deadline=None)
@given(intervals, intervals, seeds, st.integers(1, 500), intervals)
def test_fuzz_keeps_the_order_of_intervals(one: int, two: int, seed: int, reps: int, maximum: int) -> None:
    short, long = sorted((one, two))
    assert fuzzed(short, seed, reps, maximum) <= fuzzed(long, seed, reps, maximum)


@settings(max_examples=300, deadline=None)
@given(intervals, seeds, st.integers(1, 500), intervals)
def test_fuzz_is_bounded_repeatable_and_never_above_the_maximum(
    interval: int, seed: int, reps: int, maximum: int
) -> None:
    found = fuzzed(interval, seed, reps, maximum)
    assert found == fuzzed(interval, seed, reps, maximum)
    assert 1 <= found <= maximum
    if interval <= maximum:
        share = 0.15 * min(max(interval - 2.5, 0), 4.5) + 0.1 * min(max(interval - 7, 0), 13)
        reach = 1.5 + share + 0.05 * max(interval - 20, 0)
        assert abs(found - interval) <= (0 if interval < 3 else reach)


def test_fuzz_spreads_cards_that_were_learned_together_over_its_whole_range() -> None:
    found = [fuzzed(30, seed_of(f"card-{n}"), 1, 36500) for n in range(2000)]
    assert set(found) == set(range(min(found), max(found) + 1))
    assert (min(found), max(found)) == (27, 33)
    assert all(150 < found.count(day) < 430 for day in set(found))


def test_fuzz_changes_from_one_review_of_a_card_to_the_next() -> None:
    assert len({fuzzed(100, seed_of("card"), reps, 36500) for reps in range(1, 30)}) > 5


# -- Anki as the judge


@pytest.fixture(scope="module")
def anki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A real Anki collection with FSRS switched on."""
    from anki.collection import Collection as Anki

    collection = Anki(str(tmp_path_factory.mktemp("anki") / "collection.anki2"))
    collection.set_config("fsrs", True)
    yield collection
    collection.close()


Visit = tuple[int, Sequence[int]]  # days after the first visit, ratings given on that day

HISTORIES: dict[str, list[Visit]] = {
    "one Good": [(0, [3])],
    "learned in two steps": [(0, [3, 3]), (2, [3]), (9, [3])],
    "several the same day, then the next day": [(0, [1, 1, 3, 3]), (1, [3])],
    "many the same day, then the next day": [(0, [1, 2, 1, 3, 2, 3, 3, 3]), (1, [2, 3, 3]), (2, [3])],
    "each rating the next day": [(0, [2, 3]), (1, [1, 3]), (2, [2]), (3, [3]), (4, [4])],
    "a lapse and its relearning": [(0, [3, 3]), (3, [3]), (12, [1, 3]), (13, [3]), (20, [4])],
    "lapses one after another": [(0, [1, 3]), (1, [1, 1, 3]), (2, [1, 3]), (3, [1, 2, 3])],
    "easy all the way": [(0, [4]), (8, [4]), (40, [4]), (90, [4])],
    "late": [(0, [3, 3]), (60, [3]), (61, [1, 3]), (95, [2])],
}


def reviews(visits: list[Visit]) -> list[tuple[datetime, int]]:
    """Return the local instants and ratings of visits.

    They start late in the evening, 23:00, and the next study day early in the morning, 09:00, so that less than 24 hours
    lie between the last of one day and the first of the next.
    """
    last_noon = datetime.now().astimezone().replace(hour=12, minute=0, second=0, microsecond=0)
    length = visits[-1][0]
    found = []
    for number, (day, rated) in enumerate(visits):
        start = (last_noon - timedelta(days=length - day + 3)).replace(hour=9 if number % 2 else 23)
        found += [(start + timedelta(minutes=3 * n), rating) for n, rating in enumerate(rated)]
    return found


def entries_of(found: list[tuple[datetime, int]]) -> list[Entry]:
    return [Entry("review", rating, study_day(at, 4), int(at.timestamp() * 1000)) for at, rating in found]


def memory_in(anki: Any, entries: list[Entry]) -> tuple[float, float]:
    """Give reviews to a new card in Anki and let it compute stability and difficulty."""
    note = anki.new_note(anki.models.by_name("Basic"))
    note["Front"] = "front"
    anki.add_note(note, 1)
    card = note.cards()[0].id
    for number, entry in enumerate(entries):
        at = anki.db.scalar(
            "SELECT coalesce(max(id), 0) FROM revlog WHERE id BETWEEN ? AND ?", entry.at, entry.at + 999
        )
        row = (max(entry.at, at + 1), card, -1, entry.rating, 1, 1, 0, 5000, 1 if number else 0)
        anki.db.execute("INSERT INTO revlog VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", *row)
    found = anki.compute_memory_state(card)
    return found.stability, found.difficulty


@pytest.mark.parametrize("name", HISTORIES)
def test_anki_computes_the_same_memory_from_the_same_history(anki: Any, name: str) -> None:
    entries = entries_of(reviews(HISTORIES[name]))
    memory = Scheduler(Settings()).fold(entries, 0)
    stability, difficulty = memory_in(anki, entries)
    assert memory.stability == pytest.approx(stability, abs=0.00005, rel=2e-6)
    assert memory.difficulty == pytest.approx(difficulty, abs=0.0005)


def stability_when(instants: list[datetime], rated: list[int]) -> float:
    """Return the stability that py-fsrs makes of ratings at exact instants."""
    scheduler, card = fsrs.Scheduler(enable_fuzzing=False), fsrs.Card(card_id=1)
    for at, rating in zip(instants, rated, strict=True):
        card, _ = scheduler.review_card(card, fsrs.Rating(rating), at)
    assert card.stability is not None
    return card.stability


def test_noon_of_the_study_day_is_what_makes_py_fsrs_count_days_as_anki_does(anki: Any) -> None:
    """Three ways to name the instant of a review to py-fsrs, which counts whole periods of 24 hours.

    The true instants do not do: from a late evening to the next morning py-fsrs sees no day. Noon with a second more for each
    further review of the same day does not do either: from 12:00:03 to 12:00:00 of the next day are 23:59:57, which again is
    no day. Noon without seconds does.
    """
    found = reviews([(0, [1, 1, 3, 3]), (1, [3])])
    entries, rated = entries_of(found), [rating for _, rating in found]
    noons = [datetime(1970, 1, 1, 12, tzinfo=UTC) + timedelta(days=entry.day) for entry in entries]
    seconds = [*range(4), 0]
    true = stability_when([at.astimezone(UTC) for at, _ in found], rated)
    noon_and_seconds = stability_when([n + timedelta(seconds=s) for n, s in zip(noons, seconds, strict=True)], rated)
    noon = stability_when(noons, rated)
    assert noon_and_seconds == true, "both take the last review for one of the day before"
    wanted, _ = memory_in(anki, entries)
    assert noon == pytest.approx(wanted, abs=0.00005)
    assert abs(noon_and_seconds - wanted) > 0.1
    assert noon == Scheduler(Settings()).fold(entries, 0).stability
