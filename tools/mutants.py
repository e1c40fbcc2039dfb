"""Measure how good the tests of the coding problems are: every small change to a solution, and every wrong version, must fail.

    python tools/mutants.py                  all problems
    python tools/mutants.py two_sum lru      some
    python tools/mutants.py --wrong          only the wrong versions that people wrote by hand

A mutant is the reference with one change: another comparison, a constant off by one, a statement left out, a lock not taken.
In tests/wrong_solutions/NAME.toml stand the wrong versions, each with the changes to the reference that make it, and the mutants
that behave as the reference does, each with the reason. A mutant that hangs counts as rejected, as it does for a user.
"""

from __future__ import annotations

import argparse
import ast
import copy
import difflib
import os
import resource
import signal
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parent.parent
SOLUTIONS = ROOT / "decks" / "solutions"
WRONG = ROOT / "tests" / "wrong_solutions"
MEMORY = 3 << 30  # bytes of address space


# A little of everything that is changed, for the test of this tool.
MUTATED = """
def f(xs, lock, n=3):
    if n < 1 or not xs:
        raise ValueError("n")
    total = 0
    with lock:
        for x in sorted(xs)[1:]:
            if x is None:
                continue
            total += x * n
            while total > 9:
                total -= min(xs)
                break
    return total if total else [x for x in xs if x]
"""


class Mutant(NamedTuple):
    """A changed solution."""

    key: str  # names it in equivalent.toml: function: line before -> line after
    source: str


# -- making mutants

_COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_CALCULATED: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.FloorDiv,),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Mult,),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
    ast.LShift: (ast.RShift,),
    ast.RShift: (ast.LShift,),
}
_CALLED = {
    "min": "max",
    "max": "min",
    "any": "all",
    "all": "any",
    "append": "appendleft",
    "appendleft": "append",
    "pop": "popleft",
    "popleft": "pop",
    "bisect_left": "bisect_right",
    "bisect_right": "bisect_left",
    "heappushpop": "heapreplace",
    "floor": "ceil",
    "notify": "notify_all",
    "notify_all": "notify",
    "sorted": "list",
}
_WITHOUT_ARGUMENTS = {"pop", "popleft", "notify", "notify_all"}


