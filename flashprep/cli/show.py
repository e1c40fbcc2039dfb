"""``flashprep show``: one note, with all of its cards."""

from __future__ import annotations

from typing import Annotated

import typer

from flashprep.cli import options
from flashprep.collection import Collection
from flashprep.store.queries import Filter
from flashprep.terminal import report

app = typer.Typer()


@app.command("show")
def show(
    id: Annotated[str, typer.Argument(help="Id of a note or a card, as 'flashprep list' shows it.")],
    json: options.Json = False,
) -> None:
    """Show a note: its cards with their answers, where it stands, what is known of your memory of it."""
    with Collection() as collection:
        report.show(collection, collection.rows(Filter(ids=(id,))), json)
