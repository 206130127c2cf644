"""What a built package makes of a reply: any status, any of several media types, no content."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.specpipe.finished import TEXT, Package, document, importable, json_of, objects, ref, write

BINARY = {**TEXT, "format": "binary"}
SCHEMAS = {
    "Pet": objects({"id": {"type": "integer"}}, "id"),
    "Problem": objects({"message": TEXT}),
    "Color": {**TEXT, "enum": ["red"]},
}


def _responses(**schemas: Any) -> dict[str, Any]:
    return {
        name.removeprefix("s"): json_of(schema) if schema is not None else {"description": "d"}
        for name, schema in schemas.items()
    }


PATHS = {
    "/pet": {
        "get": {
            "operationId": "get_pet",
            "responses": _responses(
                s200=ref("Pet"),
                s204=None,
                s299=ref("Color"),
                s520={"type": "array", "items": ref("Pet")},
                s4XX=ref("Problem"),
            ),
        }
    },
    "/rest": {"get": {"operationId": "get_rest", "responses": _responses(s200=ref("Pet"), default=ref("Problem"))}},
    "/anything": {"get": {"operationId": "get_anything", "responses": _responses(s200={})}},
    "/several": {
        "get": {
            "operationId": "get_several",
            "responses": {
                "200": {
                    "description": "d",
                    "content": {
                        "application/json": {"schema": ref("Pet")},
                        "text/csv": {"schema": TEXT},
                        "application/xml": {"schema": ref("Pet")},
                        "application/pdf": {"schema": BINARY},
                    },
                }
            },
        }
    },
    "/text": {
        "get": {"operationId": "get_text", "responses": {"200": {"description": "d", "content": {"text/html": {}}}}}
    },
    "/image": {
        "get": {"operationId": "get_image", "responses": {"200": {"description": "d", "content": {"image/png": {}}}}}
    },
}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Package]:
    folder = tmp_path_factory.mktemp("replies") / "replies_client"
    write(document(SCHEMAS, PATHS), folder)
    with importable(folder):
        yield Package("replies_client")


@pytest.mark.parametrize(
    ("status", "content", "expected"),
    [
        pytest.param(200, {"id": 1}, "Pet(id=1, additional_properties=<>)", id="200"),
        pytest.param(204, None, "None", id="204"),
        pytest.param(299, "blue", "<Color.blue: 'blue'>", id="299, with an unknown value"),
        pytest.param(520, [{"id": 1}], "[Pet(id=1, additional_properties=<>)]", id="520"),
        pytest.param(418, {"message": "m"}, "Problem(message='m', additional_properties=<>)", id="of a range"),
    ],
)
def test_a_declared_status_is_parsed(package: Package, status: int, content: Any, expected: str) -> None:
    """Also one that Python has no name for."""
    reply = httpx.Response(status) if content is None else httpx.Response(status, json=content)
    response = package.reply("default.get_pet", reply)
    assert response.status_code == status
    assert repr(response.parsed) == expected


@pytest.mark.parametrize("status", [201, 299, 520, 599, 999])
def test_any_other_status_is_the_default(package: Package, status: int) -> None:
    """Any number that a server may send."""
    response = package.reply("default.get_rest", httpx.Response(status, json={"message": "m"}))
    assert (response.status_code, response.parsed.message) == (status, "m")


@pytest.mark.parametrize("status", [201, 521])
def test_an_undeclared_status_is_an_error(package: Package, status: int) -> None:
    """Where there is no default."""
    with pytest.raises(package.module("errors").UnexpectedStatus, match=f"status {status} is not declared"):
        package.reply("default.get_pet", httpx.Response(status))


@pytest.mark.parametrize("content", [{"a": [1]}, [1], "text", 1, False], ids=repr)
def test_anything_is_kept_as_it_is(package: Package, content: Any) -> None:
    """A reply of any value is a reply with a value."""
    assert package.reply("default.get_anything", httpx.Response(200, json=content)).parsed == content


@pytest.mark.parametrize("media_type", ["application/json", "application/json; charset=utf-8", "Application/Hal+JSON"])
def test_json_of_several_types_is_parsed(package: Package, media_type: str) -> None:
    """Whatever is declared beside it."""
    reply = httpx.Response(200, content=b'{"id": 1}', headers={"content-type": media_type})
    assert package.reply("default.get_several", reply).parsed == package.models.Pet(id=1)


@pytest.mark.parametrize("media_type", ["text/csv", "text/plain; charset=utf-8", "application/xml"])
def test_text_of_several_types_is_text(package: Package, media_type: str) -> None:
    """By its name, or by what the document says of it."""
    reply = httpx.Response(200, content="ä,b".encode(), headers={"content-type": media_type})
    assert package.reply("default.get_several", reply).parsed == "ä,b"


@pytest.mark.parametrize("headers", [{"content-type": "application/pdf"}, {"content-type": "x"}, {}], ids=repr)
def test_bytes_of_several_types_are_a_file(package: Package, headers: dict[str, str]) -> None:
    """As is what tells no type."""
    parsed = package.reply("default.get_several", httpx.Response(200, content=b"\x00{", headers=headers)).parsed
    assert parsed.payload.read() == b"\x00{"


def test_a_reply_of_one_type_is_read_as_that_type(package: Package) -> None:
    """Whatever it calls itself."""
    assert (
        package.reply("default.get_text", httpx.Response(200, content=b"<p>", headers={"content-type": "x/y"})).parsed
        == "<p>"
    )
    assert package.reply("default.get_image", httpx.Response(200, json={})).parsed.payload.read() == b"{}"
