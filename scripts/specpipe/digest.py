"""The files that go in and come out, and their digests. Owns what counts as an input and as an output; refuses nothing.

Facts
- A digest goes over names and contents, so a renamed file is another input.
- While a module's byte code is written, it stands beside its place with a number behind the name.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from .table import TABLE, Provider

GENERATED = "generated"
CODE = "scripts/specpipe"
_BYTECODE = re.compile(r"(?P<module>[^.]+)\.[^/]+\.pyc(\.\d+)?")


def sha256(data: bytes) -> str:
    """The hex SHA-256 of the bytes."""
    return hashlib.sha256(data).hexdigest()


def inputs(root: Path, providers: Iterable[Provider], pins: dict[str, str]) -> str:
    """The digest of all that decides the output: pages, table, overlays, the pipeline's own code, the pins."""
    files = {TABLE, *_names(root, root / CODE)}
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


def link(root: Path, name: str) -> str | None:
    """The outermost symbolic link on the way from the root to the file, if any."""
    path = PurePosixPath(name)
    steps = [path, *path.parents][-2::-1]
    return next((str(step) for step in steps if (root / step).is_symlink()), None)


def _names(root: Path, folder: Path) -> set[str]:
    return {
        path.relative_to(root).as_posix()
        for path in folder.rglob("*")
        if (path.is_file() or path.is_symlink()) and not _is_bytecode(path)
    }


def _is_bytecode(path: Path) -> bool:
    # What Python leaves behind for a module that is there; anything else in its cache was put there.
    name = _BYTECODE.fullmatch(path.name)
    if name is None or path.parent.name != "__pycache__" or path.is_symlink():
        return False
    return (path.parent.parent / f"{name['module']}.py").is_file()


def _digest(root: Path, names: Iterable[str], more: str) -> str:
    whole = hashlib.sha256(more.encode())
    for name in sorted(names):
        whole.update(f"\n{name} {_state(root, name)}".encode())
    return whole.hexdigest()


def _state(root: Path, name: str) -> str:
    # A link may lead to other bytes tomorrow, so it is never the file that it leads to today.
    if link(root, name) is not None:
        return "link"
    path = root / name
    return sha256(path.read_bytes()) if path.is_file() else "missing"
