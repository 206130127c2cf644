"""What an operation's module imports, and when. Owns moving the imports that only annotations need, and those that one
function needs, out of the module's own start: a client that sends one request loads no model of another reply.

Facts
- Annotations of a module with `from __future__ import annotations`, and those of local variables, are never evaluated.
  Defaults of parameters are, when the module is imported.
- An import inside a function costs a microsecond once the module is loaded.
"""

import ast
from collections.abc import Iterable, Iterator

from .splice import Function, Splice

_ONLY_THE_GENERATORS = "AuthenticatedClient"


class Demand:
    """The imports of one operation's module, and who needs them."""

    def __init__(self, splice: Splice, functions: Iterable[Function]) -> None:
        self._splice = splice
        self._functions = list(functions)
        self._statements: dict[str, str] = {}
        defaults = {name for function in self._functions for name in _evaluated_at_once(function)}
        for node in splice.tree.body:
            if isinstance(node, ast.Import | ast.ImportFrom) and _is_movable(node):
                names = [name for alias in node.names if (name := alias.asname or alias.name) != _ONLY_THE_GENERATORS]
                if not defaults.intersection(names):
                    self._statements |= {name: _statement(node, name) for name in names}
                    splice.replace(node, "", "moved")

    def imports(self, names: Iterable[str]) -> list[str]:
        """The statements that import those of the names that the module itself does not import any more."""
        return sorted({self._statements[name] for name in names if name in self._statements})

    def type_block(self) -> str:
        """The block in which a type checker finds the names of annotations."""
        used = {name for function in self._functions for name in _annotated(function)}
        lines = "".join(f"    {statement}\n" for statement in self.imports(used))
        return f"if TYPE_CHECKING:\n{lines}\n\n" if lines else ""


def _statement(node: ast.Import | ast.ImportFrom, name: str) -> str:
    if isinstance(node, ast.Import):
        return f"import {name}"
    return f"from {'.' * node.level}{node.module} import {name}"


def _is_movable(node: ast.Import | ast.ImportFrom) -> bool:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names] == ["httpx"]
    module = node.module or ""
    return node.level == 3 and (module == "client" or module.startswith("models."))


def _evaluated_at_once(function: Function) -> Iterator[str]:
    for default in (*function.args.defaults, *(item for item in function.args.kw_defaults if item is not None)):
        yield from (inner.id for inner in ast.walk(default) if isinstance(inner, ast.Name))


def _annotated(function: Function) -> Iterator[str]:
    arguments = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    for annotation in (*(argument.annotation for argument in arguments), function.returns):
        if annotation is not None:
            yield from (inner.id for inner in ast.walk(annotation) if isinstance(inner, ast.Name))
