"""Starters: made of the reference, so that the two cannot drift, and without giving anything away."""

from __future__ import annotations

import ast
import re
import sys
import types

import pytest

from flashprep.cards.markdown import code_of
from flashprep.cards.parser import parse
from flashprep.places import built_in_decks
from flashprep.practice.skeleton import skeleton, skeleton_of_tests
from flashprep.practice.starter import signatures, starter

DECKS = built_in_decks()
NOTES = {
    note.solution: note
    for path in sorted(DECKS.glob("*.md"))
    for note in parse(path.read_text(encoding="utf-8")).notes
    if note.solution
}


def reference(name: str) -> str:
    return (DECKS / "solutions" / f"{name}.py").read_text(encoding="utf-8")


def test_signatures_and_docstrings_stay_and_bodies_go() -> None:
    made = starter(
        '''"""Two pointers close in from both ends."""

from collections import deque
from collections.abc import Sequence


class _Helper:
    pass


LIMIT = 3
_SECRET = deque([1])


@staticmethod
def find(
    nums: Sequence[int],  # sorted
    *,
    target: int = LIMIT,
) -> int:
    """Return the place."""
    # the trick
    left = 0
    return left


def _help() -> None:
    return None


def bare(): return 1
''',
        "Find a pair",
        "In a sorted array.",
    )
    assert (
        made
        == '''"""Find a pair

In a sorted array.
"""

from collections.abc import Sequence

LIMIT = 3


@staticmethod
def find(
    nums: Sequence[int],  # sorted
    *,
    target: int = LIMIT,
) -> int:
    """Return the place."""
    raise NotImplementedError


def bare():
    raise NotImplementedError
'''
    )


def test_classes_that_hold_data_and_errors_stay_whole() -> None:
    source = '''from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple


class Full(Exception):
    """There is no room."""


class Node:
    __slots__ = ("val", "next")

    def __init__(self, val, next=None):
        self.val = val
        self.next = next


@dataclass(frozen=True)
class Lease:
    token: int
    tags: list[str] = field(default_factory=list)  # in order


class Colour(Enum):
    RED = 1


class Pair(NamedTuple):
    a: int
    b: int = 2
'''
    assert starter(source, "") == source


def test_methods_of_a_class_go_and_private_ones_altogether() -> None:
    made = starter(
        "class Cache:\n    SIZE = 3\n    limit: int = 4\n    _order: list\n\n    def __init__(self, size: int) -> None:\n"
        "        self._map = {}\n\n    def get(self, key):\n        '''Look it up.'''\n        return self._map[key]\n\n"
        "    @property\n    def size(self) -> int:\n        return 1\n\n    def _evict(self):\n        pass\n",
        "",
    )
    assert "limit: int = 4" in made and "'''Look it up.'''" in made and "@property" in made
    assert "_evict" not in made and "_map" not in made and "_order" not in made
    assert made.count("raise NotImplementedError") == 3


@pytest.mark.parametrize("title", ["", 'Say "hi"', 'Ends with "', "Back\\slash and '''", '"""', "  spaced \n out "])
def test_any_title_makes_a_module(title: str) -> None:
    made = starter("def f(x):\n    return x\n", title, 'A """task""" with \\n.')
    ast.parse(made)
    docstring = ast.get_docstring(ast.parse(made)) or ""
    assert " ".join(title.split()) in docstring


@pytest.mark.parametrize("name", NOTES)
def test_the_starter_of_a_built_in_problem_has_the_signatures_of_its_reference(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = reference(name)
    made = starter(source, NOTES[name].title)
    assert signatures(made) == signatures(source)
    compile(made, name, "exec")
    module = types.ModuleType("a_starter")
    monkeypatch.setitem(sys.modules, "a_starter", module)
    exec(compile(made, name, "exec"), module.__dict__)  # every name that a signature needs is there


@pytest.mark.parametrize("name", NOTES)
def test_the_starter_of_a_built_in_problem_gives_nothing_away(name: str) -> None:
    source = reference(name)
    made = starter(source, NOTES[name].title)
    approach = ast.get_docstring(ast.parse(source)) or ""
    for line in approach.split("\n"):
        assert len(line) < 30 or line not in made
    for node in ast.walk(ast.parse(made)):
        if isinstance(node, ast.FunctionDef) and node.name != "__init__" and not re.match("_[a-z]", node.name):
            body = [
                part for part in node.body if not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))
            ]
            assert [ast.unparse(part) for part in body] == ["raise NotImplementedError"], node.name


@pytest.mark.parametrize("name", NOTES)
def test_a_reference_states_invariant_time_and_space(name: str) -> None:
    docstring = ast.get_docstring(ast.parse(reference(name))) or ""
    for word in (r"\binvariants?\b", r"\btime\b", r"\bspace\b", r"\bO\("):
        assert re.search(word, docstring, re.IGNORECASE), word
    assert len(docstring.split("\n")[0]) <= 100


@pytest.mark.parametrize("name", NOTES)
def test_the_signature_on_the_card_is_that_of_the_reference(name: str) -> None:
    on_the_card = signatures(code_of(NOTES[name].body))
    assert on_the_card, "the prompt shows no signature"
    assert set(on_the_card) <= set(signatures(reference(name)))


# -- problems of one's own


def test_a_new_problem_gets_the_signatures_that_its_card_shows() -> None:
    made = skeleton("def rotate(items: list[int], k: int) -> list[int]: ...\n", "Rotate an array")
    assert signatures(made) == ["rotate(items, k)"]
    tests = skeleton_of_tests(made, "rotate_array", "Rotate an array")
    assert "from rotate_array import rotate" in tests and "rotate(items, k)" in tests
    compile(tests, "test_rotate_array.py", "exec")


@pytest.mark.parametrize("card", ["", "no python at all (", "x = 1", "```"])
def test_a_card_without_a_signature_makes_a_problem_too(card: str) -> None:
    made = skeleton(card, 'A "title"')
    assert signatures(made) == ["solve(items)"]
    compile(skeleton_of_tests(made, "own", 'Ends in a quote"'), "test_own.py", "exec")
