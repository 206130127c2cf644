"""From credentials to a connection. Owns where they come from, and which server they go to.

httpx and all that stands on it is imported by the first call: naming `connect` costs a program next to nothing.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar, runtime_checkable

from issuant.clock import now_utc
from issuant.errors import IssuantError, UsageError
from issuant.secret import Secret

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping

    import httpx

    from issuant.adapters import Account, Adapter
    from issuant.async_connection import AsyncConnection
    from issuant.clock import Clock
    from issuant.connection import Connection
    from issuant.keys import Capabilities
    from issuant.pacing import RateLimit
    from issuant.providers import Provider
    from issuant.repeating import Retries
    from issuant.settings import Settings

T = TypeVar("T")


@runtime_checkable
class NeedsClock(Protocol):
    """An auth that goes by the time, such as one that signs."""

    def use_clock(self, clock: Clock) -> None:
        """Go by `clock`, unless the auth was made with one of its own."""


def capabilities(provider: str) -> Capabilities:
    """Return what the provider of the name `provider` can do; no credential is needed.

    Raises UsageError for an unknown name.
    """
    from issuant.providers import find_provider

    return find_provider(provider).capabilities


def connect(
    provider: str | Account,
    *,
    server: str | None = None,
    base_url: str | None = None,
    timeout: httpx.Timeout | float | None = None,
    verify: ssl.SSLContext | str | os.PathLike[str] | bool = True,
    proxy: Secret | str | None = None,
    retries: Retries | None = None,
    rate_limit: RateLimit | None = None,
    transport: httpx.BaseTransport | None = None,
    clock: Clock = now_utc,
) -> Connection:
    """Open a connection to a provider. Nothing is sent yet.

    Args:
        provider: the provider's name, with credentials from its environment variables; or an account.
        server: one of the servers that the provider's document lists, such as `sandbox`.
        base_url: another base URL, https unless it is this machine. Neither: the environment's, else the first server.
        timeout: seconds, or an httpx.Timeout with other ones to connect, read, write, and wait for the pool.
            None: 10 to connect, 30 for anything else. It is never endless; `with_options` sets it for single calls.
        verify: an SSL context of your own, or the path of a file of PEM certificates to trust, or of a folder of such
            files that `openssl rehash` has named.
        proxy: the URL of a proxy, which may hold a password; None: those of the environment.
        retries: how often a call is sent and how long is waited in between; None: `Retries()`.
        rate_limit: how often this credential may ask. All connections of this process that have the same credential,
            server and limit share it. None: as often as it likes.
        transport: an httpx transport of your own, such as a mock's.
        clock: gives the time, aware: to the connection and to what signs or logs in for it.

    Raises CredentialError, naming what is missing or malformed, and UsageError for an unknown provider or server.
    """
    proxy = None if proxy is None else Secret.wrap(proxy)
    from issuant.connection import Connection
    from issuant.transport import Transport

    options = _Options(timeout, verify, proxy, retries, rate_limit, transport is not None)
    plan = _plan(provider, server, base_url, options, clock)
    return Connection(plan.provider, plan.adapter, plan.settings.base_url, Transport(plan.settings, transport))


def connect_async(
    provider: str | Account,
    *,
    server: str | None = None,
    base_url: str | None = None,
    timeout: httpx.Timeout | float | None = None,
    verify: ssl.SSLContext | str | os.PathLike[str] | bool = True,
    proxy: Secret | str | None = None,
    retries: Retries | None = None,
    rate_limit: RateLimit | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
    clock: Clock = now_utc,
) -> AsyncConnection:
    """Open a connection for asyncio. As `connect`; it is no coroutine, as nothing is sent yet."""
    proxy = None if proxy is None else Secret.wrap(proxy)
    from issuant.async_connection import AsyncConnection
    from issuant.transport import AsyncTransport

    options = _Options(timeout, verify, proxy, retries, rate_limit, transport is not None)
    plan = _plan(provider, server, base_url, options, clock)
    return AsyncConnection(
        plan.provider, plan.adapter, plan.settings.base_url, AsyncTransport(plan.settings, transport)
    )


class _Options(NamedTuple):
    timeout: httpx.Timeout | float | None
    verify: ssl.SSLContext | str | os.PathLike[str] | bool
    proxy: Secret | None
    retries: Retries | None
    rate_limit: RateLimit | None
    has_transport: bool


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


def account_of(provider: Provider) -> Account:
    """Return the account that the environment names at a provider. Raises CredentialError."""
    return _read_environment(provider.account)


def _plan(given: str | Account, server: str | None, base_url: str | None, options: _Options, clock: Clock) -> _Plan:
    from issuant.pacing import RateLimit, shared_pace
    from issuant.providers import find_provider
    from issuant.repeating import Retries, check_retries
    from issuant.settings import Settings, check_timeout

    name = given if isinstance(given, str) else getattr(given, "provider", None)
    if not isinstance(name, str):
        raise UsageError(
            f"{type(given).__name__}: this is neither a provider's name nor an account.",
            advice="Give a name such as 'galileo', or an account such as GalileoAccount(api_key=…).",
            field="provider",
        )
    check_timeout(options.timeout)
    check_retries(options.retries)
    found = find_provider(name)
    account = account_of(found) if isinstance(given, str) else given
    address = _address(found, server, base_url)
    try:
        auth = account.auth(address)
    except IssuantError as error:
        error.provider = error.provider or found.name
        raise
    if isinstance(auth, NeedsClock):
        auth.use_clock(clock)
    limit = options.rate_limit
    if limit is not None and not isinstance(limit, RateLimit):
        raise UsageError("the rate limit is no RateLimit.", advice="Give RateLimit(calls=…).", field="rate_limit")
    settings = Settings(
        provider=found.name,
        base_url=address,
        auth=auth,
        credentials=account.credentials,
        timeout=options.timeout,
        verify=_verification(options.verify),
        proxy=_proxy(options, address),
        retries=options.retries or Retries(),
        pace=None if limit is None else shared_pace(limit, (found.name, address, account.credentials)),
        clock=clock,
    )
    return _Plan(found, found.adapter(account, clock), settings)


def _verification(verify: ssl.SSLContext | str | os.PathLike[str] | bool) -> ssl.SSLContext | bool:
    """Return what verifies the provider's certificate. Raises UsageError for a path without certificates."""
    if verify is False:
        raise UsageError(
            "verify is False, and a key would go to whoever answers.",
            advice="Give the path of the certificates to trust, or an SSL context.",
            field="verify",
        )
    import ssl

    if verify is True or isinstance(verify, ssl.SSLContext):
        return verify
    path = os.fspath(verify) if isinstance(verify, str | os.PathLike) else None
    if not path:
        reason = "verify is neither an SSL context nor a path"
    else:
        try:
            return _trusting(path)
        except OSError as error:
            reason = f"{path}: {'it holds no certificate' if isinstance(error, ssl.SSLError) else error.strerror}"
        except ValueError:
            reason = f"{path!r} is no path"
    raise UsageError(f"{reason}.", advice="Give a file or folder of PEM certificates.", field="verify")


