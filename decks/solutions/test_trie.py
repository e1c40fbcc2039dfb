"""Behaviour of a trie, judged through its public methods only."""

import random
from collections.abc import Iterable
from time import process_time

import pytest

# isort: split
from trie import Trie

CPU_SECONDS = 10.0  # some fifty times what the right complexity class needs


def trie_of(words: Iterable[str]) -> Trie:
    trie = Trie()
    for word in words:
        trie.insert(word)
    return trie


@pytest.mark.parametrize("text", ["", "a", "abc"])
def test_empty_trie_knows_nothing(text: str) -> None:
    trie = Trie()
    assert trie.contains(text) is False
    assert trie.starts_with(text) is False
    assert trie.with_prefix(text) == []
    assert trie.delete(text) is False


def test_inserted_word_is_contained() -> None:
    trie = trie_of(["car"])
    assert trie.contains("car") is True
    assert trie.contains("cat") is False
    assert trie.contains("cars") is False
    assert trie.contains("") is False


def test_prefix_of_a_stored_word_is_no_word_itself() -> None:
    trie = trie_of(["card"])
    assert trie.contains("car") is False
    assert trie.starts_with("car") is True
    trie.insert("car")
    assert trie.contains("car") is True
    assert trie.contains("card") is True


def test_starts_with_accepts_the_whole_word_and_nothing_longer() -> None:
    trie = trie_of(["car"])
    assert trie.starts_with("") is True
    assert trie.starts_with("c") is True
    assert trie.starts_with("car") is True
    assert trie.starts_with("card") is False
    assert trie.starts_with("a") is False


def test_empty_string_can_be_deleted_from_a_trie_that_holds_nothing_else() -> None:
    trie = Trie()
    trie.insert("")
    assert trie.delete("") is True
    assert trie.contains("") is False
    assert trie.delete("") is False


def test_empty_string_is_an_ordinary_word() -> None:
    trie = trie_of([""])
    assert trie.contains("") is True
    assert trie.starts_with("") is True
    assert trie.with_prefix("") == [""]
    assert trie.contains("a") is False
    trie.insert("a")
    assert trie.with_prefix("") == ["", "a"]
    assert trie.delete("") is True
    assert trie.contains("") is False
    assert trie.with_prefix("") == ["a"]
    assert trie.delete("") is False


def test_inserting_twice_stores_once() -> None:
    trie = trie_of(["a", "a"])
    assert trie.with_prefix("a") == ["a"]
    assert trie.delete("a") is True
    assert trie.contains("a") is False
    assert trie.delete("a") is False


def test_with_prefix_is_sorted_and_includes_the_prefix_itself() -> None:
    trie = trie_of(["tea", "to", "ten", "i", "inn", "te", "tend"])
    assert trie.with_prefix("te") == ["te", "tea", "ten", "tend"]
    assert trie.with_prefix("") == ["i", "inn", "te", "tea", "ten", "tend", "to"]
    assert trie.with_prefix("tend") == ["tend"]
    assert trie.with_prefix("x") == []
    assert trie.with_prefix("tends") == []


@pytest.mark.parametrize("limit", [0, 1, 2, 3, 4, 100])
def test_limit_keeps_the_first_words_in_order(limit: int) -> None:
    trie = trie_of(["b", "ab", "a", "abc"])
    assert trie.with_prefix("", limit) == ["a", "ab", "abc", "b"][:limit]
    assert trie.with_prefix("ab", limit=limit) == ["ab", "abc"][:limit]


def test_no_limit_means_all() -> None:
    words = sorted(f"word{number}" for number in range(300))
    assert trie_of(words).with_prefix("word", None) == words


@pytest.mark.parametrize("absent", ["", "c", "ca", "cars", "x", "care", "dog"])
def test_deleting_an_absent_word_changes_nothing(absent: str) -> None:
    words = ["car", "card", "cat"]
    trie = trie_of(words)
    assert trie.delete(absent) is False
    assert trie.with_prefix("") == words
    assert all(trie.starts_with(prefix) for prefix in ("", "c", "ca", "car", "card", "cat"))


