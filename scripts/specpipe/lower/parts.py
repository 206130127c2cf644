"""The parts of an operation and the schemas in them. Owns that a part which several operations refer to is lowered
once, under its own name; refuses nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ..document import Pointer, lookup, parse_ref
from .context import Context
from .shapes import Shape, Shown, shape_of

_SUFFIXES = {"parameters": "Parameter", "responses": "Response", "requestBodies": "Body", "headers": "Header"}


class Schemas(Protocol):
    """What lowering schemas offers to those who meet one."""

    shown: dict[str, Shown]
    """The classes and enums that are written down, by name."""

    def lower(self, schema: Any, *, at: Pointer, name: str) -> dict[str, Any]:
        """The schema as the generator is shown it; inline classes become components named after `name`.

        `at` is where the schema stands in the document; references are followed.
        """

    def copy(self, schema: dict[str, Any], suffix: str) -> dict[str, Any]:
        """A reference to a second class like the one that the shown schema refers to, with the suffix to its name."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A parameter, body, response or header that is no reference, where it stands, and what its classes are called."""

    node: dict[str, Any]
    at: Pointer
    name: str


class Parts:
    """The parts of one document's operations."""

    def __init__(self, context: Context, schemas: Schemas) -> None:
        self.context = context
        self.schemas = schemas
        self._lowered: dict[Pointer, Shown] = {}
        self._entered: set[Pointer] = set()

    @property
    def classes(self) -> Mapping[str, Shown]:
        """The classes and enums that are written down, by name."""
        return self.schemas.shown

    def follow(self, node: Any, at: Pointer, name: str) -> Part:
        """The part that the node is or refers to."""
        seen: set[Pointer] = set()
        while isinstance(node, dict) and isinstance(node.get("$ref"), str):
            target = parse_ref(node["$ref"])
            if target is None or target in seen:
                return Part(node={}, at=at, name=name)
            seen.add(target)
            try:
                node, at = lookup(self.context.document, target), target
            except KeyError:
                return Part(node={}, at=at, name=name)
            name = component_name(at) or name
        return Part(node=node if isinstance(node, dict) else {}, at=at, name=name)

    def lower(self, schema: Any, at: Pointer, name: str) -> Shown:
        """The schema as it is shown; what it was shown as before, where it stands in a part that is shared."""
        if at not in self._lowered:
            self._lowered[at] = self.schemas.lower(schema, at=at, name=name)
        return self._lowered[at]

    def enter(self, at: Pointer) -> bool:
        """Whether the place is entered for the first time: callbacks may lead in a circle."""
        new = at not in self._entered
        self._entered.add(at)
        return new

    def shape(self, shown: Shown) -> Shape:
        """The shape of a shown schema."""
        return shape_of(shown, self.classes)


def component_name(at: Pointer) -> str | None:
    """What the classes of a component that is no schema are called; None for what is no component."""
    if len(at) != 3 or at[0] != "components":
        return None
    suffix = _SUFFIXES.get(at[1], "")
    return at[2] if at[2].lower().endswith(suffix.lower()) else f"{at[2]}_{suffix}"
