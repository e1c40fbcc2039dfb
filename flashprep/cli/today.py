"""``flashprep today``: what the study day holds."""

from __future__ import annotations

import typer

from flashprep.cli import options
from flashprep.collection import Collection
from flashprep.terminal import report

app = typer.Typer()


@app.command("today")
def today(
    deck: options.Deck = None, tag: options.Tag = None, round: options.Round = None, json: options.Json = False
) -> None:
    """Show how many cards are due and new today, what is done, and what comes tomorrow."""
    with Collection() as collection:
        chosen = options.make_filter(deck, tag, None, round)
        collection.check_filter(chosen)
        report.today(collection, collection.today(chosen), json)
