"""Which calls of the facade use what of a provider's generated package, and which changes reach them. Owns the walk
through the adapter, and the rule by which a change reaches a call; refuses an adapter of another shape.

Facts
- What runs when the adapter is imported, and what its PROVIDER holds, belongs to `connect`: without it nobody gets as
  far as a call. The calls do not repeat it, but for what they use themselves.
- A change on the wire reaches every call that sends the operation, used or not: a whole request is sent, a whole reply
  read. A change in Python reaches a call that uses the very name.
- A change of the whole document, such as of its servers, has no operation and reaches every call.
"""

import ast
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from .adapters import Definition, Function, Source, Sources
from .importers import Breakage
from .surface import Surface, read_surface
from .uses import Uses, named, uses_of
from .wire import WireChange

CONNECT = "connect"
_FUNCTIONS = ("sync", "sync_detailed", "asyncio", "asyncio_detailed")
_PARAMETER = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True, kw_only=True)
class FacadeCall:
    """A call of the facade for one provider: `connect`, or a method of the connection.

    Attributes:
        name: as a user says it, such as `put_secret`.
        operations: what it sends, such as `POST /v2/users/api_keys`.
        names: what it uses of the generated package, such as `models.Pet`, `models.Pet.name` or `api.pets.put_pet`.
        called: those of the names that are called, a class to make an object of it.
        by_position: those of the calls that give arguments by position.
    """

    name: str
    operations: frozenset[str]
    names: frozenset[str]
    called: frozenset[str] = frozenset()
    by_position: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Affected:
    """A call of the facade with the changes that reach it, and a few words on them."""

    name: str
    what: str
    breaks: bool
    wire: tuple[WireChange, ...]
    python: tuple[Breakage, ...]


def facade_calls(root: Path, provider: str, package: str) -> tuple[FacadeCall, ...]:
    """The calls that a provider's adapter serves, `connect` first; none where no adapter uses the package.

    The package in `generated/` has to be the one that the adapter was written for, so ask before it is replaced.
    Raises AdapterError or SurfaceError.
    """
    name = f"issuant.providers.{provider}"
    sources = Sources(root / "overlay", package, name)
    source = sources.find(name)
    if source is None:
        return ()
    surface, adapter = read_surface(root / "generated" / package), source.adapter()
    walk = _Walk(sources, surface, source, adapter)
    connect = [
        (found, node)
        for found in sources.loaded_with(source)
        for node in found.tree.body
        if not isinstance(node, Function | ast.ClassDef)
    ]
    imported = [path for _, node in connect for path in sources.bound(node).values()]
    at_once = [named(path, surface, is_whole=False) for path in imported]
    methods = source.methods(adapter)
    return (
        _facade_call(CONNECT, surface, [*at_once, walk.uses(connect)]),
        *(
            _facade_call(name, surface, [walk.uses([(source, methods[name])], is_adapter=True)])
            for name in sorted(methods)
            if not name.startswith("_") and not _is_property(methods[name])
        ),
    )


def _is_property(method: Function) -> bool:
    return any(isinstance(item, ast.Name) and item.id == "property" for item in method.decorator_list)


def affected(
    calls: Sequence[FacadeCall], changes: Iterable[WireChange], breakages: Iterable[Breakage]
) -> tuple[Affected, ...]:
    """The calls that a change reaches, in the order given."""
    changes, breakages = tuple(changes), tuple(breakages)
    found = []
    for call in calls:
        wire = tuple(change for change in changes if _is_reached(call, change))
        python = tuple(breakage for breakage in breakages if _is_broken(call, breakage))
        if wire or python:
            breaks = bool(python) or any(change.breaks for change in wire)
            found.append(Affected(name=call.name, what=_what(wire, python), breaks=breaks, wire=wire, python=python))
    return tuple(found)


class _Walk:
    """Follows the definitions of an adapter, each once for a call."""

    def __init__(self, sources: Sources, surface: Surface, source: Source, adapter: str) -> None:
        self._sources = sources
        self._surface = surface
        self._source = source
        self._adapter = adapter
        self._methods = source.methods(adapter)

    def uses(self, nodes: Sequence[tuple[Source, ast.AST]], *, is_adapter: bool = False) -> Uses:
        """What nodes of the adapter's modules use, and all that they lead to; a method's `self` is the adapter."""
        found = Uses()
        seen: set[int] = set()
        waiting = [(source, node, is_adapter) for source, node in nodes]
        while waiting:
            source, node, is_method = waiting.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            uses = uses_of(source, node, self._surface)
            found.add(uses)
            for definition in uses.definitions:
                waiting += self._leads_to(definition)
            if is_method:
                waiting += [(source, method, True) for method in self._own_methods(node)]
        return found

    def _leads_to(self, definition: Definition) -> list[tuple[Source, ast.AST, bool]]:
        source = self._sources.find(definition.module)
        if source is None:
            return []
        if definition.name in source.imported:
            return self._leads_to(source.imported[definition.name])
        if source is self._source and definition.name == self._adapter:
            # To make the adapter is not to make its calls.
            return [(source, self._methods["__init__"], True)] if "__init__" in self._methods else []
        return [(source, node, False) for node in source.defined.get(definition.name, ())]

    def _own_methods(self, node: ast.AST) -> list[ast.AST]:
        return [
            self._methods[item.attr]
            for item in ast.walk(node)
            if isinstance(item, ast.Attribute)
            and isinstance(item.value, ast.Name)
            and item.value.id == "self"
            and item.attr in self._methods
        ]


def _facade_call(name: str, surface: Surface, found: Iterable[Uses]) -> FacadeCall:
    uses = Uses()
    for item in found:
        uses.add(item)
    return FacadeCall(
        name=name,
        operations=frozenset(map(surface.request, uses.operations)),
        names=frozenset(uses.names),
        called=frozenset(uses.called),
        by_position=frozenset(uses.by_position),
    )


def _is_reached(call: FacadeCall, change: WireChange) -> bool:
    operations = {_comparable(operation) for operation in call.operations}
    return any(not use.operation or _comparable(use.operation) in operations for use in change.uses)


def _comparable(operation: str) -> str:
    """An operation without the names of its parameters, which are other ones in Python."""
    return unquote(_PARAMETER.sub("{}", operation))


def _is_broken(call: FacadeCall, breakage: Breakage) -> bool:
    owner = breakage.path.rpartition(".")[0]
    match breakage.kind:
        case "required":
            return owner in call.called
        case "default":
            return owner in call.called and breakage.path not in call.names
        case "keyword":
            return owner in call.by_position and breakage.path in call.names
        case "moved":
            return breakage.path in call.by_position
        case "returns":
            return not call.names.isdisjoint(f"{breakage.path}.{name}" for name in _FUNCTIONS)
        case _:
            return breakage.path in call.names


def _what(wire: Sequence[WireChange], python: Sequence[Breakage]) -> str:
    said = []
    if wire:
        breaking = sum(change.breaks for change in wire)
        counted = "1 change" if len(wire) == 1 else f"{len(wire)} changes"
        can = "that cannot" if not breaking else "that can" if breaking == len(wire) else f"of which {breaking} can"
        said.append(f"{counted} on the wire {can} break it")
    return "; ".join([*said, *(breakage.what for breakage in python)])
