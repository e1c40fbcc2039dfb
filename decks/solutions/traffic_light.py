"""Signal controller of a junction: six phases in a ring, with pre-emption for an approach.

Invariant: the time since the start of the cycle determines all lights, and no phase shows two
approaches anything but red. Only a green can be cut short; yellow and all-red run in full, so that
the junction is empty before the other approach may go.

Time: O(1) per call, as the modulo swallows whole cycles. Space: O(1).
"""

from bisect import bisect_right
from itertools import accumulate
from math import inf

_PHASES = (
    ("green", "red"),
    ("yellow", "red"),
    ("red", "red"),
    ("red", "green"),
    ("red", "yellow"),
    ("red", "red"),
)
_OPPOSING_GREEN = {"NS": 3, "EW": 0}

# Ten steps of 0.1 add up to less than 1. The total counts as at a boundary when it is this close.
_DRIFT = 0.5e-6


class TrafficController:
    """Two approaches, "NS" and "EW"; the cycle begins with a green for "NS".

    Durations and steps are in seconds; a negative one is a ValueError.
    """

    def __init__(self, green: float, yellow: float, all_red: float) -> None:
        if not all(0 <= duration < inf for duration in (green, yellow, all_red)):
            raise ValueError("durations must be finite and not negative")
        self._ends = list(accumulate((green, yellow, all_red) * 2))
        if self._ends[-1] == 0:
            raise ValueError("a cycle must take some time")
        self._elapsed = 0.0

    def advance(self, seconds: float) -> None:
        if not 0 <= seconds < inf:
            raise ValueError("seconds must be finite and not negative")
        self._elapsed = (self._elapsed + seconds) % self._ends[-1]

    def lights(self) -> dict[str, str]:
        """Return green, yellow or red by approach; the instant of a change belongs to what follows it."""
        north_south, east_west = _PHASES[self._phase()]
        return {"NS": north_south, "EW": east_west}

    def request_preempt(self, approach: str) -> None:
        """End the opposing green now; in any other phase the cycle just goes on."""
        if approach not in _OPPOSING_GREEN:
            raise ValueError(f"unknown approach: {approach!r}")
        phase = _OPPOSING_GREEN[approach]
        if self._phase() == phase:
            self._elapsed = self._ends[phase]

    def _phase(self) -> int:
        # An end belongs to the next phase, and that of the cycle to its first one.
        return bisect_right(self._ends, self._elapsed + _DRIFT) % len(_PHASES)