def _trusting(path: str) -> ssl.SSLContext:
    """Return the context that trusts the certificates in a file or folder. Raises OSError and ValueError."""
    import re
    import ssl

    if not os.path.isdir(path):
        return ssl.create_default_context(cafile=path)
    if not any(re.fullmatch(r"[0-9a-f]{8}\.[0-9]+", name) for name in os.listdir(path)):
        raise ssl.SSLError  # OpenSSL looks into a folder later, by hash, and would trust nobody
    return ssl.create_default_context(capath=path)


def _proxy(options: _Options, base_url: str) -> Secret | None:
    if options.proxy is None:
        return None
    if options.has_transport:
        raise UsageError(
            "both a proxy and a transport are given.", advice="Give the proxy to the transport.", field="proxy"
        )
    from issuant.addresses import is_loopback, may_leave

    scheme, host = _scheme_and_host(options.proxy)
    if scheme not in ("http", "https", "socks5", "socks5h") or not host:
        raise UsageError("the proxy is no URL of one.", advice="Give one such as http://host:3128.", field="proxy")
    if not may_leave(base_url) and not is_loopback(host):
        raise UsageError(
            "the base URL is plain http, and the proxy is another machine; the key could be read on the way.",
            advice="Use https, or no proxy.",
            field="proxy",
        )
    return options.proxy


def _scheme_and_host(proxy: Secret) -> tuple[str, str | None]:
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(proxy.reveal())
        return parts.scheme, parts.hostname
    except ValueError:
        return "", None


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
