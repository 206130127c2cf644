"""Many calls on one connection share a login: one asks, the others wait for it, and no one waits for ever."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import anyio
import httpx
import pytest
from issuant.auth.turn import Turn
from issuant.errors import AuthenticationError, NotSentError
from issuant.mocks import Fault, Reply, Request
from issuant.mocks.loopback import serve

from tests.issuant.auth.calling import CALL, LOOPS, Galileo, call, call_at_once, every_mode, run_async

MANY = 50


def statuses(ended: Any) -> list[Any]:
    return [reply.status_code if isinstance(reply, httpx.Response) else repr(reply) for reply in ended]


def logins(seen: Galileo) -> list[str]:
    return [path for path in seen.paths if "log" in path or "token" in path]


@every_mode
@pytest.mark.parametrize(("way", "login"), [("password", "/login"), ("key", "/login/api_key")])
def test_many_calls_at_once_log_in_once(way: str, login: str, mode: str) -> None:
    """The slow login of one is waited for by the others."""
    seen = Galileo()
    seen.vendor.faults.add(Fault.delay(0.05))
    assert statuses(call_at_once(mode, seen.transport(), seen.auth(way), MANY)) == [200] * MANY
    assert logins(seen) == [login]


@every_mode
def test_many_calls_at_once_renew_once(mode: str) -> None:
    """One refreshes a token that has ended."""
    seen = Galileo()
    auth = seen.password()
    call(mode, seen.transport(), auth)
    seen.pass_by(hours=1)
    seen.vendor.faults.add(Fault.delay(0.05))
    assert statuses(call_at_once(mode, seen.transport(), auth, MANY)) == [200] * MANY
    assert logins(seen) == ["/login", "/refresh_token"]


@every_mode
def test_many_calls_that_meet_a_401_log_in_once(mode: str) -> None:
    """Who comes late finds the new token there."""
    seen = Galileo()
    auth = seen.password()
    call(mode, seen.transport(), auth)
    seen.forget_tokens()
    assert statuses(call_at_once(mode, seen.transport(), auth, MANY)) == [200] * MANY
    assert logins(seen) == ["/login", "/login"]
    assert len(seen.galileo.keys) == 1 + MANY


class Queue(Turn):
    """A turn that counts who has come to wait for it."""

    def __init__(self) -> None:
        super().__init__()
        self.arrived = threading.Semaphore(0)

    @contextmanager
    def taken(self, seconds: float | None) -> Iterator[None]:
        self.arrived.release()
        with super().taken(seconds):
            yield


@every_mode
def test_a_refused_login_is_not_repeated_for_those_who_waited(mode: str) -> None:
    """A wrong password, sent by each of many, could lock the account. Each is told, in an error of its own."""
    seen = Galileo()
    auth, queue = seen.password(), Queue()
    auth._turn = queue
    seen.galileo.password = "another_TEST_password_not_a_key"

    def when_all_wait(request: Request) -> Reply:
        if mode == "sync":  # tasks are all started before the first reply is handed on
            assert all(queue.arrived.acquire(timeout=10) for _ in range(MANY))
        return seen.handle(request)

    ended = call_at_once(mode, seen.transport(when_all_wait), auth, MANY)
    assert {type(error) for error in ended} == {AuthenticationError}
    assert len({id(error) for error in ended}) == MANY
    assert seen.paths == ["/login"]
    with pytest.raises(AuthenticationError):
        call(mode, seen.transport(), auth)
    assert seen.paths == ["/login", "/login"]


@every_mode
def test_a_login_that_gets_no_reply_is_tried_by_the_next_one(mode: str) -> None:
    """It is lost for one call alone, whose own exception names the login's request."""
    seen = Galileo()
    seen.vendor.faults.add(Fault.drop_before())
    ended = call_at_once(mode, seen.transport(), seen.password(), 5)
    lost = [error for error in ended if isinstance(error, httpx.RemoteProtocolError)]
    assert [error.request.url.path for error in lost] == ["/login"]
    assert sorted(reply.status_code for reply in ended if isinstance(reply, httpx.Response)) == [200] * 4
    assert logins(seen) == ["/login", "/login"]


