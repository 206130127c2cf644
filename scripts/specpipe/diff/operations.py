"""The operations of a document, and what pairs them with those of another. Owns their names in a report.

Facts
- The name of a parameter in a path is never sent: paths that are called otherwise are paired without it.
- A callback or a webhook is called by the vendor: what it sends is a response to whoever listens.
- Where a callback goes (its expression) tells it from others of the same name; one that goes elsewhere is the same.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..document import METHODS, Document, Pointer, lookup, parse_ref
from .shapes import NOTHING, Spot

Pairs = list[tuple["Operation | None", "Operation | None"]]


@dataclass(frozen=True, kw_only=True)
class Operation:
    """An operation, and the name it goes by in a report."""

    name: str
    spot: Spot
    shared: Spot
    """What its path says for all of its operations."""
    prefix: str = ""
    told: bool = False
    """Whether the vendor calls it."""
    expression: str = ""
    """Where a callback goes."""

    @property
    def keys(self) -> tuple[str, ...]:
        """What it may be known by in another document, the surest first."""
        blank = re.sub(r"\{[^}]*\}", "{}", self.name)
        exact = f"{self.prefix} {self.expression}"
        return f"{self.name} {exact}", f"{blank} {exact}", f"{blank} {self.prefix}"


def paired(old: Document, new: Document) -> Pairs:
    """Every operation of the new document with the one that it was, then those that are gone."""
    before, after = list(operations(old)), list(operations(new))
    found: dict[int, int] = {}
    for level in range(3):
        known = set(found.values())
        waiting: dict[str, list[int]] = {}
        for index, one in reversed(list(enumerate(before))):
            if index not in known:
                waiting.setdefault(one.keys[level], []).append(index)
        for index, one in enumerate(after):
            if index not in found and waiting.get(one.keys[level]):
                found[index] = waiting[one.keys[level]].pop()
    known = set(found.values())
    gone = [one for index, one in enumerate(before) if index not in known]
    pairs: Pairs = [(before[found[index]] if index in found else None, one) for index, one in enumerate(after)]
    return pairs + [(one, None) for one in gone]


def operations(document: Document) -> Iterator[Operation]:
    """Every operation in document order, webhooks and callbacks at the end."""
    found = []
    for section, told in (("paths", False), ("webhooks", True)):
        for path, item in (document.get(section) or {}).items():
            spot = spot_of(document, Spot(at=(section, path), node=item))
            for method in METHODS:
                if isinstance(spot.node.get(method), dict):
                    name = f"{'webhook ' if told else ''}{method.upper()} {path}"
                    found.append(Operation(name=name, spot=spot.child(method), shared=spot, told=told))
    yield from found
    for one in found:
        yield from _callbacks(document, one)


def _callbacks(document: Document, operation: Operation) -> Iterator[Operation]:
    for name in operation.spot.node.get("callbacks") or {}:
        callback = spot_of(document, operation.spot.child("callbacks", name))
        for expression, item in callback.node.items():
            path = spot_of(document, Spot(at=(*callback.at, expression), node=item))
            for method in METHODS:
                if isinstance(path.node.get(method), dict):
                    yield Operation(
                        name=operation.name,
                        spot=path.child(method),
                        shared=path,
                        prefix=f"callback {name} {method.upper()} ",
                        told=not operation.told,
                        expression=expression,
                    )


def spot_of(document: Document, spot: Spot) -> Spot:
    """The object that stands at a place in the end, and where; nothing where a reference leads nowhere."""
    seen: set[Pointer] = set()
    while isinstance(spot.node, dict) and isinstance(spot.node.get("$ref"), str):
        at = parse_ref(spot.node["$ref"])
        if at is None or at in seen:
            return NOTHING
        seen.add(at)
        try:
            spot = Spot(at=at, node=lookup(document, at))
        except KeyError:
            return NOTHING
    return spot if isinstance(spot.node, dict) else NOTHING
