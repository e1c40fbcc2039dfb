"""Shortest window of a text that contains every character of another, by two edges moving right.

Invariant: `needed` holds, per character, how many the window s[start:end] still lacks (negative
when it has some to spare), and `missing` is the total lacked, so one number tells whether the
window is complete. Once it is, its left edge moves until it is not: for each end, the shortest
complete window is looked at.

Time: O(|s| + |t|). Space: O(alphabet).
"""

from collections import Counter


def min_window(s: str, t: str) -> str:
    """Return the leftmost shortest part of s with all of t, repeats included, or an empty text."""
    if not t:
        return ""
    needed = Counter(t)
    missing = len(t)
    best_start, best_end = 0, len(s) + 1  # longer than any window
    start = 0
    for end, ch in enumerate(s, start=1):
        if needed[ch] > 0:
            missing -= 1
        needed[ch] -= 1
        while missing == 0:
            if end - start < best_end - best_start:  # strictly, so that the leftmost one stays
                best_start, best_end = start, end
            needed[s[start]] += 1
            if needed[s[start]] > 0:
                missing += 1
            start += 1
    # Cutting only the winner out keeps the time linear.
    return s[best_start:best_end] if best_end <= len(s) else ""
