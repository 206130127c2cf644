"""The Markdown pages of the tree, read by a parser: their examples, links and anchors. Owns what counts as an example.

In README, an example is a fenced block of `python`, or an indented line that calls `issuant`. Below overlay/docs, every
fenced block says what it is: `python` and `sh` are run, a few others are only read, and nothing else is there. What
ADDING fences by four backticks are the files of a provider, which have tests of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
DOCS = ROOT / "overlay" / "docs"
REFERENCE = DOCS / "reference"
ADDING = DOCS / "add-a-provider.md"

RUN = ("python", "sh")
READ = ("text", "json", "toml", "yaml", "dotenv")
SIGNATURE = "python signature"

_CALL = re.compile(r"(?:\.venv/bin/)?issuant ")
_PARSER = MarkdownIt("commonmark").enable("table")


@dataclass(frozen=True, kw_only=True)
class Example:
    """An example: its language, what it says, and where it stands."""

    language: str
    text: str
    place: str


def pages() -> list[Path]:
    """Return README and every page below overlay/docs."""
    return [README, *sorted(DOCS.rglob("*.md"))]


def examples(page: Path) -> Iterator[Example]:
    """Give the examples of a page, in their order."""
    for token in _PARSER.parse(page.read_text("utf-8")):
        place = f"{page.name}:{token.map[0] + 1}" if token.map else page.name
        is_ours = page != ADDING or token.markup == "```"
        if token.type == "fence" and is_ours and token.info in RUN:
            yield Example(language=token.info, text=token.content, place=place)
        elif token.type == "code_block" and page == README:
            for number, line in enumerate(token.content.splitlines()):
                if _CALL.match(line):
                    yield Example(language="sh", text=line, place=f"{place}+{number}")


def unclear(page: Path, *, is_reference: bool) -> list[str]:
    """Return the blocks of a page below overlay/docs of which nobody could tell whether they are to be run."""
    known = {*RUN, *READ, *([SIGNATURE] if is_reference else [])}
    found = []
    for token in _PARSER.parse(page.read_text("utf-8")):
        line = token.map[0] + 1 if token.map else 0
        is_file = page == ADDING and token.markup == "````"
        if token.type == "fence" and not is_file and token.info not in known:
            found.append(
                f"{page.name}:{line}: a block of {token.info or 'nothing'}; known are {', '.join(sorted(known))}"
            )
        if token.type == "code_block" and not is_reference:
            found.append(f"{page.name}:{line}: a block set off by its indentation; fence it")
    return found


def _inline(page: Path) -> Iterator[Token]:
    for token in _PARSER.parse(page.read_text("utf-8")):
        yield from token.children or ()


def anchors(page: Path) -> set[str]:
    """Return the anchors that a code host gives the headings of a page."""
    found: set[str] = set()
    tokens = _PARSER.parse(page.read_text("utf-8"))
    for opening, inline in pairwise(tokens):
        if opening.type != "heading_open":
            continue
        text = "".join(child.content for child in inline.children or () if child.type in ("text", "code_inline"))
        kept = "".join(char for char in text.lower() if char.isalnum() or char in "-_ ").replace(" ", "-")
        name, number = kept, 0
        while name in found:
            number += 1
            name = f"{kept}-{number}"
        found.add(name)
    return found


def broken_links(page: Path) -> list[str]:
    """Return the relative links of a page that lead nowhere: no such file, or no such heading in it."""
    found = []
    for token in _inline(page):
        link = str(token.attrs.get("href" if token.type == "link_open" else "src", ""))
        if token.type not in ("link_open", "image") or re.match(r"[a-z][a-z0-9+.-]*:", link):
            continue
        path, _, anchor = unquote(link).partition("#")
        target = page.parent / path if path else page
        if not target.exists():
            found.append(f"{page.name}: {link}: there is no such file")
        elif anchor and (target.suffix != ".md" or anchor not in anchors(target)):
            found.append(f"{page.name}: {link}: there is no such heading")
    return found
