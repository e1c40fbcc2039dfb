"""``flashprep export``: an Anki package."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flashprep.cli import options
from flashprep.collection import Collection
from flashprep.errors import FlashprepError

app = options.new_app()


@app.command("export")
def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The package to write, ending in .apkg.")],
    words: Annotated[list[str] | None, typer.Argument(metavar="WORDS", help="Full-text search.")] = None,
    deck: options.Deck = None,
    tag: options.Tag = None,
    kind: options.Kind = None,
    round: options.Round = None,
    covers: options.Covers = None,
    state: options.State = None,
    id: options.Id = None,
    progress: Annotated[
        bool, typer.Option("--progress/--no-progress", help="With memory, due days and all reviews, or as new cards.")
    ] = True,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
) -> None:
    """Write cards as an Anki package, with your progress.

    Import it in Anki on a desktop or a phone. All cards, or those that options let through; cards that are solved in an
    editor stay here.
    """
    if file.suffix != ".apkg":
        raise FlashprepError(f"{file}: the name of a package ends in .apkg")
    if file.exists() and not force:
        raise FlashprepError(f"{file} is there already; --force replaces it")
    with Collection() as collection:
        filter = options.make_filter(deck, tag, kind, round, id, covers, state, words)
        rows = [row for row in collection.rows(filter) if not row.exercise]  # a phone has no editor
        if not rows:
            raise FlashprepError("no card matches: nothing was written")
        from flashprep.anki.outgoing import gather
        from flashprep.anki.package import write
        from flashprep.store import anki as store
        from flashprep.terminal import anki as view

        with_progress = progress and any(row.memory.reps for row in rows)
        with view.progress("cards", len(rows) * (2 if with_progress else 1)) as tick:
            shipment = gather(collection, rows, with_progress, tick)
            write(shipment, collection.config, file)
        view.exported(file, len(rows), with_progress, store.lost(collection.db))
