"""The queue of a study day: what comes first, what the limits let in, and that no card is lost or doubled on the way."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flashprep.collection import Collection
from flashprep.memory.queue import LEARN_AHEAD_MS, Counts, Item, Limits, Queue, build, from_items, spread
from flashprep.memory.state import State
from flashprep.store.queries import Filter

TODAY = 20_000
NOW = 1_750_000_000_000
MINUTE = 60_000
MANY = Limits(9999, 9999)


def new(card: int, note: int = 0, deck: str = "A") -> Item:
    return Item(card, note or card, deck, State.NEW)


def due(card: int, note: int = 0, deck: str = "A", day: int = TODAY) -> Item:
    return Item(card, note or card, deck, State.REVIEW, day)


def learning(card: int, at: int, note: int = 0, state: int = State.LEARNING, deck: str = "A") -> Item:
    return Item(card, note or card, deck, state, TODAY, at)


def queue_of(*items: Item, limits: Limits = MANY, seen: set[int] | None = None, done: Any = None) -> Queue:
    return build(items, TODAY, limits, seen or set(), done or {})


def drawn(queue: Queue, now: int = NOW) -> list[int]:
    """Draw everything there is at an instant."""
    cards = []
    while True:
        item, queue = queue.draw(now)
        if item is None:
            return cards
        cards.append(item.card)


# -- the order


def test_learning_cards_come_as_they_fall_due_and_before_everything_else() -> None:
    queue = queue_of(new(1), due(2), learning(3, NOW - 1), learning(4, NOW - 5 * MINUTE, state=State.RELEARNING))
    assert drawn(queue)[:2] == [4, 3]


def test_a_learning_card_comes_between_reviews_at_the_moment_it_falls_due() -> None:
    queue = queue_of(due(1), due(2), due(3), learning(9, NOW + 2 * MINUTE))
    first, queue = queue.draw(NOW)
    second, queue = queue.draw(NOW + 2 * MINUTE)
    assert first is not None and first.card in (1, 2, 3)
    assert second is not None and second.card == 9


def test_with_nothing_else_left_a_learning_card_comes_up_to_twenty_minutes_early() -> None:
    queue = queue_of(due(1), learning(9, NOW + LEARN_AHEAD_MS), learning(10, NOW + LEARN_AHEAD_MS + 1))
    assert LEARN_AHEAD_MS == 20 * MINUTE
    assert drawn(queue) == [1, 9]
    assert drawn(queue, NOW + 1) == [1, 9, 10]


def test_what_waits_for_later_is_still_counted_and_its_time_is_known() -> None:
    queue = queue_of(learning(9, NOW + 60 * MINUTE))
    item, after = queue.draw(NOW)
    assert (item, after) == (None, queue)
    assert queue.counts == Counts(0, 1, 0)
    assert queue.next_learning == NOW + 60 * MINUTE
    assert from_items([]).next_learning == 0


def test_a_card_with_a_learning_step_of_days_comes_before_the_reviews() -> None:
    long_step = Item(5, 5, "A", State.LEARNING, TODAY - 1)
    tomorrow = Item(6, 6, "A", State.LEARNING, TODAY + 1)
    assert drawn(queue_of(due(1), long_step, tomorrow)) == [5, 1]


def test_reviews_come_by_the_day_they_fell_due() -> None:
    queue = queue_of(due(1, day=TODAY), due(2, day=TODAY - 9), due(3, day=TODAY - 3), due(4, day=TODAY + 1))
    assert drawn(queue) == [2, 3, 1]


def test_reviews_of_one_day_are_mixed_the_same_way_all_day_and_another_way_the_next() -> None:
    items = [due(card, day=TODAY - 1) for card in range(1, 41)]
    today = [item.card for item in build(items, TODAY, MANY, set(), {}).main]
    again = [item.card for item in build(reversed(items), TODAY, MANY, set(), {}).main]
    tomorrow = [item.card for item in build(items, TODAY + 1, MANY, set(), {}).main]
    assert today == again
    assert today != sorted(today) and today != tomorrow
    assert sorted(today) == sorted(tomorrow)


def test_new_cards_keep_the_order_they_are_given_in() -> None:
    queue = queue_of(new(7), due(1), new(3), due(2), new(5))
    assert [card for card in drawn(queue) if card in (3, 5, 7)] == [7, 3, 5]


def test_new_cards_are_spread_evenly_among_the_reviews() -> None:
    reviews, fresh = [due(n) for n in range(1, 13)], [new(n) for n in range(101, 104)]
    places = [index for index, item in enumerate(spread(reviews, fresh)) if item.state == State.NEW]
    assert places == [3, 7, 11]
    assert spread([], fresh) == fresh
    assert spread(reviews, []) == reviews


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 60), st.integers(0, 60))
def test_spreading_loses_and_doubles_nothing_and_keeps_both_orders(many: int, few: int) -> None:
    reviews, fresh = [due(n) for n in range(many)], [new(n) for n in range(1000, 1000 + few)]
    mixed = spread(list(reviews), list(fresh))
    assert [item for item in mixed if item.state == State.REVIEW] == reviews
    assert [item for item in mixed if item.state == State.NEW] == fresh
    places = [-1, *(at for at, item in enumerate(mixed) if item.state == State.NEW), len(mixed)]
    gaps = [after - before - 1 for before, after in pairwise(places)]
    assert max(gaps) - min(gaps) <= 1


# -- limits


def test_the_limits_of_the_day_hold_over_all_decks() -> None:
    items = [*(new(n, deck=f"D{n % 3}") for n in range(1, 40)), *(due(n, deck=f"D{n % 3}") for n in range(100, 140))]
    assert queue_of(*items, limits=Limits(5, 7)).counts == Counts(5, 0, 7)
    assert queue_of(*items, limits=Limits(0, 0)).counts == Counts(0, 0, 0)


def test_learning_cards_come_whatever_the_limits_say() -> None:
    queue = queue_of(learning(1, NOW), Item(2, 2, "A", State.LEARNING, TODAY), due(3), new(4), limits=Limits(0, 0))
    assert drawn(queue) == [1, 2]


def test_what_was_done_today_counts_against_the_limits() -> None:
    items = [*(new(n) for n in range(1, 9)), *(due(n) for n in range(11, 19))]
    assert queue_of(*items, limits=Limits(5, 6), done={"A": (2, 1), "B": (1, 1)}).counts == Counts(2, 0, 4)
    assert queue_of(*items, limits=Limits(5, 6), done={"A": (9, 9)}).counts == Counts(0, 0, 0)


def test_a_deck_has_limits_of_its_own_below_those_of_the_day() -> None:
    items = [*(new(n) for n in range(1, 9)), *(new(n, deck="B") for n in range(11, 19))]
    queue = queue_of(*items, limits=Limits(10, 99, {"A": (3, None)}))
    assert sum(item.deck == "A" for item in queue.main) == 3
    assert sum(item.deck == "B" for item in queue.main) == 7


def test_a_deck_without_a_limit_of_one_sort_has_only_that_of_the_day() -> None:
    items = [*(new(n) for n in range(1, 9)), *(due(n) for n in range(11, 19))]
    queue = queue_of(*items, limits=Limits(5, 6, {"A": (None, 2)}))
    assert queue.counts == Counts(5, 0, 2)


def test_the_limit_of_a_deck_counts_its_subdecks_too() -> None:
    items = [
        *(new(n, deck="Design") for n in range(1, 4)),
        *(new(n, deck="Design::Feeds") for n in range(11, 14)),
        *(new(n, deck="Design::Feeds::Ranking") for n in range(21, 24)),
        *(new(n, deck="Designer") for n in range(31, 34)),
    ]
    limits = Limits(99, 99, {"Design": (5, None), "Design::Feeds": (1, None)})
    decks = [item.deck for item in queue_of(*items, limits=limits).main]
    assert decks.count("Design") == 3
    assert decks.count("Design::Feeds") + decks.count("Design::Feeds::Ranking") == 1
    assert decks.count("Designer") == 3
    done = {"Design::Feeds::Ranking": (1, 0)}
    decks = [item.deck for item in queue_of(*items, limits=limits, done=done).main]
    assert "Design::Feeds" not in decks and "Design::Feeds::Ranking" not in decks
    assert decks.count("Design") == 3


def test_a_card_that_its_own_deck_refuses_takes_no_room_from_the_others() -> None:
    items = [new(1, deck="A"), new(2, deck="A"), new(3, deck="B"), new(4, deck="B")]
    assert drawn(queue_of(*items, limits=Limits(2, 9, {"A": (0, None)}))) == [3, 4]


# -- siblings


def test_one_card_of_a_note_a_day() -> None:
    assert drawn(queue_of(new(1, note=7), new(2, note=7), new(3))) == [1, 3]
    assert sorted(drawn(queue_of(due(1, note=7), new(2, note=7), new(3)))) == [1, 3]
    assert drawn(queue_of(new(2, note=7), learning(1, NOW, note=7))) == [1]


def test_a_note_that_was_seen_today_waits_until_tomorrow_but_its_learning_card_does_not() -> None:
    items = [new(1, note=7), due(2, note=7), learning(3, NOW, note=7), new(4)]
    assert drawn(queue_of(*items, seen={7})) == [3, 4]


def test_a_sibling_that_is_hidden_takes_no_room_from_the_limit() -> None:
    items = [new(1, note=7), new(2, note=7), new(3, note=8)]
    assert drawn(queue_of(*items, limits=Limits(2, 0))) == [1, 3]


def test_siblings_that_are_both_being_learned_both_come() -> None:
    assert drawn(queue_of(learning(1, NOW, note=7), learning(2, NOW, note=7))) == [1, 2]


# -- changing a queue


def test_taking_out_a_card_takes_out_its_siblings_but_none_that_is_being_learned() -> None:
    queue = from_items([due(1, note=7), due(2, note=7), new(3)], [learning(4, NOW, note=7), learning(5, NOW)])
    after = queue.without(due(1, note=7))
    assert drawn(after) == [4, 5, 3]
    assert after.counts == Counts(1, 2, 0)
    assert drawn(queue.without(learning(5, NOW))) == [4, 1, 2, 3]


def test_a_card_is_taken_out_also_when_its_note_has_another_number_now() -> None:
    """A deck that was read again gives its notes new numbers; a card keeps its own."""
    queue = from_items([due(1, note=70), due(2, note=80)])
    assert drawn(queue.without(due(1, note=7))) == [2]


def test_a_card_that_failed_goes_behind_everything_that_is_not_being_learned() -> None:
    queue = from_items([new(1), new(2)]).put_last(new(3))
    assert drawn(queue) == [1, 2, 3]
    assert queue.counts == Counts(3, 0, 0)


def test_a_learning_card_is_put_where_its_time_is() -> None:
    queue = from_items([], [learning(1, NOW), learning(3, NOW + 2)])
    assert drawn(queue.put_learning(learning(2, NOW + 1))) == [1, 2, 3]
    assert drawn(queue.put_learning(learning(4, NOW + 2))) == [1, 3, 4]


# -- at most so many cards


def test_a_limit_keeps_the_first_cards_as_they_would_be_drawn() -> None:
    queue = from_items([due(1), new(2), due(3)], [learning(4, NOW - 1), learning(5, NOW + 5 * MINUTE)])
    assert [drawn(queue.cut(limit, NOW)) for limit in range(6)] == [
        [],
        [4],
        [4, 1],
        [4, 1, 2],
        [4, 1, 2, 3],
        [4, 1, 2, 3, 5],
    ]


def test_a_limit_never_takes_away_a_card_that_was_shown() -> None:
    queue = from_items([due(1), new(2)], [learning(4, NOW + 1), learning(5, NOW + 2)])
    assert drawn(queue.cut(0, NOW, {5})) == [5]
    assert drawn(queue.cut(1, NOW, {5, 4, 99})) == [1, 4, 5]


# -- properties

states = st.sampled_from(list(State))
decks = st.sampled_from(("A", "A::B", "A::B::C", "D", ""))


@st.composite
def items(draw: st.DrawFn) -> list[Item]:
    """Draw cards of all sorts, each card once, several to a note."""
    found = []
    for card in range(draw(st.integers(0, 25))):
        state = draw(states)
        day = 0 if state == State.NEW else TODAY + draw(st.integers(-30, 2))
        at = NOW + draw(st.integers(-60, 60)) * MINUTE if state in (1, 3) and draw(st.booleans()) else 0
        found.append(Item(card, draw(st.integers(1, 12)), draw(decks), state, TODAY if at else day, at))
    return found


some = st.none() | st.integers(0, 6)
limits = st.builds(
    Limits, st.integers(0, 15), st.integers(0, 15), st.dictionaries(decks.filter(bool), st.tuples(some, some))
)
dones = st.dictionaries(decks, st.tuples(st.integers(0, 5), st.integers(0, 5)))


def recounted(queue: Queue) -> Counts:
    return from_items(queue.main[queue.at :], queue.learning).counts


@settings(max_examples=200, deadline=None)
@given(items(), limits, st.sets(st.integers(1, 12), max_size=4), dones)
def test_a_queue_holds_no_card_twice_none_too_early_and_no_more_than_the_limits(
    found: list[Item], limit: Limits, seen: set[int], done: dict[str, tuple[int, int]]
) -> None:
    queue = build(found, TODAY, limit, seen, done)
    whole = [*queue.main, *queue.learning]
    assert len({item.card for item in whole}) == len(whole)
    assert set(whole) <= set(found)
    assert queue.counts == recounted(queue)
    assert set(queue.learning) == {item for item in found if item.due_at}, "learning cards always come"
    assert all(item.due_day <= TODAY for item in queue.main)
    notes = [item.note for item in queue.main]
    assert len(set(notes)) == len(notes)
    assert not set(notes) & (seen | {item.note for item in queue.learning})
    for deck, (most_new, most_reviews) in {"": (limit.new, limit.reviews), **limit.decks}.items():
        within = [item for item in queue.main if not deck or item.deck == deck or item.deck.startswith(f"{deck}::")]
        counted = [pair for name, pair in done.items() if not deck or name == deck or name.startswith(f"{deck}::")]
        for state, which, most in ((State.NEW, 0, most_new), (State.REVIEW, 1, most_reviews)):
            if most is not None:
                room = max(0, most - sum(pair[which] for pair in counted))
                assert sum(item.state == state for item in within) <= room


@settings(max_examples=100, deadline=None)
@given(items(), st.sets(st.integers(1, 12), max_size=4))
def test_without_limits_a_card_is_left_out_only_for_a_sibling_or_for_its_day(found: list[Item], seen: set[int]) -> None:
    queue = build(found, TODAY, MANY, seen, {})
    inside = {item.card for item in (*queue.main, *queue.learning)}
    notes = {item.note for item in (*queue.main, *queue.learning)}
    for item in found:
        if item.card not in inside:
            assert item.due_day > TODAY or item.note in notes | seen


moves = st.lists(
    st.tuples(st.sampled_from(("draw", "later", "learn", "last", "without", "cut")), st.integers(0, 40)), max_size=30
)


@settings(max_examples=200, deadline=None)
@given(items(), moves)
def test_whatever_is_done_to_a_queue_its_counts_stay_right_and_no_card_is_lost_or_doubled(
    found: list[Item], steps: list[tuple[str, int]]
) -> None:
    queue = build(found, TODAY, MANY, set(), {})
    now, hand = NOW, [Item(1000, 1000, "A", State.NEW)]
    everything = {item.card for item in (*queue.main, *queue.learning)} | {1000}
    for move, number in steps:
        if move == "draw":
            item, queue = queue.draw(now)
            hand += [item] if item else []
        elif move == "later":
            now += number * MINUTE
        elif move == "learn" and hand:
            queue = queue.put_learning(hand.pop()._replace(state=State.LEARNING, due_at=now + number * MINUTE))
        elif move == "last" and hand:
            queue = queue.put_last(hand.pop())
        elif move == "without" and queue.main[queue.at :]:
            item = queue.main[queue.at :][number % len(queue.main[queue.at :])]
            before = [*queue.main[queue.at :], *queue.learning]
            queue = queue.without(item)
            after = {other.card for other in (*queue.main, *queue.learning)}
            gone = [other for other in before if other.card not in after]
            assert item in gone and all(other.note == item.note for other in gone)
            everything -= {other.card for other in gone}
        elif move == "cut":
            before = [*queue.main[queue.at :], *queue.learning]
            queue = queue.cut(number, now)
            assert queue.counts.total == min(number, len(before))
            everything -= {other.card for other in before} - {other.card for other in (*queue.main, *queue.learning)}
        assert queue.counts == recounted(queue)
        assert [item.due_at for item in queue.learning] == sorted(item.due_at for item in queue.learning)
        now_there = [item.card for item in (*queue.main[queue.at :], *queue.learning, *hand)]
        assert sorted(now_there) == sorted(everything)


# -- the queue of a real collection

FOUR = "".join(
    f"## Question: Question {n} of the deck? {{#q{n}}}\n\nAnswer {n}.\n\n### Testing\n\nListening for {n}.\n\n"
    for n in range(4)
)


def names(collection: Collection, **options: Any) -> list[str]:
    queue = collection.queue(Filter(), **options)
    rows = {row.card: row.key for row in collection.rows(Filter())}
    return [rows[card] for card in drawn(queue, collection.now().ms)]


def test_a_day_with_siblings_limits_and_learning_cards(
    home: Path, deck: Callable[..., Path], clock: Callable[[str], None]
) -> None:
    (home / "config.toml").write_text("built_in_decks = false\nnew_per_day = 3\n")
    deck(FOUR)
    with Collection() as collection:
        cards = {row.key: row.card for row in collection.rows(Filter())}
        assert names(collection) == ["q0", "q1", "q2"]
        collection.rate(cards["q0"], 4, 1000)
        assert names(collection) == ["q1", "q2"], "its sibling waits, and one of three new cards is done"
        collection.rate(cards["q1"], 3, 1000)
        assert collection.queue(Filter()).counts == Counts(1, 1, 0)
        collection.mark([cards["q2"]], "bury")
        assert names(collection) == ["q2/testing", "q1"]
        collection.mark([cards["q1"]], "bury")
        assert names(collection) == ["q2/testing"]
        clock("2026-03-03T08:00:00+01:00")
        assert names(collection) == ["q1", "q0/testing", "q2", "q3"], "what was buried and what waited is back"
        assert names(collection, new=1) == ["q1", "q0/testing"]
        assert names(collection, new=0) == ["q1"]
        collection.mark([cards["q1"]], "suspend")
        clock("2026-03-20T08:00:00+01:00")
        assert "q0" in names(collection), "its day has come"
        assert "q1" not in names(collection) and "q1/testing" in names(collection)


def test_limits_of_decks_from_the_config_file(home: Path, deck: Callable[..., Path]) -> None:
    (home / "config.toml").write_text(
        'built_in_decks = false\n[decks."Caching"]\nnew_per_day = 1\n[decks."Caching::Redis"]\nnew_per_day = 9\n'
    )
    deck("---\ndeck: Caching::Redis\n---\n" + FOUR, "redis.md")
    deck("---\ndeck: Queues\n---\n" + FOUR.replace("#q", "#k"), "queues.md")
    with Collection() as collection:
        found = names(collection)
    assert sum(name.startswith("q") for name in found) == 1
    assert sum(name.startswith("k") for name in found) == 4


@pytest.mark.parametrize(("option", "cards"), [("2", 2), ("1", 1), ("99", 4)])
def test_at_most_so_many_cards_in_a_session(
    deck: Callable[..., Path], run: Callable[..., Any], option: str, cards: int
) -> None:
    deck(FOUR)
    run("review", "--id", "q3", input="3\n", ok=True)  # in learning, and due again in ten minutes
    done = run(
        "review", "--limit", option, input="4\n" * 9, env={"FLASHPREP_NOW": "2026-03-02T08:11:00+01:00"}, ok=True
    )
    assert f"on {cards} card" in done.out


def test_cramming_shows_everything_weakest_first_and_changes_nothing(
    deck: Callable[..., Path], clock: Callable[[str], None]
) -> None:
    deck(FOUR)
    with Collection() as collection:
        cards = {row.key: row.card for row in collection.rows(Filter())}
        collection.rate(cards["q1"], 4, 1000)
        collection.rate(cards["q2"], 1, 1000)
        collection.mark([cards["q3"]], "suspend")
        clock("2026-03-04T08:00:00+01:00")
        found = names(collection, cram=True)
        assert found[:2] == ["q2", "q1"]
        assert sorted(found) == sorted(set(cards) - {"q3"})
