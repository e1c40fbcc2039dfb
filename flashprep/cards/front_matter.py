"""The front matter of a deck: YAML between two ``---`` lines at the very top."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import yaml

from flashprep.cards.diagnostics import ERROR, WARNING, Diagnostic, rule
from flashprep.cards.heading import UNKNOWN_ROUND, known_round, names, normal_round, round_help
from flashprep.cards.model import Span
from flashprep.cards.text import nearest

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
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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
        values = yaml.load(source, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 2
        column = mark.column + 1 if mark else 1
        what = getattr(error, "problem", None) or "not YAML"
        span = Span(line, column, line, column + 1)
        return FrontMatter(lines=lines, problems=(BAD_FRONT_MATTER.at(span, f"front matter: {what}"),))
    except (ValueError, RecursionError, OverflowError) as error:  # such as a date with month 13, or absurd nesting
        return FrontMatter(lines=lines, problems=(_bad(source, 2, f"front matter: {error}"),))
    if values is None:
        return FrontMatter(lines=lines)
    if not isinstance(values, dict):
        return FrontMatter(lines=lines, problems=(_bad(source, 2, "front matter is not 'key: value' lines"),))
    return _checked(values, source, lines)


def _bad(source: str, line: int, message: str) -> Diagnostic:
    first = source.split("\n", 1)[0]
    return BAD_FRONT_MATTER.at(Span(line, 1, line, len(first) + 1), message)


def _checked(values: dict[Any, Any], source: str, lines: int) -> FrontMatter:
    problems: list[Diagnostic] = []
    deck, round = "", ""
    tags: tuple[str, ...] = ()
    for key, value in values.items():
        span = _key_span(source, str(key))
        if key == "deck" and isinstance(value, str | int | float):
            deck = " ".join(str(value).split())
        elif key == "round" and isinstance(value, str):
            round = normal_round(value)
            if not known_round(round):
                problems.append(UNKNOWN_ROUND.at(span, f"unknown round '{value}'", round_help(round)))
                round = ""
        elif key == "tags" and isinstance(value, str):
            tags = names(value)
        elif key == "tags" and isinstance(value, list) and all(isinstance(tag, str | int | float) for tag in value):
            tags = tuple(dict.fromkeys("-".join(str(tag).casefold().split()) for tag in value if str(tag).strip()))
        elif key in KEYS:
            problems.append(BAD_FRONT_MATTER.at(span, f"'{key}' has a value of the wrong form"))
        else:
            near = nearest(str(key), KEYS)
            help = f"did you mean '{near}'?" if near else f"the keys are {', '.join(KEYS)}"
            problems.append(UNKNOWN_KEY.at(span, f"unknown key '{key}'", help))
    return FrontMatter(deck, round, tags, lines, tuple(problems))


def _key_span(source: str, key: str) -> Span:
    for number, line in enumerate(source.split("\n"), 2):
        if line.startswith(key):
            return Span(number, 1, number, len(key) + 1)
    return Span(2, 1, 2, 2)
