"""The built-in decks through the command line: a newcomer finds and reviews them without any set-up."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def fresh(home: Path) -> Path:
    """A home as a newcomer has it: empty, with the built-in decks."""
    (home / "config.toml").unlink()
    return home


def test_the_first_review_shows_a_card_at_once(fresh: Path, run: Callable) -> None:
    done = run("review", input="\n3\nq\n", ok=True)
    assert "new 20" in done.out and "rated Good" in done.out and "1 rating on 1 card" in done.out


def test_check_finds_nothing_wrong(fresh: Path, run: Callable) -> None:
    assert run("check", ok=True).out.strip() == "No problems found."


@pytest.mark.parametrize("round", ["coding", "system-design", "behavioral", "depth", "process"])
def test_every_round_has_cards_and_cards_that_matter_most(round: str, fresh: Path, run: Callable) -> None:
    assert len(run("list", "--round", round, "--json", ok=True).json) >= 20
    assert run("list", "--round", round, "--tag", "prio", "--json", ok=True).json


def test_material_is_found_by_round_tag_words_and_item(fresh: Path, run: Callable) -> None:
    assert all(
        "caching" in card["tags"]
        for card in run("list", "--round", "depth", "--tag", "caching", "--json", ok=True).json
    )
    assert any("quorum" in card["note"] for card in run("list", "quorum", "overlap", "--json", ok=True).json)
    found = run("list", "--covers", "gen-coding-lru-thread-safe", "--json", ok=True).json
    assert "lru-thread-safe" in {card["note"] for card in found}
    assert all("gen-coding-lru-thread-safe" in card["covers"] for card in found)
    assert "clockwise" in run("show", "virtual-nodes", ok=True).out


def test_the_week_before_starts_with_what_matters_most(fresh: Path, run: Callable) -> None:
    assert "new 30" in run("review", "--tag", "prio", "--new", "30", input="q\n", ok=True).out


def test_new_cards_come_from_many_decks(fresh: Path, run: Callable) -> None:
    run("review", "--new", "12", input="\n4\n" * 12, ok=True)
    reviewed = {row["card"] for row in json.loads(run("log", "--json").out)}
    decks = {card["deck"] for card in run("list", "--json").json if card["id"] in reviewed}
    assert len(decks) >= 10


def test_every_item_of_the_index_is_shown_as_covered(fresh: Path, run: Callable) -> None:
    covered = {item for card in run("list", "--json").json for item in card["covers"]}
    assert sum(item.startswith(("gen-", "meta-", "meta78-", "sys-")) for item in covered) == 534


_WAITED_FOR = """
import sys
sys.argv = ["flashprep", "review"]
from flashprep.cli import main
try:
    main()
except SystemExit:
    pass
heavy = "typer rich pyromark fsrs sqlite_utils genanki yaml dataclasses difflib inspect".split()
print([name for name in heavy if name in sys.modules], file=sys.stderr)
"""


def test_the_first_card_waits_for_nothing_that_it_does_not_need(home: Path, run: Callable) -> None:
    """A bare review with decks that did not change loads no parser of options or Markdown, no scheduler, no screen."""
    (home / "config.toml").write_text("new_per_day = 30\n")
    run("today", ok=True)
    done = subprocess.run(
        [sys.executable, "-c", _WAITED_FOR], input="", capture_output=True, text=True, timeout=60, check=True
    )
    assert "new 30" in done.stdout
    assert done.stderr.strip() == "[]"
