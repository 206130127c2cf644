"""A login leaks nothing: neither the credential, nor the token that it brings, nor the cookie beside it."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from issuant import GalileoAccount, IssuantError, KeyRequest, connect, connect_async
from issuant.auth import ApiKeyLoginAuth, PasswordAuth
from issuant.auth.login import LoginAuth
from issuant.repeating import ONCE
from issuant_galileo import Client
from issuant_galileo.api.api_keys import create_api_key
from issuant_galileo.models import CreateApiKeyRequest

from tests.hostile.operations import (
    BASE_URL,
    GALILEO_CREDENTIAL,
    GALILEO_ISSUED,
    GALILEO_REPLY,
    MODES,
    PASSWORD,
    Mode,
)
from tests.hostile.wire import Answer, Broken, Sent, Wire
from tests.leaks.detector import chain, frames, leaks, printed, shown_by_error, shown_by_outcome
from tests.leaks.sending import COOKIE, FORMS, refusals


def _jwt(signature: str) -> str:
    claims = base64.urlsafe_b64encode(json.dumps({"iat": 1_900_000_000, "exp": 1_900_003_600}).encode())
    return f"e30.{claims.decode().rstrip('=')}.{signature}"


TOKENS = (_jwt("TEST_first_token_4Ej7_not_a_key"), _jwt("TEST_second_token_9Bf3_not_a_key"))
SECRETS = (PASSWORD, GALILEO_CREDENTIAL, *TOKENS, *(token.split(".")[2] for token in TOKENS), COOKIE, GALILEO_ISSUED)
COOKIES = {"Set-Cookie": f"refresh_token={COOKIE}; Path=/"}

ECHO = f"no {PASSWORD} {GALILEO_CREDENTIAL} {TOKENS[0]} {COOKIE}"
REFUSED = Sent(status=401, body=json.dumps({"detail": ECHO}).encode(), headers=COOKIES)
ISSUED = Sent(body=json.dumps(GALILEO_REPLY).encode(), headers=COOKIES)


def _token(at: int) -> Sent:
    return Sent(body=json.dumps({"access_token": TOKENS[at], "token_type": "bearer"}).encode(), headers=COOKIES)


class _Breaking(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that ends in the middle, with an error that repeats it."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        yield self._body
        raise RuntimeError(self._body.decode())

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece


def _breaking(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, headers=COOKIES, stream=_Breaking(json.dumps({"access_token": TOKENS[0]}).encode()[:-1]))


@dataclass(frozen=True, kw_only=True)
class Story:
    """What the vendor answers, one after the other; how many calls are made; and what the last one raises.

    Where it is `slow`, more than an hour passes each time that somebody looks at the clock.
    """

    answers: tuple[Answer, ...]
    calls: int = 1
    raises: type[Exception] | None = None
    slow: bool = False


def _failing(answer: Answer) -> Story:
    return Story(answers=(answer,), raises=IssuantError)


STORIES = {
    "success": Story(answers=(_token(0), ISSUED)),
    "refused-login": _failing(REFUSED),
    "limited-login": _failing(replace(REFUSED, status=429, headers={**COOKIES, "Retry-After": PASSWORD})),
    "failed-login": _failing(replace(REFUSED, status=503)),
    "request-id-is-the-credential": _failing(replace(REFUSED, headers={"X-Request-ID": PASSWORD})),
    "request-id-is-the-key": _failing(replace(REFUSED, headers={"X-Request-ID": GALILEO_CREDENTIAL})),
    "login-in-html": _failing(Sent(body=f"<p>{ECHO}".encode())),
    "login-too-large": _failing(Sent(body=json.dumps({"access_token": TOKENS[0], "x": "y" * 70_000}).encode())),
    "login-breaks-off": _failing(_breaking),
    "token-is-a-number": _failing(Sent(body=b'{"access_token": 12}')),
    "token-with-line-break": _failing(Sent(body=json.dumps({"access_token": f"{TOKENS[0]}\n"}).encode())),
    "login-again": Story(answers=(_token(0), ISSUED, REFUSED, _token(1), ISSUED), calls=2),
    "login-again-refused": Story(answers=(_token(0), ISSUED, REFUSED, REFUSED), calls=2, raises=IssuantError),
    **{
        f"{kind.__name__}-{place}": Story(answers=(*before, Broken(kind=kind)), calls=calls, raises=kind)
        for kind in (httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError)
        for place, before, calls in (
            ("during-login", (), 1),
            ("after-login", (_token(0),), 1),
            ("during-second-login", (_token(0), ISSUED, REFUSED), 2),
        )
    },
}
REFRESHES = {
    "refresh": Story(answers=(_token(0), ISSUED, _token(1), ISSUED), calls=2, slow=True),
    "refresh-refused": Story(answers=(_token(0), ISSUED, REFUSED, _token(1), ISSUED), calls=2, slow=True),
    "refresh-and-login-refused": Story(
        answers=(_token(0), ISSUED, REFUSED, REFUSED), calls=2, raises=IssuantError, slow=True
    ),
    "refresh-request-id-is-the-cookie": Story(
        answers=(_token(0), ISSUED, REFUSED, replace(REFUSED, headers={"X-Request-ID": COOKIE})),
        calls=2,
        raises=IssuantError,
        slow=True,
    ),
    "refresh-breaks-off": Story(answers=(_token(0), ISSUED, _breaking, _token(1), ISSUED), calls=2, slow=True),
    "refresh-unanswered": Story(
        answers=(_token(0), ISSUED, Broken(kind=httpx.ReadTimeout)), calls=2, raises=httpx.ReadTimeout, slow=True
    ),
}


def _wire(story: Story) -> Wire:
    answers = iter(story.answers)
    return Wire(lambda request: _quietly(next(answers), request))


def _quietly(answer: Answer, request: httpx.Request) -> httpx.Response:
    # What a broken network says of the request would be in httpx's own error, which is not ours to mask.
    if isinstance(answer, Broken):
        raise answer.kind("the network failed")
    return answer(request)


class _Clock:
    def __init__(self, step: timedelta) -> None:
        self._now = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
        self._step = step

    def __call__(self) -> datetime:
        self._now += self._step
        return self._now


def _by_password(story: Story) -> LoginAuth:
    clock = _Clock(timedelta(minutes=61 if story.slow else 0))
    url = f"{BASE_URL}/refresh_token"
    return PasswordAuth(f"{BASE_URL}/login", "mock-user", PASSWORD, refresh_url=url, clock=clock)


def _by_key(story: Story) -> LoginAuth:
    return ApiKeyLoginAuth(f"{BASE_URL}/login/api_key", GALILEO_CREDENTIAL, clock=_Clock(timedelta()))


def _body() -> CreateApiKeyRequest:
    return CreateApiKeyRequest(description="nightly")


def _generated(mode: Mode, wire: Wire, auth: LoginAuth, calls: int) -> object:
    client = Client(BASE_URL, auth=auth, transport=wire, async_transport=wire)
    if mode == "sync":
        with client:
            return [create_api_key.sync_detailed(client=client, body=_body()) for _ in range(calls)]

    async def run() -> object:
        async with client:
            return [await create_api_key.asyncio_detailed(client=client, body=_body()) for _ in range(calls)]

    return asyncio.run(run())


def _direct(mode: Mode, wire: Wire, auth: LoginAuth, calls: int) -> object:
    url = f"{BASE_URL}/v2/users/api_keys"
    if mode == "sync":
        with httpx.Client(auth=auth, transport=wire) as client:
            return [client.post(url, json={}) for _ in range(calls)]

    async def run() -> object:
        async with httpx.AsyncClient(auth=auth, transport=wire) as client:
            return [await client.post(url, json={}) for _ in range(calls)]

    return asyncio.run(run())


class _Account(GalileoAccount):
    """An account that logs in with what it is given, so that a test can tell what it holds."""

    provider = "galileo"

    def __init__(self, auth: LoginAuth) -> None:
        is_key = isinstance(auth, ApiKeyLoginAuth)
        if is_key:
            super().__init__(api_key=GALILEO_CREDENTIAL, scheme="login")
        else:
            super().__init__(username="mock-user", password=PASSWORD)
        object.__setattr__(self, "_auth", auth)

    def auth(self, base_url: str) -> httpx.Auth:
        found = vars(self)["_auth"]
        assert isinstance(found, LoginAuth)
        return found


def _facade(mode: Mode, wire: Wire, auth: LoginAuth, calls: int) -> object:
    account, request = _Account(auth), KeyRequest(name="nightly")
    if mode == "sync":
        with connect(account, base_url=BASE_URL, transport=wire, retries=ONCE) as galileo:
            return [galileo.issue(request) for _ in range(calls)]

    async def run() -> object:
        async with connect_async(account, base_url=BASE_URL, transport=wire, retries=ONCE) as galileo:
            return [await galileo.issue(request) for _ in range(calls)]

    return asyncio.run(run())


WAYS: dict[str, Callable[[Mode, Wire, LoginAuth, int], object]] = {
    "generated": _generated,
    "httpx": _direct,
    "facade": _facade,
}
TOLD = [
    *(pytest.param(story, _by_password, id=f"password-{name}") for name, story in {**STORIES, **REFRESHES}.items()),
    *(pytest.param(story, _by_key, id=f"key-{name}") for name, story in STORIES.items()),
]


def _shown(error: BaseException) -> Iterator[tuple[str, str]]:
    """What an error prints, with its chain and the locals of our frames as they print."""
    for linked in chain(error):
        yield from ((channel, text) for channel, text in printed(linked) if not channel.startswith("pickle"))
        for frame in frames(linked.__traceback__):
            yield from ((f"local {name}", repr(value)) for name, value in frame.f_locals.items())


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("story", "make"), TOLD)
def test_a_login_shows_no_credential_token_or_cookie(
    story: Story, make: Callable[[Story], LoginAuth], way: str, mode: Mode, caplog: pytest.LogCaptureFixture
) -> None:
    """Whether it succeeds, is refused, is renewed or breaks off: in no repr, error, frame of ours or log."""
    caplog.set_level(logging.DEBUG)
    auth = make(story)
    wire, result, error = _wire(story), None, None
    try:
        result = WAYS[way](mode, wire, auth, story.calls)
    except (IssuantError, httpx.HTTPError) as caught:
        error = caught

    assert len(wire.requests) == len(story.answers)
    assert (error is None) == (story.raises is None)
    shown = [("result", repr(result)), ("auth", f"{auth} {auth!r} {vars(auth)}"), ("wire", repr(wire.requests))]
    if error is not None:
        assert isinstance(error, IssuantError if way == "facade" else story.raises or AssertionError)
        shown += _shown(error)
    if isinstance(error, IssuantError):
        assert (error.__cause__, error.__context__) == (None, None)
        shown += shown_by_error(error)
    shown += [("log", f"{record.getMessage()} {record.args!r}") for record in caplog.records]
    assert leaks(shown, SECRETS) == []


@pytest.mark.parametrize("mode", MODES)
def test_a_login_that_prints_its_reply_would_be_found(mode: Mode, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the test above says of an error that quotes the body."""

    def quoting(reply: Any, fault: str, retry_after: float | None) -> IssuantError:
        return IssuantError(f"the login failed: {reply.fields()['detail']}", operation="login")

    monkeypatch.setattr("issuant.auth.passage._refused", quoting)
    with pytest.raises(IssuantError) as caught:
        _direct(mode, _wire(STORIES["refused-login"]), _by_password(STORIES["refused-login"]), 1)
    assert "str" in leaks(shown_by_error(caught.value), SECRETS)


