"""The tree as it would be with the new pages: a copy of what the pipeline reads, in a workspace. Owns what is copied
and what of it is replaced; refuses pages of another API and a version that is no newer, and touches nothing outside of
the workspace.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .. import digest, pipeline, structure
from ..document import Document, operation_keys
from ..extract import extract
from ..faults import PageError
from ..intake import read_data
from ..merge import merge
from ..table import TABLE, Provider
from ..taking import Taken
from ..tools import CONSTRAINTS
from . import changelog, sources, versions

_COPIED = ("specs", "overlay/specs", digest.CODE, CONSTRAINTS, changelog.CHANGELOG)

PLACED = ("specs", "overlay/specs", digest.GENERATED, changelog.CHANGELOG)
"""What of the staged tree takes the place of what stands in the tree."""


@dataclass(frozen=True, kw_only=True)
class Staged:
    """The staged tree: the provider's row and its published document, before and after, and remarks for the report."""

    tree: Path
    before: Provider
    after: Provider
    old: Document
    new: Document
    remarks: tuple[str, ...]


def prepare(
    root: Path,
    tree: Path,
    provider: Provider,
    taken: Sequence[Taken],
    *,
    overlay: Path | None = None,
    accept: Sequence[str] = (),
) -> Staged | None:
    """Stage the taken pages, and the overlay if one is given; None when every byte is what is vendored already.

    `accept` names what of `EXCEPTIONS` is meant. Raises SpecError.
    """
    if overlay is not None and not overlay.is_file():
        raise PageError(f"{overlay}: there is no such file")
    old = pipeline.published(root, provider)
    documents = {page.file: _sound(page.data, page.file) for page in taken}
    remarks: list[str] = []
    for file, document in documents.items():
        remarks += versions.check_api(old, document, name=file, accept=accept)
    replacement = sources.replace_pages(
        provider,
        taken,
        old={
            page.file: frozenset(operation_keys(_sound((root / provider.path(page)).read_bytes(), page.file)))
            for page in provider.pages
        },
        new={file: frozenset(operation_keys(document)) for file, document in documents.items()},
    )
    is_vendored = not replacement.removed and _is_vendored(root, provider, replacement)
    has_overlay = overlay is not None and overlay.read_bytes() != (root / provider.overlay).read_bytes()
    if is_vendored and not has_overlay and replacement.provider.pages == provider.pages:
        return None
    _copy(root, tree)
    for name in replacement.removed:
        (tree / "specs" / provider.name / name).unlink()
    for name, data in replacement.files.items():
        (tree / "specs" / provider.name / name).write_bytes(data)
    if overlay is not None:
        read_data(overlay)  # a file that is no data at all is named before anything else is said
        (tree / provider.overlay).write_bytes(overlay.read_bytes())
    # As bytes, so that lines go on ending as they do.
    table = (tree / TABLE).read_bytes().decode("utf-8")
    (tree / TABLE).write_bytes(sources.rewrite_table(table, replacement.provider, was=provider).encode())
    new = pipeline.published(tree, replacement.provider)
    if not is_vendored:
        remarks += versions.check_version(old, new, name=provider.name, accept=accept)
    return Staged(
        tree=tree,
        before=provider,
        after=replacement.provider,
        old=old,
        new=new,
        remarks=tuple(dict.fromkeys(remarks)),
    )


def check_links(root: Path) -> None:
    """Raises PageError for a symbolic link among what a bump replaces: a write would go to what it leads to."""
    for name in PLACED:
        for path in (root / name, *(root / name).rglob("*")):
            if path.is_symlink():
                raise PageError(f"{path.relative_to(root)}: this is a symbolic link; a bump replaces files alone")


def _sound(data: bytes, file: str) -> Document:
    """The document of a page, its parts of the types that they must have."""
    return structure.check(merge(extract(data, file=file))).document


def _is_vendored(root: Path, provider: Provider, replacement: sources.Replacement) -> bool:
    folder = root / "specs" / provider.name
    return all(
        (folder / name).is_file() and (folder / name).read_bytes() == data for name, data in replacement.files.items()
    )


def _copy(root: Path, tree: Path) -> None:
    for name in _COPIED:
        source, target = root / name, tree / name
        if not source.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, target)
