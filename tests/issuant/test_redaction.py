"""What of a vendor's words may be shown, and what the HTTP libraries' logs may tell."""

from __future__ import annotations

import base64
import json
import logging
from urllib.parse import quote

import pytest
from issuant.errors import FieldProblem
from issuant.redaction import Redactor, ResponseHeadersFilter, Traces, quiet_http_logs
from issuant.secret import Secret

VALUE = "fw_TEST_not/a+key=0123456789"
REDACTOR = Redactor([Traces([Secret(VALUE)])], {"apiKey": {"displayName": "k"}, "list": [{"expires_at": None}]})
WITHHELD = "(the provider's words are withheld: they repeat a secret)"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        pytest.param("Field required", "Field required", id="words"),
        pytest.param("the user's e-mail isn't known!", "the user's e-mail isn't known!", id="apostrophes-and-hyphens"),
        pytest.param("at most 30 characters, 12.5%", "at most 30 characters, 12.5%", id="small-numbers"),
        pytest.param("displayName: too long", "displayName: too long", id="a-field-that-was-sent"),
        pytest.param("body.expires_at is past", "body.expires_at is past", id="a-path-of-fields"),
        pytest.param("other_field is past", "… is past", id="a-field-that-was-not-sent"),
        pytest.param("key abc123XYZ is bad", "key … is bad", id="letters-and-digits"),
        pytest.param("not in state PENDING_ACTIVATION.", "not in state PENDING_ACTIVATION.", id="an-enum"),
        pytest.param("READY", "READY", id="an-enum-of-one-word"),
        pytest.param('API key "ci" already exists', 'API key "ci" already exists', id="a-word-in-quotes"),
        pytest.param("sk_LIVE_KEY", "…", id="an-enum-with-small-letters"),
        pytest.param("AKIA_2E0A_KEY", "…", id="an-enum-with-digits"),
        pytest.param("_SECRET_ __A", "… …", id="underscores-that-join-nothing"),
        pytest.param("A_" * 23 + "ABC", "…", id="an-enum-of-too-many-words"),
        pytest.param("_".join(["ABCDEFGHIJKLMNOPQRSTUVWX"] * 2), "…", id="an-enum-that-is-too-long"),
        pytest.param("no 'sk-live-4242' here", "no '…' here", id="quotes-stay-around-a-mask"),
        pytest.param("user a@b.example", "user …", id="an-address"),
        pytest.param("see https://x.example/?token=1", "see …", id="a-link"),
        pytest.param("1234567", "…", id="a-long-number"),
        pytest.param("a" * 25, "…", id="a-long-word"),
        pytest.param("ключ is bad", "… is bad", id="another-alphabet"),
        pytest.param("two\n\tlines", "two lines", id="line-breaks-become-blanks"),
        pytest.param("", "", id="nothing"),
        pytest.param(None, "", id="None"),
        pytest.param(["Field required"], "", id="a-list"),
        pytest.param({"message": "x"}, "", id="an-object"),
    ],
)
def test_a_free_text_shows_what_is_known_to_be_safe(given: object, shown: str) -> None:
    """Words, small numbers and the names of fields that were sent; a mask for all else."""
    assert REDACTOR.text(given) == shown


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(f"the key {VALUE} is bad", id="whole"),
        pytest.param(f"it starts with {VALUE[:12]}", id="twelve-characters-from-the-start"),
        pytest.param(f"it ends with {VALUE[-12:]}", id="twelve-characters-from-the-end"),
        pytest.param(f"it has {VALUE[5:17]} inside", id="twelve-characters-from-within"),
        pytest.param(quote(VALUE, safe=""), id="percent-encoded"),
        pytest.param(base64.b64encode(VALUE.encode()).decode(), id="base64"),
        pytest.param(json.dumps({"api_key": VALUE}), id="json"),
        pytest.param(VALUE[::-1], id="reversed"),
    ],
)
def test_a_text_that_repeats_a_secret_is_withheld_whole(words: str) -> None:
    """However it is written, and whether it is a text, a code or a request id."""
    assert REDACTOR.betrays(words)
    assert REDACTOR.text(words) == WITHHELD
    assert REDACTOR.code(words) is None
    assert REDACTOR.request_id(words) is None


