"""What each module of a package defines and asks for. Owns what is there at run time and what only a type checker sees;
judges nothing.

Facts
- What stands under `if TYPE_CHECKING:` is not there at run time, what stands in its `else` is.
- A package whose `__getattr__` is made by `on_demand(__name__, {...})` has the names of that table.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .modules import Module

Path = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Import:
    """A name that is imported (None: the module itself) from a module; `level` counts the dots in front of it."""

    line: int
    level: int
    module: Path
    name: str | None
    bound: str
    at_run_time: bool
    at_start: bool
    """Whether it is made when the module is loaded, not when a function is called."""


@dataclass(kw_only=True)
class Surveyed:
    """A module: what it defines, imports, loads on demand and exports."""

    module: str
    is_package: bool
    present: set[str] = field(default_factory=set)
    """The names that are there at run time."""
    typed: set[str] = field(default_factory=set)
    """The names that only a type checker sees."""
    imports: list[Import] = field(default_factory=list)
    on_demand: dict[str, str] = field(default_factory=dict)
    exported: set[str] = field(default_factory=set)
    attributes: list[tuple[int, str, str]] = field(default_factory=list)
    """Line, name and attribute, wherever an attribute is taken of a name that was imported from the package."""


def survey(module: Module) -> Surveyed:
    """What the module defines and asks for."""
    found = Surveyed(module=module.name, is_package=module.path[-1] == "__init__.py")
    for node, at_run_time, at_start in _statements(module.tree.body):
        made = list(_imports(node, at_run_time, at_start))
        found.imports += made
        if not at_start:
            continue
        names = {item.bound for item in made} | set(_defined(node))
        (found.present if at_run_time else found.typed).update(names)
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            _read_tables(node, found)
    modules = {item.bound for item in found.imports if item.level and item.name is not None}
    if any(item.level and not item.module for item in found.imports):
        found.attributes = list(_attributes(module.tree, modules))
    return found


def _statements(body: Iterable[ast.stmt]) -> Iterator[tuple[ast.stmt, bool, bool]]:
    """Every statement of a module, functions included and classes aside, with whether it runs, and at the start."""
    waiting = [(node, True, True) for node in body]
    while waiting:
        node, at_run_time, at_start = waiting.pop()
        yield node, at_run_time, at_start
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting += [(inner, at_run_time, False) for inner in node.body]
        elif isinstance(node, ast.ClassDef):
            waiting += [
                (inner, at_run_time, False)
                for inner in node.body
                if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef)
            ]
        elif isinstance(node, ast.If) and _is_for_type_checkers(node.test):
            waiting += [(inner, False, at_start) for inner in node.body]
            waiting += [(inner, at_run_time, at_start) for inner in node.orelse]
        else:
            blocks = [getattr(node, name, []) for name in ("body", "orelse", "finalbody")]
            blocks += [handler.body for handler in getattr(node, "handlers", [])]
            waiting += [(inner, at_run_time, at_start) for block in blocks for inner in block]


def _is_for_type_checkers(test: ast.expr) -> bool:
    name = test.attr if isinstance(test, ast.Attribute) else test.id if isinstance(test, ast.Name) else None
    return name == "TYPE_CHECKING"


def _imports(node: ast.stmt, at_run_time: bool, at_start: bool) -> Iterator[Import]:
    made: list[tuple[int, str, str | None, str]]
    if isinstance(node, ast.Import):
        made = [(0, alias.name, None, alias.asname or alias.name.split(".")[0]) for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        made = [(node.level, node.module or "", alias.name, alias.asname or alias.name) for alias in node.names]
    else:
        return
    for level, module, name, bound in made:
        yield Import(
            line=node.lineno,
            level=level,
            module=tuple(module.split(".")) if module else (),
            name=name,
            bound=bound,
            at_run_time=at_run_time,
            at_start=at_start,
        )


def _defined(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Assign | ast.For) or (isinstance(node, ast.AnnAssign) and node.value is not None):
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            yield from (inner.id for inner in ast.walk(target) if isinstance(inner, ast.Name))


def _read_tables(node: ast.Assign, found: Surveyed) -> None:
    if ast.unparse(node.targets[0]) == "__all__":
        found.exported |= {str(item.value) for item in ast.walk(node.value) if isinstance(item, ast.Constant)}
    elif isinstance(node.value, ast.Call) and ast.unparse(node.value.func).endswith("on_demand"):
        for table in node.value.args:
            if isinstance(table, ast.Dict):
                found.on_demand |= {
                    str(key.value): str(value.value)
                    for key, value in zip(table.keys, table.values, strict=True)
                    if isinstance(key, ast.Constant) and isinstance(value, ast.Constant)
                }


def _attributes(tree: ast.Module, names: set[str]) -> Iterator[tuple[int, str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names:
            yield node.lineno, node.value.id, node.attr
