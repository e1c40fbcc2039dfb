"""The pictures of a package: gathered from beside the decks, under names that cannot collide."""

from __future__ import annotations

import hashlib
from pathlib import Path

from flashprep import folders
from flashprep.cards.markdown import images

LARGEST = 4 * 1024 * 1024  # bytes; a larger picture is shown by its words
ENDINGS = (".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp")


class Media:
    """The pictures of a package, by their names in it."""

    def __init__(self) -> None:
        self.files: dict[str, Path] = {}

    def names(self, markdown: str, folder: Path) -> list[str]:
        """Return for each picture of a text its name in the package, empty where its words must do.

        Anki keeps all pictures in one folder, so the name carries a digest of the content: two decks may both have a ring.svg,
        and a picture that was changed is another file.
        """
        return [self._name(folders.beside(folder, image.target)) for image in images(markdown)]

    def _name(self, path: Path | None) -> str:
        if path is None or path.suffix.lower() not in ENDINGS or path.stat().st_size > LARGEST:
            return ""
        digest = hashlib.blake2b(path.read_bytes(), digest_size=6).hexdigest()
        name = f"flashprep-{digest}{path.suffix.lower()}"
        self.files[name] = path
        return name
