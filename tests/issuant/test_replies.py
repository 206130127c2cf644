"""A reply is read without trust."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import httpx
import pytest
from issuant import Connection, errors
from issuant.errors import Effect, IssuantError
from issuant.keys import VendorFields
from issuant.redaction import Redactor, Traces
from issuant.replies import Reading, Reply, refusal, unclear, unreadable, unusable, usable_secret
from issuant.secret import Secret
from issuant_galileo.types import UNSET, Unset

from tests.issuant.recording import NOW

VALUE = "fw_TEST_not_a_key"


def reply(body: bytes | str = b"", *, status: int = 200, headers: dict[str, str] | None = None, **known: Any) -> Reply:
    content = body.encode() if isinstance(body, str) else body
    response = httpx.Response(status, headers=headers, content=content)
    redactor = Redactor([Traces([Secret(VALUE)])])
    return Reply(response, content, provider="galileo", operation="issue", redactor=redactor, **known)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        pytest.param("30", 30.0, id="seconds"),
        pytest.param("0", 0.0, id="at-once"),
        pytest.param(" 7 ", 7.0, id="blanks-around"),
        pytest.param("Wed, 02 Jan 2030 03:05:05 GMT", 60.0, id="date"),
        pytest.param("Wed, 02 Jan 2030 05:05:05 +0200", 60.0, id="date-with-an-offset"),
        pytest.param("Wed, 02 Jan 2030 03:05:05 -0000", 60.0, id="date-with-an-unknown-offset"),
        pytest.param("Wed, 02 Jan 2019 00:00:00 GMT", 0.0, id="date-that-is-past"),
        pytest.param("-5", None, id="negative"),
        pytest.param("1.5", None, id="fraction"),
        pytest.param("²", None, id="digit-of-another-kind"),
        pytest.param("soon", None, id="word"),
        pytest.param("", None, id="empty"),
        pytest.param("9" * 12, None, id="beyond-reason"),
        pytest.param("Wed, 02 Jan 99999999999 00:00:00 GMT", None, id="year-beyond-the-calendar"),
        pytest.param("Wed, 45 Jan 2030 00:00:00 GMT", None, id="day-beyond-the-month"),
        pytest.param("Wed, 02 Jan 2030 00:00:00 +9999999999", None, id="offset-beyond-a-day"),
    ],
)
def test_retry_after_is_a_number_of_seconds_or_a_date(header: str, seconds: float | None) -> None:
    """What is neither counts as absent, never as a crash."""
    response = httpx.Response(429, headers=[(b"Retry-After", header.encode())])
    found = Reply(response, b"", provider="galileo", operation="issue", redactor=Redactor([]))
    assert found.retry_after(NOW) == seconds


def test_no_retry_after_is_none() -> None:
    """A vendor need not say how long to wait."""
    assert reply().retry_after(NOW) is None


@pytest.mark.parametrize(
    ("body", "found"),
    [
        pytest.param('{"id": "key-1"}', "key-1", id="whole"),
        pytest.param('{"id":"key-1","api_key":"fw_', "key-1", id="cut-off"),
        pytest.param('[{"a": {"id": "key-1"}}]', "key-1", id="in-another-shape"),
        pytest.param('{"id": 17}', "17", id="number"),
        pytest.param('{"id": "a\\u002db"}', "a-b", id="escapes"),
        pytest.param('{"id": "ab', None, id="cut-off-in-the-value"),
        pytest.param('{"id": null}', None, id="null"),
        pytest.param('{"id": ""}', None, id="empty"),
        pytest.param('{"id": "a\\nb"}', None, id="line-break"),
        pytest.param('{"id": "a\\qb"}', None, id="broken-escape"),
        pytest.param('{"idx": "key-1"}', None, id="another-name"),
        pytest.param(b'\xff\xfe{"id": "key-1"}', "key-1", id="bytes-that-are-no-text"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_an_id_is_salvaged_from_a_reply_that_cannot_be_parsed(body: bytes | str, found: str | None) -> None:
    """It tells what to revoke."""
    assert (reply(body).salvage("id") or None) == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        pytest.param('{"id": "top", "data": {"of": {"id": 1}, "token": {"id": 17}}}', "17", id="whole"),
        pytest.param('{"data": {"of": {"id": 1}, "token": {"id": 17}, "key": "c', "17", id="cut-off"),
        pytest.param('{"data": {"of": {"id": 1}, "tok', None, id="cut-off-before-it"),
        pytest.param('{"result": {"data": {"of": {"id": 1}, "token": {"id": 17}}}}', "17", id="in-another-object"),
        pytest.param('{"data": {"of": {"id": 1}, "token": {}}}', None, id="absent"),
        pytest.param('{"data": {"of": {"id": 1}, "token": {"id": true}}}', None, id="of-another-kind"),
        pytest.param('{"data": {"token": 3, "of": {"id": 1}}}', None, id="no-object-on-the-way"),
        pytest.param('{"id": 17}', None, id="in-another-shape"),
    ],
)
def test_an_id_that_stands_deeper_is_salvaged_by_the_names_that_lead_to_it(body: str, found: str | None) -> None:
    """Another object's id is not taken for it."""
    assert reply(body).salvage(("data", "token", "id")) == found


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        pytest.param('{"a": 1}', {"a": 1}, id="object"),
        pytest.param("[1]", None, id="list"),
        pytest.param('"text"', None, id="text"),
        pytest.param("null", None, id="null"),
        pytest.param("<html>", None, id="html"),
        pytest.param("", None, id="empty"),
        pytest.param(b"\xff\xff", None, id="no-text"),
        pytest.param("[" * 200_000, None, id="nested-beyond-reason"),
    ],
)
def test_fields_are_those_of_a_json_object(body: bytes | str, fields: dict[str, object] | None) -> None:
    """Anything else has none."""
    found = reply(body).fields()
    assert (dict(found) if found is not None else None) == fields


