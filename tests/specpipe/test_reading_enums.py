"""Enums of a built package hold the document's values to the character, and keep those that it does not list."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Iterator
from typing import Any

import pytest
from specpipe.faults import FinishError
from specpipe.finish.enums import enum_module

from tests.specpipe.finished import Package, document, importable, objects, ref, write

ODD = [
    "",
    "a\nb",
    "a\tb",
    "\x00",
    '"',
    "'",
    "\\",
    "\\n",
    "\ud800",
    "\u2028",
    "\u2801",
    "{x}",
    "name",
    "mro",
    "value",
    "_a_",
]
DOCUMENT = document(
    {
        "Color": {"type": "string", "enum": ["red", "green", "name", "value", "mro"]},
        "Level": {"type": "integer", "enum": [-1, 0, 5]},
        "Price": {"type": "number", "enum": [0.5, 2, 1e300]},
        "Odd": {"type": "string", "enum": ODD},
        "Paint": objects({"color": ref("Color"), "level": ref("Level"), "price": ref("Price")}),
        "Preset": objects({"color": {**ref("Color"), "default": "green"}}),
    }
)
UNKNOWN = pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("Color", "blue", id="text"),
        pytest.param("Color", "", id="empty text"),
        pytest.param("Level", 7, id="integer"),
        pytest.param("Price", 0.25, id="number"),
        pytest.param("Price", 3, id="number without a fraction"),
    ],
)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Package]:
    folder = tmp_path_factory.mktemp("enums") / "enums_client"
    assert write(DOCUMENT, folder).enums == 4
    with importable(folder):
        yield Package("enums_client")


@UNKNOWN
def test_an_unknown_value_is_kept(package: Package, name: str, value: Any) -> None:
    """It is of the enum's class, and equals what came in every way that a member does."""
    kind = getattr(package.models, name)
    kept = kind(value)
    assert isinstance(kept, kind)
    assert isinstance(kept, type(value)) or value == 3
    assert (kept, kept.value, hash(kept)) == (value, value, hash(value))
    assert (str(kept), kept.name, f"{kept}") == (str(kept.value),) * 3
    assert json.loads(json.dumps(kept)) == value
    assert kind(value) == kept


@UNKNOWN
@pytest.mark.parametrize(
    "again",
    [copy.copy, copy.deepcopy, lambda kept: pickle.loads(pickle.dumps(kept))],  # noqa: S301  # a value of our own
    ids=["copy", "deepcopy", "pickle"],
)
def test_an_unknown_value_can_be_copied(package: Package, name: str, value: Any, again: Any) -> None:
    """And stored; what comes back equals it and is of its class."""
    kept = getattr(package.models, name)(value)
    assert again(kept) == kept
    assert type(again(kept)) is type(kept)


@UNKNOWN
def test_an_unknown_value_is_no_member(package: Package, name: str, value: Any) -> None:
    """`in`, length and iteration tell what the document lists."""
    kind = getattr(package.models, name)
    members = list(kind)
    kept = kind(value)
    assert kept not in kind
    assert value not in kind
    assert list(kind) == members
    assert len(kind) == len(kind.__members__) == len(members)
    assert all(member in kind and member.value in kind for member in members)
    assert not any(odd in kind for odd in ({}, [], None, object()))


@pytest.mark.parametrize("name", ["Color", "Level", "Price"])
@pytest.mark.parametrize("value", [{}, [], {"a": 1}, None], ids=repr)
def test_a_value_of_another_type_is_no_value(package: Package, name: str, value: Any) -> None:
    """There is no text or number to keep."""
    with pytest.raises((ValueError, TypeError)):
        getattr(package.models, name)(value)


@pytest.mark.parametrize(("name", "value"), [("Level", "7"), ("Price", "x"), ("Color", 7), ("Level", 7.5)])
def test_text_is_no_number(package: Package, name: str, value: Any) -> None:
    """Nor the other way round."""
    with pytest.raises(ValueError, match="is not a valid"):
        getattr(package.models, name)(value)


def test_a_whole_number_with_a_point_is_an_integer(package: Package) -> None:
    """Some serialisers write every number as 7.0."""
    assert package.models.Level(7.0) == 7
    assert type(package.models.Level(7.0).value) is int


def test_known_values_are_members(package: Package) -> None:
    """Also those that are called like an attribute of an enum."""
    color, price = package.models.Color, package.models.Price
    assert color("red") is color.RED
    assert {member.name for member in color} == {"RED", "GREEN", "NAME", "VALUE", "MRO"}
    assert color.NAME.name == "NAME"
    assert color.NAME.value == "name"
    assert (price(0.5).value, price(2).value) == (0.5, 2.0)
    assert price(2) is price(2.0)


def test_values_are_exact(package: Package) -> None:
    """The generator would drop control characters, surrogates and separators."""
    assert {member.value for member in package.models.Odd} == set(ODD)


def test_an_unknown_value_survives_a_model(package: Package) -> None:
    """It is read, printed and written like any other."""
    received = {"color": "blue", "level": 7, "price": 0.75}
    paint = package.models.Paint.from_dict(received)
    assert paint.to_dict() == received
    assert all(type(value) in (str, int, float) for value in paint.to_dict().values())
    assert "blue" in repr(paint)
    assert copy.deepcopy(paint) == paint


def test_a_default_is_the_member(package: Package) -> None:
    """By the name that the generator gives it."""
    assert package.models.Preset().color is package.models.Color.GREEN


@pytest.mark.parametrize(
    ("names", "problem"),
    [
        pytest.param(["A"], "2 values and 1 names", id="too few"),
        pytest.param(["A", "a"], "2 values and 1 names", id="the same"),
        pytest.param(["A", "1"], "member called '1'", id="no identifier"),
        pytest.param(["A", ""], "member called ''", id="empty"),
    ],
)
def test_an_enum_without_a_name_for_each_value_is_refused(names: list[str], problem: str) -> None:
    """Python would make no class of it, or lose a member."""
    with pytest.raises(FinishError, match=problem):
        enum_module("Kind", {"type": "string", "enum": ["a", "b"], "x-enum-varnames": names})


def test_infinity_is_a_number() -> None:
    """It has no literal of its own."""
    text = enum_module(
        "Kind", {"type": "string", "x-float-enum": True, "enum": ["inf", "-inf"], "x-enum-varnames": ["UP", "DOWN"]}
    )
    assert "UP = 1e999" in text
    assert "DOWN = -1e999" in text
