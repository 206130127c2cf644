"""Defaults of shown schemas. Owns whether a default fits the type that it stands beside, and where it is written; one
that does not fit is left out, since generated code would not run, or would send what the vendor refuses.

Facts
- The generator reads no default beside `$ref`; it reads one beside an `allOf` of one member.
- It looks for an enum's default among the values as it writes them, with their quotes and backslashes escaped.
"""

import datetime
import math
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from openapi_python_client.strings import in_double_quote_literal

from .context import Context

_FORMATS: dict[str, Callable[[str], object]] = {
    "date": datetime.date.fromisoformat,
    "date-time": datetime.datetime.fromisoformat,
    "uuid": UUID,
}


def with_default(
    shown: dict[str, Any], default: Any, description: str | None, enums: Mapping[str, Any], context: Context
) -> dict[str, Any]:
    """The shown schema with the default, if that fits. `enums` are the shown enum components by reference."""
    if default is None:
        return shown
    if not fits(default, shown, enums):
        if isinstance(default, str | int | float):
            context.repaired("unfit_default")
        return shown
    if "$ref" in shown:
        return {"allOf": [shown], "default": default, **({"description": description} if description else {})}
    return {**shown, "default": default}


def without_default(shown: dict[str, Any]) -> dict[str, Any]:
    """The shown schema as it stands where a default means nothing."""
    if "allOf" in shown:
        inner: dict[str, Any] = shown["allOf"][0]
        return inner
    return {key: value for key, value in shown.items() if key != "default"}


def fits(default: Any, shown: dict[str, Any], enums: Mapping[str, Any]) -> bool:
    """Whether the default is a value of the shown schema. `enums` are the shown enum components by reference."""
    if "anyOf" in shown:
        return any(fits(default, branch, enums) for branch in shown["anyOf"])
    if "$ref" in shown:
        enum = enums.get(shown["$ref"])
        if enum is None or "x-float-enum" in enum or not _same_type(default, enum["enum"]):
            return False
        return not isinstance(default, str) or in_double_quote_literal(default) == default
    if "const" in shown:
        return _same_type(default, [shown["const"]])
    match shown.get("type"):
        case "string":
            return isinstance(default, str) and _has_format(default, shown.get("format"))
        case "integer":
            return isinstance(default, int) and not isinstance(default, bool)
        case "number":
            return isinstance(default, int | float) and not isinstance(default, bool) and math.isfinite(default)
        case "boolean":
            return isinstance(default, bool)
    return False


def _same_type(value: Any, known: list[Any]) -> bool:
    return any(type(value) is type(item) and value == item for item in known)


def _has_format(text: str, name: str | None) -> bool:
    if name == "binary":
        return False
    if name not in _FORMATS:
        return True
    try:
        _FORMATS[name](text)
    except ValueError:
        return False
    return True
