"""The edits of an operation's module. Owns what every operation does with the Client, the request and the reply;
refuses a module that is not of the generator's shape, or not of an operation of the document.

Facts
- The generator's `kwargs` is a local that holds the request's body; an exception of httpx would carry it along in the
  frame, so nothing holds it.
- Of several bodies it makes an argument that may be left out, even if the document requires one.
- Of the document's paths the generator changes the names of parameters, and drops characters that do not print.
"""

import ast
import re
from collections.abc import Mapping
from typing import Any, TypeGuard

from ..document import METHODS
from ..faults import FinishError
from ..lower.names import identifier
from .constants import exact_text, mend_signature
from .demand import Demand
from .readers import Needs
from .replies import Reply, status_of
from .requests import Request
from .shown import MARKS, Shown
from .splice import Function, Splice

_CALLS = {"sync_detailed", "asyncio_detailed"}
_RAISES = "errors.UnexpectedStatus: If"
_RAISES_TOO = "errors.UnreadableReply: If the reply cannot be read as what its status declares.\n        "
_BUILD = """\
from ...replies import read_reply

return read_reply(_parse_response, client=client, response=response)"""
_TYPES = ("File", "Unset")
_REPLIES = ("json_or_content", "named_type")

Key = tuple[str, str]


def operations_of(shown: Shown) -> dict[Key, dict[str, Any]]:
    """The operations of the document by method and by path, the latter as `path_key` makes it."""
    return {
        (method, path_key(re.sub(r"{([^{}]*)}", lambda name: f"{{{identifier(name[1])}}}", path))): item[method]
        for path, item in shown.lowered.document["paths"].items()
        for method in METHODS
        if method in item
    }


def path_key(path: str) -> str:
    """The marks of a marked path, the text of another."""
    marks = MARKS.search(path)
    return path if marks is None else marks[0]


def _needs_body(operation: Mapping[str, Any]) -> bool:
    return operation.get("requestBody", {}).get("x-required") is True


def _require_body(splice: Splice, function: Function) -> tuple[str, ...]:
    """Take UNSET from the argument for the body; the arguments that are changed."""
    for argument, default in zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True):
        if argument.arg == "body" and argument.annotation is not None and default is not None:
            kept = [exact_text(splice, side) for side in _sides(argument.annotation) if splice.text_of(side) != "Unset"]
            splice.replace_through(argument, default, f"body: {' | '.join(kept)}", "body")
            return ("body",)
    return ()


def _sides(node: ast.expr) -> list[ast.expr]:
    sides: list[ast.expr] = []
    while isinstance(node, ast.BinOp):
        sides.append(node.right)
        node = node.left
    return [node, *reversed(sides)]