class _Changes(ast.NodeVisitor):
    """Finds every place that can be changed; each change is made in place, and taken back."""

    def __init__(self) -> None:
        self.found: list[tuple[ast.AST, Callable[[], None], Callable[[], None]]] = []

    def change(self, node: ast.AST, field: str, new: object) -> None:
        old = getattr(node, field)
        self.found.append((node, lambda: setattr(node, field, new), lambda: setattr(node, field, old)))

    def replace(self, owner: ast.AST, items: list, at: int, new: list) -> None:
        old = items[at]

        def do() -> None:
            items[at : at + 1] = new

        def undo() -> None:
            items[at : at + len(new)] = [old]

        self.found.append((old if hasattr(old, "lineno") else owner, do, undo))

    def visit_Compare(self, node: ast.Compare) -> None:
        for at, op in enumerate(node.ops):
            for other in _COMPARED.get(type(op), ()):
                self.replace(node, node.ops, at, [other()])
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if not _is_type(node):
            for other in _CALCULATED.get(type(node.op), ()):
                self.change(node, "op", other())
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        for other in _CALCULATED.get(type(node.op), ()):
            self.change(node, "op", other())
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        self.change(node, "op", ast.Or() if isinstance(node.op, ast.And) else ast.And())
        for at in range(len(node.values)):
            self.replace(node, node.values, at, [ast.Constant(isinstance(node.op, ast.And))])
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not):
            self.change(node, "operand", ast.UnaryOp(ast.Not(), node.operand))
        elif isinstance(node.op, ast.USub):
            self.change(node, "op", ast.UAdd())
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        value = node.value
        if isinstance(value, bool):
            self.change(node, "value", not value)
        elif isinstance(value, int | float):
            self.change(node, "value", value + 1)
            if value > 0:
                self.change(node, "value", value - 1)
        elif isinstance(value, str | bytes) and value.strip():
            self.change(node, "value", value[:0])

    def visit_Call(self, node: ast.Call) -> None:
        name = node.func
        if isinstance(name, ast.Name) and name.id in _CALLED:
            self.change(name, "id", _CALLED[name.id])
            if name.id == "sorted":
                self.found.pop()
                self.found.append(_as_list(node))
        elif (
            isinstance(name, ast.Attribute) and name.attr in _CALLED and (node.args or name.attr in _WITHOUT_ARGUMENTS)
        ):
            self.change(name, "attr", _CALLED[name.attr])
        for at in range(len(node.keywords)):
            self.replace(node, node.keywords, at, [])
        self.generic_visit(node)

    def visit_If(self, node: ast.If) -> None:
        self._conditions(node)
        if node.orelse and not isinstance(node.orelse[0], ast.If):
            self.change(node, "orelse", [])
        self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self._conditions(node)
        self.generic_visit(node)

    def visit_While(self, node: ast.While) -> None:
        if not isinstance(node.test, ast.Constant):
            self.change(node, "test", ast.Constant(False))
        self.generic_visit(node)

    def _conditions(self, node: ast.If | ast.IfExp) -> None:
        self.change(node, "test", ast.Constant(True))
        self.change(node, "test", ast.Constant(False))

    def visit_comprehension(self, node: ast.comprehension) -> None:
        for at in range(len(node.ifs)):
            self.replace(node, node.ifs, at, [])
        self.generic_visit(node)

    def visit_Slice(self, node: ast.Slice) -> None:
        for field in ("lower", "upper", "step"):
            if getattr(node, field) is not None:
                self.change(node, field, None)
        self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        if isinstance(node.slice, ast.Name | ast.BinOp) and isinstance(node.ctx, ast.Load):
            self.change(node, "slice", ast.BinOp(node.slice, ast.Add(), ast.Constant(1)))
        self.generic_visit(node)

    def visit_Return(self, node: ast.Return) -> None:
        if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
            self.change(node, "value", None)
        self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        """Leave the words of an error alone."""

    def visit_Assert(self, node: ast.Assert) -> None:
        """Leave what only the type checker needs alone."""

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_Assign(self, node: ast.Assign) -> None:
        if not (isinstance(node.value, ast.Call) and getattr(node.value.func, "id", "") == "TypeVar"):
            self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        for default in (*node.args.defaults, *node.args.kw_defaults):
            if default is not None:
                self.visit(default)
        self._block(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._block(node)

    def visit_Module(self, node: ast.Module) -> None:
        self._block(node)

    def _block(self, node: ast.Module | ast.FunctionDef | ast.ClassDef) -> None:
        start = 1 if ast.get_docstring(node, clean=False) is not None else 0
        for statement in node.body[start:]:
            self.visit(statement)

    def generic_visit(self, node: ast.AST) -> None:
        for field in ("body", "orelse", "finalbody", "handlers"):
            items = getattr(node, field, None)
            if isinstance(items, list):
                self._statements(node, items)
        super().generic_visit(node)

    def _statements(self, owner: ast.AST, items: list) -> None:
        for at, item in enumerate(items):
            match item:
                case ast.Break():
                    self.replace(owner, items, at, [ast.Continue()])
                case ast.Continue():
                    self.replace(owner, items, at, [ast.Break()])
                case ast.With() | ast.AsyncWith():
                    self.replace(owner, items, at, item.body)


def _blocks(tree: ast.Module, changes: _Changes) -> None:
    """Leave out one statement at a time, in functions."""
    for node in ast.walk(tree):
        for field in ("body", "orelse", "finalbody"):
            items = getattr(node, field, None)
            if not isinstance(items, list) or isinstance(node, ast.Module | ast.ClassDef):
                continue
            for at, item in enumerate(items):
                if isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant):
                    continue  # a docstring
                if isinstance(item, ast.Expr | ast.Assign | ast.AugAssign | ast.Raise | ast.Delete | ast.AnnAssign):
                    changes.replace(node, items, at, [ast.Pass()])
                if isinstance(node, ast.FunctionDef) and isinstance(item, ast.With):
                    changes.replace(node, items, at, item.body)


