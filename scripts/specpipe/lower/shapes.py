"""What can be told of a schema as the generator is shown it. Owns the words for its branches; changes nothing.

Facts
- A shown schema is `{}`, a type, a constant, a reference to a class or an enum, a list, or a flat union of those; a
  reference with a default stands in an `allOf` of one.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from .unions import class_of

_FORMATS = {"date": "date", "date-time": "date-time", "uuid": "uuid", "binary": "binary"}

Shown = dict[str, Any]


class Shape(StrEnum):
    """What the values of a schema look like from afar."""

    STRUCTURE = "objects or lists"
    SCALAR = "numbers or booleans"
    TEXT = "strings"
    BINARY = "bytes"
    ANY = "anything"


def branches(shown: Shown) -> list[Shown]:
    """The alternatives of a union; the schema itself where it is none."""
    found: list[Shown] = []
    for item in shown.get("anyOf") or shown.get("allOf") or [shown]:
        found += branches(item) if item is not shown and ("anyOf" in item or "allOf" in item) else [item]
    return found


def word(branch: Shown, classes: Mapping[str, Shown]) -> str:
    """One word for a branch: `any`, `class`, `enum`, `const`, a type, or a format that has a Python type of its own."""
    if "$ref" in branch:
        return "enum" if "enum" in classes.get(class_of(branch["$ref"]), {}) else "class"
    if "const" in branch:
        return "const"
    kind = branch.get("type")
    if kind == "string":
        return _FORMATS.get(branch.get("format", ""), "string")
    return str(kind) if kind else "any"


def shape_of(shown: Shown, classes: Mapping[str, Shown]) -> Shape:
    """The shape of a shown schema; of several, that which needs most to be written down."""
    words = {word(branch, classes) for branch in branches(shown)} - {"null"}
    if "any" in words or not words:
        return Shape.ANY
    if words & {"class", "array"}:
        return Shape.STRUCTURE
    if words == {"binary"}:
        return Shape.BINARY
    return Shape.SCALAR if words & {"integer", "number", "boolean"} else Shape.TEXT


def enum_type(branch: Shown, classes: Mapping[str, Shown]) -> str:
    """The type of an enum's values: `string`, `integer`, or `number`."""
    enum = classes.get(class_of(branch["$ref"]), {})
    return "number" if enum.get("x-float-enum") else str(enum.get("type"))


def without_bytes(shown: Shown) -> Shown:
    """The schema with every binary string a plain one: JSON holds no bytes, though documents say so of base64."""
    if shown.get("format") == "binary":
        return {key: value for key, value in shown.items() if key != "format"}
    if "anyOf" in shown:
        kept: list[Shown] = []
        for item in map(without_bytes, shown["anyOf"]):
            if item not in kept:
                kept.append(item)
        return {**shown, "anyOf": kept}
    if isinstance(shown.get("items"), dict):
        return {**shown, "items": without_bytes(shown["items"])}
    return shown
