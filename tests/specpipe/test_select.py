"""Selection keeps the wanted operations and what they reach, nothing else."""

from __future__ import annotations

import re

import pytest
from specpipe.document import Document, component_ref, dangling, operations
from specpipe.faults import TableError
from specpipe.select import prune, select
from specpipe.selectors import SelectionError, choose

from tests.specpipe.documents import pets

PET = "/pets/{pet_id}"


def test_what_no_operation_reaches_is_pruned() -> None:
    """Schemas reached through references stay, and so do the named security schemes."""
    selected = select(pets(), [f"PUT {PET}"])
    assert list(selected["paths"][PET]) == ["put"]
    assert list(selected["components"]["schemas"]) == ["Pet", "Kind", "Problem"]
    assert list(selected["components"]["securitySchemes"]) == ["Key"]


def test_an_operation_without_bodies_needs_no_schema() -> None:
    """The empty section goes."""
    selected = select(pets(), [f"GET {PET}"])
    assert list(selected["components"]) == ["securitySchemes"]


def test_the_order_of_the_document_stays() -> None:
    """Keys stand where the vendor has put them."""
    assert list(select(pets(), [f"GET {PET}"])) == list(pets())


def test_an_unknown_operation_is_named() -> None:
    """A row of the table that asks for what is not there fails."""
    with pytest.raises(TableError, match=re.escape("'DELETE /pets/{pet_id}'")):
        select(pets(), [f"DELETE {PET}", f"GET {PET}"])


def test_a_tag_that_nothing_uses_goes() -> None:
    """The other stays."""
    document = pets()
    document["tags"].append({"name": "Owners"})
    assert prune(document)["tags"] == [{"name": "Pets"}]


def test_a_discriminator_reaches_what_its_mapping_names() -> None:
    """By reference, or by the bare name of a schema."""
    document = pets()
    document["components"]["schemas"]["Kind"] = {
        "oneOf": [{"type": "object"}],
        "discriminator": {"propertyName": "k", "mapping": {"u": "Unused"}},
    }
    assert "Unused" in prune(document)["components"]["schemas"]


def test_a_default_response_reaches_its_component() -> None:
    """`default` is a response's name here, not a schema's keyword."""
    document = pets()
    document["paths"][PET]["get"]["responses"]["default"] = {"$ref": "#/components/responses/Error"}
    document["components"]["responses"] = {"Error": {"description": "No."}, "Other": {"description": "No."}}
    assert list(prune(document)["components"]["responses"]) == ["Error"]


def test_a_reference_into_a_path_that_is_left_out_is_named() -> None:
    """It would lead nowhere."""
    document = pets()
    document["paths"]["/owners"] = {
        "get": {"responses": {"200": {"$ref": "#/paths/~1pets~1{pet_id}/get/responses/204"}}}
    }
    with pytest.raises(TableError, match=r"'#/paths/.*/204' at #/paths/~1owners/get/responses/200 leads to what"):
        select(document, ["GET /owners"])


def _paths() -> Document:
    def operation(name: str, *tags: str) -> dict[str, object]:
        return {"operationId": name, "tags": list(tags), "responses": {"200": {"description": ""}}}

    return {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {
            "/v1/users": {"get": operation("listUsers", "Users"), "post": operation("addUser", "Users", "Admin")},
            "/v1/users/{id}": {"get": operation("getUser", "Users")},
            "/v1/users/{id}/keys": {"get": operation("listKeys", "Keys")},
            "/v1/user-groups/{a},{b}": {"get": operation("getGroup", "Groups, old")},
            "/v2/users": {"get": {"responses": {}}},
        },
        "webhooks": {"made": {"post": {"responses": {}}}},
    }