def _as_list(node: ast.Call) -> tuple[ast.AST, Callable[[], None], Callable[[], None]]:
    old_func, old_keywords = node.func, node.keywords

    def do() -> None:
        node.func, node.keywords = ast.Name("list"), []

    def undo() -> None:
        node.func, node.keywords = old_func, old_keywords

    return node, do, undo


def _is_type(node: ast.BinOp) -> bool:
    """Tell whether this is ``X | None``, which is a type and no calculation."""
    return isinstance(node.op, ast.BitOr) and isinstance(node.right, ast.Constant) and node.right.value is None


def mutants(source: str) -> Iterator[Mutant]:
    """Yield every mutant of a solution, each different from the others."""
    tree = ast.parse(source)
    changes = _Changes()
    changes.visit(tree)
    _blocks(tree, changes)
    plain = ast.unparse(tree)
    lines = plain.split("\n")
    seen = {plain}
    for _, do, undo in changes.found:
        do()
        try:
            changed = ast.unparse(ast.fix_missing_locations(copy.deepcopy(tree)))
            compile(changed, "mutant", "exec")
        except SyntaxError:
            changed = plain
        finally:
            undo()
        if changed not in seen:
            seen.add(changed)
            yield Mutant(_key(lines, changed.split("\n")), changed)


def _key(before: list[str], after: list[str]) -> str:
    blocks = [
        op for op in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes() if op[0] != "equal"
    ]
    start = blocks[0][1]
    old = [line.strip() for _, i, j, _, _ in blocks for line in before[i:j]]
    new = [line.strip() for _, _, _, k, m in blocks for line in after[k:m]]
    owner = next((line.strip() for line in reversed(before[: start + 1]) if line.lstrip().startswith("def ")), "")
    name = owner.removeprefix("def ").partition("(")[0] or "module"
    return f"{name}: {'; '.join(old[:3])} -> {'; '.join(new[:3])}"


# -- running them


class Run(NamedTuple):
    """A test run under way."""

    name: str
    key: str
    source: str
    began: float
    limit: float


def start(name: str, source: str) -> int:
    """Fork a process that runs the tests of a problem on a source; it ends with 1 if they reject it, 0 if they do not."""
    pid = os.fork()
    if pid:
        return pid
    os.setsid()
    devnull = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(devnull, fd)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        import pytest

        with tempfile.TemporaryDirectory() as folder:
            Path(folder, f"{name}.py").write_text(source, encoding="utf-8")
            os.chdir(folder)
            sys.path.insert(0, folder)
            options = ["-x", "-q", "--import-mode=importlib", "-p", "no:cacheprovider", "-p", "no:hypothesispytest"]
            code = pytest.main([*options, "-c", os.devnull, str(SOLUTIONS / f"test_{name}.py")])
        os._exit(0 if code == 0 else 1)
    except BaseException:
        os._exit(1)


def baseline(name: str) -> float:
    """Return the seconds that the reference takes, which must pass."""
    began = time.monotonic()
    pid = start(name, (SOLUTIONS / f"{name}.py").read_text(encoding="utf-8"))
    if os.waitpid(pid, 0)[1] != 0:
        raise SystemExit(f"{name}: the reference itself is rejected")
    return time.monotonic() - began


