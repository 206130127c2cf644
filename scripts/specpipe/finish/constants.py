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
    text = splice.text_of(node)
    if not any(_mended(inner) for inner in ast.walk(node)):
        return text
    # Not by `ast.unparse`, which cannot write a union of a thousand types.
    own = Splice(text, name=text)
    for inner in ast.walk(own.tree):
        if isinstance(inner, ast.Constant) and (mended := _mended(inner)):
            own.replace(inner, mended, "constant")
    return own.result()


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


def _mended(node: ast.AST) -> str | None:
    """The source of a string that is escaped twice, as it should be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and "\\" in node.value:
        return repr(_ESCAPED.sub(r"\1", node.value))
    return None
