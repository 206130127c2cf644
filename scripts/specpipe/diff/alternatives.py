"""Which alternatives of two schemas are the same, and which came or went. Owns their pairing: they have no names.

Facts
- Alternatives are paired by component, then by what they say, then, where they are written in place, by type.
- A schema that becomes one of several alternatives stays what it is; the others are new.
- `oneOf` and `anyOf` are not told apart: both say what may come.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ..document import Document
from .judging import Bare, Direction
from .keywords import Found, component, found
from .likeness import Likeness
from .shapes import Shape, Spot, settle, shape


@dataclass(kw_only=True)
class Choices:
    """What the alternatives of two schemas come to."""

    found: list[Found] = field(default_factory=list)
    pairs: list[tuple[Spot, Spot]] = field(default_factory=list)
    are_all: bool = False
    """Whether nothing of the schemas is left to compare: one of them is an alternative of the other."""


class Alternatives:
    """The alternatives of the schemas of two documents."""

    def __init__(self, old: Document, new: Document, likeness: Likeness) -> None:
        self._old, self._new, self._likeness = old, new, likeness

    def compare(self, direction: Direction, old: Shape, new: Shape, was: Spot, now: Spot) -> Choices:
        """What came, what went, and what to compare. `was` and `now` are the schemas themselves."""
        left, come = list(old.alternatives), list(new.alternatives)
        result = Choices()
        if bool(left) != bool(come) and _is_choice(old if left else new):
            result.are_all = True
            if old.is_open or new.is_open:
                event = "described" if old.is_open else "undescribed"
                result.found.append(found(event, direction, was.at, now.at))
                return result
            left, come = left or [was], come or [now]
        result.pairs = [pair for pair in self._pairs(left, come) if not self._are_alike(*pair)]
        for spot in left:
            at, name = settle(self._old, spot).spot.at, self._called(self._old, spot)
            result.found.append(found("alternative removed", direction, was.at, now.at, apart=at, old=name))
        for spot in come:
            at, name = settle(self._new, spot).spot.at, self._called(self._new, spot)
            result.found.append(found("alternative added", direction, was.at, now.at, apart=at, new=name))
        return result

    def _pairs(self, left: list[Spot], come: list[Spot]) -> Iterator[tuple[Spot, Spot]]:
        """The pairs, which leave both lists."""
        for are_same in (self._are_namesakes, self._are_alike, self._are_of_a_type):
            for was in list(left):
                now = next((spot for spot in come if are_same(was, spot)), None)
                if now is not None:
                    left.remove(was)
                    come.remove(now)
                    yield was, now

    def _are_namesakes(self, was: Spot, now: Spot) -> bool:
        names = [settle(document, spot).spot.at for document, spot in ((self._old, was), (self._new, now))]
        return names[0] == names[1] and len(names[0]) == 3

    def _are_alike(self, was: Spot, now: Spot) -> bool:
        return self._likeness.mark(0, was.node) == self._likeness.mark(1, now.node)

    def _are_of_a_type(self, was: Spot, now: Spot) -> bool:
        kinds = [self._kind(self._old, was), self._kind(self._new, now)]
        return kinds[0] == kinds[1] != []

    def _kind(self, document: Document, spot: Spot) -> list[str]:
        """The type of an alternative that is written in its place; none for a component."""
        settled = settle(document, spot)
        kinds: list[str] = shape(document, settled).keywords.get("type", [])
        return kinds if settled.spot.at[: len(spot.at)] == spot.at else []

    def _called(self, document: Document, spot: Spot) -> Bare:
        settled = settle(document, spot)
        kinds = shape(document, settled).keywords.get("type") or ["anything"]
        return Bare(f"`{component(settled.spot.at)}`" if len(settled.spot.at) == 3 else " or ".join(kinds))


def _is_choice(side: Shape) -> bool:
    """Whether the schema says nothing beside its alternatives."""
    return bool(side.alternatives) and not (side.properties or side.items or set(side.keywords) - {"default"})