def judge(work: Iterator[tuple[str, str, str, float]], jobs: int) -> Iterator[tuple[str, str, str, str]]:
    """Run (name, key, source, limit) of each, some at a time, and yield name, key, source and outcome."""
    running: dict[int, Run] = {}
    exhausted = False
    while running or not exhausted:
        while not exhausted and len(running) < jobs:
            item = next(work, None)
            if item is None:
                exhausted = True
                break
            name, key, source, limit = item
            running[start(name, source)] = Run(name, key, source, time.monotonic(), limit)
        pid, status = os.waitpid(-1, os.WNOHANG) if running else (0, 0)
        if pid in running:
            done = running.pop(pid)
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
            yield done.name, done.key, done.source, "survived" if status == 0 else "rejected"
            continue
        for pid, run in list(running.items()):
            if time.monotonic() - run.began > run.limit:
                with suppress(ProcessLookupError):
                    os.killpg(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
                del running[pid]
                yield run.name, run.key, run.source, "hung"
        time.sleep(0.005)


def listed(name: str) -> dict[str, dict[str, Any]]:
    """Return what tests/wrong_solutions says of a problem."""
    path = WRONG / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def wrong_versions(name: str) -> Iterator[Mutant]:
    """Yield the wrong versions of a problem: the reference with the changes that make one mistake of it."""
    reference = (SOLUTIONS / f"{name}.py").read_text(encoding="utf-8")
    for what, version in listed(name).get("wrong", {}).items():
        source = reference
        for old, new in version["change"]:
            if source.count(old) != 1:
                raise SystemExit(f"{name}: '{what}' changes what is there {source.count(old)} times: {old!r}")
            source = source.replace(old, new)
        yield Mutant(what, source)


def main() -> None:
    """Measure and report; exit code 1 when a wrong version gets through or too many mutants do."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="problems; none: all")
    parser.add_argument("--wrong", action="store_true", help="only the wrong versions written by hand")
    parser.add_argument("--mutants", action="store_true", help="only the mutants")
    parser.add_argument("--jobs", "-j", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--diff", action="store_true", help="show the change of each survivor")
    options = parser.parse_args()
    import pytest  # noqa: F401 - once, before the forks

    names = options.names or sorted(p.stem for p in SOLUTIONS.glob("*.py") if not p.stem.startswith("test_"))
    bad = False
    total = killed = 0
    unused: list[str] = []
    for name in names:
        source = (SOLUTIONS / f"{name}.py").read_text(encoding="utf-8")
        limit = max(8.0, 6 * baseline(name))
        same = listed(name).get("equivalent", {})
        plain = ast.unparse(ast.parse(source))
        if not options.wrong:
            made = list(mutants(source))
            keys = {mutant.key for mutant in made}
            unused += [f"{name}: {key}" for key in same if key not in keys]
            work = ((name, m.key, m.source, limit) for m in made if m.key not in same)
            survivors = []
            count = hung = 0
            for _, key, text, outcome in judge(work, options.jobs):
                count += 1
                hung += outcome == "hung"
                if outcome == "survived":
                    survivors.append((key, text))
            total += count
            killed += count - len(survivors)
            share = 100 * (count - len(survivors)) / max(1, count)
            excused = len(made) - count
            print(
                f"{name:<26} {share:5.1f} %  {count - len(survivors)} of {count} mutants rejected ({hung} hung), {excused} equivalent"
            )
            for key, text in survivors:
                print(f"    survived  {key}")
                if options.diff:
                    print(
                        "\n".join(
                            difflib.unified_diff(
                                plain.split("\n"), text.split("\n"), "reference", "mutant", n=2, lineterm=""
                            )
                        )
                    )
        if not options.mutants:
            versions = list(wrong_versions(name))
            work = ((name, version.key, version.source, limit) for version in versions)
            passed = [key for _, key, _, outcome in judge(work, options.jobs) if outcome == "survived"]
            print(f"{name:<26} {len(versions) - len(passed)} of {len(versions)} wrong versions rejected")
            for key in passed:
                print(f"    survived  {key}")
            bad = bad or bool(passed)
        sys.stdout.flush()
    for line in unused:
        print(f"no such mutant any more: {line}")
    if total:
        print(f"{100 * killed / total:.1f} % of {total} non-equivalent mutants rejected")
        bad = bad or killed / total < 0.95
    raise SystemExit(1 if bad or unused else 0)


if __name__ == "__main__":
    main()