@pytest.mark.parametrize("form", ["{}", "state {}", "{}."], ids=["alone", "in-a-sentence", "with-a-stop"])
def test_a_secret_that_looks_like_an_enum_is_withheld(form: str) -> None:
    """It is looked for before any word is let through."""
    value = "GALILEO_TEST_NOT_A_KEY"
    assert Redactor([]).text(form.format(value)) == form.format(value)
    assert Redactor([Traces([Secret(value)])]).text(form.format(value)) == WITHHELD


@pytest.mark.parametrize("length", [12, 13, 17, 28])
def test_twelve_characters_in_a_row_betray_a_secret_wherever_they_start(length: int) -> None:
    """Plain, or in any of the other ways of writing it."""
    encoded = base64.b64encode(VALUE.encode()).decode()
    # The last character that stands for six bits of the value; the one after it depends on what follows.
    forms = (VALUE, VALUE[::-1], quote(VALUE, safe=""), encoded[: len(VALUE) * 8 // 6])
    for form in forms:
        for start in range(len(form) - length + 1):
            assert REDACTOR.betrays(f"see {form[start : start + length]} there"), (form, start)


def test_seven_characters_of_a_secret_do_not_withhold_a_text() -> None:
    """A word of English may be as long; they are masked as any unknown token is."""
    for start in range(len(VALUE) - 6):
        assert not REDACTOR.betrays(f"see {VALUE[start : start + 7]} there")
    assert REDACTOR.text(f"it has {VALUE[5:12]} inside") == "it has … inside"


@pytest.mark.parametrize(
    "piece", ["secret", "s3", "abc-def", "12.34", "it's-me"], ids=["a-word", "two", "hyphen", "number", "apostrophe"]
)
def test_a_short_secret_is_looked_for_whole(piece: str) -> None:
    """A password may be a word that the scrubber would let through."""
    redactor = Redactor([Traces([Secret("another_TEST_not_a_key"), Secret(piece)])])
    assert redactor.text(f"wrong password {piece}") == WITHHELD
    assert redactor.text(f'"{piece}" is too weak.') == WITHHELD
    assert redactor.request_id(piece) is None
    assert redactor.code(piece) is None
    assert not redactor.betrays(f"x{piece}x")
    assert not redactor.betrays("wrong")


def test_an_empty_secret_withholds_nothing() -> None:
    """Otherwise no text could be shown at all."""
    assert Redactor([Traces([Secret("")])]).text("Field required") == "Field required"


def test_a_long_text_is_cut_at_300_characters() -> None:
    """The cut is shown."""
    shown = REDACTOR.text("word " * 1000)
    assert len(shown) == 300
    assert shown.endswith("…")
    assert len(REDACTOR.text("word " * 60)) == 299


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        pytest.param("AUTHENTICATION", "AUTHENTICATION", id="enum"),
        pytest.param("UNPROCESSABLE_ENTITY", "UNPROCESSABLE_ENTITY", id="enum-with-underscore"),
        pytest.param("value_error.missing", "value_error.missing", id="pydantic-kind"),
        pytest.param(-12, "-12", id="negative-number"),
        pytest.param(16.0, "16", id="whole-float"),
        pytest.param(1.5, None, id="fraction"),
        pytest.param(True, None, id="bool"),
        pytest.param(10**9, None, id="large-number"),
        pytest.param(float("nan"), None, id="nan"),
        pytest.param(float("inf"), None, id="infinity"),
        pytest.param("abc123", None, id="letters-and-digits"),
        pytest.param("", None, id="empty"),
        pytest.param(None, None, id="None"),
        pytest.param(["x"], None, id="list"),
    ],
)
def test_a_code_is_an_enum_or_a_number(given: object, shown: str | None) -> None:
    """All else is no code, and is not shown."""
    assert REDACTOR.code(given) == shown


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        pytest.param("6f1b2c3d-0000-4000-8000-000000000001", "6f1b2c3d-0000-4000-8000-000000000001", id="uuid"),
        pytest.param("Root=1-67891233-abcdef024681357913579246", "Root=1-67891233-abcdef024681357913579246", id="aws"),
        pytest.param("x" * 129, None, id="too-long"),
        pytest.param("a b", None, id="blank"),
        pytest.param("a\nb", None, id="line-break"),
        pytest.param("a\n", None, id="line-break-at-the-end"),
        pytest.param("<b>", None, id="markup"),
        pytest.param("", None, id="empty"),
        pytest.param(None, None, id="None"),
    ],
)
def test_a_request_id_is_shown_where_it_looks_like_one(given: str | None, shown: str | None) -> None:
    """A header may hold anything."""
    assert REDACTOR.request_id(given) == shown


