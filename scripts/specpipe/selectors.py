"""What people write to choose operations of a document. Owns the four forms of a selector and their meaning;
refuses one that chooses nothing, and names what is near.

    GET /v1/users      an operation; the path may be a glob
    getUser            an operation by its operationId
    tag:Users          all operations with the tag
    /v1/users/**       all operations of the paths that the glob fits; * is a part of one segment, ** any number of them

Several may stand in one text with commas between them.
"""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any, NamedTuple

from .document import METHODS, Document, Pointer, component_ref, lookup, operations, parse_ref, references
from .faults import SpecError
from .lower.names import Claims
from .select import select
from .structure.objects import SECTIONS, kind_at

_TAG = "tag:"


class SelectionError(SpecError):
    """A selector chooses nothing."""


class _Known(NamedTuple):
    method: str
    path: str
    name: str
    tags: tuple[str, ...]

    @property
    def key(self) -> str:
        return f"{self.method.upper()} {self.path}"


def choose(document: Document, selectors: Iterable[str]) -> Document:
    """The document with the operations that any of the selectors chooses alone, pruned.

    Raises SelectionError when one of them chooses nothing.
    """
    known = [
        _Known(method, path, operation.get("operationId", ""), tuple(operation.get("tags", ())))
        for method, path, operation in operations(document)
    ]
    wanted = {key for text in selectors for key in _chosen(text, known)}
    return select(_brought_along(document, wanted), wanted)


def _chosen(text: str, known: list[_Known]) -> set[str]:
    parts = text.split(",")
    found: set[str] = set()
    while parts:
        # A comma may belong to a path or a tag, so as much as means something together is one selector.
        for length in range(len(parts), 0, -1):
            chosen = _one(",".join(parts[:length]).strip(), known)
            if chosen:
                break
        part = parts[0].strip()
        if not chosen and (part or not found):
            raise SelectionError(f"--select {part!r} chooses no operation{_near(part, known)}")
        found |= chosen
        del parts[:length]
    return found


def _one(selector: str, known: list[_Known]) -> set[str]:
    method, _, path = selector.partition(" ")
    path = path.strip()
    if selector.startswith(_TAG):
        return {item.key for item in known if selector.removeprefix(_TAG) in item.tags}
    if method.lower() in METHODS and path:
        return {item.key for item in _fitting(path, known) if item.method == method.lower()}
    if selector.startswith("/"):
        return {item.key for item in _fitting(selector, known)}
    return {item.key for item in known if item.name and item.name == selector}


def _fitting(glob: str, known: list[_Known]) -> list[_Known]:
    exact = [item for item in known if item.path == glob]
    if exact or "*" not in glob:
        return exact
    pattern = _pattern(glob)
    return [item for item in known if pattern.fullmatch(item.path)]


def _pattern(glob: str) -> re.Pattern[str]:
    text = ""
    for segment in glob.split("/")[1:]:
        if segment == "**":
            text += "(?:/[^/]*)*"
        else:
            text += "/" + "[^/]*".join(re.escape(part) for part in re.split(r"\*+", segment))
    return re.compile(text)


def _near(selector: str, known: list[_Known]) -> str:
    words = dict.fromkeys(
        word
        for item in known
        for word in (item.key, item.path, item.name, *(f"{_TAG}{tag}" for tag in item.tags))
        if word
    )
    lower = {word.lower(): word for word in words}
    found = [lower[word] for word in get_close_matches(selector.lower(), lower, n=3, cutoff=0.5)]
    return f"; near are {', '.join(map(repr, found))}" if found else ""


def _brought_along(document: Document, wanted: set[str]) -> Document:
    """The document without webhooks, in which the wanted operations refer to components where they referred to others.

    What they refer to in an operation that is not wanted becomes a component.
    """
    paths = {
        path: {key: part for key, part in item.items() if key not in METHODS or f"{key.upper()} {path}" in wanted}
        for path, item in document["paths"].items()
    }
    sections = {section: dict(named) for section, named in document.get("components", {}).items()}
    result = {key: value for key, value in document.items() if key not in ("webhooks", "paths", "components")}
    renamed: dict[str, str] = {}
    waiting = [ref for part in (paths, sections) for _, ref in references(part, names=True)]
    while waiting:
        ref = waiting.pop()
        pointer = parse_ref(ref) or ()
        section = _section_of(pointer)
        if ref not in renamed and section is not None and _holds(document, pointer) and not _holds(paths, pointer[1:]):
            target, named = lookup(document, pointer), sections.setdefault(section, {})
            name = Claims(named).claim(re.sub(r"\W+", "_", "_".join(pointer[1:])).strip("_"))
            named[name] = target
            renamed[ref] = component_ref(section, name)
            waiting.extend(inner for _, inner in references(target))
    whole = {**result, "paths": paths, "components": sections} if sections else {**result, "paths": paths}
    whole = {key: whole[key] for key in (*document, "components") if key in whole}
    return _with_refs(whole, renamed) if renamed else whole


def _section_of(pointer: Pointer) -> str | None:
    kind = kind_at(pointer) if pointer[:1] == ("paths",) else None
    return "pathItems" if kind == "path item" else SECTIONS.get(kind or "")


def _holds(data: Document, pointer: Pointer) -> bool:
    try:
        lookup(data, pointer)
    except KeyError:
        return False
    return True


def _with_refs(node: Any, renamed: dict[str, str]) -> Any:
    if isinstance(node, list):
        return [_with_refs(item, renamed) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: renamed.get(value, value) if isinstance(value, str) else _with_refs(value, renamed)
        for key, value in node.items()
    }
