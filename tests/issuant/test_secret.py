"""A Secret hands its text on when asked to, and shows it in no other way."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest
from issuant.secret import MASK, Secret

VALUE = "fw_TEST_not_a_key"


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param(repr(Secret(VALUE)), id="repr"),
        pytest.param(str(Secret(VALUE)), id="str"),
        pytest.param(f"{Secret(VALUE)}", id="f-string"),
        pytest.param(f"{Secret(VALUE):>40}", id="format-spec"),
        pytest.param(f"{Secret(VALUE)!r:>40}", id="format-conversion"),
        pytest.param("%s" % Secret(VALUE), id="percent"),  # noqa: UP031 - this way of printing is the point
        pytest.param(repr([{"key": (Secret(VALUE),)}]), id="inside-containers"),
        pytest.param(repr(dir(Secret(VALUE))), id="dir"),
    ],
)
def test_a_secret_shows_a_mask(shown: str) -> None:
    """However it is printed, no part of the text is there."""
    assert VALUE not in shown
    assert "TEST" not in shown


def test_a_secret_prints_the_mask_alone() -> None:
    """A width does not let the length through either."""
    assert (str(Secret(VALUE)), f"{Secret(VALUE):>40}", repr(Secret(VALUE))) == (MASK, MASK, f"Secret({MASK})")


def test_reveal_returns_the_text() -> None:
    """It is the one way to it."""
    assert Secret(VALUE).reveal() == VALUE


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_secret_is_not_pickled(protocol: int) -> None:
    """Every protocol is refused, and the refusal does not show the value."""
    with pytest.raises(TypeError, match="not pickled") as caught:
        pickle.dumps(Secret(VALUE), protocol)
    assert VALUE not in str(caught.value)


def test_a_secret_has_no_dict_and_no_json() -> None:
    """Neither `vars` nor a JSON encoder finds the text."""
    with pytest.raises(TypeError):
        vars(Secret(VALUE))
    with pytest.raises(TypeError):
        json.dumps(Secret(VALUE))


@pytest.mark.parametrize(
    "wrong", [b"fw_TEST_not_a_key", None, 12, ["fw_TEST_not_a_key"]], ids=["bytes", "None", "int", "list"]
)
def test_anything_but_text_is_refused_without_showing_it(wrong: Any) -> None:
    """The type is named, the value is not, in the message or in a local of our frame."""
    with pytest.raises(TypeError, match=f"not {type(wrong).__name__}") as caught:
        Secret(wrong)
    assert VALUE not in str(caught.value)
    ours = caught.traceback[-1].frame.f_locals
    assert VALUE not in repr(dict(ours))


def test_equal_texts_make_equal_secrets() -> None:
    """Two secrets compare and hash by text; a plain text is never equal to one."""
    assert Secret(VALUE) == Secret(VALUE)
    assert hash(Secret(VALUE)) == hash(Secret(VALUE))
    assert Secret(VALUE) != Secret("another_TEST_not_a_key")
    assert Secret(VALUE) != VALUE
    assert Secret("ключ") == Secret("ключ")


def test_a_secret_is_true_unless_empty() -> None:
    """So that a missing value can be told."""
    assert Secret(VALUE)
    assert not Secret("")


def test_a_copy_of_a_secret_is_the_secret() -> None:
    """Copying makes no second holder of the text."""
    secret = Secret(VALUE)
    assert copy.copy(secret) is secret
    assert copy.deepcopy({"k": secret})["k"] is secret


def test_wrapping_a_secret_returns_it() -> None:
    """Plain text becomes a Secret, a Secret stays the one it is."""
    secret = Secret(VALUE)
    assert Secret.wrap(secret) is secret
    assert Secret.wrap(VALUE) == secret


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("a\ud800", "a\ud800", True), ("a\ud800", "a\udfff", False), ("a\ud800", "a", False), ("a", "a\udfff", False)],
)
def test_half_a_surrogate_pair_can_be_compared(one: str, other: str, same: bool) -> None:
    """What the environment could not decode is a text all the same."""
    assert (Secret(one) == Secret(other)) is same
    assert (Secret(one) == one) is False