@pytest.mark.parametrize(
    ("items", "problems"),
    [
        pytest.param(
            [{"loc": ["body", "displayName", 0], "msg": "Field required", "type": "missing"}],
            (FieldProblem(location=("body", "displayName", 0), kind="missing", message="Field required"),),
            id="as-pydantic-writes-it",
        ),
        pytest.param(
            [{"loc": ["body", VALUE, True, -1], "msg": f"bad {VALUE}", "type": "a1"}],
            (FieldProblem(location=("body", "…", "…", "…"), kind="…", message=WITHHELD),),
            id="what-is-unknown-is-masked",
        ),
        pytest.param(
            [{"loc": "body", "msg": None}],
            (FieldProblem(location=(), kind="…", message=""),),
            id="wrong-types",
        ),
        pytest.param(
            [{"loc": ["body"], "msg": "bad", "type": "x", "input": "hush", "ctx": {"given": "hush"}}],
            (FieldProblem(location=("body",), kind="x", message="bad"),),
            id="input-and-context-are-not-read",
        ),
        pytest.param(["text", None, 3], (), id="no-objects"),
        pytest.param("text", (), id="no-list"),
    ],
)
def test_the_fields_that_a_refusal_names_are_read(items: object, problems: tuple[FieldProblem, ...]) -> None:
    """Location, kind and message, each scrubbed; never what was sent."""
    assert REDACTOR.problems(items) == problems


def test_at_most_twenty_problems_are_read() -> None:
    """A reply of any size makes an error of a bounded one."""
    assert len(REDACTOR.problems([{"loc": ["body"] * 50, "msg": "bad", "type": "x"}] * 50)) == 20
    assert len(REDACTOR.problems([{"loc": ["body"] * 50, "msg": "bad", "type": "x"}])[0].location) == 20


def test_field_names_are_found_at_every_depth() -> None:
    """In objects and in lists; values are no names, and without a body nothing is known."""
    redactor = Redactor([], {"a_1": [{"b_1": 1}, {"c_1": {"d_1": "e_1"}}]})
    assert redactor.text("a_1 b_1 c_1 d_1 e_1 a_1.d_1") == "a_1 b_1 c_1 d_1 … a_1.d_1"
    assert Redactor([], "a_1").text("a_1 body") == "… body"


def test_the_secrets_of_each_source_are_looked_for() -> None:
    """Those of the account and those of the call."""
    redactor = Redactor([Traces([Secret("one_TEST_not_a_key")]), Traces([]), Traces([Secret("two_TEST_not_a_key")])])
    assert redactor.betrays("one_TEST_not_a_key")
    assert redactor.betrays("two_TEST_not_a_key")


def test_traces_print_how_many_secrets_there_are_and_nothing_else() -> None:
    """Also after they were worked out."""
    traces = Traces([Secret(VALUE)])
    assert traces.are_in(VALUE)
    assert repr(traces) == "Traces(1 secrets)"


def record(message: str, *args: object) -> logging.LogRecord:
    return logging.LogRecord("httpcore.http11", logging.DEBUG, "file", 1, message, args, None)


def test_the_headers_of_a_reply_are_taken_out_of_the_logs() -> None:
    """The line stays, and says that something was taken out of it."""
    line = record("receive_response_headers.complete return_value=%r", [("Set-Cookie", VALUE)])
    assert ResponseHeadersFilter().filter(line)
    assert VALUE not in line.getMessage()
    assert "withheld" in line.getMessage()


def test_other_lines_of_the_logs_stay_as_they_are() -> None:
    """The filter touches nothing else."""
    line = record("connect_tcp.started host=%r", "api.galileo.ai")
    assert ResponseHeadersFilter().filter(line)
    assert line.getMessage() == "connect_tcp.started host='api.galileo.ai'"


def test_the_filter_is_installed_once() -> None:
    """Asking again adds no second copy."""
    quiet_http_logs()
    quiet_http_logs()
    for name in ("httpcore.http11", "httpcore.http2"):
        found = [entry for entry in logging.getLogger(name).filters if isinstance(entry, ResponseHeadersFilter)]
        assert len(found) == 1