def test_a_reply_shows_its_status_alone() -> None:
    """Neither its body nor its headers."""
    assert repr(reply(f'{{"key": "{VALUE}"}}', headers={"Set-Cookie": VALUE})) == "Reply(200)"


def test_the_request_id_is_read_from_its_header() -> None:
    """A value that looks like none, or repeats a secret, is left out."""
    assert reply(headers={"X-Request-ID": "req-1"}).request_id == "req-1"
    assert reply(headers={"X-Request-ID": "<script>"}).request_id is None
    assert reply(headers={"X-Request-ID": VALUE}).request_id is None
    assert reply().request_id is None


@pytest.mark.parametrize(
    ("value", "usable"),
    [
        pytest.param(VALUE, True, id="key"),
        pytest.param("", False, id="empty"),
        pytest.param("a b", False, id="blank"),
        pytest.param("a\n", False, id="line-break"),
        pytest.param("a\u00a0b", False, id="no-break-space"),
        pytest.param("a\ud800", False, id="surrogate"),
        pytest.param(None, False, id="null"),
        pytest.param(12, False, id="number"),
        pytest.param([VALUE], False, id="list"),
    ],
)
def test_a_usable_value_is_printable_text_without_a_blank(value: object, usable: bool) -> None:
    """Whatever else a vendor sends in its place is no key."""
    found = usable_secret(value)
    assert (found is not None) is usable
    if found is not None:
        assert found.reveal() == value


def reading(value: Secret | None = None) -> Reading:
    return Reading(Unset, value or Secret(VALUE))


@pytest.mark.parametrize(
    ("method", "given", "read"),
    [
        pytest.param("identifier", "key-1", "key-1", id="identifier"),
        pytest.param("identifier", UUID(int=1), str(UUID(int=1)), id="identifier-as-uuid"),
        pytest.param("identifier", 17, "17", id="identifier-as-integer"),
        pytest.param("text", "words", "words", id="text"),
        pytest.param("text", UNSET, None, id="text-left-out"),
        pytest.param("text", None, None, id="text-null"),
        pytest.param("moment", NOW, NOW, id="moment"),
        pytest.param("moment", datetime(2030, 1, 1), datetime(2030, 1, 1, tzinfo=UTC), id="moment-naive-is-utc"),
        pytest.param("moment", UNSET, None, id="moment-left-out"),
        pytest.param("moment", None, None, id="moment-null"),
        pytest.param("day", date(2030, 1, 1), date(2030, 1, 1), id="day"),
        pytest.param("day", UNSET, None, id="day-left-out"),
        pytest.param("day", None, None, id="day-null"),
        pytest.param("texts", {"a": "b"}, {"a": "b"}, id="texts"),
        pytest.param("texts", UNSET, {}, id="texts-left-out"),
        pytest.param("texts", None, {}, id="texts-null"),
    ],
)
def test_a_field_as_documented_is_read(method: str, given: Any, read: object) -> None:
    """Absent and null are the same, and no fault."""
    reader = reading()
    assert getattr(reader, method)(given, "field") == read
    assert reader.faults == []


