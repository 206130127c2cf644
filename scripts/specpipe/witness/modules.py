"""The modules of a written package, each parsed once and let go. Owns that no module stops the others from being read:
one that is not Python, or that Python warns of, comes with the reason. Nothing is imported.

Facts
- Trees of a large package take several hundred megabytes, so that whoever needs them twice reads them in one go.
"""

import ast
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Module:
    """A module: its path in the package, its tree (empty where it is no Python), and what is wrong with its text."""

    path: tuple[str, ...]
    tree: ast.Module
    problems: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The path as it is shown."""
        return "/".join(self.path)


def modules(folder: Path) -> Iterator[Module]:
    """Every module below the folder, in the order of their paths."""
    for path in sorted(folder.rglob("*.py")):
        yield _read(path, path.relative_to(folder).parts)


def _read(path: Path, name: tuple[str, ...]) -> Module:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            tree = ast.parse(path.read_text("utf-8"))
            problems = [f"{warning.lineno}: {warning.message}" for warning in caught]
        except SyntaxError as error:
            tree, problems = ast.Module(body=[], type_ignores=[]), [f"{error.lineno or 1}: {error.msg}"]
        except (ValueError, RecursionError, MemoryError) as error:
            # A NUL or bytes that are not UTF-8; nesting that Python itself cannot take.
            tree, problems = ast.Module(body=[], type_ignores=[]), [f"1: {type(error).__name__}"]
    return Module(path=name, tree=tree, problems=tuple(problems))
