"""A vendor that notes what arrives and answers with what it was given; a clock that stands still; and calls carried out
by either transport.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, TypeVar

import httpx
import pytest
from issuant.errors import IssuantError
from issuant.flow import Call, Flow, exchange, run, run_async
from issuant.repeating import Retries
from issuant.replies import Reply
from issuant.secret import Secret
from issuant.settings import Settings
from issuant.transport import AsyncTransport, Transport

T = TypeVar("T")
NOW = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
QUICK = Retries(first_wait=0)

Answer = httpx.Response | BaseException | Callable[[httpx.Request], httpx.Response]


def now() -> datetime:
    return NOW


class Recorder(httpx.MockTransport):
    """Answers with `replies` in turn, the last one again and again; what arrived is in `requests`.

    An exception is raised; what can be called makes the reply.
    """

    def __init__(self, replies: Iterable[Answer]) -> None:
        super().__init__(self._answer)
        self.requests: list[httpx.Request] = []
        self._replies = list(replies)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        reply = self._replies[min(len(self.requests), len(self._replies)) - 1]
        if isinstance(reply, BaseException):
            raise reply
        if callable(reply):
            return reply(request)
        return httpx.Response(reply.status_code, headers=reply.headers, content=reply.content)


def lost() -> httpx.ReadError:
    return httpx.ReadError("gone")


def no_connection() -> httpx.ConnectError:
    return httpx.ConnectError("no route")


def status(code: int, **headers: str) -> httpx.Response:
    return httpx.Response(code, headers={name.replace("_", "-"): value for name, value in headers.items()}, json={})


both = pytest.mark.parametrize("flavour", ["sync", "async"])


def a_call(*, reads: bool = False, repeats: bool = False, keyed: bool = False, **arguments: Any) -> Call:
    """A call of a kind, to no place in particular."""
    arguments = {"method": "POST", "url": "/keys"} | arguments
    return Call(operation="issue", arguments=arguments, reads=reads, repeats=repeats, keyed=keyed)


def settings(**options: Any) -> Settings:
    """What a transport is made of, with attempts that do not wait."""
    given: dict[str, Any] = {
        "provider": "galileo",
        "base_url": "https://mock.invalid",
        "auth": httpx.Auth(),
        "credentials": (Secret("galileo_TEST_not_a_key"),),
        "retries": QUICK,
        "clock": now,
    }
    return Settings(**(given | options))


def driven(flavour: str, flow: Flow[T], wire: Any, **options: Any) -> T:
    """Run an operation by the sync or the async transport over `wire`, and return its result. Raises IssuantError."""

    async def scenario() -> T:
        sender = AsyncTransport(settings(**options), wire)
        try:
            return await run_async(flow, sender)
        finally:
            await sender.close()

    if flavour == "async":
        return asyncio.run(scenario())
    sender = Transport(settings(**options), wire)
    try:
        return run(flow, sender)
    finally:
        sender.close()


def performed(flavour: str, call: Call, wire: Any, **options: Any) -> Reply:
    """Carry out a call as `driven` does, and return its reply, whatever its status."""
    return driven(flavour, exchange(call), wire, **options)


def error_of(flavour: str, call: Call, wire: Any, **options: Any) -> IssuantError:
    """Carry out a call that fails, and return its error, behind which no other stands."""
    with pytest.raises(IssuantError) as caught:
        performed(flavour, call, wire, **options)
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None
    return caught.value
