"""``flashprep import``: what was done in Anki."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flashprep.cli import options
from flashprep.collection import Collection
from flashprep.terminal import anki as view

app = options.new_app()


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A package of Anki: .apkg or .colpkg.")],
    notes: Annotated[
        bool, typer.Option("--notes", help="Bring notes that flashprep does not know over as Markdown, with history.")
    ] = False,
    take_edits: Annotated[
        bool, typer.Option("--take-edits", help="Write what was edited in Anki into your deck files.")
    ] = False,
    take_undone: Annotated[
        bool, typer.Option("--take-undone", help="Undo here the reviews that Anki had once and has no more.")
    ] = False,
    json: options.Json = False,
) -> None:
    """Bring back the reviews that were done in Anki.

    Each review comes in once, however often and in whatever order packages are imported. Export in Anki with scheduling
    information. Your Markdown is not changed unless you ask for it.
    """
    from flashprep.anki.exchange import take_in
    from flashprep.anki.reader import opened

    with opened(file) as (found, archive), Collection() as collection:
        collection.back_up_daily()
        outcome = take_in(collection, found, archive, notes=notes, take_edits=take_edits, take_undone=take_undone)
        view.imported(collection, file.name, outcome, json)
