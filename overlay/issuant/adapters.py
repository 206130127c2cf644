"""What an account and an adapter are, and what an adapter may be able to do. Owns the Protocols and nothing that runs.

An adapter can do what it has the methods for, and its capabilities say the same. All of it is asked for as flows.
"""

from __future__ import annotations

from typing import ClassVar, Protocol, runtime_checkable

import httpx

from issuant.custody import Outcome
from issuant.flow import Flow, Stream
from issuant.inventory import Approval, Identity, KeyInfo, PairingToken, Removed, UserInfo, WhitelistedIps
from issuant.keys import KeyRequest, PendingApproval, Sink, StoredSecret
from issuant.secret import Secret


class Account(Protocol):
    """The credentials of one account at a provider, typed by its adapter.

    Attributes:
        provider: the provider's name.
    """

    provider: ClassVar[str]

    @property
    def credentials(self) -> tuple[Secret, ...]:
        """The secrets in it, so that a reply that repeats one can be recognised."""

    def auth(self, base_url: str) -> httpx.Auth:
        """Return what authenticates a request to `base_url`."""


class Adapter(Protocol):
    """What a provider can be asked to do, as flows."""

    def issue(self, request: KeyRequest, sink: Sink | None) -> Flow[Outcome]:
        """Issue a key."""


@runtime_checkable
class ListsKeys(Protocol):
    """The adapter of a provider whose keys can be listed."""

    def keys(self, *, owner: str | None, everyone: bool) -> Stream[KeyInfo]:
        """List the keys of `owner` (None: the connection's own), or with `everyone` those of all there are."""


@runtime_checkable
class SpellsIds(Protocol):
    """The adapter of a provider where an id can be written in more than one way."""

    def canonical_id(self, id: str) -> str:  # noqa: A002 - the field's own name
        """Return the one way to write it; what is no id stays as it is."""


@runtime_checkable
class RevokesKeys(Protocol):
    """The adapter of a provider where keys can be revoked by the API."""

    def revoke(self, id: str, *, owner: str | None) -> Flow[Removed]:  # noqa: A002 - the field's own name
        """Revoke a key. A 404 is never success; after an attempt that had no reply its effect is unknown."""


@runtime_checkable
class ActsInAccount(Protocol):
    """The adapter of a provider where a key can be issued in another account than that of the connection."""

    @property
    def account(self) -> str | None:
        """The account that keys are listed and revoked in; None where none is set up."""


@runtime_checkable
class TellsCaller(Protocol):
    """The adapter of a provider that tells whom a credential speaks for."""

    def whoami(self) -> Flow[Identity]:
        """Tell whom the credential speaks for."""


@runtime_checkable
class KeepsSecrets(Protocol):
    """The adapter of a provider that stores secrets."""

    def put_secret(
        self,
        *,
        id: str,  # noqa: A002 - the field's own name
        key_name: str,
        value: Secret,
        account_id: str | None,
        replace: bool,
    ) -> Flow[StoredSecret]:
        """Store a secret; with `replace`, in the place of one that is there."""

    def secrets(self, *, account_id: str | None) -> Stream[StoredSecret]:
        """List the secrets, without their values."""

    def secret(self, id: str, *, account_id: str | None) -> Flow[StoredSecret]:  # noqa: A002 - the field's own name
        """Return one, without its value."""

    def delete_secret(self, id: str, *, account_id: str | None) -> Flow[Removed]:  # noqa: A002 - the field's own name
        """Delete one."""


@runtime_checkable
class ManagesUsers(Protocol):
    """The adapter of a provider where users and service accounts can be listed and created."""

    def users(self, *, account_id: str | None) -> Stream[UserInfo]:
        """List the users."""

    def user(self, id: str, *, account_id: str | None) -> Flow[UserInfo]:  # noqa: A002 - the field's own name
        """Return one."""

    def create_user(
        self,
        id: str,  # noqa: A002 - the field's own name
        *,
        role: str,
        service_account: bool,
        name: str,
        email: str | None,
        account_id: str | None,
    ) -> Flow[UserInfo]:
        """Create one."""


@runtime_checkable
class FollowsApprovals(Protocol):
    """The adapter of a provider where people approve keys, and what they decide can be followed."""

    def approval(self, request: PendingApproval | str) -> Flow[Approval]:
        """Tell what became of a request."""

    def approvals(self) -> Stream[Approval]:
        """List the requests that wait."""


@runtime_checkable
class SetsUpDevices(Protocol):
    """The adapter of a provider whose keys live on devices and behind addresses."""

    def pairing_token(self, user: str, *, idempotency_key: str | None) -> Flow[PairingToken]:
        """Issue the token by which a co-signer is paired with a user."""

    def whitelisted_ips(self, user: str) -> Flow[WhitelistedIps]:
        """Tell the addresses that a user may send from."""