@pytest.mark.parametrize(
    ("method", "given", "fault"),
    [
        pytest.param("identifier", UNSET, "is not a text", id="identifier-left-out"),
        pytest.param("identifier", None, "is not a text", id="identifier-null"),
        pytest.param("identifier", 1.0, "is not a text", id="identifier-fraction"),
        pytest.param("identifier", True, "is not a text", id="identifier-truth"),
        pytest.param("identifier", 10**200, "is empty, too long or not printable", id="identifier-endless"),
        pytest.param("identifier", "", "is empty, too long or not printable", id="identifier-empty"),
        pytest.param("identifier", "x" * 201, "is empty, too long or not printable", id="identifier-too-long"),
        pytest.param("identifier", "a\nb", "is empty, too long or not printable", id="identifier-line-break"),
        pytest.param("identifier", f"id-{VALUE}", "repeats the value of the key", id="identifier-with-the-value"),
        pytest.param("text", 12, "is not a text", id="text-number"),
        pytest.param("text", f"see {VALUE}", "repeats the value of the key", id="text-with-the-value"),
        pytest.param("moment", "2030-01-01", "is not a time", id="moment-as-text"),
        pytest.param("moment", 1893456000, "is not a time", id="moment-as-number"),
        pytest.param("day", "2030-01-01", "is not a day", id="day-as-text"),
        pytest.param("day", NOW, "is not a day", id="day-with-a-time"),
        pytest.param("texts", ["a"], "is not a mapping of texts", id="texts-as-list"),
        pytest.param("texts", {"a": 1}, "is not a mapping of texts", id="texts-of-numbers"),
    ],
)
def test_a_field_of_another_kind_is_a_fault_that_names_it(method: str, given: Any, fault: str) -> None:
    """The fault does not repeat what was there."""
    reader = reading()
    assert not getattr(reader, method)(given, "field")
    assert reader.faults == [f"field {fault}"]


def test_a_time_keeps_its_offset() -> None:
    """Only a time without one is taken for UTC."""
    moment = datetime(2030, 1, 1, tzinfo=timezone(timedelta(hours=5)))
    read = reading().moment(moment, "field")
    assert read is not None
    assert read.utcoffset() == timedelta(hours=5)


def explain(found: Reply) -> tuple[str, str | None, tuple[errors.FieldProblem, ...]]:
    return found.redactor.text((found.fields() or VendorFields({})).get("message")), "CODE", ()


@pytest.mark.parametrize(
    ("status", "kind", "effect"),
    [
        (400, errors.RefusedError, Effect.NONE),
        (401, errors.AuthenticationError, Effect.NONE),
        (402, errors.RefusedError, Effect.NONE),
        (403, errors.PermissionDeniedError, Effect.NONE),
        (404, errors.NotFoundError, Effect.NONE),
        (408, errors.OutcomeUnknownError, Effect.UNKNOWN),
        (409, errors.ConflictError, Effect.NONE),
        (418, errors.RefusedError, Effect.NONE),
        (422, errors.RefusedError, Effect.NONE),
        (429, errors.RateLimitedError, Effect.NONE),
        (301, errors.OutcomeUnknownError, Effect.UNKNOWN),
        (500, errors.OutcomeUnknownError, Effect.UNKNOWN),
        (502, errors.OutcomeUnknownError, Effect.UNKNOWN),
        (520, errors.OutcomeUnknownError, Effect.UNKNOWN),
    ],
)
def test_a_status_means_an_error_and_an_effect(status: int, kind: type[IssuantError], effect: Effect) -> None:
    """A 4xx created nothing, but for a timeout; a 5xx may have."""
    headers = {"X-Request-ID": "req-1", "Retry-After": "9"}
    error = refusal(reply('{"message": "no such thing"}', status=status, headers=headers), NOW, explain)
    assert type(error) is kind
    assert error.effect is effect
    assert error.reason.endswith("; it says: no such thing.")
    assert (error.status, error.code, error.request_id, error.retry_after) == (status, "CODE", "req-1", 9.0)
    assert (error.provider, error.operation) == ("galileo", "issue")
    assert error.advice


@pytest.mark.parametrize("status", [301, 408, 500, 502, 503, 520, 501, 599])
def test_a_reading_that_failed_is_unanswered(status: int) -> None:
    """It changed nothing, whatever the provider did with it."""
    error = refusal(reply(status=status, reads=True), NOW, explain)
    assert type(error) is errors.UnansweredError
    assert error.effect is Effect.NONE
    assert error.advice
    assert "may have taken effect" not in str(error)


