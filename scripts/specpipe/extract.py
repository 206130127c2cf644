"""From a vendored file to the OpenAPI fragments it holds.

Owns the reading of documentation pages (fenced blocks whose info string is `yaml [source] [method path]`) and of whole
JSON or YAML documents. Refuses a page without a block, a block that is not OpenAPI 3, though it describes an operation
in some other way, a reference of a page that leads nowhere, and a document of several files; every refusal names the
file, and the line where it is known.

Facts
- A page has blocks of other things, such as example requests; those are left alone.
- What is wrong with a whole document may lie in a part that nobody wants, so only its outline is looked at here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from . import intake, lookalikes, yamlio
from .document import METHODS, Document, Pointer, dangling, references, show
from .faults import PageError
from .fences import Block, blocks, named
from .intake.bundle import names_file

DOCUMENTS = (".json", ".yaml", ".yml")
"""The endings of whole documents; every other file is a page."""

_LANGUAGES = ("yaml", "yml", "json")
# Where a block that cannot be read begins like this, it was meant to describe an operation.
_OUTLINE = re.compile(r"^(?:\{\s*)?[\"']?(?:openapi|swagger|paths)[\"']?\s*:", re.MULTILINE)
_BREAK_OFF = r":(\d+): (?:broken |.* is not an (?:object|array)$)"


@dataclass(frozen=True, kw_only=True)
class Fragment:
    """An OpenAPI document, or a part of one, as one file holds it; `lines` are those of its nodes, where known.

    `source` is where the vendor has the whole document, an address or a path, as far as the file says so.
    """

    file: str
    document: Document
    source: str | None = None
    lines: dict[Pointer, int] = field(default_factory=dict, repr=False, compare=False)

    @property
    def version(self) -> str | None:
        """The version of the API, where the document has one."""
        info = self.document.get("info")
        version = info.get("version") if isinstance(info, dict) else None
        return None if version is None else str(version)


def extract(data: bytes, *, file: str, name: str | None = None) -> tuple[Fragment, ...]:
    """The fragments that a vendored file holds, at least one.

    The ending of `file` tells a whole document (.json, .yaml, .yml) from a page; `name` stands for it in errors.
    Raises PageError.
    """
    name = name or file
    if PurePath(file).suffix.lower() in DOCUMENTS:
        return (_whole(data, name),)
    text = yamlio.decode(data, file=name)
    if (problem := lookalikes.web_page(text)) is not None:
        raise PageError(f"{name}: {problem}")
    described = [block for block in blocks(text, name=name) if block.language in _LANGUAGES]
    found = tuple(fragment for block in described if (fragment := _fragment(block, name)) is not None)
    if not found:
        line = described[0].line if described else 1
        what = "the block is not OpenAPI: it has no `openapi`" if described else "there is no fenced OpenAPI block"
        raise PageError(f"{name}:{line}: {what}")
    return found


def _whole(data: bytes, name: str) -> Fragment:
    problem = None
    try:
        document = intake.parsed(data, name).document
    except PageError as error:
        problem = _as_cut_off(error, data.decode("utf-8", "replace"), name)
    if problem is not None:
        raise problem
    for at, ref in references(document):
        if not ref.startswith("#") and (at[-1:] != ("mapping",) or names_file(ref)):
            raise PageError(
                f"{name}: {show(at)} refers to {ref[:200]!r}; bundle the document into one file first, for example "
                "with `npx @redocly/cli bundle openapi.yaml --output whole.yaml`"
            )
    if not data.endswith((b"\n", b"}")) and any(dangling(document)):
        raise PageError(
            f"{name}: references lead nowhere, and the last line has no end: it looks cut off, fetch it anew"
        )
    if not any(_operations(document)):
        raise PageError(f"{name}: the document holds no operation")
    return Fragment(file=name, document=document)


def _operations(document: Document) -> Iterator[str]:
    paths = document.get("paths")
    for item in paths.values() if isinstance(paths, dict) else ():
        yield from (key for key in item if key.lower() in METHODS) if isinstance(item, dict) else ()


# Blocks of pages.


def _fragment(block: Block, name: str) -> Fragment | None:
    """The fragment that the block holds; None for a block of something else."""
    problem = None
    try:
        loaded = yamlio.load(block.text, file=name, offset=block.line)
        return _described(block, loaded, name)
    except PageError as error:
        problem = _as_cut_off(error, block.text, name, offset=block.line)
    if _OUTLINE.search(block.text):
        raise problem
    return None


def _described(block: Block, loaded: yamlio.Loaded, name: str) -> Fragment | None:
    data = loaded.data
    if not isinstance(data, dict):
        return None
    where = f"{name}:{block.line}"
    if (problem := lookalikes.older(data)) is not None:
        raise PageError(f"{where}: {problem}")
    if "openapi" not in data or not (lookalikes.is_version(data["openapi"]) or {"info", "paths"} & set(data)):
        return None
    document = _checked(loaded, name, first_line=block.line + 1)
    says = named(block, where=where)
    if says.operation is not None:
        method, path = says.operation
        if method not in document["paths"].get(path, {}):
            raise PageError(f"{where}: the info string names {method.upper()} {path}, which the block does not hold")
    if not any(_operations(document)):
        raise PageError(f"{where}: the block holds no operation")
    return Fragment(file=name, document=document, source=says.source, lines=loaded.lines)


def _checked(loaded: yamlio.Loaded, name: str, first_line: int) -> Document:
    line = loaded.lines.get(("openapi",), first_line)
    document = intake.checked(loaded.data, f"{name}:{line}")
    for key in ("info", "paths"):
        if not isinstance(document.get(key), dict):
            raise PageError(f"{name}:{loaded.lines.get((key,), first_line)}: `{key}` is missing or not an object")
    for at, value, kind in _must_be(document):
        if not isinstance(value, kind):
            line = loaded.lines.get(at, first_line)
            raise PageError(f"{name}:{line}: {show(at)} is not {'an object' if kind is dict else 'an array'}")
    for at, ref in dangling(document):
        line = loaded.lines.get((*at, "$ref"), loaded.lines.get(at, first_line))
        raise PageError(f"{name}:{line}: the reference {ref!r} leads nowhere in this document")
    return document


def _must_be(document: Document) -> Iterator[tuple[Pointer, Any, type]]:
    """What merging and the search for references walk through, outermost first, with the type that it must have."""
    yield ("components",), document.get("components", {}), dict
    for section, components in document.get("components", {}).items():
        yield ("components", section), components, dict
    for path, item in document["paths"].items():
        here: Pointer = ("paths", path)
        yield here, item, dict
        yield (*here, "parameters"), item.get("parameters", []), list
        for method in METHODS:
            operation = item.get(method, {})
            yield (*here, method), operation, dict
            yield (*here, method, "parameters"), operation.get("parameters", []), list
            yield (*here, method, "responses"), operation.get("responses", {}), dict


def _as_cut_off(error: PageError, text: str, name: str, *, offset: int = 0) -> PageError:
    """The error, saying that the text looks cut off where it goes wrong on its last line, or on the key above it."""
    found = re.match(re.escape(name) + _BREAK_OFF, str(error))
    end = text.rstrip()
    if found is None or end.endswith(("}", "]")) or int(found[1]) < offset + end.count("\n"):
        return error
    return PageError(f"{error}; the text ends there and looks cut off, fetch it anew")
