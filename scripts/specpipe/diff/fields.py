"""What differs between two schemas that stand in the same place, one level deep, and which schemas inside them stand
in the same place again. Owns the pairing of fields and values; says nothing of whom it breaks (`judging`).

Facts
- A field that only answers have is none of a request, and the other way round.
- A field of a base is one field, however many schemas build on it.
- A flag of a place that differs is told of the place; the component behind it is compared on its own.
- Schemas that lead back to themselves in an `allOf` of each other may make as many different places as they have
  subsets. No real document has a thousand; after that many the schemas of a place are compared one by one.
- A field may be required and described nowhere; then it holds anything.
"""

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest

from ..document import Document, Pointer
from .alternatives import Alternatives
from .judging import Bare, Direction
from .keywords import Found, Role, flags, found, keywords, tags
from .likeness import Likeness
from .shapes import NOTHING, Reader, Shape, Spot
from .spelling import WORDING

_HIDING = {"request": "readOnly", "response": "writeOnly"}
_HIDDEN = {"request": "read-only", "response": "write-only"}
_COMMON = {"type", *WORDING}
_MOST = 1000
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+")


@dataclass(frozen=True, kw_only=True)
class _Pair:
    """Two schemas that stand in the same place inside two others."""

    field: str
    old: Spot
    new: Spot
    role: Role


@dataclass(kw_only=True)
class Compared:
    """What one pair of schemas comes to."""

    number: int
    """No other pair has it."""
    direction: Direction
    found: list[Found] = field(default_factory=list)
    pairs: list[_Pair] = field(default_factory=list)
    inside: list[tuple[str, "Compared"]] | None = None
    """What the pairs inside come to, once somebody asked."""


