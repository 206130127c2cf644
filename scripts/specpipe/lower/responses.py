"""Responses as the generator is shown them: one media type each, and a schema that holds whatever may come.

Owns statuses, and which kinds of content a reply may have; loses no response and no schema, also none of a response's
header. A status that is none is the document's fault.

Facts
- The generator reads the first media type that it knows, and answers None where all of a response's schemas are any.
- A reply to HEAD has no body, whatever the document declares for it.
"""

import re
from itertools import pairwise
from typing import Any

from . import media
from .media import Kind, kind_of
from .parts import Part, Parts
from .shapes import Shape, Shown, without_bytes

_STATUS = re.compile(r"[1-9][0-9][0-9]|[1-9]XX|default")
_STRING: Shown = {"type": "string"}
_BINARY: Shown = {"type": "string", "format": "binary"}


def lower_responses(parts: Parts, responses: Part, *, method: str) -> dict[str, Any]:
    """The responses of an operation as they are shown."""
    shown: dict[str, Any] = {}
    for stated, node in responses.node.items():
        if stated.lower().startswith("x-"):
            continue
        status = plain_status(stated)
        at = (*responses.at, stated)
        part = parts.follow(node, at, f"{responses.name}_response_{status or stated}")
        lowered = lower_response(parts, part, with_body=method != "head")
        if status is None:
            parts.context.fault(at, f"{stated!r} is no status")
        elif status in shown:
            parts.context.fault(at, f"the status {status} is declared a second time")
        else:
            shown[status] = lowered
            if status != stated:
                parts.context.repaired("status_text")
    if not shown:
        parts.context.repaired("no_responses")
        shown["default"] = {"description": ""}
    return shown


def plain_status(stated: str) -> str | None:
    """The status as the generator knows it: three digits, a range such as 2XX, or `default`; None when it is none."""
    text = stated.strip()
    text = "default" if text.lower() == "default" else text.upper()
    return text if _STATUS.fullmatch(text) else None


def lower_response(parts: Parts, part: Part, *, with_body: bool = True) -> dict[str, Any]:
    """One response as it is shown."""
    shown: dict[str, Any] = {"description": part.node.get("description") or ""}
    keep_headers(parts, part)
    found: dict[str, tuple[Kind, Shown]] = {}
    content = part.node.get("content") or {}
    for declared, node in content.items():
        found[declared] = _read_as(parts, part, declared, node, alone=len(content) == 1)
    if found and with_body:
        shown |= shown_content(found)
        parts.context.repaired("several_media_types", int("x-media" in shown))
    return shown


def shown_content(found: dict[str, tuple[Kind, Shown]]) -> dict[str, Any]:
    """The `content` that is shown for a reply that may be of any of the types.

    `x-media` has the kinds where they differ, `x-media-schemas` the schemas of the JSON documents where those do.
    """
    kinds = {kind for kind, _ in found.values()}
    if kinds == {Kind.TEXT}:
        return {"content": {media.TEXT: {"schema": dict(_STRING)}}}
    if kinds == {Kind.BINARY}:
        return {"content": {media.BYTES: {"schema": dict(_BINARY)}}}
    schema = parsed_schema([shown for kind, shown in found.values() if kind is Kind.JSON], kinds)
    result: dict[str, Any] = {"content": {media.JSON: {"schema": schema}}}
    if len(kinds) > 1:
        result["x-media"] = {media.essence(declared): kind.value for declared, (kind, _) in found.items()}
    schemas = _media_schemas(found)
    if any(one != other for one, other in pairwise(schemas.values())):
        result["x-media-schemas"] = schemas
    return result


def _media_schemas(found: dict[str, tuple[Kind, Shown]]) -> dict[str, Shown]:
    """What each JSON type holds; of types that differ in nothing but their parameters what any of them does."""
    by_type: dict[str, list[Shown]] = {}
    for declared, (kind, shown) in found.items():
        if kind is Kind.JSON:
            by_type.setdefault(media.essence(declared), []).append(shown)
    return {name: parsed_schema(schemas, {Kind.JSON}) for name, schemas in by_type.items()}


def parsed_schema(documents: list[Shown], kinds: set[Kind]) -> Shown:
    """The schema of a reply that is any of the JSON documents, or content of the other kinds."""
    alternatives: list[Shown] = []
    others = [item for kind, item in ((Kind.TEXT, _STRING), (Kind.BINARY, _BINARY)) if kind in kinds]
    for item in [*documents, *others]:
        plain = {key: value for key, value in item.items() if key != "default"}
        if plain not in alternatives:
            alternatives.append(plain)
    if all(not item.keys() - {"description"} for item in alternatives):
        # Shown any value alone, the generator takes the reply for one without content.
        alternatives.append({"type": "null"})
    return alternatives[0] if len(alternatives) == 1 else {"anyOf": alternatives}


def keep_headers(parts: Parts, part: Part) -> None:
    """Lower the schemas of a response's headers, which are not shown."""
    for name, node in (part.node.get("headers") or {}).items():
        header = parts.follow(node, (*part.at, "headers", name), f"{part.name}_{name}")
        if "schema" in header.node:
            parts.lower(header.node["schema"], (*header.at, "schema"), header.name)
        for declared, inner in (header.node.get("content") or {}).items():
            if isinstance(inner, dict) and "schema" in inner:
                parts.lower(inner["schema"], (*header.at, "content", declared, "schema"), header.name)


def _read_as(parts: Parts, part: Part, declared: str, node: Any, *, alone: bool) -> tuple[Kind, Shown]:
    if not isinstance(node, dict) or "schema" not in node:
        kind = kind_of(declared, None)
        return (Kind.TEXT if kind in (Kind.FORM, Kind.MULTIPART) else kind), {}
    at = (*part.at, "content", declared, "schema")
    name = part.name if alone else f"{part.name}_{media.essence(declared)}"
    shown = parts.lower(node["schema"], at, part.name if kind_of(declared, None) is Kind.JSON else name)
    kind = kind_of(declared, parts.shape(shown))
    if kind in (Kind.FORM, Kind.MULTIPART):
        kind = Kind.TEXT
    if kind is Kind.JSON:
        return kind, without_bytes(shown)
    if parts.shape(shown) is Shape.STRUCTURE:
        parts.context.repaired("unread_structure")
    return kind, shown
