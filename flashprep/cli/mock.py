"""``flashprep mock``: mock interviews."""

from __future__ import annotations

from typing import Annotated

import typer

from flashprep.cli import options
from flashprep.collection import Collection
from flashprep.errors import FlashprepError
from flashprep.guide.rounds import LOOP, MOCKED, MOST_MINUTES
from flashprep.terminal import mock as view

app = options.new_app()
mock = typer.Typer(cls=options.Group, add_completion=False, rich_markup_mode=None)
app.add_typer(mock, name="mock")

_ROUNDS = (*MOCKED, LOOP)
_SHORTEST = 5  # minutes


@app.callback()
def _group() -> None:
    """Keep ``mock`` a group though it is the only one here."""


@mock.callback(invoke_without_command=True)
def hold(
    context: typer.Context,
    round: Annotated[
        str | None,
        typer.Option(
            "--round",
            "-r",
            metavar="ROUND",
            help=f"The round: {', '.join(_ROUNDS)}. Default: the one that had no mock for longest.",
            autocompletion=lambda: _ROUNDS,
        ),
    ] = None,
    company: Annotated[
        str | None,
        typer.Option("--company", metavar="NAME", help="Whose rounds: meta, generic, or a file of your own."),
    ] = None,
    minutes: Annotated[
        int | None, typer.Option("--minutes", metavar="N", help="How long; default: as long as the company takes.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Begin another loop on the same day.")] = False,
) -> None:
    """Hold a mock interview.

    Questions are drawn as an interviewer would, weak topics more often. A clock runs for each stage; a coding round opens a
    starter and runs the tests; a behavioural one asks follow-ups and offers your stories. Then you score yourself, point by
    point. All of it is kept in a journal, also if you stop. A loop goes on with its next round when you call it again.
    """
    if context.invoked_subcommand:
        return
    if minutes is not None and not _SHORTEST <= minutes <= MOST_MINUTES:
        raise FlashprepError(f"--minutes {minutes}: it takes a whole number from {_SHORTEST} to {MOST_MINUTES}")
    from flashprep.mock import holding

    named = options.choices([round], _ROUNDS, "--round")[0] if round is not None else None
    with Collection() as collection:
        name = named or holding.usual_round(collection)
        view.hold(holding.prepare(collection, name, company or holding.usual_company(collection), minutes or 0, again))


@mock.command("list")
def list_(json: options.Json = False) -> None:
    """List the mock interviews that were held, the newest first.

    Each has a journal, a Markdown file in the folder mocks of your data folder.
    """
    view.listing(json)
