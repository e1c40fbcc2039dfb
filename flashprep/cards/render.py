"""From notes back to the Markdown of a deck; ``parse(render(notes)) == notes``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from flashprep.cards.kinds import kinds
from flashprep.cards.model import Note

_NOT_YAML = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def heading(note: Note) -> str:
    """Render the heading line of a note, with its id pinned."""
    attributes = [f"#{note.id}", *(f".{tag}" for tag in note.tags)]
    if note.round:
        attributes.append(f"round={note.round}")
    if note.covers:
        attributes.append(f"covers={','.join(note.covers)}")
    if note.solution:
        attributes.append(f"solution={note.solution}")
    if note.minutes:
        attributes.append(f"minutes={note.minutes}")
    return f"## {kinds()[note.kind].label}: {note.title} {{{' '.join(attributes)}}}"


def note_source(note: Note) -> str:
    """Render one note, ending in a newline."""
    parts = [heading(note)]
    if note.body.strip():
        parts.append(note.body)
    for section in note.sections:
        parts.append(f"### {section.name}")
        if section.text.strip():
            parts.append(section.text)
    return "\n\n".join(parts) + "\n"


def front_matter(deck: str) -> str:
    """Render the front matter that names a deck."""
    # A JSON string is a YAML string, once the characters are escaped that YAML refuses or takes for line ends.
    name = _NOT_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(deck, ensure_ascii=False))
    return f"---\ndeck: {name}\n---\n"


def render(deck: str, notes: Iterable[Note]) -> str:
    """Render a whole deck file."""
    return "\n".join([front_matter(deck), *(note_source(note) for note in notes)])
