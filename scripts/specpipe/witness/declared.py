"""What a document holds: its operations, their parameters, responses and request content types, its component schemas,
the objects inline, and every enum, with the place of each. Owns a reading of its own, so that what is counted shares no
code with what repairs and lowers; refuses nothing, and trusts no more than that dicts are dicts and lists are lists.

Facts
- The reply to a HEAD request has no body, whatever the document says.
- OpenAPI ignores header parameters called Accept, Content-Type and Authorization.
- A request holds no readOnly property and a reply no writeOnly one, so that a class may lack what its side never sees.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..document import METHODS, Document, Pointer, components, parse_ref, references, resolve, show
from .values import Value, as_typed, values_of
from .walk import COMPOSED, Found, Walk, found_at, marks_of

FOREIGN = {"request": "readOnly", "response": "writeOnly"}
"""The mark of a property that a side does not have."""

_SCHEMAS = ("components", "schemas")
_COMPONENT = 3
"""How long the pointer of a component is."""

_PLACES = ("path", "query", "header", "cookie")
_RESERVED = frozenset(("accept", "authorization", "content-type"))


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A parameter of an operation."""

    pointer: str
    place: str
    """`path`, `query`, `header` or `cookie`."""
    name: str
    """As it is compared: that of a header in lower case."""

    def __str__(self) -> str:
        return f"{self.place} parameter {self.name!r}"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """A response of an operation."""

    pointer: str
    status: str
    has_body: bool


@dataclass(frozen=True, kw_only=True)
class Operation:
    """An operation with its parameters and responses, and its request's content types with the pointer of each."""

    pointer: str
    method: str
    path: str
    parameters: tuple[Parameter, ...]
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
class Inline:
    """An object schema that is no component."""

    pointer: str
    names: frozenset[frozenset[str]]
    """The properties that a class has to have together, for each side of an operation that sees the object."""


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
    inline: tuple[Inline, ...]
    enums: tuple[Enum, ...]


def declared(document: Document) -> Declared:
    """What the structurally sound document holds."""
    walk = Walk(document=document)
    enums, objects = [], []
    for schema in walk.schemas():
        if (enum := _enum(schema)) is not None:
            enums.append(enum)
        if schema.node.get("properties") and not schema.is_condition and not _is_component(schema):
            objects.append(schema)
    sides = _sides(walk)
    return Declared(
        operations=tuple(_operations(document)),
        components=tuple(
            _component(document, name, schema, frozenset(sides.get(name, ())))
            for name, schema in components(document, "schemas").items()
        ),
        inline=tuple(_inline(document, schema, sides) for schema in objects),
        enums=tuple(enums),
    )


def _operations(document: Document) -> Iterator[Operation]:
    for path, given in document.get("paths", {}).items():
        if path.startswith("x-") or not isinstance(given, dict):
            continue
        item = {**_resolved(document, given), **given}
        for method in METHODS:
            if isinstance(item.get(method), dict):
                shared = _parameters(document, item, ("paths", path))
                yield _operation(document, method, path, item[method], shared)


_Parameters = dict[tuple[str, str], Parameter]


def _parameters(document: Document, holder: dict[str, Any], at: Pointer) -> _Parameters:
    """The parameters of a path or an operation; of those of one place and name the first."""
    found: _Parameters = {}
    for index, given in enumerate(holder.get("parameters", ())):
        parameter = _resolved(document, given)
        place, name = parameter.get("in"), parameter.get("name")
        if place in _PLACES and isinstance(name, str):
            name = name.lower() if place == "header" else name
            if place != "header" or name not in _RESERVED:
                pointer = show((*at, "parameters", str(index)))
                found.setdefault((place, name), Parameter(pointer=pointer, place=place, name=name))
    return found


def _operation(document: Document, method: str, path: str, operation: dict[str, Any], shared: _Parameters) -> Operation:
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
        parameters=tuple({**shared, **_parameters(document, operation, at)}.values()),
        replies=tuple(replies),
        content_types={kind: show((*at, "requestBody", "content", kind)) for kind in content},
    )


def _is_component(found: Found) -> bool:
    return found.component is not None and found.pointer == (*_SCHEMAS, found.component)


def _inline(document: Document, found: Found, sides: dict[str, set[str]]) -> Inline:
    around = {found.side or ""} if found.component is None else sides.get(found.component, set())
    marks = found.marks.union(marks_of(found.node))
    foreign = [FOREIGN[side] for side in sorted(around & FOREIGN.keys())]
    # What a reference beside the properties leads to is a schema of its own.
    properties = _properties(document, {key: value for key, value in found.node.items() if key != "$ref"})
    names = {
        frozenset(name for name, own in properties.items() if mark not in own) for mark in foreign if mark not in marks
    }
    return Inline(
        pointer=show((*found.pointer, "properties")),
        names=frozenset(names if foreign else {frozenset(properties)}) - {frozenset()},
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
        seen: set[Pointer] = set()
        while waiting:
            pointer = waiting.pop()
            if pointer in seen:
                continue
            seen.add(pointer)
            if len(pointer) == _COMPONENT:
                sides.setdefault(pointer[-1], set()).add(side)
                waiting += walk.uses.get(("component", pointer[-1]), ())
            else:
                inner = references(found_at(walk.document, pointer))
                waiting += [found for _, ref in inner if (found := parse_ref(ref) or ())[:2] == _SCHEMAS]
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
    return frozenset(mark for node in nodes for mark in marks_of(node))


def _resolved(document: Document, node: Any) -> dict[str, Any]:
    """What the node stands for; an empty object where it stands for none."""
    try:
        found = resolve(document, node)
    except KeyError:
        found = None
    return found if isinstance(found, dict) else {}
