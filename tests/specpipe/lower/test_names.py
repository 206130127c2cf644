"""A class name is unique as a module, stays itself in the generator, and is nothing that generated code uses itself."""

from __future__ import annotations

import keyword
import unicodedata
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openapi_python_client.strings import ClassName
from specpipe.lower.names import PREFIX, Claims, class_name, identifier, module_name, shortened, unreserved

from tests.contract.drawing import steady
from tests.specpipe.lower.shown import STRING, bare, classes, lowered, record

ODD = [
    "",
    "_",
    "!!",
    "a b",
    "Ab",
    "AB",
    "1st",
    "class",
    "None",
    "日本",
    "Resolução",
    "ﬁ",
    "İ",
    "ß",
    "a\u0301",
    "\ud800",
    "😀",
]


def _shown(*names: str) -> list[str]:
    return list(classes(lowered({name: record(x=STRING) for name in names})))


@pytest.mark.parametrize(
    ("names", "shown", "count"),
    [
        pytest.param(("Ab", "AB"), ["Ab", "AB2"], 1, id="case"),
        pytest.param(("a-b", "a_b", "a b"), ["AB", "AB2", "AB3"], 2, id="punctuation"),
        pytest.param(("A1", "a1", "A-1"), ["A1", "A1X2", "A1X3"], 2, id="a digit at the end"),
        pytest.param(("Pet", "Pet2", "pet"), ["Pet", "Pet2", "Pet3"], 1, id="the next number is taken"),
        pytest.param(("Resolução",), ["Resolucao"], 0, id="accents"),
        pytest.param(("日本", "中国"), ["日本", "中国"], 0, id="no case"),
        pytest.param(("!!", "___"), ["Value", "Value2"], 1, id="nothing left"),
        pytest.param(("class", "None", "str", "def"), ["Class", "None_", "Str", "Def"], 0, id="words of Python"),
        pytest.param(("1st",), ["Field1St"], 0, id="a digit first"),
    ],
)
def test_two_components_never_share_a_class(names: tuple[str, ...], shown: list[str], count: int) -> None:
    """The first keeps the name; those that could not have theirs are counted."""
    result = lowered({name: record(x=STRING) for name in names})
    assert (list(classes(result)), result.repairs.get("class_name", 0)) == (shown, count)


@pytest.mark.parametrize(
    "name",
    [
        *("File", "Response", "Any", "UUID", "Unset", "HTTPStatus", "Mapping", "TypeVar", "T", "Client", "Literal"),
        *(
            "BytesIO",
            "Cast",
            "StrEnum",
            "AuthenticatedClient",
            "D",
            "Json",
            "Types",
            "FileTypes",
            "AdditionalProperties",
        ),
    ],
)
def test_a_class_does_not_hide_what_its_module_imports(name: str) -> None:
    """The generator would write `from .any_ import Any` beside `from typing import Any`, or call a variable so."""
    assert _shown(name) == [f"{name}Model"]
    assert name in bare({name: record(x=STRING)}).classes


@pytest.mark.parametrize("text", ["A" * 300, "日" * 300, "a-" * 300, "Ab" * 41])
def test_a_name_is_not_too_long(text: str) -> None:
    """A file name may have 255 bytes; two long names that begin alike are still two."""
    one, other = _shown(text, text + "x")
    assert max(len(f"{module_name(name)}.py".encode()) for name in (one, other)) < 255
    assert one != other


@steady(300)
@given(st.text() | st.text(alphabet="aB1_- .ßé日İ\u0301"))
@example("aB" * 60)
@example("ǅ" * 90)
def test_a_class_name_stays_itself(text: str) -> None:
    """What we call a class is what the generator calls it, so that the aliases and discriminators find it."""
    name = class_name(text)
    assert str(ClassName(name, PREFIX)) == name
    assert name.isidentifier()
    assert not keyword.iskeyword(name)
    assert str(ClassName(unreserved(name), PREFIX)) == unreserved(name)


@pytest.mark.parametrize("text", ODD)
def test_an_odd_name_makes_a_class(text: str) -> None:
    """The generator takes it, and calls the class what we do."""
    assert _shown(text) == [unreserved(class_name(text))]


@steady(100)
@given(st.lists(st.sampled_from(ODD) | st.text(max_size=6), max_size=12))
def test_two_claimed_names_never_share_a_module(texts: list[str]) -> None:
    """Also not on a file system that ignores case."""
    claims = Claims(key=module_name, joint="X")
    claimed = [claims.claim(unreserved(class_name(text))) for text in texts]
    modules = [module_name(str(ClassName(name, PREFIX))) for name in claimed]
    assert len({module.casefold() for module in modules}) == len(texts)
    assert all(unicodedata.normalize("NFKC", module) == module for module in modules)


@pytest.mark.parametrize(
    ("text", "python"),
    [
        pytest.param("userId", "user_id", id="camel case"),
        pytest.param("class", "class_", id="keyword"),
        pytest.param("1st", "field_1st", id="digit first"),
        pytest.param("", "value", id="empty"),
        pytest.param("!", "value", id="nothing left"),
        pytest.param("_lead", "field_lead", id="underscore first"),
    ],
)
def test_an_identifier_is_the_generators(text: str, python: str) -> None:
    """It is what the generator would choose, where that is a name."""
    assert identifier(text) == python


def test_a_claimed_name_is_taken() -> None:
    """The next one gets a number, and a joint where a number stands already."""
    claims = Claims(("b",))
    assert [claims.claim(name) for name in ("a", "a", "a", "b", "a2", "c1", "c1")] == [
        *("a", "a2", "a3", "b2", "a2_2", "c1", "c1_2")
    ]
    assert "ﬁ" not in claims
    claims.claim("fi")
    assert "ﬁ" in claims


def test_many_equal_names_take_no_time() -> None:
    """Each is tried from where the last one was found."""
    claims = Claims()
    assert [claims.claim("a") for _ in range(20_000)][-1] == "a20000"


def test_a_short_text_is_left_alone() -> None:
    """Only what is cut has a digest behind it."""
    assert shortened("abc", 3) == "abc"
    assert shortened("abcdefghij", 9) != shortened("abcdefghik", 9)
    assert len(shortened("abcdefghij", 9)) == 9


@pytest.mark.parametrize("text", ["안녕", "Société", "ユーザー", "ﬁx", "ａｂｃ"])
def test_a_class_name_is_what_python_reads(text: str) -> None:
    """Composed, as Python compares names."""
    name = class_name(text)
    assert unicodedata.normalize("NFKC", name) == name
    assert class_name(name) == name


def test_an_inline_class_gives_way_to_a_component() -> None:
    """Wherever the component stands in the document."""
    schemas: dict[str, Any] = {"A": record(b=record(x=STRING)), "AB": record(y=STRING)}
    assert classes(lowered(schemas)) == {"A": ("b",), "AB": ("y",), "AB2": ("x",)}


def test_what_the_generator_drops_still_separates_words() -> None:
    """`issues/list` is two words."""
    assert class_name("issues/list-for-repo") == "IssuesListForRepo"
