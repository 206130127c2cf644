"""One schema for what is sent and one for what is received, where they differ.

Owns readOnly and writeOnly: a request loses what only the server writes, a reply what only the client writes. A
component that stands on both sides and differs becomes two, the request's with `Input` behind its name.

Facts
- `required` of a readOnly property holds for replies only, of a writeOnly one for requests only (OpenAPI 3.0, 3.1).
- Schemas may lead into themselves, and a property may be required beside the `allOf` that brings it.
- No client is made from callbacks and webhooks: what they alone reach stays as it is.
"""

import re
from collections.abc import Callable
from typing import Any, Literal

from ..document import (
    METHODS,
    Document,
    component_ref,
    components,
    map_subschemas,
    references,
    resolve,
    schema_name,
    subschemas,
)

Side = Literal["request", "response"]
_ALTERNATIVES = ("allOf", "anyOf", "oneOf")
_FOREIGN: dict[Side, str] = {"request": "readOnly", "response": "writeOnly"}
_SECTION_SIDES: dict[str, Side] = {
    "parameters": "request",
    "requestBodies": "request",
    "responses": "response",
    "headers": "response",
}


def split_read_write(document: Document) -> tuple[Document, int]:
    """The document with every schema as its side sees it, and how many components changed or were added."""
    schemas = components(document, "schemas")
    sides = _sides(document)
    differing = _differing(document, schemas)
    inputs = _input_names(schemas, [name for name in schemas if name in differing and len(sides[name]) == 2])

    renames: dict[Side, dict[str, str]] = {
        "request": {component_ref("schemas", name): new for name, new in inputs.items()},
        "response": {},
    }

    def on(side: Side) -> Callable[[Any], Any]:
        return lambda schema: _variant(document, schema, side, renames[side])

    new: dict[str, Any] = {}
    count = 0
    for name, schema in schemas.items():
        side: Side = "request" if sides[name] == {"request"} else "response"
        new[name] = on(side)(schema) if sides[name] and name in differing else schema
        count += new[name] != schema
        if name in inputs:
            new[inputs[name]] = _retitled(on("request")(schema))
            count += 1
    return _with_schemas(_map_operations(document, on), new), count


def _with_schemas(document: Document, schemas: dict[str, Any]) -> Document:
    if not schemas:
        return document
    return {**document, "components": {**document["components"], "schemas": schemas}}


def _map_operations(document: Document, on: Callable[[Side], Callable[[Any], Any]]) -> Document:
    result = dict(document)
    result["paths"] = {path: _map_item(item, on) for path, item in document.get("paths", {}).items()}
    if "components" in document:
        result["components"] = {
            section: {name: _map_holder(holder, on(_SECTION_SIDES[section]), on) for name, holder in named.items()}
            if section in _SECTION_SIDES
            else named
            for section, named in document["components"].items()
        }
    return result


def _map_item(item: dict[str, Any], on: Callable[[Side], Callable[[Any], Any]]) -> dict[str, Any]:
    result = dict(item)
    request = on("request")
    if "parameters" in item:
        result["parameters"] = [_map_holder(parameter, request, on) for parameter in item["parameters"]]
    if "requestBody" in item:
        result["requestBody"] = _map_holder(item["requestBody"], request, on)
    if "responses" in item:
        result["responses"] = {
            status: _map_holder(response, on("response"), on) for status, response in item["responses"].items()
        }
    for method in METHODS:
        if isinstance(item.get(method), dict):
            result[method] = _map_item(item[method], on)
    return result


def _map_holder(holder: Any, change: Callable[[Any], Any], on: Callable[[Side], Callable[[Any], Any]]) -> Any:
    """The Parameter, Header, Request Body or Response Object with its schemas changed."""
    if not isinstance(holder, dict):
        return holder
    result = dict(holder)
    if isinstance(holder.get("schema"), dict):
        result["schema"] = change(holder["schema"])
    if isinstance(holder.get("content"), dict):
        result["content"] = {
            kind: {**media, "schema": change(media["schema"])} if isinstance(media.get("schema"), dict) else media
            for kind, media in holder["content"].items()
        }
    if isinstance(holder.get("headers"), dict):
        result["headers"] = {name: _map_holder(item, on("response"), on) for name, item in holder["headers"].items()}
    return result


def _sides(document: Document) -> dict[str, set[Side]]:
    """On which side of an operation each component schema stands, through any number of references."""
    roots: dict[Side, list[Any]] = {"request": [], "response": []}

    def collect(side: Side) -> Callable[[Any], Any]:
        def keep(schema: Any) -> Any:
            roots[side].append(schema)
            return schema

        return keep

    _map_operations({**document, "components": _reached_holders(document)}, collect)
    sides: dict[str, set[Side]] = {name: set() for name in components(document, "schemas")}
    for side, schemas in roots.items():
        waiting = [ref for schema in schemas for _, ref in references(schema)]
        while waiting:
            name = schema_name(waiting.pop())
            if name in sides and side not in sides[name]:
                sides[name].add(side)
                waiting.extend(ref for _, ref in references(components(document, "schemas")[name]))
    return sides


