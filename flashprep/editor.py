"""The user's own editor: which one it is, and opening a file at a line."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path

from flashprep.errors import FlashprepError

_PLUS_LINE = {"vi", "vim", "nvim", "view", "nano", "emacs", "emacsclient", "micro", "joe", "ne", "kak", "mg", "pico"}
_GO_TO = {"code", "codium", "cursor", "windsurf"}
_COLON_LINE = {"hx", "helix", "zed", "subl"}


def command() -> list[str]:
    """Return the user's editor as a command line."""
    for variable in ("VISUAL", "EDITOR"):
        named = os.environ.get(variable, "").strip()
        if named:
            try:
                return shlex.split(named)
            except ValueError:
                raise FlashprepError(f"{variable}={named!r} has unbalanced quotes; set it to your editor") from None
    for usual in ("nano", "vim", "vi"):
        if shutil.which(usual):
            return [usual]
    raise FlashprepError("no editor: set EDITOR, such as export EDITOR=vim")


def ensure_there() -> None:
    """Refuse an editor that is not installed, before anything is made ready for it."""
    program = command()[0]
    if not shutil.which(program):
        raise FlashprepError(f"cannot start the editor {program!r}: there is no such program; set EDITOR")


def open_file(path: Path, line: int = 1, interactive: bool = True) -> None:
    """Open a file at a line and wait until the editor is closed; without ``interactive`` our input is none of its business."""
    words = command()
    program = Path(words[0]).name
    if program in _GO_TO:
        words += ["--wait", "--goto", f"{path}:{line}"]
    elif program in _COLON_LINE:
        words += [f"{path}:{line}"]
    elif program in _PLUS_LINE:
        words += [f"+{line}", str(path)]
    else:
        words += [str(path)]
    try:
        status = subprocess.run(words, check=False, stdin=None if interactive else subprocess.DEVNULL).returncode
    except OSError as error:
        raise FlashprepError(f"cannot start the editor {words[0]!r}: {error.strerror}; set EDITOR") from None
    except KeyboardInterrupt:
        raise FlashprepError(f"the editor {words[0]!r} was stopped") from None
    if status:
        raise FlashprepError(f"the editor {words[0]!r} ended with exit code {status}")
