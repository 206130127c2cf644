"""Calls on their way over the wire. Owns sending them, with all attempts, sync and async, and reading what comes back.

It follows no redirect. What is cut off of a reply that is too long (`issuant.body`) is a reply that broke off.
No exception of httpx leaves it, not even as the cause of one of ours: it holds the request, and that the values.
"""

from __future__ import annotations

import contextlib
import copy
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from random import random
from typing import Any, Protocol, Self, runtime_checkable

import httpx

from issuant import failures
from issuant.body import Body
from issuant.errors import Effect, IssuantError
from issuant.flow import Call, Step, Work
from issuant.redaction import Redactor, Traces, quiet_http_logs
from issuant.repeating import Attempts, Retries, check_retries
from issuant.replies import Reply, skew_of
from issuant.secret import Secret
from issuant.settings import AsyncClient, Settings, SyncClient, check_timeout


@runtime_checkable
class HoldsSecrets(Protocol):
    """An auth that gets secrets of its own, such as the token of a login."""

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """Those that it holds now."""


def addressed(arguments: Mapping[str, Any], base_url: str) -> dict[str, Any]:
    """Return the arguments of `httpx.Client.build_request` with all of the address in `url`.

    httpx would parse the base URL, the path and the query one after the other; to parse an address takes it as long as
    to read a reply.
    """
    found = dict(arguments)
    if found["url"].startswith("/"):
        params = found.pop("params", None)
        found["url"] = f"{base_url}{found['url']}{f'?{httpx.QueryParams(params)}' if params else ''}"
    return found


class _Exchange:
    """What the sync and the async transport share: reading an answer, and naming a failure."""

    def __init__(self, settings: Settings) -> None:
        self._provider = settings.provider
        self._base_url = settings.base_url.rstrip("/")
        self._credentials = Traces(settings.credentials)
        self._session = settings.auth if isinstance(settings.auth, HoldsSecrets) else None
        self._retries = settings.retries
        self._pace = settings.pace
        self._clock = settings.clock
        self._timeout: httpx.Timeout | float | None = None
        self._dated: tuple[str | None, datetime] | None = None
        quiet_http_logs()

    def with_options(self, *, timeout: httpx.Timeout | float | None, retries: Retries | None) -> Self:
        """Return one that shares the connections of this one; None leaves an option as it is.

        Raises UsageError for a timeout that is not positive and finite, and for what are no Retries.
        """
        check_timeout(timeout)
        check_retries(retries)
        twin = copy.copy(self)
        twin._timeout = self._timeout if timeout is None else timeout
        twin._retries = self._retries if retries is None else retries
        return twin

    @property
    def clock_skew(self) -> timedelta | None:
        """How far the provider's clock was ahead of this machine's at the last reply; None where it did not tell."""
        return None if self._dated is None else skew_of(*self._dated)

    @contextlib.contextmanager
    def _turn(self) -> Iterator[float]:
        """Take a turn, and tell how many seconds to wait for it; one whose wait is interrupted is given back."""
        if self._pace is None:
            yield 0.0
            return
        now = time.monotonic()
        wait = self._pace.take(now)
        try:
            yield wait
        except BaseException:
            self._pace.give_back(now + wait, time.monotonic())
            raise

    def _request(self, call: Call, build: Callable[..., httpx.Request]) -> httpx.Request | IssuantError:
        """Return the request of a call, or why there can be none."""
        try:
            arguments = addressed(call.arguments, self._base_url)
            return build(**arguments) if self._timeout is None else build(**arguments, timeout=self._timeout)
        except Exception as cause:  # noqa: BLE001 - whatever it is, nothing was sent; its words may hold the values
            return failures.unbuildable(call, type(cause), self._provider)

    def _reply(self, call: Call, body: Body) -> Reply:
        others = call.secrets if self._session is None else (*call.secrets, *self._session.secrets)
        traces = (self._credentials, Traces(others)) if others else (self._credentials,)
        self._dated = (body.response.headers.get("date"), self._clock())
        return Reply(
            body.response,
            body.content(),
            provider=self._provider,
            operation=call.operation,
            reads=call.reads,
            repeats=call.repeats,
            id_field=call.id_field,
            value_field=call.value_field,
            redactor=Redactor(traces, call.arguments.get("json")),
            broke_off=body.broke_off,
        )

    def _concluded(self, call: Call, outcome: Reply | IssuantError, attempts: Attempts) -> Reply:
        """Return the last reply to a call, or raise its last failure, with what the attempts before mean for it."""
        if isinstance(outcome, Reply):
            outcome.attempts = attempts.made
            outcome.is_doubtful = attempts.is_doubtful
            return outcome
        if attempts.is_doubtful and outcome.effect is Effect.NONE:
            outcome = failures.doubtful(call, outcome, self._provider)
        outcome.provider = self._provider  # a login knows none
        outcome.attempts = attempts.made
        raise outcome

    def interrupted(self, step: Step) -> IssuantError:
        """Return the error for a step that was interrupted: a call may have taken effect, other work sends nothing."""
        arrived = step.arrived if isinstance(step, Call) else None
        if not isinstance(step, Call) or arrived is None:
            return failures.interrupted(step, self._provider)
        return failures.interrupted(step, self._provider, self._reply(step, arrived))


