"""Anomalies of a series: values far from the mean of the window just before them.

Invariant: when a value is judged, mean and deviation describe exactly the `window` values before
it, flagged ones included, and never the value itself. Both are worked out afresh from differences
to the window's first value. So a constant window has a deviation of exactly zero, and a large
common level cannot swallow a small variance, as the difference of two large squares would.

Time: O(n * window). Space: O(window). Updating both sums in O(1) would give O(n), but what a large
value adds to them is not taken away exactly when it leaves.
"""

from collections.abc import Sequence
from math import fsum, isfinite, sqrt


def anomalies(values: Sequence[float], window: int, z: float = 3.0) -> list[int]:
    """Return the indices of values more than `z` deviations off the mean of the window before them.

    ValueError for a window below 2, and for values that are None, infinite or no numbers.
    """
    if window < 2:
        raise ValueError("window must be at least 2")
    if any(value is None or not isfinite(value) for value in values):
        raise ValueError("values must be finite numbers")

    flagged = []
    for i in range(window, len(values)):
        first = values[i - window]
        offsets = [value - first for value in values[i - window : i]]
        mean = fsum(offsets) / window
        deviation = sqrt(fsum((offset - mean) ** 2 for offset in offsets) / (window - 1))
        if abs(values[i] - first - mean) > z * deviation:
            flagged.append(i)
    return flagged
