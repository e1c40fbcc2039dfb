"""The review session without a screen: every event in every phase, steps, stories, cramming, undo, edits, limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flashprep import session as s
from flashprep.collection import Collection
from flashprep.memory.fuzz import seed_of
from flashprep.memory.queue import Item, Queue, from_items
from flashprep.memory.schedule import Scheduler
from flashprep.memory.state import NEW, Memory, Rating, Settings, State
from flashprep.session import Phase, Session, step
from flashprep.store.queries import Filter, Row
from flashprep.terminal.driver import Driver

T = 1_772_434_800_000  # an instant, epoch ms
MINUTE = 60_000
NONE = ()


def new(card: int, note: int = 0) -> Item:
    return Item(card, note or card, "A", State.NEW)


def due(card: int, note: int = 0) -> Item:
    return Item(card, note or card, "A", State.REVIEW, 20_000)


def learned(wait: int = 0) -> Memory:
    """Return the memory of a card after a rating: in learning for ``wait`` ms, or in review."""
    if wait:
        return NEW._replace(state=State.LEARNING, due_day=20_000, due_at=T + wait, reps=1)
    return NEW._replace(state=State.REVIEW, due_day=20_004, reps=1)


def play(session: Session, *events: s.Event) -> Session:
    for event in events:
        session, _ = step(session, event)
    return session


def shown(*items: Item, steps: int = 0, timed: bool = False, **options: Any) -> Session:
    """Return a session over cards with the first one on the screen."""
    return play(s.start(from_items(items), **options), s.Begin(T), s.Loaded(T, steps, timed))


def answered(*items: Item, **options: Any) -> Session:
    return play(shown(*items, **options), s.Reveal(T + 5000, whole=True))


def rated(session: Session, rating: int, memory: Memory | None = None, leech: bool = False, at: int = T) -> Session:
    """Go through the answer of the card on the screen, its rating and the loading of the next card."""
    session = play(session, s.Reveal(at, whole=True))
    session = play(session, s.Recorded(at, rating, 4000, memory or learned(), leech))
    return play(session, s.Loaded(at))


# -- one card


def test_a_session_starts_by_asking_for_its_first_card() -> None:
    session, effects = step(s.start(from_items([new(1), due(2)])), s.Begin(T))
    assert effects == (s.Load(1),)
    assert (session.phase, session.total, session.queue.counts.total) == (Phase.LOADING, 2, 1)
    session, effects = step(session, s.Loaded(T + 7, 0, False))
    assert effects == NONE
    assert (session.phase, session.shown_at) == (Phase.PROMPT, T + 7)


def test_a_session_with_nothing_to_do_is_over_at_once() -> None:
    session, effects = step(s.start(from_items([])), s.Begin(T))
    assert (session.phase, session.item, effects) == (Phase.DONE, None, (s.End(),))
    assert session.tally == s.Tally()


def test_a_card_is_shown_revealed_rated_and_followed_by_the_next() -> None:
    session, effects = step(shown(new(1), new(2)), s.Reveal(T + 3000))
    assert (session.phase, session.revealed_at, effects) == (Phase.ANSWER, T + 3000, NONE)
    session, effects = step(session, s.Rate(T + 8000, 3))
    assert effects == (s.Record(1, 3, 8000),)
    session, effects = step(session, s.Recorded(T + 8000, 3, 8000, learned()))
    assert effects == (s.Load(2),)
    assert session.tally == s.Tally((0, 0, 1, 0), new=1, spent_ms=8000, seen=frozenset({1}))
    assert (session.known, session.steps, session.revealed_at) == ((), 0, 0)


def test_a_rating_counts_only_when_it_is_in_the_log() -> None:
    session = play(answered(new(1)), s.Rate(T, 3))
    assert session.tally.reviews == 0


def test_the_session_ends_when_no_card_is_left_for_now() -> None:
    session, effects = step(answered(new(1)), s.Recorded(T, 3, 4000, learned(30 * MINUTE)))
    assert (session.phase, effects) == (Phase.DONE, (s.End(),))
    assert session.queue.next_learning == T + 30 * MINUTE


def test_a_card_in_learning_comes_again_in_the_same_session() -> None:
    session = rated(shown(new(1), new(2)), 1, learned(MINUTE))
    assert session.item == new(2)
    session = rated(session, 3)
    assert session.item == Item(1, 1, "A", State.LEARNING, 20_000, T + MINUTE)
    session = rated(session, 3)
    assert session.tally == s.Tally((1, 0, 2, 0), new=2, spent_ms=12_000, seen=frozenset({1, 2}))


def test_a_card_with_a_step_of_days_is_done_for_today() -> None:
    session = rated(shown(new(1)), 3, NEW._replace(state=State.LEARNING, due_day=20_003, reps=1))
    assert session.phase is Phase.DONE


def test_a_leech_is_named_and_does_not_come_again() -> None:
    memory = learned(MINUTE)._replace(suspended=1, leech=1)
    session = rated(shown(due(1), due(2)), 1, memory, leech=True)
    session = rated(session, 3)
    assert session.phase is Phase.DONE
    assert (session.tally.leeches, session.tally.failed) == ((1,), (1,))


def test_what_failed_is_what_was_not_passed_since() -> None:
    session = rated(shown(due(1), due(2), due(3)), 1, learned(MINUTE))
    session = rated(session, 1, learned(2 * MINUTE))
    session = rated(session, 3)
    assert session.tally.failed == (1, 2)
    session = rated(session, 2, at=T + 3 * MINUTE)
    assert session.tally.failed == (2,)


@pytest.mark.parametrize(
    ("timed", "waited", "counted"),
    [
        (False, 12_345, 12_345),
        (False, 60 * MINUTE, 5 * MINUTE),
        (True, 9 * MINUTE, 9 * MINUTE),
        (True, 60 * MINUTE, 15 * MINUTE),
        (False, -5000, 0),  # the clock was set back
    ],
)
def test_the_time_of_a_review_leaves_out_the_lunch_break(timed: bool, waited: int, counted: int) -> None:
    _, effects = step(answered(new(1), timed=timed), s.Rate(T + waited, 4))
    assert effects == (s.Record(1, 4, counted),)


def test_a_card_whose_note_is_gone_is_passed_over() -> None:
    session, effects = step(play(s.start(from_items([new(1), new(2)])), s.Begin(T)), s.Loaded(T, None))
    assert (session.item, effects) == (new(2), (s.Load(2),))
    session, effects = step(session, s.Loaded(T, None))
    assert (session.phase, effects) == (Phase.DONE, (s.End(),))


@pytest.mark.parametrize("rating", [0, 5, -1])
@pytest.mark.parametrize("cram", [False, True])
def test_there_are_four_ratings(rating: int, cram: bool) -> None:
    session = answered(new(1), cram=cram)
    assert step(session, s.Rate(T, rating)) == (session, NONE)


# -- every event in every phase

Q = from_items([due(8), due(9)])
EVENTS: dict[str, s.Event] = {
    "begin": s.Begin(T),
    "loaded": s.Loaded(T, 0),
    "gone": s.Loaded(T, None),
    "reveal": s.Reveal(T),
    "reveal all": s.Reveal(T, whole=True),
    "knew": s.Judge(T, True),
    "did not": s.Judge(T, False),
    "rate": s.Rate(T, 3),
    "recorded": s.Recorded(T, 3, 4000, learned()),
    "quit": s.Ask("quit"),
    "undo": s.Ask("undo"),
    "suspend": s.Ask("suspend"),
    "bury": s.Ask("bury"),
    "edit": s.Ask("edit"),
    "solve": s.Ask("solve"),
    "test": s.Ask("test"),
    "solved": s.Solved(T, new(1), True, 1000, 2000),
    "not solved": s.Solved(T, new(1), False, 1000, 2000),
    "not judged": s.Solved(T, None, notice="no editor"),
    "nonsense": s.Ask("dance"),
    "hidden": s.Hidden(T, "hidden"),
    "taken back": s.TakenBack(T, Q, "took back", 7, 3, due(7)),
    "edited": s.Edited(T, Q, new(1), "edited"),
    "refreshed": s.Refreshed(T, Q, new(1)),
}
PHASES: dict[str, Session] = {
    "before": s.start(from_items([new(1), due(2)])),
    "loading": play(s.start(from_items([new(1), due(2)])), s.Begin(T)),
    "prompt": shown(new(1), due(2)),
    "steps": play(shown(new(1), due(2), steps=3), s.Reveal(T)),
    "answer": answered(new(1), due(2)),
    "done": play(shown(new(1), due(2)), s.Ask("quit")),
    "over": play(s.start(from_items([])), s.Begin(T)),
}
ANYWHERE = {"quit", "undo", "taken back"}
SOLVED = {"solve", "solved", "not solved", "not judged"}
ON_SCREEN = ANYWHERE | SOLVED | {"gone", "suspend", "bury", "edit", "hidden", "edited", "refreshed"}
MEANT = {
    "before": {"begin", *ANYWHERE},
    "loading": {"loaded", "gone", "refreshed", *ANYWHERE},
    "prompt": {"reveal", "reveal all", *ON_SCREEN},
    "steps": {"reveal all", "knew", "did not", "loaded", *ON_SCREEN},
    "answer": {"rate", "recorded", *ON_SCREEN},
    "done": set[str](),
    "over": set[str](),
}


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("phase", PHASES)
def test_an_event_that_makes_no_sense_now_changes_nothing(phase: str, event: str) -> None:
    before = PHASES[phase]
    if event in MEANT[phase]:
        assert step(before, EVENTS[event]) != (before, NONE)
    else:
        assert step(before, EVENTS[event]) == (before, NONE)


@pytest.mark.parametrize(
    ("event", "effect"),
    [
        ("undo", s.TakeBack()),
        ("suspend", s.Hide(1, "suspend")),
        ("bury", s.Hide(1, "bury")),
        ("edit", s.Edit(1)),
        ("solve", s.Solve(1, fresh=True, edit=True)),
        ("quit", s.End()),
    ],
)
@pytest.mark.parametrize("phase", ["prompt", "steps", "answer"])
def test_what_the_user_asks_for_is_handed_to_the_driver(phase: str, event: str, effect: s.Effect) -> None:
    before = PHASES[phase]
    after, effects = step(before, EVENTS[event])
    assert list(map(repr, effects)) == [repr(effect)]
    assert after == (before._replace(phase=Phase.DONE) if event == "quit" else before)


def test_a_hidden_card_makes_room_for_the_next() -> None:
    session, effects = step(answered(new(1), new(2)), s.Hidden(T, "1 is hidden"))
    assert (effects, session.notice, session.tally.reviews) == ((s.Load(2),), "1 is hidden", 0)
    session = play(session, s.Loaded(T), s.Reveal(T))
    assert session.notice == "", "a notice goes away with the next key"


# -- steps


def test_an_approach_is_revealed_a_step_at_a_time() -> None:
    session = play(shown(new(1), steps=3), s.Reveal(T + 100))
    assert (session.phase, session.steps_shown, session.revealed_at) == (Phase.STEPS, 1, T + 100)
    session = play(session, s.Judge(T, True))
    assert (session.phase, session.steps_shown, session.known) == (Phase.STEPS, 2, (True,))
    session = play(session, s.Judge(T, False))
    assert session.steps_shown == 3
    session = play(session, s.Judge(T, True))
    assert (session.phase, session.steps_shown, session.known) == (Phase.ANSWER, 3, (True, False, True))
    assert session.revealed_at == T + 100


@pytest.mark.parametrize(
    ("knew", "rating"),
    [
        ("++", Rating.GOOD),
        ("+-", Rating.AGAIN),
        ("+++", Rating.GOOD),
        ("++-", Rating.HARD),
        ("+--", Rating.AGAIN),
        ("+++++", Rating.GOOD),
        ("-++++", Rating.HARD),
        ("--+++", Rating.AGAIN),
        ("--++++", Rating.HARD),
        ("---+++", Rating.AGAIN),
        ("-------", Rating.AGAIN),
    ],
)
def test_the_steps_that_were_known_suggest_a_rating(knew: str, rating: Rating) -> None:
    session = play(shown(new(1), steps=len(knew)), s.Reveal(T))
    for mark in knew:
        assert session.suggested is None
        session = play(session, s.Judge(T, mark == "+"))
    assert session.suggested == rating


@settings(max_examples=100, deadline=None)
@given(st.lists(st.booleans(), min_size=2, max_size=12), st.data())
def test_knowing_one_step_more_never_suggests_a_worse_rating(knew: list[bool], data: st.DataObject) -> None:
    def suggested(judged: list[bool]) -> Rating:
        session = play(shown(new(1), steps=len(judged)), s.Reveal(T), *(s.Judge(T, known) for known in judged))
        assert session.suggested is not None
        return session.suggested

    at = data.draw(st.integers(0, len(knew) - 1))
    better = [*knew[:at], True, *knew[at + 1 :]]
    assert suggested(knew) <= suggested(better) <= Rating.GOOD


def test_steps_that_were_revealed_at_once_suggest_nothing() -> None:
    assert answered(new(1), steps=3).suggested is None
    half = play(shown(new(1), steps=3), s.Reveal(T), s.Judge(T, True), s.Reveal(T, whole=True))
    assert (half.phase, half.suggested) == (Phase.ANSWER, None)
    assert answered(new(1)).suggested is None


# -- stories


def test_a_story_is_timed_from_its_prompt_to_its_frame() -> None:
    session = play(shown(new(1), timed=True), s.Reveal(T + 95_000))
    assert session.timed
    assert session.revealed_at - session.shown_at == 95_000
    session = play(session, s.Recorded(T, 3, 4000, learned()))
    assert not session.timed


# -- cramming


def test_cramming_counts_but_writes_nothing() -> None:
    session, effects = step(answered(new(1), due(2), cram=True), s.Rate(T + 2000, 3))
    assert effects == (s.Load(2),)
    assert session.tally == s.Tally((0, 0, 1, 0), new=1, spent_ms=2000, seen=frozenset({1}))


@pytest.mark.parametrize("what", ["undo", "suspend", "bury"])
def test_cramming_does_not_touch_the_schedule(what: str) -> None:
    session = answered(new(1), cram=True)
    assert step(session, s.Ask(what)) == (session, NONE)


def test_a_crammed_card_that_failed_comes_again_at_the_end_until_it_is_known() -> None:
    session, cards = shown(new(1), due(2), due(3), cram=True), []
    for rating in (1, 3, 4, 1, 2):
        assert session.item is not None
        cards.append(session.item.card)
        session = play(session, s.Reveal(T), s.Rate(T, rating), s.Loaded(T))
    assert cards == [1, 2, 3, 1, 1]
    assert session.phase is Phase.DONE
    assert session.tally.ratings == (2, 1, 1, 1)
    assert (session.tally.new, len(session.tally.seen), session.tally.failed) == (1, 3, ())


def test_a_cram_goes_on_where_it_was_after_an_edit() -> None:
    session = play(answered(due(1), due(2), due(3), cram=True), s.Rate(T, 1), s.Loaded(T), s.Reveal(T))
    after, effects = step(session, s.Edited(T, None, due(2), "saved"))
    assert effects == (s.Load(2),)
    assert after == session._replace(notice="saved")


# -- undo


def test_undo_brings_the_card_back_and_takes_its_rating_out_of_the_count() -> None:
    session = rated(shown(new(1), due(2)), 1, learned(MINUTE))
    session, effects = step(session, s.TakenBack(T, from_items([new(1), due(2)]), "took back Again", 1, 1, new(1)))
    assert effects == (s.Load(1),)
    assert (session.item, session.phase, session.notice) == (new(1), Phase.LOADING, "took back Again")
    assert session.tally == s.Tally()
    assert session.queue == from_items([due(2)])


def test_undo_goes_back_through_the_ratings_of_one_card() -> None:
    session = rated(shown(new(1), due(2)), 1, learned(MINUTE))
    session = rated(session, 4)  # card 2
    session = rated(session, 3)  # card 1 again
    assert (session.phase, session.tally.failed) == (Phase.DONE, ())
    session = rated(shown(new(1)), 1, learned(MINUTE))
    session = rated(session, 3, learned(10 * MINUTE))
    assert (session.tally.ratings, session.tally.failed) == ((1, 0, 1, 0), ())
    back = Item(1, 1, "A", State.LEARNING, 20_000, T + MINUTE)
    session = play(session, s.TakenBack(T, from_items([], [back]), "", 1, 3, back), s.Loaded(T))
    assert session.tally == s.Tally((1, 0, 0, 0), new=1, spent_ms=4000, failed=(1,), seen=frozenset({1}))
    session = play(session, s.TakenBack(T, from_items([new(1)]), "", 1, 1, new(1)), s.Loaded(T))
    assert session.tally == s.Tally()


def test_undo_of_a_leech_takes_it_off_the_list() -> None:
    session = rated(shown(due(1), due(2)), 1, learned()._replace(suspended=1), leech=True)
    session = play(session, s.TakenBack(T, from_items([due(1), due(2)]), "", 1, 1, due(1)))
    assert session.tally == s.Tally()


def test_undo_of_what_another_session_did_leaves_the_count_alone() -> None:
    session = rated(shown(new(1), due(2)), 3)
    before = session.tally
    session = play(session, s.TakenBack(T, from_items([due(7), due(2)]), "", 7, 3, due(7)))
    assert (session.tally, session.item) == (before, due(7))


def test_undo_of_an_earlier_rating_keeps_the_later_ones() -> None:
    """Another session may have taken back what came last."""
    session = rated(rated(shown(new(1), due(2), due(3)), 3), 4)
    session = play(session, s.TakenBack(T, from_items([new(1), due(3)]), "", 1, 3, new(1)))
    assert session.tally == s.Tally((0, 0, 0, 1), spent_ms=4000, seen=frozenset({2}))


def test_undo_of_a_card_that_no_deck_has_any_more_goes_on_with_the_next() -> None:
    session = rated(shown(new(1), due(2)), 3)
    session, effects = step(session, s.TakenBack(T, from_items([due(2)]), "took back", 1, 3, None))
    assert (effects, session.tally) == ((s.Load(2),), s.Tally())


def test_with_nothing_to_take_back_the_card_stays_where_it_is() -> None:
    before = answered(new(1))
    after, effects = step(before, s.TakenBack(T, None, "nothing"))
    assert (after, effects) == (before._replace(notice="nothing"), NONE)


def test_the_card_that_was_taken_back_comes_before_a_learning_card_that_is_due() -> None:
    waiting = Item(3, 3, "A", State.LEARNING, 20_000, T - MINUTE)
    session, effects = step(shown(due(2)), s.TakenBack(T, from_items([due(2), due(1)], [waiting]), "", 1, 3, due(1)))
    assert effects == (s.Load(1),)
    assert session.queue == from_items([due(2)], [waiting])


# -- edits


@pytest.mark.parametrize("phase", ["prompt", "steps", "answer"])
def test_after_an_edit_the_session_goes_on_with_the_new_text(phase: str) -> None:
    before = PHASES[phase]
    queue = from_items([Item(1, 70, "A", 0), due(2), due(4)])
    session, effects = step(before, s.Edited(T, queue, Item(1, 70, "A", 0), "saved"))
    assert effects == (s.Load(1),)
    assert (session.phase, session.notice) == (before.phase, "saved")
    assert session.item == Item(1, 70, "A", 0), "its note has another number since its file was read again"
    assert session.queue == from_items([due(2), due(4)])
    again = play(session, s.Loaded(T, before.steps))
    assert (again.phase, again.known, again.shown_at) == (before.phase, before.known, before.shown_at)


def test_after_an_edit_that_changed_the_number_of_steps_the_card_is_asked_anew() -> None:
    session = play(shown(new(1), steps=3), s.Reveal(T), s.Judge(T, True))
    session = play(session, s.Edited(T, from_items([new(1)]), new(1)), s.Loaded(T, 4))
    assert (session.phase, session.known, session.steps, session.revealed_at) == (Phase.PROMPT, (), 4, 0)


def test_after_an_edit_that_took_the_card_away_the_next_one_comes() -> None:
    session, effects = step(answered(new(1), due(2)), s.Edited(T, from_items([due(2)]), None, "gone"))
    assert effects == (s.Load(1),)
    session, effects = step(session, s.Loaded(T, None))
    assert (effects, session.notice) == ((s.Load(2),), "gone")


# -- another session


def test_what_another_session_wrote_is_taken_in_without_disturbing_the_card_on_the_screen() -> None:
    before = answered(new(1), due(2), due(3))
    after, effects = step(before, s.Refreshed(T, from_items([new(1), due(3)]), new(1)))
    assert effects == NONE
    assert after == before._replace(queue=from_items([due(3)]))


def test_cramming_takes_in_nothing_from_another_session() -> None:
    before = answered(new(1), due(2), cram=True)
    assert step(before, s.Refreshed(T, from_items([due(9)]), new(1))) == (before, NONE)


# -- at most so many cards


def test_a_session_shows_at_most_so_many_cards_and_those_again_that_are_being_learned() -> None:
    session = shown(new(1), new(2), new(3), limit=2)
    assert (session.total, session.queue.counts.total) == (2, 1)
    session = rated(session, 1, learned(MINUTE))
    session = rated(session, 3)
    assert session.item is not None and session.item.card == 1
    session = rated(session, 3)
    assert (session.phase, session.tally.seen) == (Phase.DONE, {1, 2})


def test_neither_an_edit_nor_an_undo_lets_in_more_cards_or_loses_one() -> None:
    everything = [new(1), new(2), new(3), new(4)]
    session = shown(*everything, limit=2)
    session = play(session, s.Edited(T, from_items(everything), new(1)), s.Loaded(T))
    assert session.queue == from_items([new(2)])
    session = rated(session, 1, learned(MINUTE))
    again = Item(1, 1, "A", State.LEARNING, 20_000, T + MINUTE)
    session = play(session, s.Edited(T, from_items(everything[1:], [again]), new(2)), s.Loaded(T))
    assert session.queue == from_items([], [again]), "it was shown, so it comes again"
    session = play(session, s.TakenBack(T, from_items(everything), "", 1, 1, new(1)), s.Loaded(T))
    assert (session.item, session.queue) == (new(1), from_items([new(2)]))


# -- properties

cards = st.integers(1, 6)
items = st.builds(Item, cards, st.integers(1, 4), st.just("A"), st.sampled_from(list(State)), st.just(20_000))
queues = st.builds(
    from_items,
    st.lists(items, max_size=6, unique_by=lambda item: item.card),
    st.lists(
        st.builds(Item, st.integers(7, 9), cards, st.just("A"), st.just(1), st.just(20_000), st.just(T)), max_size=2
    ),
)
instants = st.integers(T - 10 * MINUTE, T + 60 * MINUTE)
memories = st.builds(learned, st.sampled_from((0, MINUTE, 30 * MINUTE)))
ratings = st.integers(1, 4)
events = st.one_of(
    st.builds(s.Begin, instants),
    st.builds(s.Loaded, instants, st.none() | st.integers(0, 4), st.booleans()),
    st.builds(s.Loaded, instants, st.integers(0, 3)),
    st.builds(s.Reveal, instants, st.booleans()),
    st.builds(s.Reveal, instants, st.just(True)),
    st.builds(s.Judge, instants, st.booleans()),
    st.builds(s.Rate, instants, st.integers(-1, 6)),
    st.builds(s.Recorded, instants, ratings, st.integers(0, 9000), memories, st.booleans()),
    st.builds(s.Ask, st.sampled_from(("undo", "suspend", "bury", "edit", "solve", "test", "dance"))),
    st.builds(s.Solved, instants, st.none() | items, st.none() | st.booleans(), st.integers(0, 9000), st.just(5000)),
    st.builds(s.Ask, st.just("quit")),
    st.builds(s.Hidden, instants, st.just("hidden")),
    st.builds(s.TakenBack, instants, st.none() | queues, st.just("back"), cards, st.integers(0, 4), st.none() | items),
    st.builds(s.Edited, instants, st.none() | queues, st.none() | items),
    st.builds(s.Refreshed, instants, queues, st.none() | items),
)


@settings(max_examples=300, deadline=None)
@given(queues, st.booleans(), st.none() | st.integers(0, 4), st.lists(events, max_size=40))
def test_no_sequence_of_events_raises_or_spoils_the_counts(
    queue: Queue, cram: bool, limit: int | None, sequence: list[s.Event]
) -> None:
    session = s.start(queue, cram, limit)
    for event in [s.Begin(T), *sequence]:
        before = session
        session, effects = step(session, event)
        there = [*session.queue.main[session.queue.at :], *session.queue.learning]
        assert session.queue.counts == from_items(there).counts
        assert (session.phase is Phase.DONE) == (before.phase is Phase.DONE or "End()" in map(repr, effects))
        assert session.item is not None or session.phase is Phase.DONE
        assert 0 <= session.steps_shown <= max(session.steps, 0)
        assert len(session.known) <= session.steps
        tally = session.tally
        assert tally.reviews == sum(tally.ratings) == len(session.done)
        assert 0 <= tally.new <= len(tally.seen) <= tally.reviews
        assert set(tally.failed) <= tally.seen
        assert not session.cram or not any(isinstance(e, s.Record | s.Hide | s.TakeBack) for e in effects)
        if before.phase is Phase.DONE:
            assert (session, effects) == (before, NONE)


keys = st.lists(st.sampled_from(("reveal", "1", "2", "3", "4", "undo", "bury", "wait")), max_size=60)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 6), keys)
def test_a_session_that_is_driven_through_loses_no_card_and_doubles_none(many: int, typed: list[str]) -> None:
    """Drives a session with the real scheduler and the plainest log there is: a list that undo pops."""
    scheduler = Scheduler(Settings())
    memory: dict[int, Memory] = dict.fromkeys(range(1, many + 1), NEW)
    log: list[tuple[int, int, Memory]] = []
    now = T

    def queue_now() -> Queue:
        items = [Item(c, c, "A", m.state, m.due_day, m.due_at) for c, m in memory.items() if not m.buried_day]
        waiting = sorted((item for item in items if item.due_at), key=lambda item: item.due_at)
        return from_items([item for item in items if item.state == State.NEW], waiting)

    def answer(effect: s.Effect) -> s.Event | None:
        match effect:
            case s.Load():
                return s.Loaded(now)
            case s.Record(card, rating, duration):
                log.append((card, rating, memory[card]))
                memory[card] = scheduler.review(memory[card], rating, 20_514, now, seed_of(str(card)))
                return s.Recorded(now, rating, duration, memory[card])
            case s.Hide(card):
                log.append((card, 0, memory[card]))
                memory[card] = memory[card]._replace(buried_day=20_514)
                return s.Hidden(now, "")
            case s.TakeBack():
                if not log:
                    return s.TakenBack(now, None, "")
                card, rating, memory[card] = log.pop()
                item = next(item for item in (*queue_now().main, *queue_now().learning) if item.card == card)
                return s.TakenBack(now, queue_now(), "", card, rating, item)
        return None

    session, waiting = s.start(queue_now()), [s.Begin(now)]
    words: dict[str, Callable[[], s.Event]] = {
        "reveal": lambda: s.Reveal(now),
        "undo": lambda: s.Ask("undo"),
        "bury": lambda: s.Ask("bury"),
        **{str(rating): (lambda rating=rating: s.Rate(now, rating)) for rating in range(1, 5)},
    }
    for key in ["", *typed]:
        now += 5 * MINUTE if key == "wait" else 3000
        waiting += [words[key]()] if key in words else []
        while waiting:
            session, effects = step(session, waiting.pop(0))
            waiting += [event for effect in effects if (event := answer(effect))]
        held = [item.card for item in (*session.queue.main[session.queue.at :], *session.queue.learning)]
        held += [session.item.card] if session.item else []
        assert sorted(held) == sorted(item.card for item in (*queue_now().main, *queue_now().learning))
        assert session.tally.ratings == tuple(sum(rating == r for _, rating, _ in log) for r in range(1, 5))
        assert session.tally.new == sum(rating > 0 and before.state == 0 for _, rating, before in log)


# -- with a real collection

DECK = "".join(f"## Concept: What is number {n}? {{#c{n}}}\n\nAnswer {n}.\n\n" for n in range(5))
OTHER = "## Concept: What stands in the other deck? {#other}\n\nThis.\n"


@contextmanager
def driving(**options: Any) -> Iterator[Driver]:
    with Collection() as collection:
        yield Driver(collection, options.pop("filter", Filter()), **options)


def key(driver: Driver) -> str:
    assert driver.session.phase is not Phase.DONE and driver.row is not None
    return driver.row.key


def rate(driver: Driver, rating: int) -> None:
    driver.send(s.Reveal(driver.now, whole=True))
    driver.rate(rating)


def to_the_end(driver: Driver) -> list[str]:
    found = []
    while driver.session.phase is not Phase.DONE:
        found.append(key(driver))
        assert len(found) < 50
        rate(driver, 4)
    return found


def test_the_previews_of_a_card_count_from_the_moment_they_are_looked_at(
    deck: Callable[..., Path], clock: Callable[[str], None]
) -> None:
    deck(DECK)
    with driving() as driver:
        waits = []
        for minute in (0, 5):
            clock(f"2026-03-02T08:{minute:02}:00+01:00")
            waits.append([memory.due_at - driver.now for memory in driver.preview()[:3]])
        assert waits[0] == waits[1]


def test_a_card_that_was_edited_is_not_shown_twice_and_no_other_is_lost(deck: Callable[..., Path]) -> None:
    path = deck(DECK, "a.md")
    deck(OTHER, "b.md")
    with driving() as driver:
        rate(driver, 4)
        rate(driver, 4)
        assert driver.session.tally.seen == {row.card for row in driver.collection.rows(Filter(ids=("c0", "other")))}

        def edit(row: Row) -> str:
            path.write_text(path.read_text().replace("Answer", "A better answer"))
            return "saved"

        driver.open_editor = edit
        driver.send(s.Reveal(driver.now))
        driver.send(s.Ask("edit"))
        assert (key(driver), driver.session.phase, driver.session.notice) == ("c1", Phase.ANSWER, "saved")
        assert driver.row is not None and driver.row.answer.startswith("A better answer")
        assert to_the_end(driver) == ["c1", "c2", "c3", "c4"]
        assert driver.session.tally.reviews == 6


def test_an_edit_that_takes_the_card_away_says_so_and_goes_on(deck: Callable[..., Path]) -> None:
    path = deck(DECK)
    with driving() as driver:

        def edit(row: Row) -> str:
            path.write_text(DECK.replace("## Concept: What is number 0? {#c0}\n\nAnswer 0.\n\n", ""))
            return ""

        driver.open_editor = edit
        driver.send(s.Ask("edit"))
        assert "c0 is no card any more" in driver.session.notice
        assert to_the_end(driver) == ["c1", "c2", "c3", "c4"]


def test_cards_that_an_edit_added_come_in_this_session(deck: Callable[..., Path]) -> None:
    path = deck(DECK)
    with driving() as driver:
        driver.open_editor = lambda row: str(path.write_text(DECK + OTHER))
        driver.send(s.Ask("edit"))
        assert to_the_end(driver) == ["c0", "c1", "c2", "c3", "c4", "other"]


def test_an_edit_while_cramming_starts_nothing_anew(deck: Callable[..., Path]) -> None:
    path = deck(DECK)
    with driving(cram=True) as driver:
        rate(driver, 3)
        rate(driver, 1)
        driver.open_editor = lambda row: str(path.write_text(DECK.replace("Answer", "Reply")))
        driver.send(s.Ask("edit"))
        assert driver.row is not None and driver.row.answer.startswith("Reply")
        assert to_the_end(driver) == ["c2", "c3", "c4", "c1"]


def test_so_many_new_cards_and_no_more_whatever_happens_in_between(deck: Callable[..., Path]) -> None:
    path = deck(DECK)
    with driving(new=2) as driver:
        driver.open_editor = lambda row: str(path.write_text(path.read_text().replace("Answer", "An answer")))
        rate(driver, 4)
        driver.send(s.Ask("edit"))
        driver.send(s.Ask("undo"))
        assert key(driver) == "c0"
        assert to_the_end(driver) == ["c0", "c1"]
    with driving(new=1) as driver:
        assert to_the_end(driver) == ["c2"], "what the day had already is not counted"


def test_undo_goes_back_into_earlier_sessions_any_number_of_steps(deck: Callable[..., Path]) -> None:
    deck(DECK)
    with driving(limit=3) as driver:
        assert to_the_end(driver) == ["c0", "c1", "c2"]
    with driving() as driver:
        driver.send(s.Ask("suspend"))
        assert key(driver) == "c4"
        for wanted in ("c3", "c2", "c1", "c0"):
            driver.send(s.Ask("undo"))
            assert key(driver) == wanted
        driver.send(s.Ask("undo"))
        assert (key(driver), driver.session.notice) == ("c0", "there is nothing to take back")
        assert driver.session.tally == s.Tally()
        assert to_the_end(driver) == ["c0", "c1", "c2", "c3", "c4"]


def test_taking_back_a_suspension_shows_no_card_that_is_not_due(
    deck: Callable[..., Path], clock: Callable[[str], None]
) -> None:
    deck(DECK)
    with driving(limit=1) as driver:
        assert to_the_end(driver) == ["c0"]
    clock("2026-03-03T08:00:00+01:00")
    with driving() as driver:
        card = driver.collection.rows(Filter(ids=("c0",)))[0].card
        driver.collection.mark([card], "suspend")
        driver.send(s.Ask("undo"))
        assert (key(driver), driver.session.notice) == ("c1", "took back suspend for c0")
        assert "c0" not in to_the_end(driver)


def test_what_is_hidden_comes_back_with_undo(deck: Callable[..., Path]) -> None:
    deck(DECK)
    with driving() as driver:
        for how in ("bury", "suspend"):
            driver.send(s.Ask(how))
            assert key(driver) == "c1"
            assert "u takes it back" in driver.session.notice
            driver.send(s.Ask("undo"))
            assert key(driver) == "c0"
        assert to_the_end(driver) == ["c0", "c1", "c2", "c3", "c4"]


def test_two_sessions_at_once_share_the_work(deck: Callable[..., Path]) -> None:
    deck(DECK)
    with driving() as one, driving() as two:
        rate(one, 4)
        assert key(two) == "c0"
        rate(two, 4)
        assert "rated in another session too" in two.session.notice
        assert (key(one), key(two)) == ("c1", "c1")
        rate(one, 4)
        rate(one, 4)
        rate(two, 4)
        assert key(two) == "c3", "what the other session did meanwhile is not asked again"
        assert len(list(one.collection.db.execute("SELECT 1 FROM log"))) == 5


def test_a_story_and_an_approach_are_told_by_their_cards(deck: Callable[..., Path]) -> None:
    deck(
        "## Approach: In which order? {#steps}\n\n1. One.\n2. Two.\n3. Three.\n\n"
        "## Story: I did it {#told}\n\n### Situation\n\nA.\n\n### Task\n\nB.\n\n### Action\n\nC.\n\n### Result\n\nD.\n"
    )
    with driving() as driver:
        assert (key(driver), driver.session.steps, driver.session.timed) == ("steps", 3, False)
        rate(driver, 4)
        assert (key(driver), driver.session.steps, driver.session.timed) == ("told", 0, True)


def test_time_in_the_editor_is_no_thinking_time() -> None:
    session, _ = s.step(s.start(from_items([Item(1, 1, "d", 0)])), s.Begin(1_000))
    session, _ = s.step(session, s.Loaded(1_000))
    session, _ = s.step(session, s.Edited(61_000, None, Item(1, 1, "d", 0), away=58_000))
    session, _ = s.step(session, s.Reveal(62_000))
    _, effects = s.step(session, s.Rate(63_000, 3))
    assert effects == (s.Record(1, 3, 4_000),)
