"""What a kind of card has to say about itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from flashprep.cards.diagnostics import ERROR, Diagnostic, rule
from flashprep.cards.model import Card, Note

MISSING_ANSWER = rule(
    "missing-answer",
    ERROR,
    "a note has no answer",
    "A card without an answer cannot be checked against anything. The note is not reviewed until it has one; its history waits.",
    bad="## Question: When is Dijkstra wrong? {#dijkstra-negative}",
    good="## Question: When is Dijkstra wrong? {#dijkstra-negative}\n\nWith negative edges: a settled node is never reopened.",
)
MISSING_SECTION = rule(
    "missing-section",
    ERROR,
    "a note lacks a section that its kind needs",
    "Some kinds have named parts, because each part is asked for: a red flag without the better habit teaches only fear.",
    bad="## Red flag: Coding before talking {#coding-first}\n\n### Why it costs you\n\nNobody can follow you.",
    good="## Red flag: Coding before talking {#coding-first}\n\n### Why it costs you\n\nNobody can follow you.\n\n"
    "### Instead\n\nSay the plan in two sentences first.",
)


def no_check(note: Note) -> Iterator[Diagnostic]:
    """Find nothing: most kinds need no check of their own."""
    yield from ()


@dataclass(frozen=True)
class Kind:
    """A kind of card: how its notes are written, checked and turned into cards."""

    name: str  # the word for options and data: red-flag
    label: str  # the word in a heading: Red flag
    order: int  # place in listings
    meaning: str  # one line for help and docs
    template: str  # body of a new note, for ``add``
    cards: Callable[[Note], Iterable[Card]]
    required: tuple[str, ...] = ()  # sections
    optional: tuple[str, ...] = ()  # sections
    needs_body: bool = False
    solvable: bool = False  # it may have a solution that tests judge
    free_sections: bool = False  # other ### headings belong to the body
    check: Callable[[Note], Iterator[Diagnostic]] = no_check

    @property
    def sections(self) -> tuple[str, ...]:
        """All section names, in the order they are written."""
        return self.required + self.optional

    def problems(self, note: Note) -> Iterator[Diagnostic]:
        """Find what keeps a note of this kind from being a card; nothing means that it is one."""
        if self.needs_body and not note.body.strip():
            yield MISSING_ANSWER.at(
                note.span, f"{self.label.lower()} has no answer", "write the answer below the heading"
            )
        for name in self.required:
            if not note.section(name).strip():
                yield MISSING_SECTION.at(
                    note.span, f"{self.label.lower()} has no section '{name}'", f"add '### {name}' with its text below"
                )
        yield from self.check(note)


def joined(note: Note, *names: str) -> str:
    """Join the sections of these names that a note has, each under its name in bold."""
    parts = [f"**{name}**\n\n{note.section(name)}" for name in names if note.section(name)]
    return "\n\n".join(parts)


_BLOCK_MARK = re.compile(r"(#{1,6}|[-+*]|\d{1,9}[.)])(?=\s|$)|>|~~~|```|[-*_](?=([ \t]*[-*_]){2})|\|")


def title(note: Note) -> str:
    """Return the title as Markdown that is a paragraph: "# of replicas?" is a question, not a heading."""
    mark = _BLOCK_MARK.match(note.title)
    if mark is None:
        return note.title
    at = mark.end(1) - 1 if mark[1] and mark[1][0].isdigit() else 0
    return f"{note.title[:at]}\\{note.title[at:]}"


def prompt(note: Note) -> str:
    """Return title and body, for kinds whose body belongs to the prompt."""
    return f"{title(note)}\n\n{note.body}" if note.body else title(note)
