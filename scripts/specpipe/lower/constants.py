"""Enums and constants, written down. Owns which enum classes there are, and that every value that the document lists is
a member of one; refuses nothing.

Facts
- A literal of one value needs no class. The generator has none for a float, so that one becomes an enum.
- Documents list values where no value is typed: of property names, behind `not`, in headers of replies.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ..document import component_ref
from . import enums
from .context import Context
from .merging import listed
from .names import ClassNames
from .unions import ANY, NULL, class_of, class_references

_Schema = dict[str, Any]


class Constants:
    """The enums and constants of one document. `shown` is where enums are written down, by name."""

    def __init__(self, shown: dict[str, _Schema], names: ClassNames, context: Context) -> None:
        self._shown = shown
        self._names = names
        self._context = context
        self._held: set[frozenset[tuple[str, Any]]] = set()

    def keep(self, schema: _Schema, name: str) -> None:
        """Make sure that the values that the schema lists are members of some enum of the package."""
        values = schema["enum"] if isinstance(schema.get("enum"), list) else [schema.get("const")]
        for group in enums.members(values, listed(schema.get("type")), Context(document=self._context.document)):
            if group.kind != "boolean" and _value_set(group) not in self._held:
                self._context.repaired("enum_of_no_value")
                self.enum(group, self._names.claim(name), schema.get("description"))

    def branch(self, group: enums.Members, name: str, description: str | None) -> _Schema:
        """The values of one type out of an inline enum."""
        if group.kind == "boolean":
            return {"type": "boolean"} if len(group.values) == 2 else {"const": group.values[0]}
        return self.enum(group, self._names.claim(name), description)

    def enum(self, group: enums.Members, name: str, description: str | None) -> _Schema:
        """A reference to the enum of the values, written down by the name, which is claimed."""
        shown: _Schema = {"type": "string" if group.kind == "number" else group.kind}
        if description:
            shown["description"] = description
        shown["enum"] = [repr(value) for value in group.values] if group.kind == "number" else list(group.values)
        shown["x-enum-varnames"] = enums.member_names(group.values, self._context)
        if group.kind == "number":
            shown["x-float-enum"] = True
        self._shown[name] = shown
        self._held.add(_value_set(group))
        return {"$ref": component_ref("schemas", name)}

    def constant(self, value: Any, types: Sequence[str], name: str, description: str | None) -> _Schema:
        """The only value of a schema."""
        if value is None:
            return dict(NULL)
        if isinstance(value, float):
            (group,) = enums.members([value], types, self._context)
            return self.enum(group, self._names.claim(name), description)
        if isinstance(value, list | dict):
            self._context.repaired("constant_of_parts")
            return dict(ANY)
        self._held |= {_value_set(group) for group in enums.members([value], (), self._context)}
        return {"const": value}

    def referred(self, shown: _Schema) -> Mapping[str, _Schema]:
        """The enums among the branches of a shown schema, by reference."""
        named = {reference: class_of(reference) for reference in class_references(shown)}
        return {
            reference: self._shown[name] for reference, name in named.items() if "enum" in self._shown.get(name, {})
        }


def _value_set(group: enums.Members) -> frozenset[tuple[str, Any]]:
    return frozenset((group.kind, value) for value in group.values)
