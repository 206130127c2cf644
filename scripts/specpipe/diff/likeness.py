"""Whether two schemas say the same, wherever they stand. Owns a mark for each schema of two documents: equal marks mean
equal schemas, whatever the components are called that they refer to, also where schemas lead back to themselves.

Facts
- The marks of components in circles are refined in rounds until no round tells more of them apart; then equal marks
  stay equal however deep one looks. Real documents need fewer than ten rounds.
- Two spellings of one schema may have different marks. That costs a look, and never hides a change.
"""

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from ..document import SCHEMA_MAPS, Document, lookup, parse_ref, references
from .shapes import WORDING, target

_SETS = ("enum", "required", "type")


class Likeness:
    """The marks of all schemas of the old and the new document."""

    def __init__(self, *documents: Document) -> None:
        self._texts: dict[int, tuple[str, tuple[str, ...]]] = {}
        self._kept: list[Any] = []
        self._marks: list[dict[str, str]] = []
        circular = [self._straight(dict(_targets(document))) for document in documents]
        told_apart = 0
        while True:
            rounds = [
                {ref: self._mark(node, known) for ref, node in found.items()}
                for found, known in zip(circular, self._marks, strict=True)
            ]
            for known, marks in zip(self._marks, rounds, strict=True):
                known.update(marks)
            apart = len({mark for marks in rounds for mark in marks.values()})
            if apart == told_apart:
                return
            told_apart = apart

    def _straight(self, targets: dict[str, Any]) -> dict[str, Any]:
        """Mark what leads to no circle, the innermost first; what is left."""
        known = dict.fromkeys(targets, "")
        self._marks.append(known)
        needs = {ref: {inner for inner in self._text(node)[1] if inner in targets} for ref, node in targets.items()}
        users: dict[str, list[str]] = {}
        for ref, inners in needs.items():
            for inner in inners:
                users.setdefault(inner, []).append(ref)
        ready = [ref for ref, inners in needs.items() if not inners]
        left = dict(targets)
        while ready:
            ref = ready.pop()
            known[ref] = self._mark(left.pop(ref), known)
            for user in users.get(ref, ()):
                needs[user].discard(ref)
                if not needs[user]:
                    ready.append(user)
        return left

    def mark(self, side: int, node: Any) -> str:
        """The mark of a node of the first document (0) or the second (1)."""
        return self._mark(node, self._marks[side])

    def _mark(self, node: Any, known: dict[str, str]) -> str:
        text, refs = self._text(node)
        return sha256("\n".join((text, *(known.get(ref, "nowhere") for ref in refs))).encode()).hexdigest()

    def _text(self, node: Any) -> tuple[str, tuple[str, ...]]:
        found = self._texts.get(id(node))
        if found is None:
            refs: list[str] = []
            bare = _bare(node, refs, names=False)
            found = (json.dumps(bare, sort_keys=True, default=str), tuple(refs))
            self._texts[id(node)] = found
            # An id belongs to its object for as long as that lives.
            self._kept.append(node)
        return found


def _targets(document: Document) -> Iterator[tuple[str, Any]]:
    for _, ref in references(document, names=False):
        pointer = parse_ref(ref)
        try:
            yield ref, lookup(document, pointer or ("",))
        except KeyError:
            yield ref, {}


def _bare(node: Any, refs: list[str], *, names: bool) -> Any:
    """The node without words and names of components; what it refers to goes to `refs`, in a fixed order."""
    if isinstance(node, list):
        return [_bare(item, refs, names=False) for item in node]
    if not isinstance(node, dict):
        return node
    result = {}
    for key in sorted(node):
        value = node[key]
        if names:
            result[key] = _bare(value, refs, names=False)
        elif key == "$ref" and isinstance(value, str):
            refs.append(value)
            result[key] = ""
        elif key == "discriminator" and isinstance(value, dict):
            mapping = value.get("mapping") or {}
            refs.extend(target(mapping[tag]) for tag in sorted(mapping))
            result[key] = [value.get("propertyName"), sorted(mapping)]
        elif key in _SETS and isinstance(value, list):
            result[key] = sorted(json.dumps(item, default=str) for item in value)
        elif key in ("default", "const"):
            result[key] = value
        elif key not in WORDING and not key.startswith("x-"):
            result[key] = _bare(value, refs, names=key in SCHEMA_MAPS)
    return result
