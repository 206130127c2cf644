"""The pages in Markdown: one for each module that public names stand in, and their list. Owns the wording and the
layout; writes no file.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

import griffe

from .gaps import arguments_of
from .links import Links, page_of
from .surface import Name, Surface
from .texts import Text, read_text, said_of, text_of

SIGNATURE = "python signature"
"""What a fenced block of a signature is called, so that nobody takes it for an example."""

_MADE = "<!-- Made by `make docs` from the docstrings. -->"
_WIDTH = 100
_LONGEST_DEFAULT = 40


def pages(surface: Surface) -> dict[str, str]:
    """Return the text of every module's page by its file name."""
    modules: dict[str, list[Name]] = {}
    for name in surface.names.values():
        modules.setdefault(name.thing.module.path, []).append(name)
    return {page_of(path): _page(surface, path, modules[path]) for path in sorted(modules)}


def contents(surface: Surface, commands: Mapping[str, str]) -> str:
    """Return the list of all public names, by the module that they are imported from, and of the commands."""
    links = Links(surface, "")
    places: dict[str, list[Name]] = {}
    for name in surface.names.values():
        places.setdefault(name.place, []).append(name)
    lines = [_MADE, "", "# Reference", "", "Every public name, by the module to import it from, and every command.", ""]
    for place in sorted(places):
        lines += [f"## {place}", ""]
        for name in sorted(places[place], key=lambda name: (name.thing.name.lower(), name.thing.name)):
            summary = links.in_prose(text_of(surface, name.thing).summary, name.thing)
            lines.append(_item(f"[`{name.thing.name}`]({links.to(name)})", summary))
        lines.append("")
    lines += ["## The command", "", *(_item(f"[`{said}`]({where})", "") for said, where in commands.items())]
    return "\n".join(lines) + "\n"


def _page(surface: Surface, path: str, names: list[Name]) -> str:
    module = surface.module(path)
    links = Links(surface, path)
    lines = [_MADE, "", f"# {path}", "", links.in_prose(read_text(module.docstring).prose, module), ""]
    for name in sorted(names, key=lambda name: name.thing.lineno or 0):
        lines += [*_entry(surface, links, name), ""]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip("\n") + "\n"


def _entry(surface: Surface, links: Links, name: Name) -> Iterator[str]:
    thing = name.thing
    yield from (f"## {thing.name}", "", f"`from {name.place} import {thing.name}`", "")
    if isinstance(thing, griffe.Class):
        yield from _class(surface, links, thing)
    elif isinstance(thing, griffe.Function):
        yield from _function(links, thing, text_of(surface, thing), name=thing.name)
    else:
        yield from (*_fenced(f"{thing.name} = {thing.value}"), "")
        yield links.in_prose(text_of(surface, thing).prose, thing)


def _class(surface: Surface, links: Links, owner: griffe.Class) -> Iterator[str]:
    text = read_text(owner.docstring)
    made = surface.constructor(owner)
    members = surface.members(owner)
    bases = surface.bases(owner)
    head = f"class {owner.name}({', '.join(map(str, bases))})" if bases else f"class {owner.name}"
    arguments = arguments_of(made) if made is not None else []
    call = f"\n\n{_signature(made, owner.name)}" if made is not None and arguments else ""
    yield from (*_fenced(f"{head}{call}"), "")
    yield from _types(links, [*bases, *_named(made)])
    attributes = {name: member for name, member in members.items() if isinstance(member, griffe.Attribute)}
    silent = frozenset((*attributes, *arguments))
    yield from (links.in_prose(text.prose, owner, silent), "")
    making = read_text(made.docstring if made is not None else None)
    if making.prose:
        yield from (links.in_prose(making.prose, owner, silent), "")
    yield from _list("Arguments", {**text.arguments, **making.arguments}, links, owner, silent)
    yield from _raises({**dict(text.raises), **dict(making.raises)}, links, owner)
    if attributes:
        yield from ("Attributes:", "")
        for name, attribute in attributes.items():
            kind = surface.type_of(attribute)
            said = said_of(surface, owner, name, attribute) or ""
            value = f" = `{attribute.value}`" if _is_constant(attribute) else ""
            label = f"`{name}`{value}" if kind is None or value else f"`{name}` ({links.in_type(kind)})"
            yield _item(label, links.in_prose(said, owner, silent))
        yield ""
    for name, member in members.items():
        if isinstance(member, griffe.Function):
            yield from (f"### {owner.name}.{name}", "")
            yield from _function(links, member, text_of(surface, member, owner=owner), name=name)


