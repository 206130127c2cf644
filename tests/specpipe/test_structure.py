"""After the structure is checked every type can be trusted; what was wrong is mended and counted, or named."""

from __future__ import annotations

import time
from typing import Any

import pytest
from specpipe import limits, structure
from specpipe.document import METHODS, Document, dangling, operations, parse_ref, references, show
from specpipe.faults import DocumentError
from specpipe.structure.objects import kind_at

from tests.specpipe.documents import pets

GET = ("paths", "/a", "get")
OK: dict[str, Any] = {"description": ""}


def _document(operation: Any = None, **more: Any) -> Document:
    get = {"responses": {"200": OK}} if operation is None else operation
    return {"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {"/a": {"get": get}}, **more}


def _schemas(**schemas: Any) -> Document:
    return _document(components={"schemas": schemas})


def _faults(document: Document) -> list[str]:
    return [str(fault) for fault in structure.check(document).faults]


def test_a_sound_document_stays_as_it_is() -> None:
    """No fault, no repair, and the given one is left alone."""
    document = pets()
    sound = structure.check(document)
    assert (sound.document, sound.faults, sound.repairs) == (pets(), (), {})
    assert document == pets()


@pytest.mark.parametrize(
    ("written", "meant", "rule"),
    [
        pytest.param({"description": 12}, {"description": "12"}, "text", id="number as text"),
        pytest.param({"description": None}, {}, "null", id="null"),
        pytest.param({"description": ["a"]}, {}, "prose", id="list as prose"),
        pytest.param({"description": "a\x00b\tc"}, {"description": "ab\tc"}, "control_character", id="control"),
        pytest.param({"required": True}, {}, "required_flag", id="required flag"),
        pytest.param({"required": "true"}, {}, "required_flag", id="required flag as text"),
        pytest.param({"required": "id"}, {"required": ["id"]}, "list_of_one", id="required text"),
        pytest.param({"required": ["a", "a"]}, {"required": ["a"]}, "repeated_name", id="required twice"),
        pytest.param({"enum": "a"}, {"enum": ["a"]}, "list_of_one", id="enum scalar"),
        pytest.param({"enum": []}, {}, "empty_list", id="enum empty"),
        pytest.param({"type": None}, {}, "null", id="type null in 3.0"),
        pytest.param({"type": ["string", None]}, {"type": ["string", "null"]}, "null_type", id="null in types"),
        pytest.param({"type": []}, {}, "empty_list", id="no types"),
        pytest.param({"nullable": "true"}, {"nullable": True}, "flag", id="flag as text"),
        pytest.param({"nullable": 7}, {}, "flag", id="flag as number"),
        pytest.param({"additionalProperties": "false"}, {"additionalProperties": False}, "flag", id="additional"),
        pytest.param({"items": None}, {}, "null", id="items null"),
        pytest.param(
            {"items": [{"type": "string"}]}, {"items": {"anyOf": [{"type": "string"}]}}, "list_of_items", id="items"
        ),
        pytest.param({"allOf": {"type": "string"}}, {"allOf": [{"type": "string"}]}, "list_of_one", id="allOf object"),
        pytest.param({"allOf": [None, {}]}, {"allOf": [{}]}, "null", id="allOf with null"),
        pytest.param({"anyOf": []}, {}, "empty_list", id="anyOf empty"),
        pytest.param({"properties": None}, {}, "null", id="properties null"),
        pytest.param({"properties": {"a": None}}, {"properties": {"a": {}}}, "null", id="property null"),
        pytest.param(
            {"discriminator": "k"}, {"discriminator": {"propertyName": "k"}}, "discriminator_name", id="discriminator"
        ),
        pytest.param({"externalDocs": "x"}, {}, "misplaced_value", id="external docs"),
        pytest.param({"minimum": 1, "foo": {"a": 1}}, {"minimum": 1}, "unnamed_field", id="unnamed field"),
        pytest.param({"maxItems": 1, "foo": 1}, {"maxItems": 1}, "unnamed_field", id="unnamed scalar"),
        pytest.param(
            {"discriminator": {"mapping": {"a": "A"}}},
            {},
            "discriminator_without_property",
            id="no property to choose by",
        ),
    ],
)
def test_a_slip_in_a_schema_is_mended_and_counted(written: Any, meant: Any, rule: str) -> None:
    """Once, and nothing else is."""
    sound = structure.check(_schemas(A=written))
    assert sound.document == _schemas(A=meant)
    assert (sound.faults, sound.repairs) == ((), {rule: 1})


@pytest.mark.parametrize(
    ("operation", "meant", "rule"),
    [
        pytest.param({"tags": "a"}, {"tags": ["a"]}, "list_of_one", id="tag"),
        pytest.param({"tags": [1, None, {"name": "b"}]}, {"tags": ["1", "b"]}, "list_of_texts", id="tags"),
        pytest.param({"operationId": 5}, {"operationId": "5"}, "text", id="operationId"),
        pytest.param({"security": {"Key": []}}, {"security": [{"Key": []}]}, "list_of_one", id="security"),
        pytest.param({"security": ["Key"]}, {"security": [{"Key": []}]}, "security_name", id="security name"),
        pytest.param({"parameters": [None]}, {"parameters": []}, "null", id="parameter null"),
        pytest.param(
            {"parameters": [{"name": "a", "in": "Query"}]},
            {"parameters": [{"name": "a", "in": "query"}]},
            "parameter_place_case",
            id="place",
        ),
        pytest.param(
            {"parameters": [{"name": "a", "in": "query", "type": "string"}]},
            {"parameters": [{"name": "a", "in": "query", "schema": {"type": "string"}}]},
            "type_beside_schema",
            id="type",
        ),
        pytest.param(
            {"responses": {"200": {**OK, "headers": {"X": {"type": "string"}}}}},
            {"responses": {"200": {**OK, "headers": {"X": {"schema": {"type": "string"}}}}}},
            "type_beside_schema",
            id="type of a header",
        ),
        pytest.param({"allOf": True}, {}, "unnamed_field", id="a schema's keyword"),
        pytest.param(
            {"parameters": [{"name": "a", "in": "query", "headers": True}]},
            {"parameters": [{"name": "a", "in": "query"}]},
            "unnamed_field",
            id="a response's field",
        ),
        pytest.param(
            {"responses": {"200": "Fine."}},
            {"responses": {"200": {"description": "Fine."}}},
            "response_text",
            id="response",
        ),
        pytest.param({"responses": {"200": {}}}, {"responses": {"200": OK}}, "missing_description", id="description"),
        pytest.param({"responses": {"200": None}}, {"responses": {"200": OK}}, "null", id="response null"),
        pytest.param(
            {"responses": {"200": {**OK, "content": {"a/b": None}}}},
            {"responses": {"200": {**OK, "content": {"a/b": {}}}}},
            "null",
            id="content null",
        ),
        pytest.param(
            {"responses": {"200": {**OK, "content": {"a/b": {"examples": {"x": 1}}}}}},
            {"responses": {"200": {**OK, "content": {"a/b": {"examples": {"x": {"value": 1}}}}}}},
            "example_value",
            id="example",
        ),
        pytest.param({"responses": None}, {}, "null", id="responses null"),
    ],
)
def test_a_slip_in_an_operation_is_mended_and_counted(operation: Any, meant: Any, rule: str) -> None:
    """Once, and nothing else is."""
    sound = structure.check(_document(operation))
    assert sound.document == _document(meant)
    assert (sound.faults, sound.repairs) == ((), {rule: 1})


@pytest.mark.parametrize(
    ("more", "meant", "rule"),
    [
        pytest.param({"info": None}, {"info": {"title": "", "version": ""}}, "missing_info", id="info"),
        pytest.param({"info": {"title": "t"}}, {"info": {"title": "t", "version": ""}}, "missing_info", id="version"),
        pytest.param({"tags": ["a"]}, {"tags": [{"name": "a"}]}, "tag_name", id="tag"),
        pytest.param({"servers": {"url": "/"}}, {"servers": [{"url": "/"}]}, "list_of_one", id="server"),
        pytest.param({"paths": None}, {"paths": {}}, "missing_paths", id="no paths"),
        pytest.param({"paths": {"a": {}}}, {"paths": {"/a": {}}}, "path_slash", id="no slash"),
        pytest.param({"paths": {"/a": None}}, {"paths": {"/a": {}}}, "null", id="path null"),
        pytest.param({"paths": {"/a": {"GET": {}}}}, {"paths": {"/a": {"get": {}}}}, "method_case", id="method"),
        pytest.param({"components": {"schemas": None}}, {"components": {}}, "null", id="section null"),
        pytest.param(
            {"servers": [{"url": "{a}", "variables": {"a": {"enum": ["b"]}}}]},
            {"servers": [{"url": "{a}", "variables": {"a": {"default": "b", "enum": ["b"]}}}]},
            "server_default",
            id="variable",
        ),
    ],
)
def test_a_slip_in_the_document_is_mended_and_counted(more: Any, meant: Any, rule: str) -> None:
    """With what was left out because of it."""
    sound = structure.check(_document(**more))
    assert sound.document == _document(**meant)
    assert sound.faults == ()
    assert sound.repairs[rule] == 1


@pytest.mark.parametrize(
    ("written", "left", "fault"),
    [
        pytest.param([1], {}, ": this is a list, not a schema", id="list"),
        pytest.param("string", {}, ": this is a text, not a schema", id="text"),
        pytest.param({"type": 12}, {}, "/type: `type` is a number, not a text", id="type number"),
        pytest.param({"type": {"a": 1}}, {}, "/type: `type` is an object", id="type object"),
        pytest.param({"type": ["string", 1]}, {}, "/type: `type` holds what is not a text", id="types"),
        pytest.param({"enum": {"a": 1}}, {}, "/enum: `enum` is an object", id="enum object"),
        pytest.param({"required": 1}, {}, "/required: `required` is a number", id="required number"),
        pytest.param(
            {"required": ["a", 1]}, {"required": ["a"]}, "/required: `required` holds what", id="required item"
        ),
        pytest.param({"properties": [{"a": 1}]}, {}, "/properties: this is a list, not a map", id="properties"),
        pytest.param(
            {"properties": {"a": "b"}}, {"properties": {"a": {}}}, "/properties/a: this is a text", id="property"
        ),
        pytest.param({"allOf": 1}, {}, "/allOf: this is a number, not a list", id="allOf"),
        pytest.param(
            {"allOf": [1, {}]}, {"allOf": [{}, {}]}, "/allOf/0: this is a number, not a schema", id="allOf item"
        ),
        pytest.param({"format": []}, {}, "/format: this is a list, not a text", id="format"),
        pytest.param({"$ref": "#/nowhere"}, {}, "/$ref: the reference '#/nowhere' leads nowhere", id="nowhere"),
        pytest.param({"$ref": "x.yaml"}, {}, "/$ref: the reference 'x.yaml' leads out of the document", id="out"),
        pytest.param({"$ref": ""}, {}, "/$ref: the reference '' leads out", id="empty reference"),
        pytest.param({"$ref": "#"}, {}, "/$ref: the reference '#' leads nowhere", id="the document"),
        pytest.param({"$ref": 1}, {}, "/$ref: `$ref` is not a text", id="reference a number"),
        pytest.param(
            {"$ref": "#/components/schemas/A"},
            {},
            "/$ref: the reference '#/components/schemas/A' leads in a circle",
            id="itself",
        ),
        pytest.param(
            {"$ref": "#/components/schemas"},
            {},
            "/$ref: the reference '#/components/schemas' leads to no object",
            id="map",
        ),
        pytest.param(
            {"$ref": "#/paths/~1a"},
            {},
            "/$ref: the reference '#/paths/~1a' leads to a path item, not to a schema",
            id="kind",
        ),
        pytest.param(
            {"$ref": "#/info/title"}, {}, "/$ref: the reference '#/info/title' leads to no object", id="text kind"
        ),
        pytest.param(
            {"$ref": "#/openapi/a"}, {}, "/$ref: the reference '#/openapi/a' leads nowhere", id="below a text"
        ),
        pytest.param({"$ref": "#/components/schemas/A/allOf/²"}, {}, "/$ref: ", id="odd digit"),
        pytest.param({"$ref": "#/x", "type": "string"}, {"type": "string"}, "/$ref: ", id="with siblings"),
    ],
)
def test_what_cannot_be_used_is_named_and_neutral(written: Any, left: Any, fault: str) -> None:
    """The smallest part that is wrong goes; the schema stays."""
    sound = structure.check(_schemas(A=written))
    assert sound.document["components"]["schemas"]["A"] == left
    (found,) = sound.faults
    assert str(found).startswith(f"#/components/schemas/A{fault}")


@pytest.mark.parametrize(
    ("operation", "left", "fault"),
    [
        pytest.param(
            {"parameters": [{"in": "query"}]},
            {"parameters": []},
            "/parameters/0: a parameter without a name",
            id="name",
        ),
        pytest.param(
            {"parameters": [{"name": "a"}]},
            {"parameters": []},
            "/parameters/0: the parameter 'a' does not say",
            id="place",
        ),
        pytest.param(
            {"parameters": ["a"]}, {"parameters": []}, "/parameters/0: this is a text, not a parameter", id="text"
        ),
        pytest.param(
            {"parameters": [{"$ref": "#/components/schemas/S"}]},
            {"parameters": []},
            "/parameters/0/$ref: the reference '#/components/schemas/S' leads to a schema, not to a parameter",
            id="a schema",
        ),
        pytest.param({"requestBody": {}}, {}, "/requestBody: a request body without types of content", id="body"),
        pytest.param(
            {"requestBody": {"content": []}},
            {"requestBody": {"content": {}}},
            "/requestBody/content: this is a list, not a map",
            id="body content",
        ),
        pytest.param({"requestBody": "a"}, {}, "/requestBody: this is a text, not a request body", id="body text"),
        pytest.param({"responses": []}, {}, "/responses: this is a list, not a map", id="responses"),
        pytest.param(
            {"responses": {"200": []}}, {"responses": {"200": OK}}, "/responses/200: this is a list", id="response"
        ),
        pytest.param(
            {"responses": {"200": {"$ref": "#/x"}}}, {"responses": {"200": OK}}, "/responses/200/$ref: ", id="dangling"
        ),
        pytest.param(
            {"responses": {"200": {**OK, "content": {"a/b": 1}}}},
            {"responses": {"200": {**OK, "content": {"a/b": {}}}}},
            "/responses/200/content/a~1b: this is a number, not a media type",
            id="content",
        ),
        pytest.param(
            {"callbacks": {"c": {"e": {"get": 1}}}},
            {"callbacks": {"c": {"e": {}}}},
            "/callbacks/c/e/get: ",
            id="callback",
        ),
        pytest.param({"tags": {"a": 1}}, {}, "/tags: this is an object, not a list of texts", id="tags"),
    ],
)
def test_what_cannot_be_used_in_an_operation_is_named(operation: Any, left: Any, fault: str) -> None:
    """A parameter or a body goes, a response stays without its content."""
    sound = structure.check(_document(operation, components={"schemas": {"S": {}}}))
    assert sound.document["paths"]["/a"]["get"] == left
    (found,) = sound.faults
    assert str(found).startswith(f"{show(GET)}{fault}")


def test_operations_that_cannot_be_used_are_named() -> None:
    """A method that is none, an operation and a path that are no objects."""
    paths = {"/a": {"gett": {"responses": {}}, "put": 1}, "/b": "x"}
    assert _faults(_document(paths=paths)) == [
        "#/paths/~1a/gett: this is not a method of OpenAPI",
        "#/paths/~1a/put: this is a number, not an operation",
        "#/paths/~1b: this is a text, not a path item",
    ]


OPERATION: dict[str, Any] = {"responses": {"200": OK}}
ODD_ITEMS: dict[str, dict[str, Any]] = {
    "null": {"get": None, "post": OPERATION},
    "empty": {"get": {}, "post": {"responses": {}}},
    "no method": {"query": {"operationId": "q"}, "copy": {"requestBody": {}}, "getAll": {"parameters": []}},
    "white space": {" get": OPERATION},
    "capitals": {"GET": OPERATION, "Post": OPERATION},
    "capitals first": {"GET": OPERATION, "get": OPERATION},
    "capitals second": {"get": OPERATION, "Get": OPERATION},
    "capitals twice": {"GET": OPERATION, "Get": OPERATION},
    "capitals beside null": {"get": None, "GET": OPERATION},
    "capitals null": {"GET": None},
    "text": {"get": "x", "put": [OPERATION]},
    "nowhere": {"get": {"$ref": "#/nowhere"}},
}


def _written_operations(document: Document) -> list[tuple[str, str]]:
    """The path and the field of what looks like an operation to the eye."""
    return [
        (path, key)
        for path, item in document["paths"].items()
        for key, value in item.items()
        if key.strip().lower() in METHODS or (isinstance(value, dict) and {"responses", "parameters"} & set(value))
    ]


@pytest.mark.parametrize(
    "paths",
    [*({"/a": item, "/b": {"get": OPERATION}} for item in ODD_ITEMS.values()), {"a": {"get": OPERATION}, "/a": {}}],
    ids=[*ODD_ITEMS, "path twice"],
)
def test_no_operation_goes_without_a_word(paths: dict[str, Any]) -> None:
    """It is in the sound document, or at or below a fault."""
    document = _document(paths=paths)
    sound = structure.check(document)
    held = {(path, method) for method, path, _ in operations(sound.document)}
    named = {parse_ref(fault.pointer) for fault in sound.faults}
    for path, key in _written_operations(document):
        places = {("paths", path, key), ("paths", path, key, "$ref")}
        found = held & {(path, key), (path, key.lower()), (f"/{path}", key)}
        assert bool(found) or bool(places & named), (path, key)
        assert len(held) + len(named) >= len(_written_operations(document))


def test_an_operation_with_nothing_behind_its_method_is_a_fault() -> None:
    """In YAML that is null; an operation that says nothing is one."""
    sound = structure.check(_document(paths={"/a": {"get": None, "put": {}}}))
    assert list(map(str, sound.faults)) == ["#/paths/~1a/get: this is null, not an operation"]
    assert (sound.document["paths"], sound.repairs) == ({"/a": {"put": {}}}, {})


def test_a_method_of_capitals_beside_its_like_is_a_fault() -> None:
    """Neither takes the other's place."""
    sound = structure.check(_document(paths={"/a": {"GET": {"responses": {}}, "get": OPERATION}}))
    assert list(map(str, sound.faults)) == ["#/paths/~1a/GET: the path has an operation `get` already"]
    assert sound.document["paths"] == {"/a": {"get": OPERATION}}


@pytest.mark.parametrize(
    "path", ["/a\nb", "/a\x7f", "/\x00", "/" + "a" * 60_000], ids=["line", "delete", "null", "long"]
)
def test_a_path_that_cannot_be_asked_for_is_a_fault(path: str) -> None:
    """httpx refuses its URL; the path stays without its operations."""
    sound = structure.check(_document(paths={path: {"get": OPERATION}, "/b": {}}))
    assert [parse_ref(fault.pointer) for fault in sound.faults] == [("paths", path)]
    assert sound.document["paths"] == {path: {}, "/b": {}}


@pytest.mark.parametrize(
    ("parameter", "is_usable"),
    [
        pytest.param({"name": "q", "in": {"a": 1}}, False, id="place an object"),
        pytest.param({"name": "q", "in": 5}, True, id="place a number"),
        pytest.param({"name": 5, "in": "query"}, True, id="name a number"),
        pytest.param({"name": ["q"], "in": "query"}, False, id="name a list"),
        pytest.param({"name": None, "in": "query"}, False, id="name null"),
    ],
)
def test_a_parameter_component_is_used_if_it_can_be_mended(parameter: Any, *, is_usable: bool) -> None:
    """Whatever its name and its place are."""
    operation = {**OPERATION, "parameters": [{"$ref": "#/components/parameters/Q"}]}
    sound = structure.check(_document(operation, components={"parameters": {"Q": parameter}}))
    assert len(sound.document["paths"]["/a"]["get"]["parameters"]) == is_usable
    assert bool(sound.faults) is not is_usable
    assert list(dangling(sound.document)) == []


def test_a_scheme_may_have_the_name_of_a_keyword() -> None:
    """`allOf` is one of schemas alone."""
    document = _document(security=[{"allOf": []}])
    assert structure.check(document).document == document


def test_what_stands_in_the_type_beside_a_name_is_checked_too() -> None:
    """As the schema that it is."""
    parameter = {"name": "a", "in": "query", "type": "array", "items": {"$ref": "#/components/schemas/Missing"}}
    (fault,) = _faults(_document({**OPERATION, "parameters": [parameter]}))
    assert fault.endswith("the reference '#/components/schemas/Missing' leads nowhere")


def test_extensions_stay() -> None:
    """Whatever they hold; a property may have such a name."""
    odd = {"$ref": "nowhere", "a": [None]}
    operation = {"x-a": odd, "responses": {"200": OK}}
    document = _document(operation, **{"x-c": odd}, components={"schemas": {"A": {"properties": {"x-d": {}}}}})
    sound = structure.check(document)
    assert (sound.document, sound.faults, sound.repairs) == (document, (), {})
    assert list(dangling(document)) == []


def test_extensions_among_paths_responses_and_callbacks_go() -> None:
    """Every later step takes what stands there for a path or a response."""
    document = _document({"responses": {"200": OK}, "callbacks": {"c": {"{$url}": {}}}})
    written = _document({"responses": {"200": OK, "x-b": 1}, "callbacks": {"c": {"{$url}": {}, "x-c": 2}}})
    written["paths"]["x-a"] = "text"
    sound = structure.check(written)
    assert (sound.document, sound.faults, sound.repairs) == (document, (), {})


# References.


def test_an_anchor_is_followed() -> None:
    """The reference is written as one to the place."""
    sound = structure.check(_schemas(A={"$anchor": "a", "type": "string"}, B={"items": {"$ref": "#a"}}))
    assert (sound.faults, sound.repairs) == ((), {})
    assert sound.document["components"]["schemas"]["B"] == {"items": {"$ref": "#/components/schemas/A"}}


def test_an_anchor_that_is_data_or_stands_twice_is_none() -> None:
    """No place can be meant."""
    twice = {"$anchor": "a"}
    refs = {"B": {"$ref": "#a"}, "C": {"$ref": "#b"}}
    faults = _faults(_schemas(A=twice, D=twice, E={"example": {"$anchor": "b"}}, **refs))
    assert faults == [
        "#/components/schemas/B/$ref: the reference '#a' leads nowhere: 2 schemas have that `$anchor`",
        "#/components/schemas/C/$ref: the reference '#b' leads nowhere: no schema has that `$anchor`",
    ]


@pytest.mark.parametrize(
    ("schemas", "place", "problem"),
    [
        pytest.param(
            {"A": {"$id": "https://x.example/pet"}, "B": {"$ref": "https://x.example/pet"}},
            "B",
            "the reference 'https://x.example/pet' leads out of the document",
            id="whole",
        ),
        pytest.param(
            {"A": {"$id": "https://x.example/pet"}, "B": {"$ref": "pet#/$defs/x"}},
            "B",
            "the reference 'pet#/$defs/x' leads out of the document",
            id="relative",
        ),
        pytest.param(
            {"A": {"$id": "pet", "$defs": {"x": {}}, "items": {"$ref": "#/$defs/x"}}},
            "A/items",
            "the reference '#/$defs/x' leads nowhere",
            id="inside",
        ),
    ],
)
def test_a_reference_by_id_is_said_to_be_one(schemas: Any, place: str, problem: str) -> None:
    """Whoever reads the fault need not look for what is wrong with the place, or for a file."""
    said = f"#/components/schemas/{place}/$ref: {problem}; `$id` is not supported"
    assert _faults(_schemas(**schemas)) == [said]
    at = ("components", "schemas", *place.split("/"))
    refused = structure.check(_schemas(**schemas), refused={at: "leads to no file"}).faults
    assert [str(fault) for fault in refused] == [said]


@pytest.mark.parametrize(
    ("ref", "pointer"),
    [
        ("#/components/schemas/a%7Bb%7D", ("components", "schemas", "a{b}")),
        ("#/paths/~1a~0b/get", ("paths", "/a~b", "get")),
        ("#/components/schemas/a%20%25", ("components", "schemas", "a %")),
        ("a.yaml#/x", None),
        ("#x", None),
    ],
)
def test_a_reference_is_a_uri_fragment(ref: str, pointer: tuple[str, ...] | None) -> None:
    """Escapes of URIs and of pointers are both undone, and a pointer is shown so that it reads back."""
    assert parse_ref(ref) == pointer
    assert pointer is None or parse_ref(show(pointer)) == pointer


@pytest.mark.parametrize("name", ["a{b}", "a b", "a/b", "a~b", "100%", "a%20b", "ü"])
@pytest.mark.parametrize("percent", ["%25", "%"], ids=["escaped", "as it is"])
def test_names_of_odd_characters_are_found(name: str, percent: str) -> None:
    """Also where a percent sign was not escaped; afterwards every reference is written in one way."""
    ref = show(("components", "schemas", name)).replace("%25", percent)
    sound = structure.check(_schemas(**{name: {}, "User": {"$ref": ref}}))
    assert sound.faults == ()
    assert sound.document["components"]["schemas"]["User"] == {"$ref": show(("components", "schemas", name))}


def test_deep_references_and_recursion_are_fine() -> None:
    """Through properties, items and alternatives a schema may lead into itself."""
    document = _schemas(
        A={"properties": {"a": {"$ref": "#/components/schemas/A"}, "b": {"type": "string"}}},
        B={"items": {"$ref": "#/components/schemas/A/properties/b"}, "oneOf": [{"$ref": "#/components/schemas/B"}]},
        C=True,
        D={"properties": {"$ref": {"type": "string"}}, "not": {"$ref": "#/components/schemas/C"}},
    )
    sound = structure.check(document)
    assert (sound.document, sound.faults, sound.repairs) == (document, (), {})


def test_what_a_reference_leads_to_outside_of_every_named_place_is_checked_too() -> None:
    """`definitions` of the document, or an extension: they hold schemas if a reference to a schema says so."""
    document = _schemas(A={"$ref": "#/definitions/X"}, B={"$ref": "#/x-more/0/Y"}, C={"$ref": "#/definitions/X"})
    document["definitions"] = {
        "X": {"required": "a", "properties": {"x": {"$ref": "#/definitions/Z"}}},
        "Z": {"type": 1},
    }
    document["x-more"] = [{"Y": {"enum": "a"}}]
    sound = structure.check(document)
    assert list(map(str, sound.faults)) == ["#/definitions/Z/type: `type` is a number, not a text"]
    assert sound.document["definitions"]["X"]["required"] == ["a"]
    assert sound.document["definitions"]["Z"] == {}
    assert sound.document["x-more"] == [{"Y": {"enum": ["a"]}}]
    assert document["x-more"] == [{"Y": {"enum": "a"}}]
    assert list(dangling(sound.document)) == []


def test_a_circle_of_references_alone_is_named_at_its_members() -> None:
    """Who leads into it from outside is not at fault."""
    refs = {name: {"$ref": f"#/components/schemas/{to}"} for name, to in {"A": "B", "B": "A", "C": "A"}.items()}
    sound = structure.check(_schemas(**refs))
    assert [fault.pointer for fault in sound.faults] == ["#/components/schemas/A/$ref", "#/components/schemas/B/$ref"]
    assert sound.document["components"]["schemas"] == {"A": {}, "B": {}, "C": refs["C"]}


@pytest.mark.parametrize(
    ("inherits", "places"),
    [
        pytest.param({"A": ["A"]}, ["A"], id="itself"),
        pytest.param({"A": ["B"], "B": ["A"]}, ["B"], id="two"),
        pytest.param({"A": ["B", "D"], "B": ["C"], "C": ["A", "B"], "D": []}, ["C", "C"], id="two circles"),
        pytest.param({"A": ["B", "C"], "B": ["D"], "C": ["D"], "D": []}, [], id="a diamond is none"),
    ],
)
def test_a_circle_of_inheritance_is_a_fault(inherits: dict[str, list[str]], places: list[str]) -> None:
    """One reference of each circle goes; the rest stays."""
    schemas = {
        name: {"allOf": [{"$ref": f"#/components/schemas/{to}"} for to in tos]} for name, tos in inherits.items()
    }
    schemas = {name: schema if schema["allOf"] else {} for name, schema in schemas.items()}
    sound = structure.check(_schemas(**schemas))
    assert [fault.pointer.split("/")[3] for fault in sound.faults] == places
    assert all("the schema inherits from itself: #/components/schemas/" in fault.problem for fault in sound.faults)
    assert structure.check(sound.document).faults == ()


def test_a_long_chain_of_inheritance_needs_no_recursion() -> None:
    """Of references as well, and both in linear time."""
    number = 5_000
    chain: dict[str, Any] = {
        f"A{n}": {"allOf": [{"$ref": f"#/components/schemas/A{n + 1}"}, {"type": "object"}]} for n in range(number)
    }
    refs = {f"B{n}": {"$ref": f"#/components/schemas/B{n + 1}"} for n in range(number)}
    document = _schemas(**chain, **refs, **{f"A{number}": {}, f"B{number}": {}})
    start = time.process_time()
    assert structure.check(document).faults == ()
    assert time.process_time() - start < 10


def test_a_path_item_stands_where_it_is_referred_to() -> None:
    """With what stands beside the reference; in components it stays a component."""
    document = _document(components={"pathItems": {"P": {"put": {"responses": {}}}}})
    document["paths"]["/b"] = {"$ref": "#/paths/~1a", "description": "b"}
    document["paths"]["/c"] = {"$ref": "#/components/pathItems/P"}
    sound = structure.check(document)
    assert sound.document["paths"]["/b"] == {"get": {"responses": {"200": OK}}, "description": "b"}
    assert sound.document["paths"]["/c"] == {"put": {"responses": {}}}
    assert (sound.faults, sound.repairs) == ((), {})


def test_references_in_place_of_maps_and_operations_are_followed() -> None:
    """OpenAPI does not allow them; what they mean is clear."""
    document = _document({"$ref": "#/paths/~1a/put"}, components={"schemas": {"A": {"properties": {"a": {}}}}})
    document["paths"]["/a"]["put"] = {"responses": {"$ref": "#/x"}}
    document["x"] = {"200": OK}
    document["components"]["schemas"]["B"] = {"properties": {"$ref": "#/components/schemas/A/properties"}}
    sound = structure.check(document)
    assert sound.faults == ()
    assert sound.document["paths"]["/a"]["get"] == {"responses": {"200": OK}}
    assert sound.document["components"]["schemas"]["B"] == {"properties": {"a": {}}}


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        pytest.param(
            _document({"$ref": "#/paths/~1a/get"}),
            "#/paths/~1a/get/$ref: the reference '#/paths/~1a/get' leads in a circle",
            id="operation",
        ),
        pytest.param(
            _document({"$ref": "#/x"}), "#/paths/~1a/get/$ref: the reference '#/x' leads nowhere", id="nowhere"
        ),
        pytest.param(
            _schemas(A={"properties": {"$ref": "#/components/schemas/A/properties"}}),
            "#/components/schemas/A/properties/$ref: "
            "the reference '#/components/schemas/A/properties' leads in a circle",
            id="map",
        ),
    ],
)
def test_what_cannot_be_followed_is_named(document: Document, problem: str) -> None:
    """Once."""
    assert _faults(document) == [problem]


