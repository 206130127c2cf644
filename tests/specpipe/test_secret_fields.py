"""Which properties are secret: by mark, by format, and through what they refer to."""

from __future__ import annotations

from typing import Any

import pytest
from specpipe.secret_fields import secret_properties

SECRET = {"type": "string", "x-secret": True}
DOCUMENT = {
    "components": {
        "schemas": {
            "Password": {"type": "string", "format": "password"},
            "Holder": {"type": "object", "properties": {"pin": SECRET}},
            "Base": {"type": "object", "properties": {"inherited": SECRET, "plain": {"type": "string"}}},
            "Ring": {"anyOf": [{"$ref": "#/components/schemas/Ring"}, {"type": "null"}]},
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
        pytest.param(_ref("Holder"), False, id="an object that masks its own fields"),
        pytest.param(_ref("Ring"), False, id="leads into itself"),
        pytest.param(True, False, id="boolean schema"),
    ],
)
def test_a_property_is_secret_by_what_it_says(schema: Any, secret: bool) -> None:
    """Objects with secret fields mask those fields, not the whole."""
    found = secret_properties(DOCUMENT, {"type": "object", "properties": {"p": schema}})
    assert found == ({"p"} if secret else set())


def test_properties_that_allof_brings_count() -> None:
    """The class has them as its own."""
    schema = {"allOf": [_ref("Base"), {"properties": {"own": SECRET}}]}
    assert secret_properties(DOCUMENT, schema) == {"inherited", "own"}
