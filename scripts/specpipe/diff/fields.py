"""What differs between two schemas that stand in the same place, one level deep, and which schemas inside them stand
in the same place again. Owns the pairing of fields and values; says nothing of whom it breaks (`judging`).

Facts
- A field that only answers have is none of a request, and the other way round.
- A field of a base is one field, however many schemas build on it.
- A flag of a place that differs is told of the place; the component behind it is compared on its own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ..document import Document, Pointer
from .alternatives import Alternatives
from .judging import Bare, Direction
from .keywords import Found, flags, found, keywords, tags
from .likeness import Likeness
from .shapes import NOTHING, OF_A_PLACE, WORDING, Settled, Shape, Spot, settle, shape

_HIDING = {"request": "readOnly", "response": "writeOnly"}
_COMMON = {"type", *WORDING}
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_HIDDEN = {"request": "read-only", "response": "write-only"}


@dataclass(frozen=True, kw_only=True)
class Inside:
    """Two schemas that stand in the same place inside two others."""

    field: str
    old: Spot
    new: Spot


@dataclass(kw_only=True)
class Compared:
    """What one pair of schemas comes to."""

    found: list[Found] = field(default_factory=list)
    inside: list[Inside] = field(default_factory=list)


class Schemas:
    """The schemas of two documents, compared pair by pair; each pair once."""

    def __init__(self, old: Document, new: Document) -> None:
        self._old, self._new = old, new
        self._likeness = Likeness(old, new)
        self._alternatives = Alternatives(old, new, self._likeness)
        self._known: dict[tuple[Direction, Pointer, Pointer], Compared] = {}

    def are_alike(self, old: Any, new: Any) -> bool:
        """Whether the node of the old document says what the node of the new one says."""
        return self._likeness.mark(0, old) == self._likeness.mark(1, new)

    def where(self, old: Spot, new: Spot) -> tuple[Pointer, Pointer]:
        """Where the two schemas stand in the end."""
        return settle(self._old, old).spot.at, settle(self._new, new).spot.at

    def compare(self, direction: Direction, old: Spot, new: Spot) -> Compared:
        """What differs at a place, and what to look at inside."""
        before, after = settle(self._old, old), settle(self._new, new)
        key = (direction, before.spot.at, after.spot.at)
        if key not in self._known:
            self._known[key] = self._compare(direction, before.spot, after.spot)
        known = self._known[key]
        if before.place == after.place:
            return known
        own = [item for item in known.found if item.finding.keyword not in OF_A_PLACE]
        shapes = shape(self._old, before), shape(self._new, after)
        return Compared(found=[*flags(direction, *shapes, old.at, new.at), *own], inside=known.inside)

    def _compare(self, direction: Direction, old: Spot, new: Spot) -> Compared:
        was = shape(self._old, Settled(spot=old, place={}))
        now = shape(self._new, Settled(spot=new, place={}))
        at = (direction, was, now, old.at, new.at)
        choices = self._alternatives.compare(direction, was, now, old, new)
        result = Compared(found=[*flags(*at), *choices.found])
        result.inside.extend(Inside(field="", old=one, new=other) for one, other in choices.pairs)
        if not choices.are_all:
            result.found.extend(keywords(*at))
            self._fields(direction, was, now, result)
            self._items(was, now, result)
            self._values(*at, result)
            inherited = [tag for tag in was.heirs if tag in now.heirs]
            result.inside.extend(Inside(field="", old=was.heirs[tag], new=now.heirs[tag]) for tag in inherited)
        result.found.extend(self._rules(*at))
        result.found.extend(tags(*at))
        return result

    def _fields(self, direction: Direction, old: Shape, new: Shape, result: Compared) -> None:
        before, after = self._visible(direction, old, self._old), self._visible(direction, new, self._new)
        renamed = dict(self._renamed(old, new, before, after))
        for name in {**before, **after}:
            was, has = before.get(name), after.get(name)
            if was is not None and has is not None:
                if (name in old.required) != (name in new.required):
                    event = "required" if name in new.required else "optional"
                    result.found.append(found(event, direction, was.at, has.at, name))
                if not self.are_alike(was.node, has.node):
                    result.inside.append(Inside(field=name, old=was, new=has))
            elif was is not None and name in renamed:
                there = new.properties[renamed[name]].at
                result.found.append(found("field renamed", direction, was.at, there, name, new=Bare(renamed[name])))
                result.inside.append(Inside(field=renamed[name], old=was, new=new.properties[renamed[name]]))
            elif was is not None and name in new.properties:
                word = _HIDDEN[direction]
                result.found.append(found("hidden", direction, was.at, new.properties[name].at, name, keyword=word))
            elif was is not None:
                result.found.append(found("field removed", direction, was.at, (), name))
            elif has is not None and name not in renamed.values():
                event = "required field added" if name in new.required else "field added"
                result.found.append(found(event, direction, (), has.at, name))

    def _visible(self, direction: Direction, side: Shape, document: Document) -> dict[str, Spot]:
        """The fields that go in this direction."""
        hiding = _HIDING[direction]
        return {name: spot for name, spot in side.properties.items() if not settle(document, spot).says(hiding)}

    def _renamed(
        self, old: Shape, new: Shape, before: dict[str, Spot], after: dict[str, Spot]
    ) -> Iterator[tuple[str, str]]:
        """Fields that are gone, and the one that came in their stead; none where there are two to choose from."""
        gone = [name for name in before if name not in new.properties]
        come = [name for name in after if name not in old.properties]
        alike = {
            (name, other)
            for name in gone
            for other in come
            if (name in old.required) == (other in new.required)
            and self._may_be_renamed(name, other, old.properties[name].node, new.properties[other].node)
        }
        for name, other in sorted(alike):
            if sum(name == one or other == two for one, two in alike) == 1:
                yield name, other

    def _may_be_renamed(self, name: str, other: str, was: Any, has: Any) -> bool:
        """Two plain texts are alike by chance; then the names must have a word in common."""
        is_one = was == has or self.are_alike(was, has)
        return is_one and (bool(_words(name) & _words(other)) or any(key not in _COMMON for key in was))

    def _items(self, old: Shape, new: Shape, result: Compared) -> None:
        was, has = old.items or NOTHING, new.items or NOTHING
        if not self.are_alike(was.node, has.node):
            result.inside.append(Inside(field="[]", old=was, new=has))

    def _values(
        self, direction: Direction, old: Shape, new: Shape, at: Pointer, now: Pointer, result: Compared
    ) -> None:
        was, has = old.values, new.values
        if was is not False and has is not False:
            one, other = (NOTHING if side is True else side for side in (was, has))
            if not self.are_alike(one.node, other.node):
                result.inside.append(Inside(field="{}", old=one, new=other))
        elif was != has:
            event = "opened" if was is False else "closed" if was is True else "map closed"
            result.found.append(found(event, direction, at, now))

    def _rules(self, direction: Direction, old: Shape, new: Shape, at: Pointer, now: Pointer) -> Iterator[Found]:
        for keyword in {**old.opaque, **new.opaque}:
            was = sorted(self._likeness.mark(0, spot.node) for spot in old.opaque.get(keyword, ()))
            has = sorted(self._likeness.mark(1, spot.node) for spot in new.opaque.get(keyword, ()))
            if was != has:
                event = "rule changed" if was and has else "rule set" if has else "rule dropped"
                yield found(event, direction, at, now, keyword=keyword)


def _words(name: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(name)}