def test_references_that_grow_the_document_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each level twice the one below it."""
    monkeypatch.setattr(limits, "NODES", 1000)
    schemas = {
        f"A{n}": {
            "properties": {key: {"properties": {"$ref": f"#/components/schemas/A{n + 1}/properties"}} for key in "ab"}
        }
        for n in range(20)
    }
    with pytest.raises(DocumentError, match="grows the document beyond reason"):
        structure.check(_schemas(**schemas, A20={"properties": {}}))


def test_an_index_is_counted_anew_where_something_went() -> None:
    """A reference to the second parameter leads to it after the first has gone."""
    good = {"name": "b", "in": "query"}
    document = _document({"parameters": [None, {"in": "query"}, good], "responses": {}})
    document["paths"]["/b"] = {"get": {"parameters": [{"$ref": "#/paths/~1a/get/parameters/2"}], "responses": {}}}
    document["paths"]["/c"] = {"get": {"parameters": [{"$ref": "#/paths/~1a/get/parameters/1"}], "responses": {}}}
    sound = structure.check(document)
    assert sound.document["paths"]["/a"]["get"]["parameters"] == [good]
    assert sound.document["paths"]["/b"]["get"]["parameters"] == [{"$ref": "#/paths/~1a/get/parameters/0"}]
    assert sound.document["paths"]["/c"]["get"]["parameters"] == []
    assert [fault.pointer for fault in sound.faults] == ["#/paths/~1a/get/parameters/1"]


def test_a_list_that_was_written_as_an_object_is_a_list() -> None:
    """Numbers as keys come from tools; references into it lead where the item stands now."""
    document = _schemas(
        A={"allOf": {"3": {"properties": {"a": {"type": "string"}}}}},
        B={"$ref": "#/components/schemas/A/allOf/3/properties/a"},
    )
    sound = structure.check(document)
    assert sound.document == _schemas(
        A={"allOf": [{"properties": {"a": {"type": "string"}}}]},
        B={"$ref": "#/components/schemas/A/allOf/0/properties/a"},
    )
    assert (sound.faults, sound.repairs) == ((), {"numbered_list": 1})


def test_a_reference_into_what_was_mended_is_refused() -> None:
    """It led to a place that there is no more."""
    document = _schemas(
        A={"allOf": {"properties": {"a": {"type": "string"}}}}, B={"$ref": "#/components/schemas/A/allOf/properties/a"}
    )
    with pytest.raises(DocumentError, match=r"^#/components/schemas/A/allOf/properties/a: a reference leads into the"):
        structure.check(document)


def test_a_mapping_leads_to_schemas() -> None:
    """By name or by reference; what leads nowhere is left out, and what is no name is a fault."""
    mapping = {
        "a": "A",
        "b": "#/components/schemas/A",
        "c": "Nope",
        "d": "#/x",
        "e": 1,
        "f": {"$ref": "#/components/schemas/A"},
    }
    sound = structure.check(_schemas(A={}, P={"discriminator": {"propertyName": "k", "mapping": mapping}}))
    assert sound.document["components"]["schemas"]["P"]["discriminator"]["mapping"] == {
        "a": "A",
        "b": "#/components/schemas/A",
        "f": "#/components/schemas/A",
    }
    assert [str(fault).removeprefix("#/components/schemas/P/discriminator/mapping/") for fault in sound.faults] == [
        "e: this is a number, not the name of a schema",
    ]
    assert sound.repairs == {"mapping_object": 1, "mapping_to_nowhere": 2}


def test_data_is_left_alone() -> None:
    """What looks like a reference in an example, a default or an enum is a value."""
    value = {"$ref": "nowhere", "a": None}
    document = _schemas(A={"example": value, "default": value, "enum": [value], "const": None, "examples": [value]})
    document["components"]["examples"] = {"E": {"value": value}}
    sound = structure.check(document)
    assert (sound.document, sound.faults, sound.repairs) == (document, (), {})
    assert list(references(document)) == []


@pytest.mark.parametrize(
    ("pointer", "kind"),
    [
        (("components", "schemas", "A", "properties", "properties", "items"), "schema"),
        (("components", "schemas", "A", "allOf", "0", "additionalProperties"), "schema"),
        (("components", "schemas", "A", "properties"), ""),
        (("components", "schemas", "A", "title"), ""),
        (("components", "schemas", "A", "example", "b"), None),
        (("paths", "/a", "get", "responses", "200", "content", "a/b", "schema"), "schema"),
        (("paths", "/a", "parameters", "0"), "parameter"),
        (("paths", "/a", "parameters", "x"), None),
        (("definitions", "A"), None),
        (("x-a",), None),
        (("paths", "x-a", "get"), None),
        (("components", "callbacks", "C", "{$url}", "post"), "operation"),
    ],
)
def test_the_table_tells_what_stands_where(pointer: tuple[str, ...], kind: str | None) -> None:
    """ "" for what is no object, None for where anything may stand."""
    assert kind_at(pointer) == kind


def test_what_the_newer_version_has() -> None:
    """In 3.1 there is a type `null`, and paths may be missing."""
    document = {**_schemas(A={"type": None}), "openapi": "3.1.0"}
    del document["paths"]
    sound = structure.check(document)
    assert sound.document["components"]["schemas"]["A"] == {"type": "null"}
    assert sound.document["paths"] == {}
    assert (sound.faults, sound.repairs) == ((), {"null_type": 1})


def test_a_deep_document_is_walked() -> None:
    """As deep as it can be read."""
    schema: dict[str, Any] = {}
    for _ in range(limits.DEPTH - 4):
        schema = {"items": schema}
    assert structure.check(_schemas(A=schema)).faults == ()