class Transport(_Exchange):
    """Sends calls with a blocking httpx client."""

    def __init__(self, settings: Settings, transport: httpx.BaseTransport | None = None) -> None:
        super().__init__(settings)
        self._client = settings.client(SyncClient, transport)

    def perform(self, step: Step) -> object:
        """Carry out one step. Raises IssuantError and nothing else."""
        if isinstance(step, Work):
            return step.run()
        attempts = Attempts(step, self._retries, random)
        while True:
            with self._turn() as wait:
                if wait:
                    time.sleep(wait)
            step.may_have_acted, step.arrived = True, None
            outcome = self._send(step)
            again = attempts.wait_after(outcome, self._clock())
            if again is None:
                return self._concluded(step, outcome, attempts)
            step.may_have_acted = attempts.is_doubtful
            time.sleep(again)

    def _send(self, call: Call) -> Reply | IssuantError:
        if self._client.is_closed:
            return failures.closed(call, self._provider)
        request = self._request(call, self._client.build_request)
        if isinstance(request, IssuantError):
            return request
        handled = sys.exception()  # the caller's: it hangs on what is raised here, and is none of its causes
        try:
            return self._received(call, self._client.send(request, stream=True))
        except IssuantError as error:
            return error.with_traceback(None)  # frames of httpx hold the request
        except Exception as cause:  # noqa: BLE001 - a custom transport may raise anything, and the outcome is then unknown
            return failures.failed(call, request, cause, self._provider, handled)

    def _received(self, call: Call, response: httpx.Response) -> Reply:
        call.arrived = body = Body(response)
        body.read()
        return self._reply(call, body)

    def close(self) -> None:
        """Close every connection."""
        self._client.close()


class AsyncTransport(_Exchange):
    """Sends calls with an asyncio httpx client. The twin of Transport."""

    def __init__(self, settings: Settings, transport: httpx.AsyncBaseTransport | None = None) -> None:
        super().__init__(settings)
        self._client = settings.client(AsyncClient, transport)

    async def perform(self, step: Step) -> object:
        """Carry out one step; work goes to a thread. Raises IssuantError and nothing else."""
        import asyncio  # 20 ms that a sync program need not pay

        if isinstance(step, Work):
            return await self._work(step)
        attempts = Attempts(step, self._retries, random)
        while True:
            with self._turn() as wait:
                if wait:
                    await asyncio.sleep(wait)
            step.may_have_acted, step.arrived = True, None
            outcome = await self._send(step)
            again = attempts.wait_after(outcome, self._clock())
            if again is None:
                return self._concluded(step, outcome, attempts)
            step.may_have_acted = attempts.is_doubtful
            await asyncio.sleep(again)

    async def _work(self, step: Work) -> object:
        import asyncio

        work = asyncio.ensure_future(asyncio.to_thread(step.run))
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            while not work.done():  # a store that has begun is not left half known, however often one is cancelled
                with contextlib.suppress(asyncio.CancelledError):
                    await asyncio.wait([work])
            work.exception()  # looked at, so that asyncio does not report it as forgotten
            raise

    async def _send(self, call: Call) -> Reply | IssuantError:
        if self._client.is_closed:
            return failures.closed(call, self._provider)
        request = self._request(call, self._client.build_request)
        if isinstance(request, IssuantError):
            return request
        handled = sys.exception()  # the caller's: it hangs on what is raised here, and is none of its causes
        try:
            return await self._received(call, await self._client.send(request, stream=True))
        except IssuantError as error:
            return error.with_traceback(None)  # frames of httpx hold the request
        except Exception as cause:  # noqa: BLE001 - a custom transport may raise anything, and the outcome is then unknown
            return failures.failed(call, request, cause, self._provider, handled)

    async def _received(self, call: Call, response: httpx.Response) -> Reply:
        call.arrived = body = Body(response)
        await body.read_async()
        return self._reply(call, body)

    async def close(self) -> None:
        """Close every connection."""
        await self._client.aclose()
