"""A request loses what only the server writes, a reply what only the client writes; one schema becomes two only where
the two differ."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from specpipe.repair.readwrite import split_read_write
from specpipe.validate import validate

REF = "#/components/schemas/"
TEXT = {"type": "string"}
READ = {"type": "string", "readOnly": True}
WRITE = {"type": "string", "writeOnly": True}


def _object(required: list[str] | None = None, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties} | ({"required": required} if required else {})


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": REF + name}


def _document(request: Any, response: Any, **schemas: Any) -> dict[str, Any]:
    operation: dict[str, Any] = {"responses": {"200": {"description": "d"}}}
    if request is not None:
        operation["requestBody"] = {"content": {"application/json": {"schema": request}}}
    if response is not None:
        operation["responses"]["200"]["content"] = {"application/json": {"schema": response}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"post": operation}},
        "components": {"schemas": schemas},
    }


def _split(document: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any], int]:
    before = copy.deepcopy(document)
    result, count = split_read_write(document)
    assert document == before, "the given document is left alone"
    validate(result, name="result")
    return result, result["components"]["schemas"], count


def _body(document: dict[str, Any]) -> Any:
    return document["paths"]["/a"]["post"]["requestBody"]["content"]["application/json"]["schema"]


def _reply(document: dict[str, Any]) -> Any:
    return document["paths"]["/a"]["post"]["responses"]["200"]["content"]["application/json"]["schema"]


def test_a_component_of_both_sides_that_differs_becomes_two() -> None:
    """The reply keeps the name; `required` follows the properties."""
    thing = _object(["id", "name", "value"], id=READ, name=TEXT, value=WRITE)
    result, schemas, count = _split(_document(_ref("Thing"), _ref("Thing"), Thing=thing))
    assert schemas == {
        "Thing": _object(["id", "name"], id=READ, name=TEXT),
        "ThingInput": _object(["name", "value"], name=TEXT, value=WRITE),
    }
    assert (_body(result), _reply(result)) == (_ref("ThingInput"), _ref("Thing"))
    assert count == 2


def test_a_component_that_does_not_differ_stays_one() -> None:
    """Nothing is split for the sake of it."""
    document = _document(_ref("Thing"), _ref("Thing"), Thing=_object(["name"], name=TEXT))
    assert _split(document)[::2] == (document, 0)


@pytest.mark.parametrize(
    ("request_schema", "response_schema", "left"),
    [
        pytest.param(_ref("Thing"), None, {"name", "value"}, id="request alone"),
        pytest.param(None, _ref("Thing"), {"name", "id"}, id="reply alone"),
    ],
)
def test_a_component_of_one_side_is_changed_in_place(request_schema: Any, response_schema: Any, left: set[str]) -> None:
    """Under its own name."""
    document = _document(request_schema, response_schema, Thing=_object(id=READ, name=TEXT, value=WRITE))
    _, schemas, count = _split(document)
    assert list(schemas) == ["Thing"]
    assert set(schemas["Thing"]["properties"]) == left
    assert count == 1


def test_what_no_operation_reaches_stays_as_it_is() -> None:
    """It is on no side."""
    document = _document(None, None, Thing=_object(id=READ, value=WRITE))
    assert _split(document)[::2] == (document, 0)


@pytest.mark.parametrize(
    "wrap",
    [
        pytest.param(lambda ref: _object(inner=ref), id="property"),
        pytest.param(lambda ref: {"type": "array", "items": ref}, id="items"),
        pytest.param(lambda ref: {"type": "array", "prefixItems": [ref]}, id="prefixItems"),
        pytest.param(lambda ref: {"type": "object", "additionalProperties": ref}, id="additionalProperties"),
        pytest.param(lambda ref: {"type": "object", "patternProperties": {"x": ref}}, id="patternProperties"),
        pytest.param(lambda ref: {"allOf": [ref, {"title": "t"}]}, id="allOf"),
        pytest.param(lambda ref: {"anyOf": [ref, {"type": "null"}]}, id="anyOf"),
        pytest.param(lambda ref: {"oneOf": [{"not": ref}]}, id="oneOf and not"),
        pytest.param(lambda ref: _object(a=_object(b={"type": "array", "items": ref})), id="deep inline"),
    ],
)
def test_what_leads_to_a_split_component_is_split_too(wrap: Any) -> None:
    """However it leads there."""
    document = _document(_ref("Outer"), _ref("Outer"), Outer=wrap(_ref("Thing")), Thing=_object(id=READ, name=TEXT))
    _, schemas, count = _split(document)
    assert schemas["Outer"] == wrap(_ref("Thing"))
    assert schemas["OuterInput"] == wrap(_ref("ThingInput"))
    assert count == 2  # OuterInput and ThingInput are new; Outer and Thing stay


def test_a_chain_of_references_is_split_to_its_end() -> None:
    """The first only leads to the third through the second."""
    chain = {"First": _object(a=_ref("Second")), "Second": _object(b=_ref("Third")), "Third": _object(id=READ)}
    _, schemas, _ = _split(_document(_ref("First"), _ref("First"), **chain))
    assert schemas["FirstInput"] == _object(a=_ref("SecondInput"))
    assert schemas["SecondInput"] == _object(b=_ref("ThirdInput"))


def test_recursive_schemas_are_split_once() -> None:
    """A tree whose nodes have an id, and a ring of two."""
    tree = _object(id=READ, children={"type": "array", "items": _ref("Tree")}, ring=_ref("Ring"))
    document = _document(_ref("Tree"), _ref("Tree"), Tree=tree, Ring=_object(tree=_ref("Tree")))
    _, schemas, _ = _split(document)
    assert set(schemas) == {"Tree", "TreeInput", "Ring", "RingInput"}
    assert schemas["TreeInput"]["properties"]["children"]["items"] == _ref("TreeInput")
    assert schemas["RingInput"] == _object(tree=_ref("TreeInput"))


def test_an_inline_schema_is_seen_from_its_side() -> None:
    """Without any component."""
    result, _, _ = _split(_document(_object(["id"], id=READ, a=TEXT), _object(["v"], v=WRITE, a=TEXT)))
    assert (_body(result), _reply(result)) == (_object(a=TEXT), _object(a=TEXT))


def test_required_beside_the_allof_that_brings_the_property_goes_too() -> None:
    """The property is lost through the reference, its name in another member."""
    composed = {"allOf": [_ref("Base"), {"required": ["id", "name"]}]}
    document = _document(_ref("Thing"), _ref("Thing"), Thing=composed, Base=_object(id=READ, name=TEXT))
    _, schemas, _ = _split(document)
    assert schemas["ThingInput"] == {"allOf": [_ref("BaseInput"), {"required": ["name"]}]}
    assert schemas["Thing"] == composed


def test_a_property_is_read_only_through_what_it_refers_to() -> None:
    """Or beside its reference, as OpenAPI 3.1 allows."""
    thing = _object(a=_ref("Id"), b={**_ref("Text"), "readOnly": True}, c=TEXT)
    document = _document(_ref("Thing"), None, Thing=thing, Id={"type": "string", "readOnly": True}, Text=TEXT)
    assert list(_split(document)[1]["Thing"]["properties"]) == ["c"]


def test_a_name_that_is_taken_gets_a_number() -> None:
    """Taken by a component or by the title of one, as either names a class."""
    document = _document(
        _ref("Thing"),
        _ref("Thing"),
        Thing=_object(id=READ),
        thing_input=TEXT,
        Other={**TEXT, "title": "ThingInput2"},
    )
    assert "ThingInput3" in _split(document)[1]


def test_a_title_follows_the_new_name() -> None:
    """Two components of one title would be one class."""
    document = _document(_ref("T"), _ref("T"), T={**_object(id=READ), "title": "T"})
    assert _split(document)[1]["TInput"]["title"] == "TInput"


def test_a_discriminator_follows_the_split() -> None:
    """Its mapping names the request's variants in the request."""
    either = {
        "oneOf": [_ref("A"), _ref("B")],
        "discriminator": {"propertyName": "k", "mapping": {"a": REF + "A", "b": "B"}},
    }
    document = _document(
        _ref("Either"), _ref("Either"), Either=either, A=_object(k=TEXT, id=READ), B=_object(["k"], k=TEXT)
    )
    _, schemas, _ = _split(document)
    assert schemas["Either"] == either
    assert schemas["EitherInput"]["discriminator"]["mapping"] == {"a": REF + "AInput", "b": "B"}


