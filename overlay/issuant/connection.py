"""The facade: a connection to one provider, sync and async. The two are twins of one-line methods."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace as changed
from datetime import timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Self

from issuant.custody import Outcome
from issuant.diagnosis import Diagnosis
from issuant.facade import Facade, id_of
from issuant.flow import run, run_async
from issuant.inventory import Approval, Identity, KeyInfo, PairingToken, Removed, UserInfo, WhitelistedIps
from issuant.keys import IssuedKey, KeyRequest, PendingApproval, Sink, StoredSecret
from issuant.listing import AsyncListing, Listing
from issuant.providers import Adapter, Provider
from issuant.secret import Secret
from issuant.transport import AsyncTransport, Transport

if TYPE_CHECKING:
    import httpx

    from issuant.repeating import Retries


class Connection(Facade):
    """A connection to one provider; `issuant.connect` opens it. Use it as a context manager, or close it.

    It may be shared between threads.
    """

    def __init__(self, provider: Provider, adapter: Adapter, base_url: str, transport: Transport) -> None:
        super().__init__(provider, adapter, base_url)
        self._transport = transport

    def with_options(
        self, *, timeout: httpx.Timeout | float | None = None, retries: Retries | None = None
    ) -> Connection:
        """Return the same connection with other options for its calls. Both share what is open, and its closing.

        Args:
            timeout: seconds, or an httpx.Timeout; None leaves it as it is.
            retries: how often a call is sent; None leaves it as it is.

        Raises UsageError for a timeout that is not positive and finite, and for what are no Retries.
        """
        transport = self._transport.with_options(timeout=timeout, retries=retries)
        return Connection(self._provider, self._adapter, self._base_url, transport)

    @property
    def clock_skew(self) -> timedelta | None:
        """How far the provider's clock was ahead of this machine's at the last reply; None where it did not tell."""
        return self._transport.clock_skew

    def issue(self, request: KeyRequest, *, sink: Sink | None = None) -> Outcome:
        """Issue a key. It is sent once, unless an attempt is known to have had no effect (no connection, 429), or
        carried an idempotency key and its reply was lost.

        With a `sink`, the value is stored there and durable when this returns; a private key made here is stored
        before anything is sent.

        Args:
            request: what is asked for; a provider's own class of request holds what it alone knows.
            sink: where the value goes.

        Returns:
            IssuedKey, or PendingApproval where people have to approve it.

        Raises:
            UsageError: the request or the sink is not fit; nothing was sent.
            RefusedError: the provider refused; nothing was created.
            NotSentError: no connection came about; nothing was created.
            OutcomeUnknownError: the reply was lost; look with find() before you repeat the call.
            UnusableReplyError: something was created, and the reply cannot be used; `id` tells what to revoke.
            StoreFailedError: a key was created, and the sink did not take its value; `secret` carries it.
        """
        return run(self._adapter.issue(request, sink), self._transport)

    def keys(self, *, owner: str | None = None, everyone: bool = False) -> Listing[KeyInfo]:
        """List keys, over all pages; the next page is fetched when it is wanted.

        Args:
            owner: the id of the user whose keys are listed, where the provider has owners; None: the connection's own.
            everyone: list the keys of every user there is, where `capabilities.lists_everyones_keys`.

        Returns:
            An iterator. An item that cannot be used is left out and stands in its `problems`.

        Raises:
            UnsupportedError: the provider lists no keys.
            InvalidRequestError: both are given.
            RefusedError, NotSentError, UnansweredError, UnusableReplyError: while it is gone through.
        """
        return Listing(self._keys(owner, everyone), self._transport)

    def key(self, id: str, *, owner: str | None = None) -> KeyInfo:  # noqa: A002 - the field's own name
        """Return the key of an id.

        Args:
            id: the key's id.
            owner: as in `keys`.

        Raises:
            NotFoundError: no key in the list has it.
            UnusableReplyError: the item that may be it cannot be read.
            UsageError, RefusedError, NotSentError, UnansweredError: as in `keys`.
        """
        return run(self._key(id, owner), self._transport)

    def find(self, name: str, *, owner: str | None = None) -> tuple[KeyInfo, ...]:
        """Return all keys of exactly that name: names need not be unique.

        It settles an OutcomeUnknownError of `issue`: what is in the list was created. Where an item that may be
        it cannot be read, it raises rather than leave that out.

        Args:
            name: the name that was given to `issue`.
            owner: as in `keys`.

        Raises:
            UnusableReplyError: an item that may be it cannot be read.
            UsageError, RefusedError, NotSentError, UnansweredError: as in `keys`.
        """
        return run(self._find(name, owner), self._transport)

    def revoke(self, key: str | KeyInfo | IssuedKey, *, owner: str | None = None) -> Removed:
        """Revoke a key by its id. It is sent again where a reply is lost: twice has the same effect as once.

        Args:
            key: its id, or what `issue`, `keys` or `find` returned.
            owner: the id of the user it belongs to, where the provider has owners; None: that of `key`, or the
                connection's own.

        Raises:
            ByHandError: only a person can do it there; `advice` says who must do what.
            NotFoundError: there is no such key.
            OutcomeUnknownError: no attempt had a reply; it is safe to call it again.
            UsageError, RefusedError, NotSentError: nothing was changed.
        """
        return run(self._revoke(key, owner), self._transport)

    def whoami(self) -> Identity:
        """Tell whom the credential speaks for. Raises UnsupportedError, and what reading raises."""
        return run(self._whoami(), self._transport)

    def diagnose(self) -> Diagnosis:
        """Ask every reading question that the provider answers, and tell what the credential may do.

        It changes nothing. What goes wrong is in the diagnosis; no error of a question is raised.
        """
        found = run(self._diagnose(), self._transport)
        return changed(found, clock_skew=self.clock_skew)

    def put_secret(
        self,
        id: str,  # noqa: A002 - the field's own name
        *,
        key_name: str,
        value: Secret | str,
        account_id: str | None = None,
        replace: bool = True,
    ) -> StoredSecret:
        """Store a secret at the provider: create it, or update the one of that id.

        Args:
            id: the id, such as `wolfram`.
            key_name: the variable name that it stands under, such as `WOLFRAM_ALPHA_API_KEY`.
            value: the value.
            account_id: the account, where it is not the connection's.
            replace: False refuses, with a ConflictError, where there is one of that id.

        Raises:
            OutcomeUnknownError: no attempt had a reply; with `replace`, it is safe to call it again.
            UnusableReplyError: it is stored, and the reply cannot be used.
            UnsupportedError, UsageError, RefusedError, NotSentError: nothing was stored.
        """
        value = Secret.wrap(value)
        return run(self._put_secret(id, key_name, value, account_id, replace), self._transport)

    def secrets(self, *, account_id: str | None = None) -> Listing[StoredSecret]:
        """List the secrets that the provider keeps, without their values. Raises what `keys` raises.

        Args:
            account_id: the account, where it is not the connection's.
        """
        return Listing(self._secret_keeper("secrets").secrets(account_id=account_id), self._transport)

    def secret(self, id: str, *, account_id: str | None = None) -> StoredSecret:  # noqa: A002 - the field's own name
        """Return one secret, without its value. Raises NotFoundError, and what reading raises.

        Args:
            id: the id of the secret.
            account_id: the account, where it is not the connection's.
        """
        return run(self._secret_keeper("secret").secret(id, account_id=account_id), self._transport)

    def delete_secret(self, id: str, *, account_id: str | None = None) -> Removed:  # noqa: A002 - the field's own name
        """Delete a secret. Raises what `revoke` raises.

        Args:
            id: the id of the secret.
            account_id: the account, where it is not the connection's.
        """
        return run(self._secret_keeper("delete_secret").delete_secret(id, account_id=account_id), self._transport)

    def users(self, *, account_id: str | None = None) -> Listing[UserInfo]:
        """List the users and service accounts that keys can be issued for. Raises what `keys` raises.

        Args:
            account_id: the account, where it is not the connection's.
        """
        return Listing(self._users("users").users(account_id=account_id), self._transport)

    def user(self, id: str, *, account_id: str | None = None) -> UserInfo:  # noqa: A002 - the field's own name
        """Return one user. Raises NotFoundError, and what reading raises.

        Args:
            id: the id of the user.
            account_id: the account, where it is not the connection's.
        """
        return run(self._users("user").user(id, account_id=account_id), self._transport)

    def create_user(
        self,
        id: str,  # noqa: A002 - the field's own name
        *,
        role: str,
        service_account: bool = False,
        name: str = "",
        email: str | None = None,
        account_id: str | None = None,
    ) -> UserInfo:
        """Create a user or service account, once, so that keys can be issued for it.

        Args:
            id: the id by which keys are issued for it.
            role: what it may do, in the vendor's word.
            service_account: whether it is a program.
            name: its display name.
            email: its address.
            account_id: the account, where it is not the connection's.

        Raises what `issue` raises, but for the sink; after an OutcomeUnknownError, user() tells.
        """
        return run(
            self._users("create_user").create_user(
                id, role=role, service_account=service_account, name=name, email=email, account_id=account_id
            ),
            self._transport,
        )

    def approval(self, request: PendingApproval | str) -> Approval:
        """Tell what became of a request that people decide on, as far as the provider lets it be followed.

        Args:
            request: what `issue` returned, or the id of the request.

        Raises what reading raises; a state that cannot be told is ApprovalState.UNKNOWN, and no error.
        """
        return run(self._follower("approval").approval(request), self._transport)

    def approvals(self) -> Listing[Approval]:
        """List the requests that wait for approval. Raises what `keys` raises."""
        return Listing(self._follower("approvals").approvals(), self._transport)

    def pairing_token(self, user: str | KeyInfo, *, idempotency_key: str | None = None) -> PairingToken:
        """Issue the token by which a co-signer is paired with a user.

        Args:
            user: the id of the user, or what `keys` returned.
            idempotency_key: 1 to 40 characters; made if left out. Repeating it brings the same reply.

        Raises what `issue` raises, but for the sink; ConflictError where the user does not wait for activation.
        """
        return run(
            self._devices("pairing_token").pairing_token(id_of(user), idempotency_key=idempotency_key), self._transport
        )

    def whitelisted_ips(self, user: str | KeyInfo) -> WhitelistedIps:
        """Tell the addresses that a user may send from. Raises NotFoundError, and what reading raises.

        Args:
            user: the id of the user, or what `keys` returned.
        """
        return run(self._devices("whitelisted_ips").whitelisted_ips(id_of(user)), self._transport)

    def close(self) -> None:
        """Close every connection to the provider."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


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

    def keys(self, *, owner: str | None = None, everyone: bool = False) -> AsyncListing[KeyInfo]:
        """As `Connection.keys`."""
        return AsyncListing(self._keys(owner, everyone), self._transport)

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

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
