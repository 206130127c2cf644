"""Base URLs, and what becomes of a failing wire."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from issuant import GalileoAccount, KeyRequest, connect
from issuant.errors import CredentialError, NotSentError, OutcomeUnknownError, WireError
from issuant.mocks import simulator
from issuant.mocks.loopback import serve
from issuant.transport import checked_base_url, is_loopback

ACCOUNT = GalileoAccount(api_key="galileo_TEST_not_a_key")


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        pytest.param("https://api.example.com", "https://api.example.com", id="https"),
        pytest.param("https://api.example.com/v1/", "https://api.example.com/v1", id="trailing-slash"),
        pytest.param("https://api.example.com:8443/v1", "https://api.example.com:8443/v1", id="port-and-path"),
        pytest.param("http://127.0.0.1:8080", "http://127.0.0.1:8080", id="loopback"),
        pytest.param("http://127.9.9.9", "http://127.9.9.9", id="another-loopback"),
        pytest.param("http://[::1]:8080", "http://[::1]:8080", id="loopback-6"),
        pytest.param("http://localhost:8080", "http://localhost:8080", id="localhost"),
    ],
)
def test_a_base_url_is_https_or_this_machine(given: str, taken: str) -> None:
    """It comes back without a slash at its end."""
    assert checked_base_url(given, field="base_url") == taken


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param("", "not a URL", id="empty"),
        pytest.param("api.example.com", "not a URL", id="no-scheme"),
        pytest.param("https://", "not a URL", id="no-host"),
        pytest.param("https://[::1", "not a URL", id="broken-brackets"),
        pytest.param("https://api.example.com:port", "not a URL", id="port-no-number"),
        pytest.param("https://api.example.com:99999", "not a URL", id="port-out-of-range"),
        pytest.param(" https://api.example.com", "not a URL", id="blank-before"),
        pytest.param("https://api.example.com\n", "not a URL", id="line-break"),
        pytest.param(None, "not a URL", id="None"),
        pytest.param("ftp://api.example.com", "neither http nor https", id="ftp"),
        pytest.param("file://localhost/etc", "neither http nor https", id="file"),
        pytest.param("https://me:pw@api.example.com", "user name", id="user"),
        pytest.param("https://api.example.com?x=1", "query", id="query"),
        pytest.param("https://api.example.com#x", "fragment", id="fragment"),
        pytest.param("http://api.example.com", "plain http", id="plain-http"),
        pytest.param("http://127.0.0.1.example.com", "plain http", id="looks-like-loopback"),
        pytest.param("http://localhost.example.com", "plain http", id="looks-like-localhost"),
        pytest.param("http://0.0.0.0", "plain http", id="any-address"),
        pytest.param("http://10.0.0.1", "plain http", id="private-address"),
    ],
)
def test_another_base_url_is_refused_by_the_name_of_its_field(given: Any, words: str) -> None:
    """The error names the field and does not repeat the text, which may hold a password."""
    with pytest.raises(CredentialError, match=words) as caught:
        checked_base_url(given, field="GALILEO_API_URL")
    assert caught.value.field == "GALILEO_API_URL"
    assert "me:pw" not in str(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("localhost", True), ("127.0.0.1", True), ("::1", True), ("10.0.0.1", False), ("example.com", False), ("", False)],
)
def test_this_machine_is_told_by_its_address(host: str, loopback: bool) -> None:
    """No name is looked up: who answers for a name may change."""
    assert is_loopback(host) is loopback


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
