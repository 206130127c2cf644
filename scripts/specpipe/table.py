"""The table of providers, specs/providers.toml. Owns its shape; refuses an entry that lacks something or has a key that
means nothing.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from .faults import TableError

TABLE = "specs/providers.toml"
PUBLISHED = "openapi.yaml"
"""The name of the one file among a provider's pages that the pipeline writes."""

_KEYS = {"package": str, "title": str, "operations": list, "pages": list}


@dataclass(frozen=True, kw_only=True)
class Source:
    """A vendored file, with the address it was taken from, and is taken from again, where that is known."""

    file: str
    url: str | None = None


@dataclass(frozen=True, kw_only=True)
class Provider:
    """A row of the table: where a vendor's API is described, and the package that it becomes.

    `operations` are selectors (see `selectors`): the package holds what they choose.
    """

    name: str
    package: str
    title: str
    operations: tuple[str, ...]
    pages: tuple[Source, ...]
    evidence: tuple[Source, ...] = ()

    @property
    def urls(self) -> tuple[str, ...]:
        """The addresses of all pages, in their order; none where that of any page is not known."""
        urls = tuple(page.url for page in self.pages if page.url is not None)
        return urls if len(urls) == len(self.pages) else ()

    @property
    def overlay(self) -> str:
        """The overlay document, relative to the project."""
        return f"overlay/specs/{self.name}.overlay.yaml"

    @property
    def published(self) -> str:
        """Where the document stands as the vendor published it, relative to the project."""
        return f"specs/{self.name}/{PUBLISHED}"

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


def find_row(rows: Iterable[Provider], name: str) -> Provider:
    """The provider's row. Raises TableError, which names those that there are."""
    known = {row.name: row for row in rows}
    if name not in known:
        raise TableError(f"{TABLE}: there is no [{name}]; there are {', '.join(known)}")
    return known[name]


def _provider(name: str, row: Any) -> Provider:
    if not isinstance(row, dict) or set(row) - {*_KEYS, "evidence"}:
        raise TableError(f"{TABLE}: [{name}] holds {', '.join(_KEYS)} and evidence, nothing else")
    for key, kind in _KEYS.items():
        if not isinstance(row.get(key), kind) or not row[key]:
            raise TableError(f"{TABLE}: [{name}] has no {key}")
    if not all(isinstance(selector, str) and selector.strip() for selector in row["operations"]):
        raise TableError(f"{TABLE}: [{name}] has an operation that is not a text")
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
    file, url = entry["file"], entry.get("url")
    if not isinstance(url, str | None) or url == "":
        raise TableError(f"{TABLE}: [{name}] has a url that is not a text; leave it out where it is not known")
    if PurePosixPath(file).name != file or file == PUBLISHED:
        raise TableError(
            f"{TABLE}: [{name}] names the file {file!r}; a page stands directly in specs/{name}, and {PUBLISHED} is "
            "what the pipeline writes there"
        )
    return Source(file=file, url=url)
