"""The operations that somebody wants of a document that may be wrong elsewhere. Owns which faults lie in what was
chosen; refuses nothing, but tells which selectors choose nothing.

Facts
- The structure pass drops an operation or a component that cannot be used at all. An operation that is not there any
  more may be one that was wanted, and a reference to a parameter without a name is gone with it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .document import METHODS, Document, Pointer, operations, parse_ref, references
from .faults import Fault
from .select import select, with_brought_along
from .selectors import Known, match
from .structure import Sound
from .structure.places import value_at

_NAMED_PART = 3
"""How long the pointer of an operation or a component is."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The chosen operations as a document, pruned, and the faults in it.

    `missing` are the selectors that choose nothing, each with the end of a sentence that names what is near.
    """

    document: Document
    faults: tuple[Fault, ...]
    missing: dict[str, str]


def choose(sound: Sound, selectors: Iterable[str], *, raw: Document) -> Choice:
    """What the selectors choose of the sound document, and those of its faults that lie in it.

    `raw` is the document as it was before it was made sound.
    """
    document = sound.document
    known = [
        Known(method, path, operation.get("operationId", ""), tuple(operation.get("tags", ())))
        for method, path, operation in operations(document)
    ]
    there = {item.key for item in known}
    gone = {fault: item for fault in sound.faults if (item := _gone(fault, document)) is not None}
    keys, missing = match(selectors, [*known, *gone.values()])
    along, brought = with_brought_along(document, keys)
    chosen = select(along, keys & there)
    reached = set(_reached(raw, chosen))

    def is_inside(fault: Fault) -> bool:
        pointer = parse_ref(fault.pointer) or ()
        if fault in gone:
            return gone[fault].key in keys
        if any(pointer[: len(part)] == part for part in brought):
            return True
        around = [pointer[:length] for length in range(1, min(len(pointer), _NAMED_PART) + 1)]
        if len(around) == _NAMED_PART and pointer[0] == "components" and value_at(document, around[-1]) is None:
            return around[-1] in reached
        return not any(value_at(document, part) is not None and value_at(chosen, part) is None for part in around)

    return Choice(document=chosen, faults=tuple(filter(is_inside, sound.faults)), missing=missing)


def _gone(fault: Fault, document: Document) -> Known | None:
    """The operation that the fault may have cost, or the path whose operations all are gone; None for other faults."""
    pointer = parse_ref(fault.pointer) or ()
    if pointer[:1] != ("paths",) or not 1 < len(pointer) <= _NAMED_PART:
        return None
    path = pointer[1] if pointer[1].startswith("/") else f"/{pointer[1]}"
    if len(pointer) == _NAMED_PART and pointer[-1].lower() in METHODS:
        return Known(pointer[-1].lower(), path)
    left = value_at(document, ("paths", path)) or {}
    return None if any(method in left for method in METHODS) else Known("", path)


def _reached(raw: Document, chosen: Document) -> Iterator[Pointer]:
    """The components that what was chosen referred to before it was made sound."""
    parts = [("paths", path, method) for path, item in chosen["paths"].items() for method in item]
    parts += [
        ("components", section, name) for section, named in chosen.get("components", {}).items() for name in named
    ]
    for part in parts:
        for _, ref in references(value_at(raw, part)):
            pointer = parse_ref(ref) or ()
            if len(pointer) >= _NAMED_PART:
                yield pointer[:_NAMED_PART]
