"""Finding data files: those of the user take the place of the ones that came with flashprep under the same name."""

from __future__ import annotations

from pathlib import Path

from flashprep import places


def find(kind: str) -> dict[str, Path]:
    """Return the files of a kind by their names without .toml, such as 'meta' of companies."""
    found: dict[str, Path] = {}
    for folder in (places.built_in_decks() / kind, places.home() / kind):
        if folder.is_dir():
            found.update({path.stem: path for path in sorted(folder.glob("*.toml")) if not path.name.startswith(".")})
    return found
