"""The request that an operation's module makes, read from its `_get_kwargs`. Owns the method, the path as text around
its parameters, what of the arguments goes where, and the content types of bodies that are really passed on.

Facts
- `"{id}".format(x=…)` raises KeyError, and braces without `format` go out as they are.
- Of two branches for one type of body both are taken, and the second overwrites what the first has written; behind
  `elif` the second is never reached.
- A mapping that is made and not passed on sends nothing, nor does a constant in the place of an argument.
"""

import ast
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

_BODIES = {"json", "data", "files", "content"}

Arguments = frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Request:
    """What an operation sends. `texts` are all strings that the function holds."""

    method: str
    path: tuple[str, ...]
    filled: tuple[Arguments, ...]
    """The arguments that stand in each parameter of the path."""
    sent: Mapping[tuple[str, str], Arguments]
    """By place (`query`, `header` or `cookie`) and name, headers in lower case, the arguments that go there."""
    content_types: tuple[str, ...]
    texts: frozenset[str]


def read_request(function: ast.FunctionDef) -> Request | None:
    """The request; None when the function makes none that can be sent."""
    for node in ast.walk(function):
        if isinstance(node, ast.Dict):
            entries = {
                key.value: value
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant) and isinstance(key.value, str)
            }
            method, url = entries.get("method"), entries.get("url")
            path = None if url is None else _path(url)
            if isinstance(method, ast.Constant) and isinstance(method.value, str) and path is not None:
                literals, values = path
                arguments = _arguments(function)
                return Request(
                    method=method.value.lower(),
                    path=literals,
                    filled=tuple(_named(value, arguments) for value in values),
                    sent=_sent(function, entries.get("params"), arguments),
                    content_types=tuple(_content_types(function)),
                    texts=frozenset(_texts(function)),
                )
    return None


def between_parameters(literals: list[str]) -> tuple[str, ...]:
    """The texts of a path between its parameters, escaped or not."""
    return tuple(unquote(literal) for literal in literals)


def _path(url: ast.expr) -> tuple[tuple[str, ...], list[ast.expr]] | None:
    """The texts around the path's parameters, and what is put in their places."""
    if isinstance(url, ast.Constant) and isinstance(url.value, str):
        return between_parameters([url.value]), []
    if not (isinstance(url, ast.Call) and isinstance(url.func, ast.Attribute) and url.func.attr == "format"):
        return None
    template = url.func.value
    if not (isinstance(template, ast.Constant) and isinstance(template.value, str)):
        return None
    try:
        parts = list(string.Formatter().parse(template.value))
    except ValueError:
        return None
    given = {keyword.arg: keyword.value for keyword in url.keywords}
    literals, values = [""], []
    for literal, name, _, _ in parts:
        literals[-1] += literal
        if name is not None:
            if name not in given:
                return None
            literals.append("")
            values.append(given[name])
    return between_parameters(literals), values


def _arguments(function: ast.FunctionDef) -> Arguments:
    arguments = function.args
    return frozenset(item.arg for item in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs))


def _named(value: ast.expr, arguments: Arguments) -> Arguments:
    return arguments & {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}


def _sent(function: ast.FunctionDef, params: ast.expr | None, arguments: Arguments) -> dict[tuple[str, str], Arguments]:
    """What goes out beside the path and the body."""
    found = {} if params is None else _mapped(params, "query", arguments)
    if any(_stores(node, "headers") for node in ast.walk(function)):
        for statement in function.body:
            value = statement.value if isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign) else None
            if value is not None and _is_headers(statement):
                found |= _mapped(value, "header", arguments) | _mapped(value, "cookie", arguments)
    return found


def _is_headers(statement: ast.stmt) -> bool:
    """Whether the assignment is to the variable of that name."""
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return any(isinstance(target, ast.Name) and target.id == "headers" for target in targets)


_MAPPED = {"query": "query", "headers": "header", "cookies": "cookie"}


def _mapped(value: ast.expr, place: str, arguments: Arguments) -> dict[tuple[str, str], Arguments]:
    """The names of a mapping for the place with the arguments behind each; none where the mapping is for another."""
    if not (isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.args):
        return {}
    mapping = value.args[0]
    if _MAPPED.get(value.func.id.lstrip("_")) != place or not isinstance(mapping, ast.Dict):
        return {}
    return {
        (place, key.value.lower() if place == "header" else key.value): _named(item, arguments)
        for key, item in zip(mapping.keys, mapping.values, strict=True)
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }


def _content_types(function: ast.FunctionDef) -> Iterator[str]:
    """The content types of the blocks that pass a body on, such as every branch for a type of body is one."""
    waiting = [function.body]
    while waiting:
        block = waiting.pop()
        types = [name for statement in block for name in _assigned_types(statement)]
        if types and any(_passes_body(node) for statement in block for node in ast.walk(statement)):
            yield from types
        branches: dict[tuple[str, ...], list[ast.stmt]] = {}
        for statement in block:
            branches |= _branches(statement)
        waiting += reversed(branches.values())


def _branches(statement: ast.stmt) -> dict[tuple[str, ...], list[ast.stmt]]:
    """The blocks of `if`, every `elif` and `else` by their tests."""
    found: dict[tuple[str, ...], list[ast.stmt]] = {}
    while isinstance(statement, ast.If):
        found.setdefault(_words(statement.test), statement.body)
        match statement.orelse:
            case [ast.If() as statement]:
                continue
            case rest:
                found["else", *_words(statement.test)] = rest
                break
    return found


def _words(test: ast.expr) -> tuple[str, ...]:
    """What the test is made of; a type of a thousand alternatives is too deep to be written down again."""
    return tuple(
        node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else type(node).__name__
        for node in ast.walk(test)
    )


def _assigned_types(statement: ast.stmt) -> list[str]:
    if not (isinstance(statement, ast.Assign) and isinstance(target := statement.targets[0], ast.Subscript)):
        return []
    if not (isinstance(target.slice, ast.Constant) and str(target.slice.value).lower() == "content-type"):
        return []
    constants = [statement.value, *(statement.value.args if isinstance(statement.value, ast.Call) else [])]
    return [item.value for item in constants if isinstance(item, ast.Constant) and isinstance(item.value, str)]


def _passes_body(node: ast.AST) -> bool:
    return _stores(node, *_BODIES)


def _stores(node: ast.AST, *names: str) -> bool:
    """Whether the node stores something under one of the names."""
    return (
        isinstance(node, ast.Subscript)
        and isinstance(node.ctx, ast.Store)
        and isinstance(node.slice, ast.Constant)
        and node.slice.value in names
    )


def _texts(function: ast.FunctionDef) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
