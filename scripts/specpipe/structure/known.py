"""Schemas that are known by another name than their place: by `$anchor` and by `$id`. Owns the search for them, and the
question whether a reference means an `$id`. Refuses nothing: whoever looks for an anchor decides what two alike mean.
"""

from dataclasses import dataclass
from typing import Any

from ..document import Document, Pointer
from .objects import kind_at


@dataclass(frozen=True, kw_only=True)
class Known:
    """The places of the schemas by `$anchor`, and the `$id` of the schemas by place."""

    anchors: dict[str, list[Pointer]]
    ids: dict[Pointer, str]

    def means_identity(self, ref: Any, at: Pointer) -> bool:
        """Whether the reference at the place is one to a schema by its `$id`, or to a place in a schema with one."""
        if not isinstance(ref, str) or not self.ids:
            return False
        if ref.startswith("#"):
            return any(at[:length] in self.ids for length in range(len(at) + 1))
        name = _last_part(ref)
        return bool(name) and any(_last_part(known) == name for known in self.ids.values())


def known_schemas(document: Document) -> Known:
    """What the document's schemas are known by."""
    known = Known(anchors={}, ids={})
    waiting: list[tuple[Pointer, Any]] = [((), document)]
    while waiting:
        at, node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(((*at, str(index)), item) for index, item in enumerate(node))
        elif isinstance(node, dict):
            waiting.extend(((*at, key), item) for key, item in node.items() if isinstance(item, dict | list))
            if ("$anchor" in node or "$id" in node) and kind_at(at) == "schema":
                if isinstance(anchor := node.get("$anchor"), str):
                    known.anchors.setdefault(anchor, []).append(at)
                if isinstance(identity := node.get("$id"), str):
                    known.ids[at] = identity
    return known


def _last_part(address: str) -> str:
    return address.partition("#")[0].rstrip("/").rpartition("/")[2]
