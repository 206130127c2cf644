"""What is one change, what is none, and every place that a change reaches."""

from __future__ import annotations

import sys
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from typing import Any

import pytest
import yaml
from specpipe.diff import fields
from specpipe.diff.wire import Use, WireChange, compare

Document = dict[str, Any]

BASE = """
openapi: 3.1.0
info: {title: x, version: '1'}
servers: [{url: 'https://a.example/v1'}]
security: [{k: []}]
paths:
  /keys/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    post:
      operationId: change
      parameters: [{$ref: '#/components/parameters/Limit'}]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Key'}}}}
      responses: {'200': {$ref: '#/components/responses/Key'}, '404': {description: none}}
  /keys:
    get:
      operationId: list
      parameters: [{$ref: '#/components/parameters/Limit'}]
      responses:
        '200':
          description: all
          content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Key'}}}}
  /tree:
    get:
      operationId: tree
      responses: {'200': {description: it, content: {application/json: {schema: {$ref: '#/components/schemas/Node'}}}}}
components:
  parameters:
    Limit: {name: limit, in: query, schema: {type: integer}}
  responses:
    Key: {description: one, content: {application/json: {schema: {$ref: '#/components/schemas/Key'}}}}
  schemas:
    Role: {type: string, enum: [a, b]}
    Key:
      type: object
      description: A key.
      required: [name]
      properties:
        name: {type: string, description: Its name., example: n}
        role: {$ref: '#/components/schemas/Role'}
    Node:
      type: object
      properties:
        label: {type: string}
        next: {$ref: '#/components/schemas/Node'}
        all: {type: object, additionalProperties: {$ref: '#/components/schemas/Node'}}
        key: {$ref: '#/components/schemas/Key'}
  securitySchemes:
    k: {type: apiKey, in: header, name: K}
    o: {type: http, scheme: bearer}
"""


def base() -> Document:
    """A document with components that several operations share, in both directions, and one that holds itself."""
    found: Document = yaml.safe_load(BASE)
    return found


def schemas(document: Document) -> Document:
    """Its component schemas."""
    found: Document = document["components"]["schemas"]
    return found


def told(old: Document, new: Document) -> list[tuple[bool, str, str]]:
    """Each change: whether it breaks, its direction, what is said."""
    return [(change.breaks, change.direction, change.what) for change in compare(old, new).changes]


def only(changes: tuple[WireChange, ...], direction: str) -> WireChange:
    """The one change of a direction."""
    (found,) = [change for change in changes if change.direction == direction]
    return found


def test_a_shared_component_is_one_change_a_direction_with_every_operation_that_it_reaches() -> None:
    """Also through other components, and through lists; the shortest way is told."""
    new = base()
    schemas(new)["Role"]["enum"].append("c")

    changes = compare(base(), new).changes

    sent, got = only(changes, "request"), only(changes, "response")
    assert (sent.breaks, got.breaks, got.schema, got.what) == (False, True, "Role", "has the new value 'c'")
    assert sent.uses == (Use(operation="POST /keys/{id}", place="request body", field="role"),)
    assert got.uses == (
        Use(operation="POST /keys/{id}", place="response 200", field="role"),
        Use(operation="GET /keys", place="response 200", field="[].role"),
        Use(operation="GET /tree", place="response 200", field="key.role"),
    )


def test_a_schema_that_holds_itself_is_told_once_at_its_nearest_field() -> None:
    """The way through `next` has no end."""
    new = base()
    del schemas(new)["Node"]["properties"]["label"]

    (change,) = compare(base(), new).changes

    assert change.uses == (Use(operation="GET /tree", place="response 200", field="label"),)


def test_a_shared_parameter_is_one_change_of_all_its_operations() -> None:
    """A limit that got tighter."""
    new = base()
    new["components"]["parameters"]["Limit"]["schema"]["maximum"] = 9

    (change,) = compare(base(), new).changes

    assert [use.operation for use in change.uses] == ["POST /keys/{id}", "GET /keys"]
    assert {use.place for use in change.uses} == {"query parameter limit"}


