"""The command line: options in, one call, one rendering, an exit code out."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from flashprep.errors import FlashprepError


def fail(message: str, code: int = 2) -> NoReturn:
    """End with one line on standard error."""
    printable = "".join(c if c.isprintable() else "?" for c in message)  # it may quote what the user typed
    print(f"flashprep: {printable}", file=sys.stderr)
    raise SystemExit(code)


def main() -> None:
    """Run the command line; whatever goes wrong ends as one line, never as a traceback."""
    _settle_streams()
    try:
        code = _run(sys.argv[1:])
        sys.stdout.flush()
    except FlashprepError as error:
        fail(" ".join(str(error).split()), error.exit_code)
    except KeyboardInterrupt:
        fail("stopped", 130)
    except BrokenPipeError:
        # The reader of our output went away, as in "flashprep list | head": no fault of anybody.
        _drop_output()
        raise SystemExit(0) from None
    except OSError as error:
        _drop_output()  # it may be the output that could not be written
        fail(f"{error.strerror or error}" + (f": {error.filename}" if error.filename else ""))
    except UnicodeEncodeError:
        fail("an argument or a file name is not valid UTF-8")
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


def _settle_streams() -> None:
    """Give every stream a file, and no reason to fail over a character that it cannot say."""
    nothing = Path(os.devnull)
    sys.stdin = sys.stdin or nothing.open()
    sys.stdout = sys.stdout or nothing.open("w")
    sys.stderr = sys.stderr or nothing.open("w")
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _drop_output() -> None:
    """Let what is still to be written to standard output go nowhere, so that the end of the process is quiet."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(arguments: list[str]) -> int:
    """Run one command line and return its exit code."""
    if arguments == ["review"]:
        # The first card of the day does not wait for the option parser, of which a bare "review" has no need.
        from flashprep.terminal.start import review_session

        review_session()
        return 0
    from flashprep.cli.app import app

    code = app(args=arguments or ["--help"], prog_name="flashprep", standalone_mode=False)
    return code if isinstance(code, int) else 0


def _where_to_look() -> str:
    from flashprep.cli.app import COMMANDS

    named = next((argument for argument in sys.argv[1:] if argument in COMMANDS), "")
    return f" (see 'flashprep {named} --help')" if named else " (see 'flashprep --help')"
