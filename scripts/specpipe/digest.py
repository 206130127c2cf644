"""The files that go in and come out, and their digests. Owns what counts as an input and as an output; refuses nothing.

Facts
- A digest goes over names and contents, so a renamed file is another input.
"""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from .table import TABLE, Provider

GENERATED = "generated"
_CODE = "scripts/specpipe"


def sha256(data: bytes) -> str:
    """The hex SHA-256 of the bytes."""
    return hashlib.sha256(data).hexdigest()


def inputs(root: Path, providers: Iterable[Provider], pins: dict[str, str]) -> str:
    """The digest of all that decides the output: pages, table, overlays, the pipeline's own code, the pins."""
    files = {TABLE, *_names(root, root / _CODE)}
    for provider in providers:
        files |= {provider.path(page) for page in provider.pages}
        files.add(provider.overlay)
    return _digest(root, files, json.dumps(pins, sort_keys=True))


def outputs(root: Path, providers: Iterable[Provider]) -> str:
    """The digest of all that the pipeline writes, the lock aside."""
    return _digest(root, output_files(root, providers), "")


def output_files(root: Path, providers: Iterable[Provider]) -> set[str]:
    """The names of the files that stand where the pipeline writes, relative to `root`."""
    published = {provider.published for provider in providers}
    return {name for name in published if (root / name).is_file()} | _names(root, root / GENERATED)


def _names(root: Path, folder: Path) -> set[str]:
    # What Python or a tool leaves behind while the code is used is neither read nor written by the pipeline.
    return {
        path.relative_to(root).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and ".mypy_cache" not in path.parts
    }


def _digest(root: Path, names: Iterable[str], more: str) -> str:
    whole = hashlib.sha256(more.encode())
    for name in sorted(names):
        path = root / name
        whole.update(f"\n{name} {sha256(path.read_bytes()) if path.is_file() else 'missing'}".encode())
    return whole.hexdigest()
