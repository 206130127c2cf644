"""Log in once, send the token, log in once more after a 401."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from urllib.parse import parse_qs

import httpx
import pytest
from issuant.auth import PasswordAuth
from issuant.errors import AuthenticationError, CredentialError
from issuant.mocks import simulator
from issuant.mocks.galileo import GalileoSimulator

from tests.issuant.recording import Recorder

LOGIN = "https://mock.invalid/login"
PASSWORD = "galileo TEST & password=not a key"

Send = Callable[[httpx.MockTransport, httpx.Auth, int], list[int]]


def send_sync(transport: httpx.MockTransport, auth: httpx.Auth, times: int) -> list[int]:
    with httpx.Client(transport=transport, auth=auth) as client:
        return [client.post("https://mock.invalid/call", json={"n": n}).status_code for n in range(times)]


def send_async(transport: httpx.MockTransport, auth: httpx.Auth, times: int) -> list[int]:
    async def send() -> list[int]:
        async with httpx.AsyncClient(transport=transport, auth=auth) as client:
            return [(await client.post("https://mock.invalid/call", json={"n": n})).status_code for n in range(times)]

    return asyncio.run(send())


both = pytest.mark.parametrize("send", [send_sync, send_async], ids=["sync", "async"])


def token(text: str) -> httpx.Response:
    return httpx.Response(200, json={"access_token": text, "token_type": "bearer"})


def paths(recorder: Recorder) -> list[str]:
    return [request.url.path for request in recorder.requests]


@both
def test_it_logs_in_once_for_many_requests(send: Send) -> None:
    """The form is urlencoded, and the token goes with every request."""
    recorder = Recorder([token("one"), httpx.Response(200)])
    assert send(recorder, PasswordAuth(LOGIN, "me@example.com", PASSWORD), 3) == [200, 200, 200]
    assert paths(recorder) == ["/login", "/call", "/call", "/call"]
    login = recorder.requests[0]
    assert login.method == "POST"
    assert login.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert "Authorization" not in login.headers
    form = parse_qs(login.content.decode())
    assert form == {"grant_type": ["password"], "username": ["me@example.com"], "password": [PASSWORD]}
    assert {request.headers["Authorization"] for request in recorder.requests[1:]} == {"Bearer one"}


@both
def test_a_401_makes_it_log_in_once_more(send: Send) -> None:
    """The same request goes again with the new token, body and all."""
    replies = [token("one"), httpx.Response(200), httpx.Response(401), token("two"), httpx.Response(201)]
    recorder = Recorder(replies)
    assert send(recorder, PasswordAuth(LOGIN, "me", PASSWORD), 2) == [200, 201]
    assert paths(recorder) == ["/login", "/call", "/call", "/login", "/call"]
    assert recorder.requests[4].headers["Authorization"] == "Bearer two"
    assert recorder.requests[4].content == recorder.requests[2].content


@both
def test_a_401_to_a_fresh_token_is_the_answer(send: Send) -> None:
    """It does not log in for ever."""
    recorder = Recorder([token("one"), httpx.Response(401)])
    assert send(recorder, PasswordAuth(LOGIN, "me", PASSWORD), 1) == [401]
    assert paths(recorder) == ["/login", "/call"]


@both
def test_a_second_401_is_the_answer(send: Send) -> None:
    """One new login for each request, and no more."""
    recorder = Recorder([token("one"), httpx.Response(200), httpx.Response(401), token("two"), httpx.Response(401)])
    assert send(recorder, PasswordAuth(LOGIN, "me", PASSWORD), 2) == [200, 401]
    assert paths(recorder) == ["/login", "/call", "/call", "/login", "/call"]


@both
@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(httpx.Response(401, json={"detail": "no"}), id="refused"),
        pytest.param(httpx.Response(500), id="failed"),
        pytest.param(httpx.Response(200, json={}), id="no-token"),
        pytest.param(httpx.Response(200, json={"access_token": 12}), id="number"),
        pytest.param(httpx.Response(200, json={"access_token": ""}), id="empty"),
        pytest.param(httpx.Response(200, json={"access_token": "a\nb"}), id="line-break"),
        pytest.param(httpx.Response(200, json=["x"]), id="list"),
        pytest.param(httpx.Response(200, content=b"<html>"), id="html"),
    ],
)
def test_a_login_that_brings_no_token_is_an_error_and_nothing_is_sent(send: Send, reply: httpx.Response) -> None:
    """The call itself never goes out, and the error has neither password nor reply in it."""
    recorder = Recorder([reply])
    with pytest.raises(AuthenticationError, match="login") as caught:
        send(recorder, PasswordAuth(LOGIN, "me", PASSWORD), 1)
    assert paths(recorder) == ["/login"]
    assert caught.value.status == reply.status_code
    assert caught.value.__cause__ is None
    assert PASSWORD not in str(caught.value)


@pytest.mark.parametrize(("username", "password", "field"), [("", "x", "username"), ("me", "", "password")])
def test_both_parts_of_a_login_are_needed(username: str, password: str, field: str) -> None:
    """Refused when it is made."""
    with pytest.raises(CredentialError) as caught:
        PasswordAuth(LOGIN, username, password)
    assert caught.value.field == field


def test_the_simulated_vendor_takes_the_token() -> None:
    """Login and call against a vendor that checks both."""
    vendor = simulator("galileo")
    assert isinstance(vendor, GalileoSimulator)
    auth = PasswordAuth(LOGIN, vendor.username, vendor.password)
    with httpx.Client(transport=vendor.transport(), auth=auth) as client:
        reply = client.post("https://mock.invalid/v2/users/api_keys", json={"description": "k"})
    assert reply.status_code == 200


def test_no_attribute_prints_the_password() -> None:
    """Nor the token, once it is there."""
    auth = PasswordAuth(LOGIN, "me", PASSWORD)
    send_sync(Recorder([token("galileo_TEST_token"), httpx.Response(200)]), auth, 1)
    shown = f"{auth!r} {vars(auth)}"
    assert PASSWORD not in shown
    assert "galileo_TEST_token" not in shown


@pytest.mark.parametrize(
    "url", ["http://galileo.example/login", "http://10.0.0.1/login", "http://localhost.example/login", "login", ""]
)
def test_a_login_in_plain_http_is_refused(url: str) -> None:
    """The password could be read on the way; the refusal has neither password nor user name in it."""
    with pytest.raises(CredentialError) as caught:
        PasswordAuth(url, "me@example.com", PASSWORD)
    assert caught.value.field == "token_url"
    assert PASSWORD not in f"{caught.value} {caught.value!r}"


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080/login", "http://localhost/login", "http://[::1]/login", LOGIN])
def test_a_login_on_this_machine_may_be_plain(url: str) -> None:
    """Nobody is on the way."""
    recorder = Recorder([token("one"), httpx.Response(200)])
    assert send_sync(recorder, PasswordAuth(url, "me", PASSWORD), 1) == [200]
    assert str(recorder.requests[0].url) == url


@pytest.mark.parametrize(
    ("username", "password", "field"),
    [("me\ud800", PASSWORD, "username"), ("me", "pw\udfff_TEST", "password"), ("\ud800", "\udfff", "username")],
)
def test_half_a_surrogate_pair_is_refused_by_name(username: str, password: str, field: str) -> None:
    """It has no form in UTF-8: what could not be decoded comes out of the environment like this."""
    with pytest.raises(CredentialError) as caught:
        PasswordAuth(LOGIN, username, password)
    assert caught.value.field == field
    assert "_TEST" not in f"{caught.value} {caught.value!r}"
    assert caught.value.__context__ is None
