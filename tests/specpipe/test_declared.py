"""What a document holds is found wherever it may stand, and nothing is taken for it that is data."""

from __future__ import annotations

from typing import Any

import pytest
from specpipe.witness.declared import declared
from specpipe.witness.values import Value, value_of, values_of

from tests.specpipe.small_package import small_document

ENUM = {"enum": ["a", "b"]}


def _document(**parts: Any) -> dict[str, Any]:
    return {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {}} | parts


def _pointers(document: dict[str, Any]) -> list[str]:
    return [enum.pointer for enum in declared(document).enums]


def test_operations_have_their_responses_and_content_types() -> None:
    """With pointers; a response without content has no body."""
    (operation,) = declared(small_document()).operations
    assert (operation.method, operation.path) == ("put", "/pets/{pet_id}")
    assert [(reply.status, reply.has_body) for reply in operation.replies] == [
        ("200", True),
        ("204", False),
        ("4XX", True),
        ("default", True),
    ]
    assert operation.replies[0].pointer == "#/paths/~1pets~1{pet_id}/put/responses/200"
    assert operation.content_types == {
        "application/json": "#/paths/~1pets~1{pet_id}/put/requestBody/content/application~1json",
        "image/*": "#/paths/~1pets~1{pet_id}/put/requestBody/content/image~1*",
        "text/csv": "#/paths/~1pets~1{pet_id}/put/requestBody/content/text~1csv",
    }


def test_references_are_followed() -> None:
    """To a path item, a request body and a response."""
    content: dict[str, Any] = {"content": {"application/json": {}}}
    operation = {
        "requestBody": {"$ref": "#/components/requestBodies/B"},
        "responses": {"200": {"$ref": "#/components/responses/R"}, "x-note": {}},
    }
    parts = {"pathItems": {"P": {"post": operation}}, "requestBodies": {"B": content}, "responses": {"R": content}}
    document = _document(paths={"/a": {"$ref": "#/components/pathItems/P"}, "x-note": {"get": {}}}, components=parts)
    (found,) = declared(document).operations
    assert str(found) == "POST /a"
    assert [reply.has_body for reply in found.replies] == [True]
    assert list(found.content_types) == ["application/json"]


def test_the_reply_to_head_has_no_body() -> None:
    """HTTP says so, whatever the document says."""
    response = {"description": "", "content": {"application/json": {}}}
    document = _document(paths={"/a": {"head": {"responses": {"200": response}}}})
    assert not declared(document).operations[0].replies[0].has_body


SCHEMA_PLACES = [
    *("items", "not", "if", "then", "else", "contains", "propertyNames", "additionalProperties", "additionalItems"),
    *("unevaluatedItems", "unevaluatedProperties", "contentSchema"),
    *("allOf/0", "anyOf/0", "oneOf/0", "prefixItems/0"),
    *("properties/x-a", "patternProperties/a", "$defs/a", "definitions/a", "dependentSchemas/a", "dependencies/a"),
]


def _at(place: str, value: Any) -> Any:
    for part in reversed(place.split("/")):
        value = [value] if part == "0" else {part.replace("~1", "/"): value}
    return value


@pytest.mark.parametrize("place", SCHEMA_PLACES)
def test_an_enum_is_found_in_every_schema(place: str) -> None:
    """And in a schema of that schema."""
    schemas = {"A": _at(place, ENUM), "B": _at(f"{place}/{place}", ENUM)}
    assert _pointers(_document(components={"schemas": schemas})) == [
        f"#/components/schemas/A/{place}/enum",
        f"#/components/schemas/B/{place}/{place}/enum",
    ]


