"""Every content type of a request body is sent as what the document says, and Python types tell the bodies apart."""

from __future__ import annotations

import inspect
import io
import json
from pathlib import Path
from typing import Any

import pytest
from specpipe.lower import Lowered, lower

from tests.specpipe.lower.calls import ENUM, PET, STRING, TOY, Package, content, document, only, operation

LIST: dict[str, Any] = {"type": "array", "items": STRING}
NUMBERS: dict[str, Any] = {"type": "array", "items": {"type": "integer"}}


def typed(*pairs: tuple[str, Any]) -> dict[str, Any]:
    return {"content": {name: {} if schema is None else {"schema": schema} for name, schema in pairs}}


def shown_body(body: dict[str, Any]) -> tuple[dict[str, Any], Lowered]:
    lowered = lower(document({"/pets": {"post": operation(operationId="add", requestBody=body)}}))
    return only(lowered).get("requestBody", {}), lowered


def sent_as(shown: dict[str, Any], lowered: Lowered) -> dict[str, Any]:
    """The shown schemas by the content type that is sent."""
    return {lowered.wire.get(name, name): media["schema"] for name, media in shown["content"].items()}


def built(body: dict[str, Any], tmp_path: Path) -> Package:
    return Package({"/pets": {"post": operation(operationId="add", requestBody=body)}}, tmp_path)


@pytest.mark.parametrize(
    "declared",
    [
        "application/json",
        "application/json; charset=utf-8",
        "Application/JSON",
        "application/vnd.pets+json",
        "text/json",
        "json",
        'odd"/\\json+x',
    ],
)
def test_json_of_any_spelling_is_json_and_is_sent_as_declared(declared: str, tmp_path: Path) -> None:
    """The decision ignores case and parameters, the header does not."""
    package = built({**typed((declared, PET)), "required": True}, tmp_path)
    request = package.request("add", body=package.models().Pet(name="Rex"))
    assert json.loads(request.content) == {"name": "Rex"}
    assert request.headers["Content-Type"] == declared


def test_a_form_is_sent_as_one(tmp_path: Path) -> None:
    """With the parameters of its type."""
    declared = "application/x-www-form-urlencoded; charset=utf-8"
    package = built({**typed((declared, TOY)), "required": True}, tmp_path)
    request = package.request("add", body=package.models().Toy(price=1.5))
    assert (request.content, request.headers["Content-Type"]) == (b"price=1.5", declared)


def test_files_are_sent_with_the_clients_boundary(tmp_path: Path) -> None:
    """One in the document is not ours."""
    package = built({**typed(("multipart/form-data; boundary=x", TOY)), "required": True}, tmp_path)
    request = package.request("add", body=package.models().Toy(price=1.5))
    kind, boundary = request.headers["Content-Type"].split("; boundary=")
    assert (kind, boundary == "x") == ("multipart/form-data", False)
    assert request.read().startswith(b"--" + boundary.encode())


@pytest.mark.parametrize("declared", ["application/pdf", "image/png", 'we"ird/\\x', "application/zip; v=1"])
def test_bytes_are_sent_as_declared(declared: str, tmp_path: Path) -> None:
    """Of any type."""
    package = built({**typed((declared, None)), "required": True}, tmp_path)
    request = package.request("add", body=package.types().File(payload=io.BytesIO(b"data")))
    assert (request.read(), request.headers["Content-Type"]) == (b"data", declared)


@pytest.mark.parametrize("declared", ["text/plain", "application/xml", "text/csv; header=present", "application/yaml"])
def test_text_is_shown_as_a_string_that_is_content(declared: str) -> None:
    """Its header is the declared one, and the generator treats it as bytes; finishing sends the string."""
    shown, lowered = shown_body(typed((declared, STRING)))
    ((name, media),) = shown["content"].items()
    assert (lowered.wire.get(name, name), media["schema"]) == (declared, STRING)
    assert lowered.content_types[name] == "application/octet-stream"


def test_a_text_body_leaves_text_replies_alone(tmp_path: Path) -> None:
    """The generator's table of content types is one for both."""
    responses = {"200": {"description": "", **content(text=STRING)}}
    paths = {"/pets": {"post": {"operationId": "add", "requestBody": content(text=STRING), "responses": responses}}}
    assert "response.text" in (Package(paths, tmp_path).folder / "api/default/add.py").read_text("utf-8")


