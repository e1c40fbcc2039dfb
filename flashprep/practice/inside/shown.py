"""Values as a verdict shows them: short, on one line, and safe from whatever their own ``repr`` does."""

import reprlib
from typing import Any

LONGEST = 240  # characters of one value


class _Short(reprlib.Repr):
    def __init__(self) -> None:
        super().__init__()
        self.maxlevel = 5
        self.maxlist = self.maxtuple = self.maxset = self.maxfrozenset = self.maxdict = self.maxdeque = 20
        self.maxstring = self.maxother = 120
        self.maxlong = 60

    def repr_instance(self, x: Any, level: int) -> str:
        """Show linked lists and trees by their values."""
        kind = type(x).__name__
        attributes = getattr(x, "__dict__", None) or dict.fromkeys(getattr(type(x), "__slots__", ()), True)
        if "val" in attributes and "next" in attributes:
            return f"{kind}{self._chain(x)}"
        if {"val", "left", "right"} <= set(attributes):
            return f"{kind}{self._tree(x)}"
        try:
            text = " ".join(repr(x).split())
        except Exception as error:  # the user's repr may do anything
            return f"<{kind}: its repr raises {type(error).__name__}>"
        if text.startswith("<") and " object at 0x" in text:
            text = f"<{kind}>"  # an address says nothing
        return text if len(text) <= self.maxother else f"{text[: self.maxother - 1]}…"

    def repr_function(self, x: Any, level: int) -> str:
        """Show a function by its name."""
        return str(x.__name__)

    repr_type = repr_method = repr_builtin_function_or_method = repr_function

    def _chain(self, node: Any) -> str:
        """Show a linked list as its values, and where it leads back to."""
        values: list[str] = []
        seen: dict[int, int] = {}
        while node is not None and len(values) < self.maxlist:
            if id(node) in seen:
                return f"[{', '.join(values)}, back to the node at {seen[id(node)]}]"
            seen[id(node)] = len(values)
            values.append(self.repr1(getattr(node, "val", "?"), 1))
            node = getattr(node, "next", None)
        return f"[{', '.join(values)}{', …' if node is not None else ''}]"

    def _tree(self, root: Any) -> str:
        """Show a tree level by level, a missing child of a node as None."""
        values: list[str] = []
        level, seen = [root], set()
        while level and len(values) < self.maxlist:
            node = level.pop(0)
            if node is None:
                values.append("None")
                continue
            if id(node) in seen:
                values.append("(seen)")  # no tree at all
                continue
            seen.add(id(node))
            values.append(self.repr1(getattr(node, "val", "?"), 1))
            level += [getattr(node, "left", None), getattr(node, "right", None)]
        if level and any(node is not None for node in level):
            values.append("…")
        while values and values[-1] == "None":
            values.pop()
        return f"[{', '.join(values)}]"


_SHORT = _Short()


def shown(value: Any) -> str:
    """Show a value in at most ``LONGEST`` characters."""
    try:
        text = _SHORT.repr(value)
    except Exception as error:
        return f"<{type(value).__name__}: its repr raises {type(error).__name__}>"
    text = " ".join(text.split("\n"))
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def difference(got: Any, expected: Any) -> str:
    """Say where two long sequences part, empty where that is plain to see."""
    if type(got) is not type(expected) or not isinstance(got, str | bytes | list | tuple) or len(shown(expected)) < 60:
        return ""
    for at, (one, other) in enumerate(zip(got, expected, strict=False)):
        if one != other:
            return f"they part at index {at}: {shown(one)} instead of {shown(other)}"
    return f"{len(got)} elements instead of {len(expected)}" if len(got) != len(expected) else ""
