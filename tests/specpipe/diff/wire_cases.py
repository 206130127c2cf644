"""The table of labelled changes (`wire_cases.yaml`) as operations of two documents, each under a path of its own."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

Document = dict[str, Any]
_TABLE = Path(__file__).with_name("wire_cases.yaml")
_WAYS = ("request", "request reversed", "response", "response reversed")


@dataclass(frozen=True, kw_only=True)
class Case:
    """A change under a path of its own, with components of its own, and what is to be said of it."""

    name: str
    path: str
    old: Document
    new: Document
    breaks: bool
    uses: frozenset[tuple[str, str]]
    """Places and fields."""


def cases() -> list[Case]:
    """Every change of the table with its reverse."""
    table = yaml.safe_load(_TABLE.read_text("utf-8"))
    found = [case for number, row in enumerate(table["schemas"]) for case in _of_schema(number, row)]
    return found + [case for number, row in enumerate(table["operations"]) for case in _of_operation(number, row)]


def _of_schema(number: int, row: Document) -> list[Case]:
    found = []
    for way, label in zip(_WAYS, row["breaks"].split(), strict=True):
        direction, back = way.split()[0], way.endswith("reversed")
        old, new = (row["new"], row["old"]) if back else (row["old"], row["new"])
        place = "request body" if direction == "request" else "response 200"
        field = row["field"].split("|")[-1 if back else 0]
        found.append(
            Case(
                name=f"{row['change']}, {way}",
                path=f"/schema-{number}-{way.replace(' ', '-')}",
                old=_body(direction, old),
                new=_body(direction, new),
                breaks=label == "B",
                uses=frozenset() if label == "/" else frozenset({(place, field)}),
            )
        )
    return found


def _of_operation(number: int, row: Document) -> list[Case]:
    found = []
    for way, label in zip(("on", "reversed"), row["breaks"].split(), strict=True):
        path = f"/operation-{number}-{way}"
        old, new = (row["new"], row["old"]) if way == "reversed" else (row["old"], row["new"])
        found.append(
            Case(
                name=f"{row['change']}, {way}",
                path=path,
                old=_named(old, path),
                new=_named(new, path),
                breaks=label == "B",
                uses=frozenset() if label == "/" else frozenset({(row["place"], row.get("field", ""))}),
            )
        )
    return found


def _named(operation: Document, path: str) -> Document:
    """The operation with a name that no other case has."""
    name = operation.get("operationId")
    return operation if name is None else {**operation, "operationId": name.replace("%", path)}


def _body(direction: str, schema: Any) -> Document:
    content = {"content": {"application/json": {"schema": schema}}}
    reply = {"description": "x"} | (content if direction == "response" else {})
    body = {"requestBody": content} if direction == "request" else {}
    return {**body, "responses": {"200": reply}}


def document(sides: dict[str, Document]) -> Document:
    """A document of one operation a path, its bodies' schemas among the components."""
    components: Document = {}
    paths: Document = {}
    for path, operation in sides.items():
        paths[path] = {"post": _with_component(operation, path.strip("/"), components)}
    schemes = {
        "k": {"type": "apiKey", "in": "header", "name": "K"},
        "o": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "https://a.example", "scopes": {}}}},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "x", "version": "1"},
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": schemes},
    }


def _with_component(node: Any, name: str, components: Document) -> Any:
    if not isinstance(node, dict):
        return node
    if set(node) == {"schema"} and isinstance(node["schema"], dict) and node["schema"] and name.startswith("schema"):
        parts = node["schema"].get("$defs", {})
        for part, schema in {**parts, "": node["schema"]}.items():
            components[f"{name}-{part}".strip("-")] = _referring(schema, name, parts)
        return {"schema": {"$ref": f"#/components/schemas/{name}"}}
    return {key: _with_component(value, name, components) for key, value in node.items()}


def _referring(node: Any, name: str, parts: Document) -> Any:
    """The schema, its references to parts leading to the components that they became."""
    if isinstance(node, list):
        return [_referring(item, name, parts) for item in node]
    if isinstance(node, dict):
        return {key: _referring(value, name, parts) for key, value in node.items() if key != "$defs"}
    return f"#/components/schemas/{name}-{node[1:]}" if str(node).startswith("%") and node[1:] in parts else node
