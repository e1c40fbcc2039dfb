"""Drawing as an interviewer would: a mix, weak topics more often, nothing that was asked a short while ago. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random
from typing import NamedTuple

from flashprep.guide.rounds import Round, Stage
from flashprep.mock.course import CODE, FOLLOW_UP, SCORE, TALK, Mark, Question, Step

_ASKED = 0.1  # of the weight is left to what was asked lately
_SAME = 0.3  # of the weight is left to what is of the same topic as one that was drawn
_KNOWN = 0.15  # weight of what is known by heart; what is forgotten has 1 more


class Candidate(NamedTuple):
    """A question that could be asked."""

    question: Question
    topic: str
    weakness: float  # 0 known by heart, 1 forgotten or never seen
    marks: tuple[Mark, ...] = ()  # what a good answer shows
    card: int = 0  # the exercise of a coding problem


def draw(candidates: Sequence[Candidate], count: int, asked: Iterable[str], rng: Random) -> list[Candidate]:
    """Draw questions, each at most once; fewer where there are fewer."""
    lately = set(asked)
    weights = [(_KNOWN + one.weakness) * (_ASKED if one.question.id in lately else 1.0) for one in candidates]
    drawn: list[Candidate] = []
    left = list(range(len(candidates)))
    while left and len(drawn) < count:
        (place,) = rng.choices(left, [weights[n] for n in left])
        left.remove(place)
        drawn.append(candidates[place])
        for n in left:
            if candidates[n].topic == candidates[place].topic:
                weights[n] *= _SAME
    return drawn


def follow_ups(round: Round, themes: Sequence[str], used: set[str], rng: Random) -> list[str]:
    """Draw follow-ups to a story: about its themes first, then such as fit any; none twice in a mock."""
    special = [text for theme in themes for text in round.follow_ups.get(theme, ())]
    usual = list(round.follow_ups.get("any", ()))
    found: list[str] = []
    while len(found) < round.follow_up_count:
        wanted = special if len(found) % 2 == 0 else usual
        pool = [text for text in wanted if text not in used] or [
            text for text in (*special, *usual) if text not in used
        ]
        if not pool:
            break
        found.append(rng.choice(pool))
        used.add(found[-1])
    return found


def steps(
    round: Round, drawn: Sequence[Candidate], minutes: int, marks: Sequence[Mark], rng: Random
) -> tuple[Step, ...]:
    """Lay out a mock: what comes once at the start, the stages of each question, what comes at the end, then the rubric."""
    clock = round.clock(minutes, len(drawn))
    used: set[str] = set()
    made = [_step(stage, -1, least, most) for stage, least, most in clock if stage.when == "start"]
    for place, one in enumerate(drawn):
        for stage, least, most in clock:
            if stage.when == "each":
                made += _stage_steps(round, stage, place, one, (least, most), used, rng)
    made += [_step(stage, -1, least, most) for stage, least, most in clock if stage.when == "end"]
    made += [Step(SCORE, "Score", place, mark.text, mark=mark) for place, one in enumerate(drawn) for mark in one.marks]
    made += [Step(SCORE, "Score", -1, mark.text, mark=mark) for mark in marks]
    return tuple(made)


def _stage_steps(
    round: Round, stage: Stage, place: int, one: Candidate, time: tuple[float, float], used: set[str], rng: Random
) -> list[Step]:
    if stage.does != "follow-ups":
        return [_step(stage, place, *time, kind=CODE if stage.does == "code" and one.card else TALK)]
    asked = follow_ups(round, one.question.themes, used, rng)
    least, most = time[0] / max(len(asked), 1), time[1] / max(len(asked), 1)
    return [Step(FOLLOW_UP, stage.name, place, text, least, most) for text in asked]


def _step(stage: Stage, place: int, least: float, most: float, kind: str = TALK) -> Step:
    return Step(kind, stage.name, place, stage.say, least, most)
