"""The files of a new problem, for its author to complete: a reference with the signatures of the card, and its tests. Pure."""

from __future__ import annotations

import ast

from flashprep.practice.starter import signatures, starter


def skeleton(signature: str, title: str) -> str:
    """Return a module to be completed, of the signatures that a card shows; of one that takes anything where it shows none."""
    future = "from __future__ import annotations\n\n"
    try:
        made = starter(f"{future}{signature}", title)
        if signatures(made):
            return made
    except (SyntaxError, ValueError):
        pass
    return starter(f"{future}def solve(items: list[int]) -> int:\n    ...\n", title)


def skeleton_of_tests(module: str, name: str, title: str) -> str:
    """Return a test file to be completed, for the public names of a module."""
    public = [
        node.name
        for node in ast.parse(module).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_")
    ]
    call = next(iter(signatures(module)), "solve(items)").removeprefix("self, ")
    return (
        f'"""Behaviour: {" ".join(title.split()).replace(chr(92), "")}."""\n\n'
        f"import pytest\n\nfrom {name} import {', '.join(public)}\n\n\n"
        "def test_example() -> None:\n"
        f'    pytest.fail("write it: assert {call} == what you expect, the call to the left")\n'
    ).replace('"""."""', '"""')
