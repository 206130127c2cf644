"""String constants in annotations and defaults as the document has them. Owns undoing the generator's second escaping;
refuses nothing.

Facts
- The generator escapes backslashes and double quotes of a default or a constant, and writes the `repr` of that.
"""

import ast
import re
from collections.abc import Container

from .splice import Function, Splice

_ESCAPED = re.compile(r'\\([\\"])')


def exact_text(splice: Splice, node: ast.expr) -> str:
    """The source of an annotation or a default, with the strings that the document has."""
    if not any(_is_escaped(inner) for inner in ast.walk(node)):
        return splice.text_of(node)
    return exact_unparsed(ast.parse(splice.text_of(node), mode="eval").body)


def exact_unparsed(node: ast.expr) -> str:
    """The Python of an annotation, which is changed, with the strings that the document has."""
    return ast.unparse(_Unescaped().visit(node))


def mend(splice: Splice, node: ast.expr | None) -> None:
    """Put the document's strings into an annotation or a default."""
    if node is not None and (text := exact_text(splice, node)) != splice.text_of(node):
        splice.replace(node, text, "constant")


def mend_signature(splice: Splice, function: Function, *, but: Container[str]) -> None:
    """Put the document's strings into the annotations and defaults of a function, `but` those of these arguments."""
    arguments = function.args
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        if argument.arg not in but:
            mend(splice, argument.annotation)
    for default in (*arguments.defaults, *arguments.kw_defaults):
        mend(splice, default)
    mend(splice, function.returns)


class _Unescaped(ast.NodeTransformer):
    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        return ast.Constant(_ESCAPED.sub(r"\1", node.value)) if isinstance(node.value, str) else node


def _is_escaped(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and "\\" in node.value
