"""What every step needs to know of an OpenAPI document: pointers, references, operations, and where schemas stand.

Owns the vocabulary of OpenAPI 3.0 and 3.1. Refuses nothing by itself and changes nothing: functions here only read.

Facts
- `$ref` is a reference only where an object may stand for another; below `example`, `default`, `enum` and `const`, and
  as the name of a property, it is data.
- In OpenAPI 3.1 a `$ref` may have siblings.
- What an extension (`x-…`) holds is data as well.
"""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote

Document = dict[str, Any]
Pointer = tuple[str, ...]

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

# Keywords whose value is one schema, a list of schemas, or a map of names to schemas.
ONE_SCHEMA = (
    "items",
    "additionalProperties",
    "not",
    "if",
    "then",
    "else",
    "contains",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
)
SCHEMA_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
SCHEMA_MAPS = ("properties", "patternProperties", "dependentSchemas", "$defs", "definitions")

# Keywords whose value is data, and keywords whose value maps names of the author's choice.
_DATA = ("example", "value", "default", "enum", "const")
_NAMED = {
    *SCHEMA_MAPS,
    *("components", "paths", "responses", "headers", "content", "encoding", "callbacks", "links", "examples"),
}


def show(pointer: Pointer) -> str:
    """The pointer as RFC 6901 writes it in a URI fragment, such as `#/paths/~1v1~1users`."""
    text = "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in pointer)
    # What a fragment may hold is left readable; a percent sign would start an escape.
    return "#" + text.replace("%", "%25")


def parse_ref(ref: str) -> Pointer | None:
    """The pointer of a local reference, which is a URI fragment; None when it points out of the document."""
    if not ref.startswith("#/"):
        return None
    text = unquote(ref[2:]) if "%" in ref else ref[2:]
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in text.split("/"))


def component_ref(section: str, name: str) -> str:
    """The reference to a component."""
    return show(("components", section, name))


def schema_name(ref: Any) -> str | None:
    """The component schema that a reference leads to; None for any other, and for what is no text."""
    pointer = parse_ref(ref) if isinstance(ref, str) else None
    if pointer is None or len(pointer) != 3 or pointer[:2] != ("components", "schemas"):
        return None
    return pointer[2]


def lookup(document: Any, pointer: Pointer) -> Any:
    """The value at the pointer.

    Raises KeyError when there is none.
    """
    node = document
    for part in pointer:
        if isinstance(node, dict):
            node = node[part]
        elif isinstance(node, list) and part.isdecimal() and len(part) < 10 and int(part) < len(node):
            node = node[int(part)]
        else:
            raise KeyError(part)
    return node


def holds(document: Any, pointer: Pointer) -> bool:
    """Whether anything stands at the pointer."""
    try:
        lookup(document, pointer)
    except KeyError:
        return False
    return True


def resolve(document: Document, node: Any) -> Any:
    """The object that `node` stands for: itself, or what its chain of references leads to.

    Raises KeyError when a reference leads nowhere or in a circle.
    """
    seen: set[str] = set()
    while isinstance(node, dict) and isinstance(node.get("$ref"), str):
        ref = node["$ref"]
        pointer = parse_ref(ref)
        if pointer is None or ref in seen:
            raise KeyError(ref)
        seen.add(ref)
        node = lookup(document, pointer)
    return node


def references(node: Any, at: Pointer = (), *, names: bool = False) -> Iterator[tuple[Pointer, str]]:
    """Every reference in the node with the pointer to the object that holds it, in document order.

    A discriminator's mapping counts: its values are references, or bare names of schemas. `names` says that the keys of
    the node are names that the document's author chose, not keywords.
    """
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from references(item, (*at, str(index)))
        return
    if not isinstance(node, dict):
        return
    for key, value in node.items():
        if names:
            yield from references(value, (*at, key), names=len(at) == 1 and at[0] == "components")
        elif key == "$ref" and isinstance(value, str):
            yield at, value
        elif key == "discriminator" and isinstance(value, dict):
            for target in _texts(value.get("mapping")):
                yield (*at, key, "mapping"), target if "/" in target else component_ref("schemas", target)
        elif not (key in _DATA or key.startswith("x-") or (key == "examples" and isinstance(value, list))):
            yield from references(value, (*at, key), names=key in _NAMED)


def _texts(mapping: Any) -> list[str]:
    values = mapping.values() if isinstance(mapping, dict) else ()
    return [value for value in values if isinstance(value, str)]


def dangling(document: Document) -> Iterator[tuple[Pointer, str]]:
    """Every reference that leads nowhere, or out of the document, with the pointer to the object that holds it."""
    for at, ref in references(document):
        pointer = parse_ref(ref)
        try:
            found = pointer is not None and lookup(document, pointer) is not None
        except KeyError:
            found = False
        if not found:
            yield at, ref


def operations(document: Document) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method (lower case), path and Operation Object of every operation, in document order."""
    for path, item in document.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                yield method, path, item[method]


def operation_keys(document: Document) -> Iterator[str]:
    """Every operation as "METHOD path", in document order."""
    return (f"{method.upper()} {path}" for method, path, _ in operations(document))


def info_text(document: Document, key: str) -> str:
    """What the document says of itself under the key, as text; empty where it says nothing."""
    info = document.get("info")
    return str(info.get(key) or "") if isinstance(info, dict) else ""


def components(document: Document, section: str) -> dict[str, Any]:
    """The named components of a section; empty when the document has none."""
    found: dict[str, Any] = document.get("components", {}).get(section, {})
    return found


def subschemas(schema: Any) -> Iterator[tuple[Pointer, Any]]:
    """The schemas that stand directly inside a schema, with their place in it."""
    if not isinstance(schema, dict):
        return
    for keyword in ONE_SCHEMA:
        if isinstance(schema.get(keyword), dict):
            yield (keyword,), schema[keyword]
    for keyword in SCHEMA_LISTS:
        for index, item in enumerate(schema.get(keyword) or ()):
            yield (keyword, str(index)), item
    for keyword in SCHEMA_MAPS:
        for name, item in (schema.get(keyword) or {}).items():
            yield (keyword, name), item


def map_subschemas(schema: dict[str, Any], change: Callable[[Any], Any]) -> dict[str, Any]:
    """A copy of the schema in which every schema directly inside it has gone through `change`."""
    result = dict(schema)
    for keyword in ONE_SCHEMA:
        if isinstance(schema.get(keyword), dict):
            result[keyword] = change(schema[keyword])
    for keyword in SCHEMA_LISTS:
        if isinstance(schema.get(keyword), list):
            result[keyword] = [change(item) for item in schema[keyword]]
    for keyword in SCHEMA_MAPS:
        if isinstance(schema.get(keyword), dict):
            result[keyword] = {name: change(item) for name, item in schema[keyword].items()}
    return result
