"""What changed between two versions of a document, on all levels, as one value. Owns its shape, the question whether a
caller breaks, and the JSON form; how it reads is `rendering`'s.
"""

from dataclasses import asdict, dataclass
from typing import Any

from .callers import Affected
from .importers import Breakage
from .staleness import StaleAction
from .wire import WireChange


@dataclass(frozen=True, kw_only=True)
class Version:
    """One of the two documents: where it came from, and what it calls itself."""

    source: str
    title: str
    version: str


@dataclass(frozen=True, kw_only=True)
class Report:
    """The changes from `old` to `new`.

    What was not compared is None, and `not_compared` says why: the Python level where a package cannot be built, the
    overlay and the facade where the documents are no provider's.
    """

    name: str
    old: Version
    new: Version
    wire: tuple[WireChange, ...]
    wording: int
    """How many edits there are of descriptions, examples and the like."""
    gone: tuple[str, ...] = ()
    """The wanted operations that the new document does not hold."""
    unused: tuple[str, ...] = ()
    """Operations that are new in the vendor's document, and not among the wanted ones."""
    python: tuple[Breakage, ...] | None = None
    overlay: tuple[StaleAction, ...] | None = None
    facade: tuple[Affected, ...] | None = None
    not_compared: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    """What a reader has to know besides, such as that the version is the same and the bytes are not."""

    @property
    def breaking(self) -> tuple[WireChange, ...]:
        """The changes on the wire that break a caller."""
        return tuple(change for change in self.wire if change.breaks)

    @property
    def breaks(self) -> bool:
        """Whether a caller or an importer breaks, or may: what could not be compared counts as breaking."""
        return bool(self.breaking or self.gone or self.python or self.overlay or self.not_compared)

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed on any level."""
        return not (self.wire or self.wording or self.unused or self.breaks)

    def as_json(self) -> dict[str, Any]:
        """The report as plain data."""
        return {
            "name": self.name,
            "old": asdict(self.old),
            "new": asdict(self.new),
            "breaks": self.breaks,
            "remarks": list(self.remarks),
            "wire": [asdict(change) for change in self.wire],
            "wording": self.wording,
            "gone": list(self.gone),
            "unused": list(self.unused),
            "python": None if self.python is None else [asdict(breakage) for breakage in self.python],
            "overlay": None if self.overlay is None else [asdict(action) for action in self.overlay],
            "facade": None
            if self.facade is None
            else [{"call": call.name, "what": call.what, "breaks": call.breaks} for call in self.facade],
            "not_compared": list(self.not_compared),
        }