def test_deleting_a_word_keeps_those_that_go_on_from_it() -> None:
    trie = trie_of(["car", "card"])
    assert trie.delete("car") is True
    assert trie.contains("car") is False
    assert trie.contains("card") is True
    assert trie.starts_with("car") is True
    assert trie.with_prefix("") == ["card"]


def test_deleting_a_word_prunes_only_its_dead_end() -> None:
    trie = trie_of(["car", "card", "cat"])
    assert trie.delete("card") is True
    assert trie.starts_with("card") is False
    assert trie.starts_with("car") is True
    assert trie.with_prefix("") == ["car", "cat"]
    assert trie.delete("car") is True
    assert trie.starts_with("car") is False
    assert trie.starts_with("ca") is True
    assert trie.with_prefix("") == ["cat"]


def test_deleting_a_branch_keeps_its_siblings() -> None:
    trie = trie_of(["abcd", "abxy"])
    assert trie.delete("abcd") is True
    assert trie.starts_with("abc") is False
    assert trie.contains("abxy") is True
    assert trie.starts_with("ab") is True


def test_deleting_the_last_word_leaves_no_prefix_behind() -> None:
    trie = trie_of(["abc"])
    assert trie.delete("abc") is True
    for prefix in ("", "a", "ab", "abc"):
        assert trie.starts_with(prefix) is False
    trie.insert("abd")
    assert trie.with_prefix("") == ["abd"]


def test_unicode_words_are_found_letter_by_letter() -> None:
    words = sorted(["über", "übel", "ü", "日本", "日本語", "🙂🙃", "naïve"])
    trie = trie_of(words)
    assert all(trie.contains(word) for word in words)
    assert trie.with_prefix("日") == ["日本", "日本語"]
    assert trie.with_prefix("üb") == ["übel", "über"]
    assert trie.starts_with("🙂") is True
    assert trie.contains("uber") is False
    assert trie.with_prefix("") == words


def test_letter_case_matters() -> None:
    trie = trie_of(["Go", "go"])
    assert trie.with_prefix("g") == ["go"]
    assert trie.with_prefix("") == ["Go", "go"]


def test_two_tries_share_nothing() -> None:
    trie_of(["a"])
    assert Trie().with_prefix("") == []


@pytest.mark.parametrize("seed", range(4))
def test_random_operations_match_a_set(seed: int) -> None:
    rng = random.Random(seed)
    trie = Trie()
    model: set[str] = set()
    for _ in range(1500):
        word = "".join(rng.choice("ab") for _ in range(rng.randrange(6)))
        choice = rng.randrange(5)
        if choice == 0:
            trie.insert(word)
            model.add(word)
        elif choice == 1:
            assert trie.delete(word) is (word in model)
            model.discard(word)
        elif choice == 2:
            assert trie.contains(word) is (word in model)
        elif choice == 3:
            assert trie.starts_with(word) is any(known.startswith(word) for known in model)
        else:
            limit = rng.choice([None, 0, 1, 3])
            matching = sorted(known for known in model if known.startswith(word))
            assert trie.with_prefix(word, limit) == matching[:limit]


def test_prefix_queries_do_not_look_at_every_word() -> None:
    words = [f"{number:05d}" for number in range(30_000)]
    random.Random(58).shuffle(words)
    trie = trie_of(words)
    began = process_time()
    for count, word in enumerate(words[:20_000]):
        assert trie.starts_with(word[:4])
        assert not trie.starts_with("x" + word)
        assert trie.with_prefix(word) == [word]
        if count % 100 == 0:
            assert process_time() - began < CPU_SECONDS, f"only {count} rounds done"


def test_limited_listing_does_not_walk_the_whole_subtree() -> None:
    trie = trie_of(f"{number:05d}" for number in range(30_000))
    began = process_time()
    for count in range(5000):
        assert trie.with_prefix("", 2) == ["00000", "00001"]
        if count % 10 == 0:
            assert process_time() - began < CPU_SECONDS, f"only {count} listings done"