@every_mode
def test_a_call_waits_for_the_login_of_another_as_long_as_for_a_connection(mode: str) -> None:
    """A login that hangs holds nobody longer than the timeouts: some got no reply, the others were not sent."""
    seen = Galileo()
    seen.vendor.faults.add(Fault.delay(30), times=9)
    ended = call_at_once(mode, seen.transport(), seen.password(), 4, timeout=0.15)
    assert {type(error) for error in ended} == {httpx.ReadTimeout, NotSentError}
    waited = [error for error in ended if isinstance(error, NotSentError)]
    assert all("login of another call" in str(error) and not error.is_passing for error in waited)


@pytest.mark.parametrize("loop", LOOPS)
def test_a_task_that_is_cancelled_in_a_login_leaves_its_turn_to_the_next(loop: str) -> None:
    """The others are not told of it."""
    seen = Galileo()
    seen.vendor.faults.add(Fault.delay(30))
    replies: list[int] = []

    async def main() -> None:
        async with httpx.AsyncClient(transport=seen.transport(), auth=seen.password()) as client:

            async def one() -> None:
                replies.append((await client.post(CALL, json={"description": "k"})).status_code)

            async def cancelled() -> None:
                with anyio.move_on_after(0.05):
                    await one()

            async with anyio.create_task_group() as tasks:
                tasks.start_soon(cancelled)
                await anyio.sleep(0.01)
                tasks.start_soon(one)
                tasks.start_soon(one)

    run_async(loop, main)
    assert replies == [200, 200]
    assert logins(seen) == ["/login", "/login"]


def test_one_login_serves_threads_tasks_and_loops() -> None:
    """What it holds belongs to no event loop."""
    seen = Galileo()
    auth = seen.password()
    for mode in ("sync", *LOOPS, "asyncio", "sync"):
        assert statuses(call_at_once(mode, seen.transport(), auth, 3)) == [200] * 3
    assert logins(seen) == ["/login"]


def test_two_loops_at_once_do_not_wait_for_each_other_for_ever() -> None:
    """Each has a lock of its own; a lock of one would not wake a task of the other."""
    seen = Galileo()
    auth = seen.password()
    seen.vendor.faults.add(Fault.delay(0.05), times=2, when=lambda request: request.path == "/login")
    ended: list[Any] = []
    threads = [
        threading.Thread(target=lambda: ended.extend(call_at_once("asyncio", seen.transport(), auth, 10)))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert statuses(ended) == [200] * 20
    assert len(logins(seen)) <= 2


@pytest.mark.parametrize("mode", ["sync", "asyncio"])
def test_over_a_socket_many_calls_log_in_once_too(mode: str) -> None:
    """The login's connection goes back to the pool, and the calls take it."""
    seen = Galileo()
    seen.vendor.faults.add(Fault.delay(0.05))
    with serve(seen.vendor) as server:
        auth, url = seen.password(base_url=server.base_url), f"{server.base_url}/v2/users/api_keys"
        ended: list[int] = []
        if mode == "sync":
            with httpx.Client(auth=auth) as client:
                threads = [
                    threading.Thread(
                        target=lambda: ended.append(client.post(url, json={"description": "k"}).status_code)
                    )
                    for _ in range(10)
                ]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join(20)
        else:

            async def main() -> None:
                async with httpx.AsyncClient(auth=auth) as client:
                    calls = (client.post(url, json={"description": "k"}) for _ in range(10))
                    ended.extend(reply.status_code for reply in await asyncio.gather(*calls))

            asyncio.run(main())
    assert ended == [200] * 10
    assert len(seen.galileo.logins.access) == 1


class NoTurn(Turn):
    """A turn that everybody has at once."""

    @contextmanager
    def taken(self, seconds: float | None) -> Iterator[None]:
        yield


def test_without_turns_many_calls_would_log_in_many_times() -> None:
    """What these tests would say of a lock that does not lock."""
    seen = Galileo()
    seen.vendor.faults.add(Fault.delay(0.05), times=MANY)
    auth = seen.password()
    auth._turn = NoTurn()
    assert statuses(call_at_once("sync", seen.transport(), auth, MANY)) == [200] * MANY
    assert len(logins(seen)) > 1
