"""The command line: options in, one call, one rendering, an exit code out. Each command is imported when it is named."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup

from flashprep.errors import FlashprepError

# name: module of this package that defines ``app`` with the command. The order is that of the help text.
COMMANDS = {
    "review": "review",
    "today": "today",
    "add": "add",
    "edit": "edit",
    "list": "listing",
    "show": "show",
    "log": "log",
    "stats": "stats",
    "check": "check",
    "explain": "explain",
    "undo": "undo",
    "suspend": "suspend",
    "unsuspend": "suspend",
    "bury": "suspend",
    "reset": "suspend",
    "export": "export",
    "backup": "upkeep",
    "restore": "upkeep",
    "doctor": "upkeep",
}


class Commands(TyperGroup):
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


app = typer.Typer(
    cls=Commands,
    name="flashprep",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from flashprep import __version__

        typer.echo(f"flashprep {__version__}")
        raise typer.Exit


@app.callback(epilog="First time? 'flashprep review' starts with the built-in decks; 'flashprep add' writes your own card.")
def _main(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version and exit."),
) -> None:
    """Flashcards for the backend-engineer interview: Markdown cards, spaced repetition, the terminal and Anki."""


def fail(message: str, code: int = 2) -> NoReturn:
    """End with one line on standard error."""
    print(f"flashprep: {message}", file=sys.stderr)
    raise SystemExit(code)


def main() -> None:
    """Run the command line; whatever goes wrong ends as one line, never as a traceback."""
    try:
        code = app(prog_name="flashprep", standalone_mode=False)
        sys.stdout.flush()
    except FlashprepError as error:
        fail(" ".join(str(error).split()), error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        fail("stopped", 130)
    except BrokenPipeError:
        # The reader of our output went away, as in "flashprep list | head": no fault of anybody.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
    except Exception as error:
        show = getattr(error, "format_message", None)
        if show is not None:  # an error of the option parser
            fail(f"{' '.join(show().split())} (see 'flashprep {_command()}--help')", getattr(error, "exit_code", 2))
        if os.environ.get("FLASHPREP_DEBUG"):
            raise
        fail(f"internal error: {type(error).__name__}: {error}; run it again with FLASHPREP_DEBUG=1 and report it", 70)
    raise SystemExit(code if isinstance(code, int) else 0)


def _command() -> str:
    named = next((argument for argument in sys.argv[1:] if argument in COMMANDS), "")
    return f"{named} " if named else ""
