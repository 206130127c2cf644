"""The operations of a document, and what pairs them with those of another. Owns their names in a report.

Facts
- The name of a parameter in a path is never sent: paths are paired without it.
- A callback or a webhook is called by the vendor: what it sends is a response to whoever listens.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..document import METHODS, Document, Pointer, lookup, parse_ref
from .shapes import NOTHING, Spot


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


def operations(document: Document) -> dict[str, Operation]:
    """Every operation by what pairs it, in document order, webhooks and callbacks at the end."""
    found: dict[str, Operation] = {}
    for section, told in (("paths", False), ("webhooks", True)):
        for path, item in (document.get(section) or {}).items():
            spot = spot_of(document, Spot(at=(section, path), node=item))
            for method in METHODS:
                if isinstance(spot.node.get(method), dict):
                    name = f"{'webhook ' if told else ''}{method.upper()} {path}"
                    one = Operation(name=name, spot=spot.child(method), shared=spot, told=told)
                    found.setdefault(re.sub(r"\{[^}]*\}", "{}", name), one)
    calls = [call for one in found.values() for call in _callbacks(document, one)]
    return found | {f"{call.name} {call.prefix}": call for call in calls}


def _callbacks(document: Document, operation: Operation) -> Iterator[Operation]:
    for name in operation.spot.node.get("callbacks") or {}:
        callback = spot_of(document, operation.spot.child("callbacks", name))
        for expression, item in callback.node.items():
            path = spot_of(document, Spot(at=(*callback.at, expression), node=item))
            for method in METHODS:
                if isinstance(path.node.get(method), dict):
                    prefix = f"callback {name} {method.upper()} "
                    yield Operation(
                        name=operation.name,
                        spot=path.child(method),
                        shared=path,
                        prefix=prefix,
                        told=not operation.told,
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
