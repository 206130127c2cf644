"""An overlay is applied strictly: it does exactly what it says, or it fails and names the action."""

from __future__ import annotations

from typing import Any

import pytest
from specpipe.faults import OverlayError
from specpipe.overlay import apply

from tests.specpipe.documents import pets

WHY = {"x-reason": "A reason.", "x-source": "A source."}
PET = "$.components.schemas.Pet"
GET = "$.paths['/pets/{pet_id}'].get"


def _apply(*actions: Any) -> dict[str, Any]:
    entries = [{**WHY, **action} if isinstance(action, dict) else action for action in actions]
    return apply(pets(), {"overlay": "1.1.0", "info": {}, "actions": entries}, file="o.yaml")


@pytest.mark.parametrize(
    ("action", "at", "value"),
    [
        pytest.param({"target": PET, "update": {"title": "P"}}, ("Pet", "title"), "P", id="adds a key"),
        pytest.param(
            {"target": f"{PET}.properties.id", "update": {"type": "integer"}},
            ("Pet", "properties", "id"),
            {"type": "integer", "readOnly": True},
            id="replaces a scalar",
        ),
        pytest.param(
            {"target": PET, "update": {"required": ["kind"]}},
            ("Pet", "required"),
            ["id", "name", "tag", "kind"],
            id="appends to an array inside",
        ),
        pytest.param(
            {"target": f"{PET}.required", "update": "kind"},
            ("Pet", "required"),
            ["id", "name", "tag", "kind"],
            id="appends to the targeted array",
        ),
        pytest.param(
            {"target": f"{PET}.required[0,2]", "remove": True, "x-matches": 2},
            ("Pet", "required"),
            ["name"],
            id="removes",
        ),
        pytest.param(
            {"target": "$.components.schemas..[?@.format == 'password']", "update": {"x-secret": True}},
            ("Pet", "properties", "chip", "properties", "pin"),
            {"type": "string", "format": "password", "x-secret": True},
            id="finds by a filter",
        ),
    ],
)
def test_an_action_does_what_it_says(action: dict[str, Any], at: tuple[str, ...], value: object) -> None:
    """Objects merge, arrays grow, scalars are replaced, nodes go."""
    node: Any = _apply(action)["components"]["schemas"]
    for part in at:
        node = node[part]
    assert node == value


def test_actions_apply_in_order() -> None:
    """A later action sees what an earlier one did."""
    result = _apply(
        {"target": f"{PET}.properties.kind", "remove": True},
        {"target": f"{PET}.properties", "update": {"kind": {"type": "string"}}},
    )
    assert result["components"]["schemas"]["Pet"]["properties"]["kind"] == {"type": "string"}


def test_the_given_document_is_left_alone_and_nothing_is_shared() -> None:
    """Neither with the document nor between two matches of one update."""
    document = pets()
    update = {"xml": {"name": "n"}}
    action = {"target": "$.components.schemas[?@.type == 'object']", "update": update, "x-matches": 3, **WHY}
    result = apply(document, {"overlay": "1.1.0", "actions": [action]}, file="o.yaml")
    result["components"]["schemas"]["Pet"]["xml"]["name"] = "changed"
    assert result["components"]["schemas"]["Problem"]["xml"] == {"name": "n"}
    assert (document, update) == (pets(), {"xml": {"name": "n"}})


