"""Packages built of small documents by lowering, the generator and finishing, importable while a test runs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
from specpipe.finish import Finished, finish
from specpipe.generate import generate
from specpipe.lower import Lowered, lower

TEXT = {"type": "string"}
NOTHING = Lowered(
    document={}, wire={}, aliases={}, carrier=None, discriminators={}, content_types={}, repairs={}, faults=()
)


def ref(name: str) -> dict[str, str]:
    """A reference to a component schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def json_of(schema: dict[str, Any]) -> dict[str, Any]:
    """A response or a request body of JSON."""
    return {"description": "d", "required": True, "content": {"application/json": {"schema": schema}}}


def objects(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    """A schema of objects."""
    return {"type": "object", "properties": properties, **({"required": list(required)} if required else {})}


def document(schemas: dict[str, Any], paths: dict[str, Any] | None = None) -> dict[str, Any]:
    """A document of these schemas and paths."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Small", "version": "1"},
        "paths": paths or {},
        "components": {"schemas": schemas},
    }


def write(given: dict[str, Any], folder: Path) -> Finished:
    """Write the finished package of a document that is lowered first."""
    return write_lowered(lower(given), folder)


def write_lowered(lowered: Lowered, folder: Path) -> Finished:
    """Write the finished package of a lowered document."""
    generated = generate(lowered, folder)
    assert not generated.problems
    return finish(folder, {"info": {}}, generated.models, title="Small", lowered=lowered)


def shown(schemas: dict[str, Any], paths: dict[str, Any] | None = None, **more: Any) -> Lowered:
    """A document as lowering would show it, with what lowering would say of it."""
    return replace(NOTHING, document=document(schemas, paths), **more)


@contextmanager
def importable(folder: Path) -> Iterator[None]:
    """The package in the folder can be imported, and is forgotten afterwards."""
    sys.path.insert(0, str(folder.parent))
    before = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before
        sys.path.remove(str(folder.parent))
        for name in [name for name in sys.modules if name.split(".")[0] == folder.name]:
            del sys.modules[name]


class Package:
    """An importable package: its models, its modules, and its operations against a transport of one reply."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.models: Any = import_module(f"{name}.models")

    def module(self, name: str) -> Any:
        """The module of that name in the package."""
        return import_module(f"{self._name}.{name}".removesuffix("."))

    def reply(self, operation: str, reply: httpx.Response, **arguments: Any) -> Any:
        """What the operation, such as `pets.get_pet`, makes of the reply."""
        client = self.module("client").Client("https://a.example", transport=httpx.MockTransport(lambda request: reply))
        return self.module(f"api.{operation}").sync_detailed(client=client, **arguments)

    def request(self, operation: str, **arguments: Any) -> httpx.Request:
        """What the operation sends."""
        sent: list[httpx.Request] = []

        def keep(request: httpx.Request) -> httpx.Response:
            request.read()
            sent.append(request)
            return httpx.Response(200, json={})

        transport = httpx.MockTransport(keep)
        client = self.module("client").Client(
            "https://a.example", transport=transport, raise_on_unexpected_status=False
        )
        self.module(f"api.{operation}").sync_detailed(client=client, **arguments)
        return sent[0]
