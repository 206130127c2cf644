"""What a transport is made of, and the only place where an httpx client is. Owns timeouts, TLS and proxies.

It keeps no cookie: nothing that a provider sets is sent back to it.

Facts
- To read the certificates that are trusted takes 20 ms of CPU. httpx reads them for each client, also for one that
  speaks plain http alone.
"""

from __future__ import annotations

import os
import ssl
import threading
import weakref
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import httpx

from issuant.addresses import may_leave
from issuant.body import ACCEPTED_CODING
from issuant.clock import Clock, now_utc
from issuant.errors import UsageError
from issuant.pacing import Pace
from issuant.repeating import Retries
from issuant.secret import Secret

C = TypeVar("C")

DEFAULT_TIMEOUT = httpx.Timeout(30.0, connect=10.0)

_TRUSTING: weakref.WeakValueDictionary[tuple[str | None, ...], ssl.SSLContext] = weakref.WeakValueDictionary()
"""What verifies certificates, by the variables that say which are trusted, for as long as a client has it."""


def check_timeout(timeout: object) -> None:
    """Raise UsageError for a timeout that is endless, or no positive number of seconds. None is the default."""
    parts = timeout.as_dict().values() if isinstance(timeout, httpx.Timeout) else [timeout]
    if timeout is not None and not all(
        isinstance(part, int | float) and 0 < part < threading.TIMEOUT_MAX for part in parts
    ):
        raise UsageError(
            "the timeout is not a positive, finite number of seconds.", advice="Give one.", field="timeout"
        )


class _NoCookies(httpx.Cookies):
    """What no cookie gets into. To read those of a reply and refuse them takes as long as to read its body."""

    def extract_cookies(self, response: httpx.Response) -> None:
        """Leave them where they are."""


class SyncClient(httpx.Client):
    """A client that keeps no cookie."""

    cookies: Any = _NoCookies()


class AsyncClient(httpx.AsyncClient):
    """A client for asyncio that keeps no cookie."""

    cookies: Any = _NoCookies()


class Settings(NamedTuple):
    """What both kinds of transport are made of: whose calls they carry, where to, proven how.

    `timeout` is in seconds; None is the default, and never endless. `pace` None is no rate limit.
    """

    provider: str
    base_url: str
    auth: httpx.Auth
    credentials: tuple[Secret, ...]
    timeout: httpx.Timeout | float | None = None
    verify: ssl.SSLContext | bool = True
    proxy: Secret | None = None
    retries: Retries = Retries()
    pace: Pace | None = None
    clock: Clock = now_utc

    def for_httpx(self) -> dict[str, Any]:
        """Return the arguments of an httpx client."""
        return {
            "base_url": self.base_url,
            "auth": self.auth,
            "headers": {"Accept-Encoding": ACCEPTED_CODING},
            "timeout": DEFAULT_TIMEOUT if self.timeout is None else self.timeout,
            "trust_env": may_leave(self.base_url),
        }

    def client(self, make: Callable[..., C], transport: object) -> C:
        """Return what `make` makes of these settings. Raises UsageError where the environment keeps it from that."""
        cause = None
        try:
            return make(
                **self.for_httpx(),
                verify=self.verify if transport is not None else self._verifying(),
                transport=transport,
                proxy=None if self.proxy is None else self.proxy.reveal(),
            )
        except (ImportError, OSError, TypeError, ValueError, httpx.InvalidURL) as error:
            cause = type(error).__name__  # its words may hold the password of a proxy
        raise UsageError(
            f"the HTTP client could not be made ({cause}).",
            advice="Check the proxy that is given, or those in HTTPS_PROXY and ALL_PROXY, and SSL_CERT_FILE and "
            "SSL_CERT_DIR.",
            provider=self.provider,
        )

    def _verifying(self) -> ssl.SSLContext | bool:
        """Return what verifies the provider's certificate. Clients that are there at one time share it.

        Raises OSError and ValueError where the environment names certificates that cannot be read.
        """
        if self.verify is not True:
            return self.verify
        if not may_leave(self.base_url):
            return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # plain http has no use for one; this one trusts nobody
        named = tuple(map(os.environ.get, ("SSL_CERT_FILE", "SSL_CERT_DIR")))
        context = _TRUSTING.get(named)
        if context is None:
            context = _TRUSTING[named] = httpx.create_ssl_context()
        return context
