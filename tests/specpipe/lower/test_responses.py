"""Every declared response is read, whatever it is declared as."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from specpipe.lower import Lowered, lower

from tests.specpipe.lower.calls import ENUM, PET, STRING, TOY, Package, content, document, only

BINARY: dict[str, Any] = {"type": "string", "format": "binary"}
NULL: dict[str, Any] = {"type": "null"}


def shown_responses(
    responses: dict[str, Any], method: str = "get", **components: Any
) -> tuple[dict[str, Any], Lowered]:
    lowered = lower(document({"/pets": {method: {"operationId": "x", "responses": responses}}}, **components))
    found: dict[str, Any] = only(lowered)["responses"]
    return found, lowered


def shown_content(**types: Any) -> dict[str, Any]:
    found: dict[str, Any] = shown_responses({"200": {"description": "", **content(**types)}})[0]["200"]
    return found


def declared(content_type: str, schema: Any) -> dict[str, Any]:
    media = {} if schema is None else {"schema": schema}
    response = {"description": "", "content": {content_type: media}}
    found: dict[str, Any] = shown_responses({"200": response})[0]["200"]["content"]
    return found


@pytest.mark.parametrize(
    ("stated", "shown"),
    [("2xx", "2XX"), (" 404", "404"), ("Default", "default"), ("5XX", "5XX"), ("520", "520"), ("default", "default")],
)
def test_a_status_is_read_as_it_is_meant(stated: str, shown: str) -> None:
    """Case and blanks aside."""
    found, lowered = shown_responses({stated: {"description": ""}})
    assert (list(found), lowered.faults) == ([shown], ())


@pytest.mark.parametrize("stated", ["ok", "20X", "0", "99999", "200-299", "²00"])
def test_a_status_that_is_none_is_a_fault(stated: str) -> None:
    """Its classes exist all the same."""
    response = {"description": "", **content(json={"type": "object", "properties": {"kind": ENUM}})}
    found, lowered = shown_responses({stated: response, "204": {"description": ""}})
    assert list(found) == ["204"]
    assert stated in lowered.faults[0].problem
    assert len(lowered.document["components"]["schemas"]) == 4


def test_a_status_that_is_there_twice_is_a_fault() -> None:
    """The first is kept."""
    found, lowered = shown_responses({"2XX": {"description": "a"}, "2xx": {"description": "b"}})
    assert found == {"2XX": {"description": "a"}}
    assert "second time" in lowered.faults[0].problem


def test_no_response_is_any_response() -> None:
    """An operation answers something."""
    found, lowered = shown_responses({"x-note": {}})
    assert found == {"default": {"description": ""}}
    assert lowered.repairs["no_responses"] == 1


JSON_TYPES = ["application/json", "application/problem+json; charset=utf-8", "TEXT/JSON", "*/*", "application/vnd.pets"]


@pytest.mark.parametrize("content_type", JSON_TYPES)
def test_an_object_is_json_unless_its_type_says_otherwise(content_type: str) -> None:
    """Frameworks declare `*/*` for what is JSON."""
    assert declared(content_type, PET) == {"application/json": {"schema": PET}}


@pytest.mark.parametrize(
    "content_type", ["text/csv", "application/xml", "text/event-stream", "application/x-ndjson", "image/svg+xml"]
)
def test_text_is_text(content_type: str) -> None:
    """Also where an object's shape is declared for it."""
    assert declared(content_type, PET) == {"text/plain": {"schema": STRING}}


@pytest.mark.parametrize("schema", [None, {}, STRING, BINARY, PET], ids=["none", "any", "text", "bytes", "object"])
@pytest.mark.parametrize("content_type", ["application/pdf", "application/octet-stream", "image/*"])
def test_bytes_are_bytes(content_type: str, schema: Any) -> None:
    """Whatever the schema says of them."""
    assert declared(content_type, schema) == {"application/octet-stream": {"schema": BINARY}}


@pytest.mark.parametrize(
    ("schema", "shown"),
    [(STRING, "text/plain"), (BINARY, "application/octet-stream"), (None, "application/octet-stream")],
)
def test_a_wildcard_is_what_its_schema_is(schema: Any, shown: str) -> None:
    """Text, or bytes."""
    assert list(declared("*/*", schema)) == [shown]


