"""The file that a learner starts from: the reference with its signatures and docstrings, without its bodies. Pure.

What stays: imports, constants and type variables that are still needed, public classes and functions with their docstrings, the
fields of classes that only hold data. What goes: bodies, private names, comments inside bodies, and the docstring of the
module, which tells the approach. So a starter cannot drift from its reference, and gives nothing away.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator

_BODY = "raise NotImplementedError"
_DATA_BASES = {"NamedTuple", "Enum", "IntEnum", "StrEnum", "TypedDict", "Protocol"}
_WIDTH = 100

Function = ast.FunctionDef | ast.AsyncFunctionDef


def starter(reference: str, title: str, task: str = "") -> str:
    """Return the starter of a reference; ``title`` and ``task``, plain text, become its docstring.

    Raises SyntaxError where the reference is no Python.
    """
    tree = ast.parse(reference)
    lines = reference.split("\n")
    kept = [node for node in tree.body if _is_kept(node)]
    texts = {id(node): "\n".join(_statement(node, lines)) for node in kept}
    wanted = _wanted(kept, texts)
    needed = [node for node in tree.body if isinstance(node, Function | ast.ClassDef) and node.name in wanted]
    for private in needed:
        if private not in kept:  # a signature needs it, such as for a default
            texts[id(private)] = "\n".join(_whole(private, lines))
    kept = [node for node in tree.body if id(node) in texts]
    wanted = _wanted(kept, texts)
    parts: list[str] = [_docstring(title, task)]
    before: ast.stmt | None = None
    for node in kept:
        text = texts[id(node)]
        if isinstance(node, ast.Import | ast.ImportFrom):
            text = _import(node, wanted)
        elif not isinstance(node, Function | ast.ClassDef) and not _defined(node) & wanted:
            continue
        if text:
            parts.append(_gap(before, node) + text)
            before = node
    return "".join(parts).lstrip("\n") + "\n"


def signatures(source: str) -> list[str]:
    """Return the public functions and methods of a module as ``name(parameter, ...)``, without annotations and defaults."""
    found: list[str] = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            found += [
                f"{node.name}.{_signature(part)}" for part in node.body if isinstance(part, Function) and _public(part)
            ]
        elif isinstance(node, Function) and _public(node):
            found.append(_signature(node))
    return found


def _signature(node: Function) -> str:
    arguments = node.args
    names = [arg.arg for arg in (*arguments.posonlyargs, *arguments.args)]
    names += [f"*{arguments.vararg.arg}"] if arguments.vararg else []
    names += [arg.arg for arg in arguments.kwonlyargs]
    names += [f"**{arguments.kwarg.arg}"] if arguments.kwarg else []
    return f"{node.name}({', '.join(names)})"


def _public(node: Function) -> bool:
    return not node.name.startswith("_") or (node.name.startswith("__") and node.name.endswith("__"))


def _is_kept(node: ast.stmt) -> bool:
    """Tell whether a statement of the module may stand in the starter."""
    if isinstance(node, Function):
        return _public(node)
    if isinstance(node, ast.ClassDef):
        return not node.name.startswith("_")
    if isinstance(node, ast.Assign | ast.AnnAssign) or type(node).__name__ == "TypeAlias":
        return True
    if isinstance(node, ast.If):  # if TYPE_CHECKING:
        return all(isinstance(inner, ast.Import | ast.ImportFrom) for inner in node.body) and not node.orelse
    return isinstance(node, ast.Import | ast.ImportFrom)


def _defined(node: ast.stmt) -> set[str]:
    """Return the names that a statement binds."""
    if isinstance(node, ast.If):
        return {name for inner in node.body for name in _defined(inner)}
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
    targets = (
        node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None) or getattr(node, "name", None)]
    )
    return {
        part.id
        for target in targets
        if isinstance(target, ast.AST)
        for part in ast.walk(target)
        if isinstance(part, ast.Name)
    }


def _wanted(kept: list[ast.stmt], texts: dict[int, str]) -> set[str]:
    """Return the names that the starter uses: in signatures and fields, and in what those use; public constants always."""
    assigned = [
        node for node in kept if not isinstance(node, Function | ast.ClassDef | ast.Import | ast.ImportFrom | ast.If)
    ]
    wanted: set[str] = set()
    for node in kept:
        if isinstance(node, Function | ast.ClassDef):
            wanted |= _names(texts[id(node)])
    for node in assigned:
        wanted |= {name for name in _defined(node) if name.isupper() and not name.startswith("_")}
    while True:
        more = {name for node in assigned if _defined(node) & wanted for name in _names(texts[id(node)])}
        if more <= wanted:
            return wanted
        wanted |= more


def _names(text: str) -> set[str]:
    """Return the names that a piece of source uses, in annotations that are strings too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(textwrap.dedent(text))):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.arg | ast.AnnAssign) and isinstance(node.annotation, ast.Constant):
            found |= _quoted(node.annotation.value)
        elif isinstance(node, Function) and isinstance(node.returns, ast.Constant):
            found |= _quoted(node.returns.value)
    return found


def _quoted(annotation: object) -> set[str]:
    try:
        return _names(annotation) if isinstance(annotation, str) else set()
    except SyntaxError:
        return set()


