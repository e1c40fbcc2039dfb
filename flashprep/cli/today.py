"""``flashprep today``: what the study day holds."""

from __future__ import annotations

from flashprep.cli import options
from flashprep.collection import Collection
from flashprep.terminal import report

app = options.new_app()


@app.command("today")
def today(
    deck: options.Deck = None, tag: options.Tag = None, round: options.Round = None, json: options.Json = False
) -> None:
    """Show what is due and new today.

    Also what is done, and what comes tomorrow.
    """
    with Collection() as collection:
        chosen = options.make_filter(deck, tag, None, round)
        collection.check_filter(chosen)
        report.today(collection, collection.today(chosen), json)
