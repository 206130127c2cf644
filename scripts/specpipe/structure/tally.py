"""What a pass over a document notes: faults, repairs, and how far it has gone. Owns the limits of a pass; refuses a
document that has no end.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from .. import limits
from ..document import show
from ..faults import DocumentError, Fault
from .places import Place, flat

NOTHING: Any = object()
"""What stands for a value that cannot be used."""


@dataclass(kw_only=True)
class Tally:
    """The books of one pass."""

    faults: list[Fault] = field(default_factory=list)
    repairs: Counter[str] = field(default_factory=Counter)
    depth: int = 0
    objects: int = 0

    def fault(self, at: Place, problem: str) -> Any:
        """Name what cannot be used."""
        self.faults.append(Fault(pointer=show(flat(at)), problem=problem))
        return NOTHING

    def drop(self, rule: str) -> Any:
        """Leave out what does no harm."""
        self.repairs[rule] += 1
        return NOTHING

    def repaired(self, rule: str) -> None:
        """Count a rule that mended something, if one did."""
        if rule:
            self.repairs[rule] += 1

    def spend(self, at: Place) -> None:
        """Count an object; inlining may make many of few."""
        self.objects += 1
        if self.objects > limits.NODES:
            raise DocumentError(f"{show(flat(at))}: what references inline grows the document beyond reason")

    def descend(self, at: Place) -> None:
        """Count a level of objects inside each other."""
        self.depth += 1
        if self.depth > limits.DEPTH:
            raise DocumentError(f"{show(flat(at))}: more than {limits.DEPTH} objects inside each other")
