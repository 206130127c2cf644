"""New pages and documents, taken from where somebody says they are. Owns which files of a folder are meant, the names
that they get among a provider's pages, and the check that each holds OpenAPI, before anything of the project changes.
Refuses, naming the source, what is no page and no document, a YAML document that ends within a line, links that lead
out of a folder, and what is too large.

A source is
    page.md, api.json     the path of a file
    pages/                a folder: every .md, .mdx, .markdown, .json, .yaml and .yml directly in it, by name; each of
                          them must hold OpenAPI, lest one that lost its block go unnoticed. Hidden files, other endings
                          and folders are left alone; a .txt is taken where it is given by its own path.
    https://…             an address; one with a query is fetched, but never written down nor shown in full, as the
                          query may hold a secret

Facts
- Addresses of pages have no ending (`/reference/create-key`) and may have a query; a page or a document is told by its
  text.
- YAML that was cut off can mostly be read, and lacks no more than its last operations or the end of a word; a line
  break is all that tells its end. What begins with a brace ends with one.
- The pipeline writes a file openapi.yaml beside the pages, so a document of that name gets another.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from urllib.parse import unquote, urlsplit

from . import intake, limits
from .extract import DOCUMENTS, extract
from .faults import PageError
from .intake import fetch
from .table import PUBLISHED

_TAKEN = (".md", ".mdx", ".markdown", *DOCUMENTS)
_KNOWN = (*_TAKEN, ".txt")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_OPENS = re.compile(r"[\"']?(?:openapi|swagger)[\"']?\s*:")
_FENCE = re.compile(r"`{3,}|~{3,}")
_BEFORE_BRACE = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"
_LONGEST = 100
"""Characters of a file's name; a file system may allow no more than 255 bytes."""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A page or a document.

    Attributes:
        file: the name that it gets among a provider's pages.
        data: its bytes.
        place: where it was, as it may be shown: a path, or an address without what may be secret.
        url: its address, to be written down and asked again; None for a path, and for an address with a query.
    """

    file: str
    data: bytes
    place: str
    url: str | None = None


@dataclass(frozen=True, kw_only=True)
class _Found:
    """What stands at a place: what to call it in errors, what its own name is, and its bytes."""

    place: str
    name: str
    data: bytes
    url: str | None = None


def take(sources: Sequence[str]) -> tuple[Taken, ...]:
    """The pages and documents at the sources, each of which holds OpenAPI, in their order.

    Raises PageError, which names the source at fault.
    """
    if not (sources and all(source.strip() for source in sources)):
        raise PageError("there is nothing to take: give the path or the address of a page, a folder, or a document")
    taken: list[Taken] = []
    places: dict[str, str] = {}
    room = limits.BYTES
    for source in sources:
        for found in _at(source, room):
            room -= len(found.data)
            if room < 0:
                raise PageError(f"{found.place}: larger than {limits.BYTES} bytes, all files together")
            file = _file_name(found)
            extract(found.data, file=file, name=found.place)
            if PurePath(file).suffix in DOCUMENTS and not _has_end(found.data):
                raise PageError(
                    f"{found.place}: the last line has no end, so this YAML may be cut off: fetch it anew; if it is "
                    "whole, end it with a line break"
                )
            # Some file systems hold names equal that differ in case.
            other = places.get(file.lower())
            if other is not None:
                raise PageError(f"{found.place}: {_clash(found.place, other, file)}")
            places[file.lower()] = found.place
            taken.append(Taken(file=file, data=found.data, place=found.place, url=found.url))
    return tuple(taken)


def _clash(place: str, other: str, file: str) -> str:
    if place == other:
        return "this is given twice"
    return f"its file would be {file}, and so would that of {other}; give one of them another name"


def _at(source: str, room: int) -> Iterator[_Found]:
    if fetch.is_address(source):
        yield _fetched(source)
        return
    path = Path(source)
    if _is_folder(path):
        for file in _meant(path):
            yield _Found(place=str(file), name=file.name, data=intake.contents(file, room=room))
    else:
        yield _Found(place=source, name=path.name, data=intake.contents(path, room=room))


def _is_folder(path: Path) -> bool:
    problem = ""
    is_folder = False
    try:
        is_folder = path.is_dir()
    except OSError as error:
        problem = f"cannot be read: {error.strerror}"
    if problem:
        name = str(path)
        raise PageError(f"{name[:_LONGEST]}{'…' if name[_LONGEST:] else ''}: {problem}")
    return is_folder


def _fetched(url: str) -> _Found:
    shown = fetch.shown(url)
    if fetch.holds_credentials(url):
        # It goes into the table and the lock, which everybody can read.
        raise PageError(f"{shown}: the address holds a user name or a password; save the page and give its path")
    data = fetch.fetch(url)
    name = unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2]
    return _Found(place=shown, name=name, data=data, url=None if urlsplit(url).query else shown)


def _meant(folder: Path) -> list[Path]:
    """The pages and documents directly in the folder."""
    problem = ""
    try:
        home = folder.resolve()
        files = sorted(path for path in folder.iterdir() if path.suffix.lower() in _TAKEN and path.name[0] != ".")
        out = [file for file in files if not file.resolve().is_relative_to(home)]
        if not files:
            problem = f"{folder}: no page and no document stands directly in this folder ({', '.join(_TAKEN)})"
        elif out:
            problem = f"{out[0]}: this is a link that leads out of the folder; give the file that it leads to"
    except (OSError, RuntimeError) as error:
        problem = f"{folder}: cannot be read: {getattr(error, 'strerror', None) or error}"
    if problem:
        raise PageError(problem)
    return files


def _file_name(found: _Found) -> str:
    """A name that every file system takes, with an ending that says what the file is."""
    ending = PurePath(found.name).suffix.lower()
    stem = found.name.removesuffix(PurePath(found.name).suffix) if ending in _KNOWN else found.name
    if ending not in _KNOWN:
        ending = _ending(found.data.decode("utf-8", "replace"))
    safe = _UNSAFE.sub("-", stem).strip("-._")[:_LONGEST] or "page"
    return f"document{ending}" if f"{safe}{ending}".lower() == PUBLISHED else f"{safe}{ending}"


def _has_end(data: bytes) -> bool:
    """Whether a whole document, in any encoding, ends as one that was not cut off: in a brace, or in a line break."""
    return data.lstrip(_BEFORE_BRACE)[:1] == b"{" or data.rstrip(b"\0")[-1:] in (b"\n", b"\r")


def _ending(text: str) -> str:
    """The ending for a text: JSON, a YAML document, or a page."""
    if text.lstrip("\ufeff \t\r\n")[:1] == "{":
        return ".json"
    is_outside = True
    for line in text.splitlines():
        if _FENCE.match(line):
            is_outside = not is_outside
        elif is_outside and _OPENS.match(line):
            return ".yaml"
    return ".md"
