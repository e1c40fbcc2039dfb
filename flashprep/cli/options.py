"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from flashprep.cards.kinds import kinds
from flashprep.cards.model import ROUNDS
from flashprep.cards.text import nearest
from flashprep.errors import FlashprepError
from flashprep.store.queries import STATES, Filter

KINDS = tuple(kinds())


class Group(TyperGroup):
    """A group of commands that offers the nearest where there is none of a name."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command that is meant, or offer the nearest."""
        name, known = args[0], self.list_commands(ctx)
        if name not in known and not name.startswith("-") and not ctx.resilient_parsing:
            near = nearest(name, known)
            help = f"did you mean '{near}'?" if near else f"'{ctx.command_path} --help' lists them"
            raise FlashprepError(f"there is no command '{name}'; {help}")
        return super().resolve_command(ctx, args)


def new_app() -> typer.Typer:
    """Make the application of a command's module; its help text is plain text, and completion is the group's affair."""
    return typer.Typer(add_completion=False, rich_markup_mode=None)


Deck = Annotated[
    list[str] | None,
    typer.Option("--deck", "-d", metavar="NAME", help="Only this deck: part of its name or file name."),
]
Tag = Annotated[list[str] | None, typer.Option("--tag", "-t", metavar="TAG", help="Only cards with this tag.")]
Kind = Annotated[
    list[str] | None,
    typer.Option(
        "--kind", "-k", metavar="KIND", help=f"Only this kind: {', '.join(KINDS)}.", autocompletion=lambda: KINDS
    ),
]
Round = Annotated[
    list[str] | None,
    typer.Option(
        "--round", "-r", metavar="ROUND", help=f"Only this round: {', '.join(ROUNDS)}.", autocompletion=lambda: ROUNDS
    ),
]
Id = Annotated[list[str] | None, typer.Option("--id", "-i", metavar="ID", help="Only this note or card.")]
Covers = Annotated[
    list[str] | None, typer.Option("--covers", metavar="ITEM", help="Only cards that cover this item or theme.")
]
State = Annotated[
    list[str] | None,
    typer.Option(
        "--state", metavar="STATE", help=f"Only this state: {', '.join(STATES)}.", autocompletion=lambda: STATES
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Write JSON, for scripts.")]


def choices(given: list[str] | None, allowed: tuple[str, ...], option: str) -> tuple[str, ...]:
    """Return the values of an option in their normal form, refusing those that it does not take."""
    values = []
    for value in given or ():
        normal = "-".join(value.casefold().replace("_", " ").replace("-", " ").split())
        normal = "behavioral" if normal == "behavioural" else normal
        if normal not in allowed:
            near = nearest(normal, allowed)
            help = f"did you mean '{near}'?" if near else f"it takes {', '.join(allowed)}"
            raise FlashprepError(f"{option} {value}: {help}")
        values.append(normal)
    return tuple(values)


def kinds_of(given: list[str]) -> tuple[str, ...]:
    """Return the kinds that arguments name, refusing others."""
    return choices(given, KINDS, "kind")


def rounds_of(given: list[str]) -> tuple[str, ...]:
    """Return the rounds that options name, refusing others."""
    return choices(given, ROUNDS, "--round")


def make_filter(
    decks: list[str] | None = None,
    tags: list[str] | None = None,
    kinds: list[str] | None = None,
    rounds: list[str] | None = None,
    ids: list[str] | None = None,
    covers: list[str] | None = None,
    states: list[str] | None = None,
    words: list[str] | None = None,
) -> Filter:
    """Make a filter of options, refusing values that there are not."""
    return Filter(
        decks=tuple(decks or ()),
        tags=tuple(tags or ()),
        kinds=choices(kinds, KINDS, "--kind"),
        rounds=choices(rounds, ROUNDS, "--round"),
        ids=tuple(ids or ()),
        covers=tuple(covers or ()),
        states=choices(states, STATES, "--state"),
        words=" ".join(" ".join(words or ()).split()),
    )
