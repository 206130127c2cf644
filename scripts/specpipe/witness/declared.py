"""What a document holds: its operations, their responses and request content types, its component schemas, and every
enum, with the place of each. Owns a reading of its own, so that what is counted shares no code with what repairs and
lowers; refuses nothing, and trusts no more than that dicts are dicts and lists are lists.

Facts
- The reply to a HEAD request has no body, whatever the document says.
- A request holds no readOnly property and a reply no writeOnly one, so that a class may lack what its side never sees.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..document import METHODS, Document, Pointer, components, resolve, show
from .values import Value, as_typed, values_of
from .walk import COMPOSED, Found, Walk


@dataclass(frozen=True, kw_only=True)
class Reply:
    """A response of an operation."""

    pointer: str
    status: str
    has_body: bool


@dataclass(frozen=True, kw_only=True)
class Operation:
    """An operation with its responses, and its request's content types with the pointer of each."""

    pointer: str
    method: str
    path: str
    replies: tuple[Reply, ...]
    content_types: dict[str, str]

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.path}"


@dataclass(frozen=True, kw_only=True)
class Component:
    """A component schema."""

    pointer: str
    name: str
    title: str | None
    kind: str
    """`object`, `enum`, or `other`."""
    properties: dict[str, frozenset[str]]
    """Its own and those through `allOf`, each with its marks: `readOnly`, `writeOnly`."""
    sides: frozenset[str]
    """Where operations reach it: `request`, `response`, both or neither."""


@dataclass(frozen=True, kw_only=True)
class Enum:
    """An `enum`, or the one value of a `const`."""

    pointer: str
    place: Pointer
    """The place of the schema that holds it."""
    values: tuple[Value, ...]
    readings: tuple[frozenset[Value], ...]
    """What the values may be meant to be: as they stand, and as the stated type would have them."""
    is_const: bool
    has_null: bool
    """Whether null is a member."""
    is_composed: bool
    """Whether it is said together with other schemas, so that a class may hold the members of several."""


@dataclass(frozen=True, kw_only=True)
class Declared:
    """All that a document holds and a package has to."""

    operations: tuple[Operation, ...]
    components: tuple[Component, ...]
    enums: tuple[Enum, ...]


def declared(document: Document) -> Declared:
    """What the structurally sound document holds."""
    walk = Walk(document=document)
    enums = [found for schema in walk.schemas() if (found := _enum(schema)) is not None]
    sides = _sides(walk)
    return Declared(
        operations=tuple(_operations(document)),
        components=tuple(
            _component(document, name, schema, frozenset(sides.get(name, ())))
            for name, schema in components(document, "schemas").items()
        ),
        enums=tuple(enums),
    )


def _operations(document: Document) -> Iterator[Operation]:
    for path, given in document.get("paths", {}).items():
        if path.startswith("x-") or not isinstance(given, dict):
            continue
        item = {**_resolved(document, given), **given}
        for method in METHODS:
            if isinstance(item.get(method), dict):
                yield _operation(document, method, path, item[method])


def _operation(document: Document, method: str, path: str, operation: dict[str, Any]) -> Operation:
    at = ("paths", path, method)
    replies = [
        Reply(
            pointer=show((*at, "responses", status)),
            status=status,
            has_body=bool(_resolved(document, response).get("content")) and method != "head",
        )
        for status, response in operation.get("responses", {}).items()
        if not status.startswith("x-")
    ]
    content = _resolved(document, operation.get("requestBody")).get("content", {})
    return Operation(
        pointer=show(at),
        method=method,
        path=path,
        replies=tuple(replies),
        content_types={kind: show((*at, "requestBody", "content", kind)) for kind in content},
    )


def _enum(found: Found) -> Enum | None:
    schema = found.node
    is_const = not isinstance(schema.get("enum"), list)
    if is_const and "const" not in schema:
        return None
    values = values_of([schema["const"]] if is_const else schema["enum"])
    stated = schema.get("type")
    types = frozenset(stated if isinstance(stated, list) else [stated] if isinstance(stated, str) else ())
    readings = dict.fromkeys((frozenset(values), frozenset(as_typed(value, types) for value in values)))
    place = found.pointer
    return Enum(
        pointer=show((*place, "const" if is_const else "enum")),
        place=place,
        values=values,
        readings=tuple(readings),
        is_const=is_const,
        has_null=not is_const and None in schema["enum"],
        is_composed=found.is_composed or not COMPOSED.isdisjoint(schema),
    )


def _sides(walk: Walk) -> dict[str, set[str]]:
    """On which sides of an operation each component schema stands, through any number of references."""
    sides: dict[str, set[str]] = {}
    for side in ("request", "response"):
        waiting = list(walk.uses.get(("side", side), ()))
        while waiting:
            name = waiting.pop()
            if side not in sides.setdefault(name, set()):
                sides[name].add(side)
                waiting += walk.uses.get(("component", name), ())
    return sides


def _component(document: Document, name: str, schema: Any, sides: frozenset[str]) -> Component:
    given = schema if isinstance(schema, dict) else {}
    properties = _properties(document, given)
    is_enum = isinstance(given.get("enum"), list) or "const" in given
    title = given.get("title")
    return Component(
        pointer=show(("components", "schemas", name)),
        name=name,
        title=title if isinstance(title, str) else None,
        kind="enum" if is_enum else "object" if properties or given.get("type") == "object" else "other",
        properties=properties,
        sides=sides,
    )


def _properties(document: Document, schema: dict[str, Any]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    seen: set[int] = set()
    waiting: list[Any] = [schema]
    while waiting:
        target = _resolved(document, waiting.pop())
        if id(target) in seen:
            continue
        seen.add(id(target))
        for name, inner in target.get("properties", {}).items() if _may_be_object(target) else ():
            if inner is not False:  # a property that no object may have
                found[name] = found.get(name, frozenset()) | _marks(document, inner)
        waiting += target.get("allOf", ())
    return found


def _may_be_object(schema: dict[str, Any]) -> bool:
    types = schema.get("type")
    return not types or "object" in types


def _marks(document: Document, schema: Any) -> frozenset[str]:
    nodes = [node for node in (schema, _resolved(document, schema)) if isinstance(node, dict)]
    return frozenset(mark for mark in ("readOnly", "writeOnly") if any(node.get(mark) is True for node in nodes))


def _resolved(document: Document, node: Any) -> dict[str, Any]:
    """What the node stands for; an empty object where it stands for none."""
    try:
        found = resolve(document, node)
    except KeyError:
        found = None
    return found if isinstance(found, dict) else {}