def test_another_component_in_one_operation_is_no_change_of_the_others() -> None:
    """GET /tree refers to another Role; who refers to the first is not affected."""
    old = base()
    schemas(old)["Wide"] = {"type": "string", "enum": ["a", "b", "c"]}
    schemas(old)["Node"]["properties"]["role"] = {"$ref": "#/components/schemas/Role"}
    new = deepcopy(old)
    schemas(new)["Node"]["properties"]["role"] = {"$ref": "#/components/schemas/Wide"}

    (change,) = compare(old, new).changes

    assert change.uses == (Use(operation="GET /tree", place="response 200", field="role"),)


@pytest.mark.parametrize("edit", ["removed", "added", "renamed", "required", "retyped"])
def test_a_field_of_a_base_is_one_change_of_all_that_build_on_it(edit: str) -> None:
    """Two replies build on one base."""
    old = base()
    schemas(old)["Base"] = {"type": "object", "properties": {"id": {"type": "string", "format": "uuid"}}}
    for path in ("/keys", "/tree"):
        content = old["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
        own = {"properties": {path: {"type": "string"}}}
        content["schema"] = {"allOf": [{"$ref": "#/components/schemas/Base"}, own]}
    new = deepcopy(old)
    fields = schemas(new)["Base"]["properties"]
    if edit == "removed":
        del fields["id"]
    elif edit == "renamed":
        fields["key"] = fields.pop("id")
    elif edit == "added":
        fields["more"] = {"type": "integer"}
    elif edit == "required":
        schemas(new)["Base"]["required"] = ["id"]
    else:
        fields["id"] = {"type": "string"}

    (change,) = compare(old, new).changes

    assert change.schema == "Base"
    assert [use.operation for use in change.uses] == ["GET /keys", "GET /tree"]


def test_an_alternative_that_changed_is_told_of_its_component() -> None:
    """It is neither gone nor new, whatever it holds now."""
    old = base()
    schemas(old)["Node"]["properties"]["one"] = {
        "oneOf": [{"$ref": "#/components/schemas/Role"}, {"$ref": "#/components/schemas/Key"}]
    }
    new = deepcopy(old)
    del schemas(new)["Key"]["properties"]["role"]

    got = only(compare(old, new).changes, "response")

    assert (got.kind, got.schema, got.what) == ("removed", "Key", "removed")


def test_a_keyword_of_a_component_is_one_change_however_many_places_build_on_it() -> None:
    """Referred to alone, in an `allOf` with words, and with a field beside; told where it stands."""
    old = base()
    reference = {"$ref": "#/components/schemas/Key"}
    schemas(old)["Node"]["properties"] = {
        "a": reference,
        "b": {"allOf": [reference, {"description": "A key."}]},
        "c": {"allOf": [reference, {"properties": {"own": {"type": "string"}}}]},
    }
    new = deepcopy(old)
    schemas(new)["Key"]["maxProperties"] = 3

    got = only(compare(old, new).changes, "response")

    assert (got.schema, got.what) == ("Key", "maxProperties is 3 now")
    assert [use.operation for use in got.uses] == ["POST /keys/{id}", "GET /keys", "GET /tree"]


def test_a_heir_is_none_of_the_others() -> None:
    """A base has a new heir; a reply that is one of the old ones stays what it is."""
    old = base()
    schemas(old)["Pet"] = {"type": "object", "properties": {"kind": {}}, "discriminator": {"propertyName": "kind"}}
    own = {"properties": {"purrs": {"type": "boolean"}}}
    schemas(old)["Cat"] = {"allOf": [{"$ref": "#/components/schemas/Pet"}, own]}
    schemas(old)["Node"]["properties"] = {"cat": {"$ref": "#/components/schemas/Cat"}}
    new = deepcopy(old)
    schemas(new)["Dog"] = {"allOf": [{"$ref": "#/components/schemas/Pet"}]}

    assert told(old, new) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"type": "string"}, {"const": "a"}, ["is one of 'a' now"]),
        ({}, {"const": "a"}, ["is one of 'a' now"]),
        ({"type": "string"}, False, ["type string is now nothing"]),
        (
            {"type": "object", "oneOf": [{"required": ["a"]}, {"required": ["b"]}]},
            {"type": "object", "oneOf": [{"required": ["b"]}]},
            ["no longer has the alternative anything with `a`"],
        ),
    ],
    ids=["a constant", "a constant of any type", "nothing", "an alternative without type"],
)
def test_a_change_is_told_once_and_by_what_it_is(old: Any, new: Any, expected: list[str]) -> None:
    """No second change of the type that goes without saying."""
    sides = base(), base()
    for document, schema in zip(sides, (old, new), strict=True):
        schemas(document)["Node"] = {"properties": {"f": schema}}

    assert [what for _, _, what in told(*sides)] == expected


