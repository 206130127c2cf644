"""From an operation to every schema that it reaches, in both documents at once. Owns the collection of findings: each
once, with every place at which it is met, by the shortest way to it.

Facts
- Schemas may lead back to themselves: a pair that was met at a place is not entered again there.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from ..document import Document, Pointer
from .fields import Schemas
from .judging import Direction
from .keywords import Found
from .shapes import Spot


@dataclass(frozen=True, kw_only=True)
class Use:
    """A place of an operation that a change reaches."""

    operation: str
    """Such as `POST /v2/users`; empty for the document as a whole."""
    place: str
    """Such as `request body`, `response 200`, `query parameter limit`; empty for the operation itself."""
    field: str
    """Such as `detail[].loc`; empty for the thing itself, `{}` for the values of a map."""


@dataclass(kw_only=True)
class Findings:
    """What was found, in the order in which it was met."""

    found: dict[tuple[Any, ...], Found] = field(default_factory=dict)
    uses: dict[tuple[Any, ...], list[Use]] = field(default_factory=dict)

    def add(self, item: Found, use: Use) -> None:
        """Note the finding at a place; a place may hold it at several fields, and the first is told."""
        self.found.setdefault(item.key, item)
        uses = self.uses.setdefault(item.key, [])
        if not uses or (uses[-1].operation, uses[-1].place) != (use.operation, use.place):
            uses.append(use)


class Walk:
    """The way through the schemas of two documents."""

    def __init__(self, old: Document, new: Document, findings: Findings) -> None:
        self._schemas = Schemas(old, new)
        self._findings = findings

    def are_alike(self, old: Any, new: Any) -> bool:
        """Whether two nodes say the same."""
        return self._schemas.are_alike(old, new)

    def enter(self, direction: Direction, old: Spot, new: Spot, operation: str, place: str) -> None:
        """Collect what differs below two schemas."""
        if self.are_alike(old.node, new.node):
            return
        waiting = deque([("", old, new)])
        seen: set[tuple[Pointer, ...]] = set()
        while waiting:
            path, was, now = waiting.popleft()
            at = self._schemas.where(was, now)
            compared = self._schemas.compare(direction, was, now)
            for item in compared.found:
                self._findings.add(item, Use(operation=operation, place=place, field=_join(path, item.field)))
            if at in seen:
                continue
            seen.add(at)
            waiting.extend((_join(path, inside.field), inside.old, inside.new) for inside in compared.inside)


def _join(path: str, name: str) -> str:
    dotless = not path or not name or name in ("[]", "{}")
    return f"{path}{name}" if dotless else f"{path}.{name}"
