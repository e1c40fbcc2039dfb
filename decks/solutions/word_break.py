"""Word segmentation: which prefixes of the text can be cut into dictionary words?

Invariant: once `end` has been handled, `cuts[end]` is the start of a last word that leaves a
segmentable prefix before it, or None if s[:end] has no segmentation. Shorter prefixes are settled
first, so each is examined once however many segmentations there are.

Time: O(n * L) dictionary probes for a longest word of L characters. Space: O(n + total words).
"""

from collections.abc import Iterable


def word_break(s: str, words: Iterable[str]) -> bool:
    """Tell whether the text is a sequence of the words, each as often as needed."""
    return word_break_one(s, words) is not None


def word_break_one(s: str, words: Iterable[str]) -> list[str] | None:
    """Return one way to cut the text into words, or None if there is none."""
    vocabulary = set(words) - {""}  # a word of no letters gets nowhere
    longest = max(map(len, vocabulary), default=0)
    cuts: list[int | None] = [0] + [None] * len(s)
    for end in range(1, len(s) + 1):
        for start in range(max(0, end - longest), end):
            if cuts[start] is not None and s[start:end] in vocabulary:
                cuts[end] = start
                break

    pieces = []
    end = len(s)
    while end > 0:
        cut = cuts[end]
        if cut is None:
            return None
        pieces.append(s[cut:end])
        end = cut
    return pieces[::-1]
