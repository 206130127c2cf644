"""A simulated vendor that notes what arrives at it, and the ways to send calls to it, one by one or all at once."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import timedelta
from importlib.util import find_spec
from typing import Any
from urllib.parse import parse_qs

import anyio
import httpx
import pytest
from issuant import mocks
from issuant.auth import ApiKeyLoginAuth, PasswordAuth
from issuant.auth.login import LoginAuth
from issuant.mocks.galileo import GalileoSimulator
from issuant.mocks.inprocess import SimulatorTransport

from tests.issuant.recording import NOW

BASE_URL = "https://mock.invalid"
CALL = f"{BASE_URL}/v2/users/api_keys"

LOOPS = ("asyncio", "trio") if find_spec("trio") else ("asyncio",)
MODES = ("sync", *LOOPS)
every_mode = pytest.mark.parametrize("mode", MODES)

# httpx leaves the generators of a body that is not read to its end to the collector, which trio remarks upon.
leaves_bodies = pytest.mark.filterwarnings(
    "ignore:Exception ignored in.*async_generator:pytest.PytestUnraisableExceptionWarning"
)

Handler = Callable[[mocks.Request], mocks.Reply]


class Seen:
    """A simulator whose clock stands still, and what has been sent to it."""

    def __init__(self, name: str) -> None:
        self.clock = mocks.MovableClock(NOW)
        self.vendor = mocks.simulator(name, clock=self.clock)
        self.requests: list[mocks.Request] = []
        self.replies: list[mocks.Reply] = []

    def handle(self, request: mocks.Request) -> mocks.Reply:
        reply = self.vendor.handle(request)
        self.requests.append(request)
        self.replies.append(reply)
        return reply

    def transport(self, handle: Handler | None = None) -> SimulatorTransport:
        return SimulatorTransport(handle or self.handle)

    @property
    def paths(self) -> list[str]:
        return [request.path for request in self.requests]

    def form(self, at: int) -> dict[str, list[str]]:
        return parse_qs(self.requests[at].body.decode())


class Unread(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that must not be read; it notes that it was closed."""

    is_closed = False

    def __iter__(self) -> Iterator[bytes]:
        raise AssertionError("the body was read")

    async def __aiter__(self) -> AsyncIterator[bytes]:
        raise AssertionError("the body was read")
        yield b""

    def close(self) -> None:
        self.is_closed = True

    async def aclose(self) -> None:
        self.is_closed = True


class Instead(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """The way to a vendor on which one request, the one `at` that place, gets another response instead."""

    def __init__(self, way: SimulatorTransport, response: httpx.Response, *, at: int) -> None:
        self._way = way
        self._response = response
        self._left = at

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._response if self._is_it() else self._way.handle_request(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self._response if self._is_it() else await self._way.handle_async_request(request)

    def _is_it(self) -> bool:
        self._left -= 1
        return self._left == -1


class Galileo(Seen):
    """Galileo, whose tokens live an hour by a clock that a test moves, and ways to log in there."""

    def __init__(self) -> None:
        super().__init__("galileo")
        assert isinstance(self.vendor, GalileoSimulator)
        self.galileo = self.vendor

    def password(self, base_url: str = BASE_URL) -> PasswordAuth:
        return PasswordAuth(
            f"{base_url}/login",
            self.galileo.username,
            self.galileo.password,
            refresh_url=f"{base_url}/refresh_token",
            clock=self.clock,
        )

    def key(self) -> ApiKeyLoginAuth:
        return ApiKeyLoginAuth(f"{BASE_URL}/login/api_key", self.vendor.api_key, clock=self.clock)

    def auth(self, way: str) -> LoginAuth:
        return self.key() if way == "key" else self.password()

    def forget_tokens(self) -> None:
        """Let the vendor forget every token it has given out, as a restart might."""
        self.galileo.logins.access.clear()

    def pass_by(self, **step: float) -> None:
        self.clock.advance(timedelta(**step))


def run_async(loop: str, main: Callable[[], Any]) -> Any:
    return anyio.run(main, backend=loop)


def call(
    mode: str, transport: Any, auth: httpx.Auth, times: int = 1, *, timeout: float = 5.0, **given: Any
) -> list[httpx.Response]:
    """Make calls one after the other with one client: for a key at Galileo, unless another request is given."""
    request = given or {"method": "POST", "url": CALL, "json": {"description": "k"}}
    if mode == "sync":
        with httpx.Client(transport=transport, auth=auth, timeout=timeout) as client:
            return [client.request(**request) for _ in range(times)]

    async def main() -> list[httpx.Response]:
        async with httpx.AsyncClient(transport=transport, auth=auth, timeout=timeout) as client:
            return [await client.request(**request) for _ in range(times)]

    found: list[httpx.Response] = run_async(mode, main)
    return found


def call_at_once(
    mode: str, transport: Any, auth: httpx.Auth, count: int, timeout: float = 5.0
) -> Sequence[httpx.Response | Exception]:
    """Make calls at the same time with one client, from threads or from tasks, and return what came of each."""
    ended: list[httpx.Response | Exception] = []
    if mode == "sync":
        with httpx.Client(transport=transport, auth=auth, timeout=timeout) as client:
            start = threading.Barrier(count)

            def one() -> None:
                start.wait(10)
                try:
                    ended.append(client.post(CALL, json={"description": "k"}))
                except Exception as error:  # noqa: BLE001 - it is looked at by the test
                    ended.append(error)

            threads = [threading.Thread(target=one) for _ in range(count)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(20)
        return ended

    async def main() -> None:
        async with httpx.AsyncClient(transport=transport, auth=auth, timeout=timeout) as client:

            async def one() -> None:
                try:
                    ended.append(await client.post(CALL, json={"description": "k"}))
                except Exception as error:  # noqa: BLE001 - it is looked at by the test
                    ended.append(error)

            async with anyio.create_task_group() as tasks:
                for _ in range(count):
                    tasks.start_soon(one)

    run_async(mode, main)
    return ended
