"""Behaviour of word segmentation, as a yes or no and with one segmentation as the witness."""

import random
from collections.abc import Collection
from typing import Any, ClassVar

import pytest

# isort: split
from word_break import word_break, word_break_one


def check(s: str, words: Collection[str], expected: bool) -> None:
    """Judge both functions; any segmentation will do, as long as it is one."""
    assert word_break(s, words) is expected
    pieces = word_break_one(s, words)
    if expected:
        assert isinstance(pieces, list)
        assert "".join(pieces) == s
        assert "" not in pieces
        assert set(pieces) <= set(words)
    else:
        assert pieces is None


def test_text_of_two_words() -> None:
    check("leetcode", ["leet", "code"], True)
    assert word_break_one("leetcode", ["leet", "code"]) == ["leet", "code"]


@pytest.mark.parametrize("words", [[], ["a"], [""]])
def test_empty_text_is_no_words_at_all(words: list[str]) -> None:
    assert word_break("", words) is True
    assert word_break_one("", words) == []


@pytest.mark.parametrize("words", [[], [""]])
def test_empty_dictionary_segments_nothing(words: list[str]) -> None:
    check("a", words, False)


def test_empty_word_in_the_dictionary_is_ignored() -> None:
    check("ab", ["", "a", "b"], True)
    check("abc", ["", "a", "b"], False)


def test_word_may_be_used_several_times() -> None:
    check("applepenapple", ["apple", "pen"], True)
    check("aaaa", ["a"], True)
    check("aaaa", ["aa", "aa"], True)


def test_whole_text_may_be_one_word() -> None:
    check("abc", ["abc"], True)


def test_greedy_longest_match_is_not_enough() -> None:
    check("abcd", {"a", "abc", "bcd"}, True)
    assert word_break_one("abcd", {"a", "abc", "bcd"}) == ["a", "bcd"]


def test_greedy_shortest_match_is_not_enough() -> None:
    check("abcd", {"a", "ab", "cd"}, True)


def test_unmatched_last_character_fails() -> None:
    check("catsx", ["cat", "cats", "s"], False)
    check("aaab", ["a", "aa"], False)


def test_unmatched_first_character_fails() -> None:
    check("xcats", ["cat", "cats", "s"], False)


def test_overlapping_words_that_leave_a_gap_fail() -> None:
    check("catsandog", ["cats", "dog", "sand", "and", "cat"], False)


def test_word_longer_than_the_text_does_not_match() -> None:
    check("ab", ["abc"], False)


def test_case_matters() -> None:
    check("Ab", ["ab"], False)


def test_unicode_text() -> None:
    check("straßeüber", ["straße", "über"], True)
    check("日本語勉強", ["日本", "日本語", "勉強"], True)
    check("🙂🙃🙂", ["🙂", "🙃"], True)
    check("日本語", ["日本"], False)


def test_dictionary_may_be_a_generator_that_can_be_read_only_once() -> None:
    words = ["cat", "s", "and"]
    assert word_break("catsand", (word for word in words)) is True
    assert word_break_one("catsand", iter(words)) == ["cat", "s", "and"]


def test_dictionary_is_not_modified() -> None:
    words = {"", "a", "ab"}
    word_break("aab", words)
    word_break_one("aab", words)
    assert words == {"", "a", "ab"}


def brute_force(s: str, words: Collection[str]) -> bool:
    return not s or any(w and s.startswith(w) and brute_force(s[len(w) :], words) for w in words)


@pytest.mark.parametrize("seed", range(10))
def test_random_texts_match_trying_everything(seed: int) -> None:
    rng = random.Random(seed)
    outcomes = set()
    for _ in range(60):
        letters = "ab" if rng.random() < 0.7 else "abc"
        words = {"".join(rng.choice(letters) for _ in range(rng.randrange(1, 5))) for _ in range(rng.randrange(6))}
        s = "".join(rng.choice(letters) for _ in range(rng.randrange(12)))
        expected = brute_force(s, words)
        outcomes.add(expected)
        check(s, words, expected)
    assert outcomes == {True, False}


class CountedText(str):
    """A text that counts how often it is cut, searched or compared with a word."""

    looks: ClassVar[int] = 0
    allowed: ClassVar[int] = 0

    @classmethod
    def look(cls) -> None:
        CountedText.looks += 1
        assert CountedText.looks <= CountedText.allowed, "far too many looks at the text"

    def __getitem__(self, index: Any) -> str:
        self.look()
        return CountedText(super().__getitem__(index))

    def startswith(self, *args: Any) -> bool:
        self.look()
        return super().startswith(*args)

    def find(self, *args: Any) -> int:
        self.look()
        return super().find(*args)

    def removeprefix(self, prefix: str) -> str:
        self.look()
        return CountedText(super().removeprefix(prefix))


def judge_looks(s: str, words: Collection[str], expected: bool, allowed: int) -> None:
    for function in (word_break, word_break_one):
        CountedText.looks, CountedText.allowed = 0, allowed
        result = function(CountedText(s), words)
        if function is word_break:
            assert result is expected
        else:
            assert (result is not None) is expected


@pytest.mark.parametrize("tail", ["", "b"])
def test_many_ways_to_segment_the_same_prefix_do_not_multiply(tail: str) -> None:
    words = ["a" * length for length in range(1, 7)]
    # 201 positions by 6 lengths, with generous room for other ways to count
    judge_looks("a" * 200 + tail, words, not tail, allowed=20 * 201 * 6)


@pytest.mark.parametrize("tail", ["", "b"])
def test_pieces_longer_than_any_word_are_not_tried(tail: str) -> None:
    word = "abcdefghij"
    text = word * 200 + tail
    judge_looks(text, [word], not tail, allowed=5 * len(text) * len(word))


@pytest.mark.parametrize("tail", ["", "!"])
def test_size_of_the_dictionary_does_not_multiply_the_work(tail: str) -> None:
    words = [f"{number:05d}" for number in range(20_000)]
    text = "".join(words[::200]) + tail
    judge_looks(text, words, not tail, allowed=20 * len(text) * 5)
