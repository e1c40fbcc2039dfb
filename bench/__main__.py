"""Run the benchmarks: ``python -m bench [NAME ...] [--quick]``; prints ratios against the goals."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from bench import anki, answers, fits, horizon, parsers, practice, start, sync

BENCHES = {
    "start": start.run,
    "sync": sync.run,
    "answers": answers.run,
    "practice": practice.run,
    "anki": anki.run,
    "horizon": horizon.run,
    "fits": fits.run,
    "parsers": parsers.run,
}


def main() -> None:
    """Run what is named, or everything."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHES, []], help="which; none: all")
    parser.add_argument("--quick", action="store_true", help="a hundredth of the size, to see that it runs")
    options = parser.parse_args()
    print(f"{'what':<58} {'measured':>12} {'beside':>12} {'ratio':>8}  goal")
    for name in options.names or BENCHES:
        with tempfile.TemporaryDirectory(prefix="flashprep-bench-") as folder:
            for row in BENCHES[name](Path(folder), options.quick):
                print(row, flush=True)


if __name__ == "__main__":
    main()
