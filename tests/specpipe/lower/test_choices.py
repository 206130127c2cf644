"""The classes of a union are told apart by what the document says, or by constants that differ; never by a guess."""

from __future__ import annotations

from typing import Any

import pytest
from specpipe.lower import Discriminator
from specpipe.lower.choices import leads_to

from tests.specpipe.lower.shown import STRING, lowered, record, ref

PQ = {"P": record(p=STRING), "Q": record(q=STRING)}
EITHER = [ref("P"), ref("Q")]


def _kinds(name: str, one: Any, other: Any, *required: str) -> dict[str, Any]:
    return {"P": record(*required, **{name: one}), "Q": record(*required, **{name: other})}


def _found(schema: Any, **others: Any) -> dict[frozenset[str], Discriminator]:
    return lowered({"Holder": record(value=schema), **others}).discriminators


def _told(mapping: dict[str, str], by: str = "kind") -> dict[frozenset[str], Discriminator]:
    return {frozenset(("P", "Q")): Discriminator(by, mapping)}


@pytest.mark.parametrize(
    ("stated", "mapping"),
    [
        pytest.param(
            {"mapping": {"pp": ref("P")["$ref"], "qq": ref("Q")["$ref"]}}, {"pp": "P", "qq": "Q"}, id="references"
        ),
        pytest.param({"mapping": {"pp": "P", "qq": "Q"}}, {"pp": "P", "qq": "Q"}, id="bare names"),
        pytest.param(
            {"mapping": {"a": "P", "b": "P", "qq": "Q"}}, {"a": "P", "b": "P", "qq": "Q"}, id="two values of one"
        ),
        pytest.param({"mapping": {"pp": "P"}}, {"pp": "P", "Q": "Q"}, id="one left out"),
        pytest.param({"mapping": {"pp": "P", "x": "Elsewhere"}}, {"pp": "P", "Q": "Q"}, id="one of no branch"),
        pytest.param({}, {"P": "P", "Q": "Q"}, id="no mapping"),
        pytest.param({"mapping": {}}, {"P": "P", "Q": "Q"}, id="empty mapping"),
    ],
)
def test_a_stated_discriminator(stated: dict[str, Any], mapping: dict[str, str]) -> None:
    """A class that the mapping leaves out goes by its name."""
    schema = {"oneOf": EITHER, "discriminator": {"propertyName": "kind", **stated}}
    assert _found(schema, **PQ) == _told(mapping)


def test_without_anything_to_tell_them_by_there_is_no_entry() -> None:
    """The parser tries them in turn."""
    assert _found({"oneOf": EITHER}, **PQ) == {}


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"const": "q"}, id="constant"),
        pytest.param({"type": "string", "enum": ["q"]}, id="enum"),
        pytest.param({"type": "string", "enum": ["q"], "default": "q"}, id="enum with a default"),
        pytest.param(ref("Kind"), id="enum by reference"),
    ],
)
def test_constants_that_differ_tell_classes_apart(other: Any) -> None:
    """If every class requires them."""
    kind = {"Kind": {"type": "string", "enum": ["q"]}}
    schemas = _kinds("kind", {"const": "p"}, other, "kind")
    assert _found({"oneOf": EITHER}, **schemas, **kind) == _told({"p": "P", "q": "Q"})


@pytest.mark.parametrize(
    ("one", "other", "required"),
    [
        pytest.param({"const": "p"}, {"const": "q"}, (), id="not required"),
        pytest.param({"const": "p"}, {"const": "p"}, ("kind",), id="the same"),
        pytest.param({"enum": ["p", "r"]}, {"enum": ["q", "r"]}, ("kind",), id="one in both"),
        pytest.param({"const": "p"}, STRING, ("kind",), id="any in one"),
        pytest.param({"const": 1}, {"const": 2}, ("kind",), id="numbers"),
        pytest.param({"const": "p"}, {"enum": ["q", 1]}, ("kind",), id="a mixture"),
    ],
)
def test_constants_that_do_not_tell_are_no_discriminator(one: Any, other: Any, required: tuple[str, ...]) -> None:
    """A wrong guess would read the wrong class."""
    assert _found({"oneOf": EITHER}, **_kinds("kind", one, other, *required)) == {}


