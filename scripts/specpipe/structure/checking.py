"""A document in which every later step can trust the types. Owns the one pass that makes it: objects are objects, lists
lists, names texts, and every reference leads to an object of the right kind. Mends and counts what does no harm; names
as a fault what cannot be used, and puts the neutral thing in its place. Refuses a document that has no end.

Facts
- In YAML a key with nothing behind it is null: the field is left out, or, as the name of a schema, anything goes. A
  method with nothing behind it is an operation that nobody wrote.
- A field that the specification does not name means nothing, and is dropped, lest a later step take it for something;
  extensions (`x-…`) stay as they are, but not among paths, responses and callbacks.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..document import Document, Pointer, show
from ..faults import DocumentError, Fault
from . import places, plain, slips
from .circles import break_circles
from .objects import RULES, Rule, rule_of, with_article
from .places import Place
from .referring import Referring
from .tally import NOTHING
from .targets import Targets, kind_of

_NEUTRAL: dict[str, dict[str, Any]] = {
    "schema": {},
    "response": {"description": ""},
    "media type": {},
    "header": {},
    "path item": {},
}
# Objects that say nothing when nothing is written behind their name, and yet are said to be there.
_EMPTY = (*_NEUTRAL, "example", "link", "callback", "encoding", "server variable")


@dataclass(frozen=True, kw_only=True)
class Sound:
    """A document whose structure can be trusted, with what was wrong with it."""

    document: Document
    faults: tuple[Fault, ...]
    repairs: Counter[str]


def check(document: Document, *, refused: Mapping[Pointer, str] | None = None) -> Sound:
    """The sound copy of the document; `refused` says why references at some places were not followed.

    Raises DocumentError when the document has no end.
    """
    run = _Pass(targets=Targets(document=document, refused=refused or {}), newer=_is_newer(document))
    sound = run.document(document)
    return Sound(document=sound, faults=tuple(dict.fromkeys(run.faults)), repairs=run.repairs)


def _is_newer(document: Document) -> bool:
    return str(document.get("openapi", "")).startswith("3.1")


@dataclass(kw_only=True)
class _Pass(Referring):
    newer: bool
    moved: dict[Pointer, dict[str, str]] = field(default_factory=dict)
    """By place of a list or an object, the names that its parts had and those they have."""

    def document(self, raw: Document) -> Document:
        """The sound copy of the whole."""
        sound = self.fields(raw, "document", ())
        if not isinstance(sound.get("info"), dict):
            sound["info"] = {"title": "", "version": ""}
            self.repairs["missing_info"] += 1
        if "paths" not in sound:
            sound["paths"] = {}
            self.repaired("" if self.newer else "missing_paths")
        sound["openapi"] = raw["openapi"]
        self.add_outside(raw, sound)
        self.write_references(sound)
        for at, way in break_circles(sound, self.inherits):
            self.faults.append(Fault(pointer=show(at), problem=f"the schema inherits from itself: {way}"))
        return sound

    def write_references(self, sound: Document) -> None:
        """Write each reference in the one way there is, to where its target stands now."""
        for holder, key, pointer in self.holders:
            now = places.follow(pointer, self.moved)
            if places.value_at(sound, now) is None:
                raise DocumentError(f"{show(pointer)}: a reference leads into the middle of what had to be mended")
            holder[key] = show(now)

    def add_outside(self, raw: Document, sound: Document) -> None:
        """Put what references lead to outside of every named place there, as the objects that they ask for."""
        owned: set[Pointer] = set()
        done = 0
        while done < len(self.outside):
            pointer = list(self.outside)[done]
            done += 1
            kind = self.outside[pointer]
            found = self.object(places.value_at(raw, pointer), kind, places.nested(pointer))
            places.put(sound, pointer, _neutral(kind) if found is NOTHING else found, owned)

    # Objects.

    def object(self, value: Any, kind: str, at: Place) -> Any:
        """The sound copy of an object, or NOTHING after its fault was named."""
        self.spend(at)
        value, rule = slips.shaped(value, kind)
        self.repaired(rule)
        if type(value) is not dict:
            if kind == "schema" and type(value) is bool:
                return value
            return self.fault(at, f"this is {kind_of(value)}, not {with_article(kind)}")
        self.descend(at)
        found = self.reference(value, kind, at) if "$ref" in value else self.whole(value, kind, at)
        self.depth -= 1
        return found

    def whole(self, value: dict[str, Any], kind: str, at: Place) -> Any:
        """The sound copy of an object that is no reference."""
        found = self.fields(value, kind, at)
        if kind == "discriminator" and not found.get("propertyName"):
            return self.drop("discriminator_without_property")
        rule = slips.RULES.get(kind)
        if rule is not None:
            mended, word = rule(found, value)
            if mended is None:
                return self.fault(at, word)
            found = mended
            self.repaired(word)
        if kind == "discriminator" and "mapping" in found:
            found["mapping"] = self.mapping(found["mapping"], (at, "mapping"))
        elif kind == "schema" and "allOf" in found:
            here = places.flat(at)
            self.inherits[here] = [(*here, "allOf", str(index)) for index in range(len(found["allOf"]))]
        return found

    def fields(self, value: dict[str, Any], kind: str, at: Place) -> dict[str, Any]:
        """The fields of an object, each sound."""
        rules = RULES[kind]
        found: dict[str, Any] = {}
        for key, inner in value.items():
            rule = rules.get(key) or rule_of(kind, key)
            if rule is None:
                self.unnamed(found, value, key, kind, at)
                continue
            if inner is None and rule.kind not in ("data", "type", "operation"):
                self.repairs["null"] += 1
                continue
            sound = self.field(inner, rule, (at, key))
            if sound is not NOTHING:
                found[key] = sound
        return found

    def unnamed(self, found: dict[str, Any], value: dict[str, Any], key: str, kind: str, at: Place) -> None:
        """A field that the specification does not name."""
        inner = value[key]
        method = slips.method_of(key) if kind == "path item" else None
        if method is not None and method in {*value, *found}:
            self.fault((at, key), f"the path has an operation `{method}` already")
        elif method is not None:
            sound = self.field(inner, RULES[kind][method], (at, key))
            if sound is not NOTHING:
                found[method] = sound
                self.moved.setdefault(places.flat(at), {})[key] = method
                self.repairs["method_case"] += 1
        elif key.startswith("x-"):
            if kind != "callback":
                found[key] = inner
        elif kind == "path item" and slips.is_operation(inner):
            self.fault((at, key), "this is not a method of OpenAPI")
        else:
            self.repairs["unnamed_field"] += 1

    def field(self, value: Any, rule: Rule, at: Place) -> Any:
        """The value of a field, or NOTHING."""
        if rule.is_map:
            return self.named(value, rule, at)
        if rule.is_list:
            return self.many(value, rule.kind, at)
        if rule.kind in plain.RULES:
            return self.plain(value, rule.kind, at)
        if rule.kind == "items" and type(value) is list:
            self.repairs["list_of_items"] += 1
            members = self.many(value, "schema", at)
            return members if members is NOTHING else {"anyOf": members}
        if rule.kind == "additional" and type(value) in (bool, str):
            return self.plain(value, "flag", at)
        return self.object(value, "schema" if rule.kind in ("items", "additional") else rule.kind, at)

    def plain(self, value: Any, kind: str, at: Place) -> Any:
        """A value that is no object of OpenAPI."""
        if kind == "type" and value is None and not self.newer:
            return self.drop("null")
        found = plain.RULES[kind](value)
        if found.problem:
            self.fault(at, found.problem)
        self.repaired(found.rule)
        return found.value if found.keeps else NOTHING

    def named(self, value: Any, rule: Rule, at: Place) -> Any:
        """A map of names to objects."""
        kind = rule.kind
        if type(value) is not dict:
            if kind == "example":
                return self.drop("example_value")
            return self.fault(at, f"this is {kind_of(value)}, not a map of names to objects")
        if type(value.get("$ref")) is str:
            return self.inline(value, at, lambda inner, there: self.named(inner, rule, there))
        found: dict[str, Any] = {}
        for key, inner in value.items():
            if rule.extensible and key.startswith("x-"):
                continue
            if at == ((), "paths") and (problem := slips.path_problem(key)):
                self.fault((at, key), problem)
                found[key] = _neutral(kind)
                continue
            if inner is None and kind in _EMPTY:
                found[key] = _neutral(kind)
                self.repairs["null"] += 1
            else:
                sound = self.object(inner, kind, (at, key))
                if sound is not NOTHING or kind in _NEUTRAL:
                    found[key] = _neutral(kind) if sound is NOTHING else sound
        return self.with_slashes(found, at) if at == ((), "paths") else found

    def with_slashes(self, found: dict[str, Any], at: Place) -> dict[str, Any]:
        """The paths, each with the slash that it begins with."""
        slashed = {key: f"/{key}" for key in found if not key.startswith(("/", "x-")) and f"/{key}" not in found}
        if not slashed:
            return found
        self.moved[places.flat(at)] = slashed
        self.repairs["path_slash"] += len(slashed)
        return {slashed.get(key, key): item for key, item in found.items()}

    def many(self, value: Any, kind: str, at: Place) -> Any:
        """A list of objects."""
        if type(value) is not list:
            if not isinstance(value, dict | str):
                return self.fault(at, f"this is {kind_of(value)}, not a list")
            is_numbered = isinstance(value, dict) and bool(value) and all(map(str.isdecimal, value))
            self.repairs["numbered_list" if is_numbered else "list_of_one"] += 1
            value = value if is_numbered else [value]
        found: list[Any] = []
        items = value.items() if isinstance(value, dict) else zip(map(str, range(len(value))), value, strict=True)
        for index, inner in items:
            sound = self.drop("null") if inner is None else self.object(inner, kind, (at, index))
            if sound is not NOTHING:
                found.append(sound)
            elif kind == "schema" and inner is not None:
                found.append({})
            if index != (now := str(max(len(found) - 1, 0))):
                self.moved.setdefault(places.flat(at), {})[index] = now
        return found if found or kind != "schema" else self.drop("empty_list")


def _neutral(kind: str) -> dict[str, Any]:
    return dict(_NEUTRAL.get(kind, {}))
