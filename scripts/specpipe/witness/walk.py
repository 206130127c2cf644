"""Every schema of a document, wherever one may stand, with its place. Owns a table of what each object of OpenAPI is
made of, and a walk without recursion; refuses nothing, and passes by what is not of the kind that its place asks for.

Facts
- A `$ref` to a place that no table leads to, such as `#/definitions/Pet`, makes a schema of what stands there.
- In OpenAPI 3.0 nothing beside a `$ref` counts; in 3.1 the words beside it hold as well.
- Examples, defaults and extensions are data, and so is what looks like a schema in them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from ..document import METHODS, Document, Pointer, lookup, parse_ref

_ONE = (
    "additionalItems",
    "additionalProperties",
    "contains",
    "contentSchema",
    "else",
    "if",
    "items",
    "not",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
)
_SEVERAL = ("allOf", "anyOf", "oneOf", "prefixItems")
_NAMED = ("$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties", "properties")
_PARTS: dict[str, dict[str, str]] = {
    "document": {"paths": "{path}", "webhooks": "{path}", "components": "components"},
    "components": {
        "schemas": "{schema}",
        "parameters": "{parameter}",
        "headers": "{parameter}",
        "requestBodies": "{body}",
        "responses": "{response}",
        "callbacks": "{callback}",
        "pathItems": "{path}",
    },
    "path": {"parameters": "[parameter]", **dict.fromkeys(METHODS, "operation")},
    "operation": {
        "parameters": "[parameter]",
        "requestBody": "body",
        "responses": "{response}",
        "callbacks": "{callback}",
    },
    "parameter": {"schema": "schema", "content": "{media}"},
    "body": {"content": "{media}"},
    "response": {"content": "{media}", "headers": "{parameter}"},
    "media": {"schema": "schema", "encoding": "{encoding}"},
    "encoding": {"headers": "{parameter}"},
    "schema": {
        **dict.fromkeys(_ONE, "schema"),
        **dict.fromkeys(_SEVERAL, "[schema]"),
        **dict.fromkeys(_NAMED, "{schema}"),
    },
}
"""What each object of OpenAPI is made of: one object, a list of them in brackets, a map of names to them in braces."""

_SIDES = {
    "parameters": "request",
    "requestBody": "request",
    "requestBodies": "request",
    "responses": "response",
    "headers": "response",
    "callbacks": "elsewhere",
    "webhooks": "elsewhere",
}
COMPOSED = frozenset(("allOf", "anyOf", "oneOf", "$ref"))
"""What says that a schema is to be taken together with others."""

_CONDITIONS = frozenset(("contains", "contentSchema", "dependencies", "if", "not", "propertyNames", "unevaluatedItems"))
_OWNERS = {
    **dict.fromkeys(("additionalItems", "items", "prefixItems"), "array"),
    **dict.fromkeys(("additionalProperties", "patternProperties", "properties"), "object"),
}
"""The type whose parts a keyword describes."""
_MARKS = ("readOnly", "writeOnly")

# A place is its parent and a key, so that a deep document costs no more than a flat one.
_Place = tuple[Any, str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A schema, or another object on the way to one."""

    kind: str
    node: dict[str, Any]
    at: _Place
    side: str | None = None
    """`request`, `response`, or `elsewhere` below callbacks and webhooks, of which no client is made."""
    component: str | None = None
    """The component schema that it belongs to."""
    is_composed: bool = False
    """Whether it, or one around it in the same component, is taken together with others."""
    is_condition: bool = False
    """Whether it, or one around it, only says what else a value has to be like, or speaks of a type that is not had."""
    marks: frozenset[str] = frozenset()
    """`readOnly` and `writeOnly` where it or a schema around it in the same component is so."""

    @property
    def pointer(self) -> Pointer:
        """The place in the document."""
        parts: list[str] = []
        at = self.at
        while at is not None:
            at, part = at
            parts.append(part)
        return tuple(reversed(parts))


