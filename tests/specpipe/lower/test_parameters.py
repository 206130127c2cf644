"""Every parameter is sent under its own name, in a form that its place can carry, and none hides another."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from specpipe.lower import lower

from tests.specpipe.lower.calls import (
    ENUM,
    PET,
    STRING,
    TOY,
    Package,
    document,
    operation,
    parameter,
    shown_parameters,
)

LIST: dict[str, Any] = {"type": "array", "items": STRING}
ODD_NAMES = [
    *("client", "url", "body", "headers", "params", "cookies", "response", "kwargs", "quote", "cast", "json", "any"),
    *("str", "isinstance", "id", "self", "datetime", "UNSET", "class", "json_tags", "tags_item", "tags_item_data"),
    *("tagsItem", "Tags", 'qu"ote', "back\\slash", "über", "日本", "_lead", "1st", "", "😀", "a b", "a.b", "a-b"),
    *("filter[name]", "$top", "line\nbreak", "a\u2801", "ﬁ", "fi", "json_tags_query", "tags_query", "İ"),
]


def test_every_name_reaches_the_wire_as_it_is(tmp_path: Path) -> None:
    """Names that collide, shadow, or cannot be Python all have an argument, and the query has them letter by letter."""
    listed = parameter("tags", schema={"type": "array", "items": ENUM}, required=True)
    parameters = [listed, *(parameter(name, required=True) for name in ODD_NAMES)]
    paths = {"/{client}/{tags}": {"get": operation(operationId="x", parameters=parameters)}}
    package = Package(paths, tmp_path)
    shown = package.lowered.document["paths"]["/{client_path}/{tags}"]["get"]["parameters"]
    real = {one["name"]: package.lowered.wire.get(one["name"], one["name"]) for one in shown if one["in"] == "query"}
    arguments = dict(zip(argument_names(package, "x"), [one["name"] for one in shown], strict=True))
    given: dict[str, Any] = {argument: real.get(name, name) for argument, name in arguments.items()}
    enums = package.models()
    tags = next(argument for argument, name in arguments.items() if real.get(name) == "tags")
    given[tags] = [enums.XTagsItem("red"), enums.XTagsItem("blue")]
    sent = package.request("x", **given).url.params
    assert sent.get_list("tags") == ["red", "blue"]
    assert {name: sent[name] for name in ODD_NAMES} == {name: name for name in ODD_NAMES}


def argument_names(package: Package, name: str) -> list[str]:
    code = package.operation(name)._get_kwargs.__code__
    return list(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])


def test_one_name_in_several_places_is_several_arguments(tmp_path: Path) -> None:
    """The path's keeps the plain name, the others say where they go."""
    places = [parameter("id", place) for place in ("header", "query", "path", "cookie")]
    package = Package({"/{id}": {"get": operation(operationId="x", parameters=places)}}, tmp_path)
    assert argument_names(package, "x") == ["id", "id_query", "id_header", "id_cookie"]
    sent = package.request("x", id="p", id_query="q", id_header="h")
    assert (sent.url.path, sent.url.params["id"], sent.headers["id"]) == ("/v1/p", "q", "h")


def test_the_operations_parameter_stands_over_the_paths() -> None:
    """Both lists come together, references are followed."""
    shared = {"Page": parameter("page", schema={"type": "integer"})}
    item = {
        "parameters": [{"$ref": "#/components/parameters/Page"}, parameter("q"), parameter("X-A", "header")],
        "get": operation(parameters=[parameter("q", schema={"type": "boolean"}), parameter("x-a", "header", ENUM)]),
    }
    lowered = lower(document({"/pets": item}, parameters=shared))
    shown = lowered.document["paths"]["/pets"]["get"]["parameters"]
    assert [(one["name"], one["schema"].get("type")) for one in shown] == [
        ("page", "integer"),
        ("q", "boolean"),
        ("x-a", None),
    ]
    assert lowered.faults == ()


