"""What a provider already has: keys, secrets, users, approvals, and who is asking. Owns these values and their states.

All of them are frozen and keyword-only, none is a generated type, and none holds the value of a key.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from issuant.keys import KeyStatus, VendorFields
from issuant.secret import Secret

T = TypeVar("T")


def _no_fields() -> VendorFields:
    return VendorFields({})


@dataclass(frozen=True, kw_only=True)
class KeyInfo:
    """A key as the provider lists it.

    Attributes:
        provider: the provider's name.
        id: the id by which it is revoked.
        name: what it is called there: display name, name or description.
        status: what it is good for; whether it has expired is judged by the provider's clock, where that is told.
        owner: the id of the user it belongs to, where the provider has owners.
        account: the account that it stands in, where a connection may act in several.
        role: what it may do, in the vendor's word, where the vendor says so.
        created_at: when it was made, aware; None where the vendor does not tell.
        expires_at: when it expires, aware; None for never.
        last_used: when it was last used, aware; None for never, or where the vendor does not tell.
        hint: the beginning or a shortened form of its value, as the vendor shows it.
        annotations: the texts kept with it.
        request_id: the vendor's id of the request that listed it, where it gave one.
        fields: every field of the reply in the vendor's words.
    """

    provider: str
    id: str
    name: str
    status: KeyStatus
    owner: str | None = None
    account: str | None = None
    role: str | None = None
    created_at: datetime | None = None
    expires_at: datetime | None = None
    last_used: datetime | None = None
    hint: str | None = None
    annotations: Mapping[str, str] = field(default_factory=dict, hash=False)
    request_id: str | None = None
    fields: VendorFields = field(default_factory=_no_fields, hash=False)


def status_by_time(expires_at: datetime | None, now: datetime) -> KeyStatus:
    """Return the status of a key that ends by its expiry alone."""
    return KeyStatus.EXPIRED if expires_at is not None and expires_at <= now else KeyStatus.ACTIVE


@dataclass(frozen=True, kw_only=True)
class ItemProblem:
    """An item of a list that cannot be used; the others are returned all the same.

    Attributes:
        position: which item of the list it is, from 0 on, counted over all pages.
        id: its id, where that can be read.
        name: its name, where that can be read.
        faults: what is wrong with it.
        request_id: the vendor's id of the request that listed it.
    """

    position: int
    id: str | None = None
    name: str | None = None
    faults: tuple[str, ...] = ()
    request_id: str | None = None

    def __str__(self) -> str:
        known = f" ({self.id})" if self.id else ""
        return f"item {self.position}{known}: {'; '.join(self.faults) or 'it is not as documented'}"


@dataclass(frozen=True, kw_only=True)
class Page(Generic[T]):
    """A page of a list.

    Attributes:
        items: what could be read.
        problems: what could not.
        request_id: the vendor's id of the request, where it gave one.
    """

    items: tuple[T, ...]
    problems: tuple[ItemProblem, ...] = ()
    request_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Removed:
    """A key that is revoked, or a secret that is deleted: it is gone.

    Attributes:
        provider: the provider's name.
        id: the id that it had.
        request_id: the vendor's id of the request, where it gave one.
    """

    provider: str
    id: str
    request_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Who a credential speaks for.

    Attributes:
        provider: the provider's name.
        id: the id of the user.
        name: what the user is called.
        email: the user's address, where there is one.
        role: what the user may do, in the vendor's word.
        account: the account, organization or workspace, where the vendor names one.
        is_certain: whether the provider itself says that the credential is this user's; otherwise it is the user that
            the connection is set up for, and the provider has shown that the credential may look at it.
        request_id: the vendor's id of the request, where it gave one.
        fields: every field of the reply in the vendor's words.
    """

    provider: str
    id: str
    name: str = ""
    email: str | None = None
    role: str | None = None
    account: str | None = None
    is_certain: bool = True
    request_id: str | None = None
    fields: VendorFields = field(default_factory=_no_fields, hash=False)


@dataclass(frozen=True, kw_only=True)
class UserInfo:
    """A user or service account that keys can be issued for.

    Attributes:
        provider: the provider's name.
        id: the id by which keys are issued for it.
        name: its display name.
        email: its address, where it has one.
        role: what it may do, in the vendor's word.
        is_service_account: whether it is a program.
        state: the vendor's word for its state, where it has one.
        created_at: when it was made, aware.
        request_id: the vendor's id of the request, where it gave one.
        fields: every field of the reply in the vendor's words.
    """

    provider: str
    id: str
    name: str = ""
    email: str | None = None
    role: str | None = None
    is_service_account: bool = False
    state: str | None = None
    created_at: datetime | None = None
    request_id: str | None = None
    fields: VendorFields = field(default_factory=_no_fields, hash=False)


class ApprovalState(enum.Enum):
    """What became of a request for approval.

    Attributes:
        PENDING: people have yet to decide.
        APPROVED: it is granted.
        REJECTED: it is turned down.
        CANCELLED: it was taken back.
        EXPIRED: nobody decided in time.
        FAILED: it was granted, and could not be carried out.
        UNKNOWN: it cannot be told.
    """

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Approval:
    """A request that people decide on, as far as it can be followed.

    Attributes:
        provider: the provider's name.
        id: the id of the request for approval.
        state: what became of it.
        name: what was asked for is called, where that is known.
        key: the key that came of it, where exactly one is found.
        candidates: the keys of that name, where nothing tells for certain that one came of the request.
        asked_at: when it was asked for, aware.
        expires_at: until when it can be decided, aware.
        note: how the state was found out, or why it cannot be told, in a sentence.
        fields: every field of the reply in the vendor's words.
    """

    provider: str
    id: str
    state: ApprovalState
    name: str | None = None
    key: KeyInfo | None = None
    candidates: tuple[KeyInfo, ...] = ()
    asked_at: datetime | None = None
    expires_at: datetime | None = None
    note: str = ""
    fields: VendorFields = field(default_factory=_no_fields, hash=False)


@dataclass(frozen=True, kw_only=True)
class PairingToken:
    """The token by which a co-signer or device is paired with a user. It is shown once.

    Attributes:
        provider: the provider's name.
        user_id: the user that it stands for.
        secret: the token.
        expires_at: until when it can be used, aware.
        request_id: the vendor's id of the request, where it gave one.
        idempotency_key: the key that the request carried.
        fields: every other field of the reply in the vendor's words.
    """

    provider: str
    user_id: str
    secret: Secret
    expires_at: datetime
    request_id: str | None = None
    idempotency_key: str | None = None
    fields: VendorFields = field(default_factory=_no_fields, hash=False)


@dataclass(frozen=True, kw_only=True)
class WhitelistedIps:
    """The addresses that a user may send from.

    Attributes:
        provider: the provider's name.
        user_id: the user.
        addresses: the addresses; whether none means that any will do is unverified at Fireblocks.
        request_id: the vendor's id of the request, where it gave one.
    """

    provider: str
    user_id: str
    addresses: tuple[str, ...]
    request_id: str | None = None