def test_fields_that_are_written_otherwise_are_told_as_renamed() -> None:
    """All of them plain texts with words in common: the one with the same words is the one."""
    sides = base(), base()
    for document, names in zip(sides, (["created_at", "updated_at"], ["createdAt", "updatedAt"]), strict=True):
        schemas(document)["Node"] = {"properties": {name: {"type": "string"} for name in names}}

    assert [what for _, _, what in told(*sides)] == [
        "looks renamed to `createdAt`: same schema",
        "looks renamed to `updatedAt`: same schema",
    ]


def test_a_renamed_field_is_known_though_what_it_refers_to_changed() -> None:
    """What the component says now is told of the field by its new name."""
    sides = base(), base()
    for document, name in zip(sides, ("key_role", "role"), strict=True):
        anyone = {"anyOf": [{"$ref": "#/components/schemas/Role"}, {"type": "null"}]}
        schemas(document)["Node"] = {"properties": {name: anyone}}
    schemas(sides[1])["Role"]["enum"].append("c")

    changes = [change for change in compare(*sides).changes if change.uses[-1].operation == "GET /tree"]

    assert [change.what for change in changes] == ["has the new value 'c'", "looks renamed to `role`: same schema"]
    assert changes[0].uses[-1].field == "role"


def test_a_parameter_of_a_path_stands_for_all_its_operations_that_have_no_own() -> None:
    """It is required of whoever calls one of them."""
    new = base()
    header = {"name": "X-Id", "in": "header", "schema": {"type": "string"}}
    new["paths"]["/keys/{id}"]["parameters"].append({**header, "required": True})
    optional = deepcopy(new)
    optional["paths"]["/keys/{id}"]["post"]["parameters"].append(header)

    assert told(base(), new) == [(True, "request", "added (required)")]
    assert told(base(), optional) == [(False, "request", "added (optional)")]


def _reworded(document: Document) -> None:
    schemas(document)["Key"]["description"] = "The key."
    schemas(document)["Key"]["properties"]["name"].update(example="m", title="Name")
    document["paths"]["/keys"]["get"].update({"summary": "All", "tags": ["k"], "x-order": 1})


def _renamed_component(document: Document) -> None:
    schemas(document)["Kind"] = schemas(document).pop("Role")
    schemas(document)["Key"]["properties"]["role"] = {"$ref": "#/components/schemas/Kind"}


def _written_in_place(document: Document) -> None:
    schemas(document)["Key"]["properties"]["role"] = schemas(document)["Role"]


def _wrapped(document: Document) -> None:
    wrapper = {"description": "Its role.", "allOf": [{"$ref": "#/components/schemas/Role"}]}
    schemas(document)["Key"]["properties"]["role"] = wrapper


def _base_taken_out(document: Document) -> None:
    key = schemas(document)["Key"]
    schemas(document)["Named"] = {"required": ["name"], "properties": {"name": key["properties"].pop("name")}}
    document["components"]["schemas"]["Key"] = {"allOf": [{"$ref": "#/components/schemas/Named"}, key]}
    del key["required"]


def _path_parameter_renamed(document: Document) -> None:
    path = document["paths"].pop("/keys/{id}")
    path["parameters"][0]["name"] = "key"
    document["paths"] = {"/keys/{key}": path, **document["paths"]}