def test_the_classes_of_what_is_sent_as_text_exist() -> None:
    """XML of a declared shape is text, and its shape is there to be read."""
    _, lowered = shown_body(typed(("application/xml", {"type": "object", "properties": {"kind": ENUM}})))
    assert {"AddBody", "AddBodyKind"} <= lowered.document["components"]["schemas"].keys()
    assert lowered.repairs["unread_structure"] == 1


@pytest.mark.parametrize(
    ("declared", "schema", "sent"),
    [
        ("*/*", PET, "application/json"),
        ("application/*+json", PET, "application/json"),
        ("text/*", STRING, "text/plain"),
        ("*/*", STRING, "text/plain"),
        ("application/*+xml", PET, "application/xml"),
    ],
)
def test_a_wildcard_is_sent_as_a_type_of_its_kind(declared: str, schema: Any, sent: str) -> None:
    """A request must say what it is."""
    shown, lowered = shown_body(typed((declared, schema)))
    assert list(sent_as(shown, lowered)) == [sent]


def test_a_wildcard_beside_what_it_stands_for_is_that() -> None:
    """`application/*+json` beside `application/json` of the same schema says nothing new."""
    shown, lowered = shown_body(typed(("application/json", PET), ("application/*+json", PET)))
    assert sent_as(shown, lowered) == {"application/json": PET}
    assert lowered.repairs["covered_wildcard"] == 1


def test_an_unknown_type_with_a_structure_is_json() -> None:
    """Bytes have no fields."""
    shown, lowered = shown_body(typed(("application/vnd.pets.v1", PET)))
    assert sent_as(shown, lowered) == {"application/vnd.pets.v1": PET}
    assert lowered.content_types == {"application/vnd.pets.v1": "application/json"}


def test_one_type_may_be_two_things_in_two_operations(tmp_path: Path) -> None:
    """The generator's table has one entry, so the second has a name of its own."""
    declared = "application/vnd.pets"
    bodies = {"one": typed((declared, PET)), "two": typed((declared, None))}
    paths = {
        f"/{name}": {"post": operation(operationId=name, requestBody={**body, "required": True})}
        for name, body in bodies.items()
    }
    package = Package(paths, tmp_path)
    first = package.request("one", body=package.models().Pet(name="Rex"))
    second = package.request("two", body=package.types().File(payload=io.BytesIO(b"data")))
    assert (first.read(), second.read()) == (b'{"name":"Rex"}', b"data")
    assert first.headers["Content-Type"] == second.headers["Content-Type"] == declared


def test_bodies_of_one_class_become_classes_of_their_own(tmp_path: Path) -> None:
    """The class chooses the content type."""
    package = built(content(json=TOY, form=TOY, files=TOY), tmp_path)
    models = package.models()
    requests = [
        package.request("add", body=kind(price=1)) for kind in (models.Toy, models.ToyForm, models.ToyMultipart)
    ]
    sent = {one.headers["Content-Type"].split(";")[0]: one.read() for one in requests}
    assert sent["application/json"] == b'{"price":1}'
    assert sent["application/x-www-form-urlencoded"] == b"price=1"
    assert b'form-data; name="price"' in sent["multipart/form-data"]


def test_json_types_of_one_class_become_classes_of_their_own(tmp_path: Path) -> None:
    """`merge-patch` is another request than `json`."""
    body = typed(("application/json", TOY), ("application/merge-patch+json", TOY), ("text/json", TOY))
    package = built(body, tmp_path)
    models = package.models()
    kinds = (models.Toy, models.ToyMergePatchJson, models.ToyJson)
    assert [package.request("add", body=kind(price=1)).headers["Content-Type"] for kind in kinds] == list(
        body["content"]
    )


def test_bodies_that_no_type_tells_apart_are_bytes() -> None:
    """The second list is sent as bytes, with its own content type."""
    shown, lowered = shown_body(typed(("application/json", LIST), ("text/json", NUMBERS)))
    assert sent_as(shown, lowered)["text/json"] == {"type": "string", "format": "binary"}
    assert lowered.content_types["text/json"] == "application/octet-stream"


