"""``flashprep stats``: numbers and small plots."""

from __future__ import annotations

from typing import Annotated

import typer

from flashprep.cli import options
from flashprep.collection import Collection
from flashprep.terminal import report

app = options.new_app()


@app.command("stats")
def stats(
    days: Annotated[
        int, typer.Option("--days", metavar="N", min=1, max=3650, help="How many study days back and ahead.")
    ] = 30,
    json: options.Json = False,
) -> None:
    """Show numbers and small plots.

    Reviews a day, the forecast of due cards, the states of all cards, and retention: true against predicted.
    """
    from flashprep.statistics import collect

    with Collection() as collection:
        report.stats(collect(collection, days), json)
