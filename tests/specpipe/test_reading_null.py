"""A null that the document forbids does not cost the rest of a reply: every kind of field reads it, and writes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from specpipe.finish.readers import Needs, Readers
from specpipe.finish.shown import Shown

from tests.specpipe.finished import TEXT, Package, document, importable, json_of, objects, ref, shown, write

ONE = {"a": 1}
KINDS: dict[str, tuple[dict[str, Any], Any]] = {
    "text": (TEXT, "t"),
    "number": ({"type": "number"}, 1.5),
    "integer": ({"type": "integer"}, 1),
    "boolean": ({"type": "boolean"}, True),
    "date": ({**TEXT, "format": "date"}, "2020-01-02"),
    "moment": ({**TEXT, "format": "date-time"}, "2020-01-02T03:04:05+00:00"),
    "uuid": ({**TEXT, "format": "uuid"}, "00000000-0000-0000-0000-000000000001"),
    "binary": ({**TEXT, "format": "binary"}, "bytes"),
    "text enum": (ref("Color"), "red"),
    "number enum": (ref("Level"), 5),
    "model": (ref("One"), ONE),
    "constant": ({"const": "c"}, "c"),
    "texts": ({"type": "array", "items": TEXT}, ["t"]),
    "dates": ({"type": "array", "items": {**TEXT, "format": "date"}}, ["2020-01-02"]),
    "models": ({"type": "array", "items": ref("One")}, [ONE]),
    "rows of enums": ({"type": "array", "items": {"type": "array", "items": ref("Color")}}, [["red"], ["green"]]),
    "map of models": ({"type": "object", "additionalProperties": ref("One")}, {"k": ONE}),
    "map of lists": ({"type": "object", "additionalProperties": {"type": "array", "items": ref("One")}}, {"k": [ONE]}),
    "union": ({"anyOf": [ref("One"), ref("Color"), {"type": "array", "items": ref("One")}]}, [ONE]),
    "union of models": ({"anyOf": [ref("One"), ref("Two")]}, {"b": "b"}),
    "unions": ({"type": "array", "items": {"anyOf": [ref("One"), ref("Two")]}}, [ONE, {"b": "b"}]),
}
NULL = {"type": "null"}
SCHEMAS = {
    "Color": {**TEXT, "enum": ["red", "green"]},
    "Level": {"type": "integer", "enum": [5]},
    "One": objects({"a": {"type": "integer"}}, "a"),
    "Two": objects({"b": TEXT}, "b"),
    "Required": objects({name: schema for name, (schema, _) in KINDS.items()}, *KINDS),
    "Optional": objects({name: schema for name, (schema, _) in KINDS.items()}),
    "Nullable": objects({name: {"anyOf": [schema, NULL]} for name, (schema, _) in KINDS.items()}, *KINDS),
    "OptionalNullable": objects({name: {"anyOf": [schema, NULL]} for name, (schema, _) in KINDS.items()}),
}
LISTS = {"texts", "dates", "models", "rows of enums", "unions"}
BODIES: dict[str, dict[str, Any]] = {
    "one": ref("One"),
    "color": ref("Color"),
    "ones": {"type": "array", "items": ref("One")},
    "texts": {"type": "array", "items": TEXT},
    "either": {"anyOf": [ref("One"), ref("Two")]},
    "moment": {**TEXT, "format": "date-time"},
    "text": TEXT,
}
PATHS = {
    **{
        f"/{name}": {"get": {"operationId": f"get_{name}", "responses": {"200": json_of(schema)}}}
        for name, schema in BODIES.items()
    },
    "/nothing": {"get": {"operationId": "get_nothing", "responses": {"200": json_of({"anyOf": [ref("One"), NULL]})}}},
}
EACH = pytest.mark.parametrize("field", KINDS)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Package]:
    folder: Path = tmp_path_factory.mktemp("null") / "null_client"
    write(document(SCHEMAS, PATHS), folder)
    with importable(folder):
        yield Package("null_client")


def _whole() -> dict[str, Any]:
    return {name: example for name, (_, example) in KINDS.items()}


def _attribute(field: str) -> str:
    return field.replace(" ", "_")


@pytest.mark.parametrize("name", ["Required", "Optional", "Nullable", "OptionalNullable"])
def test_what_is_read_is_written_again(package: Package, name: str) -> None:
    """Every kind of field, with a value that the document allows."""
    read = getattr(package.models, name).from_dict(_whole())
    assert read.to_dict() == _whole()
    assert not read.additional_properties


@EACH
def test_a_required_null_is_none_or_an_empty_list(package: Package, field: str) -> None:
    """The other fields are read as ever, and the null is written again."""
    read = package.models.Required.from_dict({**_whole(), field: None})
    expected: list[Any] | None = [] if field in LISTS else None
    assert getattr(read, _attribute(field)) == expected
    assert read.to_dict() == {**_whole(), field: expected}


@EACH
def test_an_optional_null_is_unset(package: Package, field: str) -> None:
    """The type knows no null there; nothing is written."""
    read = package.models.Optional.from_dict({**_whole(), field: None})
    assert getattr(read, _attribute(field)) is package.module("types").UNSET
    assert read.to_dict() == {name: value for name, value in _whole().items() if name != field}


@EACH
@pytest.mark.parametrize("name", ["Nullable", "OptionalNullable"])
def test_a_null_that_is_allowed_is_none(package: Package, name: str, field: str) -> None:
    """Lists too."""
    read = getattr(package.models, name).from_dict({**_whole(), field: None})
    assert getattr(read, _attribute(field)) is None
    assert read.to_dict() == {**_whole(), field: None}


@EACH
def test_a_field_that_is_not_there_is_unset(package: Package, field: str) -> None:
    """Whether null is allowed or not."""
    received = {name: value for name, value in _whole().items() if name != field}
    for name in ("Optional", "OptionalNullable"):
        read = getattr(package.models, name).from_dict(received)
        assert getattr(read, _attribute(field)) is package.module("types").UNSET
        assert read.to_dict() == received


@pytest.mark.parametrize("value", [{}, ""], ids=repr)
def test_a_required_field_that_is_not_there_is_an_error(package: Package, value: Any) -> None:
    """As is a value of another type."""
    with pytest.raises((KeyError, TypeError)):
        package.models.One.from_dict(value)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        pytest.param("dates", [None, "2020-01-02"], id="date in a list"),
        pytest.param("models", [None, ONE], id="model in a list"),
        pytest.param("texts", [None, "t"], id="text in a list"),
        pytest.param("rows of enums", [None, [None, "red"]], id="list in a list"),
        pytest.param("map of models", {"k": None, "l": ONE}, id="model in a map"),
        pytest.param("map of lists", {"k": [None], "m": [ONE]}, id="list in a map"),
        pytest.param("unions", [None, ONE, {"b": None}], id="union in a list"),
    ],
)
@pytest.mark.parametrize("name", ["Required", "Optional"])
def test_null_inside_a_list_or_a_map_stays(package: Package, name: str, field: str, value: Any) -> None:
    """It is None there, and is written as null."""
    read = getattr(package.models, name).from_dict({**_whole(), field: value})
    assert read.to_dict()[field] == value


@pytest.mark.parametrize("operation", BODIES)
def test_a_body_that_is_null_is_unreadable(package: Package, operation: str) -> None:
    """The document declares one."""
    with pytest.raises(package.module("errors").UnreadableReply):
        package.reply(f"default.get_{operation}", httpx.Response(200, content=b"null"))


def test_a_body_that_may_be_null_is_none(package: Package) -> None:
    """And a model otherwise."""
    assert package.reply("default.get_nothing", httpx.Response(200, content=b"null")).parsed is None
    assert package.reply("default.get_nothing", httpx.Response(200, json=ONE)).parsed.to_dict() == ONE


def test_a_field_is_taken_as_it_is_where_nothing_is_to_be_done() -> None:
    """An allowed null of a plain type needs no function."""
    readers, needs = Readers(Shown(shown({}))), Needs()
    assert readers.field({"anyOf": [TEXT, NULL]}, "x", required=False, needs=needs) == "d.pop('x', UNSET)"
    assert readers.field(TEXT, "x", required=True, needs=needs) == "d.pop('x')"
    assert readers.field({}, "x", required=False, needs=needs) == "d.pop('x', UNSET)"
    assert needs == Needs()
