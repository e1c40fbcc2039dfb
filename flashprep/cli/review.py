"""``flashprep review``: the daily session."""

from __future__ import annotations

from typing import Annotated

import typer

from flashprep.cli import options
from flashprep.terminal.start import review_session

app = options.new_app()


@app.command("review")
def review(
    deck: options.Deck = None,
    tag: options.Tag = None,
    kind: options.Kind = None,
    round: options.Round = None,
    id: options.Id = None,
    new: Annotated[
        int | None,
        typer.Option("--new", metavar="N", min=0, help="New cards in this session, instead of the day's limit."),
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", metavar="N", min=1, help="At most this many cards.")] = None,
    cram: Annotated[bool, typer.Option("--cram", help="Look at cards without touching the schedule.")] = False,
    more: Annotated[
        bool, typer.Option("--more", help="With an interview date: go on when the minutes of the day are spent.")
    ] = False,
) -> None:
    """Review what is due and learn new cards: the daily session.

    With an interview date ('flashprep plan set') it shows what helps most until then, within the minutes of the plan.
    Press a key to reveal, 1 to 4 to rate, ? for all keys. Every rating is kept at once; leave whenever you like.
    Without a terminal it reads an answer a line: an empty line reveals, 1 to 4 rate, u s b q as in the terminal.
    """
    review_session(options.make_filter(deck, tag, kind, round, id), new, limit, cram, more)
