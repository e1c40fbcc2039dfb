"""What Anki gets of a card: fields as inert HTML, tags, deck. The same card always gives the same content."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from unicodedata import normalize

from flashprep.anki.html import plain, render
from flashprep.anki.media import Media
from flashprep.anki.notetype import FIELDS
from flashprep.store.queries import Row

DIGEST = 24  # characters of the digest of fields
ROOT = "flashprep"  # the deck above all of ours


class Content(NamedTuple):
    """A note as Anki gets it."""

    fields: tuple[str, ...]  # as many as the note type has
    tags: tuple[str, ...]
    deck: str

    @property
    def digest(self) -> str:
        """A short name for fields and tags; its beginning is that of the fields alone."""
        return digest_of(self.fields) + _digest(" ".join(sorted(self.tags)))


def digest_of(fields: Sequence[str]) -> str:
    """Return a short name for the fields of a note."""
    return _digest("\x1f".join(fields[: len(FIELDS)]))


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=DIGEST // 2).hexdigest()


def content(row: Row, testing: str, folder: Path, media: Media) -> Content:
    """Make the content of a card; ``testing`` is the Markdown of what an interviewer tests with it, shown folded."""

    def html(markdown: str) -> str:
        return render(markdown, media.names(markdown, folder))

    values = {
        "Id": row.key,
        "Prompt": html(row.prompt),
        "Ask": plain(row.ask),
        "Answer": html(row.answer),
        "Steps": _stepwise([html(step) for step in row.steps]),
        "Testing": html(testing) if testing else "",
        "Topic": plain(row.deck),
        "Kind": row.kind,
    }
    tags = [*row.tags, *([f"round::{row.round}"] if row.round else []), *(f"covers::{item}" for item in row.covers)]
    return Content(
        tuple(normalize("NFC", values.get(name, "")) for name in FIELDS),  # as Anki would make them
        tuple(tag.replace(" ", "-") for tag in tags),
        f"{ROOT}::{row.deck}" if row.deck else ROOT,
    )


def _stepwise(steps: Sequence[str]) -> str:
    """Fold steps into each other, so that each tap shows one more; no script is needed for it."""
    inner = ""
    for number, step in reversed(list(enumerate(steps, 1))):
        inner = f"<details><summary>Step {number} of {len(steps)}</summary>{step}{inner}</details>"
    return inner
