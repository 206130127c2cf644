"""Unions as the generator can read and write them. Owns the branches' order, and what two branches may not share;
refuses nothing.

Facts
- A generated parser tries the branches in turn, and the first that raises nothing wins. Two lists look alike to it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from .context import Context

ANY: dict[str, Any] = {}
NULL: dict[str, Any] = {"type": "null"}

DEEPEST = 8
"""How many lists may stand in one another. Python takes no more than 20 loops inside each other."""


def union(branches: Iterable[dict[str, Any]], context: Context) -> dict[str, Any]:
    """One shown schema for all of the branches: flat, without repetitions, with one list at most, null at the end."""
    flat: list[dict[str, Any]] = []
    for branch in branches:
        for item in branch.get("anyOf", [branch]):
            plain = {key: value for key, value in item.items() if key not in ("default", "description")}
            if plain not in flat:
                flat.append(plain)
    if ANY in flat:
        return dict(ANY)
    lists = [item for item in flat if item.get("type") == "array"]
    if len(lists) > 1:
        context.repaired("lists_of_a_union")
        items = union((item["items"] for item in lists), context)
        flat = [item for item in flat if item not in lists] + [{"type": "array", "items": items}]
    files = [item for item in flat if item.get("format") == "binary"]
    if files and any(item.get("type") == "string" and item not in files for item in flat):
        flat = [item for item in flat if item not in files[1:]]
    nullable = NULL in flat
    flat = [item for item in flat if item != NULL]
    if not flat:
        return dict(NULL) if nullable else dict(ANY)
    if len(flat) == 1 and not nullable:
        return flat[0]
    return {"anyOf": [*flat, *([dict(NULL)] if nullable else [])]}


def nullable(shown: dict[str, Any], context: Context) -> dict[str, Any]:
    """The shown schema or null. Null fits a schema that anything fits already."""
    return shown if shown == ANY else union([shown, NULL], context)


def class_references(shown: Mapping[str, Any]) -> list[str]:
    """The references among the branches of a shown union."""
    return [item["$ref"] for item in shown.get("anyOf", [shown]) if "$ref" in item]


def class_of(reference: str) -> str:
    """The name of the class or enum that a reference in a shown schema leads to."""
    return reference.rsplit("/", 1)[-1]


def depth(shown: Mapping[str, Any]) -> int:
    """How many lists stand in one another in the shown schema."""
    inner = [depth(branch) for branch in shown.get("anyOf", ())]
    return max(inner, default=0) if "items" not in shown else 1 + depth(shown["items"])
