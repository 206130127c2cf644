"""The facade: a connection to one provider, sync and async. The two are twins of one-line methods."""

from __future__ import annotations

from collections.abc import Generator
from types import TracebackType
from typing import Self

from issuant.custody import Outcome
from issuant.errors import UnsupportedError
from issuant.flow import Flow, run, run_async
from issuant.keys import Capabilities, KeyRequest, Sink, StoredSecret
from issuant.providers import Adapter, KeepsSecrets, Provider
from issuant.secret import Secret
from issuant.transport import AsyncTransport, Transport


class _Facade:
    """What both kinds of connection share: which provider it is, and the flows it can be asked for."""

    def __init__(self, provider: Provider, adapter: Adapter, base_url: str) -> None:
        self._provider = provider
        self._adapter = adapter
        self._base_url = base_url

    @property
    def provider(self) -> str:
        """The provider's name."""
        return self._provider.name

    @property
    def base_url(self) -> str:
        """Where requests go."""
        return self._base_url

    @property
    def capabilities(self) -> Capabilities:
        """What this provider can do."""
        return self._provider.capabilities

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.provider!r}, base_url={self.base_url!r})"

    def _put_secret(self, id: str, key_name: str, value: Secret, account_id: str | None) -> Flow[StoredSecret]:  # noqa: A002
        adapter = self._adapter
        if not isinstance(adapter, KeepsSecrets):
            raise UnsupportedError(
                f"{self._provider.title} stores no secrets.",
                advice="`issuant providers` and issuant.capabilities() tell who does.",
                provider=self.provider,
                operation="put_secret",
            )
        return adapter.put_secret(id=id, key_name=key_name, value=value, account_id=account_id)


class Connection(_Facade):
    """A connection to one provider; `issuant.connect` opens it. Use it as a context manager, or close it.

    It may be shared between threads.
    """

    def __init__(self, provider: Provider, adapter: Adapter, base_url: str, transport: Transport) -> None:
        super().__init__(provider, adapter, base_url)
        self._transport = transport

    def issue(self, request: KeyRequest, *, sink: Sink | None = None) -> Outcome:
        """Issue a key, once; it is never repeated by itself.

        With a `sink`, the value is stored there and durable when this returns; a private key made here is stored
        before anything is sent.

        Raises:
            UsageError: the request or the sink is not fit; nothing was sent.
            RefusedError: the provider refused; nothing was created.
            NotSentError: no connection came about; nothing was created.
            OutcomeUnknownError: the reply was lost; look before you repeat the call.
            UnusableReplyError: something was created, and the reply cannot be used; `id` tells what to revoke.
            StoreFailedError: a key was created, and the sink did not take its value; `secret` carries it.
        """
        return run(self._adapter.issue(request, sink), self._transport)

    def put_secret(
        self,
        id: str,  # noqa: A002 - the field's own name
        *,
        key_name: str,
        value: Secret | str,
        account_id: str | None = None,
    ) -> StoredSecret:
        """Store a secret at the provider, once. Raises what `issue` raises, and UnsupportedError."""
        value = Secret.wrap(value)
        return run(self._put_secret(id, key_name, value, account_id), self._transport)

    def close(self) -> None:
        """Close every connection to the provider."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class AsyncConnection(_Facade):
    """A connection to one provider for asyncio; `issuant.connect_async` opens it. The twin of Connection."""

    def __init__(self, provider: Provider, adapter: Adapter, base_url: str, transport: AsyncTransport) -> None:
        super().__init__(provider, adapter, base_url)
        self._transport = transport

    async def issue(self, request: KeyRequest, *, sink: Sink | None = None) -> Outcome:
        """Issue a key, once. As `Connection.issue`; making a key pair and storing a value go to a thread."""
        return await run_async(self._adapter.issue(request, sink), self._transport)

    async def put_secret(
        self,
        id: str,  # noqa: A002 - the field's own name
        *,
        key_name: str,
        value: Secret | str,
        account_id: str | None = None,
    ) -> StoredSecret:
        """Store a secret at the provider, once. As `Connection.put_secret`."""
        value = Secret.wrap(value)
        return await run_async(self._put_secret(id, key_name, value, account_id), self._transport)

    def __await__(self) -> Generator[None, None, Self]:
        """Return the connection itself: `await connect_async(…)` and `async with connect_async(…)` both work."""
        return self
        yield

    async def close(self) -> None:
        """Close every connection to the provider."""
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
