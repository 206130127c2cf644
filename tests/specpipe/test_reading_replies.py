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
    "/text-first": {
        "get": {
            "operationId": "get_text_first",
            "responses": {
                "200": {
                    "description": "d",
                    "content": {"text/csv": {"schema": TEXT}, "application/json": {"schema": ref("Pet")}},
                }
            },
        }
    },
    "/told": {
        "get": {
            "operationId": "get_told",
            "responses": {
                "400": {
                    "description": "d",
                    "content": {
                        "application/json": {"schema": ref("Pet")},
                        "application/problem+json": {"schema": ref("Problem")},
                        "application/hal+json": {"schema": {"type": "array", "items": ref("Pet")}},
                        "text/csv": {"schema": TEXT},
                    },
                }
            },
        }
    },
    "/nothing": {
        "get": {
            "operationId": "get_nothing",
            "responses": _responses(s200=ref("Pet"), s204=ref("Pet"), s205={}, s304={"type": "array", "items": TEXT}),
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


@pytest.mark.parametrize("media_type", ["application/pdf", "x"])
def test_bytes_of_several_types_are_a_file(package: Package, media_type: str) -> None:
    """As is what calls itself by no type."""
    reply = httpx.Response(200, content=b"\x00{", headers={"content-type": media_type})
    assert package.reply("default.get_several", reply).parsed.payload.read() == b"\x00{"


@pytest.mark.parametrize("headers", [{}, {"content-type": " "}], ids=repr)
@pytest.mark.parametrize(
    ("operation", "content", "expected"),
    [
        pytest.param("get_several", b'{"id": 1}', "Pet(id=1, additional_properties=<>)", id="JSON first"),
        pytest.param("get_text_first", b'{"id": 1}', "'{\"id\": 1}'", id="text first"),
    ],
)
def test_a_reply_without_a_type_is_of_the_first(
    package: Package, headers: dict[str, str], operation: str, content: bytes, expected: str
) -> None:
    """The document's order is all there is to go by."""
    reply = httpx.Response(200, content=content, headers=headers)
    assert repr(package.reply(f"default.{operation}", reply).parsed) == expected


@pytest.mark.parametrize(
    ("media_type", "kind"),
    [
        ("application/json", "Pet"),
        ("Application/Problem+JSON; charset=utf-8", "Problem"),
        ("application/hal+json", "list"),
        ("text/csv", "str"),
        ("application/other+json", "Problem"),
    ],
)
def test_json_types_of_different_schemas_are_told_apart(package: Package, media_type: str, kind: str) -> None:
    """By the type that the reply calls itself; of any other type it is the first schema that fits."""
    content = b'{"message": "m"}' if kind == "Problem" else b'[{"id": 1}]' if kind == "list" else b'{"id": 1}'
    reply = httpx.Response(400, content=content, headers={"content-type": media_type})
    assert type(package.reply("default.get_told", reply).parsed).__name__ == kind


def test_a_type_is_not_read_as_another_that_fits(package: Package) -> None:
    """Every object is a problem; one that calls itself a pet is none."""
    unreadable = package.module("errors").UnreadableReply
    with pytest.raises(unreadable):
        package.reply("default.get_told", httpx.Response(400, json={"message": "m"}))
    headers = {"content-type": "application/problem+json"}
    problem = package.reply("default.get_told", httpx.Response(400, content=b'{"id": 1}', headers=headers)).parsed
    assert problem == package.models.Problem.from_dict({"id": 1})


@pytest.mark.parametrize("status", [204, 205, 304])
@pytest.mark.parametrize("operation", ["get_nothing", "get_rest"])
def test_a_status_without_content_may_come_without(package: Package, status: int, operation: str) -> None:
    """Whatever the document declares for it, by its number or as the default."""
    response = package.reply(f"default.{operation}", httpx.Response(status))
    assert (response.status_code, response.parsed) == (status, None)


def test_no_other_status_may_come_without_content(package: Package) -> None:
    """Nor may content that is no JSON, nor a status that is not declared."""
    errors = package.module("errors")
    for reply in (httpx.Response(200), httpx.Response(204, content=b"<p>")):
        with pytest.raises(errors.UnreadableReply):
            package.reply("default.get_nothing", reply)
    with pytest.raises(errors.UnexpectedStatus):
        package.reply("default.get_pet", httpx.Response(205))


def test_a_reply_of_one_type_is_read_as_that_type(package: Package) -> None:
    """Whatever it calls itself."""
    assert (
        package.reply("default.get_text", httpx.Response(200, content=b"<p>", headers={"content-type": "x/y"})).parsed
        == "<p>"
    )
    assert package.reply("default.get_image", httpx.Response(200, json={})).parsed.payload.read() == b"{}"
