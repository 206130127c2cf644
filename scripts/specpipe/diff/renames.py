"""What of a package has another name in a newer one: a class with the same fields, an enum with the same values, an
operation with the same request. Owns that a guess is made only where there is one candidate; refuses nothing.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import griffe

from .surface import Surface

_Traits = Mapping[str, Hashable]


@dataclass(frozen=True, kw_only=True)
class Renames:
    """The new name of each model, and the new module of each operation, that the newer package does not have."""

    models: Mapping[str, str]
    operations: Mapping[str, str]


def find_renames(old: Surface, new: Surface) -> Renames:
    """The renames between two packages."""
    models: dict[str, str] = {}
    come = {name: _traits(new, name, {}) for name in new.models.keys() - old.models.keys()}
    while True:
        # A class may be recognised only once those in its fields have been.
        gone = {name: _traits(old, name, models) for name in old.models.keys() - new.models.keys()}
        found = _matched(gone, come)
        if found == models:
            break
        models = found
    missing = {name: _request(old, name) for name in old.operations.keys() - new.operations.keys()}
    added = {name: _request(new, name) for name in new.operations.keys() - old.operations.keys()}
    return Renames(models=models, operations=_matched(missing, added))


def members(surface: Surface, name: str) -> dict[str, str]:
    """The members of an enum, each with its value as it is written."""
    return {
        member: str(item.value)
        for member, item in surface.models[name].members.items()
        if isinstance(item, griffe.Attribute) and not member.startswith("_")
    }


def _traits(surface: Surface, name: str, renamed: Mapping[str, str]) -> Hashable:
    """What a model is recognised by; None for one that holds too little."""
    if name in surface.enums:
        return frozenset(members(surface, name).values()) or None
    fields = surface.fields.get(name, {})
    own = {**renamed, name: "Self"}
    traits = frozenset((field, found.renamed(own)) for field, found in fields.items())
    return traits if fields.keys() - {"additional_properties"} else None


def _request(surface: Surface, name: str) -> Hashable:
    request = surface.operations[name].request
    return None if request is None else (request.method, request.path)


def _matched(gone: _Traits, come: _Traits) -> dict[str, str]:
    """The names on either side that are the only ones with their traits."""
    old, new = _by_traits(gone), _by_traits(come)
    return {names[0]: new[traits][0] for traits, names in old.items() if len(names) == len(new.get(traits, ())) == 1}


def _by_traits(names: _Traits) -> dict[Hashable, list[str]]:
    found: dict[Hashable, list[str]] = {}
    for name, traits in names.items():
        if traits is not None:
            found.setdefault(traits, []).append(name)
    return found
