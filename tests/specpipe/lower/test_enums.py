"""No value that a document lists is lost: each is a member with a name of its own, a literal, or null."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from specpipe.lower.context import Context
from specpipe.lower.enums import Members, member_names, members

from tests.contract.drawing import steady
from tests.specpipe.lower.shown import (
    NULL,
    STRING,
    alias,
    bare,
    classes,
    document,
    field,
    lowered,
    parsed,
    record,
    ref,
    schemas_of,
)

VALUE = ref("HolderValue")


def _groups(values: list[Any], *types: str) -> list[tuple[str, tuple[Any, ...]]]:
    return [(group.kind, group.values) for group in members(values, types, Context(document={}))]


@pytest.mark.parametrize(
    ("values", "groups"),
    [
        pytest.param(["a", "b"], [("string", ("a", "b"))], id="texts"),
        pytest.param([1, 2], [("integer", (1, 2))], id="integers"),
        pytest.param([1.5], [("number", (1.5,))], id="floats"),
        pytest.param([True, False], [("boolean", (True, False))], id="booleans"),
        pytest.param(["a", 1, True], [("string", ("a",)), ("integer", (1,)), ("boolean", (True,))], id="mixture"),
        pytest.param([1, 2.5], [("number", (1.0, 2.5))], id="integers among floats"),
        pytest.param(
            [1, True, "1"], [("integer", (1,)), ("boolean", (True,)), ("string", ("1",))], id="equal in Python"
        ),
        pytest.param(["a", None, "a"], [("string", ("a",))], id="null and twice"),
        pytest.param([["a"], {"b": 1}, "c"], [("string", ("c",))], id="parts"),
        pytest.param([None], [], id="null alone"),
        pytest.param([], [], id="none"),
        pytest.param([2**53 + 1, 0.5], [("number", (0.5,)), ("integer", (2**53 + 1,))], id="no float is so exact"),
        pytest.param([10**400, 0.5], [("number", (0.5,)), ("integer", (10**400,))], id="no float is so large"),
    ],
)
def test_values_are_grouped_by_type(values: list[Any], groups: list[tuple[str, tuple[Any, ...]]]) -> None:
    """A Python enum holds values of one type."""
    assert sorted(_groups(values)) == sorted(groups)


@pytest.mark.parametrize(
    ("kind", "values", "group"),
    [
        pytest.param("string", [1, "x"], ("string", ("1", "x")), id="number for text"),
        pytest.param("string", [True, "x"], ("string", ("true", "x")), id="yes or no for text"),
        pytest.param("string", [1.5], ("string", ("1.5",)), id="float for text"),
        pytest.param("integer", ["1", "-2"], ("integer", (1, -2)), id="text for number"),
        pytest.param("integer", ["low", "high"], ("string", ("low", "high")), id="words for number"),
        pytest.param("boolean", ["true", "False"], ("boolean", (True, False)), id="text for yes or no"),
    ],
)
def test_values_are_of_the_stated_type_where_they_can_be(kind: str, values: list[Any], group: Any) -> None:
    """YAML without quotes, and tools that quote everything."""
    assert _groups(values, kind) == [group]


def test_a_type_list_with_null_states_one_type() -> None:
    """Null is no type of members."""
    assert _groups([1, None], "string", "null") == [("string", ("1",))]


@pytest.mark.parametrize(
    ("schema", "shown", "held"),
    [
        pytest.param({"enum": ["a", "b"]}, VALUE, [("a", "b")], id="texts"),
        pytest.param({"type": "string", "enum": ["a", None]}, {"anyOf": [VALUE, NULL]}, [("a",)], id="or null"),
        pytest.param({"enum": ["a"], "nullable": True}, {"anyOf": [VALUE, NULL]}, [("a",)], id="nullable"),
        pytest.param({"enum": [True, False]}, {"type": "boolean"}, [], id="booleans"),
        pytest.param({"enum": [True]}, {"anyOf": [{"const": True}]}, [], id="one boolean"),
        pytest.param({"enum": [1.5, 2]}, VALUE, [("1.5", "2.0")], id="floats"),
        pytest.param(
            {"enum": ["a", 1, False, None]},
            {"anyOf": [VALUE, ref("HolderValueType1"), {"const": False}, NULL]},
            [("a",), ("1",)],
            id="mixture",
        ),
        pytest.param({"type": "string", "enum": [["x"], "y"]}, VALUE, [("y",)], id="a list for text"),
        pytest.param({"enum": [["x"], "y"]}, VALUE, [("y",)], id="a list"),
        pytest.param({"enum": []}, {}, [], id="empty"),
        pytest.param(
            {"type": "array", "items": {"enum": ["a"]}},
            {"type": "array", "items": ref("HolderValueItem")},
            [("a",)],
            id="items",
        ),
        pytest.param({"const": "a"}, {"const": "a"}, [], id="constant text"),
        pytest.param({"const": 3}, {"anyOf": [{"const": 3}]}, [], id="constant number"),
        pytest.param({"const": False}, {"anyOf": [{"const": False}]}, [], id="constant boolean"),
        pytest.param({"const": 1.5}, VALUE, [("1.5",)], id="constant float"),
        pytest.param({"const": []}, {}, [], id="constant list"),
        pytest.param({"const": {}}, {}, [], id="constant object"),
    ],
)
def test_an_enum_is_a_class_or_literals(schema: Any, shown: Any, held: list[tuple[str, ...]]) -> None:
    """Where the values are of several types, a union of them."""
    found, result = field(schema)
    assert found == shown
    assert [values for name, values in classes(result).items() if name != "Holder"] == held


@pytest.mark.parametrize(
    ("values", "names"),
    [
        pytest.param(["a b", "a-b", "A B"], ["A_B", "A_B2", "A_B3"], id="one name"),
        pytest.param(["", "-", "1", "*"], ["VALUE_0", "VALUE_1", "VALUE_2", "VALUE_3"], id="no letter"),
        pytest.param(["value 1", ""], ["VALUE_1", "VALUE_1_2"], id="a name that we make up"),
        pytest.param([-1, 1, 0], ["VALUE_NEGATIVE_1", "VALUE_1", "VALUE_0"], id="numbers"),
        pytest.param(["_x", "__class__", "_sunder_"], ["VALUE_0", "VALUE_1", "VALUE_2"], id="underscores"),
        pytest.param(["mro", "name", "value", "class", "None"], ["MRO", "NAME", "VALUE", "CLASS", "NONE"], id="words"),
        pytest.param(["ﬁ", "fi"], ["FI", "FI2"], id="one to Python"),
        pytest.param(["über", "日本"], ["ÜBER", "日本"], id="letters of others"),
        pytest.param(["camelCase", "snake_case"], ["CAMELCASE", "SNAKE_CASE"], id="case"),
        pytest.param(["a" * 300, "a" * 301], ["A" * 100, "A" * 100 + "2"], id="long"),
    ],
)
def test_members_have_names(values: list[Any], names: list[str]) -> None:
    """The generator's, where it has one for each."""
    assert member_names(values, Context(document={})) == names