@pytest.mark.parametrize("second", [STRING, ENUM, {"type": "string", "enum": ["x"]}], ids=["text", "same", "other"])
def test_an_enum_is_a_string_when_bodies_are_told_apart(second: Any) -> None:
    """`isinstance` cannot tell a StrEnum from a str."""
    shown, _ = shown_body(typed(("application/json", ENUM), ("text/json", second)))
    schemas = [media["schema"] for media in shown["content"].values()]
    assert schemas[1] == {"type": "string", "format": "binary"}


def test_several_types_of_bytes_are_one_body_that_names_its_type() -> None:
    """Finishing sends the file's own media type."""
    shown, _ = shown_body(typed(("image/png", None), ("image/jpeg", None)))
    binary = {"type": "string", "format": "binary"}
    types = ["image/png", "image/jpeg"]
    assert shown["content"] == {"application/octet-stream": {"schema": binary, "x-media-types": types}}


def test_bytes_of_a_wildcard_name_their_type() -> None:
    """The first is only what a file without one is taken for."""
    shown, _ = shown_body(typed(("image/*", None)))
    assert shown["content"]["application/octet-stream"]["x-media-types"] == ["image/png"]


def test_text_beside_json_strings_is_bytes() -> None:
    """A string can be only one of the two."""
    shown, lowered = shown_body(typed(("application/json", STRING), ("text/plain", STRING)))
    assert sent_as(shown, lowered)["text/plain"]["format"] == "binary"


def test_anything_beside_other_bodies_is_an_object() -> None:
    """Anything at all could not be told from the others."""
    shown, lowered = shown_body(typed(("application/json", {}), ("application/pdf", None)))
    assert "$ref" in sent_as(shown, lowered)["application/json"]
    assert lowered.repairs["any_body"] == 1


@pytest.mark.parametrize("kind", ["form", "files"])
@pytest.mark.parametrize("schema", [{}, STRING, LIST], ids=["any", "text", "list"])
def test_a_form_without_fields_is_an_object_of_any(kind: str, schema: Any) -> None:
    """Only a class can be written as a form."""
    shown, lowered = shown_body(content(**{kind: schema}))
    ((_, media),) = shown["content"].items()
    assert media["schema"]["$ref"] == "#/components/schemas/AddBody"
    assert lowered.repairs["form_without_fields"] == 1


def test_a_form_may_be_one_of_several_classes_but_files_may_not() -> None:
    """Of a union the generator would send no files at all."""
    union = {"anyOf": [PET, TOY]}
    assert next(iter(shown_body(content(form=union))[0]["content"].values()))["schema"] == union
    assert "$ref" in next(iter(shown_body(content(files=union))[0]["content"].values()))["schema"]


def test_null_is_sent_as_null(tmp_path: Path) -> None:
    """Where it is the only body."""
    package = built({**content(json={"anyOf": [TOY, {"type": "null"}]}), "required": True}, tmp_path)
    assert package.request("add", body=None).content == b"null"


def test_a_deep_object_in_a_form_says_so() -> None:
    """Finishing writes it as `name[field]`."""
    body = content(form=TOY)
    body["content"]["application/x-www-form-urlencoded"]["encoding"] = {"a": {"style": "deepObject"}, "b": {}}
    ((_, media),) = shown_body(body)[0]["content"].items()
    assert media["encoding"] == {"a": {"style": "deepObject"}}


def test_json_holds_no_bytes() -> None:
    """A binary string in JSON is a string."""
    binary = {"type": "string", "format": "binary"}
    shown, _ = shown_body(content(json={"type": "array", "items": binary}))
    assert shown["content"]["application/json"]["schema"]["items"] == STRING


@pytest.mark.parametrize("body", [{"content": {}}, {}], ids=["empty", "absent"])
def test_a_body_without_content_is_none(body: dict[str, Any]) -> None:
    """There is nothing to send."""
    assert shown_body(body)[0] == {}


