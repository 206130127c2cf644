"""Which vendored files the taken ones replace, and the row of the table that follows. Owns the match of new pages to
old ones, and the edit of specs/providers.toml, which keeps its comments; refuses a page that replaces none, and says
which pages a row has.

Facts
- A page keeps its place by its file name, else by its address, else by the operations that it holds.
- A page or a document takes the place of every page whose operations it holds, unless that has a new version too.
- A page stays under the name that it was vendored by: overlays give it as their source.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..extract import DOCUMENTS
from ..faults import SpecError
from ..table import TABLE, Provider, Source
from ..taking import Taken

_PAGE = "a page"


class SourcesError(SpecError):
    """What was taken does not fit what the table asks for."""


@dataclass(frozen=True, kw_only=True)
class Replacement:
    """The row as it will be, the bytes of its new files by name, and the names of the files that go."""

    provider: Provider
    files: Mapping[str, bytes]
    removed: tuple[str, ...]


def replace_pages(
    provider: Provider, taken: Sequence[Taken], *, old: Mapping[str, frozenset[str]], new: Mapping[str, frozenset[str]]
) -> Replacement:
    """The row with the taken pages in the place of those that they are new versions of.

    `old` and `new` tell by file name which operations each page holds. Raises SourcesError.
    """
    match = _Match(provider, taken, old, new)
    pages: dict[int, list[Source]] = {index: [page] for index, page in enumerate(provider.pages)}
    files: dict[str, bytes] = {}
    for page in taken:
        places = match.places(page)
        if not places:
            raise SourcesError(
                f"{page.file}: takes the place of no page of [{provider.name}], which has "
                f"{', '.join(source.file for source in provider.pages)}; a page of other operations is added to "
                f"{TABLE} by hand first"
            )
        was = provider.pages[places[0]]
        is_same = _kind(was.file) == _kind(page.file)
        source = Source(file=was.file if is_same else page.file, url=page.url or (was.url if is_same else None))
        if is_same and was.file in files:
            raise SourcesError(f"{page.file} and another file are both new versions of {was.file}; give one of them")
        for place in places:
            # Several pages may take the place of one document, one after the other.
            pages[place] = [known for known in pages[place] if known.file in files]
        pages[places[0]].append(source)
        files[source.file] = page.data
    row = replace(provider, pages=tuple(source for held in pages.values() for source in held))
    names = [source.file for source in row.pages]
    if len(set(names)) < len(names):
        raise SourcesError(
            f"[{provider.name}]: two of its pages would be called {_twice(names)}; give them other names"
        )
    return Replacement(
        provider=row,
        files=files,
        removed=tuple(source.file for source in provider.pages if source.file not in names),
    )


class _Match:
    """Which places of a row each taken page is for."""

    def __init__(
        self,
        provider: Provider,
        taken: Sequence[Taken],
        old: Mapping[str, frozenset[str]],
        new: Mapping[str, frozenset[str]],
    ) -> None:
        self._sources = provider.pages
        self._held = [old[source.file] for source in provider.pages]
        self._new = new
        self._claimed = {place for page in taken for place in self._known(page)}

    def places(self, page: Taken) -> list[int]:
        """The indexes of the pages that the page takes the place of, by name or address first."""
        own, held = self._known(page), self._new[page.file]
        every = range(len(self._sources))
        covered = [place for place in every if self._held[place] and self._held[place] <= held]
        covered = [place for place in covered if place not in self._claimed]
        shared = [place for place in every if self._held[place] & held]
        # The one page of a provider is what a new page of the same API is for, also where its operation has gone.
        return sorted({*own, *covered}) or shared[:1] or ([0] if len(self._sources) == 1 else [])

    def _known(self, page: Taken) -> list[int]:
        return [
            place
            for place, source in enumerate(self._sources)
            if source.file == page.file or (page.url is not None and source.url == page.url)
        ]


def rewrite_table(text: str, provider: Provider, *, was: Provider) -> str:
    """The text of the table with the pages of the row, its comments and everything else as they were."""
    if provider.pages == was.pages:
        return text
    import tomlkit  # needed by a bump alone

    table = tomlkit.parse(text)
    pages = tomlkit.array()
    for source in provider.pages:
        entry = {"file": source.file} | ({} if source.url is None else {"url": source.url})
        held = ", ".join(f"{key} = {tomlkit.string(value).as_string()}" for key, value in entry.items())
        pages.append(tomlkit.value(f"{{ {held} }}"))
    row = table[provider.name]
    row["pages"] = pages.multiline(True)
    return tomlkit.dumps(table)


def _kind(file: str) -> str:
    """The ending of a document; all pages are of one kind."""
    ending = Path(file).suffix.lower()
    return ending if ending in DOCUMENTS else _PAGE


def _twice(names: list[str]) -> str:
    return next(name for index, name in enumerate(names) if name in names[:index])
