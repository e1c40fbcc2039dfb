"""``flashprep log``: the reviews."""

from __future__ import annotations

from typing import Annotated

import typer

from flashprep.cli import options
from flashprep.collection import Collection
from flashprep.store import queries
from flashprep.terminal import report

app = options.new_app()


@app.command("log")
def log(
    id: Annotated[str | None, typer.Argument(metavar="ID", help="Only this note or card.")] = None,
    limit: Annotated[
        int, typer.Option("--limit", "-n", metavar="N", min=0, help="At most this many rows; 0: all.")
    ] = 0,
    days: Annotated[
        int, typer.Option("--days", metavar="N", min=0, help="Only the last so many study days; 0: all.")
    ] = 0,
    everything: Annotated[bool, typer.Option("--all", help="Also what is no review, and what was undone.")] = False,
    json: options.Json = False,
) -> None:
    """List the reviews, newest first."""
    with Collection() as collection:
        cards = collection.cards_of_history(id) if id else None
        since = collection.now().day - days + 1 if days else 0
        report.log(collection, queries.log_rows(collection.db, cards, limit, everything, since), json)