def _reached_holders(document: Document) -> dict[str, Any]:
    return {section: components(document, section) for section in _SECTION_SIDES}


def _differing(document: Document, schemas: dict[str, Any]) -> set[str]:
    """The components whose two variants differ, by themselves or through what they refer to."""
    found = {
        name
        for name, schema in schemas.items()
        if _variant(document, schema, "request", {}) != _variant(document, schema, "response", {})
    }
    users: dict[str, set[str]] = {}
    for name, schema in schemas.items():
        for _, ref in references(schema):
            users.setdefault(schema_name(ref) or "", set()).add(name)
    waiting = list(found)
    while waiting:
        new = users.get(waiting.pop(), set()) - found
        found |= new
        waiting.extend(new)
    return found


def _variant(
    document: Document, schema: Any, side: Side, renames: dict[str, str], outer: frozenset[str] = frozenset()
) -> Any:
    """The schema as one side sees it. `outer` are names that a schema around this one has lost."""
    if not isinstance(schema, dict):
        return schema
    own = _foreign_properties(document, schema, side)
    lost = outer | own
    alternatives = {keyword: schema[keyword] for keyword in _ALTERNATIVES if isinstance(schema.get(keyword), list)}
    others = {keyword: value for keyword, value in schema.items() if keyword not in alternatives}
    changed = map_subschemas(others, lambda inner: _variant(document, inner, side, renames))
    for keyword, inner in alternatives.items():
        changed[keyword] = [_variant(document, item, side, renames, lost) for item in inner]
    result = {keyword: changed[keyword] for keyword in schema}
    if isinstance(schema.get("properties"), dict):
        result["properties"] = {name: inner for name, inner in result["properties"].items() if name not in own}
    if isinstance(schema.get("required"), list):
        result["required"] = [name for name in schema["required"] if name not in lost]
        if not result["required"]:
            del result["required"]
    if schema.get("$ref") in renames:
        result["$ref"] = component_ref("schemas", renames[schema["$ref"]])
    mapping = schema.get("discriminator", {}).get("mapping") if isinstance(schema.get("discriminator"), dict) else None
    if mapping:
        result["discriminator"] = {**schema["discriminator"], "mapping": _renamed_mapping(mapping, renames)}
    return result


def _renamed_mapping(mapping: dict[str, str], renames: dict[str, str]) -> dict[str, str]:
    full = {value: target if "/" in target else component_ref("schemas", target) for value, target in mapping.items()}
    return {
        value: component_ref("schemas", renames[full[value]]) if full[value] in renames else target
        for value, target in mapping.items()
    }


def _foreign_properties(document: Document, schema: dict[str, Any], side: Side) -> frozenset[str]:
    """The properties, own or through `allOf`, that do not exist on this side."""
    mark = _FOREIGN[side]
    found: set[str] = set()
    seen: set[int] = set()
    waiting = [schema]
    while waiting:
        target = waiting.pop()
        if id(target) in seen:
            continue
        seen.add(id(target))
        found |= {
            name
            for name, inner in (target.get("properties") or {}).items()
            if isinstance(inner, dict) and (inner.get(mark) is True or _resolved(document, inner).get(mark) is True)
        }
        waiting += [_resolved(document, member) for member in target.get("allOf") or ()]
    return frozenset(found)


def _resolved(document: Document, schema: Any) -> dict[str, Any]:
    target = resolve(document, schema)
    return target if isinstance(target, dict) else {}


def _input_names(schemas: dict[str, Any], split: list[str]) -> dict[str, str]:
    taken = {_alike(name) for name in schemas}
    taken |= {_alike(inner["title"]) for schema in schemas.values() for inner in _titled(schema)}
    names: dict[str, str] = {}
    for name in split:
        candidate, number = f"{name}Input", 2
        while _alike(candidate) in taken:
            candidate, number = f"{name}Input{number}", number + 1
        taken.add(_alike(candidate))
        names[name] = candidate
    return names


def _titled(schema: Any) -> list[Any]:
    inner = [item for _, sub in subschemas(schema) for item in _titled(sub)]
    return [schema, *inner] if isinstance(schema, dict) and isinstance(schema.get("title"), str) else inner


def _retitled(schema: Any) -> Any:
    # A class is named by the title where there is one, and two classes cannot share a name.
    if isinstance(schema, dict) and isinstance(schema.get("title"), str):
        return {**schema, "title": f"{schema['title']}Input"}
    return schema


def _alike(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()