def test_constants_stand_beside_a_mapping() -> None:
    """Vendors forget the mapping and mean the constants; a stated value wins."""
    schemas = _kinds("kind", {"const": "p"}, {"enum": ["q", "r"]})
    plain = {"oneOf": EITHER, "discriminator": {"propertyName": "kind"}}
    assert _found(plain, **schemas) == _told({"p": "P", "q": "Q", "r": "Q", "P": "P", "Q": "Q"})
    mapped = {"oneOf": EITHER, "discriminator": {"propertyName": "kind", "mapping": {"p": "Q", "q": "P"}}}
    assert _found(mapped, **schemas) == _told({"p": "Q", "q": "P", "r": "Q"})


@pytest.mark.parametrize("stated", [True, False])
def test_a_property_is_called_as_in_json(stated: bool) -> None:
    """Also where the field could not have its name, and has another mark in every class."""
    schemas = _kinds("cls", {"const": "p"}, {"const": "q"}, "cls")
    more: dict[str, Any] = {"discriminator": {"propertyName": "cls", "mapping": {"x": "P", "y": "Q"}}} if stated else {}
    expected = {"p": "P", "q": "Q"} | ({"x": "P", "y": "Q"} if stated else {})
    assert _found({"oneOf": EITHER, **more}, **schemas) == _told(expected, by="cls")


def test_a_union_inside_a_union_leads_to_its_classes() -> None:
    """What tells the inner ones apart tells them apart outside, if it goes by the same property."""
    inner = {"oneOf": EITHER, "discriminator": {"propertyName": "kind", "mapping": {"p": "P", "q": "Q"}}}
    for name, mapping in {"kind": {"p": "P", "q": "Q", "r": "R"}, "other": {"r": "R"}}.items():
        outer = {
            "oneOf": [ref("Inner"), ref("R")],
            "discriminator": {"propertyName": name, "mapping": {"r": "R", "i": "Inner"}},
        }
        found = _found(outer, Inner=inner, R=record(r=STRING), **PQ)
        assert found[frozenset("PQR")] == Discriminator(name, mapping)
        assert found[frozenset("PQ")] == Discriminator("kind", {"p": "P", "q": "Q"})


def test_another_name_for_a_class_is_the_class() -> None:
    """The mapping leads to the alias, the parser to the class."""
    schema = {"oneOf": [ref("Again"), ref("Q")], "discriminator": {"propertyName": "k", "mapping": {"x": "Again"}}}
    assert _found(schema, Again=ref("P"), **PQ) == _told({"x": "P", "Q": "Q"}, by="k")


@pytest.mark.parametrize(
    "schema",
    [
        pytest.param({"oneOf": [*EITHER, {"type": "null"}]}, id="or null"),
        pytest.param({"oneOf": [*EITHER, STRING]}, id="or a text"),
        pytest.param({"type": "array", "items": {"anyOf": EITHER}}, id="items"),
        pytest.param({"type": "object", "additionalProperties": {"anyOf": EITHER}}, id="values of a map"),
        pytest.param(
            {"type": "object", "patternProperties": {"^x": {"anyOf": EITHER}}, "additionalProperties": False},
            id="by a pattern",
        ),
        pytest.param(
            {"oneOf": [{"type": "array", "items": ref("P")}, {"type": "array", "items": ref("Q")}]}, id="lists"
        ),
        pytest.param({"type": "array", "prefixItems": EITHER}, id="places"),
        pytest.param(ref("Either"), id="by reference"),
    ],
)
def test_a_union_is_known_wherever_it_stands(schema: Any) -> None:
    """Two classes side by side, whatever made them so."""
    schemas = _kinds("kind", {"const": "p"}, {"const": "q"}, "kind")
    assert _found(schema, Either={"oneOf": EITHER}, **schemas) == _told({"p": "P", "q": "Q"})


