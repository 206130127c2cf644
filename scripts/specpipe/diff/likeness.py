"""Whether two schemas say the same, wherever they stand. Owns a mark for each schema of two documents: equal marks mean
equal schemas, whatever the components are called that they refer to, also where schemas lead back to themselves.

Facts
- What references lead to is sorted into classes: at first by what stands there, then apart wherever members refer to
  different classes. Of a class that comes apart the largest piece stays, and only who refers to the others is looked at
  again (Hopcroft), so that a circle of thousands costs no more than thousands of schemas.
- Two spellings of one schema may have different marks. That costs a look, and never hides a change.
"""

import json
from collections.abc import Hashable, Iterable, Iterator
from hashlib import sha256
from typing import Any

from ..document import SCHEMA_MAPS, Document, lookup, parse_ref, references
from .shapes import Spot, target
from .spelling import is_wording

_SETS = ("enum", "required", "type")

_Target = tuple[int, str]
"""The document, and the reference that leads there."""


class Likeness:
    """The marks of all schemas of the old and the new document."""

    def __init__(self, *documents: Document) -> None:
        self._texts: dict[int, tuple[str, tuple[str, ...]]] = {}
        self._kept: list[Any] = []
        targets = {(side, ref): node for side, document in enumerate(documents) for ref, node in _targets(document)}
        self._class = dict.fromkeys(targets, 0)
        self._marks: dict[tuple[int, int], str] = {}
        self._sort(targets)

    def are_alike(self, old: Spot, new: Spot) -> bool:
        """Whether what stands in the old document says what stands in the new one."""
        return self.mark(0, old) == self.mark(1, new)

    def mark(self, side: int, spot: Spot) -> str:
        """The mark of a place of the first document (0) or the second (1)."""
        if spot.more:
            return _digest(sorted({self._mark(side, one.node) for one in spot.each}))
        return self._mark(side, spot.node)

    def text(self, spot: Spot) -> Hashable:
        """What stands at a place, with the names of what it refers to, whatever that says."""
        return tuple(self._text(one.node) for one in spot.each)

    def _mark(self, side: int, node: Any) -> str:
        known = (side, id(node))
        if known not in self._marks:
            text, refs = self._text(node)
            self._marks[known] = _digest([text, *map(str, self._classes(side, refs))])
        return self._marks[known]

    def _classes(self, side: int, refs: Iterable[str]) -> tuple[int, ...]:
        return tuple(self._class.get((side, ref), -1) for ref in refs)

    def _sort(self, targets: dict[_Target, Any]) -> None:
        users: dict[_Target, list[_Target]] = {one: [] for one in targets}
        for one, node in targets.items():
            for ref in set(self._text(node)[1]):
                users.setdefault((one[0], ref), []).append(one)
        members: list[set[_Target]] = [set(targets)]
        changed: Iterable[_Target] = targets
        while True:
            moved: list[_Target] = []
            for number, pieces in self._come_apart(targets, changed, members):
                for piece in pieces:
                    members[number].difference_update(piece)
                    members.append(set(piece))
                    moved.extend(piece)
                    self._class.update(dict.fromkeys(piece, len(members) - 1))
            changed = dict.fromkeys(user for one in moved for user in users[one])
            if not moved:
                return

    def _come_apart(
        self, targets: dict[_Target, Any], changed: Iterable[_Target], members: list[set[_Target]]
    ) -> list[tuple[int, list[list[_Target]]]]:
        """By class, the pieces that leave it. Who refers to nothing that moved is one piece still."""
        pieces: dict[int, dict[Any, list[_Target]]] = {}
        for one in changed:
            text, refs = self._text(targets[one])
            saying = (text, self._classes(one[0], refs))
            pieces.setdefault(self._class[one], {}).setdefault(saying, []).append(one)
        result = []
        for number, by_saying in pieces.items():
            found = sorted(by_saying.values(), key=len)
            rest = len(members[number]) - sum(map(len, found))
            if rest < len(found[-1]):
                found[-1] = list(members[number].difference(*found))
            result.append((number, [piece for piece in found if piece]))
        return result

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


def _digest(parts: Iterable[str]) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()


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
        elif not is_wording(key):
            result[key] = _bare(value, refs, names=key in SCHEMA_MAPS or key == "encoding")
    return result
