"""Path templates as the generator and `str.format` can take them. Owns the names of path parameters in Python, and what
of a path is no path: its literal query. The URL that is sent is the document's.

Facts
- The generator knows a template's name by `[a-zA-Z_-][a-zA-Z0-9_-]*`, wants each declared once, and takes the rest of
  the path as it is: `.format` runs over it only where there are parameters.
- httpx replaces the query of a URL, even by nothing, where a request has parameters for it; it never sends a fragment.
- A URL with a scheme, or with two slashes in front, is another host's, and gets the credentials as well.
"""

import re
import unicodedata
from collections.abc import Container, Sequence
from dataclasses import dataclass
from urllib.parse import unquote_plus

from .context import Context
from .names import identifier, shortened

_TEMPLATE = re.compile(r"{([^{}]*)}")
_EXPANSION = re.compile(r"{[?&]([^{}]*)}")
_NATIVE = re.compile(r"[a-zA-Z_-][a-zA-Z0-9_-]*")
_MOST = 60


@dataclass(frozen=True, kw_only=True)
class QueryPart:
    """One `name=value` of a path's literal query: the value, or the name of the template that stands for it."""

    name: str
    value: str | None
    template: str | None


@dataclass(frozen=True, kw_only=True)
class Template:
    """A path, cut up: literal texts, between them the names of its templates, and the query that goes elsewhere."""

    literals: tuple[str, ...]
    names: tuple[str, ...]
    query: tuple[QueryPart, ...] = ()


def leads_elsewhere(path: str) -> bool:
    """Whether httpx would take the path for a URL of another host."""
    return path.startswith("//") or re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", path) is not None


def has_query(path: str) -> bool:
    """Whether a query is written into the path."""
    return "?" in _TEMPLATE.sub("", path.partition("#")[0])


def has_expansion(path: str) -> bool:
    """Whether the path has a template that stands for a query, such as `{?page,size}`."""
    return _EXPANSION.search(path) is not None


def cut(path: str, *, move_query: bool = False) -> Template:
    """The path cut up. With `move_query` its query becomes parts, which are to be sent as parameters."""
    query: list[QueryPart] = []
    if move_query:
        for expansion in _EXPANSION.findall(path):
            query += [QueryPart(name=name, value=None, template=name) for name in _expanded(expansion)]
        path, hash_sign, fragment = _EXPANSION.sub("", path).partition("#")
        path, _, written = path.partition("?")
        query += [_query_part(item) for item in written.split("&") if item]
        path += hash_sign + fragment
    pieces = _TEMPLATE.split(path)
    return Template(literals=tuple(pieces[::2]), names=tuple(pieces[1::2]), query=tuple(query))


def python_names(template: Template, reserved: frozenset[str]) -> list[str]:
    """A Python name of ASCII for each template of the path, all different."""
    chosen: list[str] = []
    for name in template.names:
        ascii_text = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
        wanted = shortened(identifier(ascii_text), _MOST)
        wanted = f"{wanted}_path" if wanted in reserved else wanted
        candidate, number = wanted, 2
        while candidate in chosen:
            candidate, number = f"{wanted}_{number}", number + 1
        chosen.append(candidate)
    return chosen


def shown_path(template: Template, names: list[str], taken: Container[str], context: Context) -> str:
    """The path as the generator is shown it, different from those that are taken."""
    literals = template.literals
    plain = _joined([re.sub(r"[{}]", "_", literal) for literal in literals], names)
    in_format = [literal.replace("{", "{{").replace("}", "}}") for literal in literals] if names else literals
    real = _joined(in_format, names)
    shown = plain
    if real != plain or plain in taken or not plain.isprintable():
        shown = context.marked(plain, real)
        context.repaired("path_template")
    elif any(_NATIVE.fullmatch(name) is None for name in template.names):
        context.repaired("path_template")
    return shown


def _joined(literals: Sequence[str], names: list[str]) -> str:
    return literals[0] + "".join(f"{{{name}}}{literal}" for name, literal in zip(names, literals[1:], strict=True))


def _expanded(expansion: str) -> list[str]:
    return [name.split(":", 1)[0].rstrip("*") for name in expansion.split(",") if name]


def _query_part(text: str) -> QueryPart:
    name, _, value = text.partition("=")
    name = unquote_plus(name)
    template = _TEMPLATE.fullmatch(value)
    if template is not None:
        return QueryPart(name=name, value=None, template=template[1])
    return QueryPart(name=name, value=unquote_plus(value), template=None)
