"""The fenced code blocks of a page, and what their info strings say. Owns the syntax of both; refuses a block that is
never closed, and an info string that means nothing.

    ````yaml https://vendor.example/openapi.json post /v1/keys

Facts
- A fence is three or more backticks or tildes, and ends with as many or more of the same and nothing behind them. What
  looks like another fence in between is text.
- Pages put blocks into lists and tags, and indent them there. A block's own indentation counts from its fence.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .document import METHODS
from .faults import PageError

_FENCE = re.compile(r"^(?P<indent>[ \t]*)(?P<ticks>`{3,}(?=[^`]*$)|~{3,})(?P<info>.*)$")
_BREAK = re.compile(r"\r\n|\r|\n")
_FILE = re.compile(r"(?i)\.(?:json|ya?ml)$|[/\\]")


@dataclass(frozen=True, kw_only=True)
class Block:
    """A fenced block: the line of its fence, counted from 1, the words behind the fence, and the text."""

    line: int
    info: tuple[str, ...]
    text: str

    @property
    def language(self) -> str:
        """The first word of the info string, in small letters."""
        return self.info[0].lower() if self.info else ""


@dataclass(frozen=True, kw_only=True)
class Named:
    """What an info string names: where the whole document is, and the operation, method in small letters."""

    source: str | None = None
    operation: tuple[str, str] | None = None


def blocks(text: str, *, name: str) -> Iterator[Block]:
    """The fenced blocks of a page, in its order. Raises PageError where one is never closed."""
    # Python's splitlines also splits where neither Markdown nor YAML begins a line.
    lines = _BREAK.split(text)
    opened: re.Match[str] | None = None
    start = 0
    for number, line in enumerate(lines, 1):
        fence = _FENCE.match(line)
        if fence is None:
            continue
        if opened is None:
            opened, start = fence, number
        elif _closes(fence, opened):
            indent = len(opened["indent"])
            inner = [_shifted(kept, indent) for kept in lines[start : number - 1]]
            yield Block(line=start, info=tuple(opened["info"].split()), text="\n".join(inner) + "\n")
            opened = None
    if opened is not None:
        raise PageError(
            f"{name}:{start}: the fenced block that starts here is never closed; the page looks cut off, fetch it anew"
        )


def named(block: Block, *, where: str) -> Named:
    """What the block's info string, `LANG [source] [METHOD path]`, names.

    Raises PageError for any other.
    """
    words = block.info[1:]
    operation = None
    if len(words) >= 2 and words[-2].lower() in METHODS:
        words, operation = words[:-2], (words[-2].lower(), words[-1])
    if not words:
        return Named(operation=operation)
    if len(words) == 1 and _FILE.search(words[0]):
        return Named(source=words[0], operation=operation)
    raise PageError(
        f"{where}: the info string ends in {' '.join(block.info[1:])!r}, which is not a document, a method and a path"
    )


def _closes(fence: re.Match[str], opened: re.Match[str]) -> bool:
    # More than three columns further in, it is text of a block that stands in another.
    return (
        fence["ticks"].startswith(opened["ticks"])
        and not fence["info"].strip()
        and len(fence["indent"]) <= len(opened["indent"]) + 3
    )


def _shifted(line: str, indent: int) -> str:
    return line[min(indent, len(line) - len(line.lstrip(" \t"))) :]