def _basic(mode: Mode, answer: Answer) -> object:
    """Issue a key once with basic auth, and return the key or the error."""
    account = GalileoAccount(username="mock-user", password=PASSWORD, scheme="basic")
    wire, request = Wire(answer), KeyRequest(name="nightly")

    async def run() -> object:
        async with connect_async(account, base_url=BASE_URL, transport=wire, retries=ONCE) as galileo:
            return await galileo.issue(request)

    try:
        if mode == "async":
            return asyncio.run(run())
        with connect(account, base_url=BASE_URL, transport=wire, retries=ONCE) as galileo:
            return galileo.issue(request)
    except IssuantError as error:
        return error


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("form", ["plain", "url-quoted", "base64", "base64-of-a-pair"])
def test_basic_auth_through_the_facade_shows_no_password(
    form: str, mode: Mode, caplog: pytest.LogCaptureFixture
) -> None:
    """A success, a broken network, and refusals that repeat the password or the header that it went in."""
    caplog.set_level(logging.DEBUG)
    answers: list[Any] = [ISSUED, *(Broken(kind=kind) for kind in (httpx.ConnectError, httpx.ReadTimeout, OSError))]
    answers += [answer for _, answer in refusals(FORMS[form](PASSWORD))]
    results = [_basic(mode, answer) for answer in answers]

    assert not isinstance(results[0], IssuantError)
    assert all(isinstance(result, IssuantError) for result in results[1:])
    shown = [pair for result in results if isinstance(result, IssuantError) for pair in shown_by_error(result)]
    shown += [*shown_by_outcome(results[0]), *(("log", record.getMessage()) for record in caplog.records)]
    assert leaks(shown, (PASSWORD, GALILEO_ISSUED, COOKIE)) == []
