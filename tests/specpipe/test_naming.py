"""Operation names lose what a framework put around them, and stay apart."""

from __future__ import annotations

from typing import Any

import pytest
from specpipe.repair.naming import readable_names


def _named(*operations: tuple[str, str, str, list[str]]) -> list[str]:
    paths: dict[str, Any] = {}
    for name, method, path, tags in operations:
        paths.setdefault(path, {})[method] = {"operationId": name, "tags": tags, "responses": {}}
    document, _ = readable_names({"openapi": "3.1.0", "paths": paths})
    return [document["paths"][path][method]["operationId"] for _, method, path, _ in operations]


@pytest.mark.parametrize(
    ("name", "path", "tags", "short"),
    [
        pytest.param("create_key_v2_keys_post", "/v2/keys", ["keys"], "create_key", id="FastAPI's suffix"),
        pytest.param("make_a__id__b_post", "/a/{id}/b", [], "make", id="FastAPI's suffix with a parameter"),
        pytest.param("Gateway_CreateKey", "/k", ["Gateway"], "CreateKey", id="tag's prefix"),
        pytest.param("Api_User_create", "/k", ["Api User"], "create", id="tag with a blank"),
        pytest.param("GatewayCreate", "/k", ["Gateway"], "GatewayCreate", id="no underscore"),
        pytest.param("createApiUser", "/users", ["Api User"], "createApiUser", id="nothing around it"),
        pytest.param("_v2_keys_post", "/v2/keys", [], "_v2_keys_post", id="nothing would be left"),
        pytest.param("Gateway_2fa", "/k", ["Gateway"], "Gateway_2fa", id="no name would be left"),
        pytest.param("create_key_v2_keys_post", "/v2/other", [], "create_key_v2_keys_post", id="another path's suffix"),
    ],
)
def test_a_name_loses_what_a_framework_added(name: str, path: str, tags: list[str], short: str) -> None:
    """And nothing else."""
    assert _named((name, "post", path, tags)) == [short]


def test_names_that_would_be_alike_all_stay_long() -> None:
    """Case and underscores make no difference to a module's name."""
    names = ["A_createKey", "B_create_key", "A_other"]
    operations = [(name, "post", f"/{index}", ["A", "B"]) for index, name in enumerate(names)]
    assert _named(*operations) == ["A_createKey", "B_create_key", "other"]


def test_a_short_name_that_another_operation_has_is_not_taken() -> None:
    """`create` is there already, so `A_create` stays."""
    assert _named(("A_create", "post", "/1", ["A"]), ("create", "post", "/2", [])) == ["A_create", "create"]


def test_the_count_is_that_of_changed_names() -> None:
    """An operation without a name is no change."""
    item: dict[str, Any] = {"post": {"operationId": "T_x", "tags": ["T"]}, "get": {"operationId": "y"}, "put": {}}
    document: dict[str, Any] = {"openapi": "3.1.0", "paths": {"/a": item}}
    changed, count = readable_names(document)
    assert count == 1
    assert changed["paths"]["/a"]["put"] == {}
    assert document["paths"]["/a"]["post"]["operationId"] == "T_x"