def test_the_generator_crashes_or_loses_members_of_one_name() -> None:
    """The reason for naming them here."""
    assert bare({"A": {"type": "string", "enum": ["a b", "a-b", "c"]}}).classes == {"A": ("A_B", "C")}
    assert "Duplicate key" in bare({"A": {"type": "string", "enum": ["fi", "ﬁ"]}}).problems[0]


@steady(150)
@given(
    st.lists(st.text(max_size=6) | st.sampled_from(["a b", "A-B", "", "__x__", "_y_", "1"]), unique=True, min_size=1)
)
@example(["ǅ", "ǆ", "Ǆ"])
@example(["ª", "a", "ſ", "s"])
def test_every_value_has_a_member(values: list[str]) -> None:
    """Names are different to Python, and neither hidden nor special to an enum."""
    result = lowered({"A": {"type": "string", "enum": values}})
    names = parsed(result.document).classes["A"]
    assert len(set(names)) == len(values)
    assert all(name.isidentifier() and not name.startswith("_") for name in names)
    body = "\n".join(f"    {name} = {index}" for index, name in enumerate(names))
    scope: dict[str, Any] = {}
    exec(f"import enum\nclass Made(enum.Enum):\n{body}\n", scope)  # noqa: S102 - as the package is run
    assert len(scope["Made"]) == len(values)


def test_a_thousand_values_have_a_thousand_members() -> None:
    """In the document's order."""
    values = [f"v {n}" for n in range(1000)]
    result = lowered({"A": {"type": "string", "enum": values}})
    assert schemas_of(result)["A"]["enum"] == values
    assert len(set(parsed(result.document).classes["A"])) == 1000


@pytest.mark.parametrize(
    "schema",
    [
        pytest.param({"propertyNames": {"enum": ["seen"]}}, id="propertyNames"),
        pytest.param({"properties": {"a": {"not": {"enum": ["seen"]}}}}, id="not"),
        pytest.param({"dependentSchemas": {"a": {"items": {"enum": ["seen"]}}}}, id="dependentSchemas"),
        pytest.param({"if": {"properties": {"a": {"enum": ["seen"]}}}}, id="if"),
        pytest.param({"properties": {"a": {"type": "array", "contains": {"const": "seen"}}}}, id="contains"),
        pytest.param({"$defs": {"a": {"enum": ["seen"]}}}, id="$defs"),
        pytest.param(
            {"allOf": [record(a={"enum": ["seen"]}), record(a={"enum": ["more", "less"]})]}, id="contradicted"
        ),
    ],
)
def test_an_enum_of_no_value_has_a_class_all_the_same(schema: Any) -> None:
    """Whoever makes such a value wants its names."""
    result = lowered({"A": {"type": "object", **schema}})
    assert ("seen",) in classes(result).values()
    assert result.repairs["enum_of_no_value"] == 1


