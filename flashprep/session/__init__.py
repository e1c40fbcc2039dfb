"""The review session without a screen: ``step(session, event)`` gives the next session and what is to be done.

A driver (a terminal, a pipe, a test) turns keys into events, carries out the effects, and answers them with events:

    Load(card)      -> Loaded          Record(card, ...) -> Recorded
    Hide(card, how) -> Hidden          TakeBack()        -> TakenBack
    Edit(card)      -> Edited          Solve(card, ...)  -> Solved
    Refill(more)    -> Refilled        End()         -> nothing: the session is over
"""

from flashprep.session.events import (
    Ask,
    Begin,
    Edit,
    Edited,
    Effect,
    End,
    Event,
    Hidden,
    Hide,
    Judge,
    Load,
    Loaded,
    Rate,
    Record,
    Recorded,
    Refill,
    Refilled,
    Refreshed,
    Reveal,
    Solve,
    Solved,
    TakeBack,
    TakenBack,
)
from flashprep.session.state import Done, Phase, Session, Solving, Tally, Time, proposed
from flashprep.session.step import LONGEST_MS, LONGEST_SOLVED_MS, LONGEST_TOLD_MS, start, step

__all__ = [
    "LONGEST_MS",
    "LONGEST_SOLVED_MS",
    "LONGEST_TOLD_MS",
    "Ask",
    "Begin",
    "Done",
    "Edit",
    "Edited",
    "Effect",
    "End",
    "Event",
    "Hidden",
    "Hide",
    "Judge",
    "Load",
    "Loaded",
    "Phase",
    "Rate",
    "Record",
    "Recorded",
    "Refill",
    "Refilled",
    "Refreshed",
    "Reveal",
    "Session",
    "Solve",
    "Solved",
    "Solving",
    "TakeBack",
    "TakenBack",
    "Tally",
    "Time",
    "proposed",
    "start",
    "step",
]
