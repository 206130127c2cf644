"""Small documents, what they are lowered to, and the calls of the package that comes out."""

from __future__ import annotations

import importlib
import itertools
import sys
from pathlib import Path
from typing import Any

import httpx
from specpipe.finish import finish
from specpipe.generate import generate
from specpipe.lower import Lowered, lower

STRING: dict[str, Any] = {"type": "string"}
ENUM: dict[str, Any] = {"type": "string", "enum": ["red", "blue"]}
PET = {"$ref": "#/components/schemas/Pet"}
TOY = {"$ref": "#/components/schemas/Toy"}
SCHEMAS: dict[str, Any] = {
    "Pet": {"type": "object", "properties": {"name": STRING, "photo": {"type": "string", "format": "binary"}}},
    "Toy": {"type": "object", "properties": {"price": {"type": "number"}}},
}

_number = itertools.count()


def document(paths: dict[str, Any], **components: Any) -> dict[str, Any]:
    """A document with the paths, two classes, and the components."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Pets", "version": "1"},
        "paths": paths,
        "components": {"schemas": SCHEMAS, **components},
    }


def operation(**parts: Any) -> dict[str, Any]:
    """An operation that answers 204."""
    return {"responses": {"204": {"description": "done"}}, **parts}


def parameter(name: str, location: str = "query", schema: Any = STRING, **more: Any) -> dict[str, Any]:
    """A parameter, required where it stands in the path."""
    return {"name": name, "in": location, "schema": schema, "required": location == "path", **more}


def content(**types: Any) -> dict[str, Any]:
    """The `content` of a body or a response; `json`, `form`, `files`, `text` and `pdf` stand for their types."""
    names = {
        "json": "application/json",
        "form": "application/x-www-form-urlencoded",
        "files": "multipart/form-data",
        "text": "text/plain",
        "pdf": "application/pdf",
    }
    return {"content": {names[kind]: {"schema": schema} for kind, schema in types.items()}}


def only(lowered: Lowered) -> dict[str, Any]:
    """The one operation that is shown."""
    ((_, item),) = lowered.document["paths"].items()
    ((_, shown),) = item.items()
    found: dict[str, Any] = shown
    return found


def shown_parameters(*parameters: Any, path: str = "/pets", **components: Any) -> tuple[list[dict[str, Any]], Lowered]:
    """What the parameters are shown as, and the whole."""
    lowered = lower(document({path: {"get": operation(parameters=list(parameters))}}, **components))
    return only(lowered).get("parameters", []), lowered


class Package:
    """The finished package of a document, and what its calls send."""

    def __init__(self, paths: dict[str, Any], folder: Path, **components: Any) -> None:
        self.lowered = lower(document(paths, **components))
        self.folder = folder / f"lowered_{next(_number)}"
        generated = generate(self.lowered, self.folder)
        assert generated.problems == ()
        finish(self.folder, self.lowered.document, generated.models, title="Pets", lowered=self.lowered)
        sys.path.insert(0, str(folder))
        importlib.invalidate_caches()

    def models(self) -> Any:
        """The package's models."""
        return importlib.import_module(f"{self.folder.name}.models")

    def types(self) -> Any:
        """The package's types."""
        return importlib.import_module(f"{self.folder.name}.types")

    def operation(self, name: str, folder: str = "default") -> Any:
        """The module of an operation."""
        return importlib.import_module(f"{self.folder.name}.api.{folder}.{name}")

    def request(self, name: str, folder: str = "default", **arguments: Any) -> httpx.Request:
        """What httpx would send for the call."""
        with httpx.Client(base_url="https://pets.test/v1") as client:
            return client.build_request(**self.operation(name, folder)._get_kwargs(**arguments))
