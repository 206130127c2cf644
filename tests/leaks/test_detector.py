"""The detector can fail: what leaks on purpose is found, channel by channel."""

from __future__ import annotations

import logging
import types
from dataclasses import dataclass
from pathlib import Path

import issuant
import pytest
from issuant import IssuantError, Secret
from issuant.keys import VendorFields

from tests.hostile.operations import private_key_pem
from tests.leaks.detector import leaks, pickled, printed, shown_by_error, shown_by_outcome, texts_of
from tests.leaks.sending import FORMS

VALUE = "TEST_leaked_6Ds1_not_a_key"


@dataclass(frozen=True)
class LeakyKey:
    """A result that prints its value."""

    value: str


def _raised(body: str) -> IssuantError:
    """Run `body` as a function of a module that seems to be ours, and return what it raises."""
    source = "def leaky(value, IssuantError):\n" + "".join(f"    {line}\n" for line in body.splitlines())
    module = types.ModuleType("leaky")
    exec(compile(source, str(Path(issuant.__file__).parent / "leaky.py"), "exec"), module.__dict__)  # noqa: S102 - our own text
    try:
        module.leaky(VALUE, IssuantError)
    except IssuantError as error:
        return error
    raise AssertionError("nothing was raised")


LEAKS: dict[str, tuple[str, str]] = {
    "text": ("str", "text = 'no ' + value\ndel value\nraise IssuantError(text)"),
    "local": ("local leaky:value", "raise IssuantError('no')"),
    "nested-local": ("local leaky:held.a.item", "held = {'a': [value]}\ndel value\nraise IssuantError('no')"),
    "context": ("str", "try:\n    raise KeyError(value)\nexcept KeyError:\n    raise IssuantError('no') from None"),
    "cause": ("str", "raise IssuantError('no') from ValueError(value)"),
    "note": ("notes.item", "error = IssuantError('no')\nerror.add_note(value)\nraise error"),
    "attribute": ("attributes.extra", "error = IssuantError('no')\nerror.extra = value\nraise error"),
    "as_dict": ("as_dict", "raise IssuantError('no', advice=value)"),
    "pickle": ("pickle 4", "error = IssuantError('no')\nerror.extra = value\nraise error"),
}


@pytest.mark.parametrize("name", LEAKS)
def test_an_error_that_leaks_is_caught_by_channel(name: str) -> None:
    """Text, locals, context, cause, notes, attributes, pickles."""
    channel, body = LEAKS[name]
    assert channel in leaks(shown_by_error(_raised(body)), [VALUE])


def test_a_result_that_leaks_is_caught_in_print_and_pickle() -> None:
    """repr, str, format, copies and pickles of one plain text are each found."""
    channels = leaks(shown_by_outcome(LeakyKey(VALUE)), [VALUE])
    assert {"str", "repr", "format", "f-string", "copy", "deepcopy", "pickle 0", "pickle 4"} <= set(channels)
    assert leaks(pickled(LeakyKey(VALUE)), [VALUE])


def test_a_value_deep_in_the_fields_is_caught() -> None:
    """In an object, in a list; leaving out its name at the top leaves it there."""
    found = VendorFields({"data": {"id": 1, "key": VALUE}, "more": [{"key": VALUE}]})
    channels = leaks(texts_of(found.without("key"), "fields"), [VALUE])
    assert {"fields.data.key", "fields.more.item repr"} <= set(channels)
    assert leaks(texts_of(found.without("data", "key").without("more", "key"), "fields"), [VALUE]) == []


def test_a_log_line_that_leaks_is_caught(caplog: pytest.LogCaptureFixture) -> None:
    """A line in the log of any library counts."""
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpcore.http11").debug("sending %s", VALUE)
    assert leaks([("log", record.getMessage()) for record in caplog.records], [VALUE]) == ["log"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("secret", [VALUE, "pem"])
def test_every_form_of_a_secret_is_recognised(form: str, secret: str) -> None:
    """Plain, quoted, escaped, in base64; of a private key one line is enough."""
    text = private_key_pem() if secret == "pem" else VALUE
    if form == "base64-of-a-pair" and secret == "pem":
        pytest.skip("a PEM is no password")
    assert leaks([("x", f"before {FORMS[form](text)} after")], [text]) == ["x"]


def test_a_secret_shows_nothing() -> None:
    """The detector is not one that always fires."""
    assert leaks(printed(Secret(VALUE)), [VALUE]) == []
