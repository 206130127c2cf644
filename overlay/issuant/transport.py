"""The only module that builds httpx clients. Owns timeouts, TLS, and turning what httpx raises into errors of ours.

It refuses plain HTTP to anything but this machine, and follows no redirect.
No exception of httpx leaves it, not even as the cause of one of ours: it holds the request, and that the values.
"""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx

from issuant.errors import CredentialError, IssuantError, NotSentError, OutcomeUnknownError, UsageError
from issuant.flow import Call, Step, Work
from issuant.redaction import Redactor, Traces, quiet_http_logs
from issuant.replies import Reply
from issuant.secret import Secret

Clock = Callable[[], datetime]

DEFAULT_TIMEOUT = httpx.Timeout(30.0, connect=10.0)

# What httpx raises before the first byte of a request has gone out. All else may have reached the provider.
_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
    httpx.InvalidURL,
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
    (httpx.InvalidURL, "the address is not a URL"),
    (httpx.UnsupportedProtocol, "the address is neither http nor https"),
)


def checked_base_url(url: str, *, field: str) -> str:
    """Return `url` without a trailing slash. Raises CredentialError, naming `field`, where it cannot be a base URL.

    Plain HTTP is taken for this machine alone: anyone on the way could read the key.
    """
    parts = _split(url)
    if parts is None:
        raise CredentialError(f"{field} is not a URL.", advice="Give one such as https://api.example.com.", field=field)
    scheme, host, plain = parts
    if scheme not in ("http", "https"):
        raise CredentialError(f"{field} is neither http nor https.", advice="Give an https URL.", field=field)
    if not plain:
        raise CredentialError(
            f"{field} holds a user name, a query or a fragment.",
            advice="Give scheme, host and path alone.",
            field=field,
        )
    if scheme == "http" and not is_loopback(host):
        raise CredentialError(
            f"{field} is plain http to a host that is not this machine; the key could be read on the way.",
            advice="Use https.",
            field=field,
        )
    return url.rstrip("/")


def _split(url: object) -> tuple[str, str, bool] | None:
    if not isinstance(url, str) or not url.isprintable() or " " in url:
        return None
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
        httpx.URL(url)  # stricter about hosts; the client would raise its own error later
    except (ValueError, httpx.InvalidURL):
        return None
    if not host:
        return None
    return parts.scheme, host, not (parts.username or parts.password or parts.query or parts.fragment)


def is_loopback(host: str) -> bool:
    """Tell whether `host` is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _may_leave(base_url: str) -> bool:
    """Tell whether the environment's proxies may be used: through one, plain HTTP would leave this machine."""
    return base_url.lower().startswith("https:")


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
            "trust_env": _may_leave(self.base_url),
        }


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
        self._client = httpx.Client(**settings.for_httpx(), transport=transport)

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
        self._client = httpx.AsyncClient(**settings.for_httpx(), transport=transport)

    async def perform(self, step: Step) -> object:
        """Carry out one step; work goes to a thread. Raises IssuantError and nothing else."""
        if isinstance(step, Call):
            return await self._send(step)
        import asyncio  # 20 ms that a sync program need not pay

        return await asyncio.to_thread(step.run)

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
