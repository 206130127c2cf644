"""What is said of a public name. Owns reading docstrings in sections, and whose text speaks for a member that has none
of its own; refuses nothing: what is missing, `gaps` tells.

Facts
- A member without a text has that of the same member of a base class, or of a public protocol that its class fulfils.
- "As `connect`" in a docstring takes over what is said of the arguments and errors there.
- An argument or attribute is described by its entry under Args or Attributes, by a docstring of its own, or by being
  named, in backticks, in the prose.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import griffe

from .surface import Member, Surface, Thing, classes

_LIKE = re.compile(r"\bAs `([\w.]+)`")
_PROTOCOL = "typing.Protocol"
_SPAN = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, kw_only=True)
class Text:
    """A docstring, read.

    Attributes:
        parts: the prose, and admonitions as prose, in paragraphs and in their order.
        arguments: the entries under Args.
        attributes: the entries under Attributes.
        returns: the entries under Returns or Yields.
        raises: the entries under Raises, each by the names of its errors with commas between them.
    """

    parts: tuple[str, ...] = ()
    arguments: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    returns: tuple[str, ...] = ()
    raises: tuple[tuple[str, str], ...] = ()

    @property
    def prose(self) -> str:
        """The paragraphs, one after another."""
        return "\n\n".join(self.parts)

    @property
    def summary(self) -> str:
        """The first sentence, in one line."""
        first = " ".join(self.prose.split("\n\n")[0].split())
        return re.split(r"(?<=[.!?])\s", first, maxsplit=1)[0]

    @property
    def models(self) -> tuple[str, ...]:
        """The names that this one says it is like."""
        return tuple(_LIKE.findall(self.prose))

    def speaks_of(self, name: str) -> bool:
        """Tell whether the prose names an argument or attribute."""
        return any(re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", span) for span in _SPAN.findall(self.prose))


def read_text(docstring: griffe.Docstring | None) -> Text:
    """Return a docstring, read; an empty text where there is none."""
    parts: list[str] = []
    entries: dict[str, dict[str, str]] = {"parameters": {}, "attributes": {}}
    returns: list[str] = []
    raises: list[tuple[str, str]] = []
    for section in _sections(docstring):
        kind, value = section.kind.value, section.value
        if kind in entries:
            entries[kind] |= {item.name: item.description for item in value}
        elif kind in ("returns", "yields"):
            returns += [item.description for item in value]
        elif kind == "raises":
            raises += [(str(item.annotation).strip("()"), item.description) for item in value]
        elif kind == "examples":
            parts += [f"```python\n{text}\n```" if what.value == "examples" else text for what, text in value]
        elif kind == "admonition":
            parts.append(f"{section.title}:\n\n{value.contents}")
        else:
            parts.append(str(value))
    return Text(
        parts=tuple(parts),
        arguments=entries["parameters"],
        attributes=entries["attributes"],
        returns=tuple(returns),
        raises=tuple(raises),
    )


def _sections(docstring: griffe.Docstring | None) -> Sequence[griffe.DocstringSection]:
    if docstring is None:
        return ()
    return griffe.parse_google(docstring, returns_multiple_items=False, returns_named_value=False, warnings=False)


def text_of(surface: Surface, thing: Thing, *, owner: griffe.Class | None = None) -> Text:
    """Return what is said of a thing, or, with `owner`, of a member of that class."""
    if owner is None or thing.docstring is not None:
        return read_text(thing.docstring)
    for elder in _elders(surface, owner):
        member = elder.members.get(thing.name)
        if isinstance(member, griffe.Function | griffe.Attribute) and member.docstring is not None:
            return read_text(member.docstring)
    return Text()


def _elders(surface: Surface, owner: griffe.Class) -> Iterator[griffe.Class]:
    yield from owner.mro()
    has = set(surface.members(owner))
    for kind in classes(surface.names):
        is_protocol = any(isinstance(base, griffe.Expr) and base.canonical_path == _PROTOCOL for base in kind.bases)
        if is_protocol and kind is not owner and has.issuperset(surface.members(kind)):
            yield kind


def texts_around(surface: Surface, owner: griffe.Class) -> list[Text]:
    """Return what is said of a class, of its making, and of the classes that it has fields from: the nearest first."""
    found = [read_text(owner.docstring)]
    for kind in (owner, *_elders(surface, owner)):
        made = kind.members.get("__init__")
        found += [read_text(made.docstring)] if isinstance(made, griffe.Function) else []
        found += [read_text(kind.docstring)] if kind is not owner else []
    return found


def said_of(surface: Surface, owner: griffe.Class, name: str, member: Member | None = None) -> str | None:
    """Return the entry on an attribute of a class, or on an argument of its making.

    It is empty where the prose alone names it, and None where nothing does.
    """
    around = texts_around(surface, owner)
    for text in around:
        entry = text.attributes.get(name) or text.arguments.get(name)
        if entry:
            return entry
    if member is not None:
        own = text_of(surface, member, owner=owner).prose
        if own:
            return own
    return "" if any(text.speaks_of(name) for text in around) else None


def likened(surface: Surface, text: Text, scope: griffe.Object) -> Iterator[tuple[str, griffe.Function | None]]:
    """Give the names that a text says its thing is like, each with the function that it means, None for none."""
    for said in text.models:
        found = surface.find(said, scope)
        if found is None:
            yield said, None
            continue
        name, method = found
        thing = method or name.thing
        yield said, thing if isinstance(thing, griffe.Function) else None
