"""Where a package goes. Owns its name, the list of the files that were written, and whether what stands in its place
may be replaced. Refuses a name that cannot be imported, and to replace what the build command did not write.

Facts
- The list stands in the package itself, with digests: a folder that holds anything else, or anything changed, is
  somebody's work.
- What tools leave behind (byte code, caches) is nobody's.
"""

import hashlib
import json
import keyword
import sys
from collections.abc import Iterator
from pathlib import Path

from .faults import SpecError

WRITTEN = "written.json"
"""The file of a package that lists its files."""

_CACHES = ("__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache")
_IMPORTED = {
    *("httpx", "attr", "attrs", "dateutil", "h11", "httpcore", "anyio", "idna", "certifi", "sniffio"),
    *("typing_extensions", "exceptiongroup", "h2", "socksio", "brotli", "brotlicffi", "zstandard"),
}
_LONGEST = 100
_BY = "specs.py build"


class TargetError(SpecError):
    """The package cannot have this name, or cannot stand where it is to stand."""


def check_name(package: str) -> None:
    """Raises TargetError for a name that cannot be imported, or that would hide another package."""
    problem = ""
    if not (package.isidentifier() and package.isascii()):
        problem = "is not a name that Python can import: letters, digits and underscores, no digit first"
    elif len(package) > _LONGEST:
        problem = f"is longer than {_LONGEST} characters"
    elif keyword.iskeyword(package):
        problem = "is a word of Python"
    elif package in sys.stdlib_module_names or package in _IMPORTED:
        problem = "would hide the package of that name, which the clients import or Python brings"
    elif package.startswith("__"):
        problem = "begins like the names that Python keeps for itself"
    if problem:
        raise TargetError(f"--package {package!r} {problem}")


def check_target(target: Path) -> None:
    """Raises TargetError when the target exists and is not, to the byte, a package that this command wrote."""
    if target.is_symlink():
        raise TargetError(f"{target}: is a symbolic link; give the folder itself")
    if not target.exists():
        return
    if not target.is_dir():
        raise TargetError(f"{target}: exists and is no folder")
    known = _listed_files(target)
    if known is None:
        raise TargetError(f"{target}: exists and was not written by this command; move it away or choose another place")
    for name, path in _files(target):
        if name != WRITTEN and known.get(name) != _digest(path):
            said = "changed" if name in known else "added"
            raise TargetError(
                f"{target}: {name} was {said} after this command wrote the package; move it away to have it replaced"
            )


def _listed_files(target: Path) -> dict[str, object] | None:
    try:
        said = json.loads((target / WRITTEN).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(said, dict) or said.get("written_by") != _BY or not isinstance(said.get("files"), dict):
        return None
    return dict(said["files"])


def list_files(folder: Path) -> None:
    """Write down, in the package, which files it has."""
    files = {name: _digest(path) for name, path in _files(folder)}
    (folder / WRITTEN).write_text(json.dumps({"written_by": _BY, "files": files}, indent=1) + "\n", "utf-8")


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every file below the folder by its name there, symbolic links as what they are, caches left out."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if (path.is_symlink() or not path.is_dir()) and not set(_CACHES) & set(name.parts):
            yield name.as_posix(), path


def _digest(path: Path) -> str:
    return "a link" if path.is_symlink() else hashlib.sha256(path.read_bytes()).hexdigest()
