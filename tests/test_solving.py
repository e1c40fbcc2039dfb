"""Solving in the review without a screen: the verdict proposes, the user decides, and the sibling waits."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashprep import session as s
from flashprep.memory.queue import Counts, Item, Limits, build, from_items
from flashprep.memory.schedule import Scheduler
from flashprep.memory.state import NEW, Entry, Nature, Rating, Settings, State
from flashprep.session import Phase, Session, proposed, step

T = 1_772_434_800_000  # an instant, epoch ms
MINUTE = 60_000
GOAL = 20 * MINUTE
RECALL, EXERCISE, OTHER = Item(1, 7, "A", State.NEW), Item(2, 7, "A", State.NEW, exercise=1), Item(3, 8, "A", State.NEW)


def play(session: Session, *events: s.Event) -> Session:
    for event in events:
        session, _ = step(session, event)
    return session


def shown(*items: Item) -> Session:
    """A session with the first card on the screen, an exercise if it is one."""
    return play(s.start(from_items(items)), s.Begin(T), s.Loaded(T, 0, False, bool(items[0].exercise)))


def solved(passed: bool | None = True, minutes: float = 15, item: Item | None = EXERCISE, **more: Any) -> s.Solved:
    return s.Solved(T, item, passed, int(minutes * MINUTE), GOAL, **more)


# -- what a verdict proposes


@pytest.mark.parametrize(
    ("passed", "helped", "minutes", "rating"),
    [
        (False, False, 1, Rating.AGAIN),
        (False, True, 90, Rating.AGAIN),
        (True, True, 1, Rating.HARD),
        (True, False, 21, Rating.HARD),
        (True, False, 20, Rating.GOOD),
        (True, False, 11, Rating.GOOD),
        (True, False, 10, Rating.EASY),
        (True, False, 0, Rating.EASY),
    ],
)
def test_the_verdict_and_the_time_propose_a_rating(passed: bool, helped: bool, minutes: int, rating: Rating) -> None:
    assert proposed(passed, helped, minutes * MINUTE, GOAL) == rating


@given(st.booleans(), st.integers(0, 10**8), st.integers(0, 10**8), st.integers(MINUTE, 600 * MINUTE))
def test_more_time_never_proposes_a_better_rating(helped: bool, one: int, other: int, goal: int) -> None:
    quick, slow = sorted((one, other))
    assert (
        proposed(True, helped, quick, goal) >= proposed(True, helped, slow, goal) > proposed(False, helped, quick, goal)
    )


# -- solving an exercise


def test_the_first_try_is_on_a_fresh_starter_and_the_next_goes_on_in_it() -> None:
    session, effects = step(shown(EXERCISE), s.Ask("solve"))
    assert effects == (s.Solve(2, fresh=True, edit=True),)
    session = play(session, solved(False))
    assert (session.phase, session.suggested) == (Phase.PROMPT, None), "the answer is not given away"
    assert step(session, s.Ask("solve"))[1] == (s.Solve(2, fresh=False, edit=True),)
    assert step(session, s.Ask("test"))[1] == (s.Solve(2, fresh=False, edit=False),)


def test_there_is_nothing_to_test_before_the_first_try() -> None:
    assert step(shown(EXERCISE), s.Ask("test")) == (shown(EXERCISE), ())


def test_a_pass_shows_the_answer_and_proposes_a_rating_which_the_user_may_override() -> None:
    session = play(shown(EXERCISE), solved(minutes=15))
    assert (session.phase, session.suggested) == (Phase.ANSWER, Rating.GOOD)
    _, effects = step(session, s.Rate(T, Rating.EASY))
    assert effects == (s.Record(2, Rating.EASY, 15 * MINUTE),)


def test_giving_up_proposes_again() -> None:
    session = play(shown(EXERCISE), solved(False), s.Reveal(T))
    assert (session.phase, session.suggested) == (Phase.ANSWER, Rating.AGAIN)


def test_a_pass_after_the_answer_was_shown_is_hard() -> None:
    session = play(shown(EXERCISE), solved(False), s.Reveal(T), solved(minutes=2))
    assert session.suggested == Rating.HARD
    assert play(shown(EXERCISE), s.Reveal(T), solved(minutes=2)).suggested == Rating.HARD


def test_a_pass_after_the_reference_was_shown_elsewhere_is_hard() -> None:
    assert play(shown(EXERCISE), solved(minutes=2, helped=True)).suggested == Rating.HARD


def test_the_first_pass_counts_whatever_is_tried_afterwards() -> None:
    session = play(shown(EXERCISE), solved(minutes=5), solved(False, minutes=40))
    assert session.suggested == Rating.EASY
    assert step(session, s.Rate(T, 4))[1] == (s.Record(2, 4, 5 * MINUTE),)


def test_tests_that_could_not_judge_change_nothing_but_say_so() -> None:
    session = play(shown(EXERCISE), solved(None, notice="there is no editor"))
    assert (session.phase, session.solving, session.notice) == (Phase.PROMPT, None, "there is no editor")
    assert step(session, s.Ask("solve"))[1] == (s.Solve(2, fresh=True, edit=True),)


def test_an_exercise_that_nobody_tried_is_rated_by_hand() -> None:
    session = play(shown(EXERCISE), s.Reveal(T + MINUTE))
    assert session.suggested is None
    assert step(session, s.Rate(T + MINUTE, 1))[1] == (s.Record(2, 1, MINUTE),)


def test_a_night_over_an_open_editor_does_not_count() -> None:
    session = play(shown(EXERCISE), solved(minutes=600))
    assert step(session, s.Rate(T, 2))[1] == (s.Record(2, 2, s.LONGEST_SOLVED_MS),)


# -- solving from the card that asks for the approach


def test_solving_from_its_sibling_swaps_the_cards_and_the_sibling_waits() -> None:
    session, effects = step(shown(RECALL, OTHER, EXERCISE), s.Ask("solve"))
    assert effects == (s.Solve(1, fresh=True, edit=True),)
    session, effects = step(session, solved(minutes=4))
    assert effects == (s.Load(2),)
    session = play(session, s.Loaded(T, 0, False, True))
    assert (session.item, session.phase, session.suggested) == (EXERCISE, Phase.ANSWER, Rating.EASY)
    assert session.queue == from_items([OTHER]), "neither it nor its sibling comes again today"


def test_a_failure_from_its_sibling_leaves_the_answer_hidden() -> None:
    session = play(shown(RECALL, OTHER), solved(False), s.Loaded(T, 0, False, True))
    assert (session.item, session.phase) == (EXERCISE, Phase.PROMPT)
    assert play(session, solved(minutes=4)).suggested == Rating.EASY


def test_solving_from_a_sibling_whose_answer_was_shown_is_hard() -> None:
    session = play(shown(RECALL, OTHER), s.Reveal(T), solved(minutes=4), s.Loaded(T, 0, False, True))
    assert session.suggested == Rating.HARD


def test_the_next_card_starts_without_a_verdict() -> None:
    session = play(shown(EXERCISE, OTHER), solved(), s.Recorded(T, 3, 1, NEW._replace(state=State.REVIEW)), s.Loaded(T))
    assert (session.item, session.solving, session.exercise) == (OTHER, None, False)


# -- when exercises come


def queue_of(*items: Item, limits: Limits, done: int = 0) -> list[int]:
    queue = build(items, 20_000, limits, set(), {}, done)
    return [item.card for item in queue.main]


def exercise(card: int, state: State = State.NEW, due: int = 20_000) -> Item:
    return Item(card, card, "A", state, due if state else 0, exercise=1)


def test_exercises_come_after_everything_else() -> None:
    items = [exercise(1, State.REVIEW), exercise(2), Item(3, 3, "A", State.NEW), Item(4, 4, "A", State.REVIEW, 20_000)]
    order = queue_of(*items, limits=Limits())
    assert set(order[:2]) == {3, 4} and order[2:] == [1, 2]


@pytest.mark.parametrize(("most", "done", "left"), [(1, 0, 1), (1, 1, 0), (3, 1, 2), (0, 0, 0), (9, 0, 4)])
def test_only_so_many_exercises_are_new_on_a_day(most: int, done: int, left: int) -> None:
    items = [exercise(card) for card in range(4)]
    assert len(queue_of(*items, limits=Limits(exercises=most), done=done)) == left


def test_new_exercises_count_as_new_cards() -> None:
    items = [exercise(1), *(Item(card, card, "A", State.NEW) for card in range(2, 9))]
    queue = build(items, 20_000, Limits(new=3, exercises=2), set(), {}, 0)
    assert queue.counts == Counts(3, 0, 0)


def test_an_exercise_never_comes_again_on_the_same_day() -> None:
    scheduler = Scheduler(Settings()).of(Nature(1, exercise=True))
    for memory in scheduler.preview(NEW, 20_000, T, 1):
        assert memory.state == State.REVIEW and memory.due_day > 20_000 and not memory.due_at
    once = scheduler.apply(NEW, Entry("review", 3, 20_000, T), 1)
    lapsed = scheduler.apply(once, Entry("review", 1, once.due_day, T + 1), 1)
    assert (lapsed.state, lapsed.lapses, lapsed.due_day > once.due_day) == (State.REVIEW, 1, True)