def _import(node: ast.Import | ast.ImportFrom, wanted: set[str]) -> str:
    """Return an import with the names that are still needed, empty for none."""
    if isinstance(node, ast.ImportFrom) and node.module == "__future__":
        return ast.unparse(node)
    names = [alias for alias in node.names if (alias.asname or alias.name).partition(".")[0] in wanted]
    if not names:
        return ""
    if isinstance(node, ast.Import):
        return ast.unparse(ast.Import(names))
    return ast.unparse(ast.ImportFrom(node.module, names, node.level))


def _statement(node: ast.stmt, lines: list[str]) -> Iterator[str]:
    """Yield the lines of a statement, bodies of functions gone."""
    if isinstance(node, Function):
        yield from _function(node, lines)
    elif isinstance(node, ast.ClassDef):
        yield from _class(node, lines)
    else:
        yield from lines[node.lineno - 1 : node.end_lineno]


def _whole(node: Function | ast.ClassDef, lines: list[str]) -> list[str]:
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return lines[first - 1 : node.end_lineno]


def _function(node: Function, lines: list[str]) -> Iterator[str]:
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    body = node.body[0]
    if body.lineno == node.lineno:  # def f(): ...
        yield from lines[first - 1 : node.lineno - 1]
        yield lines[node.lineno - 1][: body.col_offset].rstrip()
        yield f"{' ' * (node.col_offset + 4)}{_BODY}"
        return
    docstring = ast.get_docstring(node, clean=False) is not None
    signature_end = _end_of_signature(node, lines)
    yield from lines[first - 1 : signature_end]
    if docstring:
        yield from lines[body.lineno - 1 : body.end_lineno]
    yield f"{' ' * body.col_offset}{_BODY}"


def _end_of_signature(node: Function, lines: list[str]) -> int:
    """Return the 1-based line that ends with the colon of a ``def``: the last one before the body that is no comment."""
    end = node.body[0].lineno - 1
    while end > node.lineno and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return end


def _class(node: ast.ClassDef, lines: list[str]) -> Iterator[str]:
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    yield from (
        lines[first - 1 : node.body[0].lineno - 1]
        if node.body[0].lineno > node.lineno
        else lines[first - 1 : node.lineno]
    )
    if node.body[0].lineno == node.lineno:  # class Full(Exception): ...
        return
    before: ast.stmt | None = None
    for part in node.body:
        text = list(_part(part, node, lines))
        if text:
            if before is not None and (isinstance(part, Function) or isinstance(before, Function)):
                yield ""
            yield from text
            before = part
    if before is None:
        yield f"{' ' * node.body[0].col_offset}{_BODY}"


def _part(part: ast.stmt, owner: ast.ClassDef, lines: list[str]) -> Iterator[str]:
    """Yield what stays of a statement in a class."""
    if isinstance(part, Function):
        if _holds_data(owner) or (part.name == "__init__" and _only_keeps(part)):
            yield from lines[min([part.lineno, *(d.lineno for d in part.decorator_list)]) - 1 : part.end_lineno]
        elif _public(part):
            yield from _function(part, lines)
    elif (
        isinstance(part, ast.Expr | ast.Pass)
        or _is_field(part)
        or (_holds_data(owner) and isinstance(part, ast.Assign))
    ):
        yield from lines[part.lineno - 1 : part.end_lineno]


def _is_field(part: ast.stmt) -> bool:
    return isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name) and not part.target.id.startswith("_")


def _holds_data(node: ast.ClassDef) -> bool:
    """Tell whether a class only holds data or is an error: there is nothing in it to solve."""
    decorators = {_last_name(part.func if isinstance(part, ast.Call) else part) for part in node.decorator_list}
    bases = {_last_name(base) for base in node.bases}
    methods = [part for part in node.body if isinstance(part, Function)]
    if "dataclass" in decorators or bases & _DATA_BASES or any(base.endswith(("Error", "Exception")) for base in bases):
        return all(method.name.startswith("__") for method in methods)
    return bool(methods) and all(method.name == "__init__" and _only_keeps(method) for method in methods)


def _only_keeps(node: Function) -> bool:
    """Tell whether a constructor does no more than to keep its arguments under their own names."""
    return all(
        (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))
        or (
            isinstance(part, ast.Assign | ast.AnnAssign)
            and isinstance(part.value, ast.Name)
            and all(
                isinstance(target, ast.Attribute) and target.attr == part.value.id
                for target in (part.targets if isinstance(part, ast.Assign) else [part.target])
            )
        )
        for part in node.body
    )


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _docstring(title: str, task: str) -> str:
    """Return the title and the task as the docstring of a module."""
    words = [part for part in (" ".join(title.split()), *task.strip().split("\n\n")) if part.strip()]
    paragraphs = [part if part.startswith("    ") else textwrap.fill(" ".join(part.split()), _WIDTH) for part in words]
    text = "\n\n".join(paragraphs).replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    end = "\n" if "\n" in text or text.endswith('"') else ""
    return f'"""{text}{end}"""\n\n' if text else ""


def _gap(before: ast.stmt | None, node: ast.stmt) -> str:
    """Return the line ends between two statements: two empty lines around functions and classes, none between imports."""
    blocks = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    if before is None:
        return "\n" if isinstance(node, blocks) else ""
    if isinstance(before, blocks) or isinstance(node, blocks):
        return "\n\n\n"
    imports = (ast.Import, ast.ImportFrom)
    both = isinstance(before, imports) and isinstance(node, imports)
    future = isinstance(before, ast.ImportFrom) and before.module == "__future__"
    return "\n" if (both and not future) or (type(before) is type(node) and not future) else "\n\n"
