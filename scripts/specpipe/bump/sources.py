"""Which vendored files the taken ones replace, and the row of the table that follows. Owns the match of new pages to
old ones, and the edit of specs/providers.toml, which keeps its comments; refuses a page that replaces none, and says
which pages a row has.

Facts
- A page keeps its place by its file name, else by its address, else by the operations that it holds.
- A whole document takes the place of every page whose operations it holds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..document import Document, operations
from ..extract import DOCUMENTS
from ..faults import SpecError
from ..table import TABLE, Provider, Source
from ..taking import Taken


class SourcesError(SpecError):
    """What was taken does not fit what the table asks for."""


@dataclass(frozen=True, kw_only=True)
class Replacement:
    """The row as it will be, the bytes of its new files by name, and the names of the files that go."""

    provider: Provider
    files: Mapping[str, bytes]
    removed: tuple[str, ...]


def held(document: Document) -> frozenset[str]:
    """The operations that a page's document holds, each "METHOD path"."""
    return frozenset(f"{method.upper()} {path}" for method, path, _ in operations(document))


def replace_pages(
    provider: Provider, taken: Sequence[Taken], *, old: Mapping[str, frozenset[str]], new: Mapping[str, frozenset[str]]
) -> Replacement:
    """The row with the taken pages in the place of those that they are new versions of.

    `old` and `new` tell by file name which operations each page holds. Raises SourcesError.
    """
    pages: list[Source | None] = list(provider.pages)
    for page in taken:
        places = _places(page, provider, old, new)
        if not places:
            raise SourcesError(
                f"{page.file}: takes the place of no page of [{provider.name}], which has "
                f"{', '.join(source.file for source in provider.pages)}; a page of other operations is added to "
                f"{TABLE} by hand first"
            )
        for place in places:
            pages[place] = None
        url = page.url or next((source.url for source in provider.pages if source.file == page.file), None)
        pages[places[0]] = Source(file=page.file, url=url)
    row = replace(provider, pages=tuple(source for source in pages if source is not None))
    names = [source.file for source in row.pages]
    if len(set(names)) < len(names):
        raise SourcesError(
            f"[{provider.name}]: two of its pages would be called {_twice(names)}; give them other names"
        )
    return Replacement(
        provider=row,
        files={page.file: page.data for page in taken},
        removed=tuple(source.file for source in provider.pages if source.file not in names),
    )


def rewrite_table(text: str, provider: Provider, *, was: Provider) -> str:
    """The text of the table with the pages of the row, its comments and everything else as they were."""
    if provider.pages == was.pages:
        return text
    import tomlkit  # needed by a bump alone

    table = tomlkit.parse(text)
    pages = tomlkit.array()
    for source in provider.pages:
        entry = tomlkit.inline_table()
        entry["file"] = source.file
        if source.url is not None:
            entry["url"] = source.url
        pages.append(entry)
    row = table[provider.name]
    row["pages"] = pages.multiline(True)
    return tomlkit.dumps(table)


def _places(
    page: Taken, provider: Provider, old: Mapping[str, frozenset[str]], new: Mapping[str, frozenset[str]]
) -> list[int]:
    sources = list(enumerate(provider.pages))
    named = [index for index, source in sources if source.file == page.file]
    addressed = [index for index, source in sources if page.url is not None and source.url == page.url]
    held = [index for index, source in sources if old[source.file] & new[page.file]]
    if Path(page.file).suffix.lower() in DOCUMENTS:
        return held or named or addressed
    return named or addressed or held[:1]


def _twice(names: list[str]) -> str:
    return next(name for index, name in enumerate(names) if name in names[:index])
