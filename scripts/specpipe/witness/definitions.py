"""Definitions that Python, `enum` or `attrs` refuse or silently cut when they are made. Owns these rules; imports
nothing.

Facts
- Of two functions with one name a module keeps the last, as a class does of two fields; an enum is not made at all.
- `attrs` refuses a field without a default behind one that has one.
- An enum refuses a member called `mro`, and keeps names in underscores for itself. One in models/ has members; those
  beside it are for others to be made of.
"""

import ast
from collections.abc import Iterator

from .modules import Module

_Problem = tuple[int, str]


def definition_faults(module: Module) -> Iterator[str]:
    """What is wrong with the functions and classes of the module, each with file and line."""
    found = list(_repeated("the module", [node for node in module.tree.body if _named(node)]))
    for node in module.tree.body:
        if isinstance(node, ast.ClassDef):
            found += _repeated(f"the class {node.name}", node.body)
            if any("define" in ast.unparse(decorator) for decorator in node.decorator_list):
                found += _unordered(node)
            if any(ast.unparse(base).endswith("Enum") for base in node.bases):
                found += _unusable(node, is_base=module.path[0] != "models")
    yield from (f"{module.name}:{line}: {problem}" for line, problem in found)


def _named(node: ast.stmt) -> str | None:
    """The name of a function or class that does not bear the name of another by right, as a property's setter does."""
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return None
    decorators = [ast.unparse(decorator) for decorator in node.decorator_list]
    return None if any(text.endswith((".setter", ".deleter", "overload")) for text in decorators) else node.name


def _assigned(node: ast.stmt) -> list[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _repeated(owner: str, body: list[ast.stmt]) -> Iterator[_Problem]:
    seen: set[str] = set()
    for node in body:
        name = _named(node)
        for each in _assigned(node) if name is None else [name]:
            if each in seen:
                yield node.lineno, f"{owner} defines {each} twice"
            seen.add(each)


def _unordered(node: ast.ClassDef) -> Iterator[_Problem]:
    optional = None
    for item in node.body:
        if not (isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)):
            continue
        options: dict[str | None, str] = {}
        is_field = isinstance(item.value, ast.Call) and ast.unparse(item.value.func).endswith("field")
        if isinstance(item.value, ast.Call) and is_field:
            options = {keyword.arg: ast.unparse(keyword.value) for keyword in item.value.keywords}
        if options.get("init") == "False" or options.get("kw_only") == "True":
            continue
        if options.keys() & {"default", "factory"} or (item.value is not None and not is_field):
            optional = item.target.id
        elif optional is not None:
            yield item.lineno, f"the class {node.name} has {item.target.id} without a default behind {optional}"


def _unusable(node: ast.ClassDef, *, is_base: bool) -> Iterator[_Problem]:
    if not is_base and not any(_assigned(item) for item in node.body):
        yield node.lineno, f"the enum {node.name} has no members"
    for item in node.body:
        for name in _assigned(item):
            if name == "mro" or name.startswith("_"):
                yield item.lineno, f"the enum {node.name} cannot have a member {name}"
