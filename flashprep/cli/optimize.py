"""``flashprep optimize``: personal parameters of FSRS."""

from __future__ import annotations

from typing import Annotated

import typer

from flashprep.cli import options
from flashprep.collection import Collection
from flashprep.errors import FlashprepError
from flashprep.terminal import optimize as view

app = options.new_app()


@app.command("optimize")
def optimize(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would come of it, and change nothing.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Take back what was adopted last.")] = False,
    json: options.Json = False,
) -> None:
    """Fit the scheduler to your own memory.

    The fit is made with your earlier reviews and judged by the later ones; it is adopted only if it predicts those better
    than the parameters of now. Due days change with it.
    """
    if dry_run and undo:
        raise FlashprepError("--dry-run and --undo exclude each other")
    from flashprep import fitting

    with Collection() as collection:
        if undo:
            view.taken_back(fitting.take_back(collection))
            return
        trial = fitting.try_fit(collection)
        adopted = trial.better and not dry_run
        if adopted:
            collection.back_up_daily()
            fitting.adopt(collection, trial)
        view.fitted(collection, trial, fitting.learned(collection), adopted, json)
