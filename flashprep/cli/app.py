"""The group of all commands, as Typer sees it."""

from __future__ import annotations

import importlib
from typing import Any

import typer

from flashprep.cli import options

# name: module of this package that defines ``app`` with the command. The order is that of the help text.
COMMANDS = {
    "review": "review",
    "today": "today",
    "plan": "plan",
    "mock": "mock",
    "add": "add",
    "edit": "edit",
    "list": "listing",
    "show": "show",
    "log": "log",
    "stats": "stats",
    "stories": "stories",
    "optimize": "optimize",
    "check": "check",
    "explain": "explain",
    "code": "code",
    "undo": "undo",
    "suspend": "suspend",
    "unsuspend": "suspend",
    "bury": "suspend",
    "reset": "suspend",
    "export": "export",
    "import": "import_",
    "sync": "sync",
    "backup": "upkeep",
    "restore": "upkeep",
    "doctor": "upkeep",
}


class Commands(options.Group):
    """The group of all commands; a command's module is loaded only when it is wanted."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Name the commands in the order of the help text."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Load a command by its name."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"flashprep.cli.{COMMANDS[cmd_name]}")
        command = typer.main.get_command(module.app)
        found = command.commands[cmd_name] if hasattr(command, "commands") else command
        found.name = cmd_name
        return found

    def invoke(self, ctx: Any) -> Any:
        """Run a command; where nobody reads its output any more it has nothing left to do."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise typer.Exit(0) from None
        except KeyboardInterrupt:  # Typer would end without a word
            raise typer.Abort from None


app = typer.Typer(
    cls=Commands,
    name="flashprep",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from flashprep import __version__

        typer.echo(f"flashprep {__version__}")
        raise typer.Exit


@app.callback(
    epilog="First time? 'flashprep review' starts with the built-in decks; 'flashprep add' writes your own card."
)
def _main(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version and exit."
    ),
) -> None:
    """Flashcards for the backend-engineer interview: Markdown cards, spaced repetition, the terminal and Anki."""
