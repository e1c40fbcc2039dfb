"""The benchmarks run: their small version, whose figures mean nothing but whose work is the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def test_every_benchmark_runs_and_reports(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--quick"],
        cwd=Path(__file__).parent.parent,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    rows = done.stdout.splitlines()
    for what in (
        "review < /dev/null",
        "review < /dev/null with a date",
        "the first of a day",
        "first sync of",
        "nothing changed",
        "rebuild memory",
        "p99",
        "save to verdict",
        "code verify",
        "beside plain genanki",
        "with state and 4 reviews",
        "sync after one review",
        "one of them new",
        "recall after",
        "somebody else",
        "plan of a day",
        "fit parameters",
        "peak memory",
        "pyromark",
    ):
        assert any(what in row for row in rows[1:]), what
