"""The course of a mock interview without a screen: what comes after what, what was noted and scored. Pure."""

from __future__ import annotations

from typing import NamedTuple

TALK, CODE, FOLLOW_UP, SCORE = "talk", "code", "follow-up", "score"
SCORES = ("missed", "partly", "shown")  # of a point, 0 to 2


class Offer(NamedTuple):
    """A story of the user's."""

    id: str
    line: str


class Question(NamedTuple):
    """What the interviewer asks."""

    id: str  # of the note, or its text where it has none
    text: str  # Markdown; its first paragraph is the question
    themes: tuple[str, ...] = ()  # of a behavioural question
    offers: tuple[Offer, ...] = ()  # stories of the user's that would fit

    @property
    def title(self) -> str:
        """The question itself, on one line."""
        return " ".join(self.text.split("\n\n")[0].split())


class Mark(NamedTuple):
    """A point of the rubric."""

    text: str
    card: int = 0  # that says more and may be made due; 0 none
    key: str = ""  # its name
    model: str = ""  # Markdown: what a good answer has


class Step(NamedTuple):
    """What is on the screen at one time."""

    kind: str
    name: str  # of the stage, or of the part
    question: int  # place among the questions, -1: of none
    say: str = ""  # what is to be done or said; the follow-up, or the point
    least: float = 0.0  # minutes, 0 without a clock
    most: float = 0.0
    mark: Mark | None = None


class Course(NamedTuple):
    """A mock interview at one moment. A value: every change returns a new one."""

    questions: tuple[Question, ...]
    steps: tuple[Step, ...]
    at: int = 0
    began_ms: int = 0  # epoch ms at which the step on the screen began
    spent_ms: tuple[int, ...] = ()  # of each step that is over
    notes: tuple[tuple[int, str], ...] = ()  # (step, text)
    scores: tuple[tuple[int, int], ...] = ()  # (step, 0..2), the last of a step counts
    told: tuple[tuple[int, str], ...] = ()  # (question, id of the story that was told)

    @property
    def step(self) -> Step | None:
        """The step on the screen, None at the end."""
        return self.steps[self.at] if self.at < len(self.steps) else None

    @property
    def finished(self) -> bool:
        """Tell whether every question was answered; scoring may be left out."""
        return self.at >= len(self.steps) or self.steps[self.at].kind == SCORE

    @property
    def minutes(self) -> float:
        """Minutes that were spent on questions."""
        return sum(ms for ms, step in zip(self.spent_ms, self.steps, strict=False) if step.kind != SCORE) / 60_000

    @property
    def scored(self) -> dict[int, int]:
        """The score of each step that has one."""
        return dict(self.scores)

    @property
    def total(self) -> tuple[int, int]:
        """Points that were reached, and those of what was scored."""
        return sum(self.scored.values()), 2 * len(self.scored)

    @property
    def weak(self) -> list[Mark]:
        """The points that were missed or only partly shown, missed ones first, each card once."""
        found: dict[int, Mark] = {}
        for wanted in (0, 1):
            for place, score in self.scored.items():
                mark = self.steps[place].mark
                if score == wanted and mark and mark.card:
                    found.setdefault(mark.card, mark)
        return list(found.values())


def begin(course: Course, now: int) -> Course:
    """Start the clock of the first step at epoch ms ``now``."""
    return course._replace(began_ms=now)


def next_step(course: Course, now: int) -> Course:
    """Go on to the next step; at the end nothing changes."""
    if course.step is None:
        return course
    spent = max(0, now - course.began_ms)
    return course._replace(at=course.at + 1, spent_ms=(*course.spent_ms, spent), began_ms=now)


def note(course: Course, text: str) -> Course:
    """Keep a note with the step on the screen; at the end, with the whole."""
    text = text.strip()
    return course._replace(notes=(*course.notes, (course.at, text))) if text else course


def offers(course: Course) -> tuple[Offer, ...]:
    """Return the stories that may be told at the step on the screen."""
    step = course.step
    if step is None or step.kind != TALK or step.question < 0:
        return ()
    return course.questions[step.question].offers


def tell(course: Course, number: int) -> Course:
    """Keep which of the offered stories is told, 1 for the first; a second choice takes the place of the first."""
    step, offered = course.step, offers(course)
    if step is None or not 1 <= number <= len(offered):
        return course
    others = tuple(pair for pair in course.told if pair[0] != step.question)
    return course._replace(told=(*others, (step.question, offered[number - 1].id)))


def score(course: Course, points: int, now: int) -> Course:
    """Score the point on the screen, 0 missed, 1 partly, 2 shown, and go on."""
    if course.step is None or course.step.kind != SCORE or points not in range(len(SCORES)):
        return course
    return next_step(course._replace(scores=(*course.scores, (course.at, points))), now)
