"""Where references lead. Owns the verdict on each: it leads to an object of the right kind, or what is wrong with it.
Changes nothing.

Facts
- A reference is a URI fragment, so `%7B` in it is `{`. Some documents write a key's percent sign as it is.
- A reference without a slash behind its `#` leads to the schema with that `$anchor`. What stands in a schema with an
  `$id` refers to places in it, or to other schemas by theirs; that is not followed.
- A reference may lead to a place that the specification does not name, such as `#/definitions/Pet`. What stands there
  is then of the kind that the reference asks for.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ..document import Document, Pointer, lookup, parse_ref
from .known import Known, known_schemas
from .objects import kind_at, with_article


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Where a reference leads, or the problem with it."""

    pointer: Pointer = ()
    problem: str | None = None
    outside: bool = False
    """Whether the specification names no such place."""
    circle: frozenset[Pointer] = frozenset()
    """The places of a circle that references alone make and that this one leads into."""


@dataclass(kw_only=True)
class Targets:
    """The verdicts for one document; `refused` says for references that were not followed why, by their place."""

    document: Document
    refused: Mapping[Pointer, str] = field(default_factory=dict)
    _known: dict[tuple[str, str], Verdict] = field(default_factory=dict)
    _circles: dict[Pointer, frozenset[Pointer]] = field(default_factory=dict)

    @cached_property
    def schemas(self) -> Known:
        """The schemas that are known by another name than their place; looked for when a reference asks."""
        return known_schemas(self.document)

    def verdict(self, ref: Any, kind: str, at: Pointer) -> Verdict:
        """The verdict on the reference to an object of that kind which the object at the pointer holds."""
        if not isinstance(ref, str):
            return Verdict(problem="`$ref` is not a text")
        known = self._known.get((ref, kind))
        if known is None:
            known = self._known[ref, kind] = self._judge(ref, kind)
        if known.problem and self.schemas.means_identity(ref, at):
            return Verdict(problem=f"{known.problem}; `$id` is not supported")
        if known.problem and at in self.refused:
            return Verdict(problem=self.refused[at])
        if at in known.circle:
            return Verdict(problem=f"the reference {_brief(ref)} leads in a circle")
        return known

    def find(self, ref: str) -> tuple[Pointer, Any] | None:
        """The place that the reference leads to and what stands there; None when it leads nowhere."""
        for pointer in (parse_ref(ref), _literal(ref), self._anchored(ref)):
            try:
                if pointer is not None:
                    return pointer, lookup(self.document, pointer)
            except KeyError:
                continue
        return None

    def _anchored(self, ref: str) -> Pointer | None:
        places = self.schemas.anchors.get(ref[1:], ()) if _is_anchor(ref) else ()
        return places[0] if len(places) == 1 else None

    def _about_anchor(self, ref: str) -> str:
        if not _is_anchor(ref):
            return ""
        number = len(self.schemas.anchors.get(ref[1:], ()))
        return f": {f'{number} schemas have' if number else 'no schema has'} that `$anchor`"

    def _judge(self, ref: str, kind: str) -> Verdict:
        if not ref.startswith("#"):
            return Verdict(problem=f"the reference {_brief(ref)} leads out of the document")
        found = self.find(ref)
        if found is None:
            return Verdict(problem=f"the reference {_brief(ref)} leads nowhere{self._about_anchor(ref)}")
        pointer, value = found
        there = kind_at(pointer)
        if there is not None and there != kind:
            what = with_article(there) if there else "no object of OpenAPI"
            return Verdict(problem=f"the reference {_brief(ref)} leads to {what}, not to {with_article(kind)}")
        is_object = isinstance(value, dict) or kind == "example" or (kind == "schema" and isinstance(value, bool))
        if not is_object:
            return Verdict(
                problem=f"the reference {_brief(ref)} leads to {kind_of(value)}, not to {with_article(kind)}"
            )
        return Verdict(pointer=pointer, outside=there is None, circle=self._circle(pointer, value))

    def _circle(self, pointer: Pointer, value: Any) -> frozenset[Pointer]:
        way: dict[Pointer, int] = {}
        found: frozenset[Pointer] = frozenset()
        while isinstance(value, dict) and isinstance(value.get("$ref"), str):
            if pointer in self._circles:
                found = self._circles[pointer]
                break
            if pointer in way:
                found = frozenset(list(way)[way[pointer] :])
                break
            way[pointer] = len(way)
            further = self.find(value["$ref"])
            if further is None:
                break
            pointer, value = further
        self._circles.update(dict.fromkeys(way, found))
        return found


def kind_of(value: Any) -> str:
    """What a value is in JSON, with its article."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return "a boolean"
    return "null" if value is None else "a text" if isinstance(value, str) else "a number"


def _is_anchor(ref: str) -> bool:
    return ref.startswith("#") and not ref.startswith("#/") and len(ref) > 1


def _literal(ref: str) -> Pointer | None:
    if "%" not in ref or not ref.startswith("#/"):
        return None
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in ref[2:].split("/"))


def _brief(ref: str) -> str:
    return repr(ref if len(ref) <= 200 else f"{ref[:200]}…")
