"""What Anki gets of a card: fields as inert HTML, tags, deck. The same card always gives the same content."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from unicodedata import normalize

from flashprep.anki.html import plain, render
from flashprep.anki.media import Media
from flashprep.anki.notetype import FIELDS
from flashprep.store.anki import DIGEST
from flashprep.store.queries import Row

TAGS_OF_ANKI = {"marked", "leech"}  # it adds them by itself
ROOT = "flashprep"  # the deck above all of ours


class Content(NamedTuple):
    """A note as Anki gets it."""

    fields: tuple[str, ...]  # as many as the note type has
    tags: tuple[str, ...]
    deck: str

    @property
    def digest(self) -> str:
        """A short name for fields and tags; its beginning is that of the fields alone."""
        return digest_of(self.fields) + _digest_of_tags(self.tags)


def digest_of(fields: Sequence[str]) -> str:
    """Return a short name for the fields of a note."""
    return _digest("\x1f".join(fields[: len(FIELDS)]))


@lru_cache(1024)
def _digest_of_tags(tags: tuple[str, ...]) -> str:
    return _digest(" ".join(sorted(tags)))


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=DIGEST // 2).hexdigest()


def content(row: Row, testing: str, folder: Path, media: Media) -> Content:
    """Make the content of a card; ``testing`` is the Markdown of what an interviewer tests with it, shown folded."""

    def html(markdown: str) -> str:
        return render(markdown, media.names(markdown, folder) if "![" in markdown else ())

    values = (
        row.key,
        html(row.prompt),
        plain(row.ask),
        html(row.answer),
        _stepwise([html(step) for step in row.steps]) if row.steps else "",
        html(testing) if testing else "",
        plain(row.deck),
        row.kind,
    )
    tags = row.tags
    if row.round or row.covers:
        tags = (*tags, *([f"round::{row.round}"] if row.round else ()), *(f"covers::{item}" for item in row.covers))
    if not "".join(values).isascii():
        values = tuple(normalize("NFC", value) for value in values)  # type: ignore[assignment]  # as Anki would make it
    return Content(
        values + _SPARE,
        _tags(tags),
        f"{ROOT}::{row.deck}" if row.deck else ROOT,
    )


@lru_cache(1024)
def _tags(tags: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(tag.replace(" ", "-") for tag in tags)


_SPARE = ("",) * sum(name.startswith("Spare") for name in FIELDS)


def _stepwise(steps: Sequence[str]) -> str:
    """Fold steps into each other, so that each tap shows one more; no script is needed for it."""
    inner = ""
    for number, step in reversed(list(enumerate(steps, 1))):
        inner = f"<details><summary>Step {number} of {len(steps)}</summary>{step}{inner}</details>"
    return inner
