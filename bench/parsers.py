"""Which Markdown parser: the block structure of the same decks by pyromark and by markdown-it-py."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench.common import row, seconds, write_decks


def run(folder: Path, quick: bool) -> Iterator[str]:
    """Measure the parsers alone, on 10,000 notes in 200 files."""
    import pyromark
    from markdown_it import MarkdownIt

    notes, files = (100, 2) if quick else (10_000, 200)
    write_decks(folder / "decks", notes, files)
    texts = [path.read_text() for path in sorted((folder / "decks").iterdir())]
    ours = min(seconds(lambda: [list(pyromark.events_with_range(text)) for text in texts]) for _ in range(3))
    parser = MarkdownIt("commonmark")
    theirs = min(seconds(lambda: [parser.parse(text) for text in texts]) for _ in range(3))
    yield row(
        f"pyromark, {notes} notes, beside markdown-it-py",
        f"{ours * 1000:.0f} ms",
        f"{theirs * 1000:.0f} ms",
        ours / theirs,
    )
