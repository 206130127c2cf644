"""A schema as the wire sees it: all that holds at a place, taken together. Owns the one form in which two ways of
writing the same thing are equal: a wrapper of one member, a base and what is written out, a reference with keywords
beside it. Refuses nothing: what leads nowhere, or in a circle, allows anything.

A place holds parts: what stands there, what it refers to, the members of `allOf`, and so on inwards. All of them hold
together: of keywords the narrower one, of a property all that the parts say of it.

Facts
- A flag of a place (`readOnly`, `default`, nullable) may stand beside a `$ref`, or around one in an `allOf`; the
  nearest part that says something decides.
- An `enum` of a nullable schema may leave the null out and mean it all the same.
- What one member of an `allOf` closes stays closed for its own properties only; a map is one wherever it is said.
- Who builds on a base is none of its other heirs.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from ..document import Document, Pointer, component_ref, lookup, parse_ref
from .bounds import together
from .spelling import CHOICES, OF_A_PLACE, OPAQUE, allows_null, is_null, own_keywords, plain, says_only_of_its_place


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A node of a document, and where it stands."""

    at: Pointer
    node: Any
    more: tuple["Spot", ...] = ()
    """Other schemas that hold at the same place."""

    def child(self, *keys: str) -> "Spot":
        """What stands inside; nothing stands where there is nothing."""
        node = self.node
        for key in keys:
            node = node[int(key)] if isinstance(node, list) else node.get(key, {})
        return Spot(at=(*self.at, *keys), node=node)

    @property
    def each(self) -> tuple["Spot", ...]:
        """All schemas that hold here, one by one."""
        return (replace(self, more=()), *self.more) if self.more else (self,)

    @property
    def ats(self) -> tuple[Pointer, ...]:
        """Where all of it stands."""
        return (self.at, *(one.at for one in self.more))


NOTHING = Spot(at=(), node={})
"""What stands where a document says nothing."""


@dataclass(kw_only=True)
class Shape:
    """What a schema allows, one level deep."""

    at: Pointer
    keywords: dict[str, Any] = field(default_factory=dict)
    said: dict[str, Pointer] = field(default_factory=dict)
    """Where the keywords and flags stand that count; an implied type stands nowhere."""
    null: bool = False
    required: dict[str, Pointer] = field(default_factory=dict)
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
    def implied(self) -> list[str]:
        """The type that goes without saying."""
        if self.properties or isinstance(self.values, Spot):
            return ["object"]
        if self.items is not None:
            return ["array"]
        values = self.keywords.get("enum") or []
        return ["string"] if values and all(isinstance(value, str) for value in values) else []

    @property
    def is_open(self) -> bool:
        """Whether nothing is said of what may stand here."""
        told = set(self.keywords) - OF_A_PLACE
        return not (told or self.properties or self.required or self.items or self.alternatives or self.opaque)


@dataclass(frozen=True, kw_only=True)
class _Part:
    """What one object says itself; `outer` is the number of the part that it is taken into, -1 for none."""

    spot: Spot
    outer: int


@dataclass(frozen=True)
class Settled:
    """A place without the references and wrappers around its schema, which may say something of the place."""

    document: Document
    home: Spot
    around: tuple[Spot, ...]

    @property
    def ats(self) -> tuple[Pointer, ...]:
        """What makes it the same schema at a place of the same kind."""
        return (*self.home.ats, *(spot.at for spot in self.around))

    @cached_property
    def parts(self) -> list[_Part]:
        """All that holds here, the nearest first."""
        result = [_Part(spot=spot, outer=index - 1) for index, spot in enumerate(self.around)]
        seen: set[tuple[Pointer, ...]] = set()
        waiting = [(self.home, len(result) - 1)]
        while waiting:
            spot, outer = waiting.pop()
            if spot.ats in seen:
                continue
            seen.add(spot.ats)
            own, members = _split(self.document, spot)
            if own:
                result.append(_Part(spot=Spot(at=spot.at, node=own), outer=outer))
                outer = len(result) - 1
            waiting.extend((member, outer) for member in reversed(members))
        return result

    def says(self, flag: str) -> bool:
        """Whether the place has the flag."""
        return bool(next((part.spot.node[flag] for part in self.parts if flag in part.spot.node), False))

    @cached_property
    def shape(self) -> Shape:
        """All parts together."""
        result = Shape(at=self.home.at)
        collected: dict[str, list[Spot]] = {}
        for part in self.parts:
            _take_in(result, part.spot, collected, is_own=part.spot.at == self.home.at)
        for name in result.properties:
            result.properties[name] = _all_of(collected[f"/{name}"])
        result.items = _all_of(collected["items"]) if "items" in collected else None
        result.values = _all_of(collected["values"]) if "values" in collected else result.values
        self._decide_null(result)
        if kinds := result.implied:
            result.keywords.setdefault("type", kinds)
        return result

    def _decide_null(self, result: Shape) -> None:
        """What a part says itself counts; where it says nothing, all that it takes in must allow null."""
        taken: dict[int, list[bool]] = {}
        for index in reversed(range(len(self.parts))):
            part = self.parts[index]
            own, inner = allows_null(part.spot.node), taken.get(index)
            if own:
                result.said["nullable"] = part.spot.at
            said = own if own is not None else all(inner) if inner else None
            if said is not None:
                taken.setdefault(part.outer, []).append(said)
        result.null = all(taken.get(-1, [False]))
        if not result.null:
            result.said.pop("nullable", None)
        elif isinstance(result.keywords.get("enum"), list):
            result.keywords["enum"] = [value for value in result.keywords["enum"] if value is not None]


