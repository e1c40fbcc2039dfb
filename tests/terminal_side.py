"""A command on a real terminal, for tests that wait for what it shows and type keys."""

from __future__ import annotations

import os
import sys

import pexpect


def on_a_terminal(*arguments: str) -> pexpect.spawn:
    """Start the command line on a terminal of 24 lines and 90 columns."""
    return pexpect.spawn(
        sys.executable,
        ["-m", "flashprep", *arguments],
        env={**os.environ, "TERM": "xterm-256color"},
        dimensions=(24, 90),
        encoding="utf-8",
        timeout=20,
    )