@dataclass(kw_only=True)
class Walk:
    """One walk over one document. `uses` is complete once `schemas` is through."""

    document: Document
    uses: dict[tuple[str, str], set[Pointer]] = field(default_factory=dict)
    """The component schemas, and the schemas in them, that a `side` or a `component` of a name refers to."""
    _seen: set[int] = field(default_factory=set)
    _asked: dict[str, str] = field(default_factory=dict)

    def schemas(self) -> Iterator[Found]:
        """Every schema that is an object, once for each place that it stands at, in document order."""
        yield from self._below(Found(kind="document", node=self.document, at=None))
        while self._asked:
            ref, kind = self._asked.popitem()
            pointer = parse_ref(ref) or ()
            node = found_at(self.document, pointer)
            if isinstance(node, dict) and id(node) not in self._seen:
                at: _Place = None
                for part in pointer:
                    at = (at, part)
                yield from self._below(Found(kind=kind, node=node, at=at))

    def _below(self, first: Found) -> Iterator[Found]:
        waiting = [first]
        while waiting:
            found = waiting.pop()
            self._seen.add(id(found.node))
            ref = found.node.get("$ref")
            if isinstance(ref, str):
                self._note(found, ref)
                if found.kind not in ("schema", "path") or (found.kind == "schema" and self._is_old):
                    continue
            if found.kind == "schema":
                yield found
            waiting += reversed(list(_parts(found)))

    @property
    def _is_old(self) -> bool:
        return str(self.document.get("openapi", "")).startswith("3.0")

    def _note(self, found: Found, ref: str) -> None:
        self._asked.setdefault(ref, found.kind)
        pointer = parse_ref(ref) or ()
        if found.kind == "schema" and len(pointer) > 2 and pointer[:2] == ("components", "schemas"):
            user = ("side", found.side or "") if found.component is None else ("component", found.component)
            self.uses.setdefault(user, set()).add(pointer)


def _says_nothing_of_parts(schema: dict[str, Any], key: str) -> bool:
    """Whether what stands under the keyword describes no part that a value of the schema has."""
    owner = _OWNERS.get(key)
    return key in _CONDITIONS or (owner is not None and bool(schema.get("type")) and owner not in schema["type"])


def marks_of(schema: dict[str, Any]) -> Iterator[str]:
    """Whether the schema is `readOnly`, and whether it is `writeOnly`."""
    return (mark for mark in _MARKS if schema.get(mark) is True)


def _parts(found: Found) -> Iterator[Found]:
    composed = found.kind == "schema" and (found.is_composed or not COMPOSED.isdisjoint(found.node))
    marks = found.marks.union(marks_of(found.node)) if found.kind == "schema" else found.marks
    if found.kind == "callback":
        shapes = [(found.at, "{path}", found.node)]
    else:
        shapes = [
            ((found.at, key), shape, found.node[key]) for key, shape in _PARTS[found.kind].items() if key in found.node
        ]
    for at, shape, value in shapes:
        key = at[1] if at is not None else ""
        kind = shape.strip("{}[]")
        inner = Found(
            kind=kind, node={}, at=at, side=found.side, component=found.component, is_composed=composed, marks=marks
        )
        if found.is_condition or (found.kind == "schema" and _says_nothing_of_parts(found.node, key)):
            inner = replace(inner, is_condition=True)
        if found.side is None and found.kind != "schema" and key in _SIDES:
            inner = replace(inner, side=_SIDES[key])
        if key == "callbacks":
            inner = replace(inner, side="elsewhere")
        for name, item in _items(shape, value):
            if isinstance(item, dict):
                place = at if name is None else (at, name)
                owner = name if found.kind == "components" and kind == "schema" else found.component
                yield replace(inner, node=item, at=place, component=owner)


def _items(shape: str, value: Any) -> Iterator[tuple[str | None, Any]]:
    if shape.startswith("{"):
        if isinstance(value, dict):
            # Names of schemas may be anything; paths, statuses and expressions never begin like an extension.
            extensible = shape in ("{path}", "{response}")
            yield from ((key, item) for key, item in value.items() if not (extensible and key.startswith("x-")))
    elif shape.startswith("[") or isinstance(value, list):
        yield from ((str(index), item) for index, item in enumerate(value if isinstance(value, list) else ()))
    else:
        yield None, value


def found_at(document: Document, pointer: Pointer) -> Any:
    """What stands at the pointer; None where nothing does."""
    try:
        return lookup(document, pointer)
    except KeyError:
        return None
