"""``flashprep plan``: interview dates, and what is to be done until then."""

from __future__ import annotations

from typing import Annotated

import typer

from flashprep.cards.model import ROUNDS
from flashprep.cli import options
from flashprep.collection import Collection
from flashprep.terminal import plan as view

app = options.new_app()
plan = typer.Typer(cls=options.Group, add_completion=False, rich_markup_mode=None)
app.add_typer(plan, name="plan")


@app.callback()
def _group() -> None:
    """Keep ``plan`` a group though it is the only one here."""


@plan.callback(invoke_without_command=True)
def show(context: typer.Context, json: options.Json = False) -> None:
    """Show the plan until your interview.

    The phase of the preparation with its tasks, the time spent and left, the recall that is expected on the day by round and
    topic, now and if you keep the plan, and what the time is too short for. In brackets is where four of five outcomes lie.
    """
    if context.invoked_subcommand:
        return
    with Collection() as collection:
        view.show(collection, json)


@plan.command("set")
def set_(
    date: Annotated[str | None, typer.Option("--date", metavar="DATE", help="The day, such as 2026-12-24.")] = None,
    minutes: Annotated[
        int | None, typer.Option("--minutes", metavar="N", help="Minutes for cards on each day of study.")
    ] = None,
    name: Annotated[
        str | None,
        typer.Option("--name", metavar="NAME", help="Its name, such as 'phone screen', if there are several."),
    ] = None,
    company: Annotated[
        str | None, typer.Option("--company", metavar="NAME", help="A company that there is a file of: meta, generic.")
    ] = None,
    level: Annotated[str | None, typer.Option("--level", metavar="LEVEL", help="The level, such as E5.")] = None,
    days: Annotated[
        str | None, typer.Option("--days", metavar="DAYS", help="Days with study, such as mon,tue,thu; or all.")
    ] = None,
    round: Annotated[
        list[str] | None,
        typer.Option(
            "--round",
            "-r",
            metavar="ROUND",
            help=f"A round that it has, the most important first: {', '.join(ROUNDS)}; or all.",
        ),
    ] = None,
    topic: Annotated[
        list[str] | None,
        typer.Option("--topic", metavar="NAME", help="A deck or tag whose new cards come first; again for the next."),
    ] = None,
    drop: Annotated[
        list[str] | None,
        typer.Option("--drop", metavar="NAME", help="A deck or tag to leave out; --drop '' leaves out nothing."),
    ] = None,
) -> None:
    """Set the date of an interview, or change it.

    From then on 'flashprep review' shows what helps most until that day. A phone screen and an onsite may both have a date,
    each with its rounds: name them with --name. What you do not give stays as it was.
    """
    from flashprep.dates import Wish, set_date

    rounds = None if round is None else () if round == ["all"] else options.rounds_of(round)
    listed = [tuple(given) if given is not None else None for given in (topic, drop)]
    wish = Wish(date, minutes, company, level, days, rounds, listed[0], listed[1])
    with Collection() as collection:
        view.was_set(collection, set_date(collection, name, wish))


@plan.command("tick")
def tick(
    numbers: Annotated[list[int], typer.Argument(metavar="NUMBER...", help="Tasks, as 'flashprep plan' numbers them.")],
    undo: Annotated[bool, typer.Option("--undo", help="Take the tick back.")] = False,
) -> None:
    """Tick tasks of today off."""
    from flashprep.checklist import set_tick

    with Collection() as collection:
        date = view.nearest(collection)
        view.ticked(set_tick(collection, date, numbers, not undo), not undo)


@plan.command("clear")
def clear(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="The date; none: all of them.")] = None,
) -> None:
    """Take a date out of the plan, or all of them.

    Reviews go on by the ordinary schedule, with everything that was learned.
    """
    from flashprep import dates

    with Collection() as collection:
        view.cleared(dates.clear(collection, name))


@plan.command("copy")
def copy(
    name: Annotated[
        str | None, typer.Argument(metavar="FILE", help="Such as phases/one-week; none: list them.")
    ] = None,
    json: options.Json = False,
) -> None:
    """Copy a data file to your data folder, for you to change.

    Phases of the preparation, rounds of an interview, and companies. Your copy takes the place of the built-in file.
    """
    from flashprep.guide import files

    if name is None:
        view.data_files(files.listed(), json)
    else:
        view.copied(files.copy(name))
