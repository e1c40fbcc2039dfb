"""The user's stories against the themes that interviewers ask for: what is missing, what is worn, what has no number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from flashprep import folders
from flashprep.collection import Collection
from flashprep.store.queries import Filter, Row, syllabus_items

# What behavioural rounds ask for again and again; further ones come from the stories themselves.
THEMES = (
    "conflict",
    "failure",
    "leadership",
    "ambiguity",
    "performance",
    "influence",
    "deadline",
    "ownership",
    "learning",
    "tradeoff",
)
WORN = 3  # themes for which one story is the only one: from then on it would be told again and again
_RESULT = re.compile(r"\*\*Result\*\*\n\n(.*?)(?=\n\n\*\*Lesson\*\*\n\n|\Z)", re.DOTALL)
_NUMBER = re.compile(r"\d|\b(half|halved|doubled|tripled|twice|third|quarter|tenfold)\b", re.IGNORECASE)


class Story(NamedTuple):
    """A story of the user's."""

    id: str
    title: str
    themes: tuple[str, ...]
    number: bool  # its result has one
    told: int  # how often
    last_day: int  # study day on which it was told last, 0: never
    alone_for: tuple[str, ...]  # themes that no other story serves

    @property
    def worn(self) -> bool:
        """Tell whether too much rests on it."""
        return len(self.alone_for) >= WORN


class Repertoire(NamedTuple):
    """Themes and stories."""

    themes: dict[str, tuple[str, ...]]  # theme: ids of the stories that serve it
    stories: list[Story]

    @property
    def missing(self) -> list[str]:
        """The themes without a story."""
        return [theme for theme, ids in self.themes.items() if not ids]


def repertoire(collection: Collection, in_mocks: Mapping[str, list[int]]) -> Repertoire:
    """Hold the user's own stories against the themes; the built-in ones are questions, not stories.

    ``in_mocks`` are the study days on which each story, by its id, was told in a mock interview.
    """
    items = syllabus_items(collection.db)  # what a built-in note covers of the syllabus is no theme
    rows = [
        row._replace(covers=tuple(theme for theme in row.covers if theme not in items))
        for row in collection.rows(Filter(kinds=("story",)))
        if not row.face
    ]
    own = [row for row in rows if row.root != folders.BUILT_IN]
    names = dict.fromkeys([*THEMES, *(theme for row in rows for theme in row.covers)])
    themes = {theme: tuple(row.note for row in own if theme in row.covers) for theme in names}
    return Repertoire(themes, [_story(row, themes, in_mocks.get(row.note, [])) for row in own])


def _story(row: Row, themes: dict[str, tuple[str, ...]], in_mocks: list[int]) -> Story:
    result = _RESULT.search(row.answer)
    return Story(
        id=row.note,
        title=row.title,
        themes=row.covers,
        number=bool(result and _NUMBER.search(result[1])),
        told=row.memory.reps + len(in_mocks),
        last_day=max([row.memory.last_day, *in_mocks]),
        alone_for=tuple(theme for theme in row.covers if themes[theme] == (row.note,)),
    )
