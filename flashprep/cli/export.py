"""``flashprep export``: an Anki package."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flashprep.cli import options
from flashprep.collection import Collection
from flashprep.errors import FlashprepError
from flashprep.terminal import report

app = options.new_app()


@app.command("export")
def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The package to write, ending in .apkg.")],
    deck: options.Deck = None,
    tag: options.Tag = None,
    kind: options.Kind = None,
    round: options.Round = None,
    id: options.Id = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
) -> None:
    """Write cards as an Anki package.

    Import it in Anki on a desktop or a phone. All cards, or those that options let through; cards that are solved in an
    editor stay here.
    """
    if file.suffix != ".apkg":
        raise FlashprepError(f"{file}: the name of a package ends in .apkg")
    if file.exists() and not force:
        raise FlashprepError(f"{file} is there already; --force replaces it")
    with Collection() as collection:
        found = collection.rows(options.make_filter(deck, tag, kind, round, id))
        rows = [row for row in found if not row.exercise]  # a phone has no editor
        if not rows:
            raise FlashprepError("no card matches: nothing was written")
        from flashprep.anki.package import write

        write(rows, file, lambda row: collection.absolute(row.root, row.path).parent)
        report.done(f"wrote {len(rows)} cards to {file}; in Anki: File, Import")
