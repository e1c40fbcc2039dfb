"""The config file: each option with its default and bounds, and one clear message for whatever is wrong in it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flashprep.config import OPTIONS, Config, load, parse
from flashprep.errors import BadConfig
from flashprep.memory.queue import Limits
from flashprep.memory.state import Settings

NAME = "config.toml"
BY_KEY = {option.key: option for option in OPTIONS}


def value(config: Config, key: str) -> Any:
    """Return an option of a config, wherever it is kept."""
    limits = config.limits
    places = {
        "new_per_day": limits.new,
        "reviews_per_day": limits.reviews,
        "new_exercises_per_day": limits.exercises,
    }
    if key in places:
        return places[key]
    return getattr(config.settings if key in Settings._fields else config, key)


def fault(source: str | bytes) -> str:
    with pytest.raises(BadConfig) as error:
        parse(source if isinstance(source, bytes) else source.encode(), NAME)
    return str(error.value)


# -- defaults


def test_without_a_config_file_everything_has_its_default(tmp_path: Path) -> None:
    assert load(tmp_path / "none.toml") == Config() == parse(b"", NAME) == parse(b"\n# nothing\n", NAME)


@pytest.mark.parametrize("key", BY_KEY)
def test_the_default_that_is_documented_is_the_one_that_holds(key: str) -> None:
    assert value(parse(f"{key} = {BY_KEY[key].default}".encode(), NAME), key) == value(Config(), key)


def test_the_defaults() -> None:
    assert Config() == Config(
        settings=Settings((), 0.9, (60, 600), (600,), 36500, 8),
        limits=Limits(20, 200, {}, 1),
        rollover_hour=4,
        built_in_decks=True,
        deck_folders=(),
        solve_minutes=20,
        code_seconds=20,
        code_memory=1024,
    )


def test_every_setting_can_be_set() -> None:
    text = """
    desired_retention = 0.85
    new_per_day = 7
    reviews_per_day = 99
    learning_steps = ["30s", "5m", "2h", "1d"]
    relearning_steps = []
    maximum_interval = 365
    leech_threshold = 0
    rollover_hour = 0
    built_in_decks = false
    deck_folders = ["/srv/notes", "~/more"]
    new_exercises_per_day = 3
    solve_minutes = 25
    code_seconds = 5
    code_memory = 256
    """
    assert parse(text.encode(), NAME) == Config(
        settings=Settings((), 0.85, (30, 300, 7200, 86400), (), 365, 0),
        limits=Limits(7, 99, {}, 3),
        rollover_hour=0,
        built_in_decks=False,
        deck_folders=(Path("/srv/notes"), Path("~/more").expanduser()),
        solve_minutes=25,
        code_seconds=5,
        code_memory=256,
    )


# -- bounds

GOOD = [
    ("desired_retention", "0.7", 0.7),
    ("desired_retention", "0.99", 0.99),
    *((key, text, int(text)) for key in ("new_per_day", "reviews_per_day") for text in ("0", "9999")),
    *(("new_exercises_per_day", text, int(text)) for text in ("0", "99")),
    *((key, text, int(text)) for key in ("solve_minutes", "code_seconds") for text in ("1", "600")),
    *(("code_memory", text, int(text)) for text in ("64", "65536")),
    ("sync_url", '"https://example.org/sync"', "https://example.org/sync/"),
    ("sync_url", '"http://192.168.1.10:27701/"', "http://192.168.1.10:27701/"),
    ("sync_user", '"me"', "me"),
    ("maximum_interval", "1", 1),
    ("maximum_interval", "36500", 36500),
    ("leech_threshold", "0", 0),
    ("leech_threshold", "99", 99),
    ("rollover_hour", "0", 0),
    ("rollover_hour", "23", 23),
    ("built_in_decks", "true", True),
    ("built_in_decks", "false", False),
    ("learning_steps", "[]", ()),
    ("learning_steps", '["1s"]', (1,)),
    ("relearning_steps", '["30d"]', (2_592_000,)),
    ("relearning_steps", '["10m", "10m", "600s"]', (600, 600, 600)),
    ("learning_steps", "[" + '"1m",' * 10 + "]", (60,) * 10),
    ("deck_folders", '["/a", "/b"]', (Path("/a"), Path("/b"))),
]
NUMBERS = (
    *(
        "new_per_day",
        "reviews_per_day",
        "new_exercises_per_day",
        "maximum_interval",
        "leech_threshold",
        "rollover_hour",
    ),
    *("solve_minutes", "code_seconds", "code_memory"),
)
STEPS = ("learning_steps", "relearning_steps")
BAD = [
    *(
        ("desired_retention", text)
        for text in ("0.69", "0.991", "1", "90", "nan", "inf", "-0.9", '"0.9"', "true", "[]")
    ),
    *((key, text) for key in NUMBERS for text in ("-1", "2.5", '"5"', "true", "nan", "[5]", "1979-05-27", "{}")),
    *((key, "10000") for key in ("new_per_day", "reviews_per_day")),
    ("new_exercises_per_day", "100"),
    *((key, text) for key in ("solve_minutes", "code_seconds") for text in ("0", "601")),
    *(("code_memory", text) for text in ("63", "65537")),
    *(("sync_url", text) for text in ("1", '"example.org"', '"ftp://example.org/"', '"http://me:secret@example.org/"')),
    *(("sync_user", text) for text in ("1", '" me"', '"a\\u0007b"')),
    ("maximum_interval", "0"),
    ("maximum_interval", "36501"),
    ("leech_threshold", "100"),
    ("rollover_hour", "24"),
    *(("built_in_decks", text) for text in ("1", "0", '"true"', '"no"', "[]")),
    *((key, '"10m"') for key in STEPS),
    *(
        (key, f"[{text}]")
        for key in STEPS
        for text in ("10", '"10"', '"m"', '"0m"', '"-1m"', '"1.5m"', '"31d"', '"1w"')
    ),
    *((key, f"[{text}]") for key in STEPS for text in ('"10m", "1m"', '"10m",' * 11, '""', '"9999999m"', '["1m"]')),
    *(
        ("deck_folders", text)
        for text in ('"/a"', "[1]", '[""]', '["notes"]', '["./notes"]', '["~nobody-of-this-name/x"]')
    ),
    ("deck_folders", '["/a\\u0000b"]'),
]


@pytest.mark.parametrize(("key", "text", "wanted"), GOOD)
def test_a_value_within_bounds_is_taken(key: str, text: str, wanted: Any) -> None:
    found = value(parse(f"{key} = {text}".encode(), NAME), key)
    assert (found, type(found)) == (wanted, type(wanted))


@pytest.mark.parametrize(("key", "text"), BAD)
def test_a_value_out_of_bounds_is_one_message_with_its_place_and_what_is_allowed(key: str, text: str) -> None:
    message = fault(
        f"# a comment\nnew_per_day=5\n\n  {key} = {text}\n" if key != "new_per_day" else f"\n\n\n{key}={text}"
    )
    assert message.startswith(f"{NAME}:4: {key} = ")
    assert " is not right; it takes " in message
    assert "\n" not in message


def test_every_option_was_tried_with_good_and_bad_values() -> None:
    assert {key for key, *_ in GOOD} == {key for key, *_ in BAD} == set(BY_KEY)


def test_a_very_long_value_is_shortened_in_the_message() -> None:
    assert len(fault(f'built_in_decks = "{"x" * 5000}"')) < 200


# -- names


@pytest.mark.parametrize(
    ("key", "near"),
    [
        ("new_per_dya", "new_per_day"),
        ("New_Per_Day", "new_per_day"),
        ("learning-steps", "learning_steps"),
        ("max_interval", "maximum_interval"),
        ("retention", "desired_retention"),
        ("deck_folder", "deck_folders"),
        ("deck", "decks"),
    ],
)
def test_an_unknown_key_gets_the_nearest_that_there_is(key: str, near: str) -> None:
    assert fault(f"new_per_day = 1\n{key} = 1\n") == f"{NAME}:2: unknown key '{key}'; did you mean '{near}'?"


def test_a_key_that_is_near_to_none_gets_the_list_of_all() -> None:
    message = fault("new_per_day = 1\n\ncolour = 'blue'\n")
    assert message.startswith(f"{NAME}:3: unknown key 'colour'; the keys are ")
    assert all(key in message for key in BY_KEY)


def test_an_unknown_table_is_named_with_its_line() -> None:
    assert fault("new_per_day = 1\n\n[limits]\nnew = 3\n").startswith(f"{NAME}:3: unknown key 'limits'; ")


# -- decks


def test_a_deck_may_have_limits_of_its_own() -> None:
    text = """
    new_per_day = 15
    [decks."Caching and queues"]
    new_per_day = 5
    reviews_per_day = 50
    [decks.Design]
    reviews_per_day = 0
    [decks.Empty]
    """
    limits = {"Caching and queues": (5, 50), "Design": (None, 0), "Empty": (None, None)}
    assert parse(text.encode(), NAME).limits == Limits(15, 200, limits)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('new_per_day = 5\n[decks."A B"]\nreviews_per_day = 3\nnew_per_day = -1\n', 4),
        ('[decks.C]\nnew_per_day = 5\n\n[decks."A B"] # mine\n\nnew_per_day = -1\n', 6),
        ('new_per_day = 5\ndecks."A B".new_per_day = -1\n', 2),
        ('new_per_day = 5\n\ndecks = {"A B" = {new_per_day = -1}}\n', 3),
        ('new_per_day = 5\n[decks]\n"A B" = {new_per_day = -1}\n', 3),
        ('learning_steps = [\n"1m",\n]\n[decks."A B"]\n  "new_per_day" = -1\n', 5),
    ],
)
def test_a_bad_limit_of_a_deck_is_found_on_its_line(text: str, line: int) -> None:
    wanted = f'{NAME}:{line}: decks."A B".new_per_day = -1 is not right; it takes a whole number from 0 to 9999'
    assert fault(text) == wanted


def test_only_limits_can_be_set_for_a_deck() -> None:
    message = fault("[decks.A]\nnew_per_day = 1\nrollover_hour = 3\n")
    assert message == f"{NAME}:3: unknown key 'decks.\"A\".rollover_hour'; the keys are new_per_day, reviews_per_day"
    assert "did you mean 'reviews_per_day'?" in fault("[decks.A]\nreview_per_day = 1\n")


@pytest.mark.parametrize(
    ("text", "line"), [("\ndecks = 3", 2), ("[decks]\nA = 5\n", 2), ("\n\n[[decks]]\nx = 1\n", 3), ('decks = ["A"]', 1)]
)
def test_limits_of_decks_that_are_no_tables_are_explained(text: str, line: int) -> None:
    message = fault(text)
    assert message.startswith(f"{NAME}:{line}: decks: write a table a deck")
    assert '[decks."Caching and queues"]' in message


# -- not a config file at all


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("new_per_day = 1\nnew per day = 2\n", 2),
        ("new_per_day 1\n", 1),
        ("new_per_day = 1\nnew_per_day = 2\n", 2),
        ("\n\nlearning_steps = [\n'1m',\n", 5),
        ('built_in_decks = "yes\n', 1),
        ("a = 2026-13-45\n", 1),
        ("new_per_day = " + "1" * 5000, 1),
        ("a = " + "[" * 50_000, 1),
    ],
)
def test_what_is_not_toml_is_said_with_its_line(text: str, line: int) -> None:
    message = fault(text)
    assert message.startswith(f"{NAME}:{line}: is not TOML: ")
    assert "\n" not in message


def test_what_is_not_utf8_is_said_with_its_line() -> None:
    message = fault("new_per_day = 3\n# größer\n".encode("latin-1"))
    assert message == f"{NAME}:2: byte 0xf6 is not UTF-8; save the file as UTF-8"


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm() -> None:
    assert parse("\ufeffnew_per_day = 3\r\nreviews_per_day = 4\r\n".encode(), NAME).limits == Limits(3, 4, {})
    assert fault("\ufeffnew_per_day = 3\r\nreviews_per_day = -4\r\n").startswith(f"{NAME}:2: ")


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=60),
        st.text(max_size=60).map(str.encode),
        st.lists(
            st.sampled_from(
                [
                    "new_per_day",
                    "decks",
                    '"A"',
                    ".",
                    " = ",
                    "[",
                    "]",
                    "{",
                    "}",
                    "\n",
                    "5",
                    "-1",
                    "true",
                    '"1m"',
                    "#",
                    '"""',
                ]
            ),
            max_size=20,
        ).map(lambda parts: "".join(parts).encode()),
    )
)
def test_whatever_the_file_holds_is_a_config_or_one_clear_message(source: bytes) -> None:
    try:
        assert isinstance(parse(source, NAME), Config)
    except BadConfig as error:
        place, line, _ = str(error).split(":", 2)
        assert place == NAME
        assert 1 <= int(line) <= source.count(b"\n") + 1