def test_a_shared_parameter_has_one_enum() -> None:
    """However many operations refer to it."""
    shared = {"Colour": parameter("colour", schema=ENUM)}
    reference = {"parameters": [{"$ref": "#/components/parameters/Colour"}]}
    paths = {f"/{n}": {"get": operation(**reference)} for n in range(3)}
    schemas = lower(document(paths, parameters=shared)).document["components"]["schemas"]
    assert [name for name, schema in schemas.items() if "enum" in schema] == ["ColourParameter"]


def test_a_parameter_that_is_there_twice_is_one() -> None:
    """Header names ignore case."""
    shown, lowered = shown_parameters(
        parameter("a"), parameter("a"), parameter("X", "header"), parameter("x", "header")
    )
    assert [one["name"] for one in shown] == ["a", "X"]
    assert (lowered.repairs["duplicate_parameter"], lowered.faults) == (2, ())


def test_two_parameters_that_contradict_each_other_are_a_fault() -> None:
    """The first is kept."""
    shown, lowered = shown_parameters(parameter("a"), parameter("a", schema={"type": "integer"}))
    assert [one["schema"] for one in shown] == [STRING]
    assert [fault.pointer for fault in lowered.faults] == ["#/paths/~1pets/get/parameters/1"]


@pytest.mark.parametrize("place", ["body", "formData", None])
def test_a_place_of_swagger_2_is_a_fault(place: str | None) -> None:
    """OpenAPI 3 has no such parameters."""
    shown, lowered = shown_parameters(parameter("a") | {"in": place}, parameter("b"))
    assert [one["name"] for one in shown] == ["b"]
    assert len(lowered.faults) == 1


@pytest.mark.parametrize("name", ["Accept", "content-type", "AUTHORIZATION"])
def test_headers_that_are_the_requests_own_are_no_parameters(name: str) -> None:
    """OpenAPI says that such parameters are ignored; their enums exist all the same."""
    shown, lowered = shown_parameters(parameter(name, "header", ENUM))
    assert (shown, lowered.repairs["reserved_header"]) == ([], 1)
    assert any("enum" in schema for schema in lowered.document["components"]["schemas"].values())


def test_a_template_that_nobody_declares_is_a_required_string() -> None:
    """The URL cannot do without."""
    shown, lowered = shown_parameters(path="/pets/{id}")
    assert shown == [{"name": "id", "in": "path", "required": True, "schema": STRING}]
    assert lowered.repairs["undeclared_path_parameter"] == 1


def test_a_parameter_that_the_path_does_not_name_stands_for_the_one_nobody_declares() -> None:
    """A misspelt name keeps its type."""
    shown, lowered = shown_parameters(parameter("petId", "path", {"type": "integer"}), path="/pets/{pet}")
    assert [(one["name"], one["schema"]) for one in shown] == [("pet", {"type": "integer"})]
    assert lowered.repairs["unmatched_path_parameter"] == 1


def test_a_parameter_that_no_path_names_is_dropped() -> None:
    """It has no place on the wire."""
    shown, lowered = shown_parameters(parameter("id", "path"), parameter("toy", "path"), path="/pets/{id}")
    assert [one["name"] for one in shown] == ["id"]
    assert lowered.repairs["unmatched_path_parameter"] == 1


def test_a_path_parameter_is_required_and_has_no_default() -> None:
    """An argument without a default may not stand behind one with."""
    schema = {"type": "integer", "default": 3}
    shown, lowered = shown_parameters(parameter("a", "path", schema) | {"required": False}, path="/{a}/{b}")
    assert shown[0] == {"name": "a", "in": "path", "required": True, "schema": {"type": "integer"}}
    assert lowered.repairs["path_parameter_required"] == lowered.repairs["path_default"] == 1


TEXT_ONLY: dict[str, tuple[str, Any]] = {
    "header_list": ("header", LIST),
    "header_object": ("header", PET),
    "header_date": ("header", {"type": "string", "format": "date"}),
    "header_union": ("header", {"anyOf": [STRING, {"type": "string", "format": "date-time"}]}),
    "header_any": ("header", {}),
    "header_constant": ("header", {"const": True}),
    "path_file": ("path", {"type": "string", "format": "binary"}),
    "cookie_file": ("cookie", {"type": "string", "format": "binary"}),
    "query_file": ("query", {"type": "string", "format": "binary"}),
}


