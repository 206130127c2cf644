"""The only module that builds httpx clients. Owns timeouts, TLS, and turning what httpx raises into errors of ours.

It follows no redirect, and keeps no cookie: nothing that a provider sets is sent back to it.
No exception of httpx leaves it, not even as the cause of one of ours: it holds the request, and that the values.
"""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Callable
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, NamedTuple, TypeVar

import httpx

from issuant.addresses import may_leave
from issuant.errors import IssuantError, NotSentError, OutcomeUnknownError, UsageError
from issuant.flow import Call, Step, Work
from issuant.redaction import Redactor, Traces, quiet_http_logs
from issuant.replies import LOOK_FIRST, Reply
from issuant.secret import Secret

C = TypeVar("C")

DEFAULT_TIMEOUT = httpx.Timeout(30.0, connect=10.0)

# What httpx raises before the first byte of a request has gone out. All else may have reached the provider;
# InvalidURL and UnsupportedProtocol come from the Location of a redirect, as the base URL has been checked.
_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.LocalProtocolError,
)

_REASONS = (
    (httpx.ConnectTimeout, "no connection came about in time"),
    (httpx.PoolTimeout, "no connection of the pool became free in time"),
    (httpx.ProxyError, "the proxy refused the connection"),
    (httpx.ConnectError, "no connection could be made"),
    (httpx.ReadTimeout, "no reply came in time"),
    (httpx.WriteTimeout, "the request could not be sent in time"),
    (httpx.RemoteProtocolError, "the connection broke off without a proper reply"),
    (httpx.DecodingError, "the reply could not be decoded"),
    (httpx.NetworkError, "the connection broke off"),
    (httpx.LocalProtocolError, "the request cannot be sent as HTTP"),
    (httpx.InvalidURL, "the provider redirects to what is no URL"),
    (httpx.UnsupportedProtocol, "the provider redirects to what is neither http nor https"),
)


class Settings(NamedTuple):
    """What both kinds of transport are made of: whose calls they carry, where to, proven how.

    `timeout` is in seconds; None is the default, and never endless.
    """

    provider: str
    base_url: str
    auth: httpx.Auth
    credentials: tuple[Secret, ...]
    timeout: httpx.Timeout | float | None = None
    verify: ssl.SSLContext | bool = True

    def for_httpx(self) -> dict[str, Any]:
        """Return the arguments of an httpx client."""
        return {
            "base_url": self.base_url,
            "auth": self.auth,
            "timeout": DEFAULT_TIMEOUT if self.timeout is None else self.timeout,
            "verify": self.verify,
            "trust_env": may_leave(self.base_url),
            "cookies": CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        }

    def client(self, make: Callable[..., C], transport: object) -> C:
        """Return what `make` makes of these settings. Raises UsageError where the environment keeps it from that."""
        cause = None
        try:
            return make(**self.for_httpx(), transport=transport)
        except (ImportError, OSError, TypeError, ValueError, httpx.InvalidURL) as error:
            cause = type(error).__name__  # its words may hold the password of a proxy
        raise UsageError(
            f"the HTTP client could not be made ({cause}).",
            advice="Check the proxies in HTTPS_PROXY and ALL_PROXY, and SSL_CERT_FILE and SSL_CERT_DIR.",
            provider=self.provider,
        )


class _Exchange:
    """What the sync and the async transport share: reading an answer, and naming a failure."""

    def __init__(self, settings: Settings) -> None:
        self._provider = settings.provider
        self._credentials = Traces(settings.credentials)
        quiet_http_logs()

    def _reply(self, call: Call, response: httpx.Response) -> Reply:
        redactor = Redactor((self._credentials, Traces(call.secrets)), call.arguments.get("json"))
        return Reply(response, provider=self._provider, operation=call.operation, redactor=redactor)

    def _failure(self, call: Call, cause: Exception) -> IssuantError:
        reason = next((text for kind, text in _REASONS if isinstance(cause, kind)), "the HTTP client failed")
        if isinstance(cause, _NEVER_SENT):
            return NotSentError(
                f"{reason} ({type(cause).__name__}).",
                advice="Nothing was sent. Check the network and the base URL, then try again.",
                provider=self._provider,
                operation=call.operation,
            )
        return OutcomeUnknownError(
            f"{reason} ({type(cause).__name__}); the call may have taken effect.",
            advice="Look at the provider's list of keys before you repeat it.",
            provider=self._provider,
            operation=call.operation,
        )

    def interrupted(self, step: Step) -> IssuantError:
        """Return the error for a step that was interrupted: a call may have taken effect, other work sends nothing."""
        if isinstance(step, Call):
            return OutcomeUnknownError(
                "it was interrupted while the provider was being asked; the call may have taken effect.",
                advice=LOOK_FIRST,
                provider=self._provider,
                operation=step.operation,
            )
        return NotSentError(
            "it was interrupted before anything was sent.", advice="Start again.", provider=self._provider
        )

    def _closed(self, call: Call) -> UsageError:
        return UsageError(
            "the connection is closed.",
            advice="Open a new one with connect().",
            provider=self._provider,
            operation=call.operation,
        )


class Transport(_Exchange):
    """Sends calls with a blocking httpx client."""

    def __init__(self, settings: Settings, transport: httpx.BaseTransport | None = None) -> None:
        super().__init__(settings)
        self._client = settings.client(httpx.Client, transport)

    def perform(self, step: Step) -> object:
        """Carry out one step. Raises IssuantError and nothing else."""
        return step.run() if isinstance(step, Work) else self._send(step)

    def _send(self, call: Call) -> Reply:
        if self._client.is_closed:
            raise self._closed(call)
        try:
            return self._reply(call, self._client.request(**call.arguments))
        except IssuantError:
            raise
        except Exception as cause:  # noqa: BLE001 - a custom transport may raise anything, and the outcome is then unknown
            failure = self._failure(call, cause)
        raise failure

    def close(self) -> None:
        """Close every connection."""
        self._client.close()


class AsyncTransport(_Exchange):
    """Sends calls with an asyncio httpx client. The twin of Transport."""

    def __init__(self, settings: Settings, transport: httpx.AsyncBaseTransport | None = None) -> None:
        super().__init__(settings)
        self._client = settings.client(httpx.AsyncClient, transport)

    async def perform(self, step: Step) -> object:
        """Carry out one step; work goes to a thread. Raises IssuantError and nothing else."""
        if isinstance(step, Call):
            return await self._send(step)
        import asyncio  # 20 ms that a sync program need not pay

        work = asyncio.ensure_future(asyncio.to_thread(step.run))
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            while not work.done():  # a store that has begun is not left half known, however often one is cancelled
                with contextlib.suppress(asyncio.CancelledError):
                    await asyncio.wait([work])
            work.exception()  # looked at, so that asyncio does not report it as forgotten
            raise

    async def _send(self, call: Call) -> Reply:
        if self._client.is_closed:
            raise self._closed(call)
        try:
            return self._reply(call, await self._client.request(**call.arguments))
        except IssuantError:
            raise
        except Exception as cause:  # noqa: BLE001 - a custom transport may raise anything, and the outcome is then unknown
            failure = self._failure(call, cause)
        raise failure

    async def close(self) -> None:
        """Close every connection."""
        await self._client.aclose()
