"""The front matter of a deck: YAML between two ``---`` lines at the very top."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import yaml

from flashprep.cards.diagnostics import ERROR, WARNING, Diagnostic, rule
from flashprep.cards.heading import UNKNOWN_ROUND, distinct, known_round, names, normal_round, round_help
from flashprep.cards.model import Span
from flashprep.cards.text import clean, nearest, one_line

BAD_FRONT_MATTER = rule(
    "bad-front-matter",
    ERROR,
    "the front matter cannot be read",
    "Front matter is YAML of the form 'key: value' between two lines of three hyphens at the top of the file. The cards of the "
    "file stay usable, without what it says.",
    bad="---\ndeck: [Caching\n---",
    good="---\ndeck: Caching\n---",
)
UNKNOWN_KEY = rule(
    "unknown-key",
    WARNING,
    "the front matter has a key that flashprep does not know",
    "The known keys are deck, round and tags. A misspelt key would be ignored in silence otherwise.",
    bad="---\ndecks: Caching\n---",
    good="---\ndeck: Caching\n---",
)

KEYS = ("deck", "round", "tags")
_MATTER = re.compile(r"\A---[ \t]*\n(?:(.*?)\n)?---[ \t]*(?:\n|\Z)", re.DOTALL)
_MAX = 65536
_DEEPEST = 16  # collections within collections; libyaml builds them by recursion, which would end in a crash
# Every value is a string as it was written: a deck may be called "yes", and a tag 1.10 or 2024-01-01.
_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class FrontMatter(NamedTuple):
    """What holds for a whole file, and the number of lines that it takes."""

    deck: str = ""
    round: str = ""
    tags: tuple[str, ...] = ()
    lines: int = 0
    problems: tuple[Diagnostic, ...] = ()


def read_front_matter(text: str) -> FrontMatter:
    """Read the front matter of a deck; a file without any has an empty one."""
    if not text.startswith("---"):
        return FrontMatter()
    match = _MATTER.match(text)
    first = text.split("\n", 1)[0]
    if first.rstrip() != "---":
        return FrontMatter()
    if match is None:
        span = Span(1, 1, 1, len(first) + 1)
        return FrontMatter(
            problems=(BAD_FRONT_MATTER.at(span, "front matter is never closed", "end it with a line ---"),)
        )
    lines = match[0].rstrip("\n").count("\n") + 1
    source = match[1] or ""
    if len(source) > _MAX:
        return FrontMatter(lines=lines, problems=(_bad(source, 2, "front matter is larger than 64 KiB"),))
    try:
        if _too_deep(source):
            return FrontMatter(lines=lines, problems=(_bad(source, 2, "front matter is nested too deeply"),))
        values = yaml.load(source, Loader=_Loader)
    except yaml.YAMLError as error:
        what = getattr(error, "problem", None) or getattr(error, "reason", None) or "not YAML"
        problem = BAD_FRONT_MATTER.at(_error_span(error, text.split("\n", lines)[:lines]), f"front matter: {what}")
        return FrontMatter(lines=lines, problems=(problem,))
    if values is None:
        return FrontMatter(lines=lines)
    if not isinstance(values, dict):
        return FrontMatter(lines=lines, problems=(_bad(source, 2, "front matter is not 'key: value' lines"),))
    return _checked(values, source, lines)


def _too_deep(source: str) -> bool:
    depth = 0
    for event in yaml.parse(source, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            return True
    return False


def _error_span(error: yaml.YAMLError, lines: list[str]) -> Span:
    """Return where YAML stumbled, in the lines of the file from the top to the end of the front matter."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return Span(2, 1, 2, len(lines[1]) + 1)
    # YAML knows more line ends than a deck does, so that its line number may lie beyond ours.
    line = min(mark.line + 2, len(lines))
    column = min(mark.column, len(lines[line - 1])) + 1
    return Span(line, column, line, column + 1)


def _bad(source: str, line: int, message: str) -> Diagnostic:
    first = source.split("\n", 1)[0]
    return BAD_FRONT_MATTER.at(Span(line, 1, line, len(first) + 1), message)


def _checked(values: dict[str, Any], source: str, lines: int) -> FrontMatter:
    problems: list[Diagnostic] = []
    deck, round = "", ""
    tags: tuple[str, ...] = ()
    for key, value in values.items():
        span = _key_span(source, key)
        if isinstance(value, str):
            value = clean(value)  # YAML can write a control character as \e
        if key == "deck" and isinstance(value, str):
            deck = " ".join(value.split())
        elif key == "round" and isinstance(value, str):
            round = normal_round(value)
            if not known_round(round):
                problems.append(UNKNOWN_ROUND.at(span, f"unknown round '{one_line(value)}'", round_help(round)))
                round = ""
        elif key == "tags" and isinstance(value, str):
            tags = names(value)
        elif key == "tags" and isinstance(value, list) and all(isinstance(tag, str) for tag in value):
            tags = distinct(clean(tag) for tag in value)
        elif key in KEYS:
            problems.append(BAD_FRONT_MATTER.at(span, f"'{key}' has a value of the wrong form"))
        else:
            near = nearest(key, KEYS)
            help = f"did you mean '{near}'?" if near else f"the keys are {', '.join(KEYS)}"
            problems.append(UNKNOWN_KEY.at(span, f"unknown key '{one_line(clean(key))}'", help))
    return FrontMatter(deck, round, tags, lines, tuple(problems))


def _key_span(source: str, key: str) -> Span:
    for number, line in enumerate(source.split("\n"), 2):
        if line.startswith(key):
            return Span(number, 1, number, len(key) + 1)
    return Span(2, 1, 2, 2)
