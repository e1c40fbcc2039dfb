"""``flashprep backup``, ``restore`` and ``doctor``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from flashprep.cli import options
from flashprep.errors import FlashprepError
from flashprep.terminal import report

app = options.new_app()


@app.command("backup")
def backup(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Where to; none: a dated file in the backup folder.")
    ] = None,
) -> None:
    """Copy your review log to a file.

    One copy a day is made by itself, after a session. Your decks are plain files: keep them in git.
    """
    from flashprep import upkeep

    report.done(f"backed up to {upkeep.back_up(file)}")


@app.command("restore")
def restore(
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="The backup; none: the newest good one.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Put a backup in the place of the store.

    The store as it is now is set aside, not deleted.
    """
    from flashprep import upkeep

    chosen = upkeep.examined(file) if file else upkeep.newest_good_backup()
    if chosen.fault:
        raise FlashprepError(f"{chosen.path} is no good backup: {chosen.fault}")
    if not yes:
        if not sys.stdin.isatty():
            raise FlashprepError(f"this would restore {chosen.path} with {chosen.reviews} reviews; say --yes to do it")
        typer.confirm(f"Restore {chosen.path} with {chosen.reviews} reviews?", abort=True)
    checked, aside = upkeep.restore(chosen.path)
    report.done(
        f"restored {checked.reviews} reviews from {checked.path}" + (f"; the old store is {aside}" if aside else "")
    )


@app.command("doctor")
def doctor(
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Make everything anew that is derived from decks and log.")
    ] = False,
    json: options.Json = False,
) -> None:
    """Look for what is wrong with the installation and your data.

    Clock, config, store, schedule, decks, backups, editor. Exit code 1 if something is wrong.
    """
    from flashprep import upkeep

    findings = upkeep.examine(rebuild)
    report.doctor(findings, json)
    raise typer.Exit(0 if all(finding.good for finding in findings) else 1)
