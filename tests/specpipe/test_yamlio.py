"""YAML is read by the 1.2 core schema and written so that every reader agrees."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from specpipe import limits, yamlio
from specpipe.faults import PageError

MISREAD = [
    "no",
    "yes",
    "on",
    "1:30",
    "2024-01-01",
    "1e3",
    "0o17",
    "010",
    "~",
    "null",
    "",
    "0x1F",
    "1_000",
    ".5",
    "=",
    "<<",
]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("1:30", "1:30"),
        ("2024-01-01", "2024-01-01"),
        ("1_000", "1_000"),
        ("010", 10),
        ("0o17", 15),
        ("0x1F", 31),
        ("1e3", 1000.0),
        ("true", True),
        ("~", None),
        ("", None),
        ("'true'", "true"),
    ],
)
def test_a_scalar_is_read_by_the_core_schema(text: str, value: object) -> None:
    """YAML 1.1's dates, sexagesimals and further booleans are strings."""
    read = yamlio.load(f"a: {text}", file="x").data["a"]
    assert read == value
    assert type(read) is type(value)


def test_keys_are_always_strings() -> None:
    """A status code, a boolean and a date as a key stay what was written."""
    assert list(yamlio.load("200: a\ntrue: b\n2024-01-01: c\n1.0: d", file="x").data) == [
        "200",
        "true",
        "2024-01-01",
        "1.0",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("a: 1\nb:\n  c: 1\n  c: 2", r"page.md:14: the key 'c' stands here twice", id="duplicate"),
        pytest.param("200: a\n'200': b", r"page.md:12: the key '200' stands here twice", id="duplicate as string"),
        pytest.param("a: 1\nb: [1", r"page.md:1[23]: broken YAML", id="unclosed list"),
        pytest.param("a:\n\tb: 1", r"page.md:12: broken YAML", id="tab"),
        pytest.param("a: 1\nb: !!binary aGk=", r"page.md:12: .*binary", id="binary"),
        pytest.param("a: !thing 1", r"page.md:11: .*thing", id="foreign tag"),
        pytest.param("? [1]\n: 2", r"page.md:11: a key is not a plain value", id="list as key"),
        pytest.param("a: &x [*x]", r"page.md:11: an alias leads into itself", id="recursive alias"),
        pytest.param("a: 1\n---\nb: 1", r"page.md:1\d: broken YAML", id="two documents"),
        pytest.param("a: 1\nb: \x00", r"page.md:1\d: broken YAML", id="control character"),
    ],
)
def test_what_is_not_plain_data_is_refused_with_file_and_line(text: str, problem: str) -> None:
    """The line is the file's: the offset of the fence (10 lines here) is added."""
    with pytest.raises(PageError, match=problem):
        yamlio.load(text, file="page.md", offset=10)


def test_an_alias_becomes_a_value_of_its_own() -> None:
    """Changing one place cannot change the other."""
    data = yamlio.load("a: &x {n: 1}\nb: *x", file="x").data
    data["a"]["n"] = 2
    assert data["b"] == {"n": 1}


def test_aliases_cannot_grow_the_document_beyond_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten lines of aliases to aliases would be ten thousand million values."""
    monkeypatch.setattr(limits, "ALIASED", 1000)
    bomb = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10))
    with pytest.raises(PageError, match="beyond reason"):
        yamlio.load(bomb, file="x")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("a: .inf", "not a number that JSON has", id="infinity"),
        pytest.param("a: 1e999", "not a number that JSON has", id="too large"),
        pytest.param(f"a: {'9' * 5000}", "a number of 5000 digits", id="digits"),
        pytest.param("a: *b", "the alias 'b' leads nowhere", id="unknown alias"),
        pytest.param("a: &a [1]\n*a : 2", "a key is not a plain value", id="alias of a list as key"),
        pytest.param("[" * 100_000, "inside each other", id="nested lists"),
        pytest.param("{a: " * 100_000, "inside each other", id="nested objects"),
        pytest.param("- " * 100_000, "inside each other", id="nested block lists"),
    ],
)
def test_what_is_beyond_the_limits_is_refused(text: str, problem: str) -> None:
    """At once, and without a recursion."""
    with pytest.raises(PageError, match=problem):
        yamlio.load(text, file="x")


def test_aliases_nest_no_deeper_than_anything_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each alias adds what its value nests."""
    monkeypatch.setattr(limits, "DEPTH", 10)
    text = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 12))
    with pytest.raises(PageError, match="x:10: more than 10 objects and lists inside each other"):
        yamlio.load(text, file="x")


