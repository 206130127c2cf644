"""How often a call is sent over a wire that fails, and what the attempts before the last mean for what is told."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from issuant import Retries
from issuant.errors import (
    AuthenticationError,
    ConflictError,
    Effect,
    IssuantError,
    NotFoundError,
    NotSentError,
    OutcomeUnknownError,
    PermissionDeniedError,
    RateLimitedError,
    RefusedError,
    UnusableReplyError,
)
from issuant.flow import Call, answered, removed
from issuant.repeating import ONCE
from issuant.replies import Explanation, Reply, refusal

from tests.issuant.recording import (
    NOW,
    Recorder,
    a_call,
    both,
    driven,
    error_of,
    lost,
    no_connection,
    now,
    performed,
    status,
)


def unread(_: Reply) -> Explanation:
    return "", None, ()


KINDS: dict[str, dict[str, bool]] = {
    "reads": {"reads": True},
    "repeats": {"repeats": True},
    "keyed": {"keyed": True},
    "creates": {},
}
each_kind = pytest.mark.parametrize("kind", KINDS)


@both
@each_kind
def test_what_had_no_effect_is_tried_three_times(flavour: str, kind: str) -> None:
    """Whatever the call is; the third failure is the one that is told, with how often it was tried."""
    wire = Recorder([no_connection()])
    error = error_of(flavour, a_call(**KINDS[kind]), wire)
    assert isinstance(error, NotSentError)
    assert (len(wire.requests), error.attempts, error.effect) == (3, 3, Effect.NONE)


@both
@each_kind
def test_the_reply_of_a_later_attempt_is_the_reply(flavour: str, kind: str) -> None:
    """It tells how many it took."""
    wire = Recorder([no_connection(), status(429), status(200)])
    found = performed(flavour, a_call(**KINDS[kind]), wire)
    assert (found.status, found.attempts, found.is_doubtful) == (200, 3, False)


@both
def test_a_create_whose_reply_is_lost_is_sent_once(flavour: str) -> None:
    """Nor is it after a 5xx: a key may have been made."""
    wire = Recorder([lost()])
    error = error_of(flavour, a_call(), wire)
    assert (type(error), error.attempts, len(wire.requests)) == (OutcomeUnknownError, 1, 1)
    wire = Recorder([status(503)])
    found = performed(flavour, a_call(), wire)
    assert (found.status, found.attempts, len(wire.requests)) == (503, 1, 1)


@both
def test_a_call_can_be_sent_once_and_no_more(flavour: str) -> None:
    """Where whoever calls has a policy of its own."""
    wire = Recorder([no_connection()])
    assert error_of(flavour, a_call(reads=True), wire, retries=ONCE).attempts == 1
    assert len(wire.requests) == 1


@both
@pytest.mark.parametrize("failure", [httpx.PoolTimeout("full"), httpx.LocalProtocolError("no header")])
def test_what_another_attempt_would_meet_again_is_tried_once(flavour: str, failure: Exception) -> None:
    """A pool that is full of calls of one's own, and a request that cannot be sent."""
    error = error_of(flavour, a_call(reads=True), Recorder([failure]))
    assert (type(error), error.attempts) == (NotSentError, 1)


@both
def test_an_error_of_a_login_names_the_provider(flavour: str) -> None:
    """Which the login itself does not know."""
    error = error_of(flavour, a_call(), Recorder([AuthenticationError("the login was refused.", operation="login")]))
    assert (error.provider, error.operation) == ("galileo", "login")


@both
def test_every_attempt_sends_the_same(flavour: str) -> None:
    """The idempotency key and the body, above all."""
    wire = Recorder([lost(), lost(), status(200)])
    call = a_call(keyed=True, headers={"Idempotency-Key": "key-1"}, json={"name": "k"})
    performed(flavour, call, wire)
    assert [request.headers["Idempotency-Key"] for request in wire.requests] == ["key-1"] * 3
    assert {request.content for request in wire.requests} == {b'{"name":"k"}'}


@both
def test_a_retry_after_beyond_the_longest_is_not_waited_and_is_told(flavour: str) -> None:
    """The refusal comes at once, and says how long to wait."""
    wire = Recorder([status(429, retry_after="3600")])
    found = performed(flavour, a_call(reads=True), wire)
    assert (found.attempts, len(wire.requests)) == (1, 1)
    assert refusal(found, NOW, unread).retry_after == 3600.0


def test_between_attempts_is_waited_as_the_policy_and_the_provider_say(sleeps: list[float]) -> None:
    """The provider's word goes before the policy's."""
    wire = Recorder([status(503), status(503, retry_after="9"), status(200)])
    performed("sync", a_call(reads=True), wire, retries=Retries(first_wait=2))
    assert len(sleeps) == 2
    assert 1 <= sleeps[0] <= 2
    assert sleeps[1] == 9.0


# What a later attempt meets does not undo what an earlier one may have done.

