"""Behaviour of the base62 codec. Whether capital or small letters come first is left open."""

import random
from string import ascii_letters, digits
from time import process_time

import pytest

# isort: split
from base62 import decode, encode

CPU_SECONDS = 10.0  # a million times what a few digits need


def test_zero_is_one_digit() -> None:
    assert encode(0) == "0"
    assert decode("0") == 0


def test_digits_stand_for_themselves() -> None:
    for n in range(10):
        assert encode(n) == str(n)
        assert decode(str(n)) == n


def test_letters_follow_the_digits_in_one_case_and_then_the_other() -> None:
    text = "".join(encode(n) for n in range(62))
    assert set(text) == set(digits + ascii_letters)
    letters = text[10:]
    assert letters[:26].lower() == letters[26:].lower() == "abcdefghijklmnopqrstuvwxyz"
    assert letters[:26].swapcase() == letters[26:]


def test_every_single_digit_is_read_back() -> None:
    assert sorted(decode(digit) for digit in digits + ascii_letters) == list(range(62))


@pytest.mark.parametrize(
    ("n", "length"),
    [(61, 1), (62, 2), (63, 2), (62**2 - 1, 2), (62**2, 3), (62**3 - 1, 3), (62**3, 4)],
)
def test_length_grows_at_the_powers(n: int, length: int) -> None:
    assert len(encode(n)) == length
    assert decode(encode(n)) == n


def test_highest_digit_comes_first() -> None:
    last = encode(61)
    assert encode(62) == "10"
    assert encode(62 + 1) == "11"
    assert encode(2 * 62 + 5) == "25"
    assert encode(62**2 - 1) == last + last
    assert encode(62**2) == "100"
    assert encode(3 * 62**2 + 2 * 62 + 1) == "321"
    assert decode("321") == 3 * 62**2 + 2 * 62 + 1
    assert decode("10") == 62


@pytest.mark.parametrize("n", [-1, -62, -(2**63)])
def test_negative_number_is_refused(n: int) -> None:
    with pytest.raises(ValueError):
        encode(n)


def test_empty_text_is_refused() -> None:
    with pytest.raises(ValueError):
        decode("")


@pytest.mark.parametrize("text", ["00", "01", "0A", "0a", "000", "0z9", "0" * 12])
def test_needless_zero_in_front_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        decode(text)


@pytest.mark.parametrize("text", ["100", "200", "1020", "a0", "Z0"])
def test_zero_inside_or_at_the_end_is_a_digit(text: str) -> None:
    assert encode(decode(text)) == text


@pytest.mark.parametrize("bad", ["-", "+", "_", " ", "\n", ".", "/", ":", "@", "[", "`", "{", "\0", "é", "ß", "٣", "𝟙"])
@pytest.mark.parametrize("form", ["{}", "{}1", "1{}", "1{}1"])
def test_character_outside_the_alphabet_is_refused(bad: str, form: str) -> None:
    with pytest.raises(ValueError):
        decode(form.format(bad))


def test_letter_case_matters() -> None:
    assert decode("a") != decode("A")
    assert abs(decode("a") - decode("A")) == 26
    assert decode("aB") != decode("Ab")


def test_known_texts_of_digits() -> None:
    for text in ("7", "42", "9000000009"):
        value = sum(int(digit) * 62**i for i, digit in enumerate(reversed(text)))
        assert decode(text) == value
        assert encode(value) == text


@pytest.mark.parametrize("seed", range(5))
def test_random_integers_of_63_bits_survive_the_round_trip(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(400):
        n = rng.getrandbits(rng.randrange(1, 64))
        text = encode(n)
        assert decode(text) == n
        assert len(text) <= 11
        assert n == 0 or 62 ** (len(text) - 1) <= n < 62 ** len(text)


@pytest.mark.parametrize("seed", range(5))
def test_random_texts_survive_the_round_trip(seed: int) -> None:
    rng = random.Random(seed)
    alphabet = digits + ascii_letters
    for _ in range(400):
        text = "".join(rng.choice(alphabet) for _ in range(rng.randrange(12)))
        text = rng.choice(alphabet[1:]) + text
        assert encode(decode(text)) == text


def test_small_integers_have_different_texts() -> None:
    assert len({encode(n) for n in range(10_000)}) == 10_000


@pytest.mark.parametrize("n", [2**63 - 1, 2**64, 62**40 - 1, 62**40, 10**100])
def test_large_integers_are_exact(n: int) -> None:
    text = encode(n)
    assert decode(text) == n
    assert encode(decode(text)) == text


def test_cost_grows_with_the_digits_and_not_with_the_number() -> None:
    deadline = process_time() + CPU_SECONDS
    for bits in range(16, 64):
        assert decode(encode(2**bits)) == 2**bits
        assert process_time() < deadline, f"too slow at {bits} bits"