class Schemas:
    """The schemas of two documents, compared pair by pair; each pair once."""

    def __init__(self, old: Document, new: Document) -> None:
        self._old, self._new = Reader(old), Reader(new)
        self._likeness = Likeness(old, new)
        self._alternatives = Alternatives(self._old, self._new, self._likeness)
        self._known: dict[tuple[Direction, Role, tuple[Pointer, ...], tuple[Pointer, ...]], Compared] = {}
        self._joined = 0

    def are_alike(self, old: Spot, new: Spot) -> bool:
        """Whether what stands in the old document says what stands in the new one."""
        return self._likeness.are_alike(old, new)

    def types(self, old: Spot, new: Spot) -> set[str]:
        """Every type that the two schemas may be of; none where one of them does not say."""
        kinds = [side.shape(spot).keywords.get("type") for side, spot in ((self._old, old), (self._new, new))]
        return {kind for one in kinds for kind in one or ()} if all(kinds) else set()

    def compare(self, direction: Direction, old: Spot, new: Spot, role: Role) -> Compared:
        """What differs at a place, and what to look at inside."""
        before, after = self._old.settle(old), self._new.settle(new)
        key = (direction, role, before.ats, after.ats)
        if key not in self._known:
            result = self._known[key] = Compared(number=len(self._known), direction=direction)
            self._compare(before.shape, after.shape, (before.home, after.home), role, result)
        return self._known[key]

    def inside(self, compared: Compared) -> list[tuple[str, Compared]]:
        """What stands inside a pair and differs, by its field."""
        if compared.inside is None:
            compared.inside = [
                (one.field, self.compare(compared.direction, one.old, one.new, one.role)) for one in compared.pairs
            ]
        return compared.inside

    def _compare(self, old: Shape, new: Shape, homes: tuple[Spot, Spot], role: Role, result: Compared) -> None:
        direction = result.direction
        choices = self._alternatives.compare(direction, old, new, *homes)
        result.found.extend([*flags(direction, old, new, role), *choices.found])
        for one, other in choices.pairs:
            result.pairs.append(_Pair(field="", old=one, new=other, role="alternative"))
        if not choices.are_all:
            result.found.extend(keywords(direction, old, new))
            self._fields(old, new, result)
            self._enter("[]", old.items or NOTHING, new.items or NOTHING, "needed", result)
            self._values(old, new, result)
            for tag in old.heirs:
                if tag in new.heirs:
                    self._enter("", old.heirs[tag], new.heirs[tag], "alternative", result)
        result.found.extend(self._rules(direction, old, new))
        result.found.extend(tags(direction, old, new))

    def _enter(self, name: str, old: Spot, new: Spot, role: Role, result: Compared) -> None:
        if self.are_alike(old, new):
            return
        self._joined += bool(old.more or new.more)
        sides = [(old, new)] if self._joined <= _MOST else zip_longest(old.each, new.each, fillvalue=NOTHING)
        for one, other in sides:
            result.pairs.append(_Pair(field=name, old=one, new=other, role=role))

    def _fields(self, old: Shape, new: Shape, result: Compared) -> None:
        direction = result.direction
        before, after = self._visible(direction, old, self._old), self._visible(direction, new, self._new)
        other_names = self._renamed(old, new, before, after)
        came = set(other_names.values())
        for name in {**before, **after}:
            was, has = before.get(name), after.get(name)
            if was is not None and has is not None:
                self._field(name, old, new, was, has, result)
            elif was is not None and name in other_names:
                other = other_names[name]
                result.found.append(found("field renamed", direction, was.at, after[other].at, name, new=Bare(other)))
                self._enter(other, was, after[other], "needed" if name in old.required else "field", result)
            elif was is not None and name in new.properties:
                at = (was.at, new.properties[name].at)
                result.found.append(found("hidden", direction, *at, name, keyword=_HIDDEN[direction]))
            elif was is not None:
                result.found.append(found("field removed", direction, was.at, (), name))
            elif has is not None and name in old.required and name not in old.properties:
                result.found.append(found("described", direction, old.required[name], has.at, name))
                if name not in new.required:
                    result.found.append(found("optional", direction, old.required[name], has.at, name))
            elif has is not None and name not in came:
                event = "required field added" if name in new.required else "field added"
                result.found.append(found(event, direction, (), has.at, name))
        result.found.extend(self._undescribed(direction, old, new))

    def _field(self, name: str, old: Shape, new: Shape, was: Spot, has: Spot, result: Compared) -> None:
        if (name in old.required) != (name in new.required):
            event = "required" if name in new.required else "optional"
            result.found.append(found(event, result.direction, was.at, has.at, name))
        is_needed = name in old.required or name in new.required
        self._enter(name, was, has, "needed" if is_needed else "field", result)

    def _undescribed(self, direction: Direction, old: Shape, new: Shape) -> Iterator[Found]:
        """Fields that nothing describes, required on one side."""
        for name in {**old.required, **new.required}:
            is_described = name in old.properties or name in new.properties
            if (name in old.required) != (name in new.required) and not is_described:
                event = "required" if name in new.required else "optional"
                at = (old.required.get(name, ()), new.required.get(name, ()))
                yield found(event, direction, *at, name, apart=(name,))

    def _values(self, old: Shape, new: Shape, result: Compared) -> None:
        was, has = old.values, new.values
        if was is not False and has is not False:
            one, other = (side if isinstance(side, Spot) else NOTHING for side in (was, has))
            self._enter("{}", one, other, "needed", result)
        elif was != has:
            holds_nothing_else = isinstance(was, Spot) or not old.properties
            event = "opened" if was is False else "map closed" if holds_nothing_else else "closed"
            result.found.append(found(event, result.direction, old.at, new.at))

    def _rules(self, direction: Direction, old: Shape, new: Shape) -> Iterator[Found]:
        for keyword in {**old.opaque, **new.opaque}:
            was = sorted(self._likeness.mark(0, spot) for spot in old.opaque.get(keyword, ()))
            has = sorted(self._likeness.mark(1, spot) for spot in new.opaque.get(keyword, ()))
            if was != has:
                event = "rule changed" if was and has else "rule set" if has else "rule dropped"
                yield found(event, direction, old.at, new.at, keyword=keyword)

    def _visible(self, direction: Direction, side: Shape, reader: Reader) -> dict[str, Spot]:
        """The fields that go in this direction."""
        hiding = _HIDING[direction]
        return {name: spot for name, spot in side.properties.items() if not reader.settle(spot).says(hiding)}

    def _renamed(self, old: Shape, new: Shape, before: dict[str, Spot], after: dict[str, Spot]) -> dict[str, str]:
        """Fields that are gone, and the one that came in their stead; none where there are two to choose from."""
        gone = {name: spot for name, spot in before.items() if name not in new.properties}
        come = {name: spot for name, spot in after.items() if name not in old.properties and name not in old.required}
        result: dict[str, str] = {}
        # Another spelling of the same words is told first; then there are fewer to choose from.
        for words in (_spelt, _words):
            left = [self._traits(0, name, gone[name], old, words) for name in gone if name not in result]
            taken = set(result.values())
            right = [self._traits(1, name, come[name], new, words) for name in come if name not in taken]
            result |= _matched(left, right)
        return result

    def _traits(
        self, side: int, name: str, spot: Spot, shape: Shape, words: Callable[[str], set[str]]
    ) -> tuple[str, set[Hashable]]:
        """The name, and of what a field must have one in common with another to be the same under another name.

        Two plain texts are alike by chance; then the names must have a word in common.
        """
        is_needed = name in shape.required
        says = [self._likeness.mark(side, spot), self._likeness.text(spot)]
        is_plain = not isinstance(spot.node, dict) or set(spot.node) <= _COMMON
        if not is_plain and words is _words:
            return name, {(is_needed, one) for one in says}
        return name, {(is_needed, one, word) for one in says for word in words(name)}


def _matched(left: list[tuple[str, set[Hashable]]], right: list[tuple[str, set[Hashable]]]) -> dict[str, str]:
    """The names that have a trait in common with one of the other side, which has none in common with another."""
    holders: dict[Hashable, set[str]] = {}
    for name, traits in right:
        for trait in traits:
            holders.setdefault(trait, set()).add(name)
    matches = {name: set().union(*(holders.get(trait, set()) for trait in traits)) for name, traits in left}
    chosen = Counter(other for others in matches.values() for other in others)
    return {
        name: other for name, others in matches.items() if len(others) == 1 for other in others if chosen[other] == 1
    }


def _spelt(name: str) -> set[str]:
    """All words as one."""
    return {" ".join(word.lower() for word in _WORD.findall(name))}


def _words(name: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(name)}
