"""What is asked for and what comes back: requests, outcomes, capabilities, and the sink a value goes to.

All of it is frozen and keyword-only, and none of it is a generated type.
A request checks its own fields when it is made and refuses bad ones by name.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, KeysView, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Never, Protocol

from issuant.errors import InvalidRequestError
from issuant.secret import Secret


class Sink(Protocol):
    """A place that keeps a value. Implementations stand in `issuant.sinks`; any object of this shape will do."""

    @property
    def description(self) -> str:
        """The sink in a few words without a secret, such as `env:.env#GALILEO_API_KEY`."""

    def check(self, *, vacant: bool, value: Secret | None = None) -> object:
        """Return what tells the present content from any other, such as its digest; never the content itself.

        Raise SinkNotReadyError unless a value could be stored now; with `vacant`, also where one is kept already;
        with `value`, also where that one could not be held.
        """

    def store(self, value: Secret, found: object) -> None:
        """Keep `value`; when this returns it is on disk.

        `found` is what `check` returned: where the content is another by now, somebody else has stored there, and
        nothing is written over. Raises SinkNotReadyError then, OSError or ValueError where it fails otherwise; nothing
        has changed.
        """


class VendorFields(Mapping[str, object]):
    """The `fields` of a reply in the vendor's words, the secret ones left out.

    It prints how many there are: one that nobody knows yet may hold anything. For the same reason it is not pickled.
    """

    __slots__ = ("_fields",)

    def __init__(self, fields: Mapping[str, object]) -> None:
        self._fields = dict(fields)

    def __getitem__(self, name: str) -> object:
        return self._fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    # Those of Mapping go through __iter__ and __getitem__, which a list of thousands feels.
    def keys(self) -> KeysView[str]:
        """Return the names."""
        return self._fields.keys()

    def without(self, name: str, *deeper: str) -> VendorFields:
        """Return the same fields but `name`; with `deeper` names, but the one that they lead to, from object to object.

        A list on the way stands for each of its items.
        """
        if name not in self._fields:
            return self
        return VendorFields(_without(self._fields, name, deeper))

    def __repr__(self) -> str:
        return "<1 field>" if len(self) == 1 else f"<{len(self)} fields>"

    def __copy__(self) -> VendorFields:
        return self

    def __deepcopy__(self, memo: object) -> VendorFields:
        return self

    def __reduce_ex__(self, protocol: object) -> Never:
        raise TypeError("the fields of a reply are not pickled; take out the ones that are needed")


def _without(fields: Mapping[str, object], name: str, deeper: Sequence[str]) -> dict[str, object]:
    rest = {key: value for key, value in fields.items() if key != name or deeper}
    if name in rest:
        rest[name] = _thinned(rest[name], deeper)
    return rest


def _thinned(value: object, names: Sequence[str]) -> object:
    if isinstance(value, list):
        return [_thinned(item, names) for item in value]
    return _without(value, names[0], names[1:]) if isinstance(value, dict) else value


@dataclass(frozen=True, kw_only=True)
class KeyRequest:
    """A key to be issued.

    Attributes:
        name: what the key is called at the provider (its display name, name or description).
        expires_in: how long it shall live from now on; exclusive with `expires_at`.
        expires_at: when it shall expire, with a timezone. Neither of the two: it never expires.

    Each provider has a subclass with the fields that it alone knows, such as `FireblocksKeyRequest`.
    Raises InvalidRequestError, which names the field, when it is made.
    """

    name: str
    expires_in: timedelta | None = None
    expires_at: datetime | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name.strip():
            raise invalid("name", "the name is empty", "Give the key a name that says what it is for.")
        if not self.name.isprintable():
            raise invalid("name", "the name has a line break or a control character", "Use printable characters.")
        if self.expires_in is not None and self.expires_at is not None:
            raise invalid("expires_at", "both expires_in and expires_at are given", "Give one of them.")
        if self.expires_in is not None and (
            not isinstance(self.expires_in, timedelta) or self.expires_in <= timedelta()
        ):
            raise invalid("expires_in", "the lifetime is not a positive timedelta", "Give one, such as 30 days.")
        if self.expires_at is not None and not isinstance(self.expires_at, datetime):
            raise invalid("expires_at", "the expiry is not a datetime", "Give a datetime with a timezone.")
        if self.expires_at is not None and self.expires_at.utcoffset() is None:
            raise invalid(
                "expires_at", "the expiry has no timezone", "Give one, such as datetime(…, tzinfo=timezone.utc)."
            )

    def expiry(self, now: datetime) -> datetime | None:
        """Return when the key shall expire, counted from `now`; None for never.

        Raises InvalidRequestError for a time that is past.
        """
        if self.expires_in is not None:
            try:
                return now + self.expires_in
            except OverflowError:
                error = invalid("expires_in", "the lifetime is too long", "Give a shorter one, or none for never.")
            raise error
        if self.expires_at is not None and self.expires_at <= now:
            raise invalid("expires_at", "the expiry is past", "Give a time that is still to come.")
        return self.expires_at


def invalid(name: str, reason: str, advice: str) -> InvalidRequestError:
    """Return the error for a field `name` of a request."""
    return InvalidRequestError(f"{name}: {reason}.", advice=advice, field=name)


class KeyStatus(enum.Enum):
    """What a key is good for.

    Attributes:
        ACTIVE: it is accepted.
        PENDING_APPROVAL: people have yet to approve it.
        PENDING_ACTIVATION: it is approved, and its device or co-signer has yet to be set up.
        EXPIRED: its time is over.
        DISABLED: it has been switched off.
        UNKNOWN: the provider says something that is not known here; `fields` has it in its own words.
    """

    ACTIVE = "active"
    PENDING_APPROVAL = "pending approval"
    PENDING_ACTIVATION = "pending activation"
    EXPIRED = "expired"
    DISABLED = "disabled"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class IssuedKey:
    """A key that exists now. Its value is shown once, here.

    Attributes:
        provider: the provider's name.
        id: the vendor's id of the key, by which it is revoked.
        name: what it is called there.
        secret: its value.
        expires_at: when it expires; None: never.
        created_at: when it was made, where the vendor says so.
        last_used: when it was last used; None: never, or the vendor does not say.
        owner: the id of the user it belongs to, where the provider has owners.
        account: the account that it stands in, where a connection may act in several.
        hint: the part of the value that the vendor goes on showing, to recognise the key by.
        annotations: key-value pairs kept with the key.
        request_id: the vendor's id of the request, where it gave one.
        idempotency_key: the key that the create carried, where it carried one.
        stored_in: the sink that holds the value, where one was given.
        fields: every field of the reply in the vendor's words, but the value.
    """

    provider: str
    id: str
    name: str
    secret: Secret
    expires_at: datetime | None = None
    created_at: datetime | None = None
    last_used: datetime | None = None
    owner: str | None = None
    account: str | None = None
    hint: str | None = None
    annotations: Mapping[str, str] = field(default_factory=dict, hash=False)
    request_id: str | None = None
    idempotency_key: str | None = None
    stored_in: str | None = None
    fields: VendorFields = field(default_factory=lambda: VendorFields({}), hash=False)

    @property
    def status(self) -> KeyStatus:
        """What the key is good for: it was accepted when it was issued."""
        return KeyStatus.ACTIVE


@dataclass(frozen=True, kw_only=True)
class PendingApproval:
    """A request for a key that people have to approve before the key exists.

    Attributes:
        provider: the provider's name.
        name: what the key will be called there.
        request_id: the vendor's id of the request, where it gave one.
        idempotency_key: the key that the create carried; repeating it within the vendor's window changes nothing.
        private_key: the private key in PEM that was made for it; None where a sink holds it or the caller made it.
        csr_pem: the certificate signing request that was sent.
        role: the role that was asked for.
        stored_in: the sink that holds the private key, where one was given.
    """

    provider: str
    name: str
    request_id: str | None
    idempotency_key: str
    private_key: Secret | None
    csr_pem: str = field(repr=False)
    role: str | None = None
    stored_in: str | None = None

    @property
    def status(self) -> KeyStatus:
        """What the key is good for: people have yet to approve it."""
        return KeyStatus.PENDING_APPROVAL


@dataclass(frozen=True, kw_only=True)
class StoredSecret:
    """A secret that the provider keeps. Its value is never read back.

    Attributes:
        provider: the provider's name.
        id: the id it is known by.
        name: its full resource name there.
        key_name: the variable name that the vendor gives it.
        replaced: whether storing it took the place of one that was there.
        request_id: the vendor's id of the request, where it gave one.
        fields: every field of the reply in the vendor's words.
    """

    provider: str
    id: str
    name: str
    key_name: str
    replaced: bool = False
    request_id: str | None = None
    fields: VendorFields = field(default_factory=lambda: VendorFields({}), hash=False)


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """What a provider can do, to be asked beforehand.

    Attributes:
        issues_keys: `issue` works.
        lists_keys: `keys`, `key` and `find` work.
        lists_everyones_keys: `keys(everyone=True)` works.
        revokes_keys: `revoke` works; where it does not, its error says who must do what.
        tells_caller: `whoami` works.
        stores_secrets: `put_secret`, `secrets`, `secret` and `delete_secret` work.
        manages_users: `users`, `user` and `create_user` work.
        follows_approvals: `approval` and `approvals` work.
        sets_up_devices: `pairing_token` and `whitelisted_ips` work.
        sets_expiry: a key can be given an expiry.
        needs_approval: `issue` ends in a PendingApproval.
        caller_makes: what the caller brings: nothing, the value if it likes, or a key pair.
        idempotent_create: a create carries an idempotency key, so that repeating it is safe.
        note: what a person has to know, in a sentence.
    """

    issues_keys: bool
    stores_secrets: bool
    sets_expiry: bool
    needs_approval: bool
    caller_makes: str
    idempotent_create: bool
    note: str
    lists_keys: bool = False
    lists_everyones_keys: bool = False
    revokes_keys: bool = False
    tells_caller: bool = False
    manages_users: bool = False
    follows_approvals: bool = False
    sets_up_devices: bool = False
