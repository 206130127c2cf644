"""The vendor's rendered page says the same as the document extracted from its other page."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from specpipe import yamlio
from specpipe.document import resolve

from tests.specpipe.documents import PROJECT
from tests.specpipe.rendered import Field, read_samples, read_tables

PAGE = (PROJECT / "specs/fireworks/fireworks-create-api-key-rendered.txt").read_text("utf-8")
DOCUMENT = yamlio.load((PROJECT / "specs/fireworks/openapi.yaml").read_text("utf-8"), file="openapi.yaml").data
PATH = "/v1/accounts/{account_id}/users/{user_id}/apiKeys"
MOMENT = "2023-11-07T05:31:56Z"


def described_fields(document: dict[str, Any]) -> dict[str, dict[str, Field]]:
    """The tables as the document gives them."""
    operation = document["paths"][PATH]["post"]
    scheme = document["components"]["securitySchemes"]["BearerAuth"]
    authorization = _field({"type": "string", "description": scheme["description"]}, required=True)
    parameters = {
        item["name"]: _field({**item["schema"], "description": item["description"]}, required=item["required"])
        for item in operation["parameters"]
    }
    return {
        "Authorizations": {"Authorization": authorization},
        "Path Parameters": parameters,
        "Body": _fields(document, operation["requestBody"]),
        "Response": _fields(document, operation["responses"]["200"]),
    }


def _fields(document: dict[str, Any], holder: Any) -> dict[str, Field]:
    schema = resolve(document, holder["content"]["application/json"]["schema"])
    return {
        name: _field({**resolve(document, inner), **inner}, required=name in schema.get("required", ()))
        for name, inner in schema["properties"].items()
    }


def _field(schema: dict[str, Any], *, required: bool) -> Field:
    return Field(
        type=schema["type"],
        format=schema.get("format"),
        required=required,
        read_only=schema.get("readOnly", False),
        description=" ".join(schema.get("description", "").split()),
    )


def sample(document: dict[str, Any], schema: Any, *, sent: bool) -> Any:
    """The sample that the page's renderer makes of a schema."""
    schema = resolve(document, schema)
    if schema["type"] == "object":
        return {
            name: sample(document, inner, sent=sent)
            for name, inner in schema.get("properties", {}).items()
            if not (sent and inner.get("readOnly"))
        }
    if schema.get("format") == "date-time":
        return MOMENT
    return {"string": "<string>", "boolean": True}[schema["type"]]


def described_samples(document: dict[str, Any]) -> tuple[Any, Any]:
    """Both samples as the document gives them."""
    operation = document["paths"][PATH]["post"]
    request = operation["requestBody"]["content"]["application/json"]["schema"]
    response = operation["responses"]["200"]["content"]["application/json"]["schema"]
    return sample(document, request, sent=True), sample(document, response, sent=False)


def test_the_page_is_read_whole() -> None:
    """1, 2, 1 and 10 rows; an empty comparison would prove nothing."""
    assert {name: len(rows) for name, rows in read_tables(PAGE).items()} == {
        "Authorizations": 1,
        "Path Parameters": 2,
        "Body": 1,
        "Response": 10,
    }


def test_tables_and_document_agree() -> None:
    """Name, type, format, required, read-only and description of every field."""
    assert read_tables(PAGE) == described_fields(DOCUMENT)


def test_samples_and_document_agree() -> None:
    """What is sent lacks the read-only fields; what comes back has all."""
    assert read_samples(PAGE) == described_samples(DOCUMENT)


def _key(document: dict[str, Any]) -> Any:
    return document["components"]["schemas"]["gatewayApiKey"]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda d: _key(d)["properties"].pop("lastUsed"), id="field lost"),
        pytest.param(lambda d: _key(d)["properties"].update(more={"type": "string"}), id="field added"),
        pytest.param(lambda d: _key(d)["properties"]["secure"].update(type="string"), id="type"),
        pytest.param(lambda d: _key(d)["properties"]["expireTime"].pop("format"), id="format"),
        pytest.param(lambda d: _key(d)["properties"]["prefix"].pop("readOnly"), id="read-only"),
        pytest.param(lambda d: _key(d).update(required=["key"]), id="required"),
        pytest.param(lambda d: _key(d)["properties"]["key"].update(description="x"), id="description"),
        pytest.param(lambda d: d["paths"][PATH]["post"]["parameters"].pop(), id="parameter lost"),
    ],
)
def test_a_changed_document_no_longer_agrees_with_the_tables(change: Callable[[dict[str, Any]], object]) -> None:
    """Each kind of statement of the page is really compared."""
    document = copy.deepcopy(DOCUMENT)
    change(document)
    assert read_tables(PAGE) != described_fields(document)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda d: _key(d)["properties"]["email"].pop("readOnly"), id="sent too"),
        pytest.param(lambda d: _key(d)["properties"].pop("email"), id="not received"),
        pytest.param(lambda d: _key(d)["properties"]["createTime"].pop("format"), id="no moment"),
    ],
)
def test_a_changed_document_no_longer_agrees_with_the_samples(change: Callable[[dict[str, Any]], object]) -> None:
    """Request and response are both compared."""
    document = copy.deepcopy(DOCUMENT)
    change(document)
    assert read_samples(PAGE) != described_samples(document)
