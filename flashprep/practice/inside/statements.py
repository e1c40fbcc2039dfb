"""What a statement of the tests asks and expects, read from its source."""

import ast

from flashprep.practice.inside.shown import LONGEST


def covering(file: str, line: int) -> list[ast.stmt]:
    """Return the statements of a file that cover a line, from the outermost to the innermost."""
    try:
        with open(file, "rb") as source:
            tree = ast.parse(source.read())
    except (OSError, ValueError, SyntaxError):
        return []
    found = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    return [node for node in found if node.lineno <= line <= (node.end_lineno or node.lineno)]


def asked(statement: ast.stmt) -> str:
    """Return what a statement asks, for a failure without recorded calls."""
    node: ast.AST = statement
    if isinstance(node, ast.Assert):
        node = node.test.left if isinstance(node.test, ast.Compare) else node.test
    elif isinstance(node, ast.With):
        node = node.body[0]
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def wanted_value(asserted: ast.expr | None) -> str:
    """Return the expected side of a comparison whose other side raised, where it is written out."""
    if (
        not isinstance(asserted, ast.Compare)
        or len(asserted.ops) != 1
        or not isinstance(asserted.ops[0], ast.Eq | ast.Is)
    ):
        return ""
    side = asserted.comparators[0]
    plain = all(
        isinstance(node, ast.Constant | ast.List | ast.Tuple | ast.Dict | ast.Set | ast.UnaryOp | ast.USub | ast.Load)
        for node in ast.walk(side)
    )
    return ast.unparse(side)[:LONGEST] if plain else ""


def wanted_error(file: str, line: int) -> str:
    """Return the error that a ``with pytest.raises`` around a line waits for."""
    for node in reversed(covering(file, line)):
        call = node.items[0].context_expr if isinstance(node, ast.With) else None
        if (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and call.func.attr == "raises"
            and call.args
        ):
            return ast.unparse(call.args[0])
    return ""


def remark_of(statement: ast.stmt | None, error: AssertionError) -> str:
    """Return the message of an assertion that has one of its own."""
    if isinstance(statement, ast.Assert) and statement.msg is not None:
        return str(error).split("\n")[0].removeprefix("AssertionError: ")[:LONGEST]
    return ""
