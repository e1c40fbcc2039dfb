"""Longest substring without a repeated character, by a window that never turns back.

Invariant: after each character, s[start..end] is the longest stretch ending there in which no
character repeats, and `last_seen` holds the last position of every character read so far, whether
inside the window or left behind.

Time: O(n). Space: O(alphabet), an entry for each distinct character.
"""


def longest_unique(s: str) -> int:
    """Return the length of the longest stretch whose characters are all different."""
    last_seen: dict[str, int] = {}
    start = best = 0
    for end, ch in enumerate(s):
        # A repeat outside the window must not drag its left edge back, hence the maximum.
        start = max(start, last_seen.get(ch, -1) + 1)
        last_seen[ch] = end
        best = max(best, end - start + 1)
    return best
