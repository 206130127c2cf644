"""The statuses that an operation's `_parse_response` knows, and for which of them it reads the reply. Owns following
the reply from `response` to what is returned; refuses nothing.

Facts
- The generator returns None, or a cast of None, for a response that it could make nothing of.
- What stands behind all branches is for every other status, unless it raises.
"""

import ast
from collections.abc import Iterable

_BESIDE_THE_CONTENT = {"status_code", "headers"}


def read_statuses(function: ast.FunctionDef) -> dict[str, bool]:
    """For each status, such as `200`, `5XX` and `default`, whether something of the reply's content is returned."""
    statuses: dict[str, bool] = {}
    rest: list[ast.stmt] = []
    for statement in function.body:
        status = _status(statement.test) if isinstance(statement, ast.If) else None
        if status is not None and isinstance(statement, ast.If):
            # The first branch for a status is the one that is taken.
            statuses.setdefault(status, _returns_content(statement.body, {"response"}))
        else:
            rest.append(statement)
    raises = any(isinstance(node, ast.Raise) for item in rest for node in _own_nodes(item))
    if not raises:
        statuses["default"] = _returns_content(rest, {"response"})
    return statuses


def _status(test: ast.expr) -> str | None:
    if not (isinstance(test, ast.Compare) and any(_is_status(item) for item in (test.left, *test.comparators))):
        return None
    numbers = [item.value for item in (test.left, *test.comparators) if isinstance(item, ast.Constant)]
    codes = [number for number in numbers if isinstance(number, int)]
    operators = {type(operator) for operator in test.ops}
    if operators == {ast.Eq} and len(codes) == 1:
        return str(codes[0])
    if operators == {ast.LtE} and len(codes) == 2 and codes[0] % 100 == 0 and codes[1] == codes[0] + 99:
        return f"{codes[0] // 100}XX"
    return None


def _is_status(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "status_code"


def _own_nodes(statement: ast.stmt) -> Iterable[ast.AST]:
    """The nodes of the statement, inner functions aside."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
            waiting += ast.iter_child_nodes(node)


def _returns_content(body: Iterable[ast.stmt], known: set[str]) -> bool:
    """Whether a statement returns what comes from one of the known names; the body's own are added to them."""
    found = False
    for node in body:
        if isinstance(node, ast.Return):
            found = found or _mentions(node.value, known)
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            if _mentions(node.value, known):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                known |= {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            # Such as `response_200.append(item)`.
            owner = node.value.func.value if isinstance(node.value.func, ast.Attribute) else None
            if isinstance(owner, ast.Name) and any(_mentions(item, known) for item in node.value.args):
                known.add(owner.id)
        elif isinstance(node, ast.For):
            if _mentions(node.iter, known):
                known |= {name.id for name in ast.walk(node.target) if isinstance(name, ast.Name)}
            found = _returns_content(node.body, known) or found
        elif isinstance(node, ast.If | ast.Try | ast.With):
            inner = [*node.body, *getattr(node, "orelse", ())]
            for handler in getattr(node, "handlers", ()):
                inner += handler.body
            found = _returns_content(inner, known) or found
    return found


def _mentions(node: ast.AST | None, known: set[str]) -> bool:
    waiting: list[ast.AST] = [] if node is None else [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Attribute) and node.attr in _BESIDE_THE_CONTENT:
            continue
        if isinstance(node, ast.Name) and node.id in known:
            return True
        waiting += ast.iter_child_nodes(node)
    return False
