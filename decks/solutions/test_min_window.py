"""Behaviour of the shortest window that contains all characters of another text."""

import random
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest

# isort: split
from min_window import min_window


def test_shortest_window_is_found() -> None:
    assert min_window("xaxxbxcxab", "abc") == "cxab"
    assert min_window("figtreegift", "tg") == "gt"


def test_order_of_the_characters_does_not_matter() -> None:
    assert min_window("zcbaz", "abc") == "cba"


def test_whole_text_may_be_the_window() -> None:
    assert min_window("abc", "cab") == "abc"
    assert min_window("axxb", "ab") == "axxb"
    assert min_window("a", "a") == "a"


@pytest.mark.parametrize("s", ["", "abc"])
def test_empty_pattern_has_an_empty_window(s: str) -> None:
    assert min_window(s, "") == ""


def test_empty_text_has_no_window() -> None:
    assert min_window("", "a") == ""


def test_pattern_longer_than_the_text_has_no_window() -> None:
    assert min_window("ab", "abc") == ""
    assert min_window("a", "aa") == ""


def test_missing_character_leaves_no_window() -> None:
    assert min_window("aabbaabb", "abc") == ""
    assert min_window("xyz", "q") == ""


def test_repeated_character_is_needed_as_often() -> None:
    assert min_window("abxa", "aa") == "abxa"
    assert min_window("aba", "aba") == "aba"
    assert min_window("axbaab", "aab") == "baa"
    assert min_window("abba", "aaa") == ""
    assert min_window("acbbaca", "aaa") == "acbbaca"


def test_spare_characters_at_the_left_are_given_back() -> None:
    assert min_window("aaaab", "ab") == "ab"
    assert min_window("abbbbb", "ab") == "ab"
    assert min_window("aabbcc", "abc") == "abbc"


def test_leftmost_of_equally_short_windows_is_returned() -> None:
    assert min_window("axb bxa", "ab") == "axb"
    assert min_window("ab ba ab", "ab") == "ab"
    assert min_window("cab--bca", "abc") == "cab"
    assert min_window("xaxa", "ax") == "xa"


def test_later_shorter_window_beats_an_earlier_one() -> None:
    assert min_window("a..b.ba", "ab") == "ba"


def test_case_matters() -> None:
    assert min_window("aAbB", "AB") == "AbB"
    assert min_window("ab", "A") == ""


def test_unicode_text() -> None:
    assert min_window("日本語の本日", "日本") == "日本"
    assert min_window("x🙂y🙃🙂z", "🙂🙃") == "🙃🙂"


def complete(window: str, t: str) -> bool:
    return all(window.count(ch) >= t.count(ch) for ch in t)


@pytest.mark.parametrize("seed", range(10))
def test_random_texts_match_trying_every_window(seed: int) -> None:
    rng = random.Random(seed)
    found = 0
    for _ in range(60):
        letters = "abcd"[: rng.randrange(1, 5)]
        s = "".join(rng.choice(letters) for _ in range(rng.randrange(16)))
        t = "".join(rng.choice(letters) for _ in range(rng.randrange(1, 5)))
        windows = (s[start : start + length] for length in range(1, len(s) + 1) for start in range(len(s) - length + 1))
        expected = next((window for window in windows if complete(window, t)), "")
        found += bool(expected)
        assert min_window(s, t) == expected
    assert 0 < found < 60


class Char(str):
    """A character of a counted text; hashing and comparing it count too."""

    def __hash__(self) -> int:
        Text.use(1)
        return super().__hash__()

    def __eq__(self, other: object) -> bool:
        Text.use(1)
        return super().__eq__(other)


class Text(str):
    """A text that counts how many of its characters are read."""

    used: ClassVar[int] = 0
    allowed: ClassVar[int] = 0

    @classmethod
    def use(cls, characters: int) -> None:
        Text.used += characters
        assert Text.used <= Text.allowed, "far too many looks at the text"

    def __iter__(self) -> Iterator[str]:
        return (self[i] for i in range(len(self)))

    def __getitem__(self, index: Any) -> str:
        part = super().__getitem__(index)
        self.use(max(1, len(part)))
        return Text(part) if isinstance(index, slice) else Char(part)

    def __contains__(self, part: object) -> bool:
        self.use(len(self))
        return super().__contains__(part)  # type: ignore[operator]

    def find(self, part: str, *limits: Any) -> int:
        start, stop, _ = slice(*(*limits, None, None)[:2]).indices(len(self))
        self.use(max(1, stop - start))
        return super().find(part, *limits)

    def index(self, part: str, *limits: Any) -> int:
        position = self.find(part, *limits)
        if position < 0:
            raise ValueError("substring not found")
        return position


def judge_looks(s: str, t: str, expected: str) -> None:
    Text.used, Text.allowed = 0, 60 * (len(s) + len(t))
    assert min_window(Text(s), Text(t)) == expected


@pytest.mark.parametrize(
    ("s", "t", "expected"),
    [
        ("ab" * 10_000, "ab", "ab"),
        ("x" * 20_000 + "ab", "ab", "ab"),
        ("a" + "x" * 20_000 + "b", "ab", "a" + "x" * 20_000 + "b"),
        ("a" * 20_000 + "b", "ab", "ab"),
        ("a" * 20_000, "a" * 10_000, "a" * 10_000),
        ("a" * 20_000, "b", ""),
    ],
    ids=["dense", "at the end", "whole text", "spare ones", "long pattern", "none"],
)
def test_long_text_takes_a_few_looks_per_character(s: str, t: str, expected: str) -> None:
    judge_looks(s, t, expected)


def test_counts_are_not_compared_as_a_whole_at_every_step() -> None:
    alphabet = "".join(chr(0x4E00 + i) for i in range(2000))
    judge_looks(alphabet * 5, alphabet, alphabet)
    judge_looks(alphabet[:-1] * 5, alphabet, "")
