"""``flashprep check``: diagnose and fix decks."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from flashprep.collection import Collection
from flashprep.terminal import report

app = typer.Typer()


class Format(StrEnum):
    """How problems are written."""

    full = "full"
    concise = "concise"
    json = "json"


@app.command("check")
def check(
    files: Annotated[
        list[str] | None, typer.Argument(help="Only these deck files, which need not be in the collection.")
    ] = None,
    format: Annotated[
        Format, typer.Option("--format", "-f", help="full: with the source line; concise: a line each; json.")
    ] = Format.full,
    json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    fix: Annotated[
        bool, typer.Option("--fix", help="Write ids into your decks and apply what is safe to mend.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Also report your notes without a pinned id.")] = False,
) -> None:
    """Look for problems in all decks: exit code 0 when there are none, 1 when there are.

    'flashprep explain RULE' says more about one.
    """
    from flashprep import checking

    with Collection() as collection:
        done = checking.fix(collection, files or []) if fix else {}
        problems = checking.problems(collection, files or [], strict)
        report.fixed(done, quiet=json or format is Format.json)
        report.problems(problems, "json" if json else format.value)
    raise typer.Exit(1 if problems else 0)
