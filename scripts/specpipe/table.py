"""The table of providers, specs/providers.toml. Owns its shape; refuses an entry that lacks something or has a key that
means nothing.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .faults import TableError

TABLE = "specs/providers.toml"
_KEYS = {"package": str, "title": str, "operations": list, "pages": list}


@dataclass(frozen=True, kw_only=True)
class Source:
    """A vendored file, with the address it was taken from where that is known."""

    file: str
    url: str | None = None


@dataclass(frozen=True, kw_only=True)
class Provider:
    """A row of the table: where a vendor's API is described, and the package that it becomes."""

    name: str
    package: str
    title: str
    operations: tuple[str, ...]
    pages: tuple[Source, ...]
    evidence: tuple[Source, ...] = ()

    @property
    def overlay(self) -> str:
        """The overlay document, relative to the project."""
        return f"overlay/specs/{self.name}.overlay.yaml"

    @property
    def published(self) -> str:
        """Where the document stands as the vendor published it, relative to the project."""
        return f"specs/{self.name}/openapi.yaml"

    def path(self, source: Source) -> str:
        """Where a vendored file stands, relative to the project."""
        return f"specs/{self.name}/{source.file}"


def read_table(root: Path) -> tuple[Provider, ...]:
    """The providers of the project at `root`, in the table's order.

    Raises TableError, which names the row and the key.
    """
    path = root / TABLE
    if not path.is_file():
        raise TableError(f"{TABLE}: there is no such file")
    problem = None
    rows: dict[str, Any] = {}
    try:
        rows = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problem = TableError(f"{TABLE}: {error}")
    if problem is not None:
        raise problem
    return tuple(_provider(name, row) for name, row in rows.items())


def _provider(name: str, row: Any) -> Provider:
    if not isinstance(row, dict) or set(row) - {*_KEYS, "evidence"}:
        raise TableError(f"{TABLE}: [{name}] holds {', '.join(_KEYS)} and evidence, nothing else")
    for key, kind in _KEYS.items():
        if not isinstance(row.get(key), kind) or not row[key]:
            raise TableError(f"{TABLE}: [{name}] has no {key}")
    return Provider(
        name=name,
        package=row["package"],
        title=row["title"],
        operations=tuple(row["operations"]),
        pages=tuple(_source(name, entry) for entry in row["pages"]),
        evidence=tuple(_source(name, entry) for entry in row.get("evidence", ())),
    )


def _source(name: str, entry: Any) -> Source:
    if not isinstance(entry, dict) or set(entry) - {"file", "url"} or not isinstance(entry.get("file"), str):
        raise TableError(f"{TABLE}: [{name}] has a page that is not {{ file, url }}")
    return Source(file=entry["file"], url=entry.get("url"))
