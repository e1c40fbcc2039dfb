"""Finding data files: those of the user take the place of the ones that came with flashprep under the same name."""

from __future__ import annotations

from pathlib import Path

from flashprep import folders, places
from flashprep.cards.text import nearest
from flashprep.errors import FlashprepError, NotFound

KINDS = ("phases", "rounds", "companies")


def find(kind: str) -> dict[str, Path]:
    """Return the files of a kind by their names without .toml, such as 'meta' of companies."""
    found: dict[str, Path] = {}
    for folder in (places.built_in_decks() / kind, places.home() / kind):
        if folder.is_dir():
            found.update({path.stem: path for path in sorted(folder.glob("*.toml")) if not path.name.startswith(".")})
    return found


def listed() -> list[tuple[str, Path, bool]]:
    """Return every file as (kind/name, path, whether it is the user's own)."""
    home = places.home()
    return [(f"{kind}/{name}", path, path.is_relative_to(home)) for kind in KINDS for name, path in find(kind).items()]


def copy(name: str) -> Path:
    """Copy a file that came with flashprep, named as kind/name, to the user's folder, where it takes its place."""
    known = {key: path for key, path, _ in listed()}
    if name not in known:
        near = nearest(name, list(known), 0.5)
        help = f"did you mean '{near}'?" if near else f"there are {', '.join(known)}"
        raise NotFound(f"there is no data file '{name}'; {help}")
    target = places.home() / f"{name}.toml"
    if target.exists():
        raise FlashprepError(f"{target} is there already: edit it, or delete it to have the built-in one again")
    folders.replace(target, None, folders.read(known[name]))
    return target