@pytest.mark.parametrize(
    ("selectors", "chosen"),
    [
        (["GET /v1/users"], ["GET /v1/users"]),
        (["get  /v1/users"], ["GET /v1/users"]),
        (["getUser"], ["GET /v1/users/{id}"]),
        (["tag:Users"], ["GET /v1/users", "POST /v1/users", "GET /v1/users/{id}"]),
        (["tag:Groups, old"], ["GET /v1/user-groups/{a},{b}"]),
        (["/v1/users"], ["GET /v1/users", "POST /v1/users"]),
        (["/v1/users/{id}"], ["GET /v1/users/{id}"]),
        (["/v1/users/*"], ["GET /v1/users/{id}"]),
        (["/v1/users/**"], ["GET /v1/users", "POST /v1/users", "GET /v1/users/{id}", "GET /v1/users/{id}/keys"]),
        (["GET /**/users"], ["GET /v1/users", "GET /v2/users"]),
        (["/v*/user-*/**"], ["GET /v1/user-groups/{a},{b}"]),
        (["/v1/user-groups/{a},{b}"], ["GET /v1/user-groups/{a},{b}"]),
        (["GET /v1/user-groups/{a},{b},getUser"], ["GET /v1/users/{id}", "GET /v1/user-groups/{a},{b}"]),
        (["getUser,listKeys"], ["GET /v1/users/{id}", "GET /v1/users/{id}/keys"]),
        (["getUser , tag:Keys", "POST /v1/users"], ["POST /v1/users", "GET /v1/users/{id}", "GET /v1/users/{id}/keys"]),
    ],
    ids=str,
)
def test_operations_are_chosen_by_selectors(selectors: list[str], chosen: list[str]) -> None:
    """An operation, an operationId, a tag or a glob of paths; several of them together."""
    document = choose(_paths(), selectors)
    assert [f"{method.upper()} {path}" for method, path, _ in operations(document)] == chosen
    assert "webhooks" not in document


@pytest.mark.parametrize(
    ("selector", "problem"),
    [
        ("getUsr", "--select 'getUsr' chooses no operation; near are 'getUser'"),
        ("GET /v1/user", "--select 'GET /v1/user' chooses no operation; near are 'GET /v1/users'"),
        ("DELETE /v1/users", "--select 'DELETE /v1/users' chooses no operation"),
        ("tag:users", "--select 'tag:users' chooses no operation; near are 'tag:Users'"),
        ("/v3/**", "--select '/v3/**' chooses no operation"),
        ("getUser, zzz", "--select 'zzz' chooses no operation"),
        ("", "--select '' chooses no operation"),
        (",", "--select '' chooses no operation"),
    ],
)
def test_a_selector_that_chooses_nothing_is_named(selector: str, problem: str) -> None:
    """With what is near."""
    with pytest.raises(SelectionError, match=f"^{re.escape(problem)}"):
        choose(_paths(), ["getUser", selector])


def test_the_heirs_of_a_base_with_a_discriminator_stay() -> None:
    """Nothing else leads to them; without a discriminator the base is just a part of them."""
    document = pets()
    schemas = document["components"]["schemas"]
    schemas["Unused"] = {"allOf": [{"$ref": "#/components/schemas/Problem"}]}
    assert "Unused" not in prune(document)["components"]["schemas"]
    schemas["Problem"]["discriminator"] = {"propertyName": "message"}
    assert "Unused" in prune(document)["components"]["schemas"]


def test_what_a_chosen_operation_refers_to_in_another_comes_along() -> None:
    """As a component, and with what that refers to."""
    document = _paths()
    schema = {"type": "array", "items": {"$ref": "#/paths/~1v2~1users/get/parameters/0/schema"}}
    content = {"application/json": {"schema": schema}}
    document["paths"]["/v2/users"]["get"] = {
        "responses": {"200": {"description": "", "content": content}},
        "parameters": [{"name": "a", "in": "query", "schema": {"type": "string"}}],
    }
    document["paths"]["/v1/users"]["get"]["responses"]["200"] = {"$ref": "#/paths/~1v2~1users/get/responses/200"}
    chosen = choose(document, ["listUsers"])
    assert list(dangling(chosen)) == []
    assert list(chosen["paths"]) == ["/v1/users"]
    (name,) = chosen["components"]["responses"]
    assert chosen["components"]["responses"][name]["content"]["application/json"]["schema"]["items"] == {
        "$ref": component_ref("schemas", next(iter(chosen["components"]["schemas"])))
    }
