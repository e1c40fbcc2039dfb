"""``flashprep code``: solve coding problems and let the tests judge."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from flashprep.cli import options
from flashprep.collection import Collection
from flashprep.errors import FlashprepError
from flashprep.terminal import practice

app = options.new_app()
code = typer.Typer(
    cls=options.Group, add_completion=False, rich_markup_mode=None, help="Solve coding problems; the tests judge."
)
app.add_typer(code, name="code")


@app.callback()
def _group() -> None:
    """Keep ``code`` a group though it is the only one here."""


Problem = Annotated[
    str, typer.Argument(metavar="ID", help="Id of the note, or the name of its solution, as 'code list' shows them.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask, though it spoils an unsolved problem.")]


@code.command("list")
def list_problems(
    deck: options.Deck = None,
    tag: options.Tag = None,
    state: Annotated[
        list[str] | None,
        typer.Option(
            "--state",
            metavar="STATE",
            help="Only this state: solved, tried, never-tried, due.",
            autocompletion=lambda: practice.STATES,
        ),
    ] = None,
    json: options.Json = False,
) -> None:
    """List the problems, and how you stand with them.

    Solved, tried or never tried; and which are due to be solved again.
    """
    from flashprep import coding

    states = options.choices(state, practice.STATES, "--state")
    with Collection() as collection:
        chosen = options.make_filter(deck, tag)
        collection.check_filter(chosen)
        practice.listing(collection, coding.standings(collection, chosen), states, json)


@code.command("start")
def start(
    id: Problem,
    edit: Annotated[bool, typer.Option("--edit/--no-edit", help="Whether to open it in your editor.")] = True,
) -> None:
    """Start a problem in your editor.

    A starter with its signatures and docstrings is laid out and opened; the file is named. An attempt that is not
    solved yet is gone on with; 'code reset' begins anew.
    """
    from flashprep import coding, editor

    with Collection() as collection:
        row = coding.find(collection, id)
        started = coding.start(collection, row)
        practice.started(started)
        if edit and sys.stdin.isatty():
            editor.ensure_there()
            editor.open_file(started.problem.attempt)


@code.command("test")
def test(
    id: Problem,
    rate: Annotated[
        bool, typer.Option("--rate", help="Rate the problem by the verdict, as the daily review does.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show all that your file printed.")] = False,
    json: options.Json = False,
) -> None:
    """Run the tests on your attempt.

    In a process of its own, with limits on time, memory, processes and output.
    Exit code 0 when it passes, 1 when it does not, 2 when it cannot be judged.
    """
    from flashprep import coding

    with Collection() as collection:
        row = coding.find(collection, id)
        tested = coding.test(collection, row)
        rated = coding.rate(collection, row, tested) if rate else None
        practice.tested(tested, rated, row, verbose, json)
    raise typer.Exit(practice.exit_code(tested.verdict))


@code.command("watch")
def watch(id: Problem) -> None:
    """Run the tests at each save, until Ctrl-C."""
    from flashprep import coding

    with Collection() as collection:
        row = coding.find(collection, id)
        practice.watch(collection, row)


@code.command("show")
def show(id: Problem, yes: Yes = False) -> None:
    """Show the reference of a problem.

    Asks first if you have not solved it yet.
    """
    from flashprep import coding

    with Collection() as collection:
        row = coding.find(collection, id)
        source = coding.reference(collection, row)
        _ensure_wanted(collection, row, yes)
        coding.note_help(collection, row)
        practice.source(source)


@code.command("diff")
def diff(id: Problem, yes: Yes = False) -> None:
    """Compare your attempt with the reference.

    Asks first if you have not solved the problem yet.
    """
    from flashprep import coding

    with Collection() as collection:
        row = coding.find(collection, id)
        lines = coding.difference(collection, row)
        _ensure_wanted(collection, row, yes)
        coding.note_help(collection, row)
        practice.difference(lines)


@code.command("reset")
def reset(id: Problem) -> None:
    """Begin a problem anew.

    A fresh starter takes the place of your attempt, which is kept beside it.
    """
    from flashprep import coding

    with Collection() as collection:
        practice.started(coding.start(collection, coding.find(collection, id), anew=True))


@code.command("verify")
def verify(
    ids: Annotated[list[str] | None, typer.Argument(metavar="ID", help="Only these problems; none: all.")] = None,
    json: options.Json = False,
) -> None:
    """Check the problems themselves.

    Built-in ones and yours: each reference passes, each starter fails, no file is stray. Exit code 1 if something is wrong.
    """
    from flashprep import coding

    with Collection() as collection:
        with practice.progress(json) as step:
            checked, stray = coding.verify(collection, ids or [], step)
        practice.verified(checked, stray, json)
    raise typer.Exit(1 if stray or any(one.faults for one in checked) else 0)


def _ensure_wanted(collection: Collection, row: practice.Row, yes: bool) -> None:
    """Ask before an unsolved problem is spoiled."""
    from flashprep import coding

    if yes or any(attempt.passed for attempt in coding.attempts_of(collection, row)):
        return
    if not sys.stdin.isatty():
        raise FlashprepError(
            f"you have not solved '{row.note}' yet, and this would spoil it; --yes shows it all the same"
        )
    typer.confirm(f"You have not solved '{row.note}' yet. Spoil it?", abort=True)
