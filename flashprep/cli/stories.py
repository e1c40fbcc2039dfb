"""``flashprep stories``: the user's stories against the themes of behavioural rounds."""

from __future__ import annotations

from flashprep.cli import options
from flashprep.collection import Collection
from flashprep.terminal import stories as view

app = options.new_app()


@app.command("stories")
def stories(json: options.Json = False) -> None:
    """Show which themes your stories serve.

    Which theme has none, which story too much rests on, which result has no number, and when each was told last. Themes are the
    'covers' of a story's heading.
    """
    from flashprep.mock.journal import told
    from flashprep.stories import repertoire

    with Collection() as collection:
        view.repertoire(collection, repertoire(collection, told()), json)
