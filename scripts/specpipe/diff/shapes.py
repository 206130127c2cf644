"""A schema as the wire sees it. Owns the one form in which two ways of writing the same thing are equal: nullable in
its three spellings, a constant and an enum of one, a wrapper of one member, a base and what is written out, bounds of
3.0 and of 3.1. Refuses nothing: what leads nowhere, or in a circle, allows anything.

Facts
- A flag of a place (`readOnly`, `default`, nullable) may stand beside a `$ref`, or around one in an `allOf` of one; it
  belongs to the place, not to the component.
- An `enum` of a nullable schema may leave the null out and mean it all the same.
"""

from dataclasses import dataclass, field
from typing import Any

from ..document import Document, Pointer, component_ref, lookup, parse_ref

WORDING = {
    *("$anchor", "$comment", "$id", "$schema", "$vocabulary", "description", "example", "examples"),
    *("externalDocs", "summary", "tags", "title"),
}
"""Keywords that change nothing on the wire."""

OF_A_PLACE = {"default", "deprecated", "nullable", "readOnly", "writeOnly"}
"""Keywords that may stand around a schema without making another of it."""

_OPAQUE = (
    *("contains", "dependentRequired", "dependentSchemas", "else", "if", "not", "patternProperties", "prefixItems"),
    *("propertyNames", "then", "unevaluatedItems", "unevaluatedProperties", "xml"),
)
_STRUCTURE = {
    *("$ref", "$defs", "additionalProperties", "allOf", "anyOf", "definitions", "discriminator", "items"),
    *("nullable", "oneOf", "properties", "readOnly", "required", "writeOnly", *_OPAQUE),
}
_BOUNDS = (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum"))


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A node of a document, and where it stands."""

    at: Pointer
    node: Any

    def child(self, *keys: str) -> "Spot":
        """What stands inside; nothing stands where there is nothing."""
        node = self.node
        for key in keys:
            node = node[int(key)] if isinstance(node, list) else node.get(key, {})
        return Spot(at=(*self.at, *keys), node=node)


NOTHING = Spot(at=(), node={})
"""What stands where a document says nothing."""


@dataclass(frozen=True, kw_only=True)
class Settled:
    """A schema without the references and wrappers around it; `place` holds what they said of the place."""

    spot: Spot
    place: dict[str, Any]

    def says(self, flag: str) -> bool:
        """Whether the place or the schema has the flag."""
        return bool(self.place.get(flag, self.spot.node.get(flag, False)))


@dataclass(kw_only=True)
class Shape:
    """What a schema allows, one level deep."""

    keywords: dict[str, Any] = field(default_factory=dict)
    null: bool = False
    required: set[str] = field(default_factory=set)
    properties: dict[str, Spot] = field(default_factory=dict)
    items: Spot | None = None
    values: Spot | bool = True
    """What stands under names that no property has: a schema, anything, or nothing."""
    alternatives: list[Spot] = field(default_factory=list)
    tags: dict[str, Any] = field(default_factory=dict)
    """The discriminator."""
    heirs: dict[str, Spot] = field(default_factory=dict)
    """What a base without alternatives may be instead, by the value that tells."""
    opaque: dict[str, list[Spot]] = field(default_factory=dict)
    """Rules that are compared as a whole."""

    @property
    def is_open(self) -> bool:
        """Whether nothing is said of what may stand here."""
        return not (self.keywords or self.properties or self.items or self.alternatives or self.opaque)


def settle(document: Document, spot: Spot) -> Settled:
    """What the place holds in the end. A circle of references allows anything."""
    place: dict[str, Any] = {}
    seen: set[Pointer] = set()
    while spot.at not in seen:
        seen.add(spot.at)
        node = spot.node
        if not isinstance(node, dict):
            return Settled(spot=Spot(at=spot.at, node={"not": {}} if node is False else {}), place=place)
        inner = _referred(document, node) if isinstance(node.get("$ref"), str) else _only_member(spot)
        if inner is None:
            return Settled(spot=spot, place=place)
        around = {key: value for key, value in node.items() if key in OF_A_PLACE}
        if "$ref" not in node and _is_nullable_choice(node):
            around["nullable"] = True
        place = {**around, **place}
        spot = inner
    return Settled(spot=Spot(at=spot.at, node={}), place=place)


def _referred(document: Document, node: dict[str, Any]) -> Spot | None:
    pointer = parse_ref(node["$ref"])
    try:
        found = lookup(document, pointer or ("",))
    except KeyError:
        found = {}
    # Siblings that make another schema of it keep the reference as the base that it is.
    rest = {key: value for key, value in node.items() if key != "$ref"}
    if any(key not in OF_A_PLACE and key not in WORDING and not key.startswith("x-") for key in rest):
        return None
    return Spot(at=pointer or (), node=found)


def _only_member(spot: Spot) -> Spot | None:
    node = spot.node
    for keyword in ("allOf", "anyOf", "oneOf"):
        members = node.get(keyword)
        if not isinstance(members, list):
            continue
        real = [index for index, member in enumerate(members) if not _is_null(member)]
        beside = {key for key in node if key not in OF_A_PLACE and key not in WORDING and not key.startswith("x-")}
        if len(real) == 1 and (keyword != "allOf" or len(members) == 1) and beside <= {keyword, "discriminator"}:
            return spot.child(keyword, str(real[0]))
    return None


def _is_nullable_choice(node: dict[str, Any]) -> bool:
    return any(_is_null(member) for keyword in ("anyOf", "oneOf") for member in node.get(keyword) or ())


def _is_null(member: Any) -> bool:
    return isinstance(member, dict) and (member.get("type") in ("null", ["null"]) or member.get("enum") == [None])


def shape(document: Document, settled: Settled) -> Shape:
    """The schema one level deep, with what its `allOf` and the reference beside its keywords say, nearest first."""
    result = _own(settled)
    seen = {settled.spot.at}
    waiting = _bases(settled)
    while waiting:
        base = settle(document, waiting.pop())
        if base.spot.at not in seen:
            seen.add(base.spot.at)
            _take_in(result, _own(base))
            waiting.extend(_bases(base))
    return result


def _bases(settled: Settled) -> list[Spot]:
    """What a schema builds on, the first one last."""
    spot = settled.spot
    found = [spot.child("allOf", str(index)) for index in range(len(spot.node.get("allOf") or ()))]
    if isinstance(spot.node.get("$ref"), str):
        found.append(Spot(at=(*spot.at, "$ref"), node={"$ref": spot.node["$ref"]}))
    return found[::-1]


def _own(settled: Settled) -> Shape:
    spot = settled.spot
    node = {**spot.node, **settled.place}
    result = Shape(
        keywords=_plain(node),
        null=_allows_null(node),
        required={name for name in node.get("required") or () if isinstance(name, str)},
        properties={name: spot.child("properties", name) for name in node.get("properties") or {}},
        items=spot.child("items") if "items" in node else None,
        opaque={key: [spot.child(key)] for key in _OPAQUE if key in node},
        tags=node.get("discriminator") or {},
    )
    values = node.get("additionalProperties", True)
    result.values = spot.child("additionalProperties") if isinstance(values, dict) and values else values is not False
    for keyword in ("oneOf", "anyOf"):
        for index, member in enumerate(node.get(keyword) or ()):
            if not _is_null(member):
                result.alternatives.append(spot.child(keyword, str(index)))
    if not result.alternatives:
        mapping = result.tags.get("mapping") or {}
        result.heirs = {tag: Spot(at=(*spot.at, tag), node={"$ref": target(ref)}) for tag, ref in mapping.items()}
    return result


def target(mapped: str) -> str:
    """The reference that a value of a discriminator's mapping is: it may be the bare name of a component."""
    return mapped if "/" in mapped else component_ref("schemas", mapped)


def _allows_null(node: dict[str, Any]) -> bool:
    kinds = node.get("type")
    if isinstance(kinds, list) and "null" in kinds:
        return True
    return bool(node.get("nullable")) or kinds == "null" or _is_nullable_choice(node)


def _plain(node: dict[str, Any]) -> dict[str, Any]:
    """The keywords that are a value, in the spelling of 3.1, and the type that they imply."""
    result = {key: value for key, value in node.items() if key not in _STRUCTURE and key not in WORDING}
    result = {key: value for key, value in result.items() if not key.startswith("x-")}
    kinds = result.pop("type", None)
    kinds = [kinds] if isinstance(kinds, str) else [kind for kind in kinds or () if isinstance(kind, str)]
    if kinds := sorted(set(kinds) - {"null"}) or _implied(node):
        result["type"] = kinds
    if "const" in result:
        result["enum"] = [result.pop("const")]
    if _allows_null(node) and isinstance(result.get("enum"), list):
        result["enum"] = [value for value in result["enum"] if value is not None]
    for exclusive, inclusive in _BOUNDS:
        if result.get(exclusive) is True and inclusive in result:
            result[exclusive] = result.pop(inclusive)
        elif isinstance(result.get(exclusive), bool):
            del result[exclusive]
    if result.get("uniqueItems") is False:
        del result["uniqueItems"]
    if result.get("deprecated") is False:
        del result["deprecated"]
    return result


def _implied(node: dict[str, Any]) -> list[str]:
    if node.get("properties") or isinstance(node.get("additionalProperties"), dict):
        return ["object"]
    if "items" in node:
        return ["array"]
    values = node.get("enum") or ([node["const"]] if "const" in node else [])
    return ["string"] if values and all(isinstance(value, str) for value in values) else []


def _take_in(result: Shape, base: Shape) -> None:
    for key, value in base.keywords.items():
        if key not in OF_A_PLACE:
            result.keywords.setdefault(key, value)
    for name, spot in base.properties.items():
        result.properties.setdefault(name, spot)
    result.required |= base.required
    result.items = result.items or base.items
    # What one member closes stays closed for its own properties only; a map is one wherever it is said.
    result.values = result.values if result.values is not True else base.values
    for key, spots in base.opaque.items():
        result.opaque.setdefault(key, []).extend(spots)
    if result.alternatives and base.alternatives:
        result.opaque.setdefault("allOf", []).extend(base.alternatives)
    else:
        result.alternatives = result.alternatives or base.alternatives
