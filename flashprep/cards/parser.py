"""From the text of a deck to notes and problems. Never raises on a text: what is wrong is a diagnostic."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from zlib import crc32

from flashprep.cards.diagnostics import ERROR, WARNING, Diagnostic, Fix, rule
from flashprep.cards.front_matter import FrontMatter, read_front_matter
from flashprep.cards.gaps import MOST, gaps, unclosed
from flashprep.cards.heading import read_heading
from flashprep.cards.markdown import blocks
from flashprep.cards.model import Note, Section, Span
from flashprep.cards.reader import Draft, Reader
from flashprep.cards.text import nearest, slug

EMPTY_TITLE = rule(
    "empty-title",
    ERROR,
    "a note has no title",
    "The title is the prompt: without it there is nothing to answer.",
    bad="## Concept:",
    good="## Concept: What does a leader do in Raft?",
)
UNPINNED_ID = rule(
    "unpinned-id",
    WARNING,
    "a note of yours hangs on the wording of its title",
    "Without #id the id is the slug of the title. Rewording title and body at once would start a new history. Only shown by "
    "check --strict; check --fix writes the ids.",
    bad="## Concept: What does a leader do in Raft?",
    good="## Concept: What does a leader do in Raft? {#raft-leader}",
)
DUPLICATE_ID = rule(
    "duplicate-id",
    ERROR,
    "two notes have the same id",
    "History hangs on the id, so two notes cannot share one. The first in the order of files and lines is used.",
    bad="## Concept: Leader {#leader}\n\nOne.\n\n## Concept: Chief {#leader}\n\nTwo.",
    good="## Concept: Leader {#leader}\n\nOne.\n\n## Concept: Chief {#chief}\n\nTwo.",
)
DUPLICATE_SECTION = rule(
    "duplicate-section",
    ERROR,
    "a note has a section twice",
    "The text of both is used, one after the other, which is rarely what was meant.",
    bad="### Trap\n\nOne.\n\n### Trap\n\nTwo.",
    good="### Trap\n\nOne. Two.",
)
UNKNOWN_SECTION = rule(
    "unknown-section",
    ERROR,
    "a note has a section that its kind does not have",
    "Its text would be on no card. Kinds with free text (concept, question) take any section as part of the answer, except a "
    "near miss of one that has a meaning.",
    bad="## Question: How do you stop a stampede? {#stampede}\n\nOne loader per key.\n\n### Testng\n\n"
    "Whether you see the failure.",
    good="## Question: How do you stop a stampede? {#stampede}\n\nOne loader per key.\n\n### Testing\n\n"
    "Whether you see the failure.",
)
GAP_IN_PROMPT = rule(
    "gap-in-prompt",
    WARNING,
    "a gap stands in a prompt",
    "A gap hides a part of an answer. In a title, or in text that belongs to the prompt, there is nothing to hide it from.",
    bad="## Concept: What is ==quorum== overlap? {#overlap}\n\nEvery read set meets every write set.",
    good="## Concept: What is quorum overlap? {#overlap}\n\nEvery ==read set== meets every write set.",
)
TOO_MANY_GAPS = rule(
    "too-many-gaps",
    ERROR,
    "an answer has more than 100 gaps",
    "Each gap is a card that shows the whole answer. Beyond a hundred of them it is a text to learn by heart, not a card; the "
    "first hundred are used.",
    bad="## Concept: Which numbers? {#numbers}\n\n" + " ".join(f"=={n}==" for n in range(101)),
    good="## Concept: Which numbers? {#numbers}\n\n==1== and ==2==.",
)
UNCLOSED_GAP = rule(
    "unclosed-gap",
    WARNING,
    "a gap mark has no partner",
    "A gap is ==text== with both marks touching the text, within one paragraph. Code is left alone.",
    bad="The limit is ==16 MiB.",
    good="The limit is ==16 MiB==.",
)


class Parsed(NamedTuple):
    """The notes of a file that are usable as cards, and every problem that was found."""

    notes: tuple[Note, ...]
    problems: tuple[Diagnostic, ...]


def parse(text: str, default_deck: str = "") -> Parsed:
    """Parse the text of a deck, as ``decode`` returns it; ``default_deck`` names it where the file does not."""
    text = text.encode("utf-8", "replace").decode()  # lone surrogates have no place in a file
    matter = read_front_matter(text)
    lines = text.split("\n")
    # Blank lines keep the numbering while the front matter is hidden from the Markdown parser.
    visible = "\n".join([""] * matter.lines + lines[matter.lines :]) if matter.lines else text
    reader = Reader(lines, blocks(visible), matter)
    problems = list(matter.problems)
    drafts = list(reader.drafts(problems))
    deck = matter.deck or reader.first_title or default_deck
    problems += reader.open_blocks(visible)
    notes = []
    for draft in drafts:
        note, found = _finish(draft, lines, deck, matter)
        problems += found
        if note:
            notes.append(note)
    problems.sort(key=lambda problem: problem.span)
    return Parsed(tuple(notes), tuple(problems))


def _finish(draft: Draft, lines: list[str], deck: str, matter: FrontMatter) -> tuple[Note | None, list[Diagnostic]]:
    heading, kind = draft.heading, draft.kind
    problems: list[Diagnostic] = []
    if not draft.title:
        return None, [
            EMPTY_TITLE.at(heading.span, f"{kind.label.lower()} has no title", "write the prompt after the colon")
        ]
    body, sections = _cut(draft, lines, problems)
    end = draft.end
    while end > draft.first and not lines[end - 1].strip():
        end -= 1
    note = Note(
        id=heading.id or slug(draft.title) or f"note-{crc32(draft.title.encode()):08x}",
        pinned=bool(heading.id),
        kind=kind.name,
        title=draft.title,
        body=body,
        sections=sections,
        deck=deck,
        round=heading.round or matter.round,
        tags=tuple(dict.fromkeys(matter.tags + heading.tags)),
        covers=heading.covers,
        solution=heading.solution,
        minutes=heading.minutes,
        span=heading.span,
        end_line=end,
    )
    problems += _gap_problems(draft, lines)
    faults = list(kind.problems(note))
    if not faults and "==" in note.title + body and any(gaps(card.prompt) for card in kind.cards(note)):
        problems.append(GAP_IN_PROMPT.at(heading.span, "gap in a prompt", "move it into the answer, or drop the marks"))
    return (None if faults else note), problems + faults


def _cut(draft: Draft, lines: list[str], problems: list[Diagnostic]) -> tuple[str, tuple[Section, ...]]:
    """Cut the lines of a note into its body and the sections that its kind knows."""
    known = {name.casefold(): name for name in draft.kind.sections}
    marks: list[tuple[str, int]] = []
    for title, line in draft.sections:
        name = known.get(" ".join(title.casefold().split()))
        if name:
            marks.append((name, line))
            continue
        near = nearest(title, known, 0.75)
        if near or not draft.kind.free_sections:
            span = Span(line + 1, 1, line + 1, len(lines[line]) + 1)
            those = f"its sections are {', '.join(known.values())}" if known else "it has no sections of its own"
            help = f"did you mean '### {known[near]}'?" if near else those
            problems.append(UNKNOWN_SECTION.at(span, f"{draft.kind.label.lower()} has no section '{title}'", help))
    stops = [line for _, line in marks] + [draft.end]
    body = "\n".join(lines[draft.first : stops[0]]).strip("\n").rstrip()
    sections: dict[str, Section] = {}
    for (name, line), stop in zip(marks, stops[1:], strict=True):
        text = "\n".join(lines[line + 1 : stop]).strip("\n").rstrip()
        if name in sections:
            span = Span(line + 1, 1, line + 1, len(lines[line]) + 1)
            problems.append(DUPLICATE_SECTION.at(span, f"section '{name}' is there twice", "join the two"))
            first = sections[name]
            sections[name] = Section(name, f"{first.text}\n\n{text}".strip("\n"), first.line)
        else:
            sections[name] = Section(name, text, line + 1)
    return body, tuple(sections.values())


def _gap_problems(draft: Draft, lines: list[str]) -> Iterator[Diagnostic]:
    text = "\n".join(lines[draft.first : draft.end])
    if text.count("==") > 2 * MOST and len(gaps(text)) > MOST:
        yield TOO_MANY_GAPS.at(draft.heading.span, f"note has more than {MOST} gaps", "split it into several notes")
    offset = unclosed(text)
    if offset is not None:
        before = text[:offset]
        line = draft.first + before.count("\n") + 1
        column = offset - before.rfind("\n")
        yield UNCLOSED_GAP.at(
            Span(line, column, line, column + 2), "gap mark has no partner", "write ==text==, or put code in `"
        )


def pin(heading_line: str, id: str, number: int) -> Fix | None:
    """Return the edit that writes an id into a heading line, None where it has one."""
    heading = read_heading(heading_line, number)
    if heading.id:
        return None
    text = f"#{id} " if heading.has_braces else f" {{#{id}}}"
    return Fix(number, heading.insert_at, heading.insert_at, text)
