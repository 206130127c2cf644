"""What becomes of a failing wire, and what an HTTP client is never made to do."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from issuant import GalileoAccount, KeyRequest, connect, connect_async
from issuant.errors import (
    Effect,
    IssuantError,
    NotSentError,
    OutcomeUnknownError,
    UsageError,
    WireError,
)
from issuant.mocks import simulator
from issuant.mocks.loopback import serve
from issuant.repeating import ONCE
from issuant.transport import AsyncTransport, Transport, addressed

from tests.issuant.recording import Recorder, a_call, both, error_of, lost, no_connection, performed, settings, status

ACCOUNT = GalileoAccount(api_key="galileo_TEST_not_a_key")


class Failing(httpx.BaseTransport):
    def __init__(self, failure: Exception) -> None:
        self.failure = failure

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        raise self.failure


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        pytest.param(httpx.ConnectError("x"), NotSentError, id="connect-error"),
        pytest.param(httpx.ConnectTimeout("x"), NotSentError, id="connect-timeout"),
        pytest.param(httpx.PoolTimeout("x"), NotSentError, id="pool-timeout"),
        pytest.param(httpx.ProxyError("x"), NotSentError, id="proxy-error"),
        pytest.param(httpx.LocalProtocolError("x"), NotSentError, id="local-protocol-error"),
        pytest.param(httpx.ReadTimeout("x"), OutcomeUnknownError, id="read-timeout"),
        pytest.param(httpx.WriteTimeout("x"), OutcomeUnknownError, id="write-timeout"),
        pytest.param(httpx.ReadError("x"), OutcomeUnknownError, id="read-error"),
        pytest.param(httpx.WriteError("x"), OutcomeUnknownError, id="write-error"),
        pytest.param(httpx.RemoteProtocolError("x"), OutcomeUnknownError, id="remote-protocol-error"),
        pytest.param(httpx.DecodingError("x"), OutcomeUnknownError, id="decoding-error"),
        pytest.param(OSError("x"), OutcomeUnknownError, id="os-error-of-a-custom-transport"),
        pytest.param(RuntimeError("x"), OutcomeUnknownError, id="bug-of-a-custom-transport"),
    ],
)
def test_a_failing_wire_says_whether_the_call_may_have_taken_effect(failure: Exception, kind: type[WireError]) -> None:
    """What httpx raises is named, and is neither cause nor context: it holds the request."""
    with connect(ACCOUNT, transport=Failing(failure), retries=ONCE) as galileo, pytest.raises(WireError) as caught:
        galileo.issue(KeyRequest(name="k"))
    error = caught.value
    assert type(error) is kind
    assert type(failure).__name__ in error.reason
    assert (error.provider, error.operation) == ("galileo", "issue")
    assert error.__cause__ is None
    assert error.__context__ is None
    assert error.advice


def test_a_key_never_goes_through_a_proxy_in_plain_http(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plain http is for this machine alone, whatever proxy the environment names."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    vendor = simulator("galileo")
    with (
        serve(vendor) as server,
        connect(GalileoAccount(api_key="galileo_TEST_not_a_key"), base_url=server.base_url) as c,
    ):
        c.issue(KeyRequest(name="k"))


def test_a_redirect_is_not_followed() -> None:
    """It would carry the key elsewhere."""
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(str(request.url))
        return httpx.Response(307, headers={"Location": "https://elsewhere.example/"})

    with (
        connect(ACCOUNT, transport=httpx.MockTransport(answer)) as galileo,
        pytest.raises(OutcomeUnknownError, match="redirects"),
    ):
        galileo.issue(KeyRequest(name="k"))
    assert seen == ["https://api.galileo.ai/v2/users/api_keys"]


@pytest.mark.parametrize("location", ["mailto:x", "http://[", "//", "", "\\", "file:///etc", "http://a:b@c:d", "?"])
def test_a_redirect_to_nowhere_leaves_the_outcome_unknown(location: str) -> None:
    """The provider got the call, whatever it says about where to go."""

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(302, headers={"Location": location})

    with (
        connect(ACCOUNT, transport=httpx.MockTransport(answer)) as galileo,
        pytest.raises(OutcomeUnknownError) as caught,
    ):
        galileo.issue(KeyRequest(name="k"))
    assert caught.value.__context__ is None


COOKIES = [
    pytest.param("session=kept", id="plain"),
    pytest.param("session=kept; Domain=galileo.ai; Path=/", id="of-the-domain"),
    pytest.param("session=kept; Domain=.galileo.ai; Path=/; Secure; HttpOnly; Max-Age=3600", id="full"),
]


@pytest.mark.parametrize("cookie", COOKIES)
def test_a_cookie_of_a_reply_is_not_sent_with_the_next_call(cookie: str) -> None:
    """A call is made of what the caller gave, and of nothing that a provider set."""
    recorder = Recorder([httpx.Response(401, headers={"Set-Cookie": cookie}, json={"detail": "no"})])
    with connect(ACCOUNT, transport=recorder) as galileo:
        for _ in range(2):
            with pytest.raises(IssuantError, match="401"):
                galileo.issue(KeyRequest(name="k"))
    assert len(recorder.requests) == 2
    assert all("Cookie" not in request.headers for request in recorder.requests)


@pytest.mark.parametrize("cookie", COOKIES)
def test_a_cookie_of_a_reply_is_not_sent_with_the_next_async_call(cookie: str) -> None:
    """The same for asyncio."""
    recorder = Recorder([httpx.Response(401, headers={"Set-Cookie": cookie}, json={"detail": "no"})])

    async def scenario() -> None:
        async with connect_async(ACCOUNT, transport=recorder) as galileo:
            for _ in range(2):
                with pytest.raises(IssuantError, match="401"):
                    await galileo.issue(KeyRequest(name="k"))

    asyncio.run(scenario())
    assert len(recorder.requests) == 2
    assert all("Cookie" not in request.headers for request in recorder.requests)


# Addresses


PATHS = [
    pytest.param({"url": "/keys"}, id="path"),
    pytest.param({"url": "/users/a%2Fb%3Fc%23d%20%25/keys"}, id="encoded"),
    pytest.param({"url": "/users/a:b@c=d,e/keys"}, id="signs"),
    pytest.param({"url": "https://elsewhere.example/keys", "params": {"a": "b"}}, id="whole"),
    pytest.param({"url": "keys", "params": {"a": "b"}}, id="no-slash"),
    pytest.param({"url": "/keys", "params": {}}, id="no-parameters"),
    pytest.param({"url": "/keys", "params": {"pageSize": 200, "token": "a b&c=d#e?f/g+h%20ü"}}, id="parameters"),
    pytest.param({"url": "/keys", "params": {"id": ["1", "2"], "all": True, "none": ""}}, id="several"),
]


@pytest.mark.parametrize("base_url", ["https://mock.invalid", "https://mock.invalid:8443/v1", "https://[::1]/a%20b"])
@pytest.mark.parametrize("arguments", PATHS)
def test_a_whole_address_is_the_one_that_httpx_would_put_together(base_url: str, arguments: dict[str, Any]) -> None:
    """Byte for byte, whatever stands in the path and in the query; other arguments stay as they are."""
    with httpx.Client(base_url=base_url) as client:
        expected = client.build_request("GET", **arguments)
        found = client.build_request(**addressed({**arguments, "method": "GET"}, base_url))
    assert (found.method, str(found.url)) == (expected.method, str(expected.url))


def test_no_path_leads_to_another_host() -> None:
    """Two slashes begin a path here, as one does."""
    found = addressed({"method": "GET", "url": "//elsewhere.example/keys"}, "https://mock.invalid")
    assert httpx.URL(found["url"]).host == "mock.invalid"


@both
def test_a_call_goes_to_its_path_below_the_base_url(flavour: str) -> None:
    """With its parameters, once."""
    wire = Recorder([status(200)])
    performed(flavour, a_call(params={"a": "b c"}), wire, base_url="https://mock.invalid/v1/")
    assert [str(request.url) for request in wire.requests] == ["https://mock.invalid/v1/keys?a=b+c"]


# Options


def test_options_of_some_calls_leave_the_others_alone() -> None:
    """Timeout and attempts are those of the copy; the connections are the same."""
    wire = Recorder([no_connection()])
    first = Transport(settings(timeout=7.0), wire)
    quick = first.with_options(timeout=httpx.Timeout(3.0, connect=1.0), retries=ONCE)
    for sender, attempts in ((quick, 1), (first, 3), (quick.with_options(timeout=None, retries=None), 1)):
        wire.requests.clear()
        with pytest.raises(NotSentError):
            sender.perform(a_call())
        assert len(wire.requests) == attempts
    assert first._client is quick._client


@both
@pytest.mark.parametrize(
    ("given", "connect_", "read"),
    [
        pytest.param(None, 10.0, 30.0, id="default"),
        pytest.param(3, 3, 3, id="seconds"),
        pytest.param(httpx.Timeout(5.0, connect=1.0), 1.0, 5.0, id="parts"),
    ],
)
def test_the_timeout_of_a_call_reaches_the_wire(flavour: str, given: Any, connect_: float, read: float) -> None:
    """With each request, as the HTTP client hands it to its transport."""
    wire = Recorder([status(200)])

    async def scenario() -> None:
        await AsyncTransport(settings(), wire).with_options(timeout=given, retries=None).perform(a_call())

    if flavour == "sync":
        Transport(settings(), wire).with_options(timeout=given, retries=None).perform(a_call())
    else:
        asyncio.run(scenario())
    found = wire.requests[0].extensions["timeout"]
    assert (found["connect"], found["read"]) == (connect_, read)


@pytest.mark.parametrize(
    ("options", "field"),
    [
        pytest.param({"timeout": 0}, "timeout", id="no-time"),
        pytest.param({"timeout": httpx.Timeout(None)}, "timeout", id="endless"),
        pytest.param({"timeout": "3"}, "timeout", id="time-as-text"),
        pytest.param({"retries": 3}, "retries", id="retries-as-number"),
        pytest.param({"retries": 0}, "retries", id="no-retries-as-number"),
    ],
)
def test_options_that_make_no_sense_are_refused_by_name(options: dict[str, Any], field: str) -> None:
    """When they are given: at the first call it would be too late."""
    account = GalileoAccount(api_key="galileo_TEST_not_a_key")
    with connect(account) as galileo, pytest.raises(UsageError) as caught:
        galileo.with_options(**options)
    assert caught.value.field == field
    with pytest.raises(UsageError) as caught:
        connect(account, **options)
    assert caught.value.field == field


# What is never sent


@both
def test_what_no_request_can_be_made_of_is_not_sent_and_not_tried_again(flavour: str) -> None:
    """A header that cannot be one; what was given is not shown."""
    wire = Recorder([status(200)])
    error = error_of(flavour, a_call(headers={"X-Key": "fw_TEST\ud800_not_a_key"}), wire)
    assert isinstance(error, NotSentError)
    assert (error.effect, wire.requests) == (Effect.NONE, [])
    assert "TEST" not in f"{error} {error!r}"


@both
def test_a_connection_that_is_closed_sends_nothing(flavour: str) -> None:
    """It says so, and that it was not tried."""
    wire = Recorder([status(200)])

    async def scenario() -> None:
        sender = AsyncTransport(settings(), wire)
        await sender.close()
        await sender.perform(a_call())

    def act() -> None:
        sender = Transport(settings(), wire)
        sender.close()
        sender.perform(a_call())

    with pytest.raises(UsageError, match="closed") as caught:
        act() if flavour == "sync" else asyncio.run(scenario())
    assert (caught.value.attempts, wire.requests) == (0, [])


def test_a_connection_closed_between_two_attempts_leaves_the_first_in_doubt() -> None:
    """Its reply was lost, and no other can be asked for."""

    def close(_: httpx.Request) -> httpx.Response:
        sender.close()
        raise lost()

    sender = Transport(settings(), Recorder([close]))
    with pytest.raises(OutcomeUnknownError, match="closed") as caught:
        sender.perform(a_call(repeats=True))
    assert (caught.value.attempts, caught.value.effect) == (1, Effect.UNKNOWN)


class LogsIn(httpx.Auth):
    """An auth that sends a request of its own before the call."""

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        yield httpx.Request("POST", "https://mock.invalid/login")
        yield request


@both
@pytest.mark.parametrize("failure", [httpx.ReadTimeout("x"), httpx.ReadError("x"), httpx.ConnectError("x")])
def test_a_login_that_is_lost_has_changed_nothing(flavour: str, failure: Exception) -> None:
    """The call itself was never sent: a create is tried again."""

    def fail(request: httpx.Request) -> httpx.Response:
        raise failure

    wire = Recorder([fail, status(200), status(200)])
    found = performed(flavour, a_call(), wire, auth=LogsIn())
    assert [request.url.path for request in wire.requests] == ["/login", "/login", "/keys"]
    assert (found.status, found.attempts) == (200, 2)
    error = error_of(flavour, a_call(), Recorder([fail]), auth=LogsIn())
    assert isinstance(error, NotSentError)
    assert error.reason.startswith("the login: ")


@both
def test_a_call_that_is_lost_behind_its_login_may_have_taken_effect(flavour: str) -> None:
    """The login went well."""

    def fail(request: httpx.Request) -> httpx.Response:
        raise lost()

    wire = Recorder([status(200), fail])
    assert isinstance(error_of(flavour, a_call(), wire, auth=LogsIn()), OutcomeUnknownError)
    assert len(wire.requests) == 2


# Clocks


@both
@pytest.mark.parametrize(
    ("date", "skew"),
    [
        pytest.param("Wed, 02 Jan 2030 03:05:05 GMT", timedelta(minutes=1), id="ahead"),
        pytest.param("Wed, 02 Jan 2030 03:03:05 GMT", -timedelta(minutes=1), id="behind"),
        pytest.param("Wed, 02 Jan 2030 03:04:05 GMT", timedelta(), id="right"),
        pytest.param("yesterday", None, id="no-date"),
        pytest.param(None, None, id="none"),
    ],
)
def test_a_reply_tells_how_far_the_providers_clock_is_ahead(
    flavour: str, date: str | None, skew: timedelta | None
) -> None:
    """By its Date; a refusal does so as well, and before the first reply nothing is known."""
    wire = Recorder([status(401, **({} if date is None else {"Date": date}))])

    async def scenario() -> tuple[timedelta | None, timedelta | None]:
        sender = AsyncTransport(settings(), wire)
        before = sender.clock_skew
        await sender.perform(a_call())
        return before, sender.clock_skew

    if flavour == "sync":
        sender = Transport(settings(), wire)
        assert sender.clock_skew is None
        sender.perform(a_call())
        assert sender.clock_skew == skew
    else:
        assert asyncio.run(scenario()) == (None, skew)
