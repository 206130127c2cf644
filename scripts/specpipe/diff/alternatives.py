"""Which alternatives of two schemas are the same, and which came or went. Owns their pairing: they have no names.

Facts
- Alternatives are paired by component, then by what they say, then, where they are written in place, by type.
- A schema that becomes one of several alternatives stays what it is; the others are new. A list of types is a choice
  between them.
- `oneOf` and `anyOf` are not told apart: both say what may come.
- A value of a discriminator stands for another alternative where that was, or stays, one of the others.
"""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from typing import Any

from .judging import Bare, Direction
from .keywords import Found, component, ends, found
from .likeness import Likeness
from .shapes import Reader, Shape, Spot, target

_NO_RULES = {"default", "deprecated", "type"}


@dataclass(kw_only=True)
class Choices:
    """What the alternatives of two schemas come to."""

    found: list[Found] = field(default_factory=list)
    pairs: list[tuple[Spot, Spot]] = field(default_factory=list)
    are_all: bool = False
    """Whether nothing of the schemas is left to compare: one of them is an alternative of the other."""


class Alternatives:
    """The alternatives of the schemas of two documents."""

    def __init__(self, old: Reader, new: Reader, likeness: Likeness) -> None:
        self._readers, self._likeness = (old, new), likeness

    def compare(self, direction: Direction, old: Shape, new: Shape, was: Spot, now: Spot) -> Choices:
        """What came, what went, and what to compare. `was` and `now` are the schemas themselves."""
        left, come = list(old.alternatives), list(new.alternatives)
        result = Choices()
        if bool(left) != bool(come) and _is_choice(old if left else new):
            result.are_all = True
            if old.is_open or new.is_open:
                event = "described" if old.is_open else "undescribed"
                result.found.append(found(event, direction, old.at, new.at))
                return result
            left, come = left or _by_type(old, was), come or _by_type(new, now)
        result.pairs = [pair for pair in self._pairs(left, come) if not self._likeness.are_alike(*pair)]
        for side, event, spots in ((0, "alternative removed", left), (1, "alternative added", come)):
            for spot in spots:
                about = {"new" if side else "old": self._called(side, spot)}
                apart = self._readers[side].settle(spot).home.at
                result.found.append(found(event, direction, old.at, new.at, apart=apart, **about))
        result.found.extend(self._moved(direction, old, new))
        return result

    def _pairs(self, left: list[Spot], come: list[Spot]) -> Iterator[tuple[Spot, Spot]]:
        """The pairs, which leave both lists."""
        ways: tuple[Callable[[int, Spot], Hashable], ...] = (self._name, self._likeness.mark, self._kind)
        for key in ways:
            waiting: dict[Hashable, list[Spot]] = {}
            for spot in reversed(come):
                waiting.setdefault(key(1, spot), []).append(spot)
            waiting.pop(None, None)
            paired = [(was, waiting[key(0, was)].pop()) for was in left if waiting.get(key(0, was))]
            for spots, side in ((left, 0), (come, 1)):
                gone = {id(pair[side]) for pair in paired}
                spots[:] = [spot for spot in spots if id(spot) not in gone]
            yield from paired

    def _name(self, side: int, spot: Spot) -> Hashable:
        """The component that an alternative is."""
        at = self._readers[side].settle(spot).home.at
        return at if len(at) == 3 else None

    def _kind(self, side: int, spot: Spot) -> Hashable:
        """The type of an alternative that is written in its place; none for a component."""
        is_in_place = self._readers[side].settle(spot).home.at[: len(spot.at)] == spot.at
        return tuple(self._readers[side].shape(spot).keywords.get("type", ())) or None if is_in_place else None

    def _called(self, side: int, spot: Spot) -> Bare:
        at, held = self._readers[side].settle(spot).home.at, self._readers[side].shape(spot)
        if len(at) == 3:
            return Bare(f"`{component(at)}`")
        kinds = " or ".join(held.keywords.get("type") or ["anything"])
        return Bare(kinds + (" with " + ", ".join(f"`{name}`" for name in held.required) if held.required else ""))

    def _moved(self, direction: Direction, old: Shape, new: Shape) -> Iterator[Found]:
        """Values of a discriminator that stand for another alternative."""
        sides = [side.tags.get("mapping") or {} for side in (old, new)]
        homes = [
            {tag: self._target(number, str(ref)) for tag, ref in mapping.items()}
            for number, mapping in enumerate(sides)
        ]
        names = [{spot.at for spot in targets.values()} for targets in homes]
        for tag, was in homes[0].items():
            has = homes[1].get(tag, was)
            is_known = was.at in names[1] or has.at in names[0]
            if was.at != has.at and is_known and not self._likeness.are_alike(was, has):
                about: dict[str, Any] = {"old": Bare(f"`{was.at[-1]}`"), "new": Bare(f"`{has.at[-1]}`")}
                yield found("tag moved", direction, *ends("discriminator", old, new), keyword=tag, **about)

    def _target(self, side: int, ref: str) -> Spot:
        return self._readers[side].settle(Spot(at=(target(ref),), node={"$ref": target(ref)})).home


def _is_choice(side: Shape) -> bool:
    """Whether the schema says nothing beside its alternatives."""
    beside = side.properties or side.items or side.required or side.opaque or set(side.keywords) - _NO_RULES
    return bool(side.alternatives) and not beside


def _by_type(side: Shape, spot: Spot) -> list[Spot]:
    """The schema as its own alternatives: one for each type where it says nothing else."""
    kinds = side.keywords.get("type", [])
    if len(kinds) < 2 or set(side.keywords) - _NO_RULES or side.properties or side.items or side.required:
        return [spot]
    return [Spot(at=(*side.at, "type", kind), node={"type": kind}) for kind in kinds]
