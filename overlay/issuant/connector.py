"""From credentials to a connection. Owns where they come from, and which server they go to.

httpx and all that stands on it is imported by the first call: naming `connect` costs a program next to nothing.
"""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from issuant.clock import now_utc
from issuant.errors import IssuantError, UsageError

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping

    import httpx

    from issuant.clock import Clock
    from issuant.connection import AsyncConnection, Connection
    from issuant.keys import Capabilities
    from issuant.providers import Account, Adapter, Provider
    from issuant.transport import Settings

T = TypeVar("T")


def capabilities(provider: str) -> Capabilities:
    """Return what a provider can do; no credential is needed. Raises UsageError for an unknown name."""
    from issuant.providers import find_provider

    return find_provider(provider).capabilities


def connect(
    provider: str | Account,
    *,
    server: str | None = None,
    base_url: str | None = None,
    timeout: httpx.Timeout | float | None = None,
    verify: ssl.SSLContext | bool = True,
    transport: httpx.BaseTransport | None = None,
    clock: Clock = now_utc,
) -> Connection:
    """Open a connection to a provider. Nothing is sent yet.

    Args:
        provider: the provider's name, with credentials from its environment variables; or an account.
        server: one of the servers that the provider's document lists, such as `sandbox`.
        base_url: another base URL, https unless it is this machine. Neither: the environment's, else the first server.
        timeout: seconds, or an httpx.Timeout. None: 10 to connect, 30 for anything else. It is never endless.
        verify: an SSL context of your own.
        transport: an httpx transport of your own, such as a mock's.
        clock: gives the time, aware.

    Raises CredentialError, naming what is missing or malformed, and UsageError for an unknown provider or server.
    """
    from issuant.connection import Connection
    from issuant.transport import Transport

    plan = _plan(provider, server, base_url, timeout, verify, clock)
    return Connection(plan.provider, plan.adapter, plan.settings.base_url, Transport(plan.settings, transport))


def connect_async(
    provider: str | Account,
    *,
    server: str | None = None,
    base_url: str | None = None,
    timeout: httpx.Timeout | float | None = None,
    verify: ssl.SSLContext | bool = True,
    transport: httpx.AsyncBaseTransport | None = None,
    clock: Clock = now_utc,
) -> AsyncConnection:
    """Open a connection for asyncio. As `connect`; it is no coroutine, as nothing is sent yet."""
    from issuant.connection import AsyncConnection
    from issuant.transport import AsyncTransport

    plan = _plan(provider, server, base_url, timeout, verify, clock)
    return AsyncConnection(
        plan.provider, plan.adapter, plan.settings.base_url, AsyncTransport(plan.settings, transport)
    )


class _Plan(NamedTuple):
    provider: Provider
    adapter: Adapter
    settings: Settings


def _read_environment(read: Callable[[Mapping[str, str]], T]) -> T:
    try:
        return read(os.environ)
    except IssuantError as error:
        refused = error
    # The frames that refused it have the environment among their locals, and its repr is every secret in it.
    raise refused.with_traceback(None)


def _plan(
    given: str | Account,
    server: str | None,
    base_url: str | None,
    timeout: httpx.Timeout | float | None,
    verify: ssl.SSLContext | bool,
    clock: Clock,
) -> _Plan:
    from issuant.providers import find_provider
    from issuant.transport import Settings

    name = given if isinstance(given, str) else getattr(given, "provider", None)
    if not isinstance(name, str):
        raise UsageError(
            f"{type(given).__name__}: this is neither a provider's name nor an account.",
            advice="Give a name such as 'galileo', or an account such as GalileoAccount(api_key=…).",
            field="provider",
        )
    if not _is_finite(timeout):
        raise UsageError(
            "the timeout is not a positive, finite number of seconds.", advice="Give one.", field="timeout"
        )
    found = find_provider(name)
    account = _read_environment(found.account) if isinstance(given, str) else given
    address = _address(found, server, base_url)
    try:
        auth = account.auth(address)
    except IssuantError as error:
        error.provider = error.provider or found.name
        raise
    settings = Settings(found.name, address, auth, account.credentials, timeout, verify)
    return _Plan(found, found.adapter(account, clock), settings)


def _is_finite(timeout: object) -> bool:
    from httpx import Timeout

    if timeout is None:
        return True
    parts = timeout.as_dict().values() if isinstance(timeout, Timeout) else [timeout]
    return all(isinstance(part, int | float) and 0 < part < threading.TIMEOUT_MAX for part in parts)


def _address(provider: Provider, server: str | None, base_url: str | None) -> str:
    from issuant.addresses import checked_base_url

    if server is not None and base_url is not None:
        raise UsageError("both server and base_url are given.", advice="Give one.", field="server")
    if base_url is not None:
        return checked_base_url(base_url, field="base_url")
    if server is not None:
        if server not in provider.servers:
            known = ", ".join(provider.servers)
            raise UsageError(
                f"{provider.name} has no server {server!r}.", advice=f"Name one of: {known}.", field="server"
            )
        return provider.servers[server]
    return _read_environment(provider.base_url) or next(iter(provider.servers.values()))
