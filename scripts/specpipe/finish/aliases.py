"""The modules of components that are no classes. Owns a type alias for each, out of the class that carries their types;
refuses a carrier that lacks one.
"""

import ast
from collections.abc import Mapping

from ..faults import FinishError
from .constants import exact_text
from .splice import Splice


def alias_modules(carrier: str, aliases: Mapping[str, str], *, name: str) -> dict[str, str]:
    """From each alias's name to the Python of its module; `carrier` is that of the class with their types.

    Raises FinishError when the class lacks an attribute that an alias stands for.
    """
    splice = Splice(carrier, name=name)
    tree = splice.tree
    types = {
        item.target.id: item.annotation
        for node in tree.body
        if isinstance(node, ast.ClassDef)
        for item in node.body
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)
    }
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    typed = [node for block in tree.body if isinstance(block, ast.If) for node in block.body]
    lost = [alias for alias, attribute in aliases.items() if attribute not in types]
    if lost:
        raise FinishError(f"{name}: there is no type for {lost[0]}")
    return {
        alias: _module(alias, types[attribute], exact_text(splice, types[attribute]), imports, typed)
        for alias, attribute in aliases.items()
    }


def _module(
    alias: str, annotation: ast.expr, expression: str, imports: list[ast.Import | ast.ImportFrom], typed: list[ast.stmt]
) -> str:
    used = {node.id for node in ast.walk(annotation) if isinstance(node, ast.Name)}
    own = [line for node in imports for line in _lines(node, used)]
    for_types = [line for node in typed for line in _lines(node, used)]
    block = "".join(f"    {line}\n" for line in for_types)
    return "\n".join(
        [
            *own,
            f"from typing import {'TYPE_CHECKING, ' if block else ''}TypeAlias\n",
            f"if TYPE_CHECKING:\n{block}" if block else "",
            # A model may lead back to the alias; its name is a text then, which nobody evaluates.
            f"{alias}: TypeAlias = {repr(expression) if block else expression}\n",
        ]
    )


def _lines(node: ast.stmt, used: set[str]) -> list[str]:
    if isinstance(node, ast.Import):
        return [f"import {alias.name}" for alias in node.names if alias.name in used]
    if isinstance(node, ast.ImportFrom):
        source = "." * node.level + (node.module or "")
        return [f"from {source} import {alias.name}" for alias in node.names if alias.name in used]
    return []
