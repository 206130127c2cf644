"""What people write to choose operations of a document. Owns the four forms of a selector and their meaning; refuses
nothing, but tells which selectors choose nothing and what is near them.

    GET /v1/users      an operation; the path may be a glob
    getUser            an operation by its operationId
    tag:Users          all operations with the tag
    /v1/users/**       all operations of the paths that the glob fits; * is a part of one segment, ** any number of them

Several may stand in one text with commas between them.
"""

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from .document import METHODS

_TAG = "tag:"


class Known(NamedTuple):
    """An operation that can be chosen; without a method, a path whose operations cannot be told."""

    method: str
    path: str
    name: str = ""
    tags: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The operation as "METHOD path"."""
        return f"{self.method.upper()} {self.path}"


class Matched(NamedTuple):
    """The keys of the chosen operations, and the selectors that choose none, each with what is near it."""

    keys: frozenset[str]
    missing: dict[str, str]


def match(selectors: Iterable[str], known: Sequence[Known]) -> Matched:
    """What the selectors choose among the operations."""
    found: set[str] = set()
    missing: list[str] = []
    for text in selectors:
        keys, unknown = _match(text, known)
        found |= keys
        missing += unknown
    return Matched(frozenset(found), {text: _near(text, known) for text in missing})


def _match(text: str, known: Sequence[Known]) -> tuple[set[str], list[str]]:
    """What the selectors in the text choose, and those of them that choose nothing."""
    parts = text.split(",")
    found: set[str] = set()
    unknown = []
    while parts:
        # A comma may belong to a path or a tag, so as much as means something together is one selector.
        length = len(parts)
        while not (first := _one(",".join(parts[:length]).strip(), known)) and length > 1:
            length -= 1
        if not first and parts[0].strip():
            unknown.append(parts[0].strip())
        found |= first
        del parts[:length]
    return found, unknown if found else [text.strip()]


def _one(selector: str, known: Sequence[Known]) -> set[str]:
    method, _, path = selector.partition(" ")
    path = path.strip()
    if selector.startswith(_TAG):
        return {item.key for item in known if selector.removeprefix(_TAG) in item.tags}
    if method.lower() in METHODS and path:
        return {item.key for item in _fitting(path, known) if item.method in ("", method.lower())}
    if selector.startswith("/"):
        return {item.key for item in _fitting(selector, known)}
    return {item.key for item in known if item.name and item.name == selector}


def _fitting(glob: str, known: Sequence[Known]) -> list[Known]:
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


def _near(selector: str, known: Sequence[Known]) -> str:
    words = dict.fromkeys(
        word
        for item in known
        if item.method
        for word in (item.key, item.path, item.name, *(f"{_TAG}{tag}" for tag in item.tags))
        if word
    )
    lower = {word.lower(): word for word in words}
    found = [lower[word] for word in get_close_matches(selector.lower(), lower, n=3, cutoff=0.5)]
    return f"; near are {', '.join(map(repr, found))}" if found else ""
