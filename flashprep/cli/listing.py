"""``flashprep list``: search and filter."""

from __future__ import annotations

from typing import Annotated

import typer

from flashprep.cli import options
from flashprep.collection import Collection
from flashprep.terminal import report

app = options.new_app()


@app.command("list")
def list_cards(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="WORD", help="Words to search for: all of them must be there.")
    ] = None,
    deck: options.Deck = None,
    tag: options.Tag = None,
    kind: options.Kind = None,
    round: options.Round = None,
    id: options.Id = None,
    covers: options.Covers = None,
    state: options.State = None,
    json: options.Json = False,
) -> None:
    """List cards: all, or those that words and options pick.

    Words are looked for in titles, answers, tags, decks and ids; several values of one option are alternatives.
    """
    with Collection() as collection:
        chosen = options.make_filter(deck, tag, kind, round, id, covers, state, words)
        report.listing(collection, collection.rows(chosen), json)
