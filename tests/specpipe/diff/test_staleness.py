"""An overlay action that no longer fits is named with what the vendor changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from specpipe.diff.staleness import Difference, differences, mend
from specpipe.faults import OverlayError

from tests.specpipe.documents import pets

Change = Callable[[dict[str, Any]], object]


def _overlay(*actions: dict[str, Any]) -> dict[str, Any]:
    reasons = {"x-reason": "A test.", "x-source": "A test."}
    return {"overlay": "1.1.0", "info": {"title": "T", "version": "1"}, "actions": [{**a, **reasons} for a in actions]}


NAMED = {"target": "$.servers[0]", "update": {"x-name": "production"}}
REPLY = {"target": "$.paths['/pets/{pet_id}'].get.responses", "update": {"401": {"description": "No."}}}
PINS = {"target": "$..[?@.format == 'password']", "update": {"format": "pin"}}
KIND = {"target": "$.components.schemas.Kind.enum", "update": ["bird"]}
NESTED = {"target": "$.paths['/pets/{pet_id}'].get.responses['401']", "update": {"x-new": True}}
GONE = {"target": "$.components.schemas.Unused", "remove": True}

_GET = ("paths", "/pets/{pet_id}", "get")


def _pet(document: dict[str, Any]) -> dict[str, Any]:
    properties: dict[str, Any] = document["components"]["schemas"]["Pet"]["properties"]
    return properties


@pytest.mark.parametrize(
    ("actions", "change", "problem", "causes"),
    [
        (
            [REPLY],
            lambda d: d["paths"]["/pets/{pet_id}"]["get"]["responses"].update({"401": {"description": "Not you."}}),
            "#/paths/~1pets~1{pet_id}/get/responses/401 already exists; aim at it itself to change it",
            ("#/paths/~1pets~1{pet_id}/get/responses/401 is new",),
        ),
        (
            [PINS],
            lambda d: _pet(d)["chip"]["properties"]["pin"].update(format="uuid"),
            "hits 0 nodes, where x-matches says 1",
            ("#/components/schemas/Pet/properties/chip/properties/pin/format is now 'uuid', was 'password'",),
        ),
        (
            [PINS],
            lambda d: _pet(d).update(code={"type": "string", "format": "password"}, x={"type": "string"}),
            "hits 2 nodes, where x-matches says 1",
            ("#/components/schemas/Pet/properties/code is new",),
        ),
        (
            [PINS],
            lambda d: _pet(d).pop("chip"),
            "hits 0 nodes, where x-matches says 1",
            ("#/components/schemas/Pet/properties/chip has gone",),
        ),
        (
            [NAMED],
            lambda d: d["servers"][0].update({"x-name": "production"}),
            "#/servers/0/x-name already is 'production'",
            ("#/servers/0/x-name is new: 'production'",),
        ),
        (
            [KIND],
            lambda d: d["components"]["schemas"]["Kind"]["enum"].append("bird"),
            "#/components/schemas/Kind/enum already holds 'bird'",
            ("#/components/schemas/Kind/enum/2 is new: 'bird'",),
        ),
        (
            [GONE],
            lambda d: _pet(d).update(friend={"$ref": "#/components/schemas/Unused"}),
            (
                "the reference '#/components/schemas/Unused' at #/components/schemas/Pet/properties/friend "
                "leads nowhere in the mended document"
            ),
            ("#/components/schemas/Pet/properties/friend is new",),
        ),
    ],
    ids=["response-declared", "format-mended", "one-more-match", "field-gone", "value-set", "member-added", "now-used"],
)
def test_a_stale_action_is_told_with_its_cause(
    actions: list[dict[str, Any]], change: Change, problem: str, causes: tuple[str, ...]
) -> None:
    """The vendor's change that made it so, and no other; unrelated changes are not blamed."""
    new = pets()
    change(new)
    new["info"]["version"] = "1.2.4"
    found = mend(pets(), new, _overlay(*actions), file="pets.overlay.yaml")
    assert [(stale.index, stale.problem, stale.causes) for stale in found.stale] == [(0, problem, causes)]
    assert found.stale[0].target == actions[0]["target"]


def test_what_fits_is_applied_all_the_same() -> None:
    """To both documents; a stale action leaves nothing of itself behind."""
    new = pets()
    _pet(new)["chip"]["properties"]["pin"].pop("format")
    found = mend(pets(), new, _overlay(PINS, NAMED), file="pets.overlay.yaml")
    assert [stale.index for stale in found.stale] == [0]
    assert found.new["servers"][0]["x-name"] == found.old["servers"][0]["x-name"] == "production"
    assert found.old["components"]["schemas"]["Pet"]["properties"]["chip"]["properties"]["pin"]["format"] == "pin"


