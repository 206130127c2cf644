"""The levels of a report, put together: the wire and the overlay from two documents, Python and the facade from two
packages. Owns which finding belongs to which level; refuses nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .. import yamlio
from ..document import Document, operations
from ..faults import TableError
from ..table import Provider
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
        info = self.published["info"]
        return Version(source=self.source, title=str(info.get("title") or ""), version=str(info.get("version") or ""))


@dataclass(frozen=True, kw_only=True)
class Overlay:
    """An overlay as it was read, and the name of its file."""

    actions: Any
    file: str


def read_overlay(root: Path, provider: Provider) -> Overlay:
    """The provider's overlay in the tree at `root`.

    Raises TableError where there is none, PageError where it cannot be read.
    """
    path = root / provider.overlay
    if not path.is_file():
        raise TableError(f"{provider.overlay}: there is no overlay for [{provider.name}]")
    text = yamlio.decode(path.read_bytes(), file=provider.overlay)
    return Overlay(actions=yamlio.load(text, file=provider.overlay).data, file=provider.overlay)


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
    mended = staleness.mend(old.selected, new.selected, overlay.actions, file=overlay.file)
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
    known = {(method, path) for document in (old.published, new.selected) for method, path, _ in operations(document)}
    return tuple(
        f"{method.upper()} {path}" for method, path, _ in operations(new.published) if (method, path) not in known
    )