@pytest.mark.parametrize(("place", "schema"), TEXT_ONLY.values(), ids=TEXT_ONLY)
def test_what_a_place_cannot_carry_is_text(place: str, schema: Any) -> None:
    """The generator would leave the operation out."""
    shown, lowered = shown_parameters(parameter("a", place, schema), path="/{a}" if place == "path" else "/")
    assert shown[0]["schema"]["type"] == "string"
    assert "format" not in shown[0]["schema"]
    assert lowered.repairs[f"{place}_text"] == 1


CARRIED: dict[str, tuple[str, Any, Any, str]] = {
    "date": ("query", {"type": "string", "format": "date"}, datetime.date(2026, 1, 2), "2026-01-02"),
    "boolean": ("query", {"type": "boolean"}, True, "true"),
    "constant": ("query", {"const": "x"}, "x", "x"),
    "header_boolean": ("header", {"type": "boolean"}, False, "false"),
    "header_number": ("header", {"type": "number"}, 1.5, "1.5"),
    "header_union": ("header", {"anyOf": [STRING, {"type": "integer"}]}, 3, "3"),
    "header_uuid": ("header", {"type": "string", "format": "uuid"}, UUID(int=1), str(UUID(int=1))),
    "path_list": ("path", LIST, ["a", "b"], "a,b"),
    "path_boolean": ("path", {"type": "boolean"}, True, "true"),
    "path_date": ("path", {"type": "string", "format": "date"}, datetime.date(2026, 1, 2), "2026-01-02"),
}


@pytest.mark.parametrize(("place", "schema", "value", "sent"), CARRIED.values(), ids=CARRIED)
def test_what_a_place_can_carry_keeps_its_type(place: str, schema: Any, value: Any, sent: str, tmp_path: Path) -> None:
    """And is written as a server reads it."""
    path = "/{a}" if place == "path" else "/"
    paths = {path: {"get": operation(operationId="x", parameters=[parameter("a", place, schema)])}}
    request = Package(paths, tmp_path).request("x", a=value)
    found = {"query": request.url.params.get("a"), "header": request.headers.get("a"), "path": request.url.path[4:]}
    assert found[place] == sent


def test_a_path_is_never_null() -> None:
    """It is not sent without its parameters."""
    shown, lowered = shown_parameters(parameter("a", "path", {"anyOf": [ENUM, {"type": "null"}]}), path="/{a}")
    assert shown[0]["schema"] == {"$ref": "#/components/schemas/GetAAType0"}
    assert lowered.repairs["null_parameter"] == 1


def test_a_header_that_may_be_null_is_left_out_then(tmp_path: Path) -> None:
    """Null has no form in a header."""
    nullable = {"anyOf": [ENUM, {"type": "null"}]}
    paths = {"/": {"get": operation(operationId="x", parameters=[parameter("a", "header", nullable)])}}
    assert "a" not in Package(paths, tmp_path).request("x", a=None).headers


def test_a_required_constant_header_is_its_own_default() -> None:
    """A version header need not be given."""
    shown, _ = shown_parameters(parameter("X-Version", "header", {"const": "2"}) | {"required": True})
    assert shown[0]["schema"] == {"type": "string", "default": "2"}


JOINED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "repeated": ({}, {}),
    "exploded": ({"style": "form", "explode": True}, {}),
    "commas": ({"explode": False}, {"x-joined": ","}),
    "spaces": ({"style": "spaceDelimited"}, {"x-joined": " "}),
    "pipes": ({"style": "pipeDelimited", "explode": False}, {"x-joined": "|"}),
    "exploded_pipes": ({"style": "pipeDelimited", "explode": True}, {}),
}