def test_an_update_that_stops_half_way_leaves_no_half() -> None:
    """The first of its two keys is not there."""
    both = {"target": "$.components.schemas.Kind", "update": {"description": "New.", "enum": ["dog"]}}
    found = mend(pets(), pets(), _overlay(both), file="pets.overlay.yaml")
    assert [stale.problem for stale in found.stale] == ["#/components/schemas/Kind/enum already holds 'dog'"]
    assert found.stale[0].causes == ("it did not fit the old document either",)
    assert "description" not in found.new["components"]["schemas"]["Kind"]


def test_an_action_that_builds_on_a_stale_one_is_stale_with_it() -> None:
    """And says which it builds on."""
    new = pets()
    del new["paths"]["/pets/{pet_id}"]["get"]["responses"]
    found = mend(pets(), new, _overlay(REPLY, NESTED), file="pets.overlay.yaml")
    assert [stale.index for stale in found.stale] == [0, 1]
    assert found.stale[1].causes == ("#/paths/~1pets~1{pet_id}/get/responses has gone",)


def test_without_a_change_of_the_vendor_the_earlier_action_is_the_cause() -> None:
    """Here a later action aims at what an earlier one would have added elsewhere."""
    aimed = {"target": "$.components.schemas.Extra", "update": {"description": "More."}}
    added = {"target": "$.components.schemas", "update": {"Extra": {"type": "object"}, "Kind2": {"type": "string"}}}
    new = pets()
    new["components"]["schemas"]["Kind2"] = {"type": "string"}
    found = mend(pets(), new, _overlay(added, aimed), file="pets.overlay.yaml")
    assert [stale.causes for stale in found.stale] == [
        ("#/components/schemas/Kind2 is new",),
        ("it builds on action 0, which no longer fits",),
    ]


def test_what_went_with_what_led_to_it_is_a_cause() -> None:
    """The overlay refers to a component that the vendor's document does not reach any more."""
    refers = {
        "target": "$.components.schemas.Pet",
        "update": {"properties": {"x": {"$ref": "#/components/schemas/Kind"}}},
    }
    new = pets()
    del new["components"]["schemas"]["Kind"], _pet(new)["kind"]
    found = mend(pets(), new, _overlay(refers), file="pets.overlay.yaml")
    assert found.stale[0].causes == ("#/components/schemas/Kind has gone",)
    assert "x" not in _pet(found.new), "what leads nowhere must not stay in the document"


def test_all_causes_are_told() -> None:
    """However many; a report may cut them."""
    new = pets()
    for number in range(5):
        _pet(new)[f"pin{number}"] = {"type": "string", "format": "password"}
    found = mend(pets(), new, _overlay(PINS), file="pets.overlay.yaml")
    assert len(found.stale[0].causes) == 5


def test_an_overlay_that_fits_is_not_stale() -> None:
    """Whatever else the vendor changed."""
    new = pets()
    _pet(new)["name"]["description"] = "Its name."
    assert mend(pets(), new, _overlay(NAMED, REPLY, PINS, KIND, NESTED), file="pets.overlay.yaml").stale == ()


def test_a_malformed_overlay_is_an_error_and_not_stale() -> None:
    """No document could make it fit."""
    with pytest.raises(OverlayError, match=r"pets\.overlay\.yaml: action 0 .*is not a JSONPath"):
        mend(pets(), pets(), _overlay({"target": "$[", "remove": True}), file="pets.overlay.yaml")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": True}, ["#/a is now True, was 1"]),
        ({"a": None}, {}, ["#/a has gone"]),
        ({}, {"a": None}, ["#/a is new: None"]),
        ({"a": [1, 2]}, {"a": [2, 3, 4]}, ["#/a/0 has gone", "#/a/1 is new: 3", "#/a/2 is new: 4"]),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, ["#/a/0/b is now 2, was 1"]),
        ({"a": {"b": 1}}, {"a": [1]}, ["#/a is another"]),
        ({"a": "x" * 99}, {"a": ""}, [f"#/a is now '', was '{'x' * 59}…"]),
    ],
    ids=["equal", "type", "none-gone", "none-new", "list", "list-of-one-length", "kind", "long"],
)
def test_differences_are_the_outermost_nodes_that_differ(old: object, new: object, said: list[str]) -> None:
    """Each in one sentence."""
    assert [str(found) for found in differences(old, new)] == said
    assert all(isinstance(found, Difference) for found in differences(old, new))
