"""The config file: what can be set, in which bounds, and clear words about a bad value."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from flashprep.errors import BadConfig
from flashprep.memory.queue import Limits
from flashprep.memory.state import Settings
from flashprep.tomlfile import decoded, line_of, loaded


class Config(NamedTuple):
    """Every setting, with its default."""

    settings: Settings = Settings()
    limits: Limits = Limits()
    rollover_hour: int = 4
    built_in_decks: bool = True
    deck_folders: tuple[Path, ...] = ()
    solve_minutes: int = 20
    code_seconds: int = 20
    code_memory: int = 1024
    sync_url: str = ""
    sync_user: str = ""


class Option(NamedTuple):
    """One key of the config file."""

    key: str
    default: str  # as TOML
    meaning: str
    check: Callable[[Any], Any]  # returns the value as it is used, or raises ValueError with what is allowed


def _whole(low: int, high: int) -> Callable[[Any], int]:
    def check(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return value

    return check


def _retention(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0.7 <= value <= 0.99:
        raise ValueError("a number from 0.70 to 0.99")
    return float(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false")
    return value


_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def _steps(value: Any) -> tuple[int, ...]:
    wrong = ValueError('a list of at most 10 waits, growing, from 1s to 30d, such as ["1m", "10m"]')
    if not isinstance(value, list) or len(value) > 10:
        raise wrong
    steps = []
    for item in value:
        match = re.fullmatch(r"(\d{1,6})([smhd])", item) if isinstance(item, str) else None
        seconds = int(match[1]) * _UNITS[match[2]] if match else 0
        if not 1 <= seconds <= 30 * 86400:
            raise wrong
        steps.append(seconds)
    if steps != sorted(steps):
        raise wrong
    return tuple(steps)


def _folders(value: Any) -> tuple[Path, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) and item and "\0" not in item for item in value):
        raise ValueError('a list of folders, such as ["~/notes/interview"]')
    try:
        folders = tuple(Path(item).expanduser() for item in value)
    except RuntimeError:
        raise ValueError("a list of folders; there is no user of such a name") from None
    if not all(folder.is_absolute() for folder in folders):
        raise ValueError("a list of folders that start with / or ~")
    return folders


def _url(value: Any) -> str:
    if value == "":
        return ""
    if not isinstance(value, str) or not re.fullmatch(r"https?://[^\s/@]+(/\S*)?", value):
        raise ValueError('the address of a sync server, such as "http://192.168.1.10:27701/"')
    return value.rstrip("/") + "/"


def _name(value: Any) -> str:
    if not isinstance(value, str) or not value.isprintable() or value != value.strip():
        raise ValueError('a name, such as "me"')
    return value


OPTIONS = (
    Option(
        "desired_retention",
        "0.9",
        "How likely you want to recall a card on the day it comes back, 0.70 to 0.99. Higher means more reviews.",
        _retention,
    ),
    Option("new_per_day", "20", "New cards a day, 0 to 9999.", _whole(0, 9999)),
    Option("reviews_per_day", "200", "Reviews a day, 0 to 9999. Learning cards always come.", _whole(0, 9999)),
    Option(
        "new_exercises_per_day",
        "1",
        "Of the new cards of a day, how many may be problems to solve, 0 to 99. They come last.",
        _whole(0, 99),
    ),
    Option(
        "learning_steps",
        '["1m", "10m"]',
        "Waits before a new card counts as learned, in s, m, h or d. An empty list leaves it all to FSRS.",
        _steps,
    ),
    Option("relearning_steps", '["10m"]', "The same for a card that was forgotten.", _steps),
    Option(
        "maximum_interval",
        "36500",
        "Longest wait between two reviews of a card, in days, 1 to 36500.",
        _whole(1, 36500),
    ),
    Option(
        "leech_threshold", "8", "Lapses after which a card is set aside as a leech, 1 to 99; 0: never.", _whole(0, 99)
    ),
    Option("solve_minutes", "20", "Time goal for a problem whose heading has no minutes=, 1 to 600.", _whole(1, 600)),
    Option("code_seconds", "20", "Longest run of the tests on your code, in seconds, 1 to 600.", _whole(1, 600)),
    Option("code_memory", "1024", "Most memory that such a run may hold, in MiB, 64 to 65536.", _whole(64, 65536)),
    Option(
        "sync_url", '""', "Address of the Anki sync server for 'flashprep sync'. The password is not kept here.", _url
    ),
    Option("sync_user", '""', "Your name on that server.", _name),
    Option("rollover_hour", "4", "Hour at which the study day begins, 0 to 23, local time.", _whole(0, 23)),
    Option("built_in_decks", "true", "Whether the decks that came with flashprep are part of the collection.", _flag),
    Option("deck_folders", "[]", "Further folders with decks of yours, such as a notes repository.", _folders),
)
_DECK_KEYS = ("new_per_day", "reviews_per_day")


def load(path: Path) -> Config:
    """Read the config file; without one everything has its default."""
    try:
        source = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return Config()
    except OSError as error:
        raise BadConfig(f"{path}: cannot be read: {error.strerror}") from None
    return parse(source, str(path))


def parse(source: bytes, name: str) -> Config:
    """Read the text of a config file; ``name`` is how messages call it."""
    text = decoded(source, name, BadConfig)
    data = loaded(text, name, BadConfig)
    decks = data.pop("decks", {})
    values = _checked(data, OPTIONS, text, name, ())
    tables = list(decks.values()) if isinstance(decks, dict) else [None]
    if not all(isinstance(table, dict) for table in tables):
        wrong = (
            next((deck for deck in decks if not isinstance(decks[deck], dict)), "") if isinstance(decks, dict) else ""
        )
        raise BadConfig(
            f"{name}:{line_of(text, ('decks', wrong))}: decks: "
            'write a table a deck, such as [decks."Caching and queues"] with new_per_day = 5'
        )
    per_deck = {}
    options = tuple(option for option in OPTIONS if option.key in _DECK_KEYS)
    for deck, table in decks.items():
        found = _checked(table, options, text, name, ("decks", deck))
        per_deck[deck] = (found.get("new_per_day"), found.get("reviews_per_day"))
    base, limits = Settings(), Limits()
    return Config(
        settings=base._replace(**{key: values[key] for key in base._fields if key in values}),
        limits=Limits(
            values.get("new_per_day", limits.new),
            values.get("reviews_per_day", limits.reviews),
            per_deck,
            values.get("new_exercises_per_day", limits.exercises),
        ),
        **{key: values[key] for key in Config._fields if key in values},
    )


def checked_option(key: str, value: str, name: str) -> str:
    """Return a value that an option of the command line gives for a key; ``name`` is how messages call it."""
    option = next(option for option in OPTIONS if option.key == key)
    try:
        return str(option.check(value))
    except ValueError as error:
        raise BadConfig(f"{name} {value}: it takes {error}") from None


def _checked(
    data: dict[str, Any], options: tuple[Option, ...], text: str, name: str, table: tuple[str, ...]
) -> dict[str, Any]:
    known = {option.key: option for option in options}
    prefix = f'{table[0]}."{table[1]}".' if table else ""
    values = {}
    for key, value in data.items():
        if key not in known:
            from flashprep.cards.text import nearest  # an error may take its time; the first card may not

            near = nearest(key, [*known, *(() if table else ("decks",))])
            help = f"did you mean '{near}'?" if near else f"the keys are {', '.join(known)}"
            raise BadConfig(f"{name}:{line_of(text, (*table, key))}: unknown key '{prefix}{key}'; {help}")
        try:
            values[key] = known[key].check(value)
        except ValueError as error:
            from flashprep.cards.text import one_line

            given = f"{prefix}{key} = {one_line(repr(value), 60)}"
            raise BadConfig(f"{name}:{line_of(text, (*table, key))}: {given} is not right; it takes {error}") from None
    return values
