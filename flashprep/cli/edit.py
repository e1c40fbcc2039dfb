"""``flashprep edit``: change a card."""

from __future__ import annotations

from typing import Annotated

import typer

from flashprep.cli import options
from flashprep.collection import Collection
from flashprep.store.queries import Filter
from flashprep.terminal import report

app = options.new_app()


@app.command("edit")
def edit(id: Annotated[str, typer.Argument(metavar="ID", help="Id of a note or a card.")]) -> None:
    """Open a note in your editor.

    A built-in note is copied into your decks first, where it takes the built-in one's place, history and all.
    """
    from flashprep import authoring
    from flashprep.editor import ensure_there, open_file

    with Collection() as collection:
        row = collection.rows(Filter(ids=(id,)))[0]
        ensure_there()  # before a copy is made
        place = authoring.place_to_edit(collection, row)
        open_file(place.path, place.line)
        collection.sync()
        report.edited(collection, place)