def _scheme_renamed(document: Document) -> None:
    document["components"]["securitySchemes"]["key"] = document["components"]["securitySchemes"].pop("k")
    document["security"] = [{"key": []}]


def _orders(document: Document) -> None:
    schemas(document)["Role"]["enum"].reverse()
    document["paths"] = dict(reversed(document["paths"].items()))
    document["servers"][0]["url"] += "/"


@pytest.mark.parametrize(
    "edit",
    [
        _reworded,
        _renamed_component,
        _written_in_place,
        _wrapped,
        _base_taken_out,
        _path_parameter_renamed,
        _scheme_renamed,
        _orders,
    ],
)
def test_another_way_to_say_the_same_is_no_change(edit: Any) -> None:
    """Words, names of components, where something is written, names that are never sent."""
    new = base()
    edit(new)

    assert new != base()
    assert compare(base(), new).changes == ()
    assert compare(new, base()).changes == ()


def test_edits_of_words_are_counted() -> None:
    """Six places; what comes or goes with a field is none."""
    new = base()
    _reworded(new)
    schemas(new)["Key"]["properties"]["note"] = {"type": "string", "description": "new"}

    assert compare(base(), new).wording == 6


def test_the_step_from_3_0_to_3_1_is_no_change() -> None:
    """Nullable, exclusive bounds, a constant, and a reference with a flag beside it."""
    old, new = base(), base()
    old["openapi"] = "3.0.3"
    schemas(old)["Node"]["properties"] = {
        "a": {"type": "string", "nullable": True},
        "b": {"type": "integer", "minimum": 3, "exclusiveMinimum": True},
        "c": {"type": "string", "enum": ["x"]},
        "d": {"allOf": [{"$ref": "#/components/schemas/Key"}], "nullable": True},
    }
    schemas(new)["Node"]["properties"] = {
        "a": {"type": ["string", "null"]},
        "b": {"type": "integer", "exclusiveMinimum": 3},
        "c": {"const": "x"},
        "d": {"anyOf": [{"$ref": "#/components/schemas/Key"}, {"type": "null"}]},
    }

    assert compare(old, new).changes == ()


def test_a_flag_of_a_place_is_told_of_the_place_and_not_of_the_component() -> None:
    """One field may be null; the component that it refers to is the same for all others."""
    new = base()
    schemas(new)["Node"]["properties"]["key"] = {"anyOf": [{"$ref": "#/components/schemas/Key"}, {"type": "null"}]}

    (change,) = compare(base(), new).changes

    assert (change.what, change.schema, change.breaks) == ("may be null now", "Node", True)
    assert change.uses == (Use(operation="GET /tree", place="response 200", field="key"),)


def test_a_rename_is_told_only_where_there_is_one_to_choose() -> None:
    """Two fields of one schema came for one: nobody knows which it was. Two plain numbers are alike by chance."""
    old, one, two, plain, kin = base(), base(), base(), base(), base()
    for document, names in ((old, ["tag"]), (one, ["mark"]), (two, ["mark", "sign"])):
        schemas(document)["Node"]["properties"].update({name: {"type": "integer", "minimum": 1} for name in names})
    before = deepcopy(plain)
    for document, name in ((before, "tagNumber"), (plain, "mark"), (kin, "number_of_tag")):
        schemas(document)["Node"]["properties"][name] = {"type": "integer"}

    assert [change.kind for change in compare(old, one).changes] == ["renamed"]
    assert [change.kind for change in compare(before, kin).changes] == ["renamed"]
    assert sorted(change.kind for change in compare(before, plain).changes) == ["added", "removed"]
    assert sorted(change.kind for change in compare(old, two).changes) == ["added", "added", "removed"]


def test_operations_that_come_and_go_are_told() -> None:
    """One removed breaks, one added does not; the removed ones come last."""
    new = base()
    new["paths"]["/new"] = new["paths"].pop("/tree")

    assert [(change.what, change.breaks, change.uses[0].operation) for change in compare(base(), new).changes] == [
        ("added", False, "GET /new"),
        ("removed", True, "GET /tree"),
    ]


