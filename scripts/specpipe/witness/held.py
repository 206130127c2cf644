"""What a written package holds, read from its Python with `ast`. Owns the shapes that operations, models, enums and
aliases have in a package; believes nothing that the generator or the lowering says of itself, and refuses nothing:
what has no such shape is not held.

Facts
- A class holds a property when `from_dict` takes it and `to_dict` gives it.
- A branch for a status may return a constant, which keeps nothing of the reply.
- Of two enum members with one name, Python makes none: the class cannot be imported.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .modules import Module, modules
from .requests import Request, read_request
from .statuses import read_statuses
from .values import Value, value_of

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(kw_only=True)
class Mentions:
    """What a type expression mentions: names, the groups of its Literals, `bool` among the names."""

    names: set[str] = field(default_factory=set)
    literals: set[frozenset[Value]] = field(default_factory=set)
    nullable: set[str] = field(default_factory=set)
    """The names that stand beside None."""


@dataclass(frozen=True, kw_only=True)
class Model:
    """A class: the attribute of each JSON property, None where it is not told, and the type of each attribute."""

    properties: Mapping[str, str | None]
    types: Mapping[str, Mentions]


@dataclass(frozen=True, kw_only=True)
class HeldOperation:
    """An operation's module: the request that it makes, and for each status whether the reply's content is read."""

    request: Request
    statuses: Mapping[str, bool]


@dataclass(kw_only=True)
class Held:
    """All that a package holds."""

    operations: list[HeldOperation] = field(default_factory=list)
    models: dict[str, Model] = field(default_factory=dict)
    enums: dict[str, frozenset[Value]] = field(default_factory=dict)
    aliases: dict[str, Mentions] = field(default_factory=dict)
    exported: set[str] = field(default_factory=set)
    mentioned: Mentions = field(default_factory=Mentions)
    """What all annotations mention."""

    def add(self, module: Module) -> None:
        """Take in what the module holds."""
        if module.path[0] == "api" and len(module.path) == 3 and module.path[-1] != "__init__.py":
            self._add_operation(module.tree)
        elif module.path == ("models", "__init__.py"):
            self.exported |= _exported(module.tree)
        elif module.path[0] == "models":
            for node in module.tree.body:
                self._add_model(node)

    def classes(self, mentions: Mentions) -> set[str]:
        """The names that a type expression leads to, through any number of aliases."""
        found: set[str] = set()
        waiting = list(mentions.names)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += self.aliases[name].names if name in self.aliases else ()
        return found

    def members(self, mentions: Mentions) -> set[Value]:
        """The enum members that a value of the type may be."""
        names = self.classes(mentions)
        groups = [*mentions.literals, *(self.enums[name] for name in names if name in self.enums)]
        groups += [group for name in names if name in self.aliases for group in self.aliases[name].literals]
        if "bool" in names:
            groups.append(frozenset((value_of(True), value_of(False))))
        return set().union(*groups)

    def _add_operation(self, tree: ast.Module) -> None:
        functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        if not {"_get_kwargs", "_parse_response", "sync_detailed"} <= functions.keys():
            return
        request = read_request(functions["_get_kwargs"])
        if request is not None:
            self.operations.append(HeldOperation(request=request, statuses=read_statuses(functions["_parse_response"])))
        annotations = [argument.annotation for argument in _arguments(functions["_get_kwargs"])]
        for annotation in (*annotations, functions["_parse_response"].returns):
            self._mention(annotation)

    def _add_model(self, node: ast.stmt) -> None:
        if isinstance(node, ast.ClassDef):
            if any(ast.unparse(base).endswith("Enum") for base in node.bases):
                self.enums[node.name] = _members(node)
            else:
                self.models[node.name] = self._model(node)
        elif isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation).endswith("TypeAlias"):
            self.aliases[ast.unparse(node.target)] = self._mention(node.value)

    def _model(self, node: ast.ClassDef) -> Model:
        methods = {item.name: item for item in node.body if isinstance(item, ast.FunctionDef)}
        given = _given(methods["to_dict"]) if "to_dict" in methods else {}
        taken = set(_taken(methods["from_dict"])) if "from_dict" in methods else set()
        types = {
            item.target.id: self._mention(item.annotation)
            for item in node.body
            if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)
        }
        return Model(properties={name: given[name] for name in given if name in taken}, types=types)

    def _mention(self, annotation: ast.expr | None) -> Mentions:
        found = Mentions()
        _read_mentions(annotation, found)
        self.mentioned.names |= found.names
        self.mentioned.literals |= found.literals
        self.mentioned.nullable |= found.nullable
        return found


def held(folder: Path) -> Held:
    """What the package in the folder holds."""
    found = Held()
    for module in modules(folder):
        found.add(module)
    return found


def _arguments(function: Function) -> list[ast.arg]:
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]


def _exported(tree: ast.Module) -> set[str]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["__all__"]:
            return {str(item.value) for item in ast.walk(node.value) if isinstance(item, ast.Constant)}
    return set()


def _members(node: ast.ClassDef) -> frozenset[Value]:
    names: set[str] = set()
    values = set()
    for item in node.body:
        if isinstance(item, ast.Assign) and len(item.targets) == 1 and isinstance(item.targets[0], ast.Name):
            name = item.targets[0].id
            if name in names:
                return frozenset()
            names.add(name)
            if not name.startswith("_"):
                values.add(_literal(item.value))
    return frozenset(value for value in values if value is not None)


def _literal(node: ast.expr) -> Value | None:
    try:
        plain = ast.literal_eval(node)
    except (ValueError, TypeError):
        return None
    return None if plain is None else value_of(plain)


def _taken(function: Function) -> Iterator[str]:
    """The JSON names that the function pops."""
    for node in ast.walk(function):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "pop"
            and node.args
        ):
            name = node.args[0]
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                yield name.value


def _given(function: Function) -> dict[str, str | None]:
    """The JSON names that the function writes, with the attribute of each where it is told."""
    found: dict[str, str | None] = {}
    for node in ast.walk(function):
        pairs: Iterable[tuple[ast.expr | None, ast.expr]] = ()
        if isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
            pairs = [(node.targets[0].slice, node.value)]
        for key, value in pairs:
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                found[key.value] = _attribute(value)
    return found


def _attribute(node: ast.expr) -> str | None:
    """The attribute that is written, `self.name` or a variable that is called like it."""
    if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "self":
        return node.attr
    return node.id if isinstance(node, ast.Name) else None


def _read_mentions(node: ast.AST | None, into: Mentions) -> None:
    waiting: list[ast.AST] = [] if node is None else [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("Literal"):
            items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            into.literals.add(frozenset(value for item in items if (value := _literal(item)) is not None))
        elif isinstance(node, ast.Name):
            into.names.add(node.id)
        elif isinstance(node, ast.BinOp):
            sides = list(_alternatives(node))
            if any(isinstance(side, ast.Constant) and side.value is None for side in sides):
                into.nullable |= {side.id for side in sides if isinstance(side, ast.Name)}
            waiting += sides
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            waiting += _quoted(node.value)
        else:
            waiting += ast.iter_child_nodes(node)


def _alternatives(node: ast.expr) -> Iterator[ast.expr]:
    while isinstance(node, ast.BinOp):
        yield node.right
        node = node.left
    yield node


def _quoted(text: str) -> list[Any]:
    try:
        return [ast.parse(text, mode="eval").body]
    except (SyntaxError, ValueError):
        return []
