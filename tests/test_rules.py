"""Every rule can be broken, says so when it is, and is explained by an example that shows it."""

from __future__ import annotations

import importlib
import os
import pkgutil
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import flashprep
from flashprep import checking
from flashprep.cards.diagnostics import ERROR, RULES, WARNING, Diagnostic, Rule
from flashprep.cards.text import MAX_BYTES
from flashprep.collection import Collection
from flashprep.folders import Root, scan
from flashprep.reading import read_deck
from flashprep.rules import all_rules

NOTE = "## Concept: First {#first}\n\nText.\n\n"
ANSWER = "\n\nThe answer.\n"

# What has to stand around an example so that nothing else is wrong with it.
FRAMES: dict[str, Callable[[str], str]] = {
    "bad-front-matter": lambda example: f"{example}\n\n{NOTE}",
    "unknown-key": lambda example: f"{example}\n\n{NOTE}",
    "missing-answer": lambda example: NOTE + example,
    "stray-text": lambda example: example,
    "duplicate-section": lambda example: f"## Coding: Two sum {{#two-sum}}\n\n{example}",
    "missing-solution": lambda example: f"{example}\n\n### Trap{ANSWER}",
    "taken-solution": lambda example: f"{example}\n\n### Trap{ANSWER}",
    "bad-syllabus": lambda example: f"{example}\n",
}


def by_default(example: str) -> str:
    return NOTE + example + ANSWER


def problems(strict: bool = False) -> list[Diagnostic]:
    """Check all decks of the user."""
    with Collection() as collection:
        return checking.problems(collection, [], strict)


@pytest.fixture
def decks(home: Path) -> Path:
    """The folder of the user's decks, with a solution and a picture beside them."""
    folder = home / "decks"
    solutions = [f"solutions/{name}.py" for name in ("two_sum", "test_two_sum", "binary_heap", "test_binary_heap")]
    for name in (*solutions, "media/ring.svg", "../ring.svg"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    return folder


@pytest.mark.parametrize("rule", [rule for rule in all_rules().values() if rule.bad], ids=lambda rule: rule.id)
def test_the_bad_example_shows_the_rule_alone_and_the_good_one_nothing(rule: Rule, decks: Path) -> None:
    frame = FRAMES.get(rule.id, by_default)
    path = decks / ("syllabus.csv" if rule.id == "bad-syllabus" else "deck.md")
    strict = rule.id == "unpinned-id"
    path.write_text(frame(rule.bad))
    found = problems(strict)
    assert {problem.rule for problem in found} == {rule.id}
    assert {problem.severity for problem in found} == {rule.severity}
    assert {problem.path for problem in found} == {str(path)}
    path.write_text(frame(rule.good))
    os.utime(path, (1, 1))  # a change of the content shows whatever the clock does
    assert problems(strict) == []


def not_utf8(path: Path) -> None:
    path.write_bytes(NOTE.encode() + b"\xff")


def control_character(path: Path) -> None:
    path.write_bytes(NOTE.encode() + b"\x1b")


def too_large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)


def a_link_to_nowhere(path: Path) -> None:
    path.symlink_to(path.parent / "nowhere")


def a_folder(path: Path) -> None:
    path.mkdir()


def a_named_pipe(path: Path) -> None:
    os.mkfifo(path)


FILES = [
    ("not-utf8", not_utf8),
    ("control-character", control_character),
    ("too-large", too_large),
    ("unreadable-file", a_link_to_nowhere),
    ("unreadable-file", a_folder),
    ("unreadable-file", a_named_pipe),
]


@pytest.mark.parametrize(("rule", "make"), FILES, ids=lambda value: getattr(value, "__name__", value))
def test_a_file_that_is_no_text_is_reported(rule: str, make: Callable[[Path], None], decks: Path) -> None:
    make(decks / "odd.md")
    (decks / "other.md").write_text(NOTE.replace("first", "other"))
    found = problems()
    assert [(problem.rule, problem.path) for problem in found] == [(rule, str(decks / "odd.md"))]


