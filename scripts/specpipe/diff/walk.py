"""From an operation to every schema that it reaches, in both documents at once. Owns the collection of findings: each
once, with every place at which it is met, by the shortest way to it.

Facts
- Schemas may lead back to themselves: a pair that was met at a place is not entered again there.
- Many operations reach the same schemas: what a pair comes to is kept, and a way is only written out where something
  was found at its end.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from ..document import Document
from .fields import Compared, Schemas
from .judging import Direction
from .keywords import Found, Role
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


@dataclass(frozen=True, kw_only=True)
class _Step:
    name: str
    before: "_Step | None"

    def path(self, last: str) -> str:
        """The way to a field."""
        names, step = [last], self
        while step.before is not None:
            names.append(step.name)
            step = step.before
        dotted = "".join(name if name in ("", "[]", "{}") else f".{name}" for name in reversed(names))
        return dotted.removeprefix(".")


class Walk:
    """The way through the schemas of two documents."""

    def __init__(self, old: Document, new: Document, findings: Findings) -> None:
        self.schemas = Schemas(old, new)
        self._findings = findings

    def enter(
        self, direction: Direction, old: Spot, new: Spot, operation: str, place: str, *, is_needed: bool = False
    ) -> None:
        """Collect what differs below two schemas. `is_needed` says that nobody can leave the whole out."""
        if self.schemas.are_alike(old, new):
            return
        role: Role = "needed" if is_needed else "field"
        start = self.schemas.compare(direction, old, new, role)
        waiting: deque[tuple[_Step, Compared]] = deque([(_Step(name="", before=None), start)])
        seen = {start.number}
        while waiting:
            step, compared = waiting.popleft()
            for item in compared.found:
                self._findings.add(item, Use(operation=operation, place=place, field=step.path(item.field)))
            for name, inside in self.schemas.inside(compared):
                if inside.number not in seen:
                    seen.add(inside.number)
                    waiting.append((_Step(name=name, before=step), inside))
