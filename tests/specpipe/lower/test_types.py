"""A type that is not stated, stated twice or misspelt is what the schema means, or any."""

from __future__ import annotations

from typing import Any

import pytest
from specpipe.lower.context import Context
from specpipe.lower.merging import Merged
from specpipe.lower.types import types_of, word

from tests.specpipe.lower.shown import STRING, bare, classes, field, lowered, record, ref


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("string", ("string", None)),
        ("String", ("string", None)),
        (" integer ", ("integer", None)),
        ("int", ("integer", None)),
        ("long", ("integer", None)),
        ("float", ("number", None)),
        ("bool", ("boolean", None)),
        ("file", ("string", "binary")),
        ("date", ("string", "date")),
        ("datetime", ("string", "date-time")),
        ("uuid", ("string", "uuid")),
        ("list", ("array", None)),
        ("map", ("object", None)),
        ("none", ("null", None)),
        ("any", None),
        ("Pet", None),
        ("", None),
    ],
)
def test_a_word_for_a_type(text: str, meaning: Any) -> None:
    """A word that means nothing says nothing."""
    assert word(text) == meaning


@pytest.mark.parametrize(
    ("schema", "shown"),
    [
        pytest.param({"type": "int"}, {"type": "integer"}, id="misspelt"),
        pytest.param({"type": "date"}, {"type": "string", "format": "date"}, id="a format"),
        pytest.param({"type": "file"}, {"type": "string", "format": "binary"}, id="file"),
        pytest.param({"type": "date", "format": "date-time"}, {"type": "string", "format": "date-time"}, id="both"),
        pytest.param({"type": "Widget"}, {}, id="unknown"),
        pytest.param({"type": ["Widget", "string"]}, STRING, id="unknown among known"),
    ],
)
def test_a_word_that_is_no_type_is_counted(schema: Any, shown: Any) -> None:
    """The generator refuses the whole document for it."""
    assert bare({"A": record(v=schema), "B": record()}).classes == {}
    found, result = field(schema)
    assert (found, result.repairs["type_word"]) == (shown, 1)


@pytest.mark.parametrize(
    ("keywords", "types"),
    [
        pytest.param({"type": "string"}, ["string"], id="one"),
        pytest.param({"type": ["string", "integer"]}, ["string", "integer"], id="two"),
        pytest.param({"type": ["integer", "number"]}, ["number"], id="every integer is a number"),
        pytest.param({"type": ["string", "null"]}, ["string"], id="null aside"),
        pytest.param({"type": ["string", "String"]}, ["string"], id="twice"),
        pytest.param({"type": []}, [], id="none of none"),
        pytest.param({}, [], id="nothing"),
        pytest.param({"properties": {}}, ["object"], id="properties"),
        pytest.param({"patternProperties": {}}, ["object"], id="patterns"),
        pytest.param({"additionalProperties": {}}, ["object"], id="schema of the rest"),
        pytest.param({"additionalProperties": True}, [], id="the rest is open"),
        pytest.param({"items": {}}, ["array"], id="items"),
        pytest.param({"prefixItems": []}, ["array"], id="places"),
        pytest.param({"format": "date-time"}, ["string"], id="format of a text"),
        pytest.param({"format": "int32"}, [], id="format of a number"),
        pytest.param({"required": ["a"]}, [], id="required"),
        pytest.param({"enum": ["a"], "properties": {}}, [], id="enum"),
        pytest.param({"const": "a", "format": "uuid"}, [], id="constant"),
    ],
)
def test_the_types_of_a_schema(keywords: dict[str, Any], types: list[str]) -> None:
    """Stated, or plain from what is said of the value."""
    context = Context(document={})
    assert types_of(Merged(keywords=keywords), context) == types
    assert context.tally["implied_type"] == ("type" not in keywords and types != [])


def test_a_word_that_means_nothing_beside_properties_is_an_object() -> None:
    """What stands beside it says more than the word."""
    member = {"type": "record", "properties": {"x": STRING}}
    result = lowered({"A": {"allOf": [ref("B"), member]}, "B": record(y=STRING)})
    assert classes(result) == {"A": ("y", "x"), "B": ("y",)}


def test_types_are_counted_once() -> None:
    """However often one asks."""
    context, schema = Context(document={}), Merged(keywords={"type": "int"})
    assert [types_of(schema, context) for _ in range(3)] == [["integer"]] * 3
    assert context.tally == {"type_word": 1}


@pytest.mark.parametrize(
    ("schema", "shown"),
    [
        pytest.param({"type": "string", "format": "uuid"}, {"type": "string", "format": "uuid"}, id="uuid"),
        pytest.param({"type": "string", "format": 3}, STRING, id="no text"),
        pytest.param({"type": "integer", "format": "int64"}, {"type": "integer"}, id="of a number"),
        pytest.param(
            {"type": ["string", "integer"], "format": "uuid"},
            {"anyOf": [{"type": "string", "format": "uuid"}, {"type": "integer"}]},
            id="of one type of two",
        ),
        pytest.param(
            {"type": ["string", "integer"], "format": "binary"}, {"anyOf": [STRING, {"type": "integer"}]}, id="no file"
        ),
    ],
)
def test_a_format_is_the_texts(schema: Any, shown: Any) -> None:
    """A number's format makes no type; a file is nothing else besides."""
    assert field(schema)[0] == shown