class Operations:
    """The finishing of a document's operations."""

    def __init__(self, shown: Shown, modules: Mapping[str, str]) -> None:
        self._shown = shown
        self._modules = modules
        self._operations = operations_of(shown)

    def finish(self, text: str, *, name: str) -> str:
        """The module with the one Client, its request and replies read and written by ours, and imports on demand.

        Raises FinishError when an edit cannot be made exactly where it belongs.
        """
        splice = Splice(text, name=name)
        functions = [node for node in splice.tree.body if isinstance(node, Function)]
        by_name = {function.name: function for function in functions}
        if not {"_get_kwargs", "_parse_response", "_build_response", *_CALLS} <= by_name.keys():
            raise FinishError(f"{name}: a function of the operation is not there")
        demand = Demand(splice, functions)
        operation = self._rewrite_request(splice, by_name["_get_kwargs"], demand, name)
        self._rewrite_replies(splice, by_name["_parse_response"], operation, demand)
        splice.rewrite(by_name["_build_response"].body, _BUILD, "build_response")
        callers = [by_name[call] for call in ("sync", "asyncio", *_CALLS) if call in by_name]
        for function in callers:
            _document_errors(splice, function)
            if function.name in _CALLS:
                _inline_kwargs(splice, function)
        for function in functions:
            _take_one_client(splice, function)
            required = _require_body(splice, function) if _needs_body(operation) else ()
            mend_signature(splice, function, but=("client", *required))
        splice.before(functions[0], demand.type_block(), "type_block")
        splice.expect(client=2 + len(callers), kwargs=2 * len(_CALLS), docstring=len(callers))
        return "from __future__ import annotations\n\nfrom typing import TYPE_CHECKING\n" + splice.result()

    def _rewrite_request(self, splice: Splice, function: Function, demand: Demand, name: str) -> dict[str, Any]:
        method, url, path_names = _request_line(function, name)
        operation = self._operations.get((method, path_key(url)))
        if operation is None:
            raise FinishError(f"{name}: the document has no operation {method.upper()} {url}")
        arguments = {argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)}
        request = Request(self._shown, operation, arguments=arguments, name=name)
        lines = list(request.lines(method=method, url=self._shown.name(url), path_names=path_names))
        imports = self._imports(request.needs, demand, "sending")
        splice.rewrite(function.body, "\n".join((*imports, "", *lines)), "get_kwargs")
        return operation

    def _rewrite_replies(self, splice: Splice, function: Function, operation: dict[str, Any], demand: Demand) -> None:
        if function.returns is None:
            return
        reply = Reply(self._shown, operation["responses"], returns=exact_text(splice, function.returns))
        rest: list[ast.stmt] = []
        for node in function.body:
            numbers = _compared(node)
            if isinstance(node, ast.If) and numbers:
                generated = " ".join(splice.text_of(item) for item in node.body)
                splice.rewrite(node.body, "\n".join(reply.lines(status_of(numbers), generated)), "branch")
            else:
                rest.append(node)
        undeclared = [node for item in rest for node in ast.walk(item) if _is_undeclared(node)]
        for call in undeclared:
            splice.replace(call, "errors.UnexpectedStatus(response.status_code)", "unexpected_status")
        if rest and not undeclared:
            generated = " ".join(splice.text_of(item) for item in rest)
            splice.rewrite(rest, "\n".join(reply.lines("default", generated)), "branch")
        imports = self._imports(reply.needs, demand, "reading")
        if imports:
            splice.before(function.body[0], "\n".join((*imports, "", "")), "needed")

    def _imports(self, needs: Needs, demand: Demand, module: str) -> list[str]:
        homes = dict.fromkeys(_TYPES, "types") | dict.fromkeys(_REPLIES, "replies")
        own = [
            f"from ...{homes.get(item, module)} import {item}" + ("" if item in _TYPES else f" as _{item}")
            for item in sorted(needs.functions)
        ]
        classes = [f"from ...models.{self._modules[item]} import {item}" for item in sorted(needs.classes)]
        return [*classes, *own]


def _request_line(function: Function, name: str) -> tuple[str, str, list[str]]:
    """The method, the template of the URL and the arguments in it, of the request that the function makes."""
    for node in ast.walk(function):
        if isinstance(node, ast.Dict):
            entries = {
                key.value: value
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant)
            }
            if {"method", "url"} <= entries.keys():
                url, arguments = entries["url"], []
                if isinstance(url, ast.Call) and isinstance(url.func, ast.Attribute):
                    arguments = [keyword.arg or "" for keyword in url.keywords]
                    url = url.func.value
                return ast.literal_eval(entries["method"]), ast.literal_eval(url), arguments
    raise FinishError(f"{name}: no request is made")


def _compared(node: ast.stmt) -> list[int]:
    """The numbers that a branch compares the status with."""
    if not (isinstance(node, ast.If) and isinstance(node.test, ast.Compare)):
        return []
    found = [item.value for item in (node.test.left, *node.test.comparators) if isinstance(item, ast.Constant)]
    return [number for number in found if isinstance(number, int)]


def _take_one_client(splice: Splice, function: Function) -> None:
    for argument in function.args.kwonlyargs:
        if argument.arg == "client" and argument.annotation is not None:
            splice.replace(argument.annotation, "Client", "client")


def _inline_kwargs(splice: Splice, function: Function) -> None:
    held = next((node for node in function.body if isinstance(node, ast.Assign) and _assigns(node, "kwargs")), None)
    if held is None:
        return
    splice.replace(held, "", "kwargs")
    for node in ast.walk(function):
        if isinstance(node, ast.keyword) and node.arg is None and ast.unparse(node.value) == "kwargs":
            splice.replace(node.value, splice.text_of(held.value), "kwargs")


def _document_errors(splice: Splice, function: Function) -> None:
    first = function.body[0]
    if isinstance(first, ast.Expr) and _RAISES in (text := splice.text_of(first)):
        splice.replace(first, text.replace(_RAISES, _RAISES_TOO + _RAISES, 1), "docstring")


def _assigns(node: ast.Assign, name: str) -> bool:
    return any(isinstance(target, ast.Name) and target.id == name for target in node.targets)


def _is_undeclared(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "errors.UnexpectedStatus"
