"""The rounds of an interview as data: stages with their minutes, what is drawn, what is tested."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from flashprep import tomlfile
from flashprep.cards.kinds import kinds
from flashprep.cards.model import ROUNDS
from flashprep.errors import BadFile
from flashprep.guide import files
from flashprep.tomlfile import Table

MOCKED = ("coding", "system-design", "behavioral", "depth")
LOOP = "loop"  # all rounds of a company's onsite, one after the other
DRAWS = ("problems", "designs", "stories", "cards")
WHEN = ("start", "each", "end")
DOES = ("talk", "code", "follow-ups")
MOST_MINUTES = 240


class Stage(NamedTuple):
    """A part of a round with its own share of the clock."""

    name: str
    least: int  # minutes
    most: int
    say: str  # what is to be said or done in it
    when: str = "each"  # once at the start or the end, or for each question
    does: str = "talk"


class Point(NamedTuple):
    """Something to be scored afterwards."""

    text: str
    note: str = ""  # the note that says more; it may be made due


class Design(NamedTuple):
    """A design exercise: what is asked, and the notes that hold what a good answer has."""

    prompt: str
    notes: tuple[str, ...]


class Round(NamedTuple):
    """A round of an interview."""

    name: str
    title: str
    tests: str
    minutes: int
    questions: int
    draw: str
    stages: tuple[Stage, ...]
    rubric: tuple[Point, ...] = ()
    red_flags: int = 0  # how many of them are asked about afterwards
    rounds: tuple[str, ...] = ()  # of the cards that are drawn
    kinds: tuple[str, ...] = ()
    designs: tuple[Design, ...] = ()
    prompts: dict[str, str] = {}  # questions by theme, besides those of the decks
    follow_ups: dict[str, tuple[str, ...]] = {}  # by theme; 'any' for all
    follow_up_count: int = 0  # for each question

    def clock(self, minutes: int = 0, questions: int = 0) -> list[tuple[Stage, float, float]]:
        """Return each stage with the least and the most minutes that it gets; those for each question once.

        With less or more time than the stages come to, all of them shrink or grow alike.
        """
        total, count = minutes or self.minutes, questions or self.questions
        times = [count if stage.when == "each" else 1 for stage in self.stages]
        least = sum(stage.least * n for stage, n in zip(self.stages, times, strict=True))
        most = sum(stage.most * n for stage, n in zip(self.stages, times, strict=True))
        factor = total / least if total < least else total / most if total > most else 1.0
        return [(stage, stage.least * factor, stage.most * factor) for stage in self.stages]


def load(name: str) -> Round:
    """Read a round by its name."""
    path = files.find("rounds").get(name)
    if path is None:
        raise BadFile(f"there is no round '{name}'; it takes one of {', '.join(files.find('rounds'))}")
    return _round(name, path)


def _round(name: str, path: Path) -> Round:
    table = tomlfile.read(path)
    follow_ups, prompts = table.table("follow_ups"), table.table("prompts")
    found = Round(
        name,
        table.text("title"),
        table.text("tests"),
        table.whole("minutes", 5, MOST_MINUTES),
        table.whole("questions", 1, 20),
        table.one_of("draw", DRAWS),
        tuple(_stage(one) for one in table.tables("stages")),
        tuple(_point(one) for one in table.tables("rubric", needed=False)),
        table.whole("red_flags", 0, 10, 0),
        table.words("rounds", ROUNDS, ()),
        table.words("kinds", tuple(kinds()), ()),
        tuple(_design(one) for one in table.tables("designs", needed=False)),
        {theme: prompts.text(theme) for theme in prompts.names},
        {theme: follow_ups.words(theme) for theme in follow_ups.names},
        table.whole("follow_up_count", 0, 10, 0),
    )
    table.end()
    if not found.stages:
        raise table.wrong("stages", "a round needs at least one stage")
    return found


def _stage(table: Table) -> Stage:
    name, (least, most) = table.text("name"), table.span("minutes", 1, MOST_MINUTES)
    stage = Stage(
        name, least, most, table.text("say", ""), table.one_of("when", WHEN, "each"), table.one_of("does", DOES, "talk")
    )
    table.end()
    return stage


def _point(table: Table) -> Point:
    point = Point(table.text("text"), table.text("note", ""))
    table.end()
    return point


def _design(table: Table) -> Design:
    design = Design(table.text("prompt"), table.words("notes", default=()))
    table.end()
    return design
