"""The constructors of attrs classes, for griffe, which makes them of dataclasses only. Owns which fields a constructor
takes, in which order, and their defaults; refuses nothing.
"""

import ast
from collections.abc import Iterator
from typing import Any

import griffe

_DEFINE, _FIELD = "attrs.define", "attrs.field"


class Constructors(griffe.Extension):
    """Gives every attrs class its `__init__`."""

    def on_class_members(self, *, node: Any, cls: griffe.Class, **kwargs: Any) -> None:
        define = next((item for item in cls.decorators if item.callable_path == _DEFINE), None)
        if define is None or "__init__" in cls.members:
            return
        by_keyword = _keywords(define.value).get("kw_only") == "True"
        found = [_parameter(cls, name, by_keyword) for name, _ in annotated(node)]
        given = [item for item in found if item is not None]
        given.sort(key=lambda item: item.kind is griffe.ParameterKind.keyword_only)
        made = griffe.Function("__init__", parameters=griffe.Parameters(*given), returns="None", parent=cls)
        cls.set_member("__init__", made)


def annotated(node: ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    """The annotated attributes of a class."""
    for item in node.body:
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            yield item.target.id, item.annotation


def _parameter(cls: griffe.Class, name: str, by_keyword: bool) -> griffe.Parameter | None:
    """The constructor's parameter for a field; None where it takes none."""
    value = default = getattr(cls.members[name], "value", None)
    if isinstance(value, griffe.ExprCall) and value.canonical_path == _FIELD:
        given = _keywords(value)
        if given.get("init") == "False":
            return None
        by_keyword = by_keyword or given.get("kw_only") == "True"
        default = f"{given['factory']}()" if "factory" in given else given.get("default")
    kind = griffe.ParameterKind.keyword_only if by_keyword else griffe.ParameterKind.positional_or_keyword
    return griffe.Parameter(name, kind=kind, default=None if default is None else str(default))


def _keywords(call: object) -> dict[str, str]:
    """The keywords of a call, as text."""
    if not isinstance(call, griffe.ExprCall):
        return {}
    return {item.name: str(item.value) for item in call.arguments if isinstance(item, griffe.ExprKeyword)}