@pytest.mark.parametrize(
    ("repeats", "advice"),
    [
        pytest.param(True, "Repeat the call", id="repeats"),
        pytest.param(False, "Look for its name in the provider's list", id="creates"),
    ],
)
@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422])
def test_a_refusal_behind_a_lost_reply_undoes_nothing(status: int, repeats: bool, advice: str) -> None:
    """The kind of error is that of the refusal, and the effect that of the attempt before."""
    sure, doubtful = (reply(status=status, repeats=repeats) for _ in range(2))
    doubtful.is_doubtful, doubtful.attempts = True, 3
    before, after = refusal(sure, NOW, explain), refusal(doubtful, NOW, explain)
    assert type(before) is type(after)
    assert (before.effect, before.attempts) == (Effect.NONE, 1)
    assert (after.effect, after.attempts) == (Effect.UNKNOWN, 3)
    assert advice in after.advice
    assert before.advice in after.advice


@pytest.mark.parametrize(
    ("asked", "advice"),
    [
        pytest.param("30", "Wait 30 seconds, then try again.", id="seconds"),
        pytest.param("1", "Wait 1 second, then try again.", id="one-second"),
        pytest.param("120", "Wait 120 seconds, then try again.", id="two-minutes"),
        pytest.param("121", "Wait 3 minutes, then try again.", id="minutes-rounded-up"),
        pytest.param("7200", "Wait 120 minutes, then try again.", id="two-hours"),
        pytest.param("7201", "Wait 3 hours, then try again.", id="hours-rounded-up"),
        pytest.param("200000", "Wait 3 days, then try again.", id="days"),
        pytest.param("Wed, 02 Jan 2030 03:05:05 GMT", "Wait 60 seconds, then try again.", id="date"),
        pytest.param("0", "Wait, then try again.", id="nothing"),
        pytest.param("soon", "Wait, then try again.", id="no-number"),
    ],
)
def test_a_limit_tells_how_long_to_wait(asked: str, advice: str) -> None:
    """In words that need no arithmetic, and never too short."""
    assert refusal(reply(status=429, headers={"Retry-After": asked}), NOW, explain).advice == advice


def test_a_limit_behind_a_lost_reply_advises_to_wait_and_to_look() -> None:
    """Not to try again: the attempt before may have taken effect."""
    doubtful = reply(status=429, headers={"Retry-After": "30"})
    doubtful.is_doubtful = True
    advice = refusal(doubtful, NOW, explain).advice
    assert advice.startswith("Wait 30 seconds. Look for its name")
    assert "try again" not in advice


@pytest.mark.parametrize(
    ("reads", "advice"),
    [
        pytest.param(True, "Nothing was changed. Wait 30 seconds, then try again.", id="reads"),
        pytest.param(False, "Wait 30 seconds. Look for its name", id="creates"),
    ],
)
def test_a_failure_that_says_when_it_ends_is_waited_for(reads: bool, advice: str) -> None:
    """A 503 may have Retry-After as well."""
    error = refusal(reply(status=503, reads=reads, headers={"Retry-After": "30"}), NOW, explain)
    assert error.advice.startswith(advice)


@pytest.mark.parametrize(
    "operation", ["approval", "delete_secret", "pairing_token", "revoke", "secret", "user", "whitelisted_ips"]
)
def test_what_is_asked_for_by_an_id_and_not_found_advises_to_check_it_first(operation: str) -> None:
    """The account and the base URL come after it."""
    missing = reply('{"message": "no such thing"}', status=404)
    missing.operation = operation
    assert refusal(missing, NOW, explain).advice.startswith("Check the id first; then the account")


@pytest.mark.parametrize("operation", ["issue", "keys", "secrets", "users", "whoami", "create_user"])
def test_what_names_no_id_and_is_not_found_advises_to_check_where_it_goes(operation: str) -> None:
    """An id is not spoken of."""
    missing = reply('{"message": "no such thing"}', status=404)
    missing.operation = operation
    assert refusal(missing, NOW, explain).advice == "Check the account, user or project, and the base URL."


@pytest.mark.parametrize("operation", ["approval", "delete_secret", "pairing_token", "revoke", "secret", "user"])
def test_what_is_asked_for_by_an_id_is_a_method_of_a_connection(operation: str) -> None:
    """A method of another name would be advised as if it named no id."""
    assert callable(getattr(Connection, operation))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 422])