@pytest.mark.parametrize("schema", [None, {}], ids=["none", "any"])
def test_json_of_any_value_is_not_lost(schema: Any, tmp_path: Path) -> None:
    """The generator would answer None."""
    assert declared("application/json", schema) == {"application/json": {"schema": {"anyOf": [{}, NULL]}}}
    media = {} if schema is None else {"schema": schema}
    response = {"description": "", "content": {"application/json": media}}
    package = Package({"/pets": {"get": {"operationId": "x", "responses": {"200": response}}}}, tmp_path)
    assert "response.json()" in (package.folder / "api/default/x.py").read_text("utf-8")


def test_two_json_types_are_either() -> None:
    """Their schemas become one union; what is whose stands beside it."""
    response = {
        "description": "",
        "content": {"application/json": {"schema": PET}, "application/x+json": {"schema": TOY}},
    }
    found = shown_responses({"200": response})[0]["200"]
    assert found["content"] == {"application/json": {"schema": {"anyOf": [PET, TOY]}}}
    assert found["x-media-schemas"] == {"application/json": PET, "application/x+json": TOY}


def test_one_json_type_twice_is_either() -> None:
    """A reply's type does not always come with the parameters that the document has."""
    types = {"application/json": PET, "application/JSON; v=2": TOY, "text/json": ENUM}
    response = {"description": "", "content": {name: {"schema": schema} for name, schema in types.items()}}
    shown = shown_responses({"200": response})[0]["200"]["x-media-schemas"]
    assert shown["application/json"] == {"anyOf": [PET, TOY]}
    assert list(shown) == ["application/json", "text/json"]


def test_two_json_types_of_one_schema_are_that() -> None:
    """There is nothing to choose."""
    response = {"description": "", "content": {"application/json": {"schema": PET}, "text/json": {"schema": PET}}}
    assert shown_responses({"200": response})[0]["200"] == {
        "description": "",
        "content": {"application/json": {"schema": PET}},
    }


def test_any_value_with_a_description_is_shown_as_any_or_null() -> None:
    """The generator makes None of a reply that is anything."""
    shown = declared("application/json", {"description": "Whatever."})["application/json"]["schema"]
    assert NULL in shown["anyOf"]


def test_several_kinds_say_which_type_is_which() -> None:
    """Finishing looks at the reply's content type."""
    found = shown_content(json=PET, text=STRING, pdf=None)
    assert found["content"] == {"application/json": {"schema": {"anyOf": [PET, STRING, BINARY]}}}
    assert found["x-media"] == {"application/json": "json", "text/plain": "text", "application/pdf": "binary"}


def test_text_and_bytes_are_either() -> None:
    """Without JSON too."""
    found = shown_content(text=STRING, pdf=None)
    assert found["content"] == {"application/json": {"schema": {"anyOf": [STRING, BINARY]}}}
    assert found["x-media"] == {"text/plain": "text", "application/pdf": "binary"}


def test_a_json_string_stays_json() -> None:
    """It has quotes."""
    assert shown_content(json=STRING)["content"] == {"application/json": {"schema": STRING}}


def test_json_holds_no_bytes() -> None:
    """A binary string in JSON is a string."""
    assert shown_content(json=BINARY)["content"] == {"application/json": {"schema": STRING}}


@pytest.mark.parametrize("response", [{}, {"content": {}}], ids=["absent", "empty"])
def test_a_response_without_content_has_none(response: dict[str, Any]) -> None:
    """It is declared all the same."""
    assert shown_responses({"200": {"description": "d", **response}})[0] == {"200": {"description": "d"}}


def test_the_reply_to_head_is_not_read() -> None:
    """It has no body; its classes exist."""
    response = {"description": "", **content(json={"type": "object"})}
    found, lowered = shown_responses({"200": response}, method="head")
    assert found == {"200": {"description": ""}}
    assert "XResponse200" in lowered.document["components"]["schemas"]


def test_a_shared_response_has_one_class() -> None:
    """It is called after the component."""
    shared = {"NotFound": {"description": "", **content(json={"type": "object"})}}
    reference = {"$ref": "#/components/responses/NotFound"}
    stated = {"404": reference, "410": reference}
    lowered = lower(document({"/pets": {"get": {"responses": stated}}}, responses=shared))
    found = only(lowered)["responses"]
    assert found["404"] == found["410"]
    assert set(lowered.document["components"]["schemas"]) == {"Pet", "Toy", "NotFoundResponse"}


def test_inline_classes_are_called_after_operation_and_status() -> None:
    """As the generator would call them."""
    found, _ = shown_responses({"200": {"description": "", **content(json={"type": "object"})}})
    assert found["200"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/XResponse200"}