def test_classes_that_have_what_stands_beside_the_choice_go_by_their_own_names() -> None:
    """The mapping names the components, the union has the classes made of them."""
    whole = {
        **record(shared=STRING),
        "oneOf": EITHER,
        "discriminator": {"propertyName": "kind", "mapping": {"p": "P", "q": ref("Q")["$ref"]}},
    }
    expected = {frozenset(("WholeP", "WholeQ")): Discriminator("kind", {"p": "WholeP", "q": "WholeQ"})}
    assert lowered({"Whole": whole, **PQ}).discriminators == expected


@pytest.mark.parametrize(
    ("target", "component"),
    [
        ("A", "A"),
        ("#/components/schemas/A", "A"),
        ("#/components/schemas/a%20b", "a b"),
        ("#/components/schemas/a~1b", "a/b"),
        ("./other.yaml#/components/schemas/A", "A"),
    ],
)
def test_a_mapping_leads_to_a_component(target: str, component: str) -> None:
    """By reference or by name."""
    assert leads_to(target, component)
    assert not leads_to(target, "B")


def _stated(by: str, **mapping: str) -> dict[str, Any]:
    return {"oneOf": EITHER, "discriminator": {"propertyName": by, "mapping": mapping}}


def _twice(one: Any, other: Any, **others: Any) -> dict[frozenset[str], Discriminator]:
    return lowered({"Holder": record(one=one, other=other), **others}).discriminators


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(_stated("type", p="Q", q="P"), id="another property"),
        pytest.param(_stated("kind", p="Q", q="P"), id="another class for a value"),
        pytest.param({"anyOf": EITHER}, id="no discriminator"),
        pytest.param({"type": "array", "prefixItems": EITHER}, id="places of a list"),
    ],
)
def test_places_that_contradict_each_other_have_no_entry(other: Any) -> None:
    """The same classes are told apart by one rule everywhere, or tried in turn."""
    assert _twice(_stated("kind", p="P", q="Q"), other, **PQ) == {}
    assert _twice(other, _stated("kind", p="P", q="Q"), **PQ) == {}


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(_stated("kind", p="P", q="Q"), id="the same again"),
        pytest.param({"oneOf": [ref("Either"), {"type": "null"}]}, id="the union or null"),
        pytest.param({"type": "array", "items": ref("Either")}, id="a list of the union"),
        pytest.param({"anyOf": [ref("Either"), STRING]}, id="the union or a text"),
    ],
)
def test_the_same_union_seen_again_says_nothing_new(other: Any) -> None:
    """Neither does what refers to it."""
    found = _twice(ref("Either"), other, Either=_stated("kind", p="P", q="Q"), **PQ)
    assert found == _told({"p": "P", "q": "Q"})


def test_places_that_agree_come_together() -> None:
    """What a mapping says stands before what a component's name says."""
    found = _twice(_stated("kind", Q="P", p="P"), {"oneOf": EITHER, "discriminator": {"propertyName": "kind"}}, **PQ)
    assert found == _told({"P": "P", "Q": "P", "p": "P"})


def test_a_plain_union_goes_by_a_property_that_all_classes_require() -> None:
    """Every value has it, so the discriminator of another place is right here."""
    schemas = _kinds("kind", STRING, STRING, "kind")
    assert _twice(_stated("kind", p="P", q="Q"), {"anyOf": EITHER}, **schemas) == _told({"p": "P", "q": "Q"})


def test_a_plain_union_does_not_go_against_the_constants() -> None:
    """Its own answer is another one."""
    schemas = _kinds("kind", {"const": "p"}, {"const": "q"}, "kind")
    assert _twice(_stated("kind", p="Q", q="P"), {"anyOf": EITHER}, **schemas) == {}
