"""The connection that every operation takes. Owns its settings and the httpx clients made of them; refuses a base URL
that carries a credential, and authentication over plain http to a host that is not this machine.

Facts
- httpx cannot reopen a closed client, so the next use after closing makes a new one.
- On a redirect to another host httpx drops the header Authorization and no other, so a key in a header of its own would
  be sent along. No redirect is followed.
- Only models need attrs; a client is made without the time that importing it takes.
- httpx waits for ever only if it is told to; here every timeout is finite unless the caller says otherwise.
"""

import ipaddress
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, replace
from threading import Lock
from types import TracebackType
from typing import Any, Self

import httpx

from .servers import SERVERS

DEFAULT_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
"""Seconds: 10 to connect, 30 to read, to write and to get a connection from the pool."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class _Settings:
    base_url: str
    auth: httpx.Auth | None
    headers: dict[str, str]
    cookies: dict[str, str]
    timeout: httpx.Timeout | float
    verify_ssl: ssl.SSLContext | bool
    transport: httpx.BaseTransport | None
    async_transport: httpx.AsyncBaseTransport | None
    raise_on_unexpected_status: bool

    def __post_init__(self) -> None:
        url = _checked_url(self.base_url)
        if self.auth is not None and url.scheme != "https" and not _is_loopback(url.host):
            raise ValueError("base_url is plain http to another machine; a credential is sent over https only")

    def for_httpx(self) -> dict[str, Any]:
        return {
            "base_url": self.base_url,
            "auth": self.auth,
            "headers": self.headers,
            "cookies": self.cookies,
            "timeout": self.timeout,
            "verify": self.verify_ssl,
        }


class Client:
    """What an operation needs to send a request.

    With neither `base_url` nor `server`, requests go to the first server of the document; `server` picks one by its
    name in SERVERS. `auth` is any `httpx.Auth`. `timeout` is in seconds. `transport` and `async_transport` take the
    place of the network. A status that the document does not declare raises errors.UnexpectedStatus, unless
    `raise_on_unexpected_status` is False: then the operation returns None for it.

    Used as a context manager, sync or async, it closes the connections it has opened; afterwards it may be used again.
    Raises ValueError for a base URL or a server that cannot be used.
    """

    __slots__ = ("_async_client", "_client", "_given", "_given_async", "_lock", "_settings")

    def __init__(
        self,
        base_url: str | None = None,
        *,
        server: str | None = None,
        auth: httpx.Auth | None = None,
        headers: Mapping[str, str] | None = None,
        cookies: Mapping[str, str] | None = None,
        timeout: httpx.Timeout | float = DEFAULT_TIMEOUT,
        verify_ssl: ssl.SSLContext | bool = True,
        transport: httpx.BaseTransport | None = None,
        async_transport: httpx.AsyncBaseTransport | None = None,
        raise_on_unexpected_status: bool = True,
    ) -> None:
        self._start(
            _Settings(
                base_url=_address(base_url, server),
                auth=auth,
                headers=dict(headers or {}),
                cookies=dict(cookies or {}),
                timeout=timeout,
                verify_ssl=verify_ssl,
                transport=transport,
                async_transport=async_transport,
                raise_on_unexpected_status=raise_on_unexpected_status,
            )
        )

    def _start(self, settings: _Settings) -> None:
        self._settings = settings
        self._lock = Lock()
        self._client: httpx.Client | None = None
        self._async_client: httpx.AsyncClient | None = None
        self._given: httpx.Client | None = None
        self._given_async: httpx.AsyncClient | None = None

    def __repr__(self) -> str:
        return f"Client(base_url={self.base_url!r})"

    @property
    def base_url(self) -> str:
        """The address that the paths of operations are appended to."""
        return self._settings.base_url

    @property
    def raise_on_unexpected_status(self) -> bool:
        """Whether a status that the document does not declare is an error."""
        return self._settings.raise_on_unexpected_status

    def with_headers(self, headers: Mapping[str, str]) -> Self:
        """A new client with these headers as well; this one stays as it is."""
        return self._changed(headers={**self._settings.headers, **headers})

    def with_cookies(self, cookies: Mapping[str, str]) -> Self:
        """A new client with these cookies as well; this one stays as it is."""
        return self._changed(cookies={**self._settings.cookies, **cookies})

    def with_timeout(self, timeout: httpx.Timeout | float) -> Self:
        """A new client with this timeout, in seconds; this one stays as it is."""
        return self._changed(timeout=timeout)

    def with_auth(self, auth: httpx.Auth | None) -> Self:
        """A new client with this authentication, or with none; this one stays as it is."""
        return self._changed(auth=auth)

    def _changed(self, **changes: Any) -> Self:
        new = type(self).__new__(type(self))
        new._start(replace(self._settings, **changes))
        return new

    def set_httpx_client(self, client: httpx.Client) -> Self:
        """Send through this httpx client, with its settings and not with those of this object.

        The caller has opened it and closes it.
        """
        self._given = client
        return self

    def get_httpx_client(self) -> httpx.Client:
        """The httpx client that requests go through, made at the first use."""
        if self._given is not None:
            return self._given
        with self._lock:
            if self._client is None or self._client.is_closed:
                self._client = httpx.Client(transport=self._settings.transport, **self._settings.for_httpx())
            return self._client

    def set_async_httpx_client(self, async_client: httpx.AsyncClient) -> Self:
        """The same as `set_httpx_client` for the async operations."""
        self._given_async = async_client
        return self

    def get_async_httpx_client(self) -> httpx.AsyncClient:
        """The same as `get_httpx_client` for the async operations."""
        if self._given_async is not None:
            return self._given_async
        with self._lock:
            if self._async_client is None or self._async_client.is_closed:
                self._async_client = httpx.AsyncClient(
                    transport=self._settings.async_transport, **self._settings.for_httpx()
                )
            return self._async_client

    def __enter__(self) -> Self:
        self.get_httpx_client()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._client is not None:
            self._client.close()

    async def __aenter__(self) -> Self:
        self.get_async_httpx_client()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._async_client is not None:
            await self._async_client.aclose()


def _address(base_url: str | None, server: str | None) -> str:
    if base_url is not None and server is not None:
        raise ValueError("give base_url or server, not both")
    if base_url is not None:
        return base_url
    if not SERVERS:
        raise ValueError("base_url is missing; the document lists no server")
    if server is None:
        return next(iter(SERVERS.values()))
    if server not in SERVERS:
        raise ValueError(f"server {server!r} is not one of {', '.join(SERVERS)}")
    return SERVERS[server]


def _checked_url(base_url: str) -> httpx.URL:
    # No message shows the URL: it may be the place where somebody put a password.
    try:
        url = httpx.URL(base_url)
    except (httpx.InvalidURL, TypeError):
        url = httpx.URL()
    if url.scheme not in ("http", "https") or not url.host:
        raise ValueError("base_url must be an absolute http or https URL")
    if url.userinfo or url.query or url.fragment:
        raise ValueError("base_url must have no user name, password, query or fragment; give auth instead")
    return url


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


__all__ = ["DEFAULT_TIMEOUT", "Client"]
