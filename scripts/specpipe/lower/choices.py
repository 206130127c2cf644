"""How the classes of each union are told apart. Owns what was stated and seen of every union, and the decision once all
classes are written down; where there is nothing to tell them by, there is no entry.

Facts
- A discriminator without a mapping means the components' names. Vendors who forget the mapping mean the constants that
  the classes have for the property.
- The value of a union inside a union leads to the class, not to the inner union.
- There is one entry for the same classes, wherever they stand together. A reader that goes by a tag takes no class
  without one, so what is right in one place may be wrong in another.
"""

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..document import schema_name
from .context import Context
from .unions import class_of, class_references

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


@dataclass(frozen=True, kw_only=True)
class Stated:
    """What a discriminator says: the classes for the values of its mapping, and for the names of components."""

    property: str
    explicit: dict[str, str] = field(default_factory=dict)
    implicit: dict[str, str] = field(default_factory=dict)


@dataclass(kw_only=True)
class _Noted:
    """What is known of one set of classes, from all the places where they are a union."""

    stated: list[Stated] = field(default_factory=list)
    is_plain: bool = False
    """Whether they are a union without a discriminator somewhere."""


class Choices:
    """The unions of classes of one document.

    `shown` are its classes and enums, by name, as they are written down; `objects` are the names of the classes, also
    of those that are not written down yet.
    """

    def __init__(self, shown: Mapping[str, _Schema], objects: Container[str]) -> None:
        self._shown = shown
        self._objects = objects
        self._noted: dict[frozenset[str], _Noted] = {}

    def classes(self, shown: _Schema) -> list[str]:
        """The names of those branches of a shown schema that are objects."""
        names = [class_of(reference) for reference in class_references(shown)]
        return [name for name in names if name in self._objects]

    def note(self, shown: _Schema, stated: Stated | None = None, *, made_of: Iterable[_Schema] = ()) -> None:
        """Note a shown schema that may be a union, what is stated of it, and the branches that it is made of here.

        One branch that has all the classes is the union that was noted before.
        """
        names = frozenset(self.classes(shown))
        if len(names) < 2 or "anyOf" not in shown:
            return
        noted = self._noted.setdefault(names, _Noted())
        own = [frozenset(self.classes(branch)) for branch in made_of]
        if stated is not None:
            noted.stated.append(stated)
        elif own and names not in own:
            noted.is_plain = True

    def inner_tags(self, classes: Iterable[str], property_name: str) -> Stated:
        """What a discriminator of their own says of a union of these classes, by the same property."""
        noted = self._noted.get(frozenset(classes), _Noted())
        return _together([stated for stated in noted.stated if stated.property == property_name], property_name)

    def settle(self, context: Context) -> dict[frozenset[str], Discriminator]:
        """The discriminators by the names of the classes; none where two places contradict each other."""
        found = {}
        for names, noted in self._noted.items():
            classes = {name: self._fields(self._shown[name], context.wire) for name in sorted(names)}
            if _contradict(noted, classes):
                context.repaired("contradicting_discriminators")
                continue
            choice = _stated(noted, classes) or _inferred(classes)
            if choice is not None:
                found[names] = choice
        return found

    def _fields(self, shown: _Schema, wire: Mapping[str, str]) -> dict[str, _Field]:
        required = shown.get("required", ())
        return {
            wire.get(name, name): _Field(constants=self._constants(inner), is_required=name in required)
            for name, inner in shown.get("properties", {}).items()
        }

    def _constants(self, shown: _Schema) -> tuple[str, ...]:
        if isinstance(shown.get("const"), str):
            return (shown["const"],)
        references = class_references(shown) + [item["$ref"] for item in shown.get("allOf", ())]
        target = self._shown.get(class_of(references[0]), {}) if len(references) == 1 else {}
        values = target.get("enum", ()) if "x-float-enum" not in target else ()
        return tuple(value for value in values if isinstance(value, str))


def _together(stated: Iterable[Stated], name: str) -> Stated:
    whole = Stated(property=name)
    for one in stated:
        whole.explicit.update(one.explicit)
        whole.implicit.update(one.implicit)
    return whole


def _contradict(noted: _Noted, classes: dict[str, _Fields]) -> bool:
    """Whether what tells the classes apart in one place would lead to another one, or to none, elsewhere."""
    stated = noted.stated
    mapped = {pair for one in stated for pair in one.explicit.items()}
    if len({one.property for one in stated}) > 1 or len({value for value, _ in mapped}) < len(mapped):
        return True
    if not stated or not noted.is_plain:
        return False
    name = stated[0].property
    is_always_there = all(name in fields and fields[name].is_required for fields in classes.values())
    constants = _constants_of(name, classes)
    return not is_always_there or any(constants.get(value, key) != key for value, key in mapped)


def _constants_of(name: str, classes: dict[str, _Fields]) -> dict[str, str]:
    """The class for each constant that no other class has."""
    own = {key: fields[name].constants for key, fields in classes.items() if name in fields}
    often = Counter(value for values in own.values() for value in values)
    return {value: key for key, values in own.items() for value in values if often[value] == 1}


def _stated(noted: _Noted, classes: dict[str, _Fields]) -> Discriminator | None:
    if not noted.stated:
        return None
    name = noted.stated[0].property
    whole = _together(noted.stated, name)
    mapping = _constants_of(name, classes) | whole.implicit | whole.explicit
    return Discriminator(name, mapping) if mapping else None


def _inferred(classes: dict[str, _Fields]) -> Discriminator | None:
    """A required property that has other constants in every class is as good as a discriminator."""
    for name in next(iter(classes.values())):
        known = {key: fields[name] for key, fields in classes.items() if name in fields}
        mapping = {value: key for key, one in known.items() for value in one.constants}
        is_telling = len(mapping) == sum(len(one.constants) for one in known.values())
        is_certain = all(one.is_required and one.constants for one in known.values())
        if len(known) == len(classes) and is_telling and is_certain:
            return Discriminator(name, mapping)
    return None


def leads_to(target: str, component: str) -> bool:
    """Whether a value of a mapping, a reference or a bare name, means the component."""
    return component in (target, schema_name(target), target.rsplit("/", 1)[-1])
