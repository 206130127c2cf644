"""A connection to one provider, and what each of its methods means. Its twin for asyncio is `async_connection`."""

from __future__ import annotations

from dataclasses import replace as changed
from datetime import timedelta
from typing import TYPE_CHECKING, Self

from issuant.adapters import Adapter
from issuant.custody import Outcome
from issuant.diagnosis import Diagnosis
from issuant.facade import Facade, id_of
from issuant.flow import run
from issuant.inventory import Approval, Identity, KeyInfo, PairingToken, Removed, UserInfo, WhitelistedIps
from issuant.keys import IssuedKey, KeyRequest, PendingApproval, Sink, StoredSecret
from issuant.listing import Listing
from issuant.providers import Provider
from issuant.secret import Secret
from issuant.transport import Transport

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

    def keys(self, *, owner: str | None = None, everyone: bool = False, name: str | None = None) -> Listing[KeyInfo]:
        """List keys, over all pages; the next page is fetched when it is wanted.

        Where keys can be issued in several accounts, these are the keys of the connection's own.

        Args:
            owner: the id of the user whose keys are listed, where the provider has owners; None: the connection's own.
            everyone: list the keys of every user there is, where `capabilities.lists_everyones_keys`.
            name: list only the keys of exactly this name; an item that may have it stands in `problems`.

        Returns:
            An iterator. An item that cannot be used is left out and stands in its `problems`.

        Raises:
            UnsupportedError: the provider lists no keys.
            InvalidRequestError: an owner and everyone are both given, or the name is empty.
            RefusedError, NotSentError, UnansweredError, UnusableReplyError: while it is gone through.
        """
        return Listing(self._keys(owner, everyone), self._transport, self._named(name))

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
        it cannot be read, it raises rather than leave that out. It looks in the connection's account alone, and
        not among requests that wait for approval: approvals() has those.

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
            key: its id, or what `issue`, `keys` or `find` returned; that of another account is refused.
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

    def __exit__(self, *ended_by: object) -> None:
        self.close()
