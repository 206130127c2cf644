"""The generated client of an operation, driven with drawn requests. Owns finding it, and how a value is compared.

Canonical forms, the only ones in which what arrives may differ from what was drawn:
- a `date-time` is the instant with its offset, however it is written (`Z` or `+00:00`, trailing zeros of a fraction);
- a `uuid` is the number, in whatever case.
Everything else is compared as JSON text, so that 1 is neither 1.0 nor true.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import pkgutil
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any
from urllib.parse import unquote
from uuid import UUID

import httpx
from hypothesis.strategies import SearchStrategy
from schemathesis import Case
from schemathesis.core import NOT_SET

from tests.contract.documents import Operation, effective, load, operations, resolved, variants
from tests.contract.drawing import drawn

EXAMPLES = 60


@dataclass(frozen=True, kw_only=True, eq=False)
class Endpoint:
    """The module of an operation in its generated package, and what it takes.

    Attributes:
        package: the generated package that it is in.
        names: from a parameter's name in the document to the argument's name.
        body: the model class of the body, None where the operation takes none.
    """

    operation: Operation
    package: str
    module: ModuleType
    names: Mapping[str, str]
    body: Any

    @property
    def errors(self) -> Any:
        """The package's own errors."""
        return import_module(f"{self.package}.errors")

    def cases(self) -> tuple[Case[Any], ...]:
        """Return some requests that the document allows, the simplest first; they are drawn once for all tests.

        Credentials are no arguments of an operation.
        """
        return _cases(self.operation.provider, self.operation.method, self.operation.path)

    def call(self, case: Case[Any], answer: Callable[[httpx.Request], httpx.Response], flavour: str, base: str) -> Any:
        """Send `case` through the operation, sync or async, let `answer` reply, and return the package's Response."""
        transport = httpx.MockTransport(answer)
        client = import_module(f"{self.package}.client").Client(base, transport=transport, async_transport=transport)
        given = {**path_values(case), **case.query, **case.headers}
        arguments = {self.names[name]: value for name, value in given.items()}
        if case.body is not NOT_SET:
            arguments["body"] = self.body.from_dict(case.body)
        if flavour == "async":
            return asyncio.run(self.module.asyncio_detailed(client=client, **arguments))
        return self.module.sync_detailed(client=client, **arguments)


@cache
def _cases(provider: str, method: str, path: str) -> tuple[Case[Any], ...]:
    settings = {"generation": {"deterministic": True, "with-security-parameters": False}}
    cases: SearchStrategy[Case[Any]] = load(effective(provider), settings)[path][method].as_strategy()
    return drawn(cases, EXAMPLES)


def path_values(case: Case[Any]) -> dict[str, str]:
    """Return the drawn values of the path's parameters, which schemathesis keeps percent-encoded."""
    return {name: unquote(value) for name, value in case.path_parameters.items()}


@cache
def endpoints() -> tuple[Endpoint, ...]:
    """Return the client of every operation. Fails unless packages and documents have the same operations."""
    return tuple(endpoint(operation, f"issuant_{operation.provider}") for operation in operations())


def endpoint(operation: Operation, package: str) -> Endpoint:
    """Return the client of `operation` in `package`."""
    module = modules(package)[bare(operation.id)]
    arguments = {bare(name): name for name in inspect.signature(module.sync_detailed).parameters if name != "client"}
    parameters = [resolved(operation.provider, item) for item in operation.definition.get("parameters", ())]
    names = {item["name"]: arguments.pop(bare(item["name"])) for item in parameters}
    has_body = arguments.pop("body", None) is not None
    assert not arguments, f"{operation.id} takes {sorted(arguments)}, which its document does not have"
    body = _annotation(package, module.sync_detailed, "body") if has_body else None
    return Endpoint(operation=operation, package=package, module=module, names=names, body=body)


def _annotation(package: str, function: Callable[..., object], name: str) -> Any:
    """Return the class that an argument is annotated with; models are imported for type checkers alone."""
    names = vars(import_module(f"{package}.types")) | {
        model: getattr(import_module(f"{package}.models"), model)
        for model in import_module(f"{package}.models").__all__
    }
    return typing.get_type_hints(function, localns=names | {"Client": import_module(package).Client})[name]


@cache
def modules(package: str) -> Mapping[str, ModuleType]:
    """Return every module of a generated package that sends requests, by its bare name without underscores."""
    api = import_module(f"{package}.api")
    found = pkgutil.walk_packages(api.__path__, f"{api.__name__}.")
    named = {item.name: import_module(item.name) for item in found if not item.ispkg}
    return {bare(name.rsplit(".", 1)[-1]): module for name, module in named.items() if hasattr(module, "sync_detailed")}


def bare(name: str) -> str:
    """Return a name without what differs between the document's spelling and Python's."""
    return "".join(char for char in name.lower() if char.isalnum())


def canonical(provider: str, schema: Any, value: object) -> str:
    """Return a JSON value that follows `schema` as text in its canonical form."""
    return json.dumps(_canonical(provider, schema, value), sort_keys=True, ensure_ascii=False)


def _canonical(provider: str, schema: Any, value: object) -> object:
    branches = list(variants(provider, schema))
    if isinstance(value, str):
        return _text({str(branch.get("format")) for branch in branches}, value)
    if isinstance(value, list):
        items: Any = next((branch["items"] for branch in branches if "items" in branch), {})
        return [_canonical(provider, items, item) for item in value]
    if isinstance(value, dict):
        properties: dict[str, Any] = {}
        for branch in branches:
            properties |= branch.get("properties", {})
        return {name: _canonical(provider, properties.get(name, {}), item) for name, item in value.items()}
    return value


def _text(formats: set[str], value: str) -> str:
    if "date-time" in formats:
        return datetime.fromisoformat(value).isoformat()
    if "uuid" in formats:
        return str(UUID(value))
    return value
