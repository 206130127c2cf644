"""Schemas that are referred to in their place become components, and everything that leads to them leads there."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from specpipe.document import dangling
from specpipe.repair import name_deep_schemas

from tests.specpipe.lower.shown import STRING, bare, classes, document, lowered, record, ref

HOLDER = record(inner=record(deep=record(x=STRING)))


def _to(pointer: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{pointer}"}


def _named(schemas: dict[str, Any], **more: Any) -> tuple[dict[str, Any], int]:
    """The components afterwards, and how many were made; no reference leads nowhere, and the document is unchanged."""
    given = document(schemas, **more)
    before = copy.deepcopy(given)
    result, count = name_deep_schemas(given)
    assert given == before
    assert list(dangling(result)) == []
    found: dict[str, Any] = result["components"]["schemas"]
    return found, count


def test_a_schema_inside_another_becomes_a_component() -> None:
    """It stays in its place, too, as a reference."""
    found, count = _named({"Holder": HOLDER, "A": record(v=_to("Holder/properties/inner"))})
    assert count == 1
    assert found["Holder"]["properties"]["inner"] == found["A"]["properties"]["v"] == ref("Holder_inner")
    assert found["Holder_inner"] == HOLDER["properties"]["inner"]


def test_the_generator_does_not_follow_a_deep_reference() -> None:
    """The class that has one is lost; afterwards every field has its class."""
    schemas = {"Holder": HOLDER, "A": record(v=_to("Holder/properties/inner"))}
    assert "A" not in bare(schemas).classes
    assert classes(lowered(_named(schemas)[0])) == {
        "Holder": ("inner",),
        "A": ("v",),
        "HolderInner": ("deep",),
        "HolderInnerDeep": ("x",),
    }


@pytest.mark.parametrize("deep_first", [True, False])
def test_what_is_moved_may_hold_what_is_moved(deep_first: bool) -> None:
    """Whichever is referred to first."""
    names = ["Holder/properties/inner/properties/deep", "Holder/properties/inner"]
    properties = {f"p{n}": _to(name) for n, name in enumerate(names if deep_first else names[::-1])}
    found, count = _named({"Holder": HOLDER, "A": record(**properties)})
    assert count == 2
    assert found["Holder_inner"]["properties"]["deep"] == ref("Holder_inner_deep")
    assert found["Holder_inner_deep"] == record(x=STRING)


def test_a_schema_may_lead_to_what_it_stands_in() -> None:
    """A recursion, with a name to stop at afterwards."""
    schemas = {"A": record(v=record(again=_to("A/properties/v")))}
    found, _ = _named(schemas)
    assert found["A_v"] == record(again=ref("A_v"))


@pytest.mark.parametrize(
    ("schemas", "pointer", "name"),
    [
        pytest.param({"L": {"type": "array", "items": record(x=STRING)}}, "L/items", "L_2", id="items"),
        pytest.param({"M": {"additionalProperties": record(x=STRING)}}, "M/additionalProperties", "M_2", id="map"),
        pytest.param({"U": {"oneOf": [record(x=STRING), STRING]}}, "U/oneOf/0", "U_0", id="branch"),
        pytest.param({"N": {"allOf": [record(x=STRING)]}}, "N/allOf/0", "N_0", id="member"),
        pytest.param({"D": {"$defs": {"in": record(x=STRING)}}}, "D/$defs/in", "D_in", id="definition"),
        pytest.param({"a b": record(**{"c/d": record(x=STRING)})}, "a%20b/properties/c~1d", "a b_c/d", id="escapes"),
        pytest.param({"é": record(v=record(x=STRING))}, "%C3%A9/properties/v", "é_v", id="percent-encoded letters"),
        pytest.param({"p": record(items=record(x=STRING))}, "p/properties/items", "p_2", id="a property called items"),
    ],
)
def test_every_place_of_a_schema_can_be_referred_to(schemas: dict[str, Any], pointer: str, name: str) -> None:
    """By the rules of JSON pointers in URIs."""
    found, count = _named({**schemas, "A": record(v=_to(pointer))})
    assert (count, found[name]) == (1, record(x=STRING))
    result = lowered(found)
    assert [fields for fields in classes(result).values() if fields == ("x",)] == [("x",)]


def test_schemas_of_operations_and_parameters_are_moved_as_well() -> None:
    """A reply of one operation may be what another one replies."""
    content = {"application/json": {"schema": record(x=STRING)}}
    again = {"application/json": {"schema": {"$ref": "#/paths/~1x/get/responses/200/content/application~1json/schema"}}}
    replies = {
        word: {"responses": {"200": {"description": "", "content": body}}}
        for word, body in {"get": content, "put": again}.items()
    }
    found, count = _named({}, paths={"/x": replies})
    assert (count, list(found.values())) == (1, [record(x=STRING)])


def test_a_discriminator_leads_to_what_was_moved() -> None:
    """Its mapping holds references, whatever they are called."""
    union = {
        "oneOf": [_to("Holder/properties/inner"), ref("A")],
        "discriminator": {
            "propertyName": "k",
            "mapping": {"in": "#/components/schemas/Holder/properties/inner", "a": "A"},
        },
    }
    found, count = _named({"Holder": HOLDER, "A": record(x=STRING), "U": union})
    assert count == 1
    assert found["U"]["discriminator"]["mapping"] == {"in": ref("Holder_inner")["$ref"], "a": "A"}
    (told,) = lowered(found).discriminators.values()
    assert told.mapping == {"in": "HolderInner", "a": "A"}


def test_a_name_that_is_taken_gets_a_number() -> None:
    """No component is replaced."""
    found, _ = _named({"Holder": HOLDER, "Holder_inner": STRING, "A": record(v=_to("Holder/properties/inner"))})
    assert found["Holder_inner"] == STRING
    assert found["A"]["properties"]["v"] == ref("Holder_inner_2")


def test_a_schema_that_is_referred_to_often_is_moved_once() -> None:
    """However the reference is written."""
    ways = ("Holder/properties/inner", "Holder/properties/inne%72")
    found, count = _named({"Holder": HOLDER, "A": record(**{f"p{n}": _to(way) for n, way in enumerate(ways * 2)})})
    assert count == 1
    assert set(map(str, found["A"]["properties"].values())) == {str(ref("Holder_inner"))}


def test_a_document_without_deep_references_is_left_alone() -> None:
    """It is the same object."""
    given = document({"A": record(v=ref("B")), "B": HOLDER})
    result, count = name_deep_schemas(given)
    assert result is given
    assert count == 0