def test_an_optional_union_of_plain_types_is_a_body_for_each(tmp_path: Path) -> None:
    """The generator writes what is no Python of it otherwise."""
    plain = [STRING, {"type": "number"}, {"type": "boolean"}, {"type": "null"}]
    package = built(content(json={"anyOf": plain}), tmp_path)
    given = {"text": "Rex", "whole": 1, "half": 0.5, "truth": True}
    assert {name: json.loads(package.request("add", body=body).content) for name, body in given.items()} == given
    assert package.request("add").content == b""
    assert package.lowered.repairs["null_body"] == 1


def test_an_optional_union_with_a_class_is_one_body(tmp_path: Path) -> None:
    """And may be left out."""
    package = built(content(json={"anyOf": [TOY, STRING]}), tmp_path)
    given = [package.models().Toy(price=1), "Rex"]
    assert [json.loads(package.request("add", body=body).content) for body in given] == [{"price": 1}, "Rex"]
    assert package.request("add").content == b""


def test_a_required_union_is_one_body() -> None:
    """With the types side by side."""
    union = {"anyOf": [PET, STRING]}
    assert shown_body({**content(json=union), "required": True})[0]["content"] == {
        "application/json": {"schema": union}
    }


def test_a_shared_body_has_one_class() -> None:
    """It is called after the component."""
    shared = {"NewPet": content(json={"type": "object", "properties": {"name": STRING}})}
    reference = {"requestBody": {"$ref": "#/components/requestBodies/NewPet"}}
    paths = {f"/{n}": {"post": operation(**reference)} for n in range(3)}
    schemas = lower(document(paths, requestBodies=shared)).document["components"]["schemas"]
    assert set(schemas) == {"Pet", "Toy", "NewPetBody"}


def test_one_body_is_shown_as_it_is_required() -> None:
    """Or as it is not."""
    assert shown_body({**content(json=PET), "required": True})[0]["required"] is True
    assert shown_body(content(json=PET))[0]["required"] is False


@pytest.mark.parametrize("required", [True, False])
def test_one_of_several_bodies_is_given_where_the_document_requires_one(required: bool, tmp_path: Path) -> None:
    """The generator would let it be left out."""
    package = built({**content(json=PET, form=PET), "required": required}, tmp_path)
    module = package.operation("add")
    for name in ("_get_kwargs", "sync_detailed", "asyncio_detailed"):
        argument = inspect.signature(getattr(module, name)).parameters["body"]
        assert (argument.default is inspect.Parameter.empty) is required
        assert ("Unset" in argument.annotation) is not required
    assert package.request("add", body=package.models().Pet(name="Rex")).content == b'{"name":"Rex"}'


@pytest.mark.parametrize(
    ("kind", "schema", "encoding", "count"),
    [
        pytest.param("form", {"type": "array", "items": STRING}, {"explode": False}, 1, id="joined list"),
        pytest.param("form", {"type": "array", "items": STRING}, {"style": "pipeDelimited"}, 1, id="by pipes"),
        pytest.param("form", {"type": "object"}, {"contentType": "application/json"}, 1, id="an object as JSON"),
        pytest.param("form", STRING, {"allowReserved": True}, 1, id="reserved characters"),
        pytest.param("form", STRING, {"explode": False}, 0, id="a text"),
        pytest.param("form", {"type": "object"}, {"style": "deepObject", "explode": False}, 0, id="deep object"),
        pytest.param("files", STRING, {"contentType": "text/csv"}, 1, id="text of another type"),
        pytest.param("files", STRING, {"contentType": "text/csv, text/plain"}, 0, id="text of either type"),
        pytest.param("files", {"type": "object"}, {"contentType": "application/json"}, 0, id="an object as JSON part"),
        pytest.param("files", {"type": "array", "items": {"type": "object"}}, {"contentType": "text/xml"}, 1, id="XML"),
        pytest.param(
            "files", {"type": "string", "format": "binary"}, {"contentType": "image/png"}, 0, id="a file has its type"
        ),
    ],
)
def test_a_field_of_a_form_that_is_sent_otherwise_is_counted(
    kind: str, schema: Any, encoding: dict[str, Any], count: int
) -> None:
    """What the document asks of it is not lost without a word."""
    body = content(**{kind: {"type": "object", "properties": {"type": schema}}})
    (media,) = body["content"].values()
    media["encoding"] = {"type": encoding, "elsewhere": encoding}
    assert shown_body(body)[1].repairs.get("unsupported_style", 0) == count
