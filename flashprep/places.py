"""Where things live: the home of the user's data, the store, the config file, the built-in decks."""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "FLASHPREP_HOME"


def home() -> Path:
    """Return the folder of the user's data: FLASHPREP_HOME, else the platform's user data folder."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named).expanduser().absolute()
    from platformdirs import user_data_path

    return user_data_path("flashprep", appauthor=False)


def store() -> Path:
    """Return the path of the SQLite store."""
    return home() / "flashprep.db"


def config() -> Path:
    """Return the path of the config file, which need not exist."""
    return home() / "config.toml"


def own_decks() -> Path:
    """Return the folder of the user's own decks, which need not exist."""
    return home() / "decks"


def practice_folder() -> Path:
    """Return the folder of the user's attempts at coding problems, which need not exist."""
    return home() / "practice"


def mock_folder() -> Path:
    """Return the folder of the journals of mock interviews, which need not exist."""
    return home() / "mocks"


def backup_folder() -> Path:
    """Return the folder of the backups, which need not exist."""
    return home() / "backups"


def built_in_decks() -> Path:
    """Return the folder of the decks that came with flashprep: inside the wheel, or beside the package in a checkout."""
    package = Path(__file__).parent
    inside = package / "decks"
    return inside if inside.is_dir() else package.parent / "decks"
