"""``flashprep suspend``, ``unsuspend``, ``bury`` and ``reset``."""

from __future__ import annotations

from typing import Annotated

import typer

from flashprep.cli import options
from flashprep.collection import Collection
from flashprep.errors import FlashprepError
from flashprep.terminal import report

app = options.new_app()

Ids = Annotated[list[str] | None, typer.Argument(metavar="ID", help="Ids of notes or cards.")]


def _mark(
    kind: str, ids: list[str] | None, deck: list[str] | None, tag: list[str] | None, states: list[str] | None = None
) -> None:
    chosen = options.make_filter(deck, tag, ids=ids, states=states)
    if not (chosen.ids or chosen.decks or chosen.tags or chosen.states):
        raise FlashprepError(f"say which cards to {kind}: ids, --deck or --tag")
    with Collection() as collection:
        rows = collection.rows(chosen)
        if kind == "unsuspend":
            rows = [row for row in rows if row.memory.suspended]
        elif kind == "suspend":
            rows = [row for row in rows if not row.memory.suspended]
        collection.mark([row.card for row in rows], kind)
        report.marked(kind, rows)


@app.command("suspend")
def suspend(ids: Ids = None, deck: options.Deck = None, tag: options.Tag = None) -> None:
    """Hide cards until they are unsuspended."""
    _mark("suspend", ids, deck, tag)


@app.command("unsuspend")
def unsuspend(
    ids: Ids = None,
    deck: options.Deck = None,
    tag: options.Tag = None,
    leeches: Annotated[bool, typer.Option("--leeches", help="All cards that were set aside as leeches.")] = False,
) -> None:
    """Bring suspended cards back, leeches too."""
    _mark("unsuspend", ids, deck, tag, ["leech"] if leeches else None)


@app.command("bury")
def bury(ids: Ids = None, deck: options.Deck = None, tag: options.Tag = None) -> None:
    """Hide cards until tomorrow."""
    _mark("bury", ids, deck, tag)


@app.command("reset")
def reset(ids: Ids = None, deck: options.Deck = None, tag: options.Tag = None) -> None:
    """Make cards new again. Their reviews stay in the log, and undo takes the reset back."""
    _mark("reset", ids, deck, tag)