class Reader:
    """The places of one document; each is read once."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._settled: dict[tuple[Pointer, ...], Settled] = {}

    def settle(self, spot: Spot) -> Settled:
        """What the place holds in the end. A circle of references allows anything."""
        if spot.ats not in self._settled:
            self._settled[spot.ats] = _settle(self._document, spot)
        return self._settled[spot.ats]

    def shape(self, spot: Spot) -> Shape:
        """The schema one level deep."""
        return self.settle(spot).shape


def _settle(document: Document, spot: Spot) -> Settled:
    around: list[Spot] = []
    seen: set[tuple[Pointer, ...]] = set()
    while spot.ats not in seen:
        seen.add(spot.ats)
        own, members = _split(document, spot)
        light = [member for member in members if says_only_of_its_place(member.node)]
        solid = [member for member in members if member not in light] or [light.pop(0) for _ in light[:1]]
        if not set(own) <= OF_A_PLACE or len(solid) != 1:
            return Settled(document, spot, tuple(around))
        flags = [Spot(at=spot.at, node=own), *(Spot(at=one.at, node=own_keywords(one.node)) for one in light)]
        around.extend(flag for flag in flags if flag.node)
        spot = solid[0]
    return Settled(document, Spot(at=spot.at, node={}), tuple(around))


def _split(document: Document, spot: Spot) -> tuple[dict[str, Any], list[Spot]]:
    """What stands at a place itself, without words, and what it takes in."""
    if spot.more:
        return {}, list(spot.each)
    node = spot.node
    if not isinstance(node, dict):
        return ({"type": "nothing"} if node is False else {}), []
    own = own_keywords(node)
    members = [_referred(document, node["$ref"])] if isinstance(node.get("$ref"), str) else []
    members += [spot.child("allOf", str(index)) for index in range(len(node.get("allOf") or ()))]
    choices = [keyword for keyword in CHOICES if keyword in own]
    if not members and len(choices) == 1 and set(own) <= {*choices, *OF_A_PLACE, "discriminator"}:
        options = own[choices[0]] or ()
        real = [str(index) for index, member in enumerate(options) if not is_null(member)]
        if len(real) == 1:
            may_be_null = {"nullable": True} if len(options) > 1 else {}
            own = {key: value for key, value in own.items() if key in OF_A_PLACE} | may_be_null
            members = [spot.child(choices[0], real[0])]
    return own, members


def _referred(document: Document, ref: str) -> Spot:
    pointer = parse_ref(ref)
    try:
        found = lookup(document, pointer or ("",))
    except KeyError:
        found = {}
    return Spot(at=pointer or (), node=found)


def _all_of(spots: Iterable[Spot]) -> Spot:
    """The place that holds all of these."""
    first, *rest = {spot.at: spot for spot in spots}.values()
    return replace(first, more=tuple(rest))


def _take_in(result: Shape, spot: Spot, collected: dict[str, list[Spot]], *, is_own: bool) -> None:
    node = spot.node
    for key, value in plain(node).items():
        held = result.keywords.get(key, value)
        kept = held if key in OF_A_PLACE else together(key, held, value)
        if key not in result.keywords or kept is not held:
            result.keywords[key], result.said[key] = kept, spot.at
    for name in node.get("required") or ():
        if isinstance(name, str):
            result.required.setdefault(name, spot.at)
    for name in node.get("properties") or {}:
        result.properties.setdefault(name, NOTHING)
        collected.setdefault(f"/{name}", []).append(spot.child("properties", name))
    if "items" in node:
        collected.setdefault("items", []).append(spot.child("items"))
    values = node.get("additionalProperties", True)
    if isinstance(values, dict) and values:
        collected.setdefault("values", []).append(spot.child("additionalProperties"))
    elif values is False:
        result.values = False
    for key in OPAQUE:
        if key in node:
            result.opaque.setdefault(key, []).append(spot.child(key))
    own = [option for keyword in CHOICES for option in _options(spot, keyword)]
    if own and result.alternatives:
        result.opaque.setdefault("allOf", []).extend(own)
    result.alternatives = result.alternatives or own
    _take_in_tags(result, spot, is_own=is_own, is_choice=bool(own))


def _take_in_tags(result: Shape, spot: Spot, *, is_own: bool, is_choice: bool) -> None:
    tags = spot.node.get("discriminator") or {}
    if not tags or result.tags:
        return
    result.said["discriminator"] = spot.at
    result.tags = tags if is_own or is_choice else {"propertyName": tags.get("propertyName")}
    if not result.alternatives:
        mapping = result.tags.get("mapping") or {}
        inside = (*spot.at, "discriminator", "mapping")
        result.heirs = {tag: Spot(at=(*inside, tag), node={"$ref": target(ref)}) for tag, ref in mapping.items()}


def _options(spot: Spot, keyword: str) -> Iterator[Spot]:
    """The alternatives but null; one that is written in its place and only holds others stands for them."""
    for index, member in enumerate(spot.node.get(keyword) or ()):
        one = spot.child(keyword, str(index))
        inner = [key for key in CHOICES if isinstance(member, dict) and set(own_keywords(member)) == {key}]
        if inner and not {"$ref", "allOf"} & set(member) and not any(map(is_null, member[inner[0]])):
            yield from _options(one, inner[0])
        elif not is_null(member):
            yield one


def target(mapped: str) -> str:
    """The reference that a value of a discriminator's mapping is: it may be the bare name of a component."""
    return mapped if "/" in mapped else component_ref("schemas", mapped)
