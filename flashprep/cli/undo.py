"""``flashprep undo``: take back the last action."""

from __future__ import annotations

from flashprep.cli import options
from flashprep.collection import Collection
from flashprep.terminal import report

app = options.new_app()


@app.command("undo")
def undo() -> None:
    """Take back the last rating, suspension, burial or reset.

    Again for the one before, as far back as you like.
    """
    with Collection() as collection:
        report.undone(collection, collection.undo())
