"""What the docstrings of public names leave out or say wrongly, each in a sentence. Owns what a docstring owes.

It owes a text, a word on every argument and attribute, and entries that name what is there.
"""

import builtins
from collections.abc import Iterator, Mapping

import griffe

from .surface import Name, Surface
from .texts import Text, likened, read_text, said_of, text_of

_BOUND = ("self", "cls")


def gaps_of(surface: Surface, name: Name) -> list[str]:
    """Return what is missing or wrong in what is said of a public name."""
    thing = name.thing
    text = text_of(surface, thing)
    found = [] if text.prose else [f"{thing.name} has no text"]
    if isinstance(thing, griffe.Class):
        return [*found, *_of_class(surface, thing)]
    if isinstance(thing, griffe.Function):
        found += _of_arguments(surface, thing, text, label=thing.name)
    return [*found, *_of_errors(surface, thing, text, label=thing.name)]


def gaps_of_module(surface: Surface, path: str) -> list[str]:
    """Return what is missing on the page of a module."""
    return [] if read_text(surface.module(path).docstring).prose else [f"{path} has no text"]


def arguments_of(function: griffe.Function) -> list[str]:
    """Return the names of what a caller gives."""
    return [item.name for item in function.parameters if item.name not in _BOUND and not item.name.startswith("_")]


def _of_class(surface: Surface, owner: griffe.Class) -> Iterator[str]:
    members = surface.members(owner)
    text = read_text(owner.docstring)
    yield from _of_errors(surface, owner, text, label=owner.name)
    made = surface.constructor(owner)
    arguments = [] if made is None else arguments_of(made)
    for name in arguments:
        if name not in members and said_of(surface, owner, name) is None:
            yield f"{owner.name}: nothing is said of the argument {name}"
    for name in text.attributes:
        if name not in members:
            yield f"{owner.name}: Attributes has an entry {name}, and there is no such attribute"
    for name in {**text.arguments, **read_text(None if made is None else made.docstring).arguments}:
        if name not in arguments:
            yield f"{owner.name}: Args has an entry {name}, and there is no such argument"
    for name, member in members.items():
        label = f"{owner.name}.{name}"
        if isinstance(member, griffe.Attribute):
            about = said_of(surface, owner, name, member)
            if about is None:
                yield f"{label}: nothing is said of this attribute"
            elif text.attributes and not about and member.parent is owner and name not in text.arguments:
                yield f"{owner.name}: Attributes has no entry {name}"
            continue
        said = text_of(surface, member, owner=owner)
        if not said.prose:
            yield f"{label} has no text"
        yield from _of_arguments(surface, member, said, label=label)
        yield from _of_errors(surface, member, said, label=label)


def _of_arguments(surface: Surface, function: griffe.Function, text: Text, *, label: str) -> Iterator[str]:
    arguments = arguments_of(function)
    for name in text.arguments:
        if name not in arguments:
            yield f"{label}: Args has an entry {name}, and there is no such argument"
    if text.arguments:
        yield from (f"{label}: Args has no entry {name}" for name in arguments if name not in text.arguments)
        return
    models = dict(likened(surface, text, function))
    described = {name for name in arguments if text.speaks_of(name)}
    for said, model in models.items():
        if model is None:
            yield f"{label}: it is as {said}, and there is no such public function"
            continue
        of_model = text_of(surface, model)
        described |= {name for name in arguments_of(model) if name in of_model.arguments or of_model.speaks_of(name)}
    yield from (f"{label}: nothing is said of the argument {name}" for name in arguments if name not in described)


def _of_errors(surface: Surface, thing: griffe.Object, text: Text, *, label: str) -> Iterator[str]:
    for error in (error for errors, _ in text.raises for error in errors.split(", ")):
        if not hasattr(builtins, error) and surface.find(error, thing) is None:
            yield f"{label}: Raises has an entry {error}, and there is no such public error"


def gaps(surface: Surface) -> Mapping[str, list[str]]:
    """Return what is missing or wrong, by the path of the public name or the module."""
    modules = {name.thing.module.path for name in surface.names.values()}
    found = {path: gaps_of_module(surface, path) for path in sorted(modules)}
    return found | {path: gaps_of(surface, name) for path, name in sorted(surface.names.items())}
