"""Whether every value of one type is a value of another is told from what annotations write down."""

from __future__ import annotations

import ast

import pytest
from specpipe.diff.annotations import Type, read_type

BASES = {"Kind": "str", "Level": "int"}


def _type(text: str) -> Type:
    return read_type(ast.parse(text, mode="eval").body)


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        pytest.param("str", "str | None", id="alternative"),
        pytest.param("None | str", "str | None", id="order"),
        pytest.param("list[str]", "list[str | int]", id="in-brackets"),
        pytest.param("dict[str, int]", "dict[str, float]", id="number"),
        pytest.param("Kind", "str", id="enum-of-texts"),
        pytest.param("Level", "float", id="enum-of-numbers"),
        pytest.param("Literal['a']", "Literal['b', 'a']", id="literals"),
        pytest.param("Literal['a']", "str", id="text-of-a-literal"),
        pytest.param("Literal[True]", "bool", id="boolean-literal"),
        pytest.param("Pet", "Any", id="anything"),
        pytest.param("list[Pet]", "list[Any]", id="list-of-anything"),
        pytest.param("'list[Pet]'", "list[Pet] | None", id="quoted"),
    ],
)
def test_a_narrower_type_fits_a_wider_one_alone(narrow: str, wide: str) -> None:
    """And the wider one does not fit it, unless the two are the same."""
    assert _type(narrow).fits(_type(wide), BASES)
    assert _type(wide).fits(_type(narrow), BASES) == (_type(wide) == _type(narrow))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("str", "int", id="names"),
        pytest.param("list[str]", "str", id="list"),
        pytest.param("list[str]", "dict[str, str]", id="containers"),
        pytest.param("Literal['1']", "Literal[1]", id="literals"),
        pytest.param("Kind", "int", id="enum"),
        pytest.param("Literal['Any']", "Unset", id="literal-that-reads-like-a-name"),
    ],
)
def test_types_apart_fit_neither_way(one: str, other: str) -> None:
    """Neither of them is the wider one."""
    assert not _type(one).fits(_type(other), BASES)
    assert not _type(other).fits(_type(one), BASES)


def test_a_type_is_shown_in_one_order() -> None:
    """Names in their order, null and Unset at the end."""
    assert str(_type("Unset | None | list[int | Cat] | Literal['b'] | Ant")) == (
        "Ant | Literal['b'] | list[Cat | int] | None | Unset"
    )


def test_names_are_taken_from_everywhere_but_literals() -> None:
    """A literal is no name, and keeps its text where names change."""
    given = _type("list[Cat | Literal['Cat']] | None")
    assert set(given.names()) == {"list", "Cat", "None"}
    assert str(given.renamed({"Cat": "Dog"})) == "list[Dog | Literal['Cat']] | None"


def test_a_union_of_very_many_is_read() -> None:
    """Python's tree of it is too deep to be walked by recursion."""
    names = [f"C{number:03}" for number in range(900)]
    assert str(_type(" | ".join(names))) == " | ".join(names)
