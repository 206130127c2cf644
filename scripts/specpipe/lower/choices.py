"""How the classes of each union are told apart. Owns what was stated and seen of every union, and the decision once all
classes are written down; where there is nothing to tell them by, there is no entry.

Facts
- A discriminator without a mapping means the components' names. Vendors who forget the mapping mean the constants that
  the classes have for the property.
- The value of a union inside a union leads to the class, not to the inner union.
"""

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .merging import component_name
from .unions import class_references

_Schema = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class _Field:
    """What a field says of its class."""

    constants: tuple[str, ...]
    is_required: bool


_Fields = dict[str, _Field]


@dataclass(frozen=True)
class Discriminator:
    """How a dict tells which class of a union it is: the property's name in JSON, and the class for each value."""

    property: str
    mapping: dict[str, str]


class Choices:
    """The unions of classes of one document.

    `shown` are its classes and enums, by name, as they are written down; `objects` are the names of the classes, also
    of those that are not written down yet.
    """

    def __init__(self, shown: Mapping[str, _Schema], objects: Container[str]) -> None:
        self._shown = shown
        self._objects = objects
        self._noted: dict[frozenset[str], list[tuple[Any, dict[str, str]]]] = {}

    def classes(self, shown: _Schema) -> list[str]:
        """The names of those branches of a shown schema that are objects."""
        names = [reference.rsplit("/", 1)[-1] for reference in class_references(shown)]
        return [name for name in names if name in self._objects]

    def note(self, shown: _Schema, discriminator: Any = None, tags: Mapping[str, str] | None = None) -> None:
        """Note a shown schema that may be a union, and what is stated of it."""
        names = frozenset(self.classes(shown))
        if len(names) > 1 and "anyOf" in shown:
            self._noted.setdefault(names, []).append((discriminator, dict(tags or {})))

    def inner_tags(self, classes: Iterable[str], property_name: str) -> dict[str, str]:
        """The values that a union of these classes has for the property by a discriminator of its own."""
        found: dict[str, str] = {}
        for discriminator, tags in self._noted.get(frozenset(classes), ()):
            if discriminator is not None and discriminator["propertyName"] == property_name:
                found |= tags
        return found

    def settle(self, wire: Mapping[str, str]) -> dict[frozenset[str], Discriminator]:
        """The discriminators by the names of the classes. `wire` leads from a marked name to the real one."""
        found = {}
        for names, stated in self._noted.items():
            classes = {name: self._fields(self._shown[name], wire) for name in sorted(names)}
            choice = _stated(classes, stated) or _inferred(classes)
            if choice is not None:
                found[names] = choice
        return found

    def _fields(self, shown: _Schema, wire: Mapping[str, str]) -> dict[str, _Field]:
        required = shown.get("required", ())
        return {
            wire.get(name, name): _Field(constants=self._constants(field), is_required=name in required)
            for name, field in shown.get("properties", {}).items()
        }

    def _constants(self, field: _Schema) -> tuple[str, ...]:
        if isinstance(field.get("const"), str):
            return (field["const"],)
        references = class_references(field) + [item["$ref"] for item in field.get("allOf", ())]
        target = self._shown.get(references[0].rsplit("/", 1)[-1], {}) if len(references) == 1 else {}
        values = target.get("enum", ()) if "x-float-enum" not in target else ()
        return tuple(value for value in values if isinstance(value, str))


def _stated(classes: dict[str, _Fields], stated: Iterable[tuple[Any, dict[str, str]]]) -> Discriminator | None:
    for discriminator, tags in stated:
        if discriminator is None:
            continue
        name = discriminator["propertyName"]
        own = {key: fields[name].constants for key, fields in classes.items() if name in fields}
        often = Counter(value for values in own.values() for value in values)
        constants = {value: key for key, values in own.items() for value in values if often[value] == 1}
        if tags or constants:
            return Discriminator(name, constants | tags)
    return None


def _inferred(classes: dict[str, _Fields]) -> Discriminator | None:
    """A required property that has other constants in every class is as good as a discriminator."""
    for name in next(iter(classes.values())):
        known = {key: fields[name] for key, fields in classes.items() if name in fields}
        mapping = {value: key for key, field in known.items() for value in field.constants}
        is_telling = len(mapping) == sum(len(field.constants) for field in known.values())
        if len(known) == len(classes) and is_telling and all(f.is_required and f.constants for f in known.values()):
            return Discriminator(name, mapping)
    return None


def leads_to(target: str, component: str) -> bool:
    """Whether a value of a mapping, a reference or a bare name, means the component."""
    return component in (target, component_name(target), target.rsplit("/", 1)[-1])