@pytest.mark.parametrize(
    "place",
    [
        "paths/~1a/parameters/0/schema",
        "paths/~1a/get/parameters/0/schema",
        "paths/~1a/get/parameters/0/content/a/schema",
        "paths/~1a/get/requestBody/content/a/schema",
        "paths/~1a/get/requestBody/content/a/encoding/a/headers/a/schema",
        "paths/~1a/get/responses/200/content/a/schema",
        "paths/~1a/get/responses/200/headers/x-a/schema",
        "paths/~1a/get/callbacks/a/{$url}/post/requestBody/content/a/schema",
        "webhooks/a/post/requestBody/content/a/schema",
        "components/parameters/a/schema",
        "components/headers/a/schema",
        "components/requestBodies/a/content/a/schema",
        "components/responses/a/content/a/schema",
        "components/callbacks/a/{$url}/post/responses/200/content/a/schema",
        "components/pathItems/a/get/parameters/0/schema",
        "components/schemas/x-a",
    ],
)
def test_an_enum_is_found_in_every_place_of_a_schema(place: str) -> None:
    """A name of a component or header may begin like an extension."""
    document = _document(**{"x-first": ENUM}) | _at(place, ENUM)
    assert _pointers(document) == [f"#/{place}/enum"]


@pytest.mark.parametrize(
    "place", ["default", "example", "examples/0", "const", "enum/0", "x-note", "discriminator", "required/0"]
)
def test_data_is_no_schema(place: str) -> None:
    """Whatever it looks like."""
    pointers = _pointers(_document(components={"schemas": {"A": _at(place, ENUM)}}))
    assert not any(pointer.startswith(f"#/components/schemas/A/{place}/") for pointer in pointers)


@pytest.mark.parametrize(
    "place",
    [
        "servers/0/variables/a",
        "paths/~1a/servers/0/variables/a",
        "paths/~1a/get/servers/0/variables/a",
        "paths/~1a/get/responses/200/links/a/server/variables/a",
        "paths/~1a/get/responses/200/links/a/parameters",
        "components/links/a/parameters",
        "components/schemas/A/discriminator/mapping",
        "components/securitySchemes/a/flows/implicit/scopes",
    ],
)
def test_what_is_no_schema_has_no_enum(place: str) -> None:
    """A variable of a server has one of another kind, and a name may be `enum` or `const`."""
    assert _pointers(_document() | _at(place, {**ENUM, "const": "a"})) == []


def test_an_operation_has_its_own_parameters_and_those_of_its_path() -> None:
    """Its own stand over the path's; some headers are none, and what has no place is none."""
    shared = [{"name": "X-A", "in": "header"}, {"name": "b", "in": "query"}, {"$ref": "#/components/parameters/C"}]
    own = [
        {"name": "x-a", "in": "header"},
        {"name": "b", "in": "cookie"},
        {"name": "b", "in": "cookie", "schema": {}},
        *({"name": name, "in": "header"} for name in ("Accept", "content-type", "AUTHORIZATION")),
        {"name": "Accept", "in": "query"},
        {"name": "d", "in": "body"},
        {"name": 5, "in": "query"},
        {"$ref": "#/nowhere"},
    ]
    document = _document(
        paths={"/a": {"parameters": shared, "get": {"parameters": own, "responses": {}}}},
        components={"parameters": {"C": {"name": "c", "in": "path"}}},
    )
    (operation,) = declared(document).operations
    assert [(one.place, one.name, one.pointer) for one in operation.parameters] == [
        ("header", "x-a", "#/paths/~1a/get/parameters/0"),
        ("query", "b", "#/paths/~1a/parameters/1"),
        ("path", "c", "#/paths/~1a/parameters/2"),
        ("cookie", "b", "#/paths/~1a/get/parameters/1"),
        ("query", "Accept", "#/paths/~1a/get/parameters/6"),
    ]


_A: dict[str, Any] = {"properties": {"a": {}}}


