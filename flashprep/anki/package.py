"""Cards out as an Anki package."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import genanki

from flashprep.anki.html import plain, render
from flashprep.anki.media import Media
from flashprep.errors import FlashprepError
from flashprep.store.queries import Row

MODEL_ID = 1_765_102_311  # permanent: Anki tells note types apart by it

_CSS = """
.card { font-family: system-ui, sans-serif; font-size: 16px; line-height: 1.45;
  max-width: 40em; margin: 0 auto; padding: 0 .6em; text-align: left; }
.meta { font-size: 12px; opacity: .6; margin-bottom: .6em; }
.ask { font-style: italic; opacity: .7; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: .5em; border-radius: 6px; background: #f3f3f3; }
code { font-family: ui-monospace, monospace; font-size: .92em; }
table { border-collapse: collapse; } td, th { border: 1px solid #8886; padding: .2em .5em; text-align: left; }
.nightMode pre { background: #2b2b2b; }
img { max-width: 100%; height: auto; }
"""


def _model() -> genanki.Model:
    front = '<div class="meta">{{Deck}} · {{Kind}}</div>{{Prompt}}{{#Ask}}<p class="ask">{{Ask}}</p>{{/Ask}}'
    return genanki.Model(
        MODEL_ID,
        "flashprep",
        fields=[{"name": name} for name in ("Id", "Prompt", "Ask", "Answer", "Deck", "Kind")],
        templates=[{"name": "Card", "qfmt": front, "afmt": "{{FrontSide}}<hr id=answer>{{Answer}}"}],
        css=_CSS,
        sort_field_index=0,
    )


def _number(name: str) -> int:
    """Return a permanent id in the range that Anki accepts, from a name."""
    return 1 << 40 | int.from_bytes(hashlib.blake2b(name.encode(), digest_size=5).digest(), "big")


def write(rows: Sequence[Row], target: Path, folder_of: Callable[[Row], Path]) -> None:
    """Write cards as a package; it appears at ``target`` only when it is complete. ``folder_of`` says where a card's deck lies."""
    model, media = _model(), Media()
    decks: dict[str, genanki.Deck] = {}
    for row in rows:
        name = f"flashprep::{row.deck}" if row.deck else "flashprep"
        same = name.casefold()  # Anki knows no two decks whose names differ only in case
        deck = decks.setdefault(same, genanki.Deck(_number(same), name))
        prompt, answer = (render(text, media.names(text, folder_of(row))) for text in (row.prompt, row.answer))
        fields = [row.key, prompt, plain(row.ask), answer, plain(row.deck), row.kind]
        tags = [*row.tags, *([f"round::{row.round}"] if row.round else []), *(f"covers::{item}" for item in row.covers)]
        deck.add_note(
            genanki.Note(
                model=model,
                fields=fields,
                tags=[tag.replace(" ", "-") for tag in tags],
                guid=f"flashprep {row.origin} {row.ord}",
            )
        )
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".flashprep-") as folder:
            finished = Path(folder) / "package.apkg"
            # genanki leaves the collection it packs behind in the temporary folder: let that be ours.
            before = tempfile.tempdir
            tempfile.tempdir = folder
            try:
                package = genanki.Package(list(decks.values()), media_files=media.copy_to(Path(folder)))
                package.write_to_file(str(finished))
            finally:
                tempfile.tempdir = before
            finished.replace(target)
    except OSError as error:
        raise FlashprepError(f"cannot write {target}: {error.strerror or error}") from None
