"""Which properties are secret: by mark, by format, and through what they refer to."""

from __future__ import annotations

from typing import Any

import pytest
from specpipe.secret_fields import SecretFields

from tests.specpipe.lower.shown import lowered, record, schemas_of

SECRET = {"type": "string", "x-secret": True}
DOCUMENT = {
    "components": {
        "schemas": {
            "Password": {"type": "string", "format": "password"},
            "Holder": {"type": "object", "properties": {"pin": SECRET}},
            "Base": {"type": "object", "properties": {"inherited": SECRET, "plain": {"type": "string"}}},
            "Ring": {"anyOf": [{"$ref": "#/components/schemas/Ring"}, {"type": "null"}]},
            "One": {"$ref": "#/components/schemas/Other"},
            "Other": {"$ref": "#/components/schemas/One"},
            "Round": {"items": {"$ref": "#/components/schemas/Back"}},
            "Back": {"anyOf": [{"$ref": "#/components/schemas/Round"}, {"$ref": "#/components/schemas/Password"}]},
            "Said": {"$ref": "#/components/schemas/Text", "writeOnly": True},
            "Again": {"$ref": "#/components/schemas/Said"},
            "Text": {"type": "string"},
            "a b": {"type": "string", "format": "password"},
        }
    }
}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


@pytest.mark.parametrize(
    ("schema", "secret"),
    [
        pytest.param(SECRET, True, id="x-secret"),
        pytest.param({"type": "string", "writeOnly": True}, True, id="writeOnly"),
        pytest.param({"type": "string", "format": "password"}, True, id="format password"),
        pytest.param({"anyOf": [SECRET, {"type": "null"}]}, True, id="nullable"),
        pytest.param({"type": "array", "items": SECRET}, True, id="list"),
        pytest.param({"type": "object", "additionalProperties": SECRET}, True, id="map"),
        pytest.param({"type": "object", "x-secret": True}, True, id="free-form object"),
        pytest.param(_ref("Password"), True, id="reference"),
        pytest.param({"anyOf": [{"type": "array", "items": _ref("Password")}]}, True, id="list of references"),
        pytest.param({"type": "string"}, False, id="plain"),
        pytest.param({"type": "string", "x-secret": False}, False, id="said not to be"),
        pytest.param({"type": "string", "readOnly": True}, False, id="readOnly"),
        pytest.param({"type": "object", "patternProperties": {"^x": SECRET}}, True, id="map by a pattern"),
        pytest.param({"type": "array", "prefixItems": [{"type": "string"}, SECRET]}, True, id="one place of a list"),
        pytest.param({"allOf": [_ref("Password"), {"description": "x"}]}, True, id="member"),
        pytest.param({**_ref("Text"), "writeOnly": True}, True, id="beside a reference"),
        pytest.param(_ref("Said"), True, id="beside a reference that is referred to"),
        pytest.param(_ref("Again"), True, id="two references further"),
        pytest.param(_ref("Round"), True, id="in a circle"),
        pytest.param(_ref("a%20b"), True, id="escaped reference"),
        pytest.param(_ref("One"), False, id="a circle of nothing"),
        pytest.param(_ref("Gone"), False, id="leads nowhere"),
        pytest.param({"$ref": "other.json#/x"}, False, id="leads elsewhere"),
        pytest.param(_ref("Holder"), False, id="an object that masks its own fields"),
        pytest.param(_ref("Ring"), False, id="leads into itself"),
        pytest.param(True, False, id="boolean schema"),
    ],
)
def test_a_property_is_secret_by_what_it_says(schema: Any, secret: bool) -> None:
    """Objects with secret fields mask those fields, not the whole."""
    assert SecretFields(DOCUMENT).is_secret(schema) is secret


def test_properties_that_allof_brings_count() -> None:
    """The class has them as its own."""
    schema = {"allOf": [_ref("Base"), {"properties": {"own": SECRET}}]}
    shown = schemas_of(lowered({"Base": DOCUMENT["components"]["schemas"]["Base"], "Both": schema}))
    assert set(shown["Both"]["x-masked"]) == {"inherited", "own"}


def test_an_answer_does_not_depend_on_what_was_asked_before() -> None:
    """Halfway round a circle there is no answer yet."""
    names = DOCUMENT["components"]["schemas"]
    alone = {name: SecretFields(DOCUMENT).is_secret(_ref(name)) for name in names}
    for order in (list(names), list(names)[::-1]):
        secrets = SecretFields(DOCUMENT)
        assert {name: secrets.is_secret(_ref(name)) for name in order} == alone


STRING = {"type": "string"}
WRITE_ONLY = {"type": "string", "writeOnly": True}


@pytest.mark.parametrize(
    "schema",
    [
        pytest.param(record(v=WRITE_ONLY), id="own"),
        pytest.param({"allOf": [record(v=WRITE_ONLY), record(o=STRING)]}, id="of a member"),
        pytest.param({"allOf": [record(v=WRITE_ONLY), record(v=STRING)]}, id="said by the first member"),
        pytest.param({"allOf": [record(v=STRING), record(v=WRITE_ONLY)]}, id="said by the second member"),
        pytest.param({"allOf": [record(v=STRING), record(v={"writeOnly": True})]}, id="without a type"),
        pytest.param({"allOf": [record(v={"writeOnly": True}), record(v=STRING)]}, id="without a type, first"),
        pytest.param({"allOf": [record(v=_ref("Password")), record(v=STRING)]}, id="of a reference"),
        pytest.param({"allOf": [record(v=STRING), record(v=_ref("Said")), record(v=STRING)]}, id="of three"),
        pytest.param({"allOf": [record(v=record(o=STRING)), record(v={"x-secret": True})]}, id="an object"),
        pytest.param({"allOf": [_ref("Base")]}, id="of a class that is referred to"),
    ],
)
def test_a_class_masks_its_secret_fields(schema: Any) -> None:
    """One member that says so is enough."""
    others = {**DOCUMENT["components"]["schemas"], "Base": record(v=WRITE_ONLY)}
    shown = schemas_of(
        lowered({"A": {**schema, "description": "x"}, "B": {"allOf": [_ref("A"), record(n=STRING)]}, **others})
    )
    for name in ("A", "B") if "A" in shown else ("B",):
        assert shown[name]["x-masked"] == ["v"]


def test_the_branches_of_a_union_mask_what_stands_beside_it() -> None:
    """Every class has the field, and every class masks it."""
    union = {**record(v=WRITE_ONLY), "oneOf": [record(a=STRING), record(b=WRITE_ONLY)]}
    shown = schemas_of(lowered({"A": union}))
    assert [schema["x-masked"] for schema in shown.values()] == [["v"], ["v", "b"]]


def test_a_class_without_secrets_masks_nothing() -> None:
    """Nothing is said of it."""
    assert "x-masked" not in schemas_of(lowered({"A": record(v=STRING)}))["A"]
