"""The objects that stand for others. Owns what a reference becomes in a sound document: it stays where it stands for a
component, what it leads to is put in its place where nothing looks for a component, and a bad one is a fault.

Facts
- OpenAPI allows a reference in place of a component, and of a path item. People write them in place of operations and
  of whole maps as well.
- A path item is looked for in `paths` alone by every later step, so what one refers to is put there.
- A discriminator's mapping leads to schemas by name or by reference.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..document import Pointer, component_ref
from . import plain, slips
from .objects import SECTIONS
from .places import Place, flat, nested, value_at
from .tally import NOTHING, Tally
from .targets import Targets, kind_of


@dataclass(kw_only=True)
class Referring(Tally, ABC):
    """The part of the pass that meets references."""

    targets: Targets
    outside: dict[Pointer, str] = field(default_factory=dict)
    """The kinds of what references lead to where the specification names nothing."""
    holders: list[tuple[dict[str, Any], str, Pointer]] = field(default_factory=list)
    """Where a reference is written, and where it leads."""
    inherits: dict[Pointer, list[Pointer]] = field(default_factory=dict)
    """From a schema to those that it takes everything from."""
    inlining: list[Pointer] = field(default_factory=list)

    @abstractmethod
    def object(self, value: Any, kind: str, at: Place) -> Any:
        """The sound copy of an object, or NOTHING after its fault was named."""

    @abstractmethod
    def fields(self, value: dict[str, Any], kind: str, at: Place) -> dict[str, Any]:
        """The fields of an object, each sound."""

    def reference(self, value: dict[str, Any], kind: str, at: Place) -> Any:
        """An object that stands for another."""
        if kind not in SECTIONS and (kind != "path item" or _is_path(at)):
            if type(value["$ref"]) is str:
                return self.inline(value, at, lambda inner, there: self.object(inner, kind, there))
            return self.fault((at, "$ref"), "`$ref` is not a text")
        here = flat(at)
        verdict = self.targets.verdict(value["$ref"], kind, here)
        beside = {key: inner for key, inner in value.items() if key != "$ref"}
        rest = self.fields(beside, kind, at) if kind == "schema" else _said_beside(beside)
        if verdict.problem is not None:
            self.fault((at, "$ref"), verdict.problem)
            return rest if kind == "schema" else NOTHING
        if verdict.outside:
            self.outside.setdefault(verdict.pointer, kind)
        elif kind == "parameter" and not self.is_usable(verdict.pointer):
            return self.drop("reference_to_fault")
        found = {"$ref": value["$ref"], **rest}
        self.holders.append((found, "$ref", verdict.pointer))
        if kind == "schema":
            members = [(*here, "allOf", str(index)) for index in range(len(found.get("allOf", ())))]
            self.inherits[here] = [verdict.pointer, *members]
        return found

    def mapping(self, value: Any, at: Place) -> dict[str, str]:
        """A discriminator's mapping, from a value to a schema's name or a reference."""
        found: dict[str, str] = {}
        if type(value) is not dict:
            self.fault(at, f"this is {kind_of(value)}, not a map of names to schemas")
            return found
        for tag, target in value.items():
            if isinstance(target, dict) and isinstance(target.get("$ref"), str):
                target = target["$ref"]
                self.repaired("mapping_object")
            if not isinstance(target, str):
                self.fault((at, tag), f"this is {kind_of(target)}, not the name of a schema")
                continue
            is_name = "/" not in target
            ref = component_ref("schemas", target) if is_name else target
            verdict = self.targets.verdict(ref, "schema", (*flat(at), tag))
            if verdict.problem is not None:
                # The branches of the union still stand, and their constants tell them apart.
                self.repaired("mapping_to_nowhere")
                continue
            if verdict.outside:
                self.outside.setdefault(verdict.pointer, "schema")
            found[tag] = target
            if not is_name:
                self.holders.append((found, tag, verdict.pointer))
        return found

    def inline(self, value: dict[str, Any], at: Place, make: Callable[[Any, Place], Any]) -> Any:
        """What the reference leads to, made where the reference stands."""
        ref = value["$ref"]
        target = self.targets.find(ref)
        if target is None:
            reason = self.targets.refused.get(flat(at))
            return self.fault((at, "$ref"), reason or f"the reference {ref[:200]!r} leads nowhere")
        pointer, there = target
        if pointer in self.inlining:
            return self.fault((at, "$ref"), f"the reference {ref[:200]!r} leads in a circle")
        beside = {key: inner for key, inner in value.items() if key != "$ref"}
        self.inlining.append(pointer)
        self.descend(at)
        found = make({**there, **beside} if isinstance(there, dict) else there, nested(pointer))
        self.depth -= 1
        self.inlining.pop()
        return found

    def is_usable(self, pointer: Pointer) -> bool:
        """Whether the parameter at the pointer, or the one that it stands for, has a name and a place."""
        while True:
            value = value_at(self.targets.document, pointer)
            if not isinstance(value, dict) or "$ref" not in value:
                return isinstance(value, dict) and slips.parameter(_named(value), value)[0] is not None
            verdict = self.targets.verdict(value["$ref"], "parameter", pointer)
            if verdict.problem is not None:
                return False
            pointer = verdict.pointer


def _named(parameter: dict[str, Any]) -> dict[str, Any]:
    """The parameter's name and place alone, where they are texts or can be mended to be."""
    known = {key: plain.text(parameter[key]) for key in ("name", "in") if parameter.get(key) is not None}
    return {key: found.value for key, found in known.items() if found.keeps}


def _is_path(at: Place) -> bool:
    return bool(at) and bool(at[0]) and at[0][0] == () and at[0][1] in ("paths", "webhooks")


def _said_beside(beside: dict[str, Any]) -> dict[str, Any]:
    return {key: beside[key] for key in ("summary", "description") if isinstance(beside.get(key), str)}
