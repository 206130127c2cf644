"""Selection keeps the wanted operations and what they reach, nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from specpipe import whole, yamlio
from specpipe.choice import Choice, choose
from specpipe.document import Document, component_ref, dangling, operations
from specpipe.faults import Fault, TableError
from specpipe.select import prune, select
from specpipe.structure import check

from tests.specpipe.documents import pets

PET = "/pets/{pet_id}"


def _choose(document: Document, selectors: list[str]) -> Choice:
    return choose(check(document), selectors, raw=document)


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
    choice = _choose(_paths(), selectors)
    document = choice.document
    assert (choice.missing, choice.faults) == ({}, ())
    assert [f"{method.upper()} {path}" for method, path, _ in operations(document)] == chosen
    assert "webhooks" not in document


@pytest.mark.parametrize(
    ("selector", "unknown", "near"),
    [
        ("getUsr", "getUsr", "; near are 'getUser'"),
        ("GET /v1/user", "GET /v1/user", "; near are 'GET /v1/users'"),
        ("DELETE /v1/users", "DELETE /v1/users", "; near are "),
        ("tag:users", "tag:users", "; near are 'tag:Users'"),
        ("/v3/**", "/v3/**", ""),
        ("getUser, zzz", "zzz", ""),
        ("GET /v1/user-group/{a},{b}", "GET /v1/user-group/{a},{b}", "; near are 'GET /v1/user-groups/{a},{b}'"),
        ("", "", ""),
        (",", ",", ""),
    ],
)
def test_a_selector_that_chooses_nothing_is_told(selector: str, unknown: str, near: str) -> None:
    """With what is near; what the others choose is chosen."""
    choice = _choose(_paths(), ["getUser", selector])
    ((text, said),) = choice.missing.items()
    assert text == unknown
    assert said.startswith(near)
    assert bool(said) == bool(near)
    assert list(choice.document["paths"]) == ["/v1/users/{id}"]


def test_a_build_is_refused_where_a_selector_chooses_nothing(tmp_path: Path) -> None:
    """By the option's name, before anything is written."""
    (tmp_path / "api.yaml").write_text(yamlio.dump(_paths()), "utf-8")
    with pytest.raises(whole.SelectionError, match=r"^--select 'getUsr' chooses no operation; near are 'getUser'"):
        whole.build_whole(str(tmp_path / "api.yaml"), package="p", out=tmp_path / "out", selections=["getUser,getUsr"])
    assert not (tmp_path / "out").exists()


def _wrong_elsewhere(document: Document) -> None:
    schemas = document["components"]["schemas"]
    schemas["Other"] = {"properties": {"a": {"$ref": "#/components/schemas/Missing"}}}
    document["components"]["parameters"] = {"NoName": {"in": "query", "schema": {}}}
    document["paths"]["/owners"] = {
        "get": {
            "operationId": "owners",
            "parameters": [{"$ref": "#/components/parameters/NoName"}],
            "responses": {"200": {"$ref": "#/components/responses/No"}},
        },
        "post": "text",
    }
    document["paths"]["/broken"] = "text"
    document["paths"]["/cats"] = {"parameters": 7, "get": {"operationId": "cats", "responses": {}}}
    document["paths"]["/lost"] = {"$ref": "#/no/where"}


def test_what_is_wrong_elsewhere_does_no_harm() -> None:
    """In operations and components that are not chosen, even where nothing of them is left."""
    document = pets()
    _wrong_elsewhere(document)
    assert len(check(document).faults) > 4
    choice = _choose(document, [f"PUT {PET}"])
    assert choice.faults == ()
    assert choice.document == select(pets(), [f"PUT {PET}"])


@pytest.mark.parametrize(
    ("selector", "pointers"),
    [
        ("owners", ["#/paths/~1owners/get/responses/200/$ref", "#/components/parameters/NoName"]),
        ("POST /owners", ["#/paths/~1owners/post"]),
        (
            "/owners",
            ["#/paths/~1owners/get/responses/200/$ref", "#/paths/~1owners/post", "#/components/parameters/NoName"],
        ),
        ("/broken", ["#/paths/~1broken"]),
        ("GET /bro*", ["#/paths/~1broken"]),
        ("/lost", ["#/paths/~1lost/$ref"]),
        ("GET /lost", ["#/paths/~1lost/$ref"]),
        ("/pets/**, /l*", ["#/paths/~1lost/$ref"]),
        ("cats", ["#/paths/~1cats/parameters"]),
    ],
)
def test_what_is_wrong_with_what_was_chosen_is_told(selector: str, pointers: list[str]) -> None:
    """Also where an operation, or a parameter that it refers to, is gone for it."""
    document = pets()
    _wrong_elsewhere(document)
    choice = _choose(document, [selector])
    assert choice.missing == {}
    assert [fault.pointer for fault in choice.faults] == pointers


def test_what_is_gone_is_not_near() -> None:
    """It could not be chosen either."""
    document = pets()
    _wrong_elsewhere(document)
    assert _choose(document, ["/brokn"]).missing["/brokn"].find("/broken") == -1


def test_a_fault_of_what_came_along_is_told() -> None:
    """It stood in an operation that was not chosen."""
    document = pets()
    document["paths"]["/owners"] = {"get": {"responses": {"200": {"content": {"a/b": {"schema": 7}}}}}}
    document["paths"][PET]["get"]["responses"]["200"] = {"$ref": "#/paths/~1owners/get/responses/200"}
    (fault,) = _choose(document, [f"GET {PET}"]).faults
    assert fault == Fault(
        pointer="#/paths/~1owners/get/responses/200/content/a~1b/schema", problem="this is a number, not a schema"
    )
    assert _choose(document, [f"PUT {PET}"]).faults == ()


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
    chosen = _choose(document, ["listUsers"]).document
    assert list(dangling(chosen)) == []
    assert list(chosen["paths"]) == ["/v1/users"]
    (name,) = chosen["components"]["responses"]
    assert chosen["components"]["responses"][name]["content"]["application/json"]["schema"]["items"] == {
        "$ref": component_ref("schemas", next(iter(chosen["components"]["schemas"])))
    }