# -- through the command line


def test_a_bad_config_is_one_line_and_exit_code_2_for_every_command(home: Path, run: Callable[..., Any]) -> None:
    (home / "config.toml").write_text("new_per_day = 20\nretention = 0.9\n")
    for command in ("review", "today"):
        done = run(command)
        assert (done.code, done.out) == (2, "")
        wanted = f"{home / 'config.toml'}:2: unknown key 'retention'; did you mean 'desired_retention'?"
        assert done.err == f"flashprep: {wanted}\n"
    assert run("doctor").code == 1
    assert not (home / "flashprep.db").exists()


def test_a_config_file_that_cannot_be_read_is_said(home: Path, run: Callable[..., Any]) -> None:
    (home / "config.toml").unlink()
    (home / "config.toml").mkdir()
    done = run("today")
    assert done.code == 2
    assert done.err.startswith(f"flashprep: {home / 'config.toml'}: cannot be read: ")
    assert done.err.count("\n") == 1
    os.rmdir(home / "config.toml")
    assert run("today").code == 0


def test_further_deck_folders_belong_to_the_collection(home: Path, tmp_path: Path, run: Callable[..., Any]) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "mine.md").write_text("## Concept: Mine? {#mine}\n\nYes.\n")
    missing = tmp_path / "not-there"
    (home / "config.toml").write_text(f"built_in_decks = false\ndeck_folders = ['{folder}', '{missing}']\n")
    done = run("list", "--json", ok=True)
    assert [card["id"] for card in done.json] == ["mine"]
    assert f"deck folder {missing} is not there" in done.err
