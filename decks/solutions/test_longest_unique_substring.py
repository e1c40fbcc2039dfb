"""Behaviour of the length of the longest substring without a repeated character."""

import random
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest

# isort: split
from longest_unique_substring import longest_unique


def test_empty_text_has_length_zero() -> None:
    assert longest_unique("") == 0


@pytest.mark.parametrize("s", ["a", " ", "é", "\n"])
def test_one_character_has_length_one(s: str) -> None:
    assert longest_unique(s) == 1


def test_equal_characters_have_length_one() -> None:
    assert longest_unique("zz") == 1
    assert longest_unique("zzzzzz") == 1


def test_distinct_characters_count_in_full() -> None:
    assert longest_unique("ab") == 2
    assert longest_unique("qwertzuiop") == 10


@pytest.mark.parametrize(
    ("s", "expected"),
    [("abcxaab", 4), ("aabcx", 4), ("aabcxx", 4), ("hhello", 3), ("aab", 2), ("abb", 2)],
)
def test_stretch_may_lie_anywhere(s: str, expected: int) -> None:
    assert longest_unique(s) == expected


def test_characters_must_be_neighbours() -> None:
    assert longest_unique("abacada") == 3


def test_window_restarts_after_the_repeated_character_and_not_at_the_second_one() -> None:
    assert longest_unique("cdcef") == 4
    assert longest_unique("xyzyuv") == 4


def test_repeat_outside_the_window_does_not_count() -> None:
    assert longest_unique("abba") == 2
    assert longest_unique("kppmzuk") == 5
    assert longest_unique("abccbdea") == 5


def test_repeat_far_outside_the_window_does_not_count() -> None:
    assert longest_unique("a" + "x" * 1000 + "bcda") == 5


def test_every_repeat_of_a_pattern_slides_the_window() -> None:
    assert longest_unique("abc" * 50) == 3


def test_spaces_are_characters() -> None:
    assert longest_unique("a b c") == 3
    assert longest_unique("  ") == 1


def test_case_matters() -> None:
    assert longest_unique("aA") == 2


def test_unicode_text() -> None:
    assert longest_unique("日本語日記") == 4
    assert longest_unique("🙂🙃🙂") == 2
    assert longest_unique("straße") == 6
    assert longest_unique("āaÄ") == 3


@pytest.mark.parametrize("seed", range(10))
def test_random_texts_match_trying_every_stretch(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(60):
        letters = "abcdefgh"[: rng.randrange(1, 9)]
        s = "".join(rng.choice(letters) for _ in range(rng.randrange(16)))
        stretches = [s[i:j] for j in range(len(s) + 1) for i in range(j)]
        distinct = [len(each) for each in stretches if len(set(each)) == len(each)]
        assert longest_unique(s) == max(distinct, default=0)


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


N = 20_000


@pytest.mark.parametrize(
    ("s", "expected"),
    [
        ("".join(chr(0x4E00 + i) for i in range(N)), N),
        ("".join(chr(0x4E00 + i % 5000) for i in range(N)), 5000),
        ("".join(chr(0x4E00 + min(i, N - 1 - i)) for i in range(N)), N // 2),
        ("a" * N, 1),
        ("ab" * (N // 2), 2),
    ],
    ids=["distinct", "cycle", "there and back", "equal", "two characters"],
)
def test_long_text_takes_a_few_looks_per_character(s: str, expected: int) -> None:
    Text.used, Text.allowed = 0, 40 * len(s)
    assert longest_unique(Text(s)) == expected
