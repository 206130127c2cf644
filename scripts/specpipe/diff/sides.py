"""Which models are given to a vendor and which come from one. Owns the walk from the operations through the fields;
refuses nothing.

Facts
- Who only reads a model never calls its constructor. Tests that make replies by hand do, and are no callers here.
- A model that no operation reaches may be used in either way.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from .annotations import Type
from .surface import Surface


@dataclass(frozen=True, kw_only=True)
class Sides:
    """The names of the models that requests hold, and of those that replies hold."""

    sent: frozenset[str]
    received: frozenset[str]

    def is_given(self, name: str) -> bool:
        """Whether a caller makes objects of the model."""
        return name in self.sent or name not in self.received

    def is_read(self, name: str) -> bool:
        """Whether a caller reads objects of the model."""
        return name in self.received or name not in self.sent


def sides(surface: Surface) -> Sides:
    """The sides of the models of a package."""
    operations = surface.operations.values()
    return Sides(
        sent=_reached(surface, (found for operation in operations for found in operation.parameters.values())),
        received=_reached(surface, (operation.returns for operation in operations if operation.returns is not None)),
    )


def _reached(surface: Surface, types: Iterable[Type]) -> frozenset[str]:
    found: set[str] = set()
    waiting = [name for item in types for name in item.names()]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        inside = [*surface.fields.get(name, {}).values()]
        inside += [surface.aliases[name]] if name in surface.aliases else []
        waiting += [inner for item in inside for inner in item.names()]
    return frozenset(found)