@pytest.mark.parametrize(("style", "marks"), JOINED.values(), ids=JOINED)
def test_a_list_in_a_query_says_how_it_is_joined(style: dict[str, Any], marks: dict[str, Any]) -> None:
    """It stays a list; finishing joins it."""
    shown, _ = shown_parameters(parameter("a", schema=LIST, **style))
    assert {key: value for key, value in shown[0].items() if key.startswith("x-")} == marks
    assert shown[0]["schema"]["type"] == "array"


def test_a_deep_object_says_so() -> None:
    """And is a class."""
    shown, _ = shown_parameters(parameter("filter", schema=PET, style="deepObject", explode=True))
    assert (shown[0]["x-deep-object"], shown[0]["schema"]) == (True, PET)


def test_lists_and_objects_are_joined_as_they_say(tmp_path: Path) -> None:
    """Finishing does it, by the marks."""
    parameters = [
        parameter("a", schema=LIST, explode=False),
        parameter("b", schema=LIST, style="pipeDelimited"),
        parameter("c", schema=TOY, style="deepObject"),
        parameter("d", schema=TOY, explode=False),
    ]
    package = Package({"/": {"get": operation(operationId="x", parameters=parameters)}}, tmp_path)
    toy = package.models().Toy(price=2)
    sent = dict(package.request("x", a=["1", "2"], b=["1", "2"], c=toy, d=toy).url.params)
    assert sent == {"a": "1,2", "b": "1|2", "c[price]": "2", "d": "price,2"}


def test_a_parameter_with_content_is_text() -> None:
    """A document in a string; its classes exist."""
    inline = {"type": "object", "properties": {"kind": ENUM}}
    shown, lowered = shown_parameters({"name": "f", "in": "query", "content": {"application/json": {"schema": inline}}})
    assert shown[0]["schema"] == {"type": "string", "description": "A JSON document."}
    assert "GetPetsF" in lowered.document["components"]["schemas"]
    assert lowered.repairs["parameter_content"] == 1


def test_a_parameter_without_a_schema_is_text() -> None:
    """It stands in the URL anyhow."""
    shown, _ = shown_parameters({"name": "f", "in": "query"})
    assert shown[0]["schema"] == STRING


def test_the_description_stands_where_the_generator_looks_for_it() -> None:
    """In the schema."""
    shown, _ = shown_parameters(parameter("f", description="Which pets."))
    assert shown[0]["schema"] == {"type": "string", "description": "Which pets."}


@pytest.mark.parametrize(
    ("one", "path", "word"),
    [
        pytest.param(parameter("id", "path", style="label"), "/pets/{id}", "style label", id="label"),
        pytest.param(parameter("id", "path", style="matrix"), "/pets/{id}", "style matrix", id="matrix"),
        pytest.param(
            parameter("id", "path", {"type": "object", "properties": {"a": STRING}}, explode=True),
            "/pets/{id}",
            None,
            id="an object as name=value",
        ),
        pytest.param(parameter("q", allowReserved=True), "/pets", "percent-encoded", id="reserved characters"),
    ],
)
def test_a_style_that_is_not_sent_is_counted(one: Any, path: str, word: str | None) -> None:
    """The description says so, where a schema that is no class can have one."""
    (shown,), lowered = shown_parameters(one, path=path)
    assert lowered.repairs["unsupported_style"] == 1
    assert word is None or word in shown["schema"]["description"]


@pytest.mark.parametrize(
    ("one", "path"),
    [
        pytest.param(parameter("id", "path", style="simple"), "/pets/{id}", id="simple"),
        pytest.param(parameter("id", "path", LIST, explode=True), "/pets/{id}", id="a list"),
        pytest.param(parameter("q", schema=LIST, explode=False, style="pipeDelimited"), "/pets", id="joined"),
    ],
)
def test_a_style_that_is_sent_is_not_counted(one: Any, path: str) -> None:
    """Exploded or not, a list in a path is joined with commas."""
    assert "unsupported_style" not in shown_parameters(one, path=path)[1].repairs
