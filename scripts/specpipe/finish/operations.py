"""The edits of an operation's module. Owns what every operation does with the Client and the reply; refuses a module
that is not of the generator's shape.

Facts
- The generator's `kwargs` is a local that holds the request's body; an exception of httpx would carry it along in the
  frame, so nothing holds it.
"""

import ast

from .splice import Splice

_CALLS = {"sync_detailed", "asyncio_detailed"}
_RAISES = "errors.UnexpectedStatus: If"
_RAISES_TOO = "errors.UnreadableReply: If the reply cannot be read as what its status declares.\n        "


def finish_operation(text: str, *, name: str) -> str:
    """The module with the one Client, `read_reply`, and no local that holds a body.

    Raises FinishError when an edit cannot be made exactly where it belongs.
    """
    splice = Splice(text, name=name)
    functions = [node for node in splice.tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    callers = [node for node in functions if node.name in {"sync", "asyncio", *_CALLS}]
    for node in ast.walk(splice.tree):
        if isinstance(node, ast.ImportFrom) and node.level == 3 and node.module == "client":
            splice.replace(node, "from ...client import Client\nfrom ...replies import read_reply", "client_import")
        elif isinstance(node, ast.arg) and node.arg == "client" and node.annotation is not None:
            splice.replace(node.annotation, "Client", "client_annotation")
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "errors.UnexpectedStatus":
            splice.replace(node, "errors.UnexpectedStatus(response.status_code)", "unexpected_status")
    for function in functions:
        if function.name == "_build_response":
            reply = "return read_reply(_parse_response, client=client, response=response)"
            splice.replace(function.body[-1], reply, "build_response")
        elif function.name in _CALLS:
            _inline_kwargs(splice, function)
    for function in callers:
        _document_errors(splice, function)
    undeclared = "errors.UnexpectedStatus(" in text
    splice.expect(
        client_import=1,
        client_annotation=2 + len(callers),
        unexpected_status=int(undeclared),
        build_response=1,
        kwargs=2 * len(_CALLS),
        docstring=len(callers),
    )
    return splice.result()


def _inline_kwargs(splice: Splice, function: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    held = next((node for node in function.body if isinstance(node, ast.Assign) and _assigns(node, "kwargs")), None)
    if held is None:
        return
    splice.replace(held, "", "kwargs")
    for node in ast.walk(function):
        if isinstance(node, ast.keyword) and node.arg is None and ast.unparse(node.value) == "kwargs":
            splice.replace(node.value, splice.text_of(held.value), "kwargs")


def _document_errors(splice: Splice, function: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    first = function.body[0]
    if isinstance(first, ast.Expr) and _RAISES in (text := splice.text_of(first)):
        splice.replace(first, text.replace(_RAISES, _RAISES_TOO + _RAISES, 1), "docstring")


def _assigns(node: ast.Assign, name: str) -> bool:
    return any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
