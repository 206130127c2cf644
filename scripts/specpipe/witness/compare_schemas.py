"""The component schemas, inline objects and enums of a document against those of a package. Owns what a class has to
hold to stand for a component or an object; refuses nothing.

Facts
- Nothing says which class stands for an inline object, and objects that are taken together share one: any class that
  has all of its properties may be it.
"""

from collections.abc import Mapping, Sequence

from .declared import Component, Declared, Enum
from .held import Held
from .matching import Names, holds_members, matched, missing_properties
from .members import Members
from .tally import Tally, listing
from .values import Value, value_of


def compare_schemas(wanted: Declared, found: Held, tally: Tally) -> None:
    """Note every component schema, every inline object, and every enum and constant."""
    names = Names(found)
    enums = {enum.place: enum for enum in wanted.enums}
    own = {component.name: enums.get(("components", "schemas", component.name)) for component in wanted.components}
    matches = matched(
        wanted.components,
        {
            component.name: [
                name
                for name in names.candidates(component)
                if _lacks(component, own[component.name], name, names, found) is None
            ]
            for component in wanted.components
        },
    )
    taken = set(matches.values())
    for component in wanted.components:
        problem = None
        if component.name not in matches:
            near = next((name for name in names.candidates(component) if name not in taken), None)
            lacks = None if near is None else _lacks(component, own[component.name], near, names, found)
            problem = f"schema {component.name}" + ("" if lacks is None else f", as {near} lacks {lacks}")
        tally.note("schemas", component.pointer, problem)
    _compare_inline(wanted, found, tally)
    _compare_enums(wanted, found, matches, tally)


def _compare_inline(wanted: Declared, found: Held, tally: Tally) -> None:
    classes: dict[str, list[str]] = {}
    for name, model in found.models.items():
        for prop in model.properties:
            classes.setdefault(prop, []).append(name)
    missing: dict[frozenset[str], list[str]] = {}
    for inline in wanted.inline:
        for names in inline.names:
            if names not in missing:
                missing[names] = _missing_together(names, classes, found)
            if missing[names]:
                tally.note(None, inline.pointer, f"property {listing(map(value_of, missing[names]))}")


def _missing_together(names: frozenset[str], classes: Mapping[str, Sequence[str]], found: Held) -> list[str]:
    """Which of the properties no class has, or the class that has most of them."""
    absent = sorted(names - classes.keys())
    if absent:
        return absent
    rarest = min(sorted(names), key=lambda name: len(classes[name]))
    lacks = min((names - found.models[name].properties.keys() for name in classes[rarest]), key=len)
    return sorted(lacks)


def _lacks(component: Component, enum: Enum | None, name: str, names: Names, found: Held) -> str | None:
    """What the class or alias of the name lacks to stand for the component; None when it lacks nothing."""
    if component.kind == "enum" and enum is not None and enum.values:
        return None if holds_members(enum, name, found) else "members"
    if name in found.enums:
        return "fields" if component.kind == "object" else None
    missing = list(missing_properties(component, name, names, found))
    return f"the property {missing[0]!r}" if missing else None


def _compare_enums(wanted: Declared, found: Held, matches: dict[str, str], tally: Tally) -> None:
    members = Members(found)
    for enum in wanted.enums:
        lost = members.lost(enum) or _lost_in_place(enum, found, matches)
        kind, word = (None, "constant") if enum.is_const else ("enum_members", "enum member")
        without_null = members.loses_null(enum) or bool(enum.has_null and len(lost) == len(enum.values) > 0)
        said = [listing(lost)] * bool(lost) + ["null"] * without_null
        problem = f"{word} {', '.join(said)}" if said else None
        number, missing = len(enum.values) + enum.has_null, len(lost) + without_null
        tally.note(kind, enum.pointer, problem, number=number, lost=missing)
    for name, enum, gone in members.diminished(wanted.enums):
        tally.note(None, enum.pointer, f"enum member {listing(sorted(gone, key=str))} in class {name}")


def _lost_in_place(enum: Enum, found: Held, matches: dict[str, str]) -> tuple[Value, ...]:
    """What the attribute lacks that the enum is the type of, where the enum is a component's or its property's own."""
    if enum.is_composed or enum.place[:2] != ("components", "schemas"):
        return ()
    component, *inner = enum.place[2:]
    name = matches.get(component)
    model = None if name is None else found.models.get(name)
    if model is None or len(inner) < 2 or inner[0] != "properties" or set(inner[2:]) - {"items"}:
        return ()
    attribute = model.properties.get(inner[1])
    mentions = None if attribute is None else model.types.get(attribute)
    if mentions is None:
        return ()
    known = found.members(mentions)
    missing = min((reading - known for reading in enum.readings), key=len)
    return tuple(sorted(missing, key=str))
