"""Planning for a date: the learner is FSRS, the policies are sane on every deck, and seeing further never does worse."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import fsrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.horizon import Case, Plan, World, simulate
from flashprep.planning.deck import Deck
from flashprep.planning.learner import DEFAULT_PARAMETERS, Learner
from flashprep.planning.policy import expected, greedy, outlook, priced

LEARNER = Learner()
NOON = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)  # noqa: UP017 - py-fsrs compares with timezone.utc


def scheduler() -> fsrs.Scheduler:
    return fsrs.Scheduler(learning_steps=[], relearning_steps=[], enable_fuzzing=False)


def visited(*ratings: tuple[int, int]) -> fsrs.Card:
    """Return a card of py-fsrs after reviews, given as (day, rating)."""
    card = fsrs.Card(card_id=1, due=NOON)
    for day, rating in ratings:
        card, _ = scheduler().review_card(card, fsrs.Rating(rating), NOON + timedelta(days=day))
    return card


def test_the_parameters_are_those_of_py_fsrs() -> None:
    assert pytest.approx(fsrs.scheduler.DEFAULT_PARAMETERS) == DEFAULT_PARAMETERS


@pytest.mark.parametrize("rating", [1, 2, 3, 4])
def test_the_first_visit_is_that_of_fsrs_with_its_steps(rating: int) -> None:
    steps = {1: 2, 2: 2, 3: 1, 4: 0}[rating]
    card = visited((0, rating), *[(0, 3)] * steps)
    s, d = LEARNER.first()
    assert (s[rating - 1], d[rating - 1]) == pytest.approx((card.stability, card.difficulty))


@pytest.mark.parametrize("rating", [1, 2, 3, 4])
@pytest.mark.parametrize("days", [1, 7, 60])
def test_a_later_visit_is_that_of_fsrs(rating: int, days: int) -> None:
    before = visited((0, 3), (0, 3), (4, 3))
    s, d = np.array(before.stability), np.array(before.difficulty)
    recall = LEARNER.recall(s, np.array(float(days)))
    assert float(recall) == pytest.approx(
        scheduler().get_card_retrievability(before, NOON + timedelta(days=4 + days)), rel=1e-9
    )
    after = visited((0, 3), (0, 3), (4, 3), (4 + days, rating), *([(4 + days, 3)] if rating == 1 else []))
    found = LEARNER.lapsed(s, d, recall) if rating == 1 else LEARNER.passed(s, d, recall, rating)
    assert (float(found[0]), float(found[1])) == pytest.approx((after.stability, after.difficulty))


@st.composite
def decks(draw: st.DrawFn) -> Deck:
    count = draw(st.integers(0, 12))
    seen = draw(st.lists(st.booleans(), min_size=count, max_size=count))
    s = [draw(st.floats(0.01, 5000)) if one else 0.0 for one in seen]
    d = [draw(st.floats(1, 10)) if one else 0.0 for one in seen]
    e = [float(draw(st.integers(1, 400))) if one else 0.0 for one in seen]
    return Deck(np.array(s), np.array(d), np.array(e))


@settings(max_examples=60, deadline=None)
@given(decks(), st.integers(0, 9), st.floats(0, 4000))
def test_on_every_deck_the_order_is_one_of_its_cards(deck: Deck, days: int, seconds: float) -> None:
    for choice in (greedy(deck, days, LEARNER), priced(deck, days, [seconds] * days, LEARNER, rounds=3)):
        assert len(set(choice.order)) == len(choice.order)
        assert set(choice.order) <= set(range(len(deck.stability)))
        assert np.isfinite(choice.gain).all()
    now = expected(deck, days, LEARNER)
    assert ((now >= 0) & (now <= 1)).all()


def test_the_same_deck_gives_the_same_order() -> None:
    deck = Deck(np.array([3.0, 0, 20, 0.5]), np.array([5.0, 0, 2, 9]), np.array([2.0, 0, 9, 1]))
    assert priced(deck, 14, [600] * 14, LEARNER).order == priced(deck, 14, [600] * 14, LEARNER).order


def test_a_day_off_has_no_cards_and_leaves_the_others_theirs() -> None:
    deck = Deck(np.zeros(40), np.zeros(40), np.zeros(40))
    assert priced(deck, 5, [0, 600, 600, 600, 600], LEARNER).order == []
    assert priced(deck, 5, [600, 0, 0, 0, 0], LEARNER).order != []


def test_a_card_that_is_as_good_as_known_waits_behind_one_that_is_nearly_lost() -> None:
    deck = Deck(np.array([900.0, 4.0]), np.array([3.0, 5.0]), np.array([1.0, 9.0]))
    for choice in (greedy(deck, 10, LEARNER), priced(deck, 10, [600] * 10, LEARNER)):
        assert choice.order[0] == 1


def test_on_the_day_itself_there_is_still_an_order() -> None:
    deck = Deck(np.array([4.0, 0]), np.array([5.0, 0]), np.array([3.0, 0]))
    assert greedy(deck, 0, LEARNER).order == priced(deck, 0, [], LEARNER).order == [1, 0]


def test_seeing_further_is_better_than_greed_on_a_small_case() -> None:
    """The small version of ``python -m bench horizon``, with the same seeds for both."""
    case = Case(20, 5, 60)
    priced_score, greedy_score = (
        np.mean([simulate(case, seed, Plan(name), LEARNER) for seed in range(8)]) for name in ("priced", "greedy")
    )
    assert priced_score > greedy_score


def test_cards_may_count_on_different_days() -> None:
    """With two dates, a card of the nearer one is as if there were no other, where there is time for all."""
    deck = Deck(np.array([3.0, 0, 20, 3.0]), np.array([5.0, 0, 2, 5.0]), np.array([2.0, 0, 9, 2.0]))
    days = np.array([3, 3, 12, 12])
    both = priced(deck, days, [3000] * 12, LEARNER)
    assert set(both.order) <= {0, 1, 2, 3} and len(both.prices) == 12
    near = priced(deck.part(days == 3), 3, [3000] * 3, LEARNER)
    assert both.gain[:2] == pytest.approx(near.gain, abs=1e-4)
    now = expected(deck, days, LEARNER)
    assert now[0] > now[3] > 0 and now[1] == 0
    assert 1 in greedy(deck, days, LEARNER).order


def test_the_outlook_is_what_the_simulation_comes_to() -> None:
    case = Case(14, 10, 120)
    empty = Deck(np.zeros(case.cards), np.zeros(case.cards), np.zeros(case.cards))
    found = outlook(empty, case.days, [600] * case.days, LEARNER)
    true = np.mean([simulate(case, seed, Plan("priced"), LEARNER) for seed in range(4)])
    assert found.recall.mean() == pytest.approx(true, abs=0.03)
    assert found.seen.mean() == pytest.approx(1, abs=0.01)


def test_the_outlook_says_how_many_cards_will_not_be_seen() -> None:
    empty = Deck(np.zeros(500), np.zeros(500), np.zeros(500))
    found = outlook(empty, 14, [600] * 14, LEARNER)
    assert found.seen.mean() * 500 == pytest.approx(14 * 600 / 40, rel=0.05)  # each of them takes 40 s
    assert (outlook(empty, 0, [], LEARNER).recall == 0).all()


def test_prices_of_many_cards_are_found_with_a_part_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    count = 900
    deck = Deck(np.exp(rng.normal(2, 1, count)), rng.uniform(3, 8, count), rng.integers(1, 30, count).astype(float))
    part = priced(deck, 8, [1200] * 8, LEARNER)
    monkeypatch.setattr("flashprep.planning.policy._ENOUGH", 10_000)
    whole = priced(deck, 8, [1200] * 8, LEARNER)
    assert part.prices == pytest.approx(whole.prices, rel=0.15)
    assert len(set(part.order[:60]) & set(whole.order[:60])) >= 55


def test_the_fields_of_a_plan_say_what_a_visit_costs() -> None:
    deck = Deck(np.array([3.0, 0]), np.array([5.0, 0]), np.array([2.0, 0]))
    for choice in (greedy(deck, 5, LEARNER), priced(deck, 5, [600] * 5, LEARNER)):
        recall = float(LEARNER.recall(np.array(3.0), np.array(2.0)))
        assert choice.cost == pytest.approx([recall * 20 + (1 - recall) * 40, 40])


def test_new_cards_come_early_where_there_is_time() -> None:
    case = Case(20, 10, 60)
    world = World(case, 1, LEARNER)
    prices, seen = None, []
    for day in range(case.days):
        days, seconds = case.days - day, case.minutes * 60
        choice = priced(world.deck(day), days, [seconds] * days, LEARNER, prices)
        prices = choice.prices[1:]
        for card in choice.order:
            if seconds < LEARNER.costs.passed:
                break
            seconds -= world.visit(card, day)
        seen.append(int((world.s > 0).sum()))
    assert seen[case.days // 2 - 1] == case.cards, seen