LATER: dict[str, tuple[BaseException | httpx.Response, type[IssuantError]]] = {
    "400": (status(400), RefusedError),
    "401": (status(401), AuthenticationError),
    "403": (status(403), PermissionDeniedError),
    "404": (status(404), NotFoundError),
    "409": (status(409), ConflictError),
    "429": (status(429), RateLimitedError),
    "302": (status(302), OutcomeUnknownError),
    "503": (status(503), OutcomeUnknownError),
    "no-connection": (no_connection(), OutcomeUnknownError),
    "pool-full": (httpx.PoolTimeout("full"), OutcomeUnknownError),
    "lost-again": (lost(), OutcomeUnknownError),
    "login-refused": (AuthenticationError("the login was refused.", status=401), OutcomeUnknownError),
    "login-limited": (RateLimitedError("too many.", retry_after=600.0), OutcomeUnknownError),
}
FIRST = {"lost": lost(), "broke-off": httpx.RemoteProtocolError("gone")}


def refused(flavour: str, call: Call, wire: httpx.MockTransport, **options: Any) -> IssuantError:
    """Return the error of an operation that takes anything but a 2xx for one."""
    with pytest.raises(IssuantError) as caught:
        driven(flavour, answered(call, now, unread), wire, **options)
    return caught.value


@both
@pytest.mark.parametrize("first", FIRST)
@pytest.mark.parametrize("later", LATER)
@pytest.mark.parametrize("kind", ["repeats", "keyed"])
def test_after_a_lost_reply_nothing_says_that_nothing_was_changed(
    flavour: str, kind: str, first: str, later: str
) -> None:
    """A change whose reply was lost may have taken effect, whatever the next attempt is told."""
    then, expected = LATER[later]
    wire = Recorder([FIRST[first], then])
    error = refused(flavour, a_call(**KINDS[kind]), wire, retries=Retries(attempts=2, first_wait=0))
    assert (type(error), error.effect, error.attempts) == (expected, Effect.UNKNOWN, 2)
    assert "nothing was" not in str(error).lower()
    assert error.provider == "galileo"
    if isinstance(then, IssuantError):
        assert (error.status, error.retry_after) == (then.status, then.retry_after)


@both
@pytest.mark.parametrize("later", LATER)
def test_a_reading_whose_reply_was_lost_has_changed_nothing(flavour: str, later: str) -> None:
    """Whatever the next attempt is told."""
    wire = Recorder([lost(), LATER[later][0]])
    error = refused(flavour, a_call(reads=True), wire, retries=Retries(attempts=2, first_wait=0))
    assert error.effect is Effect.NONE
    assert not isinstance(error, OutcomeUnknownError)


@both
@pytest.mark.parametrize("kind", ["repeats", "keyed"])
def test_after_what_had_no_effect_a_refusal_is_one(flavour: str, kind: str) -> None:
    """There is nothing to doubt."""
    wire = Recorder([no_connection(), status(429), status(403)])
    error = refused(flavour, a_call(**KINDS[kind]), wire)
    assert (type(error), error.effect, error.attempts) == (PermissionDeniedError, Effect.NONE, 3)


def removal(flavour: str, wire: httpx.MockTransport) -> Reply:
    return driven(flavour, removed(a_call(repeats=True, method="DELETE"), now, unread), wire)


@both
def test_what_is_not_there_after_a_lost_removal_may_never_have_been(flavour: str) -> None:
    """Nobody is told that it is gone; what is not there from the start is a plain error."""
    for doubtful in (lost(), status(502)):
        with pytest.raises(NotFoundError) as caught:
            removal(flavour, Recorder([doubtful, httpx.Response(404, json={})]))
        assert (caught.value.effect, caught.value.attempts) == (Effect.UNKNOWN, 2)
        assert "if it was there, it is gone now" in caught.value.advice
    for harmless in (no_connection(), status(429)):
        with pytest.raises(NotFoundError) as caught:
            removal(flavour, Recorder([harmless, status(404)]))
        assert caught.value.effect is Effect.NONE


@both
def test_a_404_of_a_proxy_after_a_lost_removal_tells_nothing(flavour: str) -> None:
    """It is not the provider that knows of nothing there."""
    with pytest.raises(NotFoundError) as caught:
        removal(flavour, Recorder([lost(), httpx.Response(404, html="<html>no such route</html>")]))
    assert caught.value.effect is Effect.UNKNOWN
    assert "gone" not in caught.value.advice


@both
@pytest.mark.parametrize("code", [201, 202, 206])
def test_only_200_and_204_confirm_a_removal(flavour: str, code: int) -> None:
    """One that is put off, say, has not happened."""
    with pytest.raises(UnusableReplyError) as caught:
        removal(flavour, Recorder([httpx.Response(code, json={})]))
    assert caught.value.effect is Effect.UNKNOWN


@both
def test_a_page_of_a_proxy_is_no_word_that_something_is_removed(flavour: str) -> None:
    """With 200 and HTML, nobody knows; with 204 there is nothing to read."""
    page = httpx.Response(200, html="<html>welcome</html>")
    with pytest.raises(UnusableReplyError) as caught:
        removal(flavour, Recorder([page]))
    assert caught.value.effect is Effect.UNKNOWN
    assert removal(flavour, Recorder([httpx.Response(204)])).status == 204
