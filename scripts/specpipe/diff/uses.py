"""What a piece of an adapter uses of the generated package. Owns the reading of names, calls and variables; refuses
nothing.

Facts
- A variable is followed as far as one function: `key = model(models.Key.from_dict, found)`, then `key.id`.
- A use of a whole enum, or of all servers, is a use of each; what is given with `*` or `**` may be any parameter.
- An operation is called by its private `_get_kwargs` too, whose parameters are those of `sync_detailed`.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .adapters import Definition, Source
from .renames import members
from .surface import Surface


@dataclass(kw_only=True)
class Uses:
    """What is used: names of the package, those of them that are called and called with positions, operations, and
    definitions of modules of ours.
    """

    names: set[str] = field(default_factory=set)
    called: set[str] = field(default_factory=set)
    by_position: set[str] = field(default_factory=set)
    operations: set[str] = field(default_factory=set)
    definitions: set[Definition] = field(default_factory=set)

    def add(self, other: "Uses") -> None:
        """Take in what other uses hold."""
        self.names |= other.names
        self.called |= other.called
        self.by_position |= other.by_position
        self.operations |= other.operations
        self.definitions |= other.definitions


def uses_of(source: Source, node: ast.AST, surface: Surface) -> Uses:
    """What a node of the module uses."""
    found = Uses()
    variables = _variables(source, node, surface)
    inner = {id(item.value) for item in ast.walk(node) if isinstance(item, ast.Attribute)}
    for item in ast.walk(node):
        path = _path(source, item)
        if path is not None:
            found.add(named(path, surface, is_whole=id(item) not in inner))
            found.operations |= {_operation(path)} & surface.operations.keys()
        match item:
            case ast.Call():
                _call(source, item, surface, found)
            case ast.Attribute(value=ast.Name(id=name)) if name in source.modules:
                found.definitions.add(Definition(module=source.modules[name], name=item.attr))
            case ast.Attribute(value=ast.Name(id=name)) if name in variables:
                found.names |= {f"{model}.{item.attr}" for model in variables[name]}
            case ast.Name(id=name) if name in source.imported:
                found.definitions.add(source.imported[name])
            case ast.Name(id=name) if name in source.defined:
                found.definitions.add(Definition(module=source.name, name=name))
    return found


def named(path: str, surface: Surface, *, is_whole: bool) -> Uses:
    """The names that a path of the package stands for; `is_whole` tells that nothing of it is picked out."""
    parts = path.split(".")
    if len(parts) > 2 and parts[0] == "models" and parts[1] not in surface.models:
        del parts[1]  # the module in which the model stands
    shortest = 3 if parts[0] == "api" else 2
    names = {".".join(parts[:length]) for length in range(shortest, len(parts) + 1)}
    if is_whole and parts == ["servers", "SERVERS"]:
        names |= {f"servers.SERVERS.{name}" for name in surface.servers()}
    elif is_whole and parts[0] == "models" and len(parts) == 2 and parts[1] in surface.enums:
        names |= {f"models.{parts[1]}.{name}" for name in members(surface, parts[1])}
    return Uses(names=names)


def _path(source: Source, node: ast.AST) -> str | None:
    """The path in the package of what an expression names; None where it is of somewhere else."""
    match node:
        case ast.Name(id=name):
            return source.bindings.get(name)
        case ast.Attribute(value=value, attr=name):
            base = _path(source, value)
            return None if base is None else f"{base}.{name}".strip(".")
        case _:
            return None


def _operation(path: str) -> str:
    return ".".join(path.split(".")[:3])


def _call(source: Source, call: ast.Call, surface: Surface, found: Uses) -> None:
    path = _path(source, call.func)
    if path is None:
        return
    if _operation(path) in surface.operations:
        path = _operation(path)
        parameters = tuple(surface.operations[path].parameters)
    else:
        path = max(named(path, surface, is_whole=False).names, key=len, default=path)
        if path.removeprefix("models.") not in surface.fields:
            return
        parameters = tuple(_constructor(surface, path.removeprefix("models.")))
    found.called.add(path)
    given = {keyword.arg for keyword in call.keywords if keyword.arg is not None}
    if call.args:
        found.by_position.add(path)
        given |= set(parameters[: len(call.args)])
    if any(keyword.arg is None for keyword in call.keywords) or any(
        isinstance(item, ast.Starred) for item in call.args
    ):
        given |= set(parameters)
    found.names |= {f"{path}.{name}" for name in given}


def _constructor(surface: Surface, name: str) -> Iterator[str]:
    """The parameters of a model's constructor."""
    made: Any = surface.models.get(name)
    init = None if made is None or not made.is_class else made.members.get("__init__")
    for parameter in init.parameters if init is not None else ():
        yield parameter.name


def _variables(source: Source, node: ast.AST, surface: Surface) -> dict[str, set[str]]:
    """The variables and arguments that may hold a model, with its path."""
    found: dict[str, set[str]] = {}
    for item in ast.walk(node):
        match item:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                held: list[ast.AST | None] = [value]
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=maybe):
                held = [annotation, maybe]
            case ast.NamedExpr(target=ast.Name(id=name), value=value):
                held = [value]
            case ast.arg(arg=name, annotation=annotation):
                held = [annotation]
            case _:
                continue
        inside = [inner for value in held if value is not None for inner in ast.walk(value)]
        paths = [path for inner in inside if (path := _path(source, inner)) is not None]
        models = {part for path in paths for part in named(path, surface, is_whole=False).names}
        found.setdefault(name, set()).update(part for part in models if part.removeprefix("models.") in surface.fields)
    return found
