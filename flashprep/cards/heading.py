"""The heading of a note: ``## Kind: Title {#id .tag key=value}``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from keyword import iskeyword
from typing import NamedTuple

from flashprep.cards.diagnostics import ERROR, WARNING, Diagnostic, rule
from flashprep.cards.model import ROUNDS, Span
from flashprep.cards.text import nearest, slug

BAD_ATTRIBUTES = rule(
    "bad-attributes",
    ERROR,
    "the attributes of a heading cannot be read",
    "Attributes are #id, .tag and key=value, separated by spaces, in braces at the end of the heading.",
    bad="## Concept: What is a leader? {#leader prio}",
    good="## Concept: What is a leader? {#leader .prio}",
)
UNKNOWN_ATTRIBUTE = rule(
    "unknown-attribute",
    WARNING,
    "a heading has an attribute that flashprep does not know",
    "The known keys are round, covers, tags, solution and minutes. A misspelt key would be ignored in silence otherwise.",
    bad="## Concept: What is a leader? {#leader cover=consensus}",
    good="## Concept: What is a leader? {#leader covers=consensus}",
)
BAD_ID = rule(
    "bad-id",
    ERROR,
    "an id has characters that ids do not have",
    "Ids are lower-case letters, digits and hyphens, so that they work in a shell, in a file name and in Anki.",
    bad="## Concept: What is a leader? {#The_Leader}",
    good="## Concept: What is a leader? {#the-leader}",
)
UNKNOWN_ROUND = rule(
    "unknown-round",
    WARNING,
    "a round is none of the five",
    f"The rounds are {', '.join(ROUNDS)}. Filters, mock rounds and the plan go by them.",
    bad="## Concept: What is a leader? {#leader round=design}",
    good="## Concept: What is a leader? {#leader round=system-design}",
)

KEYS = ("round", "covers", "tags", "solution", "minutes")
_OPENING = re.compile(r" {0,3}#{1,6}(?:[ \t]+|$)")
_BRACES = re.compile(r"(?:^|\s)\{([^{}]*)\}$")
_LOST = re.compile(
    rf"(?:^|\s)(\{{(?:[#.]\w|(?:{'|'.join(KEYS)})=)\S*)"
)  # attributes that are not at the end, or not closed
_NO_NAME = re.compile(r"""[\s,"'={}]+""")
_ITEM = re.compile(
    r"""#(?P<id>[^\s"'=]+)|\.(?P<tag>[^\s"'=]+)|(?P<key>[\w-]+)=(?:"(?P<quoted>[^"]*)"|(?P<plain>[^\s"]*))"""
)
_SOLUTION = re.compile(r"[A-Za-z_]\w*\Z", re.ASCII)
LONGEST_GOAL = 600  # minutes


class Heading(NamedTuple):
    """A heading taken apart. ``title`` keeps the kind's prefix; offsets are columns of the line, 1-based."""

    title: str
    id: str
    tags: tuple[str, ...]
    round: str
    covers: tuple[str, ...]
    solution: str
    minutes: int
    span: Span
    insert_at: int  # column where attributes may be inserted, or an #id into present braces
    has_braces: bool
    problems: tuple[Diagnostic, ...]


def is_heading(line: str) -> bool:
    """Tell whether a line is a heading of the form ``# text``."""
    return _OPENING.match(line) is not None


def distinct(words: Iterable[str]) -> tuple[str, ...]:
    """Bring names into their normal form, which can be written as an attribute, each of them once."""
    found = (_NO_NAME.sub("-", word).strip("-").casefold() for word in words)
    return tuple(dict.fromkeys(name for name in found if name))


def names(value: str) -> tuple[str, ...]:
    """Split a list written as ``a,b`` or ``a b`` into names in normal form."""
    return distinct(value.replace(",", " ").split()) if value else ()


def normal_round(value: str) -> str:
    """Bring the spelling of a round into its normal form."""
    word = "-".join(value.replace("_", " ").replace("-", " ").casefold().split())
    return "behavioral" if word == "behavioural" else word


def known_round(value: str) -> bool:
    """Tell whether a round is one of the five, or none."""
    return not value or value in ROUNDS


def round_help(value: str) -> str:
    """Say which rounds there are, or which one was meant."""
    near = nearest(value, ROUNDS)
    return f"did you mean '{near}'?" if near else f"write one of {', '.join(ROUNDS)}"


