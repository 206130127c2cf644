"""Every rule mends what it is for, counts it, and leaves a document alone that has nothing of the kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from specpipe import lower as package
from specpipe.lower import lower

from tests.specpipe.lower.shown import (
    INTEGER,
    NULL,
    STRING,
    Parsed,
    alias,
    bare,
    classes,
    document,
    field,
    lowered,
    record,
    ref,
    schemas_of,
)

LIST = {"type": "array", "items": STRING}
MODULES = (
    *("alternatives", "choices", "classes", "constants", "defaults", "enums", "merging", "names", "properties"),
    *("schemas", "types", "unions"),
)


@dataclass(frozen=True, kw_only=True)
class Case:
    """A document with one oddity, how often it has it, and how the generator by itself fails at it."""

    schemas: dict[str, Any]
    count: int = 1
    fails: Callable[[Parsed], bool]


def _nested(depth: int) -> dict[str, Any]:
    return {"type": "array", "items": _nested(depth - 1) if depth > 1 else STRING}


def _says(made: Parsed) -> bool:
    return made.problems != ()


RULES: dict[str, Case] = {
    # Two classes of one module.
    "class_name": Case(schemas={"a-b": record(x=STRING), "a_b": record(y=STRING)}, fails=_says),
    # An inline class is called what a component is called.
    "inline_class_name": Case(schemas={"A": record(b=record(x=STRING)), "AB": record(c=STRING)}, fails=_says),
    # Names of properties have no type, and still a list of values.
    "enum_of_no_value": Case(
        schemas={"A": {"type": "object", "propertyNames": {"enum": ["left", "right"]}}},
        fails=lambda made: made.classes == {"A": ()},
    ),
    # OpenAPI 3.1 has schemas that nothing fits.
    "boolean_schema": Case(schemas={"A": record(b=False)}, fails=_says),
    # A list of itself has no name to stop at.
    "recursive_alias": Case(schemas={"A": {"type": "array", "items": ref("A")}}, fails=_says),
    "array_without_items": Case(schemas={"A": record(b={"type": "array"})}, fails=_says),
    # A field that the vendor adds would be dropped, and is lost when the object is sent back.
    "closed_object": Case(
        schemas={"A": {**record(b=STRING), "additionalProperties": False}}, fails=lambda made: made.closed == {"A"}
    ),
    "constant_of_parts": Case(schemas={"A": record(b={"const": ["x"]}, c={"const": {}})}, count=2, fails=_says),
    # What all branches have in common stands beside them.
    "keywords_beside_choice": Case(
        schemas={"A": {**record(shared=STRING), "oneOf": [record(x=STRING), record(y=STRING)]}},
        count=2,
        fails=lambda made: made.classes == {"AType0": ("x",), "AType1": ("y",)},
    ),
    "unfit_default": Case(schemas={"A": record(b={"type": "integer", "default": "many"})}, fails=_says),
    "type_word": Case(schemas={"A": record(b={"type": "int"})}, fails=_says),
    # A schema with items is a list to whoever wrote it.
    "implied_type": Case(
        schemas={"A": record(b={"items": STRING})}, fails=lambda made: made.types["A"]["b"] == "Any | Unset"
    ),
    # The first list takes everything, whatever is in it.
    "lists_of_a_union": Case(
        schemas={"A": record(b={"oneOf": [LIST, {"type": "array", "items": INTEGER}]})},
        fails=lambda made: made.types["A"]["b"] == "list[int] | list[str] | Unset",
    ),
    "repeated_enum_value": Case(schemas={"A": {"type": "string", "enum": ["x", "x", "y"]}}, fails=_says),
    # Values that make one name leave one member.
    "enum_member_name": Case(
        schemas={"A": {"type": "string", "enum": ["a b", "a-b", "A B"]}},
        count=2,
        fails=lambda made: made.classes == {"A": ("A_B",)},
    ),
    # YAML without quotes.
    "enum_value_type": Case(schemas={"A": record(b={"type": "string", "enum": [1, "x"]})}, fails=_says),
    "enum_of_parts": Case(schemas={"A": record(b={"enum": [["x"], "y"]})}, fails=_says),
    # "One of the two is required" is no type.
    "constraining_branches": Case(
        schemas={"A": {**record(a=STRING, b=STRING), "anyOf": [{"required": ["a"]}, {"required": ["b"]}]}},
        fails=lambda made: made.classes == {},
    ),
    # What the document names only under a condition has no field.
    "conditional_fields": Case(
        schemas={"A": {**record(a=STRING), "if": {"required": ["a"]}, "then": record(b=STRING)}},
        fails=lambda made: made.classes == {"A": ("a",)},
    ),
    # One pair of classes, told apart by another property in another place; the generator reads neither.
    "contradicting_discriminators": Case(
        schemas={
            "P": record(k=STRING, t=STRING),
            "Q": record(k=STRING, t=STRING, q=STRING),
            "A": record(
                one={"oneOf": [ref("P"), ref("Q")], "discriminator": {"propertyName": "k"}},
                other={"oneOf": [ref("P"), ref("Q")], "discriminator": {"propertyName": "t"}},
            ),
        },
        fails=lambda made: made.types["A"]["one"] == made.types["A"]["other"] == "P | Q | Unset",
    ),
    "contradicting_members": Case(
        schemas={"A": {"allOf": [record(v=STRING), record(v=INTEGER)]}},
        fails=_says,
    ),
    # Every branch of one with every branch of the other would be more classes than anyone reads.
    "too_many_combinations": Case(
        schemas={
            "A": {
                "allOf": [
                    {"oneOf": [record(**{f"a{n}": STRING}) for n in range(9)]},
                    {"oneOf": [record(**{f"b{n}": STRING}) for n in range(9)]},
                ]
            }
        },
        fails=lambda made: made.classes == {"A": ()},
    ),
    # Python takes no more than 20 loops inside each other.
    "deep_list": Case(
        schemas={"A": record(b=_nested(25))}, count=3, fails=lambda made: made.types["A"]["b"].count("list[") == 25
    ),
    # Nothing of either name can stand in Python.
    "field_name": Case(schemas={"A": record(**{"!": STRING, "?": STRING})}, fails=_says),
}

PLAIN: dict[str, Any] = {
    "Pet": {
        "allOf": [ref("Animal"), record("name", name=STRING, owner={"anyOf": [ref("Owner"), NULL]})],
        "description": "A pet.",
    },
    "Animal": record("kind", kind=ref("Kind"), tags=LIST, age={"type": "integer", "default": 1}),
    "Kind": {"type": "string", "enum": ["cat", "dog"], "default": "cat"},
    "Owner": {**record(pets={"type": "array", "items": ref("Pet")}), "additionalProperties": STRING},
    "Names": LIST,
    "Any": {"oneOf": [record("type", type={"const": "a"}), STRING]},
    "Code": {"type": ["integer", "null"]},
}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_counts_what_it_mends(rule: str) -> None:
    """The count is how often the oddity is in the document; the generator has nothing to say of the result."""
    assert lowered(RULES[rule].schemas).repairs[rule] == RULES[rule].count


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_has_a_reason(rule: str) -> None:
    """The generator by itself stumbles over the document, or leaves out something of it."""
    assert RULES[rule].fails(bare(RULES[rule].schemas))


def test_every_rule_is_tested() -> None:
    """A rule without a document here has no proof of its reason."""
    folder = Path(package.__file__).parent
    sources = [(folder / f"{name}.py").read_text("utf-8") for name in MODULES]
    stated = {rule for source in sources for rule in re.findall(r'repaired\(\s*"(\w+)"', source)}
    assert stated == RULES.keys()


def test_a_plain_document_needs_no_repair() -> None:
    """Only the component that is called what generated modules import gets another name."""
    result = lowered(PLAIN)
    assert result.repairs == {"class_name": 1}
    assert lowered({name: schema for name, schema in PLAIN.items() if name != "Any"}).repairs == {}
    assert classes(result) == {
        "Pet": ("kind", "tags", "age", "name", "owner"),
        "Animal": ("kind", "tags", "age"),
        "Kind": ("cat", "dog"),
        "Owner": ("pets",),
        "AnyModelType0": ("type",),
    }


def test_lowering_does_not_change_the_document() -> None:
    """It is counted afterwards."""
    before = repr(PLAIN)
    lowered(PLAIN)
    assert repr(PLAIN) == before


def test_the_same_document_is_lowered_the_same() -> None:
    """What is generated is committed and compared byte by byte."""
    one, other = lowered(PLAIN), lowered(PLAIN)
    assert (one.document, one.wire, one.aliases) == (other.document, other.wire, other.aliases)


def test_what_is_shown_needs_no_lowering() -> None:
    """Classes, enums and plain types: the shape that the generator takes without a word stays what it is."""
    once = schemas_of(lowered({name: schema for name, schema in PLAIN.items() if name != "Any"}))
    again = lowered(once)
    assert again.repairs == {}
    assert schemas_of(again) == once


def test_every_component_has_a_class_or_an_alias() -> None:
    """Whether anything refers to it or not."""
    result = lowered(PLAIN)
    assert result.aliases == {"Names": "a0", "AnyModel": "a1", "Code": "a2"}
    assert alias(result, "Names") == LIST
    assert alias(result, "Code") == {"anyOf": [INTEGER, NULL]}


def test_the_carrier_is_not_called_what_a_component_is() -> None:
    """Finishing deletes its module."""
    result = lowered({"ComponentAliases": record(x=STRING), "A": STRING})
    assert result.carrier == "ComponentAliases2"


def test_without_aliases_there_is_no_carrier() -> None:
    """Every component is a class."""
    assert lowered({"A": record(x=STRING)}).carrier is None


def test_an_inline_class_is_named_after_its_place() -> None:
    """A title names nothing: two classes of one title are one class too few."""
    inner = {**record(x=STRING), "title": "Same"}
    schemas = {"A": record(b=inner, c={**record(y=STRING), "title": "Same"}, e={"type": "array", "items": inner})}
    assert bare(schemas).classes == {}
    assert list(classes(lowered(schemas))) == ["A", "AB", "AC"]


@pytest.mark.parametrize(
    ("schema", "items"),
    [
        pytest.param({"type": "array"}, {}, id="no items"),
        pytest.param({"type": "array", "items": True}, {}, id="anything"),
        pytest.param({"type": "array", "items": False}, {}, id="nothing"),
        pytest.param({"type": "array", "items": {}}, {}, id="empty schema"),
        pytest.param({"items": STRING}, STRING, id="no type"),
        pytest.param({"type": "array", "prefixItems": [STRING]}, STRING, id="one place"),
        pytest.param({"prefixItems": [STRING, INTEGER]}, {"anyOf": [STRING, INTEGER]}, id="two places"),
        pytest.param({"prefixItems": [STRING], "items": False}, STRING, id="a place and nothing more"),
        pytest.param({"prefixItems": [STRING], "items": INTEGER}, {"anyOf": [STRING, INTEGER]}, id="a place and more"),
        pytest.param({"prefixItems": [STRING, {}]}, {}, id="anything in one place"),
        pytest.param({"type": "array", "items": {**STRING, "default": "x"}}, STRING, id="a default of items"),
    ],
)
def test_a_list_says_what_is_in_it(schema: Any, items: Any) -> None:
    """The types of all places come together."""
    assert field(schema)[0] == {"type": "array", "items": items}


@pytest.mark.parametrize(
    ("more", "shown"),
    [
        pytest.param({}, True, id="unsaid"),
        pytest.param({"additionalProperties": True}, True, id="true"),
        pytest.param({"additionalProperties": False}, True, id="false"),
        pytest.param({"additionalProperties": {}}, True, id="empty schema"),
        pytest.param({"additionalProperties": STRING}, STRING, id="schema"),
        pytest.param({"additionalProperties": {**STRING, "default": "x"}}, STRING, id="schema with a default"),
        pytest.param({"patternProperties": {"^x": STRING}}, True, id="patterns leave the rest open"),
        pytest.param({"patternProperties": {"^x": STRING}, "additionalProperties": False}, STRING, id="pattern alone"),
        pytest.param(
            {"patternProperties": {"^x": STRING}, "additionalProperties": INTEGER},
            {"anyOf": [STRING, INTEGER]},
            id="pattern and schema",
        ),
        pytest.param({"patternProperties": {"^x": True}, "additionalProperties": INTEGER}, True, id="any by a pattern"),
    ],
)
def test_an_object_keeps_what_it_does_not_know(more: Any, shown: Any) -> None:
    """Of the type that the document gives it, if it gives one."""
    assert schemas_of(lowered({"A": {"type": "object", **more}}))["A"]["additionalProperties"] == shown


@pytest.mark.parametrize("value", [True, False], ids=["true", "false"])
def test_a_boolean_schema_is_any_value(value: bool) -> None:
    """Wherever it stands."""
    schemas = {
        "Whole": value,
        "A": record(p=value, q=ref("Whole"), items={"type": "array", "items": value}, one={"oneOf": [value, STRING]}),
        "B": {"allOf": [value, record(x=STRING)], "additionalProperties": value},
    }
    result = lowered(schemas)
    shown = schemas_of(result)
    assert alias(result, "Whole") == {}
    assert shown["A"]["properties"] == {"p": {}, "q": {}, "items": {"type": "array", "items": {}}, "one": {}}
    assert classes(result) == {"A": ("p", "q", "items", "one"), "B": ("x",)}


def test_a_class_may_lead_into_itself() -> None:
    """Through a property, a list, a map, another class."""
    nested = record(a=ref("A"), list={"type": "array", "items": ref("A")}, b=ref("B"))
    result = lowered({"A": nested, "B": {"type": "object", "additionalProperties": ref("A")}})
    assert result.repairs == {}
    assert schemas_of(result)["A"]["properties"]["a"] == ref("A")


@pytest.mark.parametrize(
    ("schema", "shown"),
    [
        pytest.param({"type": "array", "items": ref("A")}, {"type": "array", "items": {}}, id="list"),
        pytest.param({"anyOf": [STRING, ref("A")]}, {}, id="union"),
        pytest.param(
            {"anyOf": [STRING, {"type": "array", "items": ref("A")}]},
            {"anyOf": [STRING, {"type": "array", "items": {}}]},
            id="union with a list",
        ),
        pytest.param(ref("A"), {}, id="itself"),
    ],
)
def test_an_alias_that_leads_into_itself_holds_anything_there(schema: Any, shown: Any) -> None:
    """A type that is no class has no name to stop at."""
    result = lowered({"A": schema, "B": record(a=ref("A"))})
    assert alias(result, "A") == shown
    assert result.repairs["recursive_alias"] == 1


def test_json_of_any_depth_leads_into_itself_through_its_class() -> None:
    """The map is a class, so the circle has a name."""
    branches = [STRING, {"type": "array", "items": ref("J")}, {"type": "object", "additionalProperties": ref("J")}]
    shown = schemas_of(lowered({"J": {"oneOf": branches}}))
    assert shown["JType2"]["additionalProperties"]["anyOf"][-1] == ref("JType2")


@pytest.mark.parametrize("depth", [1, 2, 3, 8])
def test_a_class_that_is_extended_inside_itself_ends(depth: int) -> None:
    """`child: {allOf: [Self, {child: …}]}`: each level is one class, and the last one leads into itself."""
    inner: dict[str, Any] = record(more=STRING)
    for _ in range(depth):
        inner = record(child={"allOf": [ref("A"), inner]})
    found = classes(lowered({"A": inner}))
    assert len(found) == depth + 1
    assert list(found.values())[-1] == ("child", "more")


def test_a_reference_to_no_component_is_any_value() -> None:
    """What is no schema says nothing of one; the class around it stays whole."""
    result = lower(document({"A": record(v={"$ref": "#/info"}, w={"allOf": [{"$ref": "#/info"}, STRING]})}))
    assert schemas_of(result)["A"]["properties"] == {"v": {}, "w": STRING}


def test_a_component_is_found_by_an_escaped_reference() -> None:
    """A reference is a URI fragment with a JSON pointer in it."""
    schemas = {
        "a b/c": record(x=STRING),
        "A": record(v={"$ref": "#/components/schemas/a%20b~1c"}, w={"$ref": "#/components/schemas/a b~1c"}),
    }
    shown = schemas_of(lowered(schemas))["A"]["properties"]
    assert shown == {"v": ref("ABC"), "w": ref("ABC")}


def test_what_a_webhook_sends_has_a_class() -> None:
    """Whoever receives it wants to read it."""
    body = {"content": {"application/json": {"schema": record(event=STRING)}}}
    hook = {"post": {"requestBody": body, "responses": {"204": {"description": "seen"}}}}
    assert list(classes(lowered({}, webhooks={"pet": hook})).values()) == [("event",)]
