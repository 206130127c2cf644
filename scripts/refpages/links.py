"""Links from one page to another. Owns what headings are called, and which words and types become links.

Facts
- A code host makes a heading's anchor of its text: lower case, without punctuation, blanks as hyphens.
- In prose, what stands in backticks is linked where it is a public name; besides, words with an inner capital are.
- An attribute has no heading; its class has one.
"""

import re
from collections.abc import Iterator

import griffe

from .surface import Name, Surface

_WORD = re.compile(r"`(?P<code>[^`\n]+)`|\[[^\]\n]*\]\([^)\n]*\)|\b(?P<class>[A-Z][a-z]+[A-Z]\w*)\b(?!\()")
_HEAD = re.compile(r"[A-Za-z_][\w.]*")


def anchor(heading: str) -> str:
    """Return the anchor that a code host gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def page_of(module: str) -> str:
    """Return the file name of a module's page: the module below the package."""
    return f"{module.partition('.')[2]}.md"


class Links:
    """What links stand on the page of one module."""

    def __init__(self, surface: Surface, module: str) -> None:
        """Make links for the page of `module`."""
        self._surface = surface
        self._page = page_of(module)

    def to(self, name: Name, method: griffe.Function | None = None) -> str:
        """Return where a public name stands, as seen from this page."""
        page = page_of(name.thing.module.path)
        heading = name.thing.name if method is None else f"{name.thing.name}.{method.name}"
        return f"{'' if page == self._page else page}#{anchor(heading)}"

    def names_in(self, found: griffe.Expr) -> Iterator[str]:
        """Give a link for every public name in a type."""
        for part in found.iterate():
            name = self._named(part)
            if name is not None:
                yield f"[`{name.thing.name}`]({self.to(name)})"

    def in_type(self, found: griffe.Expr | str) -> str:
        """Return a type as code, its public names linked."""
        if isinstance(found, str) or not any(self.names_in(found)):
            return f"`{found}`"
        linked = (self._part(part) for part in found.iterate())
        return f"<code>{''.join(linked)}</code>"

    def _part(self, part: griffe.Expr | str) -> str:
        name = self._named(part)
        text = re.sub(r"([\\`*_\[\]<>])", r"\\\1", part.name if isinstance(part, griffe.ExprName) else str(part))
        return text if name is None else f"[{text}]({self.to(name)})"

    def _named(self, part: griffe.Expr | str) -> Name | None:
        target = self._surface.target(part.canonical_path) if isinstance(part, griffe.ExprName) else None
        return None if target is None else self._surface.names.get(target.path)

    def in_prose(self, text: str, scope: griffe.Object, silent: frozenset[str] = frozenset()) -> str:
        """Return prose with links in it; code that is set off by its indentation or by a fence stays as it is.

        A word in `silent` means something else here, such as an argument.
        """
        lines: list[str] = []
        is_fenced = False
        for line in text.split("\n"):
            is_fenced = is_fenced != line.startswith("```")
            is_code = is_fenced or line.startswith(("    ", "```"))
            lines.append(line if is_code else _WORD.sub(lambda found: self._linked(found, scope, silent), line))
        return "\n".join(lines)

    def _linked(self, found: re.Match[str], scope: griffe.Object, silent: frozenset[str]) -> str:
        code, word = found["code"], found["class"]
        head = _HEAD.match(code) if code else None
        said = word or (head.group().rstrip(".") if head else "")
        if not said or said in silent or (code and code[len(said) : len(said) + 1] not in ("", "(")):
            return found.group()
        target = self._surface.find(said, scope)
        if target is None or (target[1] or target[0].thing) is scope:
            return found.group()
        return f"[{found.group()}]({self.to(*target)})"
