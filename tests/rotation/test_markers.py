"""A key's name tells the operation and the attempt that it comes of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from issuant.errors import InvalidRequestError
from issuant.rotation.markers import Marker, marked, new_code, read_marker

CODE = "0123abcd"


@given(
    stem=st.text(min_size=1).filter(lambda text: text.rstrip(" -")),
    attempt=st.integers(min_value=1, max_value=999),
    longest=st.integers(min_value=20, max_value=80),
)
def test_what_is_marked_is_read(stem: str, attempt: int, longest: int) -> None:
    """Whatever the stem, which is cut to fit; the mark itself never is."""
    try:
        name = marked(stem, CODE, attempt, longest=longest)
    except InvalidRequestError:
        assert not stem[: longest - len(f"-x{CODE}-{attempt}")].rstrip(" -")
        return
    found = read_marker(name)
    assert len(name) <= longest
    assert found is not None
    assert (found.code, found.attempt) == (CODE, attempt)
    assert stem.startswith(found.stem)


def test_a_name_is_cut_and_keeps_its_mark() -> None:
    """Thirty characters, as at Fireblocks."""
    assert marked("payments service in production", CODE, 1, longest=30) == "payments service i-x0123abcd-1"
    assert read_marker("payments service i-x0123abcd-1") == Marker(stem="payments service i", code=CODE, attempt=1)


@pytest.mark.parametrize("stem", ["", "  ", "---"], ids=["empty", "blanks", "hyphens"])
def test_a_stem_that_leaves_nothing_is_refused(stem: str) -> None:
    """The error names the field."""
    with pytest.raises(InvalidRequestError) as caught:
        marked(stem, CODE, 1, longest=30)
    assert caught.value.field == "name"


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("ci", id="no-mark"),
        pytest.param("ci-x0123abc-1", id="code-too-short"),
        pytest.param("ci-x0123abcde-1", id="code-too-long"),
        pytest.param("ci-x0123abci-1", id="letter-that-is-not-used"),
        pytest.param("ci-x0123ABCD-1", id="capitals"),
        pytest.param("ci-x0123abcd-0", id="attempt-zero"),
        pytest.param("ci-x0123abcd-1000", id="attempt-too-large"),
        pytest.param("ci-x0123abcd-1 copy", id="more-behind"),
        pytest.param("ci-x0123abcd-1\n", id="line-break-behind"),
    ],
)
def test_what_only_looks_like_a_mark_is_none(name: str) -> None:
    """A key of such a name is nobody's that is known."""
    assert read_marker(name) is None


def test_codes_are_drawn_anew() -> None:
    """From 40 random bits."""
    assert len({new_code() for _ in range(1000)}) == 1000
    assert new_code(lambda letters: letters[-1]) == "zzzzzzzz"