def read_heading(line: str, number: int) -> Heading:
    """Take a heading line apart; ``number`` is its 1-based line."""
    opening = _OPENING.match(line)
    start = opening.end() if opening else 0
    text = line[start:].rstrip()
    bare = text.rstrip("#")
    if bare != text and bare[-1:] in ("", " ", "\t"):
        text = bare.rstrip()  # without the closing marks of ``## Title ##``
    if not text:
        start = len(line.rstrip())
    span = Span(number, len(line) - len(line.lstrip()) + 1, number, len(line.rstrip()) + 1)
    braces = _BRACES.search(text)
    fields: dict[str, tuple[str, ...] | str] = {}
    problems: list[Diagnostic] = []
    id = ""
    tags: list[str] = []
    insert_at = start + len(text) + 1
    if braces:
        insert_at = start + braces.start(1) + 1
        problems += _read_attributes(braces[1], number, insert_at, fields, tags)
        id = str(fields.get("id", ""))
        text = text[: braces.start()].rstrip()
    lost = _LOST.search(text) if "{" in text else None
    if lost:
        place = Span(number, start + lost.start(1) + 1, number, start + lost.end(1) + 1)
        help = "write them in one pair of braces at the end of the heading, or put code in `"
        problems.append(BAD_ATTRIBUTES.at(place, "attributes are not at the end, or not closed", help))
    return Heading(
        title=text,
        id=id,
        tags=distinct([*tags, *names(str(fields.get("tags", "")))]) if tags or fields else (),
        round=str(fields.get("round", "")),
        covers=names(str(fields.get("covers", ""))),
        solution=str(fields.get("solution", "")),
        minutes=int(str(fields.get("minutes", "0"))),
        span=span,
        insert_at=insert_at,
        has_braces=braces is not None,
        problems=tuple(problems),
    )


def _read_attributes(
    source: str, line: int, column: int, fields: dict[str, tuple[str, ...] | str], tags: list[str]
) -> list[Diagnostic]:
    """Read what stands between the braces into ``fields`` and ``tags``; ``column`` is where it begins."""
    problems: list[Diagnostic] = []
    position = 0

    def place(start: int, end: int) -> Span:
        return Span(line, column + start, line, column + end)

    while position < len(source):
        if source[position].isspace():
            position += 1
            continue
        item = _ITEM.match(source, position)
        end = item.end() if item else position
        if item is None or (end < len(source) and not source[end].isspace()):
            end = position + len(source[position:].split(maxsplit=1)[0])
            help = "write #id, .tag or key=value"
            problems.append(BAD_ATTRIBUTES.at(place(position, end), f"cannot read '{source[position:end]}'", help))
        elif item["id"]:
            normal = slug(item["id"])
            if item["id"] != normal:
                help = f"write #{normal}" if normal else "write letters, digits and hyphens"
                problems.append(BAD_ID.at(place(position, end), f"id '{item['id']}' is not an id", help))
            if fields.get("id"):
                problems.append(BAD_ATTRIBUTES.at(place(position, end), "a second id", "a note has one id"))
            else:
                fields["id"] = normal
        elif item["tag"]:
            tags.append(item["tag"])
        else:
            problems += _read_pair(item, place(position, end), fields)
        position = end
    return problems


def _read_pair(item: re.Match[str], span: Span, fields: dict[str, tuple[str, ...] | str]) -> list[Diagnostic]:
    key = item["key"]
    value = item["quoted"] if item["quoted"] is not None else item["plain"]
    if key not in KEYS:
        near = nearest(key, KEYS)
        help = f"did you mean '{near}'?" if near else f"the keys are {', '.join(KEYS)}"
        return [UNKNOWN_ATTRIBUTE.at(span, f"unknown attribute '{key}'", help)]
    if key == "round":
        value = normal_round(value)
        if not known_round(value):
            return [UNKNOWN_ROUND.at(span, f"unknown round '{value}'", round_help(value))]
    if key == "solution" and (not _SOLUTION.match(value) or iskeyword(value)):
        return [BAD_ATTRIBUTES.at(span, f"'{value}' is no module name", "name the file without folder and .py")]
    if key == "minutes" and not (value.isascii() and value.isdigit() and 1 <= int(value) <= LONGEST_GOAL):
        help = f"write a whole number of minutes, 1 to {LONGEST_GOAL}"
        return [BAD_ATTRIBUTES.at(span, f"'{value}' is no time goal", help)]
    fields[key] = value
    return []
