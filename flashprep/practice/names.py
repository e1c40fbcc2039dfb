"""Which names a solution cannot have: those of modules that the tests stand on."""

from __future__ import annotations

import sys

_OF_PYTEST = {"pytest", "_pytest", "pluggy", "iniconfig", "packaging", "pygments", "conftest", "flashprep"}


def is_taken(name: str) -> bool:
    """Tell whether tests that import ``name`` would get another module than the user's."""
    return name in _OF_PYTEST or name in sys.stdlib_module_names
