"""Which class, enum or alias of a package stands for which component schema. Owns the comparison of names and that no
Python name stands for two components; refuses a name that lacks what the component has.

Facts
- Names are alike when their letters and digits are, case aside. Of several alike ones all but one carry a number, some
  behind an `X`; a name that cannot begin an identifier gets `field_` in front, one that is taken by what every module
  imports, such as `Response`, gets `Model` behind it, and a very long one loses its end.
- Where a schema has a title, the generator by itself calls the class by it.
"""

import unicodedata
from collections import deque
from collections.abc import Iterator, Mapping, Sequence

from .declared import FOREIGN, Component, Enum
from .held import Held, Mentions

_KEPT = 50
_DIGITS = 7


def alike(name: str) -> str:
    """The name's letters and digits without case and accents, a letter that is made of several as those."""
    plain = unicodedata.normalize("NFKD", name)
    bare = "".join(character for character in plain if not unicodedata.combining(character)).casefold()
    return "".join(character for character in bare if character.isalnum())


class Names:
    """The exported names of a package by what they are alike to."""

    def __init__(self, held: Held) -> None:
        self._held = held
        self._exact: dict[str, list[str]] = {}
        self._numbered: dict[str, list[str]] = {}
        self._shortened: dict[str, list[str]] = {}
        for name in sorted(held.exported & (held.models.keys() | held.enums.keys() | held.aliases.keys())):
            key = alike(name)
            self._exact.setdefault(key, []).append(name)
            for base in _bases(key):
                self._numbered.setdefault(base, []).append(name)
            self._shortened.setdefault(key[:_KEPT], []).append(name)

    def candidates(self, component: Component) -> list[str]:
        """The names that may stand for the component, the likeliest first."""
        own = alike(component.name) or "value"
        keys = [own, f"field{own}", f"{own}model", alike(component.title or "")]
        found: dict[str, None] = {}
        for key in filter(None, keys):
            found |= dict.fromkeys([*self._exact.get(key, ()), *self._numbered.get(key, ())])
            if len(key) > _KEPT:
                found |= dict.fromkeys(self._shortened.get(key[:_KEPT], ()))
        return list(found)

    def inputs(self, component: Component) -> list[str]:
        """The names of what is sent where the component is what is received."""
        return [name for key in (alike(component.name), alike(component.title or "")) for name in self._inputs(key)]

    def _inputs(self, key: str) -> list[str]:
        return [*self._exact.get(f"{key}input", ()), *self._numbered.get(f"{key}input", ())] if key else []


def matched(components: Sequence[Component], fits: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """For as many components as can be a name of their own, out of those that fit each."""
    holder: dict[str, str] = {}
    found: dict[str, str] = {}
    for component in components:
        # The shortest way to a free name on which every component passes its name on and takes the next.
        came: dict[str, str] = {}
        waiting = deque([component.name])
        free: str | None = None
        while waiting and free is None:
            asking = waiting.popleft()
            for name in fits[asking]:
                if name not in came:
                    came[name] = asking
                    if name not in holder:
                        free = name
                        break
                    waiting.append(holder[name])
        while free is not None:
            taker = came[free]
            holder[free], left = taker, found.get(taker)
            found[taker] = free
            free = left
    return found


def missing_properties(component: Component, name: str, names: Names, held: Held) -> Iterator[str]:
    """The component's properties that the name, or what is sent in its place, lacks."""
    known = _properties(name, held)
    sent = {prop for other in names.inputs(component) for prop in _properties(other, held)}
    for prop, marks in component.properties.items():
        sides = {side for side in component.sides if FOREIGN[side] not in marks}
        is_elsewhere = prop in sent if sides == {"request"} else bool(component.sides and not sides)
        if prop not in known and not is_elsewhere:
            yield prop


def _properties(name: str, held: Held) -> set[str]:
    return {
        prop
        for found in held.classes(Mentions(names={name}))
        if found in held.models
        for prop in held.models[found].properties
    }


def holds_members(enum: Enum, name: str, held: Held) -> bool:
    """Whether the enum or alias of the name has all members of the enum."""
    members = held.members(Mentions(names={name}))
    return any(reading <= members for reading in enum.readings)


def _bases(key: str) -> Iterator[str]:
    """What the name may be a numbered one of: `foo2x3` of `foo2` and of `foo2x`, `foo12` of `foo1` and of `foo`."""
    for length in range(len(key) - 1, max(0, len(key) - _DIGITS), -1):
        if not key[length].isdecimal():
            break
        yield key[:length]
        if key[length - 1] == "x" and length > 1:
            yield key[: length - 1]