@pytest.mark.parametrize(
    ("schema", "names"),
    [
        pytest.param(_A, [{"a"}], id="itself"),
        pytest.param({"items": _A}, [{"a"}], id="items"),
        pytest.param({"properties": {"b": _A}}, [{"b"}, {"a"}], id="property"),
        pytest.param({"allOf": [_A, {"properties": {"b": {}}}]}, [{"a"}, {"b"}], id="branches"),
        pytest.param({**_A, "allOf": [{"properties": {"b": {}}}]}, [{"a", "b"}, {"b"}], id="with-its-branches"),
        pytest.param({"$ref": "#/components/schemas/C", **_A}, [{"a"}], id="beside-a-reference"),
        pytest.param({"$ref": "#/components/schemas/C"}, [], id="component"),
        pytest.param({"not": _A}, [], id="not"),
        pytest.param({"if": {"items": _A}}, [], id="if"),
        pytest.param({"properties": {"not": _A}}, [{"not"}, {"a"}], id="a-property-that-is-called-not"),
        pytest.param({"properties": {}}, [], id="no-properties"),
        pytest.param({"type": "string", **_A}, [], id="no-object"),
        pytest.param({"type": "array", "properties": {"b": _A}}, [], id="below-no-object"),
        pytest.param({"type": ["object", "null"], "items": _A}, [], id="below-no-array"),
    ],
)
def test_an_object_inline_is_known_by_its_properties(schema: dict[str, Any], names: list[set[str]]) -> None:
    """In a reply, in a component of its own, and in a component schema."""
    component: dict[str, Any] = {"properties": {"c": {}}}
    reply = {"content": {"a": {"schema": schema}}}
    document = _document(paths={"/a": {"get": {"responses": {"200": reply}}}}, components={"schemas": {"C": component}})
    assert [set(*inline.names) for inline in declared(document).inline if inline.names] == names
    parts = {"schemas": {"C": component, "D": {"items": schema}}}
    found = [inline for inline in declared(_document(components=parts)).inline if inline.names]
    assert [set(*inline.names) for inline in found] == names
    assert all(inline.pointer.startswith("#/components/schemas/D/items/") for inline in found)


def test_a_reference_into_a_component_uses_no_more_than_it_leads_to() -> None:
    """The component is none of that side, what the part of it refers to is."""
    sent = {"content": {"a": {"schema": {"$ref": "#/components/schemas/A/properties/b"}}}}
    schemas = {
        "A": {"properties": {"b": {"$ref": "#/components/schemas/B"}, "c": {"$ref": "#/components/schemas/C"}}},
        "B": {},
        "C": {},
    }
    document = _document(paths={"/a": {"post": {"requestBody": sent}}}, components={"schemas": schemas})
    sides = {component.name: set(component.sides) for component in declared(document).components}
    assert sides == {"A": set(), "B": {"request"}, "C": set()}


def test_a_property_may_be_called_enum() -> None:
    """Or anything else that is a word of schemas."""
    properties = {"enum": {"type": "string"}, "const": {"type": "string"}, "items": ENUM}
    document = _document(components={"schemas": {"A": {"properties": properties}}})
    assert _pointers(document) == ["#/components/schemas/A/properties/items/enum"]


def test_a_reference_may_lead_off_the_beaten_track() -> None:
    """What stands there is a schema then, and what it refers to as well."""
    document = _document(
        components={"schemas": {"A": {"$ref": "#/definitions/B"}}},
        definitions={"B": {"items": {"$ref": "#/x-more/0"}}, "Unused": ENUM},
        **{"x-more": [ENUM]},
    )
    assert _pointers(document) == ["#/x-more/0/enum"]


@pytest.mark.parametrize(("version", "found"), [("3.0.3", 0), ("3.1.0", 1)])
def test_words_beside_a_reference_hold_since_3_1(version: str, found: int) -> None:
    """In 3.0 they are to be ignored."""
    schemas = {"A": {"$ref": "#/components/schemas/B", **ENUM}, "B": {}}
    assert len(_pointers(_document(openapi=version, components={"schemas": schemas}))) == found


def test_members_are_told_apart_by_their_type() -> None:
    """Null is none, an object is nothing that Python has a member for, and a repetition is one."""
    values = values_of([1, True, "1", 1.5, None, {"a": 1}, 1, 1.0])
    assert [(value.form, value.value) for value in values] == [
        ("number", 1),
        ("boolean", True),
        ("string", "1"),
        ("number", 1.5),
    ]


@pytest.mark.parametrize(
    ("schema", "meant"),
    [
        pytest.param({"type": "string", "enum": [1, True]}, ["1", "true"], id="quotes-left-out"),
        pytest.param({"type": ["integer", "null"], "enum": ["1"]}, [1], id="quoted-number"),
        pytest.param({"type": "number", "enum": ["1.5"]}, [1.5], id="quoted-float"),
        pytest.param({"type": "boolean", "enum": ["False"]}, [False], id="quoted-boolean"),
    ],
)
def test_a_member_may_be_meant_to_be_of_the_stated_type(schema: dict[str, Any], meant: list[Any]) -> None:
    """Both readings are told."""
    (enum,) = declared(_document(components={"schemas": {"A": schema}})).enums
    assert enum.readings == (frozenset(values_of(schema["enum"])), frozenset(map(value_of, meant)))


