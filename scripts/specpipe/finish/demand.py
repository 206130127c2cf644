"""What an operation's module imports, and when. Owns moving the imports that only annotations need, and those that one
function needs, out of the module's own start: a client that sends one request loads no model of another reply.

Facts
- Annotations of a module with `from __future__ import annotations`, and those of local variables, are never evaluated.
- An import inside a function costs a microsecond once the module is loaded.
"""

import ast
from collections.abc import Iterator

from .splice import Splice

Function = ast.FunctionDef | ast.AsyncFunctionDef


def load_on_demand(text: str, *, name: str) -> str:
    """The module with its models, client and reply reader imported where they are used, and annotations left alone.

    Raises FinishError when an edit cannot be made exactly where it belongs.
    """
    splice = Splice(text, name=name)
    moved: dict[str, str] = {}
    for node in splice.tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom) and _is_movable(node):
            moved |= {alias.asname or alias.name: splice.text_of(node) for alias in node.names}
            splice.replace(node, "", "moved")
    functions = [node for node in splice.tree.body if isinstance(node, Function)]
    for function in functions:
        needed = sorted({moved[used] for used in _used(function) if used in moved})
        if needed:
            splice.before(_first_statement(function), "\n".join(needed), "needed")
    annotated = {used for function in functions for used in _annotated(function)}
    typed = sorted({statement for used, statement in moved.items() if used in annotated})
    future = "from __future__ import annotations\n\nfrom typing import TYPE_CHECKING\n\n"
    block = "".join(f"    {statement}\n" for statement in typed)
    return future + _after_imports(splice.result(), f"\nif TYPE_CHECKING:\n{block}" if block else "")


def _is_movable(node: ast.Import | ast.ImportFrom) -> bool:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names] == ["httpx"]
    module = node.module or ""
    return node.level == 3 and (module in ("client", "replies") or module.startswith("models."))


def _used(function: Function) -> Iterator[str]:
    """The names that the body of the function evaluates."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.AnnAssign):
            waiting += [node.target, *([node.value] if node.value else [])]
            continue
        elif isinstance(node, Function):
            waiting += node.body
            continue
        waiting += ast.iter_child_nodes(node)


def _annotated(function: Function) -> Iterator[str]:
    """The names in the function's annotations, its inner functions' and variables' included."""
    for node in ast.walk(function):
        found = (
            [node.annotation]
            if isinstance(node, ast.arg | ast.AnnAssign)
            else [node.returns]
            if isinstance(node, Function)
            else []
        )
        yield from (inner.id for part in found if part for inner in ast.walk(part) if isinstance(inner, ast.Name))


def _first_statement(function: Function) -> ast.stmt:
    body = function.body
    has_docstring = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    return body[1] if has_docstring and len(body) > 1 else body[0]


def _after_imports(text: str, block: str) -> str:
    lines = text.splitlines(keepends=True)
    last = max(
        (node.end_lineno or 0 for node in ast.parse(text).body if isinstance(node, ast.Import | ast.ImportFrom)),
        default=0,
    )
    return "".join(lines[:last]) + block + "".join(lines[last:])
