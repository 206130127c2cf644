"""A union is flat, has every type once, and null at its end; a branch has what stands beside the choice."""

from __future__ import annotations

from typing import Any

import pytest
from specpipe.lower.context import Context
from specpipe.lower.unions import class_references, nullable, union

from tests.specpipe.lower.shown import (
    INTEGER,
    NULL,
    STRING,
    alias,
    bare,
    classes,
    field,
    lowered,
    record,
    ref,
    schemas_of,
)

OTHERS = {"P": record(p=STRING), "Q": record(q=STRING), "Either": {"oneOf": [ref("P"), ref("Q")]}}
UUID = {"type": "string", "format": "uuid"}
FILE = {"type": "string", "format": "binary"}


def _list(items: Any) -> dict[str, Any]:
    return {"type": "array", "items": items}


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf"])
@pytest.mark.parametrize(
    ("branches", "shown"),
    [
        pytest.param([STRING, INTEGER], [STRING, INTEGER], id="two types"),
        pytest.param([ref("P"), ref("Q")], [ref("P"), ref("Q")], id="two classes"),
        pytest.param([ref("Either"), STRING], [ref("P"), ref("Q"), STRING], id="a union by reference"),
        pytest.param(
            [{"anyOf": [STRING, {"oneOf": [INTEGER, NULL]}]}, ref("P")], [STRING, INTEGER, ref("P"), NULL], id="nested"
        ),
        pytest.param([STRING, STRING, INTEGER], [STRING, INTEGER], id="twice"),
        pytest.param([STRING, {"type": "string", "maxLength": 2}, INTEGER], [STRING, INTEGER], id="twice to Python"),
        pytest.param([NULL, STRING], [STRING, NULL], id="null first"),
        pytest.param([{**STRING, "default": "x"}, INTEGER], [STRING, INTEGER], id="a default of a branch"),
        pytest.param([{**STRING, "description": "x"}, INTEGER], [STRING, INTEGER], id="a description of a branch"),
        pytest.param([FILE, STRING], [FILE, STRING], id="a file or a text"),
    ],
)
def test_branches_are_flat(keyword: str, branches: list[Any], shown: list[Any]) -> None:
    """Each once, whatever it was nested in."""
    assert field({keyword: branches}, **OTHERS)[0] == {"anyOf": shown}


@pytest.mark.parametrize(
    ("branches", "shown"),
    [
        pytest.param([STRING], STRING, id="one branch"),
        pytest.param([STRING, STRING], STRING, id="the same twice"),
        pytest.param([ref("P")], ref("P"), id="one class"),
        pytest.param([NULL], NULL, id="null alone"),
        pytest.param([STRING, {}], {}, id="anything among them"),
        pytest.param([{}, NULL], {}, id="anything or null"),
        pytest.param([STRING, True], {}, id="true among them"),
        pytest.param([_list(STRING), _list(INTEGER)], _list({"anyOf": [STRING, INTEGER]}), id="two lists"),
        pytest.param([_list(STRING), _list(STRING)], _list(STRING), id="one list twice"),
        pytest.param([_list(STRING), _list({})], _list({}), id="a list of anything"),
    ],
)
def test_a_union_of_one_is_none(branches: list[Any], shown: Any) -> None:
    """There is nothing to choose."""
    assert field({"oneOf": branches}, **OTHERS)[0] == shown


def test_two_lists_and_more_are_one_list_and_more() -> None:
    """A parser cannot tell lists apart by what is in them."""
    shown, result = field({"oneOf": [_list(STRING), INTEGER, _list(ref("P")), _list(_list(STRING))]}, **OTHERS)
    assert shown == {"anyOf": [INTEGER, _list({"anyOf": [STRING, ref("P"), _list(STRING)]})]}
    assert result.repairs["lists_of_a_union"] == 1


@pytest.mark.parametrize(
    "schema",
    [
        pytest.param({"type": "string", "nullable": True}, id="nullable"),
        pytest.param({"type": ["string", "null"]}, id="list of types"),
        pytest.param({"type": ["null", "string"]}, id="list of types, null first"),
        pytest.param({"anyOf": [STRING, NULL]}, id="null type"),
        pytest.param({"anyOf": [STRING, {"type": ["null"]}]}, id="list of null"),
        pytest.param({"oneOf": [STRING, {"enum": [None]}]}, id="enum of null"),
        pytest.param({"oneOf": [STRING, {"const": None}]}, id="constant null"),
        pytest.param({"oneOf": [STRING], "nullable": True}, id="nullable beside a choice"),
        pytest.param({"oneOf": [{"type": "string", "nullable": True}]}, id="nullable in a choice"),
        pytest.param({"allOf": [STRING], "nullable": True}, id="nullable beside members"),
        pytest.param({**ref("Text"), "nullable": True}, id="nullable beside a reference"),
        pytest.param(ref("Maybe"), id="a reference to it"),
        pytest.param({"anyOf": [ref("Maybe"), NULL]}, id="twice"),
    ],
)
def test_null_is_null_however_it_is_said(schema: Any) -> None:
    """OpenAPI 3.0 and 3.1 have many words for it."""
    others = {"Text": STRING, "Maybe": {"type": ["string", "null"]}}
    assert field(schema, **others)[0] == {"anyOf": [STRING, NULL]}


@pytest.mark.parametrize(
    "schema",
    [
        pytest.param(NULL, id="type"),
        pytest.param({"type": ["null"]}, id="list"),
        pytest.param({"enum": [None]}, id="enum"),
        pytest.param({"const": None}, id="constant"),
        pytest.param({"type": "string", "enum": [None]}, id="enum of a text"),
        pytest.param({"type": "string", "const": None}, id="constant text"),
        pytest.param({"anyOf": [NULL, {"const": None}]}, id="union"),
    ],
)
def test_null_alone_is_null(schema: Any) -> None:
    """And no union."""
    assert field(schema)[0] == NULL


