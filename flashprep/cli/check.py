"""``flashprep check``: diagnose and fix decks."""

from __future__ import annotations

from typing import Annotated

import typer

from flashprep.cli import options
from flashprep.collection import Collection
from flashprep.terminal import report

app = options.new_app()


FORMATS = ("full", "concise", "json")


@app.command("check")
def check(
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="FILE", help="Only these deck files, which need not be in the collection."),
    ] = None,
    format: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help="full: with the source line; concise: a line each; json.",
            autocompletion=lambda: FORMATS,
        ),
    ] = "full",
    json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    fix: Annotated[
        bool, typer.Option("--fix", help="Write ids into your decks and apply what is safe to mend.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Also report your notes without a pinned id.")] = False,
) -> None:
    """Look for problems in all decks, and mend them.

    Exit code 0 when there are none, 1 when there are. 'flashprep explain RULE' says more about one.
    """
    from flashprep import checking

    (chosen,) = ("json",) if json else options.choices([format], FORMATS, "--format")
    with Collection() as collection:
        done = checking.fix(collection, files or []) if fix else {}
        problems = checking.problems(collection, files or [], strict)
        report.fixed(done, quiet=chosen == "json")
        report.problems(problems, chosen)
    raise typer.Exit(1 if problems else 0)
