"""Which calls a test made to the user's code, with their arguments as they were at the call."""

import sys
import threading
import time
from collections import deque
from types import CodeType, FrameType
from typing import Any, NamedTuple

from flashprep.practice.inside.shown import shown

_LONGEST_S = 3.0  # a test that runs longer under the recorder goes on without it
_KEPT = 400  # calls
_GENERATOR = 0x20  # inspect.CO_GENERATOR, without the import
_VARARGS, _VARKEYWORDS = 0x04, 0x08


class Call(NamedTuple):
    """A call from the tests to the user's code."""

    text: str
    owner: int  # id of the object whose method it was, 0 for a function
    line: int  # of the test file
    opens: bool  # it made the object


class Recorder:
    """Notes the calls from one file to another while it is switched on."""

    def __init__(self, tests: str, attempt: str) -> None:
        self._tests, self._attempt = tests, attempt
        self._calls: deque[Call] = deque(maxlen=_KEPT)
        self._made: dict[int, Call] = {}
        self._left: dict[int, int] = {}  # calls of an object that are no longer kept, or not shown
        self._frames: set[int] = set()
        self._until = 0.0
        self.complete = True
        self.returned: tuple[Any, ...] = ()

    def __enter__(self) -> "Recorder":
        """Switch it on, for this thread and for those that start."""
        self._until = time.monotonic() + _LONGEST_S
        threading.setprofile(self._look)
        sys.setprofile(self._look)
        return self

    def __exit__(self, *_: object) -> None:
        """Switch it off."""
        sys.setprofile(None)
        threading.setprofile(None)

    def _look(self, frame: FrameType, event: str, value: Any) -> None:
        if event == "return":
            if id(frame) in self._frames:
                self.returned = (value,)
                if not frame.f_code.co_flags & _GENERATOR:
                    self._frames.discard(id(frame))
            return
        if event != "call" or frame.f_code.co_filename != self._attempt:
            return
        caller = frame.f_back
        if caller is None or caller.f_code.co_filename != self._tests or id(frame) in self._frames:
            return
        if time.monotonic() > self._until:
            self.complete = False
            sys.setprofile(None)
            return
        if frame.f_code.co_name.startswith("<"):
            return  # the module itself, a lambda, a comprehension
        self._frames.add(id(frame))
        call = _call(frame, caller.f_lineno)
        if call.opens:
            self._made[call.owner] = call
        self._calls.append(call)

    def story(self, first: int, last: int) -> tuple[str, ...]:
        """Return the calls that led to a failure in the lines ``first`` to ``last`` of the tests, the failing one last."""
        if not self._calls or not self.complete:
            return ()
        final = self._calls[-1]
        if final.owner:
            of = [call for call in self._calls if call.owner == final.owner]
            made = self._made.get(final.owner)
            if made is not None and of and of[0] is not made:
                of.insert(0, made)
            return _shortened([call.text for call in of])
        here = [call.text for call in self._calls if not call.owner and first <= call.line <= last]
        return tuple(here[-3:]) or (final.text,)


def _shortened(calls: list[str]) -> tuple[str, ...]:
    if len(calls) <= 10:
        return tuple(calls)
    return (*calls[:2], f"… {len(calls) - 9} more calls …", *calls[-7:])


def _call(frame: FrameType, line: int) -> Call:
    code = frame.f_code
    names = list(code.co_varnames[: code.co_argcount])
    values = [frame.f_locals.get(name) for name in names]
    name, owner = code.co_name, 0
    if "." in code.co_qualname and names and names[0] in ("self", "cls"):
        owner = id(values[0])
        kind = type(values[0]).__name__ if names[0] == "self" else getattr(values[0], "__name__", "")
        name = kind if name == "__init__" else name
        names, values = names[1:], values[1:]
    arguments = [shown(value) for value in _without_defaults(frame, values)]
    at = code.co_argcount
    if code.co_flags & _VARARGS:
        place = at + code.co_kwonlyargcount
        arguments += [shown(value) for value in frame.f_locals.get(code.co_varnames[place], ())]
    for keyword in code.co_varnames[at : at + code.co_kwonlyargcount]:
        value = frame.f_locals.get(keyword)
        if not _is_default(frame, keyword, value):
            arguments.append(f"{keyword}={shown(value)}")
    return Call(_written(name, arguments), owner, line, code.co_name == "__init__")


def _written(name: str, arguments: list[str]) -> str:
    special = {"__len__": "len(it)", "__iter__": "iter(it)", "__next__": "next(it)", "__bool__": "bool(it)"}
    if name in special:
        return special[name]
    if name in ("__contains__", "__getitem__") and len(arguments) == 1:
        return f"{arguments[0]} in it" if name == "__contains__" else f"it[{arguments[0]}]"
    return f"{name}({', '.join(arguments)})"


def _function(frame: FrameType) -> Any:
    """Return the function that a frame runs, found by its name; None where the name leads elsewhere."""
    found: Any = None
    for number, part in enumerate(frame.f_code.co_qualname.split(".")):
        found = frame.f_globals.get(part) if number == 0 else getattr(found, part, None)
    found = getattr(found, "fget", None) or found
    return found if _code(found) is frame.f_code else None


def _code(function: Any) -> CodeType | None:
    return getattr(function, "__code__", None)


def _without_defaults(frame: FrameType, values: list[Any]) -> list[Any]:
    """Drop the last arguments that are what they would be without being given."""
    defaults = list(getattr(_function(frame), "__defaults__", None) or ())
    while values and defaults and values[-1] is defaults[-1]:
        values = values[:-1]
        defaults.pop()
    return values


def _is_default(frame: FrameType, keyword: str, value: Any) -> bool:
    defaults = getattr(_function(frame), "__kwdefaults__", None) or {}
    return keyword in defaults and defaults[keyword] is value
