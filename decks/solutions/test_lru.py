"""Behaviour of an LRU cache, judged through its public methods only."""

import random
from time import process_time

import pytest

# isort: split
from lru import LRUCache

CPU_SECONDS = 10.0  # some fifty times what constant-time operations need


@pytest.mark.parametrize("capacity", [0, -1])
def test_capacity_below_one_is_refused(capacity: int) -> None:
    with pytest.raises(ValueError):
        LRUCache(capacity)


def test_new_cache_is_empty() -> None:
    cache = LRUCache(2)
    assert len(cache) == 0
    assert cache.keys_by_recency() == []


def test_stored_value_is_found() -> None:
    cache = LRUCache(2)
    cache.put("a", 1)
    assert cache.get("a") == 1
    assert len(cache) == 1


def test_missing_key_returns_the_default_and_inserts_nothing() -> None:
    cache = LRUCache(1)
    cache.put("a", 1)
    assert cache.get("b") is None
    assert cache.get("b", "fallback") == "fallback"
    assert len(cache) == 1
    assert cache.keys_by_recency() == ["a"]


@pytest.mark.parametrize("value", [None, 0, "", False, []])
def test_falsy_value_is_a_hit_and_counts_as_a_use(value: object) -> None:
    cache = LRUCache(2)
    cache.put("a", value)
    cache.put("b", 1)
    assert cache.get("a", "fallback") is value
    assert cache.keys_by_recency() == ["a", "b"]


@pytest.mark.parametrize("key", [None, 0, "", ()])
def test_falsy_key_is_an_ordinary_key(key: object) -> None:
    cache = LRUCache(2)
    cache.put(key, "value")
    assert cache.get(key) == "value"
    cache.put("b", 1)
    cache.put("c", 2)
    assert cache.get(key, "gone") == "gone"
    assert cache.keys_by_recency() == ["c", "b"]


def test_least_recently_put_key_is_evicted() -> None:
    cache = LRUCache(2)
    for key in "abc":
        cache.put(key, key.upper())
    assert cache.get("a") is None
    assert cache.get("b") == "B"
    assert cache.get("c") == "C"
    assert len(cache) == 2


def test_get_saves_a_key_from_eviction() -> None:
    cache = LRUCache(2)
    cache.put("a", 1)
    cache.put("b", 2)
    cache.get("a")
    cache.put("c", 3)
    assert cache.get("b") is None
    assert cache.get("a") == 1


def test_put_on_an_existing_key_saves_it_from_eviction() -> None:
    cache = LRUCache(2)
    cache.put("a", 1)
    cache.put("b", 2)
    cache.put("a", 3)
    cache.put("c", 4)
    assert cache.get("b") is None
    assert cache.get("a") == 3
    assert cache.get("c") == 4


def test_failed_get_does_not_change_the_order() -> None:
    cache = LRUCache(2)
    cache.put("a", 1)
    cache.put("b", 2)
    cache.get("missing")
    assert cache.keys_by_recency() == ["b", "a"]


def test_updating_a_key_at_full_capacity_evicts_nothing() -> None:
    cache = LRUCache(2)
    cache.put("a", 1)
    cache.put("b", 2)
    cache.put("b", 20)
    assert len(cache) == 2
    assert cache.get("a") == 1
    assert cache.get("b") == 20


def test_capacity_one_keeps_only_the_last_key() -> None:
    cache = LRUCache(1)
    cache.put("a", 1)
    cache.put("a", 2)
    assert cache.get("a") == 2
    cache.put("b", 3)
    assert cache.get("a") is None
    assert cache.get("b") == 3
    assert cache.keys_by_recency() == ["b"]


def test_evicted_key_can_come_back() -> None:
    cache = LRUCache(1)
    cache.put("a", 1)
    cache.put("b", 2)
    cache.put("a", 3)
    assert cache.get("a") == 3
    assert cache.keys_by_recency() == ["a"]


def test_keys_by_recency_lists_the_most_recent_first_and_is_no_use_itself() -> None:
    cache = LRUCache(3)
    for key in "abc":
        cache.put(key, None)
    assert cache.keys_by_recency() == ["c", "b", "a"]
    assert cache.keys_by_recency() == ["c", "b", "a"]
    cache.put("d", None)
    assert cache.keys_by_recency() == ["d", "c", "b"]


@pytest.mark.parametrize(
    ("used", "order"),
    [("a", ["a", "c", "b"]), ("b", ["b", "c", "a"]), ("c", ["c", "b", "a"])],
)
def test_oldest_middle_and_newest_key_move_to_the_front(used: str, order: list[str]) -> None:
    cache = LRUCache(3)
    for key in "abc":
        cache.put(key, key)
    cache.get(used)
    assert cache.keys_by_recency() == order
    # Evict everything that was there: a link left dangling at either end shows up here.
    for i, key in enumerate("xyz"):
        cache.put(key, key)
        assert cache.keys_by_recency() == [*reversed("xyz"[: i + 1]), *order[: 2 - i]]


def test_two_caches_share_nothing() -> None:
    one, other = LRUCache(2), LRUCache(2)
    one.put("a", 1)
    assert other.get("a") is None
    assert len(other) == 0


@pytest.mark.parametrize("capacity", [1, 2, 3, 7])
def test_random_operations_match_a_plain_list(capacity: int) -> None:
    rng = random.Random(capacity)
    cache = LRUCache(capacity)
    model: list[tuple[int, int]] = []  # most recent first
    for step in range(3000):
        key = rng.randrange(2 * capacity + 1)
        found = [pair for pair in model if pair[0] == key]
        if rng.random() < 0.5:
            assert cache.get(key, "absent") == (found[0][1] if found else "absent")
            entry = found
        else:
            cache.put(key, step)
            entry = [(key, step)]
        if entry:
            model = (entry + [pair for pair in model if pair[0] != key])[:capacity]
        assert len(cache) == len(model)
        assert cache.keys_by_recency() == [pair[0] for pair in model]


class CountedKey:
    comparisons = 0

    def __init__(self, name: int) -> None:
        self.name = name

    def __hash__(self) -> int:
        return hash(self.name)

    def __eq__(self, other: object) -> bool:
        CountedKey.comparisons += 1
        return isinstance(other, CountedKey) and self.name == other.name


def test_operations_on_a_large_cache_stay_constant_time() -> None:
    size = 40_000
    rng = random.Random(1)
    cache = LRUCache(size)
    CountedKey.comparisons = 0
    began = process_time()
    for step in range(3 * size):
        if step < size:
            cache.put(CountedKey(step), step)
        elif step < 2 * size:
            name = rng.randrange(size)
            assert cache.get(CountedKey(name)) == name
        else:
            cache.put(CountedKey(step), step)  # evicts each time
        if step % 500 == 0:
            assert CountedKey.comparisons <= 50 * step, "keys are searched one by one"
            assert process_time() - began < CPU_SECONDS, f"only {step} operations done"
    assert len(cache) == size
