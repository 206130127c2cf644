"""A document with everything that the vendors' pages do not have: the pipeline is general, not made for three pages."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import pytest
from specpipe import pipeline

from tests.generated.packages import SECRET

TEXT = {"type": "string"}
PASSWORD = {"type": "string", "format": "password"}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": "d", "content": {"application/json": {"schema": schema}}}


BINARY = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
UPLOAD = {"type": "object", "properties": {"f": {"type": "string", "format": "binary"}, "password": PASSWORD}}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Varied", "version": "1"},
    "paths": {
        "/a/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}],
            "get": {
                "operationId": "listDogs",
                "tags": ["dogs"],
                "parameters": [
                    {"name": "colors", "in": "query", "schema": {"type": "array", "items": _ref("Color")}},
                    {"name": "when", "in": "query", "schema": {"type": "string", "format": "date-time"}},
                    {"name": "X-Token", "in": "header", "required": True, "schema": TEXT},
                ],
                "responses": {
                    "200": _json({"type": "array", "items": _ref("Dog")}),
                    "2XX": _json({"type": "object", "additionalProperties": {"type": "array", "items": TEXT}}),
                    "404": {"description": "None."},
                },
            },
            "delete": {"tags": ["dogs"], "responses": {"204": {"description": "Gone."}}},
            "put": {
                "operationId": "upload",
                "tags": ["files"],
                "requestBody": {"content": {"multipart/form-data": {"schema": UPLOAD}}},
                "responses": {"200": {"description": "d", "content": {"text/plain": {"schema": TEXT}}}},
            },
            "patch": {
                "operationId": "raw",
                "tags": ["files"],
                "requestBody": {"required": True, "content": BINARY},
                "responses": {"200": {"description": "d", "content": BINARY}},
            },
        },
        "/b": {
            "post": {
                "operationId": "either",
                "requestBody": {
                    "content": {
                        "application/json": {"schema": _ref("Dog")},
                        "application/x-www-form-urlencoded": {"schema": _ref("Form")},
                    }
                },
                "responses": {"201": _json({"oneOf": [_ref("Tree"), _ref("Form")]})},
            }
        },
    },
    "components": {
        "schemas": {
            "Base": {
                "type": "object",
                "required": ["id", "pin"],
                "properties": {"id": {**TEXT, "readOnly": True}, "pin": {**TEXT, "x-secret": True}},
            },
            "Dog": {
                "allOf": [
                    _ref("Base"),
                    {
                        "type": "object",
                        "properties": {
                            "tokens": {"type": "array", "items": PASSWORD},
                            "friend": _ref("Dog"),
                            "free": {"type": "object", "x-secret": True},
                        },
                    },
                ]
            },
            "Tree": {
                "type": "object",
                "required": ["kind"],
                "properties": {"children": {"type": "array", "items": _ref("Tree")}, "kind": {"const": "tree"}},
                "additionalProperties": False,
            },
            "Color": {"type": "string", "enum": ["red", 'green " quoted', "\u00fc"]},
            "Level": {"type": "integer", "enum": [-1, 0, 5]},
            "Form": {
                "type": "object",
                "properties": {"level": _ref("Level"), "c": {"anyOf": [_ref("Color"), PASSWORD]}},
            },
        }
    },
}


@pytest.fixture(scope="module")
def varied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The built package, importable while this module's tests run."""
    folder = tmp_path_factory.mktemp("varied") / "varied_client"
    built = pipeline.build(DOCUMENT, folder, title="Varied")
    assert built.counts["operations"] == 5
    # pin, tokens and free of Dog and of DogInput, pin of Base and of BaseInput, and one of UploadBody and of Form.
    assert built.counts["masked_fields"] == 10
    sys.path.insert(0, str(folder.parent))
    yield folder
    sys.path.remove(str(folder.parent))
    for name in [name for name in sys.modules if name.split(".")[0] == "varied_client"]:
        del sys.modules[name]


def _client(reply: httpx.Response) -> Any:
    transport = httpx.MockTransport(lambda request: reply)
    return import_module("varied_client").Client("https://a.example", transport=transport)


@pytest.mark.usefixtures("varied")
def test_a_document_without_servers_needs_an_address() -> None:
    """There is nothing to begin with."""
    with pytest.raises(ValueError, match="the document lists no server"):
        import_module("varied_client").Client()


@pytest.mark.usefixtures("varied")
def test_a_list_of_models_is_parsed_and_masked() -> None:
    """Secrets from `allOf`, in lists and in free-form objects."""
    operation = import_module("varied_client.api.dogs.list_dogs")
    friend = {"id": "2", "pin": SECRET}
    dog = {"id": "1", "pin": SECRET, "tokens": [SECRET], "free": {SECRET: SECRET}, "friend": friend}
    (parsed,) = operation.sync(1, client=_client(httpx.Response(200, json=[dog])), x_token="t")
    assert parsed.to_dict() == dog
    assert SECRET not in repr(parsed)
    other = operation.sync(1, client=_client(httpx.Response(299, json={"a": ["b"]})), x_token="t")
    assert other.to_dict() == {"a": ["b"]}


@pytest.mark.usefixtures("varied")
def test_an_operation_without_a_body_to_parse_has_no_sync() -> None:
    """As the generator makes it; the detailed forms tell the status."""
    operation = import_module("varied_client.api.dogs.delete_a_id")
    assert not hasattr(operation, "sync")
    assert operation.sync_detailed(1, client=_client(httpx.Response(204))).status_code == 204


def test_text_and_bytes_come_out_as_they_are(varied: Path) -> None:
    """And a multipart body and a raw one go in."""
    types = import_module("varied_client.types")
    upload, raw = (import_module(f"varied_client.api.files.{name}") for name in ("upload", "raw"))
    body = import_module("varied_client.models").UploadBody(password=SECRET)
    assert SECRET not in repr(body)
    assert upload.sync(1, client=_client(httpx.Response(200, text="hello")), body=body) == "hello"
    with (varied / "py.typed").open("rb") as payload:
        reply = _client(httpx.Response(200, content=b"\x00"))
        parsed = raw.sync(1, client=reply, body=types.File(payload=payload))
    assert parsed.payload.read() == b"\x00"


@pytest.mark.usefixtures("varied")
def test_the_first_alternative_that_fits_is_taken() -> None:
    """Also with a new member of an enum. What fits none is unreadable."""
    operation, errors = import_module("varied_client.api.default.either"), import_module("varied_client.errors")
    models = import_module("varied_client.models")
    body = models.DogInput(pin="x")
    tree = operation.sync(client=_client(httpx.Response(201, json={"kind": "tree"})), body=body)
    assert tree == models.Tree(kind="tree")
    form = operation.sync(client=_client(httpx.Response(201, json={"level": 5})), body=body)
    assert form.level is models.Level.VALUE_5
    newer = operation.sync(client=_client(httpx.Response(201, json={"level": 7})), body=body)
    assert type(newer) is models.Form
    assert (newer.level, newer.level.value) == (7, 7)
    assert newer.level not in models.Level
    contents: list[Any] = [SECRET, [], 1]
    for content in contents:
        with pytest.raises(errors.UnreadableReply):
            operation.sync(client=_client(httpx.Response(201, json=content)), body=body)