def test_the_heirs_of_a_base_are_followed_with_and_without_a_mapping() -> None:
    """A reply that is a base may be any of its heirs."""
    old = base()
    reply = old["paths"]["/tree"]["get"]["responses"]["200"]["content"]["application/json"]
    reply["schema"] = {"$ref": "#/components/schemas/Pet"}
    schemas(old)["Pet"] = {"type": "object", "properties": {"kind": {}}, "discriminator": {"propertyName": "kind"}}
    own = {"type": "object", "properties": {"purrs": {"type": "boolean"}}}
    schemas(old)["Cat"] = {"allOf": [{"$ref": "#/components/schemas/Pet"}, own]}
    new = deepcopy(old)
    del schemas(new)["Cat"]["allOf"][1]["properties"]["purrs"]
    expected = (Use(operation="GET /tree", place="response 200", field="purrs"),)

    assert [change.uses for change in compare(old, new).changes] == [expected]
    for document in (old, new):
        schemas(document)["Pet"]["discriminator"]["mapping"] = {"cat": "Cat"}
    assert [change.uses for change in compare(old, new).changes] == [expected]


def test_a_webhook_is_told_by_the_vendor() -> None:
    """What it sends is a response to whoever listens: a field that is gone breaks, a new value breaks."""
    old = base()
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Role"}}}}
    old["webhooks"] = {"made": {"post": {"requestBody": body, "responses": {"200": {"description": "x"}}}}}
    new = deepcopy(old)
    schemas(new)["Role"]["enum"].append("c")

    uses = only(compare(old, new).changes, "response").uses

    assert uses[-1] == Use(operation="webhook POST made", place="request body", field="")


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        pytest.param(
            {"servers": [{"url": "https://b.example/v1"}]},
            [(True, "", "server https://a.example/v1 removed"), (False, "", "server https://b.example/v1 added")],
            id="another host",
        ),
        pytest.param(
            {"servers": [{"url": "https://a.example/v1"}, {"url": "https://b.example"}]},
            [(False, "", "server https://b.example added")],
            id="one more server",
        ),
        pytest.param(
            {"servers": [{"url": "https://b.example"}, {"url": "https://a.example/v1"}]},
            [
                (False, "", "server https://b.example added"),
                (True, "", "first server https://a.example/v1 is now https://b.example"),
            ],
            id="another first server",
        ),
        pytest.param(
            {"servers": [{"url": "https://{h}.example/v1", "variables": {"h": {"default": "a"}}}]}, [], id="a variable"
        ),
        pytest.param({"security": [{"k": []}, {"o": []}]}, [(False, "", "takes `o` now")], id="another way to sign in"),
        pytest.param(
            {"security": [{"o": []}]},
            [(True, "", "no longer takes `k`"), (False, "", "takes `o` now")],
            id="only another way",
        ),
        pytest.param(
            {"security": [{"k": [], "o": []}]},
            [(True, "", "no longer takes `k`"), (False, "", "takes `k` with `o` now")],
            id="both at once",
        ),
        pytest.param(
            {"security": []}, [(False, "", "takes callers that do not sign in now")], id="nobody has to sign in"
        ),
    ],
)
def test_servers_and_security_are_told_of_the_document(edit: Document, expected: list[Any]) -> None:
    """Another host breaks, and so does a way to sign in that is gone."""
    changes = compare(base(), {**base(), **edit}).changes

    assert [(change.breaks, change.direction, change.what) for change in changes] == expected
    assert all(change.uses == (Use(operation="", place="", field=""),) for change in changes)


def test_a_scheme_that_asks_for_something_else_breaks() -> None:
    """The header has another name."""
    new = base()
    new["components"]["securitySchemes"]["k"]["name"] = "X-K"

    assert told(base(), new) == [(True, "", "`k` is another: apiKey header K is now apiKey header X-K")]


