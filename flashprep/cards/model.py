"""The values that every other room passes around: notes, their cards, and where they stand in a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

ROUNDS = ("coding", "system-design", "behavioral", "depth", "process")


class Span(NamedTuple):
    """A stretch of a file. Lines and columns count from 1, columns in characters; the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


NOWHERE = Span(1, 1, 1, 1)


@dataclass(frozen=True, slots=True)
class Section:
    """A ``###`` section of a note: its name as the kind knows it, its Markdown, the line of its heading."""

    name: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Note:
    """The authored item: one ``##`` heading and what stands below it."""

    id: str
    pinned: bool  # the id stands in the file, not derived from the title
    kind: str  # Kind.name
    title: str
    body: str  # Markdown between the heading and the first section
    sections: tuple[Section, ...] = ()
    deck: str = ""
    round: str = ""
    tags: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    solution: str = ""  # name of the solution file without .py
    minutes: int = 0  # time goal for solving it, 0 for the usual one
    span: Span = NOWHERE  # of the heading
    end_line: int = 1  # last line of the note

    def section(self, name: str) -> str:
        """Return the Markdown of a section, empty where the note has none of that name."""
        return next((s.text for s in self.sections if s.name == name), "")


@dataclass(frozen=True, slots=True)
class Card:
    """One promptable face of a note."""

    face: str  # empty for the first card of a note; unique within the note
    prompt: str  # Markdown
    answer: str  # Markdown
    ask: str = ""  # what to do, shown small below the prompt
    steps: tuple[str, ...] = ()  # revealed one at a time; empty: the answer is revealed at once
    timed: bool = False  # a clock runs while it is answered aloud
    exercise: bool = False  # it is solved in an editor, and tests judge it; its face is faces.EXERCISE


def card_key(note: str, face: str) -> str:
    """Name a card: the id of its note, and the face where it is not the first."""
    return f"{note}/{face}" if face else note
