"""Every property has a field of its own, and its name in JSON is the one of the document, letter by letter."""

from __future__ import annotations

import dataclasses
import importlib
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from specpipe.generate import generate
from specpipe.lower import lower
from specpipe.lower.context import Context
from specpipe.lower.properties import LOCALS, field_names

from tests.contract.drawing import steady
from tests.specpipe.lower.calls import Package
from tests.specpipe.lower.shown import STRING, document, lowered, parsed, record, schemas_of

NAMES = ["", "!", "_", "__", "value", "field_", "a", "A", "a-b", "a_b", "aB", "d", "cls", "self", "tags", "tags_item"]
LIST: dict[str, Any] = {"type": "array", "items": record(x=STRING)}


def _fields(*names: str, **more: Any) -> dict[str, str]:
    """The attribute of every property, by its real name."""
    result = lowered({"A": record(**dict.fromkeys(names, STRING), **more)})
    shown = [result.wire.get(name, name) for name in schemas_of(result)["A"]["properties"]]
    return dict(zip(shown, parsed(result.document).classes["A"], strict=True))


@pytest.mark.parametrize(
    ("names", "fields"),
    [
        pytest.param(("a-b", "a_b"), {"a-b": "a_b2", "a_b": "a_b"}, id="punctuation"),
        pytest.param(("aB", "a_b", "a b"), {"aB": "a_b2", "a_b": "a_b", "a b": "a_b3"}, id="the plain one goes first"),
        pytest.param(("type", "Type", "TYPE"), {"type": "type_", "Type": "type_2", "TYPE": "type_3"}, id="case"),
        pytest.param(("class", "class_"), {"class": "class_2", "class_": "class_"}, id="keyword"),
        pytest.param(("!", "?"), {"!": "field_", "?": "value2"}, id="nothing left"),
        pytest.param(("ﬁ", "fi"), {"ﬁ": "fi2", "fi": "fi"}, id="one to Python"),
        pytest.param(("ａｂｃ", "ſ"), {"ａｂｃ": "abc", "ſ": "s"}, id="letters that Python spells otherwise"),
        pytest.param(('qu"ote', "line\nbreak"), {'qu"ote': "quote", "line\nbreak": "linebreak"}, id="characters"),
        pytest.param(("a\u2801",), {"a\u2801": "a"}, id="a mark of ours"),
    ],
)
def test_colliding_names_have_fields_of_their_own(names: tuple[str, ...], fields: dict[str, str]) -> None:
    """A number tells them apart."""
    assert _fields(*names) == fields


@pytest.mark.parametrize("name", sorted(LOCALS - {"self"}))
def test_a_field_is_not_called_what_the_code_around_it_is(name: str) -> None:
    """The variable, the method or the table would be overwritten."""
    assert _fields(name) == {name: f"{name}_field"}


def test_the_generator_has_a_name_of_its_own_for_self() -> None:
    """It knows the word."""
    assert _fields("self") == {"self": "self_"}


@pytest.mark.parametrize(
    ("name", "field"),
    [
        pytest.param("tags_item", "tags_item_field", id="item"),
        pytest.param("tags_item_data", "tags_item_data_field", id="item's data"),
        pytest.param("tags_type_0", "tags_type_0_field", id="branch"),
        pytest.param("tags_type_0_item", "tags_type_0_item_field", id="item of a branch"),
        pytest.param("tag_item", "tag_item", id="of no list"),
        pytest.param("tags_items", "tags_items", id="another word"),
    ],
)
def test_a_field_is_not_called_like_a_variable_of_another(name: str, field: str) -> None:
    """The generator calls what it reads of `tags` after it."""
    assert _fields(name, tags=LIST)[name] == field


def test_names_that_are_their_own_need_no_mark() -> None:
    """Nothing is counted, and nothing is put back."""
    result = lowered(
        {"A": record(**dict.fromkeys(("id", "userId", "user-name", "X-Y", "über", "日本", "$ref"), STRING))}
    )
    assert (result.wire, result.repairs) == ({}, {})


@steady(150)
@given(st.lists(st.sampled_from(NAMES) | st.text(max_size=5), unique=True, max_size=10))
@example(NAMES)
def test_every_set_of_names_has_fields(names: list[str]) -> None:
    """As many as there are properties, all identifiers, and the marks lead back exactly."""
    result = lower(document({"A": record(**dict.fromkeys(names, STRING))}))
    made = parsed(result.document)
    shown = schemas_of(result)["A"]["properties"]
    assert made.problems == ()
    assert [result.wire.get(name, name) for name in shown] == names
    assert len(made.classes["A"]) == len(set(made.classes["A"])) == len(names)
    assert all(field.isidentifier() and field not in LOCALS for field in made.classes["A"])


@steady(100)
@given(st.lists(st.text(max_size=4), unique=True, max_size=8))
def test_no_name_is_shown_for_two(names: list[str]) -> None:
    """Also across classes: a marked name leads to one real name."""
    context = Context(document={})
    one, other = field_names(names, context), field_names(reversed(names), context)
    assert list(one) == names
    assert len(set(one.values())) == len(set(other.values())) == len(names)
    marked = [name for name in (*one.values(), *other.values()) if name in context.wire]
    assert len(marked) == len(set(marked)) == len(context.wire)


def test_a_field_is_not_lost_where_the_generator_would_overwrite_it(tmp_path: Path) -> None:
    """By itself it reads `d`, `tags_item` and `cls` out of its own variables."""
    properties = {"tags": LIST, "tags_item": STRING, "d": STRING, "field_dict": STRING, "a": STRING}
    sent = {"tags": [{"x": "1"}], "tags_item": "t", "d": "d", "field_dict": "f", "a": "a"}
    shown = document({"Widget": record(*properties, **properties)})
    generate(dataclasses.replace(lower(shown), document=shown), tmp_path / "bare_widgets")
    sys.path.insert(0, str(tmp_path))
    bare = importlib.import_module("bare_widgets.models").Widget
    mended = Package({}, tmp_path, schemas=shown["components"]["schemas"]).models().Widget
    assert mended.from_dict(sent).to_dict() == sent
    with pytest.raises((AttributeError, AssertionError, TypeError)):
        assert bare.from_dict(sent).to_dict() == sent


def test_required_and_secret_go_by_the_shown_name() -> None:
    """What is required or masked without having a property is not shown."""
    schema = record("cls", "ghost", cls={"type": "string", "writeOnly": True}, plain=STRING)
    result = lowered({"A": schema})
    (marked,) = result.wire
    shown = schemas_of(result)["A"]
    assert (shown["required"], shown["x-masked"]) == ([marked], [marked])
