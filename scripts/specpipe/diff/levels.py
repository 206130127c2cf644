"""The levels of a report, put together: the wire and the overlay from two documents, Python and the facade from two
packages. Owns which finding belongs to which level; refuses nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..document import Document, info_text, operation_keys
from ..overlay import Overlay
from . import importers, staleness, wire
from .callers import FacadeCall, affected
from .report import Report, Version


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of the two documents.

    Attributes:
        source: where it came from.
        published: the whole document as its vendor published it.
        selected: the same with the wanted operations alone.
        gone: the wanted operations that it does not hold.
    """

    source: str
    published: Document
    selected: Document
    gone: tuple[str, ...] = ()

    @property
    def version(self) -> Version:
        """What the report says of the document as such."""
        title, version = (info_text(self.published, key) for key in ("title", "version"))
        return Version(source=self.source, title=title, version=version)


@dataclass(frozen=True, kw_only=True)
class Compared:
    """The report on two documents, without Python and facade, and the two documents with what fits of the overlay."""

    report: Report
    old: Document
    new: Document


def compare_documents(old: Side, new: Side, *, name: str = "", overlay: Overlay | None = None) -> Compared:
    """Compare what two documents say, and try the overlay on both.

    Raises OverlayError where the overlay is malformed.
    """
    found = wire.compare(old.selected, new.selected)
    report = Report(
        name=name,
        old=old.version,
        new=new.version,
        wire=found.changes,
        wording=found.wording,
        gone=new.gone,
        unused=_unused(old, new),
    )
    if overlay is None:
        return Compared(report=report, old=old.selected, new=new.selected)
    mended = staleness.mend(old.selected, new.selected, overlay.data, file=overlay.file)
    return Compared(report=replace(report, overlay=mended.stale), old=mended.old, new=mended.new)


def compare_packages(
    compared: Compared, report: Report, old: Path, new: Path, *, calls: Sequence[FacadeCall] | None = None
) -> Report:
    """The report with what breaks an importer of the package, and which calls of the facade any of it reaches.

    A call meets the documents as the overlay mends them: a change that it had made before reaches none. Where the
    overlay no longer fits, nobody knows yet how it will mend them, and every change counts.
    """
    breakages = importers.breakages(old, new)
    if calls is None:
        return replace(report, python=breakages)
    changes = report.wire if report.overlay else wire.compare(compared.old, compared.new).changes
    return replace(report, python=breakages, facade=affected(calls, changes, breakages))


def _unused(old: Side, new: Side) -> tuple[str, ...]:
    known = {*operation_keys(old.published), *operation_keys(new.selected)}
    return tuple(key for key in operation_keys(new.published) if key not in known)