def test_a_refusal_without_words_may_be_that_of_a_proxy(status: int) -> None:
    """One in the provider's words is not said to."""

    def silent(found: Reply) -> tuple[str, None, tuple[errors.FieldProblem, ...]]:
        return "", None, ()

    unexplained = refusal(reply("<html>", status=status), NOW, silent).advice
    explained = refusal(reply(status=status), NOW, explain).advice
    assert unexplained.startswith(explained)
    assert "a proxy on the way" in unexplained.removeprefix(explained)
    assert "proxy" not in explained


def test_a_reading_answered_by_a_page_advises_to_check_where_it_goes() -> None:
    """As a proxy or another web site answers it. JSON of another shape is for the provider to mend."""
    assert "base URL" in unreadable(reply("<html>")).advice
    assert "tell the provider" in unreadable(reply('{"a": 1}')).advice
    assert "tell the provider" in unreadable(reply('{"a"', broke_off=True)).advice


def test_a_reply_to_a_reading_that_cannot_be_used_has_changed_nothing() -> None:
    """And one to a removal may have: nobody knows."""
    read = unreadable(reply("<html>", reads=True, headers={"X-Request-ID": "req-1"}), ["keys is not a list"])
    assert (read.effect, read.request_id, read.status, read.attempts) == (Effect.NONE, "req-1", 200, 1)
    assert "keys is not a list" in read.reason
    for repeats, advice in ((True, "It may have taken effect. Repeat"), (False, "Look for")):
        removed = unclear(reply("<html>", repeats=repeats))
        assert removed.effect is Effect.UNKNOWN
        assert removed.advice.startswith(advice)


def test_a_reply_that_breaks_off_is_said_to() -> None:
    """Where nothing else is known to be wrong with it."""
    broken = reply('{"id": "key-1"', broke_off=True, id_field="id")
    assert "it breaks off" in unreadable(broken).reason
    assert "it breaks off" in unusable(broken, ()).reason
    assert "breaks off" not in unreadable(broken, ["x"]).reason
    assert "not as documented" in unreadable(reply("[]")).reason


@pytest.mark.parametrize(
    ("date", "skew"),
    [
        pytest.param("Wed, 02 Jan 2030 03:05:05 GMT", timedelta(minutes=1), id="ahead"),
        pytest.param("Wed, 02 Jan 2030 03:03:05 -0000", -timedelta(minutes=1), id="behind"),
        pytest.param("02 Jan 2030", None, id="half-a-date"),
        pytest.param("", None, id="empty"),
    ],
)
def test_a_date_tells_how_far_the_providers_clock_is_ahead(date: str, skew: timedelta | None) -> None:
    """What is no date tells nothing."""
    assert reply(headers={"Date": date}).clock_skew(NOW) == skew


def test_without_a_date_nothing_is_known_of_the_providers_clock() -> None:
    """A reply need not have one."""
    assert reply().clock_skew(NOW) is None


def test_a_refusal_without_words_is_a_sentence_still() -> None:
    """An empty body adds nothing to it."""
    assert refusal(reply(status=404), NOW, explain).reason == "the provider does not know what the request names."


@pytest.mark.parametrize(
    ("body", "known", "value", "effect"),
    [
        pytest.param('{"id": "key-1", "key": "gal_TEST"}', "key-1", "gal_TEST", Effect.CREATED, id="both"),
        pytest.param('{"id": "key-1", "key": 5}', "key-1", None, Effect.CREATED, id="a-number-is-no-value"),
        pytest.param('{"id": "' + "x" * 201 + '"}', None, None, Effect.CREATED, id="an-id-too-long"),
        pytest.param('{"id": "key-1"', "key-1", None, Effect.CREATED, id="cut-off"),
        pytest.param('{"key": "gal_TEST"}', None, "gal_TEST", Effect.CREATED, id="no-id"),
        pytest.param("<html>", None, None, Effect.UNKNOWN, id="html"),
        pytest.param('{"id": "' + VALUE + '"}', None, None, Effect.CREATED, id="id-repeats-a-credential"),
        pytest.param(
            '{"id": "x-gal_TEST", "key": "gal_TEST"}', None, "gal_TEST", Effect.CREATED, id="id-holds-the-value"
        ),
    ],
)
def test_an_unusable_reply_tells_what_it_made(body: str, known: str | None, value: str | None, effect: Effect) -> None:
    """The id in words, so that it can be revoked; the value as a Secret."""
    error = unusable(reply(body, id_field="id", value_field="key"), ["id is not a text"])
    assert error.id == known
    assert (error.secret.reveal() if error.secret else None) == value
    assert error.effect is effect
    assert "id is not a text" in error.reason
    if known is not None:
        assert known in error.advice


