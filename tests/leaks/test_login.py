"""A login leaks nothing: neither the password, nor the token that it brings, nor the cookie beside it."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
from issuant import IssuantError
from issuant.auth import PasswordAuth
from issuant_galileo import Client
from issuant_galileo.api.api_keys import create_api_key
from issuant_galileo.models import CreateApiKeyRequest

from tests.hostile.operations import (
    BASE_URL,
    GALILEO_ISSUE,
    GALILEO_ISSUED,
    GALILEO_REPLY,
    MODES,
    PASSWORD,
    Mode,
    galileo_login,
    perform,
)
from tests.hostile.wire import Answer, Broken, Sent, Wire
from tests.leaks.detector import chain, frames, leaks, printed, shown_by_error, shown_by_outcome
from tests.leaks.sending import COOKIE, FORMS, refusals

TOKENS = ("TEST_first_token_4Ej7_not_a_key", "TEST_second_token_9Bf3_not_a_key")
SECRETS = (PASSWORD, *TOKENS, COOKIE, GALILEO_ISSUED)
COOKIES = {"Set-Cookie": f"session={COOKIE}"}

REFUSED = Sent(status=401, body=json.dumps({"detail": f"no {PASSWORD} {TOKENS[0]}"}).encode(), headers=COOKIES)
ISSUED = Sent(body=json.dumps(GALILEO_REPLY).encode(), headers=COOKIES)


def _token(at: int) -> Sent:
    return Sent(body=json.dumps({"access_token": TOKENS[at], "token_type": "bearer"}).encode(), headers=COOKIES)


@dataclass(frozen=True, kw_only=True)
class Story:
    """What the vendor answers, one after the other; how many calls are made; and what the last one raises."""

    answers: tuple[Answer, ...]
    calls: int = 1
    raises: type[Exception] | None = None


STORIES = {
    "success": Story(answers=(_token(0), ISSUED)),
    "refused-login": Story(answers=(REFUSED,), raises=IssuantError),
    "login-in-html": Story(answers=(Sent(body=f"<p>{PASSWORD}".encode()),), raises=IssuantError),
    "token-is-a-number": Story(answers=(Sent(body=b'{"access_token": 12}'),), raises=IssuantError),
    "token-with-line-break": Story(
        answers=(Sent(body=json.dumps({"access_token": f"{TOKENS[0]}\n"}).encode()),), raises=IssuantError
    ),
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


def _wire(story: Story) -> Wire:
    answers = iter(story.answers)
    return Wire(lambda request: _quietly(next(answers), request))


def _quietly(answer: Answer, request: httpx.Request) -> httpx.Response:
    # What a broken network says of the request would be in httpx's own error, which is not ours to mask.
    if isinstance(answer, Broken):
        raise answer.kind("the network failed")
    return answer(request)


def _auth() -> PasswordAuth:
    return PasswordAuth(f"{BASE_URL}/login", "mock-user", PASSWORD)


def _body() -> CreateApiKeyRequest:
    return CreateApiKeyRequest(description="nightly")


def _generated(mode: Mode, wire: Wire, auth: PasswordAuth, calls: int) -> object:
    client = Client(BASE_URL, auth=auth, transport=wire, async_transport=wire)
    if mode == "sync":
        with client:
            return [create_api_key.sync_detailed(client=client, body=_body()) for _ in range(calls)]

    async def run() -> object:
        async with client:
            return [await create_api_key.asyncio_detailed(client=client, body=_body()) for _ in range(calls)]

    return asyncio.run(run())


def _direct(mode: Mode, wire: Wire, auth: PasswordAuth, calls: int) -> object:
    url = f"{BASE_URL}/v2/users/api_keys"
    if mode == "sync":
        with httpx.Client(auth=auth, transport=wire) as client:
            return [client.post(url, json={}) for _ in range(calls)]

    async def run() -> object:
        async with httpx.AsyncClient(auth=auth, transport=wire) as client:
            return [await client.post(url, json={}) for _ in range(calls)]

    return asyncio.run(run())


WAYS: dict[str, Callable[[Mode, Wire, PasswordAuth, int], object]] = {"generated": _generated, "httpx": _direct}


def _shown(error: BaseException) -> Iterator[tuple[str, str]]:
    """What an error prints, with its chain and the locals of our frames as they print."""
    for linked in chain(error):
        yield from ((channel, text) for channel, text in printed(linked) if not channel.startswith("pickle"))
        for frame in frames(linked.__traceback__):
            yield from ((f"local {name}", repr(value)) for name, value in frame.f_locals.items())


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", STORIES)
def test_a_login_shows_neither_password_nor_token(
    name: str, way: str, mode: Mode, caplog: pytest.LogCaptureFixture
) -> None:
    """Whether it succeeds, is refused, is made again or breaks off: in no repr, error, frame of ours or log."""
    caplog.set_level(logging.DEBUG)
    story, auth = STORIES[name], _auth()
    wire, result, error = _wire(story), None, None
    try:
        result = WAYS[way](mode, wire, auth, story.calls)
    except (IssuantError, httpx.HTTPError) as caught:
        error = caught

    assert len(wire.requests) == len(story.answers)
    assert (error is None) == (story.raises is None)
    shown = [("result", repr(result)), ("auth", f"{auth} {auth!r}"), ("wire", repr(wire.requests))]
    if error is not None:
        assert isinstance(error, story.raises or AssertionError)
        shown += _shown(error)
    if isinstance(error, IssuantError):
        assert (error.__cause__, error.__context__) == (None, None)
        shown += shown_by_error(error)
    shown += [("log", f"{record.getMessage()} {record.args!r}") for record in caplog.records]
    assert leaks(shown, SECRETS) == []


BASIC = replace(GALILEO_ISSUE, account=galileo_login, secrets=lambda: (PASSWORD, GALILEO_ISSUED, COOKIE))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("form", ["plain", "url-quoted", "base64", "base64-of-a-pair"])
def test_basic_auth_through_the_facade_shows_no_password(
    form: str, mode: Mode, caplog: pytest.LogCaptureFixture
) -> None:
    """A success, a broken network, and refusals that repeat the password or the header that it went in."""
    caplog.set_level(logging.DEBUG)
    answers: list[Any] = [ISSUED, *(Broken(kind=kind) for kind in (httpx.ConnectError, httpx.ReadTimeout, OSError))]
    answers += [answer for _, answer in refusals(FORMS[form](PASSWORD))]
    results = [perform(BASIC, mode, Wire(answer)) for answer in answers]

    assert not isinstance(results[0], IssuantError)
    assert all(isinstance(result, IssuantError) for result in results[1:])
    shown = [pair for result in results[1:] for pair in shown_by_error(result)]
    shown += [*shown_by_outcome(results[0]), *(("log", record.getMessage()) for record in caplog.records)]
    assert leaks(shown, BASIC.secrets()) == []