def test_a_tolerant_reading_takes_texts_for_texts() -> None:
    """Binary and dates keep the text that was written; each is counted."""
    loaded = yamlio.load("a: !!binary aGk=\nb: !!timestamp 2024-01-01\nc: 2024-01-01", file="x", tolerant=True)
    assert loaded.data == {"a": "aGk=", "b": "2024-01-01", "c": "2024-01-01"}
    assert loaded.repairs == {"yaml_scalar": 3}


def test_a_tolerant_reading_merges() -> None:
    """What stands there itself wins; in a strict reading the key is a key, as it is in YAML 1.2."""
    text = "b: &b {x: 1, y: 2}\nc: {y: 3, <<: [*b, {z: 4}]}"
    loaded = yamlio.load(text, file="x", tolerant=True)
    assert (loaded.data["c"], loaded.repairs) == ({"y": 3, "x": 1, "z": 4}, {"merge_key": 1})
    assert list(yamlio.load(text, file="x").data["c"]) == ["y", "<<"]
    with pytest.raises(PageError, match="x:1: the merge key"):
        yamlio.load("a: {<<: 1}", file="x", tolerant=True)


def test_keys_that_are_numbers_are_counted_by_where_they_stand() -> None:
    """Quoted ones are texts."""
    assert yamlio.load("responses: {200: a, '201': b}\nother: {1: c}", file="x").integer_keys == {
        "responses": 1,
        "other": 1,
    }


def test_lines_of_aliased_values_are_those_of_the_anchor() -> None:
    """There is no other place where they stand."""
    lines = yamlio.load("a: &x\n  n: 1\nb: *x", file="x").lines
    assert (lines[("b",)], lines[("b", "n")]) == (3, 2)
    assert yamlio.load("a: 1", file="x", lines=False).lines == {}


def test_lines_are_those_of_the_file() -> None:
    """Every node's line is known by its pointer."""
    lines = yamlio.load("a:\n  - b: 1\n    c: 2\n", file="x", offset=5).lines
    assert (lines[("a",)], lines[("a", "0", "c")]) == (6, 8)


@pytest.mark.parametrize("text", MISREAD)
def test_a_string_that_a_reader_would_misread_is_quoted(text: str) -> None:
    """As value and as key, for YAML 1.1 and 1.2."""
    written = yamlio.dump({text: [text]})
    assert yaml.safe_load(written) == {text: [text]}
    assert yamlio.load(written, file="x").data == {text: [text]}


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(_JSON)
@settings(derandomize=True, deadline=None)
def test_what_is_written_reads_back_equal(data: Any) -> None:
    """By this reader and by PyYAML's of YAML 1.1, and writing it again gives the same bytes."""
    written = yamlio.dump(data)
    assert yaml.safe_load(written) == data
    assert yamlio.load(written, file="x").data == data
    assert yamlio.dump(yamlio.load(written, file="x").data) == written


def test_keys_stay_in_their_order() -> None:
    """The written document reads in the vendor's order."""
    assert yamlio.dump({"b": 1, "a": 2}) == "b: 1\na: 2\n"


def test_what_is_not_utf_8_is_named_with_its_line() -> None:
    """And the byte, without the text around it."""
    assert yamlio.decode("a\né".encode(), file="f.yaml") == "a\né"
    with pytest.raises(PageError, match=r"^f\.yaml:3: not UTF-8: the byte 0xe9$") as caught:
        yamlio.decode(b"a\n\n\xe9b", file="f.yaml")
    assert caught.value.__context__ is None