def test_an_enum_of_a_callback_or_a_header_has_a_class() -> None:
    """Neither is a value that a call sends or returns."""
    content = {"content": {"application/json": {"schema": {"enum": ["called"]}}}}
    called = {"post": {"requestBody": content, "responses": {"204": {"description": ""}}}}
    headers = {"X-A": {"schema": {"enum": ["sent"]}}}
    operation = {
        "responses": {"204": {"description": "", "headers": headers}},
        "callbacks": {"done": {"{$request.body#/url}": called}},
    }
    found = classes(lowered({}, paths={"/x": {"get": operation}}))
    assert {("called",), ("sent",)} <= set(found.values())


def test_values_that_an_enum_has_need_no_second_one() -> None:
    """A constant that is a literal somewhere is held as well."""
    schemas = {
        "A": {"type": "object", "propertyNames": {"enum": ["b", "a"]}, "properties": {"k": {"const": "x"}}},
        "E": {"enum": ["a", "b"]},
        "B": {"type": "object", "properties": {"n": {"not": {"const": "x"}}}},
    }
    assert "enum_of_no_value" not in lowered(schemas).repairs


@pytest.mark.parametrize("word", ["example", "default", "x-values"])
def test_data_that_looks_like_an_enum_is_none(word: str) -> None:
    """What an example holds is no schema; a property of that name is one."""
    assert list(classes(lowered({"A": {**record(x=STRING), word: {"enum": ["no"]}}}))) == ["A"]
    assert ("yes",) in classes(lowered({"A": record(**{word: {"enum": ["yes"]}})})).values()


def test_the_enums_of_the_original_are_kept() -> None:
    """A repair may have taken one apart; the count goes by what the document said."""
    from specpipe.lower import lower

    repaired, original = document({"A": record(x=STRING)}), document({"A": record(x={"enum": ["was"]})})
    shown = schemas_of(lower(repaired, original=original))
    assert [schema["enum"] for schema in shown.values() if "enum" in schema] == [["was"]]


@pytest.mark.parametrize(
    ("schema", "shown"),
    [
        pytest.param({"enum": [True, False]}, {"type": "boolean"}, id="booleans"),
        pytest.param({"enum": ["a", 1]}, {"anyOf": [ref("E2"), ref("EType1")]}, id="mixture"),
        pytest.param({"const": "x"}, {"const": "x"}, id="constant"),
    ],
)
def test_a_component_that_is_no_class_is_an_alias(schema: Any, shown: Any) -> None:
    """Its values stand where it is referred to."""
    assert alias(lowered({"E": schema}), "E") == shown


def test_floats_are_shown_as_text() -> None:
    """The generator knows no float enum; finishing makes one of it."""
    shown = schemas_of(lowered({"E": {"type": "number", "enum": [0.5, 1.0]}}))["E"]
    assert (shown["type"], shown["enum"], shown["x-float-enum"]) == ("string", ["0.5", "1.0"], True)


def test_members_are_values_of_one_type() -> None:
    """What a group is."""
    assert members(["a"], (), Context(document={})) == (Members(kind="string", values=("a",)),)


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"servers": [{"url": "/{v}", "variables": {"v": {"enum": ["a", "b"]}}}]}, id="server variable"),
        pytest.param({"security": [{"const": []}]}, id="security"),
    ],
)
def test_a_list_of_values_outside_of_schemas_is_no_enum(more: dict[str, Any]) -> None:
    """No value of a call is one of them."""
    result = lowered({"A": record(x=STRING)}, **more)
    assert (list(classes(result)), result.repairs) == (["A"], {})


def test_a_word_of_a_mapping_is_no_constant() -> None:
    """`const` is a value there like any other."""
    mapping = {"const": "#/components/schemas/A", "other": "B"}
    union = {"oneOf": [ref("A"), ref("B")], "discriminator": {"propertyName": "x", "mapping": mapping}}
    result = lowered({"A": record(x=STRING), "B": record(x=STRING), "C": record(v=union)})
    assert list(classes(result)) == ["A", "B", "C"]


def test_a_property_may_be_called_like_a_place_without_schemas() -> None:
    """It is a schema all the same, and its values are an enum."""
    result = lowered({"A": {"not": record(links={"enum": ["seen"]}, servers={"enum": ["too"]})}})
    assert {("seen",), ("too",)} <= set(classes(result).values())
