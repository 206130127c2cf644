"""All that the facade can be asked for at a provider, each with what has to be there first; for every provider, listed
or not. An act is there where the adapter has the methods for it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from issuant import KeyRequest
from issuant.adapters import (
    Account,
    FollowsApprovals,
    KeepsSecrets,
    ListsKeys,
    ManagesUsers,
    RevokesKeys,
    SetsUpDevices,
    TellsCaller,
)
from issuant.inventory import Approval, Identity, ItemProblem, KeyInfo, PairingToken, Removed, UserInfo, WhitelistedIps
from issuant.keys import IssuedKey, KeyStatus, PendingApproval, StoredSecret
from issuant.listing import AsyncListing, Listing
from issuant.providers import find_provider

from tests.contract.unlisted import BASE_URL, PUT_VALUE, account, least_request, now
from tests.contract.unlisted import SECRET_ID as SECRET_ID
from tests.contract.unlisted import SECRET_KEY_NAME as SECRET_KEY_NAME
from tests.mocks.signing import csr_of, rsa_key

Ask = Callable[[Any, Any], Any]
Kind = Literal["make", "list", "read", "remove"]

USER_ID = "nightly-ci"


@dataclass(frozen=True, kw_only=True)
class Listed:
    """All of a list: what could be read, and what could not."""

    items: tuple[Any, ...]
    problems: tuple[ItemProblem, ...]


def gone_through(listing: Listing[Any] | AsyncListing[Any]) -> Any:
    """Return all of a list; of an asynchronous one, what can be awaited for it."""
    if isinstance(listing, AsyncListing):
        return _gone_through(listing)
    return Listed(items=tuple(listing), problems=listing.problems)


async def _gone_through(listing: AsyncListing[Any]) -> Listed:
    items = tuple([item async for item in listing])
    return Listed(items=items, problems=listing.problems)


@dataclass(frozen=True, kw_only=True)
class Act:
    """One thing that the facade can be asked for.

    Attributes:
        kind: whether it makes something, lists, reads one thing or removes one.
        outcome: what comes of it; what a list is of.
        ask: takes a connection of either flavour and what `arrange` returned, and asks; a list is gone through.
        arrange: takes a connection and sees to what has to be there; returns what `ask` needs to know of it.
        needs: the shape of an adapter that can be asked.
    """

    kind: Kind
    outcome: type[Any]
    ask: Ask
    arrange: Callable[[Any], Any] = lambda _: None
    needs: type[Any] = object


@cache
def acts(name: str) -> dict[str, Act]:
    """Return the acts of a provider by the name of the method; what replaces a secret is called `replace_secret`."""
    provider, asked = find_provider(name), quick_request(name)
    approves = provider.capabilities.needs_approval

    def issued(connection: Any) -> Any:
        return connection.issue(asked)

    every = {
        "issue": Act(
            kind="make",
            outcome=PendingApproval if approves else IssuedKey,
            ask=lambda connection, _: connection.issue(asked),
        ),
        "keys": Act(
            kind="list",
            outcome=KeyInfo,
            ask=lambda connection, _: gone_through(connection.keys()),
            arrange=issued,
            needs=ListsKeys,
        ),
        "revoke": Act(
            kind="remove",
            outcome=Removed,
            ask=lambda connection, key: connection.revoke(key),
            arrange=issued,
            needs=RevokesKeys,
        ),
        **_of_secrets(),
        **_of_users(),
        **_of_approvals(issued),
        "whoami": Act(kind="read", outcome=Identity, ask=lambda connection, _: connection.whoami(), needs=TellsCaller),
    }
    adapter = provider.adapter(quick_account(name), now)
    return {method: act for method, act in every.items() if isinstance(adapter, act.needs)}


def quick_request(name: str) -> KeyRequest:
    """Return the least request that takes no long work: where a key pair would be made, that stands in it."""
    asked = least_request(name)
    if "csr_pem" not in {field.name for field in dataclasses.fields(asked)}:
        return asked
    changes: dict[str, Any] = {"csr_pem": csr_of(rsa_key(2048, 1))}
    return dataclasses.replace(asked, **changes)


@cache
def quick_account(name: str) -> Account:
    """Return an account that the provider's simulators accept; its key is parsed once, not at each connection."""
    found = account(name)
    auth = found.auth(BASE_URL)
    object.__setattr__(found, "auth", lambda base_url: auth)
    return found


def _put(connection: Any, *, replace: bool = False) -> Any:
    return connection.put_secret(SECRET_ID, key_name=SECRET_KEY_NAME, value=PUT_VALUE, replace=replace)


def _of_secrets() -> dict[str, Act]:
    return {
        "put_secret": Act(
            kind="make", outcome=StoredSecret, ask=lambda connection, _: _put(connection), needs=KeepsSecrets
        ),
        "replace_secret": Act(
            kind="make",
            outcome=StoredSecret,
            ask=lambda connection, _: _put(connection, replace=True),
            arrange=_put,
            needs=KeepsSecrets,
        ),
        "secrets": Act(
            kind="list",
            outcome=StoredSecret,
            ask=lambda connection, _: gone_through(connection.secrets()),
            arrange=_put,
            needs=KeepsSecrets,
        ),
        "secret": Act(
            kind="read",
            outcome=StoredSecret,
            ask=lambda connection, _: connection.secret(SECRET_ID),
            arrange=_put,
            needs=KeepsSecrets,
        ),
        "delete_secret": Act(
            kind="remove",
            outcome=Removed,
            ask=lambda connection, _: connection.delete_secret(SECRET_ID),
            arrange=_put,
            needs=KeepsSecrets,
        ),
    }


def _of_users() -> dict[str, Act]:
    return {
        "users": Act(
            kind="list",
            outcome=UserInfo,
            ask=lambda connection, _: gone_through(connection.users()),
            needs=ManagesUsers,
        ),
        "user": Act(
            kind="read",
            outcome=UserInfo,
            ask=lambda connection, user: connection.user(user.id),
            arrange=lambda connection: next(connection.users()),
            needs=ManagesUsers,
        ),
        "create_user": Act(
            kind="make",
            outcome=UserInfo,
            ask=lambda connection, user: connection.create_user(USER_ID, role=user.role, service_account=True),
            arrange=lambda connection: next(connection.users()),
            needs=ManagesUsers,
        ),
    }


def _of_approvals(issued: Callable[[Any], Any]) -> dict[str, Act]:
    return {
        "approval": Act(
            kind="read",
            outcome=Approval,
            ask=lambda connection, pending: connection.approval(pending),
            arrange=issued,
            needs=FollowsApprovals,
        ),
        "approvals": Act(
            kind="list",
            outcome=Approval,
            ask=lambda connection, _: gone_through(connection.approvals()),
            arrange=issued,
            needs=FollowsApprovals,
        ),
        "pairing_token": Act(
            kind="make",
            outcome=PairingToken,
            ask=lambda connection, user: connection.pairing_token(user),
            arrange=_to_be_paired,
            needs=SetsUpDevices,
        ),
        "whitelisted_ips": Act(
            kind="read",
            outcome=WhitelistedIps,
            ask=lambda connection, user: connection.whitelisted_ips(user),
            arrange=lambda connection: next(connection.keys()),
            needs=SetsUpDevices,
        ),
    }


def _to_be_paired(connection: Any) -> KeyInfo:
    listed = connection.keys()
    found: KeyInfo = next(key for key in listed if key.status is KeyStatus.PENDING_ACTIVATION)
    return found