@pytest.mark.parametrize(
    ("action", "problem"),
    [
        pytest.param(
            {"target": "$.nothing", "update": {"a": 1}}, "hits 0 nodes, where x-matches says 1", id="no match"
        ),
        pytest.param({"target": "$.servers[*]", "update": {"a": 1}}, "hits 2 nodes, where x-matches says 1", id="two"),
        pytest.param(
            {"target": PET, "update": {"a": 1}, "x-matches": 2}, "hits 1 node, where x-matches says 2", id="few"
        ),
        pytest.param({"target": PET, "update": {"type": "object"}}, "/type already is 'object'", id="equal scalar"),
        pytest.param({"target": PET, "update": {}}, "changes nothing", id="empty update"),
        pytest.param({"target": f"{PET}.required", "update": []}, "changes nothing", id="empty list"),
        pytest.param({"target": f"{PET}.required", "update": ["id"]}, "already holds 'id'", id="element is there"),
        pytest.param({"target": PET, "update": {"required": ["x", "name"]}}, "already holds 'name'", id="one is there"),
        pytest.param(
            {"target": f"{PET}.required", "update": ["x", "x"]}, "already holds 'x'", id="element twice in the update"
        ),
        pytest.param(
            {"target": "$.components.schemas", "update": {"Pet": {"title": "P"}}}, "Pet already exists", id="component"
        ),
        pytest.param(
            {"target": "$", "update": {"components": {"schemas": {"Pet": {"title": "P"}}}}},
            "Pet already exists",
            id="component from far above",
        ),
        pytest.param(
            {"target": f"{GET}.responses", "update": {"204": {"description": "D"}}}, "204 already exists", id="response"
        ),
        pytest.param(
            {"target": "$.paths['/pets/{pet_id}']", "update": {"get": {"summary": "S"}}},
            "get already exists",
            id="operation",
        ),
        pytest.param({"target": PET, "update": {"$ref": "#/x"}}, "would hide it", id="reference over content"),
        pytest.param(
            {"target": PET, "update": {"properties": 1}}, "an object, which the value 1 cannot", id="object by 1"
        ),
        pytest.param({"target": PET, "update": {"type": ["a"]}}, "cannot replace", id="scalar by array"),
        pytest.param({"target": f"{PET}.type", "update": "x"}, "update its parent", id="scalar as target"),
        pytest.param({"target": PET, "update": ["x"]}, "an object, which an array cannot update", id="object by array"),
        pytest.param({"target": "$", "remove": True}, "the whole document", id="root removed"),
        pytest.param({"target": "$[", "remove": True}, "not a JSONPath", id="broken path"),
        pytest.param({"target": PET, "remove": False}, "remove must be true", id="remove false"),
        pytest.param({"target": PET}, "exactly one of update and remove", id="neither"),
        pytest.param({"target": PET, "update": {"a": 1}, "remove": True}, "exactly one of", id="both"),
        pytest.param({"update": {"a": 1}}, "'target' is missing", id="no target"),
        pytest.param({"target": PET, "update": {"a": 1}, "x-reason": " "}, "'x-reason' is missing", id="no reason"),
        pytest.param({"target": PET, "update": {"a": 1}, "x-source": None}, "'x-source' is missing", id="no source"),
        pytest.param({"target": PET, "update": {"a": 1}, "updates": {}}, "unknown key 'updates'", id="unknown key"),
        pytest.param({"target": PET, "update": {"a": 1}, "x-matches": 0}, "at least 1", id="zero matches"),
        pytest.param({"target": PET, "update": {"a": 1}, "x-matches": True}, "at least 1", id="matches not a number"),
    ],
)
def test_an_action_that_does_not_do_what_it_says_is_named(action: dict[str, Any], problem: str) -> None:
    """By file, index and target."""
    fine = {"target": "$.info", "update": {"x-fine": 1}}
    with pytest.raises(OverlayError) as caught:
        _apply(fine, action)
    assert str(caught.value).startswith(f"o.yaml: action 1 ({action.get('target')}): ")
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    "overlay",
    [
        pytest.param({"overlay": "2.0.0", "actions": []}, id="version"),
        pytest.param({"actions": []}, id="no version"),
        pytest.param({"overlay": "1.1.0"}, id="no actions"),
        pytest.param({"overlay": "1.1.0", "actions": [], "action": []}, id="unknown key"),
        pytest.param({"overlay": "1.1.0", "actions": ["x"]}, id="action is no object"),
        pytest.param([], id="no object"),
    ],
)
def test_what_is_no_overlay_is_refused(overlay: Any) -> None:
    """With the file's name."""
    with pytest.raises(OverlayError, match=r"^o\.yaml: "):
        apply(pets(), overlay, file="o.yaml")


_NOWHERE = {"target": f"{GET}.responses", "update": {"404": {"$ref": "#/components/responses/Gone"}}}


@pytest.mark.parametrize(
    ("action", "problem"),
    [
        pytest.param(
            _NOWHERE,
            "the reference '#/components/responses/Gone' at #/paths/~1pets~1{pet_id}/get/responses/404 leads nowhere",
            id="adds a reference",
        ),
        pytest.param(
            {"target": "$.components.schemas.Kind", "remove": True},
            "the reference '#/components/schemas/Kind' at #/components/schemas/Pet/properties/kind leads nowhere",
            id="removes what is referred to",
        ),
    ],
)
def test_an_action_that_leaves_a_reference_to_nothing_is_named(action: dict[str, Any], problem: str) -> None:
    """Though actions that have nothing to do with it stand around it."""
    with pytest.raises(OverlayError) as caught:
        _apply({"target": "$.info", "update": {"x-a": 1}}, action, {"target": "$.info", "update": {"x-b": 1}})
    assert str(caught.value).startswith(f"o.yaml: action 1 ({action['target']}): {problem}")


def test_a_reference_may_lead_to_what_a_later_action_adds() -> None:
    """Only the end counts."""
    gone = {"target": "$.components", "update": {"responses": {"Gone": {"description": "Gone."}}}}
    assert _apply(_NOWHERE, gone)["components"]["responses"] == {"Gone": {"description": "Gone."}}