def test_a_scheme_that_takes_more_or_is_written_in_another_case_breaks_nobody() -> None:
    """Another flow; the header, and the host that gives tokens, in capitals."""
    old, more, capitals = base(), base(), base()
    for document, host, flows in ((old, "t", ["password"]), (more, "t", ["password", "clientCredentials"])):
        flow = {"tokenUrl": f"https://{host}.example/T", "scopes": {}}
        document["components"]["securitySchemes"]["o"] = {"type": "oauth2", "flows": dict.fromkeys(flows, flow)}
        document["security"] = [{"k": []}, {"o": []}]
    capitals = deepcopy(old)
    capitals["components"]["securitySchemes"]["k"]["name"] = "k"
    capitals["components"]["securitySchemes"]["o"]["flows"]["password"]["tokenUrl"] = "HTTPS://T.example/T"

    assert told(old, more) == [(False, "", "`o` has the new flow clientCredentials")]
    assert [breaks for breaks, _, _ in told(more, old)] == [True]
    assert told(old, capitals) == []


def _everywhere(document: Document, **own: Any) -> Document:
    """The document with something of its own in each operation, and without what it says of all."""
    new = deepcopy(document)
    for path in new["paths"].values():
        for method in {"get", "post"} & set(path):
            path[method].update(own)
    return new


def test_where_servers_and_security_are_said_is_no_change() -> None:
    """What holds of an operation counts: whether it says so, its path, or the document."""
    own = _everywhere(base(), security=[{"k": []}], servers=base()["servers"])
    for keyword in ("security", "servers"):
        del own[keyword]
    of_paths = base()
    for path in of_paths["paths"].values():
        path["servers"] = of_paths["servers"]
    del of_paths["servers"]

    for other in (own, of_paths):
        assert compare(base(), other).changes == ()
        assert compare(other, base()).changes == ()


def test_what_the_document_says_and_no_operation_takes_over_is_no_change() -> None:
    """All have their own servers and security."""
    old = _everywhere(base(), security=[], servers=[{"url": "https://own.example"}])
    new = {**old, "security": [{"o": []}], "servers": [{"url": "https://b.example"}]}

    assert compare(old, new).changes == ()


def test_an_operation_that_takes_over_from_the_document_is_told_with_it() -> None:
    """One that said nothing, and one that said what the document said: both ask for another key now."""
    old = base()
    old["paths"]["/tree"]["get"]["security"] = [{"k": []}]
    new = {**base(), "security": [{"o": []}]}

    places = {use.operation for change in compare(old, new).changes for use in change.uses}

    assert places == {"", "GET /tree"}


def test_paths_that_only_differ_in_a_name_are_two_paths() -> None:
    """One of them is gone; both stay where one is called otherwise."""
    old, one, other = base(), base(), base()
    for document, name in ((old, "b"), (other, "c")):
        document["paths"]["/keys/{b}".replace("b", name)] = deepcopy(document["paths"]["/keys/{id}"])

    assert told(old, one) == [(True, "", "removed")]
    assert told(old, other) == []


def test_a_callback_is_found_again() -> None:
    """Though the path of its operation calls its parameter otherwise, and it goes elsewhere."""
    old = base()
    call: Document = {"post": {"requestBody": {"content": {}}, "responses": {}}}
    old["paths"]["/keys/{id}"]["post"]["callbacks"] = {"done": {"{$request.body#/url}": call}}
    new = deepcopy(old)
    _path_parameter_renamed(new)
    elsewhere = deepcopy(old)
    elsewhere["paths"]["/keys/{id}"]["post"]["callbacks"] = {"done": {"{$request.body#/to}": call}}

    assert told(old, new) == told(old, elsewhere) == []


def test_an_address_where_there_was_none_is_added() -> None:
    """Nobody knows what address the document had."""
    old = base()
    del old["servers"]

    assert told(old, base()) == [(False, "", "server https://a.example/v1 added")]
    assert told(base(), old) == [(True, "", "server https://a.example/v1 removed")]


def test_signing_in_becomes_required() -> None:
    """Where nobody had to."""
    assert told({**base(), "security": []}, base()) == [(True, "", "asks for `k` now")]


