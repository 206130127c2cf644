"""Which enum members of a document a package holds. Owns that a lost member is found though another class has it: an
enum is held by a class with exactly its members, and a class with fewer members than any enum is one that lost some.

Facts
- Members of several types stand in several classes, booleans and single values in a Literal, both booleans in `bool`.
- Schemas that are taken together may share a class, which then holds more than each of them, or what is common to them.
"""

from collections.abc import Iterable, Iterator, Sequence

from .declared import Enum
from .held import Held
from .values import Value, value_of

_BOOLEANS = frozenset((value_of(False), value_of(True)))


class Members:
    """The groups of members that a package holds."""

    def __init__(self, held: Held) -> None:
        self._classes = held.enums
        self._mentioned = held.mentioned
        self._groups = {*held.enums.values(), *held.mentioned.literals}
        if "bool" in held.mentioned.names:
            self._groups.add(_BOOLEANS)
        self._single = {value for group in held.mentioned.literals for value in group}
        self._by_value: dict[Value, list[frozenset[Value]]] = {}
        for group in self._groups:
            for value in group:
                self._by_value.setdefault(value, []).append(group)

    def lost(self, enum: Enum) -> tuple[Value, ...]:
        """The members of the enum that the package does not hold, in the document's order."""
        best: frozenset[Value] | None = None
        for reading in enum.readings:
            missing = frozenset(value for part in _parts(reading) for value in self._missing(part, enum.is_composed))
            if best is None or len(missing) < len(best):
                best = missing
        texts = {str(value.value) for value in best or ()}
        return tuple(value for value in enum.values if value in (best or ()) or (best and str(value.value) in texts))

    def loses_null(self, enum: Enum) -> bool:
        """Whether null is a member, and no type that names the enum's class allows it.

        A parameter that is null is left out, and of what a class is taken together with nobody can tell.
        """
        if not enum.has_null or enum.is_composed or "parameters" in enum.place:
            return False
        parts = {part for reading in enum.readings for part in _parts(reading)}
        named = {name for name, values in self._classes.items() if values in parts} & self._mentioned.names
        return bool(named) and named.isdisjoint(self._mentioned.nullable)

    def _missing(self, part: frozenset[Value], is_composed: bool) -> frozenset[Value]:
        """What of the members of one type no group holds."""
        if part in self._groups or not part:
            return frozenset()
        whole = frozenset(value for value in part if isinstance(value.value, int))
        if {value.form for value in part} == {"number"} and 0 < len(whole) < len(part):
            return self._missing(whole, is_composed) | self._missing(part - whole, is_composed)
        if (part <= _BOOLEANS or len(part) == 1) and part <= self._single:
            return frozenset()
        near = max(self._near(part), key=lambda group: (len(group & part), -len(group)), default=frozenset())
        if not part <= near:
            return part - near
        # A larger class may be another enum's.
        return frozenset() if is_composed else part

    def _near(self, part: frozenset[Value]) -> Iterable[frozenset[Value]]:
        return dict.fromkeys(group for value in part for group in self._by_value.get(value, ()))

    def diminished(self, enums: Sequence[Enum]) -> Iterator[tuple[str, Enum, frozenset[Value]]]:
        """The classes that hold less than an enum and no enum whole: name, the nearest enum, and what is not there."""
        known = {part for enum in enums for reading in enum.readings for part in (reading, *_parts(reading))}
        known |= {
            frozenset(item for item in part if isinstance(item.value, kind)) for part in known for kind in (int, float)
        }
        for name, values in self._classes.items():
            if values in known or not values:
                continue
            larger = [(enum, reading) for enum in enums for reading in enum.readings if values < reading]
            smaller = [reading for enum in enums for reading in enum.readings if reading < values]
            common = frozenset.intersection(*(reading for _, reading in larger)) if larger else frozenset()
            if larger and common != values and frozenset().union(*smaller) != values:
                enum, reading = min(larger, key=lambda item: len(item[1]))
                yield name, enum, reading - values


def _parts(reading: frozenset[Value]) -> list[frozenset[Value]]:
    """The members by type."""
    forms = sorted({value.form for value in reading})
    return [frozenset(value for value in reading if value.form == form) for form in forms]
