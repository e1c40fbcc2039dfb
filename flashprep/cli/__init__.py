"""The command line: options in, one call, one rendering, an exit code out."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from flashprep.errors import FlashprepError


def fail(message: str, code: int = 2) -> NoReturn:
    """End with one line on standard error."""
    print(f"flashprep: {message}", file=sys.stderr)
    raise SystemExit(code)


def main() -> None:
    """Run the command line; whatever goes wrong ends as one line, never as a traceback."""
    try:
        code = _run(sys.argv[1:])
        sys.stdout.flush()
    except FlashprepError as error:
        fail(" ".join(str(error).split()), error.exit_code)
    except KeyboardInterrupt:
        fail("stopped", 130)
    except BrokenPipeError:
        # The reader of our output went away, as in "flashprep list | head": no fault of anybody.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
    except Exception as error:
        if type(error).__name__ == "Abort":  # Typer's word for an interrupted prompt
            fail("stopped", 130)
        show = getattr(error, "format_message", None)
        if show is not None:  # an error of the option parser
            fail(f"{' '.join(show().split())}{_where_to_look()}", getattr(error, "exit_code", 2))
        if os.environ.get("FLASHPREP_DEBUG"):
            raise
        fail(f"internal error: {type(error).__name__}: {error}; run it again with FLASHPREP_DEBUG=1 and report it", 70)
    raise SystemExit(code)


def _run(arguments: list[str]) -> int:
    """Run one command line and return its exit code."""
    if arguments == ["review"]:
        # The first card of the day does not wait for the option parser, of which a bare "review" has no need.
        from flashprep.terminal.start import review_session

        review_session()
        return 0
    from flashprep.cli.app import app

    code = app(args=arguments, prog_name="flashprep", standalone_mode=False)
    return code if isinstance(code, int) else 0


def _where_to_look() -> str:
    from flashprep.cli.app import COMMANDS

    named = next((argument for argument in sys.argv[1:] if argument in COMMANDS), "")
    return f" (see 'flashprep {named} --help')" if named else " (see 'flashprep --help')"
