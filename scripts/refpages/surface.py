"""What of a package is public, as griffe sees it without importing anything. Owns which names, members and constructors
count; refuses a public name that stands nowhere.

Facts
- What is public: all that `__all__` of a module lists; where there is none, the functions, classes and documented
  constants that the module itself defines. And whatever type such a thing names, until nothing new is named.
- A base class that is not public lends its members to the classes that are.
- A method without a docstring that overrides one of another library's class is that library's to explain, and left out.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import griffe

Thing: TypeAlias = griffe.Class | griffe.Function | griffe.Attribute
Member: TypeAlias = griffe.Function | griffe.Attribute


class SurfaceError(Exception):
    """A module lists a name that it does not have, or what it lists is nothing that can be described."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What to look at.

    Attributes:
        folder: where the package stands.
        modules: the public modules, the package first.
        families: packages of which every module is public, as far as it defines classes.
        foreign: other libraries that public classes derive from.
        inner: modules of which nothing is public; a constructor that takes what is theirs is nobody's to call.
        unlisted: how the names of classes end that only the package itself uses.
    """

    folder: Path
    modules: tuple[str, ...]
    families: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    inner: tuple[str, ...] = ()
    unlisted: str = ""


@dataclass(frozen=True, kw_only=True)
class Name:
    """A public name: the thing, and the module that users import it from."""

    thing: Thing
    place: str


class Surface:
    """The public names of a package, by the path where each is defined."""

    def __init__(self, plan: Plan) -> None:
        """Read the package. Raises SurfaceError."""
        self._plan = plan
        self._package = plan.modules[0]
        # It tells in its log what its parser of docstrings wonders at; `gaps` says the same by name.
        logging.getLogger("griffe").setLevel(logging.ERROR)
        loader = griffe.GriffeLoader(search_paths=[plan.folder], allow_inspection=False)
        loader.load(self._package)
        elsewhere = griffe.GriffeLoader(allow_inspection=False, modules_collection=loader.modules_collection)
        for library in plan.foreign:
            elsewhere.load(library)
        loader.resolve_aliases(implicit=True, external=False)
        self._loaded = loader.modules_collection
        self.names: dict[str, Name] = {}
        for name in self._listed():
            self.names.setdefault(name.thing.path, name)
        self._close()

    def module(self, path: str) -> griffe.Module:
        """Return a module of the package."""
        found = self.target(path)
        if not isinstance(found, griffe.Module):
            raise SurfaceError(f"there is no module {path}")
        return found

    def target(self, path: str) -> griffe.Object | None:
        """Return what stands at `path`, wherever it was imported from; None where that is outside of what was read."""
        try:
            found = self._loaded[path]
            return found.final_target if isinstance(found, griffe.Alias) else found
        except (KeyError, griffe.AliasResolutionError, griffe.CyclicAliasError):
            return None

    def members(self, owner: griffe.Class) -> dict[str, Member]:
        """Return the public attributes and methods of a class, in the order of the source, inherited ones last."""
        found: dict[str, Member] = {}
        foreign = [base for base in owner.mro() if not self._is_ours(base)]
        for kind in (owner, *self._lenders(owner)):
            for name, member in kind.members.items():
                if name.startswith("_") or not isinstance(member, griffe.Function | griffe.Attribute):
                    continue
                if member.docstring is None and any(name in base.members for base in foreign):
                    continue
                found.setdefault(name, member)
        return found

    def constructor(self, owner: griffe.Class) -> griffe.Function | None:
        """Return the constructor that is shown with a class; None where a public base's is it, or nobody calls it."""
        for kind in (owner, *self._lenders(owner)):
            made = kind.members.get("__init__")
            if isinstance(made, griffe.Function):
                targets = (self.target(path) for path in self._named(made))
                is_inner = any(found is not None and found.module.path in self._plan.inner for found in targets)
                return None if is_inner else made
        return None

    def bases(self, owner: griffe.Class) -> list[griffe.Expr | str]:
        """Return the base classes of a class that a reader can know: public ones, and those of other libraries."""
        found = []
        for base in owner.bases:
            target = self.target(base.canonical_path if isinstance(base, griffe.Expr) else base)
            if target is None or target.path in self.names or not self._is_ours(target):
                found.append(base)
        return found

    def type_of(self, attribute: griffe.Attribute) -> griffe.Expr | str | None:
        """Return the type of an attribute: what is annotated, or what its value is or was given as."""
        value = attribute.value
        if attribute.annotation is not None or value is None:
            return attribute.annotation
        owner = attribute.parent
        made = owner.members.get("__init__") if isinstance(owner, griffe.Class) else None
        if isinstance(made, griffe.Function) and isinstance(value, griffe.ExprName) and value.name in made.parameters:
            return made.parameters[value.name].annotation
        head: griffe.Expr | str | None = value.function if isinstance(value, griffe.ExprCall) else None
        if isinstance(value, griffe.ExprAttribute):
            head = value.first
        if isinstance(head, griffe.ExprName) and isinstance(self.target(head.canonical_path), griffe.Class):
            return head
        return None

    def find(self, said: str, scope: griffe.Object) -> tuple[Name, griffe.Function | None] | None:
        """Return the public name, and its method where it is one, that `said` means at a place; None for neither."""
        kind = scope if isinstance(scope, griffe.Class) else scope.parent
        if isinstance(kind, griffe.Class) and kind.path in self.names:
            method = self.members(kind).get(said)
            if isinstance(method, griffe.Function):
                return self.names[kind.path], method
        for start in (scope.module.path, self._package, ""):
            path = f"{start}.{said}".lstrip(".")
            name = self._name_at(path)
            if name is not None:
                return name, None
            owner, _, last = path.rpartition(".")
            name = self._name_at(owner)
            if name is not None and isinstance(name.thing, griffe.Class):
                member = self.members(name.thing).get(last)
                if member is not None:
                    return name, member if isinstance(member, griffe.Function) else None
        return None

    def _name_at(self, path: str) -> Name | None:
        found = self.target(path) if path else None
        return None if found is None else self.names.get(found.path)

    def _is_ours(self, thing: griffe.Object) -> bool:
        return thing.path.split(".")[0] == self._package

    def _lenders(self, owner: griffe.Class) -> list[griffe.Class]:
        return [base for base in owner.mro() if self._is_ours(base) and base.path not in self.names]

    def _listed(self) -> Iterator[Name]:
        for path in self._plan.modules:
            for thing in self._exported(self.module(path)):
                yield Name(thing=thing, place=path)
        for family in self._plan.families:
            for module in self.module(family).members.values():
                if not isinstance(module, griffe.Module):
                    continue
                for thing in self._exported(module):
                    is_listed = not self._plan.unlisted or not thing.name.endswith(self._plan.unlisted)
                    if isinstance(thing, griffe.Class) and is_listed:
                        yield Name(thing=thing, place=module.path)

    def _exported(self, module: griffe.Module) -> Iterator[Thing]:
        for name in map(str, module.exports or _defined(module)):
            thing = self.target(f"{module.path}.{name}")
            if not isinstance(thing, griffe.Class | griffe.Function | griffe.Attribute):
                raise SurfaceError(f"{module.path} lists {name}, which is nothing that can be described")
            yield thing

    def _close(self) -> None:
        """Add what the public names name, until nothing is added."""
        waiting = [name.thing for name in self.names.values()]
        while waiting:
            for path in self._named(waiting.pop()):
                thing = self.target(path)
                if not isinstance(thing, griffe.Class | griffe.Attribute) or not self._is_ours(thing):
                    continue
                if thing.path not in self.names and not thing.name.startswith("_") and not _is_variable(thing):
                    self.names[thing.path] = Name(thing=thing, place=thing.module.path)
                    waiting.append(thing)

    def _named(self, thing: Thing) -> Iterator[str]:
        if isinstance(thing, griffe.Class):
            made = self.constructor(thing)
            for member in (*self.members(thing).values(), *([made] if made else [])):
                yield from self._named(member)
            return
        if isinstance(thing, griffe.Function):
            types = [thing.returns, *(parameter.annotation for parameter in thing.parameters)]
        else:
            types = [self.type_of(thing)] if isinstance(thing.parent, griffe.Class) else [thing.value]
        for found in types:
            if isinstance(found, griffe.Expr):
                yield from (part.canonical_path for part in found.iterate() if isinstance(part, griffe.ExprName))


def _defined(module: griffe.Module) -> list[str]:
    """Return the names that a module without `__all__` defines for others."""
    return [
        name
        for name, member in module.members.items()
        if not name.startswith("_")
        and (
            isinstance(member, griffe.Class | griffe.Function)
            or (isinstance(member, griffe.Attribute) and member.docstring is not None)
        )
    ]


def _is_variable(thing: griffe.Object) -> bool:
    """Tell whether this is a variable of types, which no reader has to know."""
    value = thing.value if isinstance(thing, griffe.Attribute) else None
    return isinstance(value, griffe.ExprCall) and value.canonical_path in ("typing.TypeVar", "typing.ParamSpec")


def classes(names: Mapping[str, Name]) -> Iterator[griffe.Class]:
    """Give the public classes."""
    return (name.thing for name in names.values() if isinstance(name.thing, griffe.Class))