def test_dates_and_bytes_of_a_reader_do_no_harm() -> None:
    """YAML readers make them of plain texts."""
    new = base()
    schemas(new)["Node"]["properties"]["label"].update(default=date(2020, 1, 2), enum=[date(2020, 1, 2), b"x"])

    assert all(change.uses for change in compare(base(), new).changes)
    assert len(told(base(), new)) == 2


def test_the_words_of_a_vendor_stay_on_one_line() -> None:
    """No line ends, no colours, no texts of a page's length."""
    new = base()
    schemas(new)["Role"]["enum"].append("c\n## \x1b[31m" + "x" * 500)

    assert all(change.what.isprintable() and len(change.what) < 120 for change in compare(base(), new).changes)


def test_names_of_a_vendor_stay_on_one_line_too() -> None:
    """Of a server's variable, such as of everything else."""
    name = "a\n## b"
    server = {"url": "https://x.example", "variables": {name: {"default": "a", "enum": ["a", "b"]}}}
    fewer = {**server, "variables": {name: {"default": "a", "enum": ["a"]}}}

    (change,) = compare({**base(), "servers": [server]}, {**base(), "servers": [fewer]}).changes

    assert change.what.isprintable()


def _many_fields(kind: str) -> Document:
    return {"Node": {"properties": {f"user{kind}field{kind}{index}": {"type": "string"} for index in range(200)}}}


def _many_alternatives(kind: str) -> Document:
    fields: Document = {f"{kind}{index}": {"properties": {f"{kind}{index}": {}}} for index in range(500)}
    return {**fields, "Node": {"oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in fields]}}


def _many_values(kind: str) -> Document:
    return {"Node": {"enum": [f"{kind}{index}" for index in range(2000)]}}


def _long_circle(kind: str) -> Document:
    found: Document = {
        f"C{index}": {"properties": {"n": {"$ref": f"#/components/schemas/C{index + 1}"}}} for index in range(500)
    }
    found["C500"] = {"properties": {"n": {"$ref": "#/components/schemas/C0"}, "k": {"const": kind}}}
    return {**found, "Node": {"$ref": "#/components/schemas/C0"}}


def _many_subsets(kind: str) -> Document:
    """Every set of these makes another place: `a` leads to two of them, `b` to the next."""
    found: Document = {}
    for index in range(20):
        following = {"$ref": f"#/components/schemas/Q{index + 1}"}
        found[f"Q{index}"] = {"properties": {"a": following, "b": following}}
    again = {"$ref": "#/components/schemas/Q0"}
    first = [{"properties": {"a": again, "b": again}}, {"properties": {"a": {"$ref": "#/components/schemas/Q1"}}}]
    return {**found, "Q0": {"allOf": first}, "Q20": {"const": kind}, "Node": again}


@pytest.mark.parametrize("make", [_many_fields, _many_alternatives, _many_values, _long_circle])
def test_time_grows_with_the_document_and_not_with_its_square(make: Callable[[str], Document]) -> None:
    """Each took seconds when every part was held against every other."""
    sides = base(), base()
    for document, kind in zip(sides, ("_", "-"), strict=True):
        schemas(document).update(make(kind))
    steps = 0

    def count(frame: Any, event: str, argument: Any) -> None:
        nonlocal steps
        steps += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        assert compare(*sides).changes != ()
    finally:
        sys.setprofile(before)
    assert steps < 400_000


def test_schemas_that_make_places_without_end_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A million places of twenty schemas; then each is compared alone, and the change is told all the same."""
    monkeypatch.setattr(fields, "_MOST", 100)
    sides = base(), base()
    for document, kind in zip(sides, ("x", "y"), strict=True):
        schemas(document).update(_many_subsets(kind))

    assert [what for _, _, what in told(*sides)] != []


def test_the_same_documents_give_the_same_report() -> None:
    """In the same order."""
    new = base()
    _orders(new)
    schemas(new)["Role"]["enum"].append("c")
    new["components"]["parameters"]["Limit"]["schema"]["maximum"] = 9
    del schemas(new)["Node"]["properties"]["label"]

    assert compare(base(), new) == compare(base(), deepcopy(new))
