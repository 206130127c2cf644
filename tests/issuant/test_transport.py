"""What becomes of a failing wire, and what an HTTP client is never made to do."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from issuant import GalileoAccount, KeyRequest, connect, connect_async
from issuant.errors import IssuantError, NotSentError, OutcomeUnknownError, WireError
from issuant.mocks import simulator
from issuant.mocks.loopback import serve

from tests.issuant.recording import Recorder

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
    with connect(ACCOUNT, transport=Failing(failure)) as galileo, pytest.raises(WireError) as caught:
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
