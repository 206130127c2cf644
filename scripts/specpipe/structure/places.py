"""Places in a document. Owns the nested form of a pointer, which a pass over a document can make a step longer at no
cost, and the moving of pointers where things have moved. Changes documents only in `put`.
"""

from collections.abc import Mapping
from typing import Any

from ..document import Document, Pointer, lookup

Place = Any
"""The place above and the last part of the pointer, nested; () at the root."""


def nested(pointer: Pointer) -> Place:
    """The pointer in its nested form."""
    at: Place = ()
    for part in pointer:
        at = (at, part)
    return at


def flat(at: Place) -> Pointer:
    """The pointer of a place."""
    parts = []
    while at:
        at, part = at
        parts.append(part)
    return tuple(reversed(parts))


def value_at(document: Document, pointer: Pointer) -> Any:
    """The value at the pointer, None where there is none."""
    try:
        return lookup(document, pointer)
    except KeyError:
        return None


def follow(pointer: Pointer, moved: Mapping[Pointer, Mapping[str, str]]) -> Pointer:
    """The pointer after the parts below some places got other names."""
    if not any(pointer[:length] in moved for length in range(len(pointer))):
        return pointer
    return tuple(moved.get(pointer[:length], {}).get(part, part) for length, part in enumerate(pointer))


def put(document: Document, pointer: Pointer, value: Any, owned: set[Pointer]) -> None:
    """Put the value at the pointer of the document, in copies of the containers above it.

    `owned` holds the places of the copies already made. Where a list above it has no such index, nothing is put.
    """
    node: Any = document
    for length, part in enumerate(pointer[:-1], 1):
        key = _key(node, part)
        if key is None:
            return
        known = node[key] if isinstance(node, list) else node.get(key)
        if pointer[:length] not in owned or not isinstance(known, dict | list):
            known = list(known) if isinstance(known, list) else dict(known) if isinstance(known, dict) else {}
            node[key] = known
            owned.add(pointer[:length])
        node = known
    last = _key(node, pointer[-1])
    if last is not None:
        node[last] = value


def _key(node: Any, part: str) -> Any:
    if not isinstance(node, list):
        return part
    return int(part) if part.isdecimal() and len(part) < 10 and int(part) < len(node) else None