def _function(links: Links, function: griffe.Function, text: Text, *, name: str) -> Iterator[str]:
    awaited = "async " if "async" in function.labels else ""
    above = "".join(
        f"@{label}\n" for label in ("classmethod", "staticmethod", "contextmanager") if _has(function, label)
    )
    yield from (*_fenced(f"{above}{_signature(function, f'{awaited}def {name}')}"), "")
    yield from _types(links, _named(function))
    silent = frozenset(arguments_of(function))
    yield from (links.in_prose(text.prose, function, silent), "")
    yield from _list("Arguments", text.arguments, links, function, silent)
    if text.returns:
        yield from (links.in_prose(f"Returns {' '.join(text.returns)}", function, silent), "")
    yield from _raises(dict(text.raises), links, function)


def _named(function: griffe.Function | None) -> list[griffe.Expr | str | None]:
    """Return the types that a signature names."""
    if function is None:
        return []
    returns = [] if function.name == "__init__" else [function.returns]
    return [*(item.annotation for item in function.parameters), *returns]


def _types(links: Links, types: Sequence[griffe.Expr | str | None]) -> Iterator[str]:
    """Give a line with links to the public ones of some types: code cannot hold links."""
    found = dict.fromkeys(link for kind in types if isinstance(kind, griffe.Expr) for link in links.names_in(kind))
    if found:
        yield from (f"Types: {', '.join(found)}.", "")


def _has(function: griffe.Function, label: str) -> bool:
    return label in function.labels or any(str(item.value).split(".")[-1] == label for item in function.decorators)


def _is_constant(attribute: griffe.Attribute) -> bool:
    """Tell whether this is a constant of its class, such as the member of an enum."""
    return "class-attribute" in attribute.labels and attribute.annotation is None and attribute.value is not None


def _signature(function: griffe.Function, head: str) -> str:
    """Return a signature in one line, or, where that is too long, in one for each parameter."""
    parts = list(_parameters(function))
    returns = f" -> {function.returns}" if function.returns is not None and function.name != "__init__" else ""
    line = f"{head}({', '.join(parts)}){returns}"
    if len(line) <= _WIDTH:
        return line
    return "\n".join([f"{head}(", *(f"    {part}," for part in parts), f"){returns}"])


def _parameters(function: griffe.Function) -> Iterator[str]:
    shown = [item for position, item in enumerate(function.parameters) if position or item.name not in ("self", "cls")]
    kinds = [item.kind for item in shown]
    for position, item in enumerate(shown):
        before = kinds[position - 1] if position else None
        if item.kind is griffe.ParameterKind.keyword_only and before not in (
            griffe.ParameterKind.keyword_only,
            griffe.ParameterKind.var_positional,
        ):
            yield "*"
        stars = {griffe.ParameterKind.var_positional: "*", griffe.ParameterKind.var_keyword: "**"}.get(item.kind, "")
        kind = f": {item.annotation}" if item.annotation is not None else ""
        yield f"{stars}{item.name}{kind}{'' if stars else _default(item, has_kind=bool(kind))}"
        after = kinds[position + 1] if position + 1 < len(kinds) else None
        if item.kind is griffe.ParameterKind.positional_only and after is not item.kind:
            yield "/"


def _default(item: griffe.Parameter, *, has_kind: bool) -> str:
    if item.default is None:
        return ""
    written = str(item.default)
    # What is computed says nothing to a reader, and what is private cannot be named.
    said = "…" if "lambda" in written or written.startswith("_") or len(written) > _LONGEST_DEFAULT else written
    return f" = {said}" if has_kind else f"={said}"


def _fenced(code: str) -> tuple[str, ...]:
    return f"```{SIGNATURE}", code, "```"


def _list(
    title: str, entries: Mapping[str, str], links: Links, scope: griffe.Object, silent: frozenset[str]
) -> Iterator[str]:
    if entries:
        yield from (f"{title}:", "")
        yield from (_item(f"`{name}`", links.in_prose(said, scope, silent)) for name, said in entries.items())
        yield ""


def _raises(entries: Mapping[str, str], links: Links, scope: griffe.Object) -> Iterator[str]:
    if entries:
        yield from ("Raises:", "")
        for names, said in entries.items():
            label = ", ".join(f"`{name}`" for name in names.split(", "))
            yield _item(links.in_prose(label, scope), links.in_prose(said, scope))
        yield ""


def _item(label: str, said: str) -> str:
    return f"- {label}: {' '.join(said.split())}" if said else f"- {label}"
