"""Base62: integers as short texts, with digits first, then capital and small letters.

Invariant: each integer from zero up has exactly one text, so links can be compared as texts. That
is why a zero in front is refused: it would be a second text for the same integer.

Time: O(log n) digits, each a step of arithmetic on integers of that size. Space: O(log n).
"""

from string import ascii_lowercase, ascii_uppercase, digits

_ALPHABET = digits + ascii_uppercase + ascii_lowercase
_VALUES = {digit: value for value, digit in enumerate(_ALPHABET)}


def encode(n: int) -> str:
    """Write a number in the digits 0-9 and then the letters; ValueError for a negative one."""
    if n < 0:
        raise ValueError("n must not be negative")
    text = []
    while True:  # at least once, as zero has a digit too
        n, value = divmod(n, 62)
        text.append(_ALPHABET[value])
        if n == 0:
            return "".join(reversed(text))  # the lowest digit was found first


def decode(s: str) -> int:
    """Read what `encode` writes; ValueError for any other text, such as '' or '00'."""
    if not s:
        raise ValueError("an empty text is no number")
    if s[0] == _ALPHABET[0] and len(s) > 1:
        raise ValueError(f"needless zero in front: {s!r}")
    n = 0
    for digit in s:
        if digit not in _VALUES:
            raise ValueError(f"not a base62 digit: {digit!r}")
        n = n * 62 + _VALUES[digit]
    return n