@pytest.mark.parametrize("make", [too_large, a_link_to_nowhere, a_folder, a_named_pipe], ids=lambda make: make.__name__)
def test_the_cards_of_a_file_that_cannot_be_read_any_more_stay(make: Callable[[Path], None], decks: Path, run) -> None:
    path = decks / "deck.md"
    path.write_text(NOTE)
    assert problems() == []
    path.unlink()
    make(path)
    assert len(problems()) == 1
    assert [card["id"] for card in run("list", "--json").json] == ["first"]


def test_every_rule_is_shown_by_an_example_or_a_file() -> None:
    by_file = {rule for rule, _ in FILES}
    for rule in all_rules().values():
        assert (bool(rule.bad) and bool(rule.good)) != (rule.id in by_file), rule.id


@pytest.mark.parametrize("rule", all_rules().values(), ids=lambda rule: rule.id)
def test_a_rule_is_written_in_the_house_style(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", rule.id)
    assert rule.severity in (ERROR, WARNING)
    assert rule.summary[0].islower() and not rule.summary.endswith(".")
    assert rule.why.endswith(".")


def test_all_rules_are_known_without_importing_everything() -> None:
    program = "from flashprep.rules import all_rules; print(*all_rules())"
    known = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    for module in pkgutil.walk_packages(flashprep.__path__, "flashprep."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    assert known == sorted(RULES)


def read(path: Path):
    found = next(found for found in scan([Root("own", path.parent, 1)]) if found.absolute == str(path))
    return read_deck(found, ""), found


def test_both_files_of_a_solution_are_looked_for(decks: Path) -> None:
    path = decks / "deck.md"
    path.write_text("## Coding: Two sum {#two-sum solution=other}\n\n### Trap\n\nx\n")
    got, _ = read(path)
    assert [(problem.rule, problem.message, problem.span.line) for problem in got.problems] == [
        ("missing-solution", "there is no solutions/other.py", 1),
        ("missing-solution", "there is no solutions/test_other.py", 1),
    ]
    assert [note.id for note in got.notes] == ["two-sum"], "the note stays a card"


def test_a_deck_is_named_after_its_file_and_read_once(decks: Path) -> None:
    path = decks / "caching_and-queues.md"
    path.write_text(NOTE)
    got, found = read(path)
    assert [note.deck for note in got.notes] == ["Caching and queues"]
    assert read_deck(found, got.digest) is None
    path.write_text(NOTE + "More.\n")
    assert read_deck(found, got.digest).notes[0].body == "Text.\n\nMore."


def test_the_syllabus_names_the_notes_of_each_item(decks: Path) -> None:
    path = decks / "syllabus.csv"
    path.write_bytes(
        b'\xef\xbb\xbfitem,prompt,notes\r\nCache-1,"Why, and when?",first second\r\n,lost,first\r\ncache-2,Who?,\r\n'
        b"cache-3,,third\r\n"
    )
    got, _ = read(path)
    assert got.syllabus == (
        ("cache-1", "Why, and when?", "first"),
        ("cache-1", "Why, and when?", "second"),
        ("cache-3", "", "third"),
    )
    assert [(problem.rule, problem.span.line) for problem in got.problems] == [("bad-syllabus", 3), ("bad-syllabus", 4)]


@pytest.mark.parametrize(
    "text", ["", 'item,prompt,notes\na,"b,c\n', "item,prompt\na,b\n", 'item,prompt,notes\na,"b"c,d\n']
)
def test_a_syllabus_that_is_no_table_is_one_problem(text: str, decks: Path) -> None:
    path = decks / "syllabus.csv"
    path.write_text(text)
    got, _ = read(path)
    assert [problem.rule for problem in got.problems] == ["bad-syllabus"]


def test_a_file_outside_the_collection_is_checked_for_ids_that_are_there_twice(home: Path, tmp_path: Path, run) -> None:
    path = tmp_path / "elsewhere.md"
    path.write_text(NOTE + NOTE)
    result = run("check", str(path), "--format", "concise", ok=False)
    assert f"{path}:5:1: error[duplicate-id] id 'first' is taken" in result.out
