"""The whole log at once: the same fold as ``schedule``, written out flat because a million reviews go through it.

py-fsrs spends most of its time on objects (copies, dates, enums). Here the formulas of FSRS-6 stand in local variables, each
in the order of operations of py-fsrs 6.3, so that every float comes out equal to the last bit; a property test holds the
two together. Formulas: https://github.com/open-spaced-repetition/fsrs4anki/wiki/The-Algorithm (FSRS-6).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from flashprep.memory.fuzz import fuzzed
from flashprep.memory.state import Entry, Memory, Settings, Step, least_days

_NEW, _LEARNING, _REVIEW, _RELEARNING = 0, 1, 2, 3
_DAY = 86400.0
_STABILITY_MIN = 0.001


def _wait_after_step(steps: tuple[int, ...], step: int, rating: int) -> tuple[float, int]:
    """Return the wait in seconds and the next step for a rating in (re)learning; a wait of 0 means graduation."""
    if not steps or (step >= len(steps) and rating != 1) or rating == 4:
        return 0.0, 0
    if rating == 1:
        return float(steps[0]), 0
    if rating == 2:
        if step == 0 and len(steps) == 1:
            return steps[0] * 1.5, 0
        if step == 0:
            return (steps[0] + steps[1]) / 2.0, 0
        return float(steps[step]), step
    if step + 1 == len(steps):
        return 0.0, 0
    return float(steps[step + 1]), step + 1


def folder(settings: Settings, default_parameters: tuple[float, ...]) -> Callable[..., Memory]:
    """Return a function that folds the entries of one card, with its fuzz seed, into its memory.

    A list as its third argument takes a ``Step`` for each review on the way.
    """
    w = settings.parameters or default_parameters
    decay = -w[20]
    factor = 0.9 ** (1 / decay) - 1
    to_interval = (settings.desired_retention ** (1 / decay)) - 1
    maximum = settings.maximum_interval
    e = math.e  # py-fsrs writes e ** x, whose last bit may differ from exp(x)
    first_stability = (0.0, *(max(w[rating - 1], _STABILITY_MIN) for rating in (1, 2, 3, 4)))
    raw_difficulty = [0.0] + [w[4] - (e ** (w[5] * (rating - 1))) + 1 for rating in (1, 2, 3, 4)]
    first_difficulty = [min(max(d, 1.0), 10.0) for d in raw_difficulty]
    reversion = w[7] * raw_difficulty[4]
    keep = 1 - w[7]
    damping = [0.0] + [-(w[6] * (rating - 3)) for rating in (1, 2, 3, 4)]
    short_term = [0.0] + [e ** (w[17] * (rating - 3 + w[18])) for rating in (1, 2, 3, 4)]
    growth = e ** w[8]
    hard_penalty, easy_bonus = w[15], w[16]
    forget_limit = e ** (w[17] * w[18])
    learning, relearning = settings.learning_steps, settings.relearning_steps
    least_learning, least_relearning = least_days(learning), least_days(relearning)
    least_review = sum(relearning[:1]) // int(_DAY)

    def fold(entries: Iterable[Entry], seed: int, steps: list[Step] | None = None) -> Memory:
        state = step = due_day = due_at = first_day = last_day = last_at = reps = lapses = 0
        suspended = leech = buried_day = 0
        s = d = 0.0
        for kind, rating, day, at in entries:
            if kind != "review":
                if kind == "suspend":
                    suspended = 1
                elif kind == "leech":
                    suspended = leech = 1
                elif kind == "unsuspend":
                    suspended = leech = 0
                elif kind == "bury":
                    buried_day = day
                else:  # reset
                    state = step = due_day = due_at = first_day = last_day = last_at = reps = lapses = 0
                    suspended = leech = buried_day = 0
                    s = d = 0.0
                continue
            if day < last_day:
                day = last_day
            # Memory state
            if state == _NEW:
                s, d = first_stability[rating], first_difficulty[rating]
            else:
                if day == last_day:
                    gain = short_term[rating] * (s ** -w[19])
                    if rating > 1 and gain < 1.0:
                        gain = 1.0
                    new_s = s * gain
                else:
                    r = (1 + factor * (day - last_day) / s) ** decay
                    if rating == 1:
                        long_term = w[11] * (d ** -w[12]) * (((s + 1) ** (w[13])) - 1) * (e ** ((1 - r) * w[14]))
                        short = s / forget_limit
                        new_s = long_term if long_term < short else short
                    else:
                        new_s = s * (
                            1
                            + growth
                            * (11 - d)
                            * (s ** -w[9])
                            * ((e ** ((1 - r) * w[10])) - 1)
                            * (hard_penalty if rating == 2 else 1)
                            * (easy_bonus if rating == 4 else 1)
                        )
                new_d = reversion + keep * (d + (10.0 - d) * damping[rating] / 9.0)
                s = new_s if new_s > _STABILITY_MIN else _STABILITY_MIN
                d = 1.0 if new_d < 1.0 else 10.0 if new_d > 10.0 else new_d
            # State and interval
            before = state
            reps += 1
            if state == _REVIEW:
                least, wait = least_review, 0.0
                if rating == 1:
                    lapses += 1
                    if relearning:
                        state, step, wait = _RELEARNING, 0, float(relearning[0])
            else:
                least = least_relearning[step] if state == _RELEARNING else least_learning[step]
                wait, step = _wait_after_step(relearning if state == _RELEARNING else learning, step, rating)
                if wait:
                    state = state or _LEARNING
                else:
                    state = _REVIEW
            due_day, due_at = day, 0
            if state == _REVIEW:
                interval = round((s / factor) * to_interval)
                interval = 1 if interval < 1 else maximum if interval > maximum else interval
                interval = fuzzed(interval, seed, reps, maximum)
                due_day = day + (interval if interval >= least else min(least, maximum))
            elif wait >= _DAY:
                due_day = day + min(int(wait // _DAY), maximum)
            else:
                due_at = at + int(wait * 1000)
            first_day = first_day or day
            last_day, last_at = day, at
            if steps is not None:
                steps.append((before, d, due_day - day, (due_at - at) // 1000 if due_at else 0))
        return Memory(
            state, step, s, d, due_day, due_at, first_day, last_day, last_at, reps, lapses, suspended, leech, buried_day
        )

    return fold
