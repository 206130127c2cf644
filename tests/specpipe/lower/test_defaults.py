"""A default that is a value of its type stays; one that is not would not run, or be refused, and is left out."""

from __future__ import annotations

from typing import Any

import pytest
from specpipe.lower.context import Context
from specpipe.lower.defaults import fits, with_default, without_default

from tests.specpipe.lower.shown import INTEGER, NULL, STRING, bare, field, record, ref

COLOUR = {"Colour": {"type": "string", "enum": ["red", "blue"]}}
SHOWN = {ref("Colour")["$ref"]: COLOUR["Colour"]}
UUID = {"type": "string", "format": "uuid"}
DATE = {"type": "string", "format": "date"}
TIME = {"type": "string", "format": "date-time"}


@pytest.mark.parametrize(
    ("default", "shown"),
    [
        pytest.param("x", STRING, id="text"),
        pytest.param("", STRING, id="empty text"),
        pytest.param("any", {"type": "string", "format": "hostname"}, id="unknown format"),
        pytest.param("2020-02-29", DATE, id="date"),
        pytest.param("2020-02-29T01:02:03Z", TIME, id="time"),
        pytest.param("12345678-1234-5678-1234-567812345678", UUID, id="uuid"),
        pytest.param(0, INTEGER, id="zero"),
        pytest.param(1.5, {"type": "number"}, id="float"),
        pytest.param(1, {"type": "number"}, id="integer for number"),
        pytest.param(False, {"type": "boolean"}, id="false"),
        pytest.param("red", ref("Colour"), id="member"),
        pytest.param("x", {"const": "x"}, id="constant"),
        pytest.param(3, {"anyOf": [STRING, INTEGER, NULL]}, id="a branch"),
        pytest.param("blue", {"anyOf": [ref("Colour"), NULL]}, id="member in a branch"),
    ],
)
def test_a_default_of_its_type_fits(default: Any, shown: Any) -> None:
    """Also where it is false to Python."""
    assert fits(default, shown, SHOWN)


@pytest.mark.parametrize(
    ("default", "shown"),
    [
        pytest.param(5, STRING, id="number for text"),
        pytest.param("5", INTEGER, id="text for number"),
        pytest.param(True, INTEGER, id="boolean for integer"),
        pytest.param(True, {"type": "number"}, id="boolean for number"),
        pytest.param(1.5, INTEGER, id="float for integer"),
        pytest.param(float("inf"), {"type": "number"}, id="infinity"),
        pytest.param(float("nan"), {"type": "number"}, id="not a number"),
        pytest.param("true", {"type": "boolean"}, id="text for boolean"),
        pytest.param(1, {"type": "boolean"}, id="one for boolean"),
        pytest.param("now", DATE, id="no date"),
        pytest.param("2021-02-29", DATE, id="no such date"),
        pytest.param("soon", TIME, id="no time"),
        pytest.param("me", UUID, id="no uuid"),
        pytest.param("x", {"type": "string", "format": "binary"}, id="file"),
        pytest.param("green", ref("Colour"), id="no member"),
        pytest.param("red", ref("Pet"), id="class"),
        pytest.param("y", {"const": "x"}, id="another constant"),
        pytest.param(1, {"const": True}, id="equal, of another type"),
        pytest.param([], {"type": "array", "items": STRING}, id="list"),
        pytest.param("x", {}, id="anything"),
        pytest.param("x", NULL, id="null"),
        pytest.param(True, {"anyOf": [STRING, INTEGER]}, id="no branch"),
    ],
)
def test_a_default_of_another_type_does_not_fit(default: Any, shown: Any) -> None:
    """The generator would give up, or write code that sends what the vendor refuses."""
    assert not fits(default, shown, SHOWN)


def test_floats_of_an_enum_have_no_default() -> None:
    """They are shown as text, so that a default would be one."""
    shown = {ref("Half")["$ref"]: {"type": "string", "enum": ["0.5"], "x-float-enum": True}}
    assert not fits("0.5", ref("Half"), shown)


@pytest.mark.parametrize(
    ("schema", "shown"),
    [
        pytest.param({**STRING, "default": "x"}, {**STRING, "default": "x"}, id="scalar"),
        pytest.param({**ref("Colour"), "default": "red"}, {"allOf": [ref("Colour")], "default": "red"}, id="reference"),
        pytest.param(
            {"allOf": [ref("Colour")], "default": "red"}, {"allOf": [ref("Colour")], "default": "red"}, id="member"
        ),
        pytest.param(
            {"type": "string", "nullable": True, "default": "x"},
            {"anyOf": [STRING, NULL], "default": "x"},
            id="or null",
        ),
        pytest.param({**STRING, "default": None}, STRING, id="null"),
        pytest.param(ref("WithDefault"), STRING, id="of what is referred to"),
        pytest.param({"type": "array", "items": STRING, "default": []}, {"type": "array", "items": STRING}, id="list"),
    ],
)
def test_a_default_stands_where_the_generator_reads_it(schema: Any, shown: Any) -> None:
    """A default of a component is none of whoever refers to it."""
    found, result = field(schema, **COLOUR, WithDefault={**STRING, "default": "x"})
    assert found == shown
    assert result.repairs == {}


def test_an_inline_enum_has_its_default() -> None:
    """The class is made first."""
    shown, _ = field({"type": "string", "enum": ["a", "b"], "default": "b"})
    assert shown == {"allOf": [ref("HolderValue")], "default": "b"}


def test_a_default_that_does_not_fit_costs_the_generator_the_class() -> None:
    """And us the default; it is counted."""
    schema = {"type": "string", "format": "date", "default": "today"}
    assert bare({"A": record(v=schema)}).classes == {}
    shown, result = field(schema)
    assert (shown, result.repairs) == ({"type": "string", "format": "date"}, {"unfit_default": 1})


def test_a_default_of_parts_is_not_counted() -> None:
    """Python writes no list or object as a default."""
    context = Context(document={})
    assert with_default({"type": "array", "items": {}}, ["x"], None, {}, context) == {"type": "array", "items": {}}
    assert not context.tally


@pytest.mark.parametrize(
    "shown", [{**STRING, "default": "x"}, {"allOf": [ref("Colour")], "default": "red"}, ref("Colour"), STRING]
)
def test_where_a_default_means_nothing_there_is_none(shown: dict[str, Any]) -> None:
    """Items and branches have no default."""
    assert without_default(shown) in (STRING, ref("Colour"))


@pytest.mark.parametrize("value", ['"', "\\", "a\nb", "\t", "a\u200bb"], ids=repr)
def test_a_member_that_is_escaped_in_code_is_no_default(value: str) -> None:
    """The generator does not find it among the values, and drops the class or the operation."""
    enum = {"type": "string", "enum": [value, "other"]}
    assert bare({"A": record(b={**enum, "default": value})}).problems != () or not value.isprintable()
    shown, result = field({**enum, "default": value})
    assert "default" not in shown
    assert result.repairs["unfit_default"] == 1
