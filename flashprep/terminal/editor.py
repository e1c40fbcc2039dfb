"""The user's own editor: which one it is, and opening a file at a line."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path

from flashprep.collection import Collection
from flashprep.errors import FlashprepError
from flashprep.store.queries import Row

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


def open_file(path: Path, line: int = 1) -> None:
    """Open a file at a line and wait until the editor is closed."""
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
        status = subprocess.run(words, check=False).returncode
    except OSError as error:
        raise FlashprepError(f"cannot start the editor {words[0]!r}: {error.strerror}; set EDITOR") from None
    if status:
        raise FlashprepError(f"the editor {words[0]!r} ended with exit code {status}")


def edit_card(collection: Collection, row: Row) -> str:
    """Open the note of a card; a built-in one is first copied into the user's decks. Return a line about it."""
    from flashprep.authoring import place_to_edit

    try:
        command()  # complain about a missing editor before a copy is made
        path, line, copied = place_to_edit(collection, row)
        open_file(path, line)
    except FlashprepError as error:
        return str(error)
    return f"copied to {path}, which takes the place of the built-in note" if copied else ""