@pytest.mark.parametrize(
    ("body", "advice"),
    [
        pytest.param(
            '{"id": "key-1", "key": "gal_TEST"}',
            "The value is on this error as `secret`: keep it, or revoke key-1.",
            id="both",
        ),
        pytest.param(
            '{"key": "gal_TEST"}',
            "The value is on this error as `secret`: keep it, or look for its name in the provider's list, "
            "and revoke it.",
            id="value",
        ),
        pytest.param(
            '{"id": "key-1"}', "Revoke key-1 there before you try again: its value did not come.", id="id-alone"
        ),
        pytest.param(
            "{}",
            "It was created, and its value did not come: look for its name in the provider's list, and revoke it.",
            id="neither",
        ),
        pytest.param(
            "a page of a proxy",
            "Look for its name in the provider's list before you repeat the call: it may have taken effect. "
            "If the key is there and you do not have its value, revoke it.",
            id="none-of-the-provider's",
        ),
    ],
)
def test_an_unusable_reply_advises_by_what_it_tells(body: str, advice: str) -> None:
    """What is to be kept, what is to be revoked, and where to look."""
    error = unusable(reply(body, id_field="id", value_field="key"), [])
    assert error.advice == advice
    assert ("accepted the call" in error.reason) is (error.effect is Effect.CREATED)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        pytest.param("no such thing", "no such thing (HTTP 403). Use", id="no-end"),
        pytest.param("No such thing.", "No such thing (HTTP 403). Use", id="full-stop"),
        pytest.param("no such thing...", "no such thing... (HTTP 403). Use", id="three-dots"),
        pytest.param("no such thing!", "no such thing! (HTTP 403). Use", id="exclamation"),
        pytest.param("is it there?", "is it there? (HTTP 403). Use", id="question"),
        pytest.param("no such thing …", "no such thing … (HTTP 403). Use", id="cut-off"),
    ],
)
def test_a_refusal_is_one_sentence_whatever_ends_the_vendors_words(words: str, shown: str) -> None:
    """The facts for support stand in it, before the one full stop."""
    error = refusal(reply(json.dumps({"message": words}), status=403), NOW, explain)
    assert f"; it says: {shown}" in str(error)
    assert error.reason.endswith((".", "!", "?", "…"))


@pytest.mark.parametrize("status", [408, 500, 502, 503])
def test_a_key_whose_value_is_lost_is_to_be_revoked(status: int) -> None:
    """Where the reply would have brought the value; a secret or a user has none that could be lost."""
    lost = refusal(reply(status=status, value_field="key"), NOW, explain).advice
    other = refusal(reply(status=status), NOW, explain).advice
    assert lost == f"{other} If the key is there and you do not have its value, revoke it."


def test_an_unusable_reply_tells_what_stands_deeper() -> None:
    """Another object's fields of the same names do not count."""
    decoy = '"extra": {"id": "decoy", "key": "decoy_TEST"}'
    body = f'{{{decoy}, "data": {{"token": {{"id": 17}}, "key": "gal_TEST"}}}}'
    error = unusable(reply(body, id_field=("data", "token", "id"), value_field=("data", "key")), [])
    assert (error.id, error.secret.reveal() if error.secret else None) == ("17", "gal_TEST")


@pytest.mark.parametrize(
    ("date", "is_told"),
    [
        pytest.param("Wed, 02 Jan 2030 05:04:05 GMT", True, id="two-hours"),
        pytest.param("Sun, 01 Dec 2030 00:00:00 GMT", True, id="months"),
        pytest.param("Thu, 01 Jan 1970 00:00:00 GMT", False, id="no-clock"),
        pytest.param("Fri, 01 Jan 2100 00:00:00 GMT", False, id="a-lie"),
        pytest.param("soon", False, id="no-date"),
    ],
)
def test_the_time_of_a_reply_is_the_provider_s_unless_that_is_no_clock(date: str, is_told: bool) -> None:
    """A server that has no clock must not make a dead key live."""
    assert (reply(headers={"Date": date}).moment(NOW) != NOW) is is_told


@pytest.mark.parametrize(("reads", "succeeded"), [(True, False), (False, True)], ids=["reading", "create"])
def test_a_part_is_no_whole_reply_to_a_reading(reads: bool, succeeded: bool) -> None:
    """A list that ends early would say "none"; what a create brings is looked at all the same."""
    assert reply(status=206, reads=reads).succeeded is succeeded