def test_what_is_no_map_of_headers_or_contents_stays_as_it_is() -> None:
    """It means nothing in a parameter."""
    document = _document({}, {})
    document["paths"]["/a"]["post"]["parameters"] = [{"name": "q", "in": "query", "headers": True, "content": 5}]
    result, _ = split_read_write(document)
    assert result["paths"]["/a"]["post"]["parameters"] == document["paths"]["/a"]["post"]["parameters"]


def test_shared_request_bodies_responses_parameters_and_headers_count_for_their_side() -> None:
    """They are reached by reference from the operation."""
    document = _document(None, None, Thing=_object(id=READ, v=WRITE), Q=_object(id=READ), H=_object(v=WRITE, a=TEXT))
    media = {"content": {"application/json": {"schema": _ref("Thing")}}}
    document["components"] |= {
        "requestBodies": {"Body": media},
        "responses": {
            "Reply": {"description": "d", **media, "headers": {"X": {"$ref": "#/components/headers/X"}}},
        },
        "parameters": {"Q": {"name": "q", "in": "query", "content": {"application/json": {"schema": _ref("Q")}}}},
        "headers": {"X": {"content": {"application/json": {"schema": _ref("H")}}}},
    }
    operation = document["paths"]["/a"]["post"]
    operation["requestBody"] = {"$ref": "#/components/requestBodies/Body"}
    operation["responses"]["200"] = {"$ref": "#/components/responses/Reply"}
    operation["parameters"] = [{"$ref": "#/components/parameters/Q"}]
    result, schemas, _ = _split(document)
    assert result["components"]["requestBodies"]["Body"]["content"]["application/json"]["schema"] == _ref("ThingInput")
    assert result["components"]["responses"]["Reply"]["content"]["application/json"]["schema"] == _ref("Thing")
    assert schemas["Q"]["properties"] == {}
    assert list(schemas["H"]["properties"]) == ["a"]
