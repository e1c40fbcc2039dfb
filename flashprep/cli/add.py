"""``flashprep add``: write a card of your own."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from flashprep.cli import options
from flashprep.collection import Collection
from flashprep.errors import FlashprepError
from flashprep.terminal import report

app = options.new_app()


@app.command("add")
def add(
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND", help=f"One of {', '.join(options.KINDS)}.", autocompletion=lambda: options.KINDS
        ),
    ] = "question",
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="The prompt.")] = "",
    body: Annotated[
        str,
        typer.Option("--body", metavar="TEXT", help="The Markdown below the heading; - reads it from standard input."),
    ] = "",
    id: Annotated[str, typer.Option("--id", metavar="ID", help="The permanent id; none: made of the title.")] = "",
    deck: Annotated[
        str, typer.Option("--deck", "-d", metavar="NAME", help="The deck it goes to, one of yours or a new one.")
    ] = "My cards",
    tag: Annotated[
        list[str] | None, typer.Option("--tag", "-t", metavar="TAG", help="A tag; give it again for another.")
    ] = None,
    round: Annotated[
        str,
        typer.Option(
            "--round",
            "-r",
            metavar="ROUND",
            help=f"The round it is for: {', '.join(options.ROUNDS)}.",
            autocompletion=lambda: options.ROUNDS,
        ),
    ] = "",
    solution: Annotated[
        bool,
        typer.Option(
            "--solution/--no-solution",
            help="For a coding note: make the files of its solution and its tests, to be completed.",
        ),
    ] = True,
    covers: Annotated[
        str, typer.Option("--covers", metavar="A,B", help="What it covers, such as the themes of a story.")
    ] = "",
) -> None:
    """Write a card of your own, in your editor or from options.

    With nothing but a kind it opens a template of that kind in your editor; with --title and --body it needs none.
    A coding note also gets a solution and a test file beside the deck, for you to complete.
    Without a terminal and without --body, standard input is the note as Markdown: a heading with its kind, and what is
    below it.
    """
    from flashprep import authoring

    (name,) = options.kinds_of([kind])
    (chosen_round,) = options.rounds_of([round]) if round else ("",)
    with Collection() as collection:
        if title or body:
            text = authoring.note_text(name, title, _read(body), id, tuple(tag or ()), chosen_round, covers)
        elif not sys.stdin.isatty():
            text = sys.stdin.read()
            if not text.strip():
                raise FlashprepError("nothing to add: give --title and --body, or a note in Markdown on standard input")
        else:
            written = authoring.write_in_editor(authoring.template(name, title, deck))
            if written is None:
                report.done("nothing was added: the template was left as it was")
                return
            text = written
        try:
            added = authoring.add(
                collection, text, "" if not (title or body) and deck == "My cards" else deck, solution
            )
        except FlashprepError as error:
            raise FlashprepError(f"{error}; your text is kept in {authoring.keep_draft(text)}") from None
        report.added(added)


def _read(body: str) -> str:
    if body == "-":
        body = sys.stdin.read()
    if not body.strip():
        raise FlashprepError("the card has no answer: give --body TEXT, or --body - and the text on standard input")
    return body
