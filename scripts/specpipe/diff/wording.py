"""How many edits there are that change nothing on the wire. Owns the count of descriptions, examples, titles, tags and
extensions that differ; what is new or gone as a whole does not count.

Facts
- Edits are matched by place. Parameters are known by their names, other members of lists by their number.
"""

import json
from collections.abc import Iterator
from typing import Any

from ..document import SCHEMA_MAPS, Document, Pointer
from .spelling import WORDING

_NAMED = {*SCHEMA_MAPS, "callbacks", "components", "content", "headers", "links", "paths", "responses", "webhooks"}


def count(old: Document, new: Document) -> int:
    """The number of places that both documents have and describe otherwise."""
    sides = [dict(_texts({**document, "info": {}}, ())) for document in (old, new)]
    holders = [_holders(side) for side in sides]
    return sum(
        sides[0].get(at) != sides[1].get(at)
        for at in {**sides[0], **sides[1]}
        if at[:-1] in holders[0] and at[:-1] in holders[1]
    )


def _holders(texts: dict[Pointer, str | None]) -> set[Pointer]:
    return {at[:-1] for at in texts}


def _texts(node: Any, at: Pointer, *, names: bool = False) -> Iterator[tuple[Pointer, str | None]]:
    """Every text with its place; for each object one more, so that it is known to be there."""
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from _texts(item, (*at, _called(item, index)))
    elif isinstance(node, dict):
        yield (*at, ""), None
        for key, value in node.items():
            if not names and (key in WORDING or key.startswith("x-")):
                yield (*at, key), json.dumps(value, sort_keys=True, default=str)
            elif key not in ("default", "enum", "const") or names:
                yield from _texts(value, (*at, key), names=at == ("components",) or (not names and key in _NAMED))


def _called(item: Any, index: int) -> str:
    if isinstance(item, dict) and "in" in item and "name" in item:
        return f"{item['in']} {item['name']}"
    return str(index)
