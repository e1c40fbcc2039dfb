"""``flashprep show``: one note, with all of its cards."""

from __future__ import annotations

from typing import Annotated

import typer

from flashprep.cli import options
from flashprep.collection import Collection
from flashprep.store.queries import Filter
from flashprep.terminal import report

app = options.new_app()


@app.command("show")
def show(
    id: Annotated[str, typer.Argument(metavar="ID", help="Id of a note or a card, as 'flashprep list' shows it.")],
    json: options.Json = False,
) -> None:
    """Show a note with its answers.

    All of its cards, where it stands, and what is known of your memory of it.
    """
    with Collection() as collection:
        report.show(collection, collection.rows(Filter(ids=(id,))), json)
