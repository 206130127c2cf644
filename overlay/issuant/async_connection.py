"""The connection for asyncio: one-line twins of the methods of `issuant.connection`, where each is described."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace as changed
from datetime import timedelta
from typing import TYPE_CHECKING, Self

from issuant.adapters import Adapter
from issuant.custody import Outcome
from issuant.diagnosis import Diagnosis
from issuant.facade import Facade, id_of
from issuant.flow import run_async
from issuant.inventory import Approval, Identity, KeyInfo, PairingToken, Removed, UserInfo, WhitelistedIps
from issuant.keys import IssuedKey, KeyRequest, PendingApproval, Sink, StoredSecret
from issuant.listing import AsyncListing
from issuant.providers import Provider
from issuant.secret import Secret
from issuant.transport import AsyncTransport

if TYPE_CHECKING:
    import httpx

    from issuant.repeating import Retries


class AsyncConnection(Facade):
    """A connection to one provider for asyncio; `issuant.connect_async` opens it. The twin of Connection."""

    def __init__(self, provider: Provider, adapter: Adapter, base_url: str, transport: AsyncTransport) -> None:
        super().__init__(provider, adapter, base_url)
        self._transport = transport

    def with_options(
        self, *, timeout: httpx.Timeout | float | None = None, retries: Retries | None = None
    ) -> AsyncConnection:
        """As `Connection.with_options`."""
        transport = self._transport.with_options(timeout=timeout, retries=retries)
        return AsyncConnection(self._provider, self._adapter, self._base_url, transport)

    @property
    def clock_skew(self) -> timedelta | None:
        """How far the provider's clock was ahead of this machine's at the last reply; None where it did not tell."""
        return self._transport.clock_skew

    async def issue(self, request: KeyRequest, *, sink: Sink | None = None) -> Outcome:
        """Issue a key. As `Connection.issue`; making a key pair and storing a value go to a thread.

        A cancellation carries its `outcome`, a private key included, to whoever awaits the task. Under
        `asyncio.wait_for` and `asyncio.timeout` that is the `__cause__` of the TimeoutError. `asyncio.gather` drops
        it: of many tasks that are cancelled it raises one's cancellation, and with `return_exceptions` copies without
        it. Catch the cancellation inside the task, and keep its `outcome`.
        """
        return await run_async(self._adapter.issue(request, sink), self._transport)

    def keys(
        self, *, owner: str | None = None, everyone: bool = False, name: str | None = None
    ) -> AsyncListing[KeyInfo]:
        """As `Connection.keys`."""
        return AsyncListing(self._keys(owner, everyone), self._transport, self._named(name))

    async def key(self, id: str, *, owner: str | None = None) -> KeyInfo:  # noqa: A002 - the field's own name
        """As `Connection.key`."""
        return await run_async(self._key(id, owner), self._transport)

    async def find(self, name: str, *, owner: str | None = None) -> tuple[KeyInfo, ...]:
        """As `Connection.find`."""
        return await run_async(self._find(name, owner), self._transport)

    async def revoke(self, key: str | KeyInfo | IssuedKey, *, owner: str | None = None) -> Removed:
        """As `Connection.revoke`."""
        return await run_async(self._revoke(key, owner), self._transport)

    async def whoami(self) -> Identity:
        """As `Connection.whoami`."""
        return await run_async(self._whoami(), self._transport)

    async def diagnose(self) -> Diagnosis:
        """As `Connection.diagnose`."""
        found = await run_async(self._diagnose(), self._transport)
        return changed(found, clock_skew=self.clock_skew)

    async def put_secret(
        self,
        id: str,  # noqa: A002 - the field's own name
        *,
        key_name: str,
        value: Secret | str,
        account_id: str | None = None,
        replace: bool = True,
    ) -> StoredSecret:
        """As `Connection.put_secret`."""
        value = Secret.wrap(value)
        return await run_async(self._put_secret(id, key_name, value, account_id, replace), self._transport)

    def secrets(self, *, account_id: str | None = None) -> AsyncListing[StoredSecret]:
        """As `Connection.secrets`."""
        return AsyncListing(self._secret_keeper("secrets").secrets(account_id=account_id), self._transport)

    async def secret(self, id: str, *, account_id: str | None = None) -> StoredSecret:  # noqa: A002 - the field's own name
        """As `Connection.secret`."""
        return await run_async(self._secret_keeper("secret").secret(id, account_id=account_id), self._transport)

    async def delete_secret(self, id: str, *, account_id: str | None = None) -> Removed:  # noqa: A002 - the field's own name
        """As `Connection.delete_secret`."""
        return await run_async(
            self._secret_keeper("delete_secret").delete_secret(id, account_id=account_id), self._transport
        )

    def users(self, *, account_id: str | None = None) -> AsyncListing[UserInfo]:
        """As `Connection.users`."""
        return AsyncListing(self._users("users").users(account_id=account_id), self._transport)

    async def user(self, id: str, *, account_id: str | None = None) -> UserInfo:  # noqa: A002 - the field's own name
        """As `Connection.user`."""
        return await run_async(self._users("user").user(id, account_id=account_id), self._transport)

    async def create_user(
        self,
        id: str,  # noqa: A002 - the field's own name
        *,
        role: str,
        service_account: bool = False,
        name: str = "",
        email: str | None = None,
        account_id: str | None = None,
    ) -> UserInfo:
        """As `Connection.create_user`."""
        return await run_async(
            self._users("create_user").create_user(
                id, role=role, service_account=service_account, name=name, email=email, account_id=account_id
            ),
            self._transport,
        )

    async def approval(self, request: PendingApproval | str) -> Approval:
        """As `Connection.approval`."""
        return await run_async(self._follower("approval").approval(request), self._transport)

    def approvals(self) -> AsyncListing[Approval]:
        """As `Connection.approvals`."""
        return AsyncListing(self._follower("approvals").approvals(), self._transport)

    async def pairing_token(self, user: str | KeyInfo, *, idempotency_key: str | None = None) -> PairingToken:
        """As `Connection.pairing_token`."""
        return await run_async(
            self._devices("pairing_token").pairing_token(id_of(user), idempotency_key=idempotency_key), self._transport
        )

    async def whitelisted_ips(self, user: str | KeyInfo) -> WhitelistedIps:
        """As `Connection.whitelisted_ips`."""
        return await run_async(self._devices("whitelisted_ips").whitelisted_ips(id_of(user)), self._transport)

    def __await__(self) -> Generator[None, None, Self]:
        """Return the connection itself: `await connect_async(…)` and `async with connect_async(…)` both work."""
        return self
        yield

    async def close(self) -> None:
        """Close every connection to the provider."""
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *ended_by: object) -> None:
        await self.close()
