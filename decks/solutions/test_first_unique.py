"""Behaviour of the first non-repeating character of a stream."""

import random
import tracemalloc
from time import process_time

import pytest

# isort: split
from first_unique import FirstUnique

CPU_SECONDS = 10.0  # some ten times what constant time per character needs


def answers(text: str) -> list[str | None]:
    stream = FirstUnique()
    return [stream.add(ch) for ch in text]


def test_nothing_read_has_no_answer() -> None:
    assert FirstUnique().current() is None


def test_one_character_is_unique() -> None:
    stream = FirstUnique()
    assert stream.add("a") == "a"
    assert stream.current() == "a"


def test_repeated_character_is_never_unique_again() -> None:
    assert answers("aa") == ["a", None]
    assert answers("aaaa") == ["a", None, None, None]


def test_first_of_several_unique_characters_is_the_answer() -> None:
    assert answers("abc") == ["a", "a", "a"]


def test_unique_that_repeats_hands_over_to_the_next() -> None:
    assert answers("abcab") == ["a", "a", "a", "b", "c"]


def test_handing_over_skips_those_that_repeated_meanwhile() -> None:
    assert answers("abcbca") == ["a", "a", "a", "a", "a", None]
    assert answers("abcdbca") == ["a", "a", "a", "a", "a", "a", "d"]


def test_new_character_takes_over_after_all_repeated() -> None:
    assert answers("aabb") == ["a", None, "b", None]
    assert answers("aac")[-1] == "c"


def test_order_of_first_appearance_decides_and_not_the_alphabet() -> None:
    assert answers("zya") == ["z", "z", "z"]


def test_case_matters() -> None:
    assert answers("aA") == ["a", "a"]
    assert answers("aAa") == ["a", "a", "A"]


def test_characters_outside_ascii_and_white_space() -> None:
    assert answers("éü🙂é") == ["é", "é", "é", "ü"]
    assert answers(" \n ") == [" ", " ", "\n"]
    assert answers("\0x\0") == ["\0", "\0", "x"]


def test_reading_the_answer_changes_nothing() -> None:
    stream = FirstUnique()
    for ch in "aba":
        stream.add(ch)
    assert [stream.current() for _ in range(3)] == ["b"] * 3
    assert stream.add("c") == "b"
    assert stream.current() == "b"


def test_two_streams_share_nothing() -> None:
    FirstUnique().add("a")
    assert FirstUnique().current() is None


@pytest.mark.parametrize("alphabet", ["ab", "abcdef", "abcdefghijklmnopqrstuvwxyzäöü"])
def test_random_streams_match_counting_from_the_start(alphabet: str) -> None:
    rng = random.Random(alphabet)
    for _ in range(40):
        text = "".join(rng.choice(alphabet) for _ in range(60))
        stream = FirstUnique()
        for length, ch in enumerate(text, start=1):
            seen = text[:length]
            expected = next((c for c in seen if seen.count(c) == 1), None)
            assert stream.add(ch) == expected
            assert stream.current() == expected


def test_million_characters_stay_fast() -> None:
    stream = FirstUnique()
    stream.add("!")
    began = process_time()
    for count in range(10_000):
        for ch in "abcdefghij" * 10:
            stream.add(ch)
        assert process_time() - began < CPU_SECONDS, f"only {100 * count} characters read"
    assert stream.current() == "!"


def test_large_alphabet_is_not_searched_at_every_character() -> None:
    alphabet = [chr(code) for code in range(0x20000, 0x20000 + 40_000)]  # Chinese characters
    rng = random.Random(2)
    stream = FirstUnique()
    began = process_time()
    for ch in alphabet:
        assert stream.add(ch) == alphabet[0]
    repeats = alphabet[1:-1]
    rng.shuffle(repeats)
    for count, ch in enumerate(repeats):
        assert stream.add(ch) == alphabet[0]
        if count % 10 == 0:
            assert process_time() - began < CPU_SECONDS, f"only {count} repeats read"
    assert stream.add(alphabet[0]) == alphabet[-1]
    for count in range(200_000):
        assert stream.add(alphabet[count % 39_000]) == alphabet[-1]
        if count % 10 == 0:
            assert process_time() - began < CPU_SECONDS, f"only {count} further characters read"


def test_memory_does_not_grow_with_the_stream() -> None:
    stream = FirstUnique()
    for ch in "abc":
        stream.add(ch)
    tracemalloc.start()
    try:
        for _ in range(20_000):
            stream.add("a")
            stream.add("b")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert stream.current() == "c"
    assert peak < 100_000, "characters already read are kept"
