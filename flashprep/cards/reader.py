"""Cutting the blocks of a deck into drafts of notes, and finding what stands outside of them. Never raises on a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from flashprep.cards.diagnostics import ERROR, WARNING, Diagnostic, Fix, rule
from flashprep.cards.front_matter import FrontMatter
from flashprep.cards.gaps import gaps
from flashprep.cards.heading import Heading, is_heading, read_heading
from flashprep.cards.kinds import kinds, named
from flashprep.cards.kinds.base import Kind
from flashprep.cards.markdown import Block, open_fences
from flashprep.cards.model import Span
from flashprep.cards.text import nearest

UNKNOWN_KIND = rule(
    "unknown-kind",
    ERROR,
    "a heading names a kind of card that there is not",
    "The word before the colon says what the note is; docs/cards.md shows every kind.",
    bad="## Questoin: When is Dijkstra wrong?",
    good="## Question: When is Dijkstra wrong?",
)
MISSING_KIND = rule(
    "missing-kind",
    ERROR,
    "a level-two heading among the notes has no kind",
    "Between notes a ## heading is a note, and a note starts with its kind. Use # for a heading of your own.",
    bad="## When is Dijkstra wrong?",
    good="## Question: When is Dijkstra wrong?",
)
STRAY_TEXT = rule(
    "stray-text",
    WARNING,
    "text between the notes belongs to no card",
    "Plain paragraphs are welcome outside notes. A list, a table, a section or a gap there has probably lost its ## heading.",
    bad="# Caching\n\n### Testing\n\nWhether you see the failure.",
    good="## Question: How do you stop a stampede? {#stampede}\n\nOne loader per key.\n\n### Testing\n\n"
    "Whether you see the failure.",
)
UNCLOSED_FENCE = rule(
    "unclosed-fence",
    ERROR,
    "a code block is never closed",
    "Everything to the end of the file becomes code, notes included.",
    bad="```python\nx = 1\n\n## Concept: Lost in the code",
    good="```python\nx = 1\n```\n\n## Concept: Found again",
)
UNCLOSED_HTML = rule(
    "unclosed-html",
    ERROR,
    "a comment, or other HTML that runs to its closing mark, is never closed",
    "Everything to the end of the file becomes part of it, notes included.",
    bad="<!-- later\n\n## Concept: Lost",
    good="<!-- later -->\n\n## Concept: Found",
)
SETEXT_HEADING = rule(
    "setext-heading",
    WARNING,
    "a line of hyphens or equals signs turns the text above it into a heading",
    "Markdown reads text with such a line below it as a heading. It is taken as text here; an empty line above the line makes "
    "it a rule.",
    bad="Some text\n---",
    good="Some text\n\n---",
)
HIDDEN_HEADING = rule(
    "hidden-heading",
    ERROR,
    "a line looks like the heading of a note but is none",
    "Markdown wants a space after the marks of a heading, and reads none inside HTML. The note would be part of the text before it.",
    bad="##Concept: What does a leader do in Raft?",
    good="## Concept: What does a leader do in Raft?",
)

_NOTE_HEADING = re.compile(r" {0,3}(#{1,6})\s*([A-Za-z][A-Za-z -]*?)\s*:")
_HTML = re.compile(r"\s*<(!--|!\[CDATA\[|\?|!(?=[a-z])|(?:script|pre|style|textarea)(?=[\s>]|$))", re.IGNORECASE)
_HTML_ENDS = {"!--": "-->", "![cdata[": "]]>", "?": "?>", "!": ">"}


class Draft(NamedTuple):
    """A note heading with the lines below it, before its kind has looked at it."""

    heading: Heading
    kind: Kind
    title: str
    first: int  # 0-based line below the heading
    end: int  # 0-based, exclusive
    sections: list[tuple[str, int]]  # name as written, 0-based line


class Reader:
    """Walks the top-level blocks of a file and cuts it into drafts of notes."""

    def __init__(self, lines: list[str], found: list[Block], matter: FrontMatter):
        self.lines = lines
        self.blocks = found
        self.matter = matter
        self.first_title = ""

    def drafts(self, problems: list[Diagnostic]) -> Iterator[Draft]:
        """Yield a draft for each note heading; report what stands outside notes."""
        current: Draft | None = None
        seen_note = False
        inside_bad = False  # below a heading that was reported already
        for block in self.blocks:
            level = block.level
            if level and not is_heading(self.lines[block.line]):
                problems.append(self._setext(block))
                level = 0
            if level in (1, 2):
                if current:
                    yield current._replace(end=block.line)
                current, inside_bad = None, False
                if level == 1:
                    self._title(block)
                    continue
                before = len(problems)
                current = self._note(block, seen_note, problems)
                seen_note = seen_note or current is not None
                inside_bad = current is None and len(problems) > before
            elif current:
                if level == 3:
                    current.sections.append((read_heading(self.lines[block.line], 1).title, block.line))
            elif not inside_bad:
                problems += self._stray(block, level, seen_note)
        if current:
            yield current._replace(end=len(self.lines))

    def _title(self, block: Block) -> None:
        if not self.first_title:
            self.first_title = " ".join(read_heading(self.lines[block.line], block.line + 1).title.split())

    def _note(self, block: Block, seen_note: bool, problems: list[Diagnostic]) -> Draft | None:
        heading = read_heading(self.lines[block.line], block.line + 1)
        label, colon, title = heading.title.partition(":")
        label = label.strip()
        kind = named(label)
        if kind and colon:
            problems += heading.problems
            return Draft(heading, kind, " ".join(title.split()), block.line + 1, len(self.lines), [])
        near = nearest(label, [known.label for known in kinds().values()], 0.75) if colon else ""
        if near or seen_note or heading.id:
            if colon and label:
                help = f"did you mean '{near}:'?" if near else _kinds_help()
                problems.append(UNKNOWN_KIND.at(heading.span, f"unknown kind '{label}'", help))
            else:
                problems.append(MISSING_KIND.at(heading.span, "heading has no kind", _kinds_help()))
        return None

    def _stray(self, block: Block, level: int, seen_note: bool) -> Iterator[Diagnostic]:
        line = self.lines[block.line]
        span = Span(block.line + 1, 1, block.line + 1, max(2, len(line) + 1))
        if level == 3:
            if seen_note or " ".join(read_heading(line, 1).title.casefold().split()) in _section_names():
                yield STRAY_TEXT.at(span, "section outside a note", "give it a ## heading with a kind above")
        elif seen_note and block.kind not in ("Paragraph", "HtmlBlock", "Rule", "Heading"):
            yield STRAY_TEXT.at(span, "text outside a note", "move it below a ## heading with a kind")
        elif block.kind == "Paragraph" and gaps("\n".join(self.lines[block.line : block.end])):
            yield STRAY_TEXT.at(span, "gap outside a note", "move it below a ## heading with a kind")

    def _setext(self, block: Block) -> Diagnostic:
        under = min(block.end, len(self.lines)) - 1
        span = Span(under + 1, 1, under + 1, len(self.lines[under]) + 1)
        help = "put an empty line above it for a rule, or write the heading with #"
        return SETEXT_HEADING.at(span, "this line turns the text above into a heading", help)

    def open_blocks(self, text: str) -> Iterator[Diagnostic]:
        """Report fences, comments and HTML that swallow the rest of the file."""
        for block in open_fences(text, self.blocks):
            line = self.lines[block.line]
            span = Span(block.line + 1, 1, block.line + 1, len(line) + 1)
            yield UNCLOSED_FENCE.at(span, "code block is never closed", "end it with a line of the same marks")
        for block in self.blocks:
            if block.kind in ("Paragraph", "HtmlBlock"):
                yield from self._hidden_headings(block)
            opening = _HTML.match(self.lines[block.line]) if block.kind == "HtmlBlock" else None
            if opening:
                closing = _HTML_ENDS.get(opening[1].casefold(), f"</{opening[1].casefold()}>")
                if closing not in "\n".join(self.lines[block.line : block.end]).casefold():
                    span = Span(block.line + 1, 1, block.line + 1, len(self.lines[block.line]) + 1)
                    yield UNCLOSED_HTML.at(span, f"<{opening[1]} is never closed", f"end it with {closing}")

    def _hidden_headings(self, block: Block) -> Iterator[Diagnostic]:
        if block.kind == "HtmlBlock" and _HTML.match(self.lines[block.line]):
            return  # commented out on purpose, or reported as never closed
        for number in range(block.line, block.end):
            found = _NOTE_HEADING.match(self.lines[number]) if "#" in self.lines[number][:4] else None
            if found is None or named(found[2]) is None:
                continue
            span = Span(number + 1, found.start(1) + 1, number + 1, len(self.lines[number]) + 1)
            if block.kind == "HtmlBlock":
                yield HIDDEN_HEADING.at(span, "heading inside HTML", "put an empty line above it")
            elif not found[0][found.end(1)].isspace():
                column = found.end(1) + 1
                help = "put a space after the marks"
                yield HIDDEN_HEADING.at(span, "heading without a space", help, Fix(number + 1, column, column, " "))


@cache
def _section_names() -> frozenset[str]:
    return frozenset(name.casefold() for kind in kinds().values() for name in kind.sections)


def _kinds_help() -> str:
    return f"start it with one of {', '.join(f'{kind.label}:' for kind in kinds().values())}"
