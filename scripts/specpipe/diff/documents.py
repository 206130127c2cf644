"""The report on any two documents, from their sources. Owns which reader a source is for, and that nothing of a
document that is wrong hides what changed; refuses what is no OpenAPI document.

Facts
- A whole document may lead to other files beside it; a page does not.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from .. import intake, overlay, pipeline, structure
from ..choice import choose
from ..document import Document, Pointer
from ..extract import DOCUMENTS, extract
from ..faults import SpecError
from ..intake.fetch import is_address, shown
from ..merge import merge
from ..table import Provider
from ..taking import take
from ..whole import SelectionError
from . import callers
from .levels import Side, compare_documents, compare_packages
from .report import Report


def compare(
    old: str, new: str, *, root: Path, provider: Provider | None = None, selections: Sequence[str] = ()
) -> Report:
    """What changed from the old document to the new: each a path, a folder of pages, or an address.

    With a provider, its operations alone, and its overlay and facade as well.
    Raises SpecError where a source cannot be read, or holds nothing of what is wanted.
    """
    wanted = [*selections, *(provider.operations if provider is not None else ())]
    before, after = _read(old, wanted), _read(new, wanted)
    if wanted and set(before.side.gone) == set(after.side.gone) == set(wanted):
        raise SelectionError(f"neither document holds any of {', '.join(wanted)}")
    compared = compare_documents(
        before.side,
        after.side,
        name=provider.title if provider is not None else "",
        overlay=None if provider is None else overlay.read(root, provider),
    )
    unread = (*before.unread, *after.unread)
    report = replace(compared.report, not_compared=unread)
    calls = None if provider is None else callers.facade_calls(root, provider.name, provider.package)
    with tempfile.TemporaryDirectory(prefix="specs-") as work:
        folders = Path(work) / "old" / "client", Path(work) / "new" / "client"
        for folder, document in zip(folders, (compared.old, compared.new), strict=True):
            problem = _build(document, folder)
            if problem:
                said = f"the Python package of the {folder.parent.name} document: {problem}"
                return replace(report, not_compared=(*unread, said))
        return compare_packages(compared, report, *folders, calls=calls)


@dataclass(frozen=True, kw_only=True)
class _Read:
    """A side, and what of it cannot be compared, as it is wrong."""

    side: Side
    unread: tuple[str, ...]


def _read(source: str, wanted: Sequence[str]) -> _Read:
    name = shown(source) if is_address(source) else source
    refused: dict[Pointer, str] = {}
    if not is_address(source) and Path(source).suffix.lower() in DOCUMENTS:
        taken = intake.read(source)
        document, refused = taken.document, taken.refused
    else:
        document = merge([found for page in take((source,)) for found in extract(page.data, file=page.file)])
    sound = structure.check(document, refused=refused)
    selected, faults = sound.document, sound.faults
    gone: tuple[str, ...] = ()
    if wanted:
        chosen = choose(sound, wanted, raw=document)
        selected, faults, gone = chosen.document, chosen.faults, tuple(chosen.missing)
    return _Read(
        side=Side(source=name, published=sound.document, selected=selected, gone=gone),
        unread=tuple(f"{name}{fault}" for fault in faults),
    )


def _build(document: Document, folder: Path) -> str:
    """Write the package; what keeps it from being written."""
    folder.parent.mkdir()
    try:
        pipeline.write_package(document, folder, title=str(document["info"]["title"]), original=document)
    except SpecError as error:
        return str(error)
    return ""