@pytest.mark.parametrize(
    ("schema", "readings"),
    [
        pytest.param({"type": "string", "enum": ["1"]}, 1, id="right"),
        pytest.param({"type": ["string", "integer"], "enum": ["1", 1]}, 1, id="either"),
        pytest.param({"enum": ["1", 1]}, 1, id="unsaid"),
        pytest.param({"type": "integer", "enum": ["one", "9" * 40]}, 1, id="no-number"),
    ],
)
def test_a_member_of_no_doubt_has_one_reading(schema: dict[str, Any], readings: int) -> None:
    """It stands as it is."""
    (enum,) = declared(_document(components={"schemas": {"A": schema}})).enums
    assert len(enum.readings) == readings


def test_a_long_member_is_shown_short() -> None:
    """A message is to be read."""
    assert len(str(Value("string", "x" * 1000))) == 80


def test_a_constant_is_an_enum_of_one() -> None:
    """It is told apart, as it is not counted among the members of enums."""
    (enum,) = declared(_document(components={"schemas": {"A": {"const": 5}}})).enums
    assert (enum.pointer, enum.values, enum.is_const) == ("#/components/schemas/A/const", (value_of(5),), True)


def test_components_are_of_a_kind_and_have_properties() -> None:
    """Their own and those through `allOf`, however the references lead; a property that is false is none."""
    schemas: dict[str, Any] = {
        "Base": {
            "properties": {"id": {"readOnly": True}, "never": False},
            "allOf": [{"$ref": "#/components/schemas/Top"}],
        },
        "Top": {"allOf": [{"$ref": "#/components/schemas/Base"}, {"properties": {"name": {"$ref": "#/x-name"}}}]},
        "Kind": ENUM,
        "List": {"type": "array", "properties": {"lost": {}}},
        "Anything": True,
        "Empty": {"type": "object", "title": "None at all"},
    }
    document = _document(components={"schemas": schemas}, **{"x-name": {"writeOnly": True}})
    found = {component.name: component for component in declared(document).components}
    assert {name: component.kind for name, component in found.items()} == {
        "Base": "object",
        "Top": "object",
        "Kind": "enum",
        "List": "other",
        "Anything": "other",
        "Empty": "object",
    }
    marks = {"id": frozenset({"readOnly"}), "name": frozenset({"writeOnly"})}
    assert found["Top"].properties == marks
    assert found["Base"].properties == marks
    assert found["Empty"].title == "None at all"


def test_components_stand_on_the_sides_that_reach_them() -> None:
    """Through other components as well; callbacks and webhooks make no side."""
    refs = {name: {"$ref": f"#/components/schemas/{name}"} for name in ("Sent", "Got", "Called", "Shared")}
    media = {name: {"content": {"a": {"schema": ref}}} for name, ref in refs.items()}
    call = {"{$url}": {"post": {"requestBody": media["Called"]}}}
    operation = {"requestBody": media["Sent"], "responses": {"200": media["Got"]}, "callbacks": {"a": call}}
    schemas = {"Sent": {"items": refs["Shared"]}, "Got": refs["Shared"], "Called": {}, "Shared": {}, "Alone": {}}
    document = _document(paths={"/a": {"post": operation}}, components={"schemas": schemas})
    assert {component.name: set(component.sides) for component in declared(document).components} == {
        "Sent": {"request"},
        "Got": {"response"},
        "Called": set(),
        "Shared": {"request", "response"},
        "Alone": set(),
    }


def test_depth_is_no_obstacle() -> None:
    """Neither of schemas nor of `allOf`, and what leads nowhere is passed by."""
    schema: dict[str, Any] = dict(ENUM)
    for _ in range(20_000):
        schema = {"items": {"allOf": [schema]}}
    document = _document(components={"schemas": {"A": schema, "B": {"$ref": "#/nowhere"}}})
    (enum,) = declared(document).enums
    assert enum.pointer.count("/allOf/0") == 20_000
