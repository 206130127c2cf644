"""Unions of a built package: the tag decides, then the first branch that fits; nothing that comes is lost."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from specpipe.finish.readers import Needs, Readers
from specpipe.finish.shown import Shown

from tests.generated.packages import SECRET
from tests.specpipe.finished import TEXT, Package, document, importable, json_of, objects, ref, shown, write

WHEN = {**TEXT, "format": "date"}
MOMENT = {**TEXT, "format": "date-time"}
DIGITS = "0123456789abcdef0123456789abcdef"
HYPHENS = "01234567-89ab-cdef-0123-456789abcdef"
PETS = {
    "oneOf": [ref("Cat"), ref("Dog")],
    "discriminator": {"propertyName": "kind", "mapping": {"cat": "Cat", "hound": "Dog"}},
}
SCHEMAS: dict[str, Any] = {
    "Cat": objects({"kind": TEXT, "born": WHEN, "friend": ref("Pet")}, "kind"),
    "Dog": objects({"kind": TEXT, "born": WHEN}, "kind"),
    "Pet": PETS,
    "Circle": objects({"shape": {"const": "circle"}, "radius": {"type": "number"}}),
    "Square": objects({"shape": {"const": "square"}, "side": {"type": "number"}}),
    "Step": objects({"state": ref("Early")}, "state"),
    "Stop": objects({"state": ref("Late"), "reason": TEXT}, "state"),
    "Early": {**TEXT, "enum": ["new", "same"]},
    "Late": {**TEXT, "enum": ["done", "same"]},
    "Color": {**TEXT, "enum": ["red"]},
    "Size": {**TEXT, "enum": ["small"]},
    "Level": {"type": "integer", "enum": [1]},
    "A": objects({"a": WHEN}, "a"),
    "B": objects({"b": TEXT}, "b"),
    "Holder": objects(
        {
            "pet": ref("Pet"),
            "pets": {"type": "array", "items": ref("Pet")},
            "shape": {"anyOf": [ref("Circle"), ref("Square")]},
            "stage": {"anyOf": [ref("Step"), ref("Stop")]},
            "enums": {"anyOf": [ref("Color"), ref("Size")]},
            "enum or text": {"anyOf": [ref("Color"), TEXT]},
            "enum or model": {"anyOf": [ref("Color"), ref("B")]},
            "level or flag": {"anyOf": [ref("Level"), {"type": "boolean"}]},
            "first": {"anyOf": [ref("A"), ref("B")]},
            "date or text": {"anyOf": [WHEN, TEXT]},
            "moment or text": {"anyOf": [MOMENT, TEXT]},
            "moment or date": {"anyOf": [MOMENT, WHEN]},
            "uuid or text": {"anyOf": [{**TEXT, "format": "uuid"}, TEXT]},
            "uuids or texts": {
                "anyOf": [
                    {"type": "array", "items": {**TEXT, "format": "uuid"}},
                    {"type": "array", "items": TEXT},
                ]
            },
            "maybe uuid": {"anyOf": [{**TEXT, "format": "uuid"}, {"type": "null"}]},
            "model or anything": {"anyOf": [ref("B"), {"type": "array", "items": ref("A")}, {}]},
            "list or model": {"anyOf": [{"type": "array", "items": ref("A")}, ref("B")]},
            "maybe": {"anyOf": [ref("B"), {"type": "null"}]},
            "maybe date": {"anyOf": [WHEN, {"type": "null"}]},
            "maybe enum": {"anyOf": [ref("Color"), {"type": "null"}]},
            "maybe dates": {"type": "array", "items": {"anyOf": [WHEN, {"type": "null"}]}},
        }
    ),
}
REPLIES: dict[str, dict[str, Any]] = {
    "pet": ref("Pet"),
    "either": {"anyOf": [ref("A"), ref("B")]},
    "maybe": {"anyOf": [ref("B"), {"type": "null"}]},
    "list or model": {"anyOf": [{"type": "array", "items": ref("A")}, ref("B")]},
    "enum or model": {"anyOf": [ref("Color"), ref("B")]},
}
PATHS = {
    f"/{index}": {"get": {"operationId": f"get {name}", "responses": {"200": json_of(schema)}}}
    for index, (name, schema) in enumerate(REPLIES.items())
}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Package]:
    folder = tmp_path_factory.mktemp("unions") / "unions_client"
    write(document(SCHEMAS, PATHS), folder)
    with importable(folder):
        yield Package("unions_client")


def _read(package: Package, field: str, value: Any) -> Any:
    """What the field is read as; it is written again as it came."""
    holder = package.models.Holder.from_dict({field: value})
    assert holder.to_dict() == {field: value}
    return getattr(holder, field.replace(" ", "_"))


CASES: list[tuple[str, Any, str]] = [
    ("pet", {"kind": "cat", "more": 1}, "Cat"),
    ("pet", {"kind": "hound"}, "Dog"),
    ("pet", {"kind": "Dog"}, "UnknownObject"),
    ("pet", {"kind": "bird", "wings": 2}, "UnknownObject"),
    ("pet", {"kind": None}, "UnknownObject"),
    ("pet", {"kind": ["cat"]}, "UnknownObject"),
    ("pet", {}, "UnknownObject"),
    ("pet", "text", "str"),
    ("pet", [{"kind": "cat"}], "list"),
    ("shape", {"shape": "circle", "radius": 1}, "Circle"),
    ("shape", {"shape": "square"}, "Square"),
    ("shape", {"shape": "oval"}, "UnknownObject"),
    ("shape", {"radius": 1}, "Circle"),
    ("stage", {"state": "new"}, "Step"),
    ("stage", {"state": "same"}, "Step"),
    ("stage", {"state": "done", "reason": "r"}, "Stop"),
    ("stage", {"state": "lost"}, "UnknownObject"),
    ("enums", "red", "Color"),
    ("enums", "small", "Size"),
    ("enums", "huge", "str"),
    ("enums", 5, "int"),
    ("enum or text", "red", "Color"),
    ("enum or text", "blue", "str"),
    ("enum or model", "blue", "str"),
    ("enum or model", {"b": "b"}, "B"),
    ("enum or model", {"c": "c"}, "UnknownObject"),
    ("level or flag", 1, "Level"),
    ("level or flag", True, "bool"),
    ("level or flag", 2, "int"),
    ("first", {"a": "2020-01-02"}, "A"),
    ("first", {"b": "b"}, "B"),
    ("first", {"a": "2020-01-02", "b": "b"}, "A"),
    ("first", {"a": "no date", "b": "b"}, "B"),
    ("first", {"a": "no date"}, "UnknownObject"),
    ("date or text", "2020-01-02", "date"),
    ("date or text", "tomorrow", "str"),
    ("date or text", "20200102", "str"),
    ("date or text", "2020-W01-2", "str"),
    ("date or text", "2020-02-30", "str"),
    ("moment or text", "2020-01-02T03:04:05+00:00", "datetime"),
    ("moment or text", "2020-01-02T03:04:05", "datetime"),
    ("moment or text", "2020-01-02T03:04:05.123456-01:30", "datetime"),
    ("moment or text", "2020-01-02", "str"),
    ("moment or text", "20200102", "str"),
    ("moment or text", "20200102T030405", "str"),
    ("moment or text", "2020-01-02 03:04:05", "str"),
    ("moment or text", "2020-01-02T25:04:05Z", "str"),
    ("moment or date", "2020-01-02", "date"),
    ("moment or date", "2020-01-02T03:04:05+00:00", "datetime"),
    ("moment or date", "20200102", "str"),
    ("moment or date", 20200102, "int"),
    ("uuid or text", HYPHENS, "UUID"),
    ("uuid or text", HYPHENS.upper(), "str"),
    ("uuid or text", DIGITS, "str"),
    ("uuid or text", f"{{{HYPHENS}}}", "str"),
    ("uuid or text", f"urn:uuid:{HYPHENS}", "str"),
    ("uuids or texts", [DIGITS], "list"),
    ("maybe uuid", HYPHENS, "UUID"),
    ("maybe uuid", "none", "str"),
    ("model or anything", {"b": "b"}, "dict"),
    ("model or anything", {"c": "c"}, "dict"),
    ("model or anything", [{"a": "2020-01-02"}], "list"),
    ("model or anything", 5, "int"),
    ("list or model", [{"a": "2020-01-02"}], "list"),
    ("list or model", [{"a": "no date"}], "list"),
    ("list or model", {"b": "b"}, "B"),
    ("maybe", {"b": "b"}, "B"),
    ("maybe", {"c": "c"}, "UnknownObject"),
    ("maybe", None, "NoneType"),
    ("maybe date", "2020-01-02", "date"),
    ("maybe date", "0000-00-00", "str"),
    ("maybe date", 1577923200, "int"),
    ("maybe enum", "blue", "Color"),
    ("maybe enum", 5, "int"),
    ("maybe dates", ["2020-01-02", None, "never"], "list"),
]


@pytest.mark.parametrize(("field", "value", "kind"), CASES, ids=[f"{field}: {value}" for field, value, _ in CASES])
def test_a_value_is_read_by_the_branch_that_fits(package: Package, field: str, value: Any, kind: str) -> None:
    """And is kept as it is where none does."""
    assert type(_read(package, field, value)).__name__ == kind


def test_a_time_in_a_union_may_be_spelled_with_a_z(package: Package) -> None:
    """As most are."""
    moment = package.models.Holder.from_dict({"moment or text": "2020-01-02T03:04:05.5Z"}).moment_or_text
    assert moment == datetime.datetime(2020, 1, 2, 3, 4, 5, 500_000, tzinfo=datetime.UTC)


def test_where_there_is_no_other_text_any_spelling_is_read(package: Package) -> None:
    """A UUID in 32 digits can be nothing else."""
    assert package.models.Holder.from_dict({"maybe uuid": DIGITS}).maybe_uuid == UUID(DIGITS)


@pytest.mark.parametrize("field", list(dict.fromkeys(field for field, _, _ in CASES)))
def test_null_never_crashes(package: Package, field: str) -> None:
    """An optional union is UNSET then."""
    holder = package.models.Holder.from_dict({field: None})
    assert not getattr(holder, field.replace(" ", "_"))


def test_unions_in_lists_are_read_each(package: Package) -> None:
    """An object without a known tag among them is no trouble to the others."""
    read = _read(package, "pets", [{"kind": "cat"}, {"kind": "bird"}, {"kind": "hound"}, None])
    assert [type(item).__name__ for item in read] == ["Cat", "UnknownObject", "Dog", "NoneType"]


def test_what_is_wrong_inside_a_tagged_object_is_an_error(package: Package) -> None:
    """The tag leaves no choice, so it is the same as in a plain field."""
    with pytest.raises(ValueError, match="Invalid isoformat"):
        package.models.Holder.from_dict({"pet": {"kind": "cat", "born": "never"}})


@pytest.mark.parametrize("content", [{}, {"a": "no date"}, [], "text", 1], ids=repr)
def test_a_whole_reply_that_fits_no_branch_is_unreadable(package: Package, content: Any) -> None:
    """As one that does not fit the one class that is declared."""
    errors = package.module("errors")
    for operation in ("get_either", "get_maybe", "get_list_or_model"):
        if (operation, content) != ("get_list_or_model", []):
            with pytest.raises(errors.UnreadableReply):
                package.reply(f"default.{operation}", httpx.Response(200, json=content))


def test_a_whole_reply_that_fits_a_branch_is_read(package: Package) -> None:
    """Null only where it is declared."""
    reply = httpx.Response(200, json={"b": "b"})
    for operation in ("get_either", "get_maybe", "get_list_or_model", "get_enum_or_model"):
        assert package.reply(f"default.{operation}", reply).parsed == package.models.B(b="b")
    assert package.reply("default.get_maybe", httpx.Response(200, content=b"null")).parsed is None
    with pytest.raises(package.module("errors").UnreadableReply):
        package.reply("default.get_either", httpx.Response(200, content=b"null"))


def test_a_whole_reply_that_is_a_new_constant_is_its_text(package: Package) -> None:
    """It is no object of another kind."""
    assert package.reply("default.get_enum_or_model", httpx.Response(200, json="blue")).parsed == "blue"


@pytest.mark.parametrize("content", ["text", [], 1, None], ids=repr)
def test_a_whole_reply_that_has_no_tag_at_all_is_unreadable(package: Package, content: Any) -> None:
    """An object without a known one is kept."""
    with pytest.raises(package.module("errors").UnreadableReply):
        package.reply("default.get_pet", httpx.Response(200, content=json.dumps(content).encode()))
    kept = package.reply("default.get_pet", httpx.Response(200, json={"kind": "bird"})).parsed
    assert type(kept).__name__ == "UnknownObject"


def test_an_unknown_object_keeps_its_fields_out_of_sight(package: Package) -> None:
    """They are there by name, and its repr shows the names alone."""
    pet = package.reply("default.get_pet", httpx.Response(200, json={"kind": "bird", "key": SECRET})).parsed
    assert repr(pet) == "UnknownObject(additional_properties=<'kind', 'key'>)"
    assert pet["key"] == SECRET
    assert "key" in pet
    assert pet.additional_keys == ["kind", "key"]
    pet["more"] = 1
    del pet["key"]
    assert pet.to_dict() == {"kind": "bird", "more": 1}
    assert pet == package.module("types").UnknownObject.from_dict({"kind": "bird", "more": 1})
    with pytest.raises(TypeError, match="not a JSON object"):
        type(pet).from_dict([])


def test_nesting_without_end_is_told_and_not_swallowed(package: Package) -> None:
    """A union that took it for a misfit would try every branch at every depth."""
    nested: dict[str, Any] = {"kind": "cat"}
    for _ in range(2_000):
        nested = {"kind": "cat", "friend": nested}
    with pytest.raises(RecursionError):
        package.models.Cat.from_dict(nested)


def test_a_constant_that_is_null_says_nothing_of_the_branch(package: Package) -> None:
    """As if it were not there; the first branch takes the object."""
    assert type(package.models.Holder.from_dict({"shape": {"shape": None}}).shape) is package.models.Circle


def test_a_branch_that_is_anything_keeps_an_object_as_it_is() -> None:
    """It needs no class to be allowed."""
    readers = Readers(Shown(shown({"B": objects({})})))
    written = readers.read({"anyOf": [ref("B"), {}]}, "value", Needs())
    assert written == "_one_of(value, B.from_dict, keep_objects=True)"


def test_a_constant_that_differs_is_kept_outside_of_a_union(package: Package) -> None:
    """There is nothing else that the object could be."""
    assert package.models.Circle.from_dict({"shape": "oval"}).to_dict() == {"shape": "oval"}
