"""Enum values as the classes and literals that can hold them. Owns the grouping by type and the members' names; loses
no value, whatever its type.

Facts
- A Python enum holds values of one type here: strings, integers or floats. Booleans and mixtures become a union.
- The generator names a member after its value, and two values that make one name crash it or leave one of them.
- Python compares identifiers after NFKC normalisation.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from openapi_python_client.strings import snake_case

from .context import Context
from .names import Claims

_EXACT = 2**53
"""Up to here every integer is a float as well."""


@dataclass(frozen=True, kw_only=True)
class Members:
    """The values of one type out of an enum."""

    kind: str
    """`string`, `integer`, `number` or `boolean`."""
    values: tuple[Any, ...]


def members(values: Iterable[Any], types: Sequence[str], context: Context) -> tuple[Members, ...]:
    """The values by type, in the document's order, without null and repetitions.

    `types` are those that the schema states. Where it says `string` alone, numbers and booleans are their text: YAML
    and some tools leave the quotes out. Objects and lists are no members.
    """
    groups: dict[str, dict[Any, None]] = {}
    numbers: dict[int | float, None] = {}
    for value in values:
        if value is None:
            continue
        if isinstance(value, list | dict):
            context.repaired("enum_of_parts")
            continue
        kept = _fitted(value, types, context)
        kind = _kind(kept)
        known = groups.setdefault(kind, {})
        if kept in known:
            context.repaired("repeated_enum_value")
        known[kept] = None
        if kind in ("integer", "number"):
            numbers[kept] = None
    if "number" in groups:
        exact = {value for value in groups.get("integer", ()) if abs(value) <= _EXACT}
        groups["number"] = {float(value): None for value in numbers if isinstance(value, float) or value in exact}
        groups["integer"] = {value: None for value in groups.get("integer", ()) if value not in exact}
    return tuple(Members(kind=kind, values=tuple(known)) for kind, known in groups.items() if known)


def member_names(values: Sequence[Any], context: Context) -> list[str]:
    """A name for each value, all different, as the generator would choose them where it can."""
    claims = Claims()
    names = []
    for index, value in enumerate(values):
        wanted = _member_name(value, index)
        name = claims.claim(wanted)
        if name != wanted:
            context.repaired("enum_member_name")
        names.append(name)
    return names


def _fitted(value: Any, types: Sequence[str], context: Context) -> Any:
    stated = [item for item in types if item != "null"]
    if stated == ["string"] and not isinstance(value, str):
        context.repaired("enum_value_type")
        return str(value).lower() if isinstance(value, bool) else str(value)
    if stated == ["integer"] and isinstance(value, str) and value.lstrip("-").isdecimal() and len(value) < 20:
        context.repaired("enum_value_type")
        return int(value)
    if stated == ["boolean"] and isinstance(value, str) and value.lower() in ("true", "false"):
        context.repaired("enum_value_type")
        return value.lower() == "true"
    return value


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    return "integer" if isinstance(value, int) else "number" if isinstance(value, float) else "string"


def _member_name(value: Any, index: int) -> str:
    if isinstance(value, int):
        return f"VALUE_NEGATIVE_{-value}" if value < 0 else f"VALUE_{value}"
    text = unicodedata.normalize("NFKC", value) if isinstance(value, str) else ""
    name = snake_case(text.upper()).upper() if text[:1].isalpha() else ""
    return name[:100] if name.isidentifier() and not name.startswith("_") else f"VALUE_{index}"
