"""The request that an operation's module makes, read from its `_get_kwargs`. Owns the method, the path as text around
its parameters, and the content types of bodies that are really passed on.

Facts
- `"{id}".format(x=…)` raises KeyError, and braces without `format` go out as they are.
- Of two branches for one type of body both are taken, and the second overwrites what the first has written.
"""

import ast
import string
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

_BODIES = {"json", "data", "files", "content"}


@dataclass(frozen=True, kw_only=True)
class Request:
    """What an operation sends. `texts` are all strings that the function holds."""

    method: str
    path: tuple[str, ...]
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
                return Request(
                    method=method.value.lower(),
                    path=path,
                    content_types=tuple(_content_types(function)),
                    texts=frozenset(_texts(function)),
                )
    return None


def between_parameters(literals: list[str]) -> tuple[str, ...]:
    """The texts of a path between its parameters, escaped or not."""
    return tuple(unquote(literal) for literal in literals)


def _path(url: ast.expr) -> tuple[str, ...] | None:
    if isinstance(url, ast.Constant) and isinstance(url.value, str):
        return between_parameters([url.value])
    if not (isinstance(url, ast.Call) and isinstance(url.func, ast.Attribute) and url.func.attr == "format"):
        return None
    template = url.func.value
    if not (isinstance(template, ast.Constant) and isinstance(template.value, str)):
        return None
    try:
        parts = list(string.Formatter().parse(template.value))
    except ValueError:
        return None
    literals = [""]
    for literal, name, _, _ in parts:
        literals[-1] += literal
        if name is not None:
            if name not in {keyword.arg for keyword in url.keywords}:
                return None
            literals.append("")
    return between_parameters(literals)


def _content_types(function: ast.FunctionDef) -> Iterator[str]:
    """The content types of the blocks that pass a body on, such as every branch for a type of body is one."""
    blocks: dict[tuple[str, ...], list[ast.stmt]] = {(): function.body}
    for node in function.body:
        if isinstance(node, ast.If):
            blocks[_words(node.test)] = node.body
    for block in blocks.values():
        types = [name for statement in block for name in _assigned_types(statement)]
        if types and any(_passes_body(node) for statement in block for node in ast.walk(statement)):
            yield from types


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
    return (
        isinstance(node, ast.Subscript)
        and isinstance(node.ctx, ast.Store)
        and isinstance(node.slice, ast.Constant)
        and node.slice.value in _BODIES
    )


def _texts(function: ast.FunctionDef) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
