"""From a vendored file to the OpenAPI fragment it holds.

Owns the reading of documentation pages (a fenced block whose info string is `yaml [url] [method path]`) and of whole
JSON or YAML documents. Refuses a page without a block, a block that is not OpenAPI 3, and a reference that leads
nowhere; every refusal names file and line.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from . import jsonio, yamlio
from .document import METHODS, Document, Pointer, dangling, show
from .faults import PageError

_FENCE = re.compile(r"^ {0,3}(?P<ticks>`{3,})(?P<info>[^`]*)$")
_LANGUAGES = ("yaml", "yml", "json")


@dataclass(frozen=True, kw_only=True)
class Fragment:
    """An OpenAPI document, or a part of one, as one file holds it; `lines` are those of its nodes, where known."""

    file: str
    document: Document
    url: str | None = None
    lines: dict[Pointer, int] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, kw_only=True)
class _Block:
    line: int
    info: tuple[str, ...]
    text: str


def extract(text: str, *, file: str) -> tuple[Fragment, ...]:
    """The fragments that a vendored file holds, at least one.

    `file` is the name for errors; its ending tells a whole document (.json, .yaml, .yml) from a page.
    Raises PageError, naming file and line.
    """
    suffix = PurePath(file).suffix.lower()
    if suffix == ".json":
        return (Fragment(file=file, document=_checked(jsonio.load(text, file=file), file)),)
    if suffix in (".yaml", ".yml"):
        whole = yamlio.load(text, file=file)
        return (Fragment(file=file, document=_checked(whole, file), lines=whole.lines),)
    blocks = [block for block in _blocks(text, file) if block.info and block.info[0].lower() in _LANGUAGES]
    described = [block for block in blocks if re.search(r"^\s*[\"']?(?:openapi|swagger)[\"']?\s*:", block.text, re.M)]
    if not described:
        line = blocks[0].line if blocks else 1
        what = "the block is not OpenAPI: it has no `openapi`" if blocks else "there is no fenced OpenAPI block"
        raise PageError(f"{file}:{line}: {what}")
    return tuple(_fragment(block, file) for block in described)


def _blocks(text: str, file: str) -> Iterator[_Block]:
    lines = text.splitlines()
    start: int | None = None
    ticks = ""
    info: tuple[str, ...] = ()
    for number, line in enumerate(lines, 1):
        fence = _FENCE.match(line)
        if start is None and fence:
            start, ticks, info = number, fence["ticks"], tuple(fence["info"].split())
        elif start is not None and fence and len(fence["ticks"]) >= len(ticks) and not fence["info"].strip():
            yield _Block(line=start, info=info, text="\n".join(lines[start : number - 1]) + "\n")
            start = None
    if start is not None:
        raise PageError(f"{file}:{start}: the fenced block that starts here is never closed")


def _fragment(block: _Block, file: str) -> Fragment:
    loaded = yamlio.load(block.text, file=file, offset=block.line)
    document = _checked(loaded, file, first_line=block.line + 1)
    rest = list(block.info[1:])
    url = rest.pop(0) if rest and "://" in rest[0] else None
    if rest:
        _check_operation(rest, document, f"{file}:{block.line}")
    return Fragment(file=file, document=document, url=url, lines=loaded.lines)


def _check_operation(named: list[str], document: Document, where: str) -> None:
    if len(named) != 2 or named[0].lower() not in METHODS:
        raise PageError(f"{where}: the info string ends in {' '.join(named)!r}, which is not a method and a path")
    method, path = named[0].lower(), named[1]
    if method not in document.get("paths", {}).get(path, {}):
        raise PageError(f"{where}: the info string names {method.upper()} {path}, which the block does not hold")


def _checked(loaded: yamlio.Loaded, file: str, first_line: int = 1) -> Document:
    document: Document = loaded.data
    version = document.get("openapi") if isinstance(document, dict) else None
    if not isinstance(version, str) or not version.startswith("3."):
        line = loaded.lines.get(("openapi",), first_line)
        raise PageError(f"{file}:{line}: this is not OpenAPI 3.x (`openapi` is {version!r})")
    for key in ("info", "paths"):
        if not isinstance(document.get(key), dict):
            raise PageError(f"{file}:{loaded.lines.get((key,), first_line)}: `{key}` is missing or not an object")
    for at, value, kind in _must_be(document):
        if not isinstance(value, kind):
            line = loaded.lines.get(at, first_line)
            raise PageError(f"{file}:{line}: {show(at)} is not {'an object' if kind is dict else 'an array'}")
    for at, ref in dangling(document):
        line = loaded.lines.get((*at, "$ref"), loaded.lines.get(at, first_line))
        raise PageError(f"{file}:{line}: the reference {ref!r} leads nowhere in this document")
    return document


def _must_be(document: Document) -> Iterator[tuple[Pointer, Any, type]]:
    """What the steps before the validator walk through, outermost first, with the type that it must have."""
    yield ("components",), document.get("components", {}), dict
    for section, named in document.get("components", {}).items():
        yield ("components", section), named, dict
    for path, item in document["paths"].items():
        here: Pointer = ("paths", path)
        yield here, item, dict
        yield (*here, "parameters"), item.get("parameters", []), list
        for method in METHODS:
            operation = item.get(method, {})
            yield (*here, method), operation, dict
            yield (*here, method, "parameters"), operation.get("parameters", []), list
            yield (*here, method, "responses"), operation.get("responses", {}), dict