def test_a_null_that_anything_says_is_not_said_again() -> None:
    """Anything may be null."""
    assert field({"nullable": True})[0] == {}


@pytest.mark.parametrize(
    ("types", "shown"),
    [
        pytest.param(["string", "integer"], [STRING, INTEGER], id="scalars"),
        pytest.param(["integer", "number"], {"type": "number"}, id="numbers"),
        pytest.param(["string", "string"], STRING, id="twice"),
        pytest.param(["array", "string"], [_list(INTEGER), STRING], id="list"),
        pytest.param(["object", "null"], [ref("HolderValue"), NULL], id="object or null"),
        pytest.param(["object", "string"], [ref("HolderValue"), STRING], id="object or text"),
    ],
)
def test_a_list_of_types_is_a_union(types: list[str], shown: Any) -> None:
    """Each type has the keywords that are meant for it."""
    found, result = field({"type": types, "properties": {"x": STRING}, "items": INTEGER})
    assert found == (shown if isinstance(shown, dict) else {"anyOf": shown})
    if "object" in types:
        assert classes(result)["HolderValue"] == ("x",)


def test_what_stands_beside_a_choice_is_in_every_branch() -> None:
    """Also for a reference; the class that is referred to stays as it is."""
    schema = {**record("shared", shared=STRING), "oneOf": [ref("P"), record(x=STRING)]}
    result = lowered({"A": schema, **OTHERS})
    assert classes(result) == {"P": ("p",), "Q": ("q",), "AP": ("shared", "p"), "AType1": ("shared", "x")}
    assert schemas_of(result)["AP"]["required"] == ["shared"]
    assert alias(result, "A") == {"anyOf": [ref("AP"), ref("AType1")]}


def test_a_branch_that_has_everything_already_stays_itself() -> None:
    """A second class of the same fields would say nothing more."""
    result = lowered({"A": {"properties": {"p": STRING}, "oneOf": [ref("P"), ref("Q")]}, **OTHERS})
    assert alias(result, "A") == {"anyOf": [ref("P"), ref("AQ")]}


@pytest.mark.parametrize("scalar", [STRING, NULL, {"const": "x"}], ids=["text", "null", "constant"])
def test_a_branch_that_is_no_object_has_no_fields(scalar: Any) -> None:
    """Properties say nothing of a text."""
    shown, result = field({"properties": {"k": STRING}, "anyOf": [scalar, record(x=STRING)]})
    assert ref("HolderValueType1") in shown["anyOf"]
    assert scalar in shown["anyOf"]
    assert classes(result)["HolderValueType1"] == ("k", "x")


def test_a_type_beside_a_choice_is_the_branches() -> None:
    """`type: string, anyOf: [{format: uuid}, {maxLength: 3}]` is text in both."""
    assert field({"type": "string", "anyOf": [{"format": "uuid"}, {"maxLength": 3}]})[0] == {"anyOf": [UUID, STRING]}
    assert bare({"A": record(v={"type": "string", "anyOf": [{"format": "uuid"}]})}).types["A"]["v"] != "UUID | Unset"


def test_branches_that_only_constrain_make_no_union() -> None:
    """The class stays one, with the fields that it has."""
    branches = [{"required": ["a"]}, {"required": ["b"]}]
    for keyword in ("anyOf", "oneOf"):
        result = lowered({"A": {**record(a=STRING, b=STRING), keyword: branches}})
        assert classes(result) == {"A": ("a", "b")}
        assert "required" not in schemas_of(result)["A"]


def test_two_choices_in_one_schema_are_made_at_once() -> None:
    """`anyOf` and `oneOf` side by side both hold."""
    schema = {"anyOf": [record(a=STRING), record(b=STRING)], "oneOf": [record(x=STRING), record(y=STRING)]}
    assert sorted(map(sorted, classes(lowered({"A": schema})).values())) == [
        *(["a", "x"], ["a", "y"], ["b", "x"], ["b", "y"])
    ]


def test_an_empty_choice_is_none() -> None:
    """Nothing to choose from is no type."""
    assert field({"type": "string", "oneOf": []})[0] == STRING


def test_two_files_are_one_where_a_text_is_as_well() -> None:
    """A text is no file, and there is one kind of file."""
    context = Context(document={})
    assert union([FILE, {**FILE, "x": 1}, STRING], context) == {"anyOf": [FILE, STRING]}


@pytest.mark.parametrize(
    ("branches", "whole"),
    [
        pytest.param([], {}, id="nothing"),
        pytest.param([NULL], NULL, id="null"),
        pytest.param([NULL, NULL], NULL, id="null twice"),
        pytest.param([{"anyOf": [STRING, NULL]}, INTEGER], {"anyOf": [STRING, INTEGER, NULL]}, id="null in a branch"),
    ],
)
def test_the_union_of_shown_schemas(branches: list[Any], whole: Any) -> None:
    """Null stands at the end, or alone."""
    assert union(branches, Context(document={})) == whole


def test_nullable_says_null_once() -> None:
    """What is nullable already stays itself, and so does anything."""
    context = Context(document={})
    once = nullable(STRING, context)
    assert nullable(once, context) == once == {"anyOf": [STRING, NULL]}
    assert nullable({}, context) == {}


def test_the_classes_of_a_union_are_its_references() -> None:
    """A lone reference is one as well."""
    assert class_references({"anyOf": [ref("A"), STRING, ref("B")]}) == [ref("A")["$ref"], ref("B")["$ref"]]
    assert class_references(ref("A")) == [ref("A")["$ref"]]
    assert class_references(STRING) == []
