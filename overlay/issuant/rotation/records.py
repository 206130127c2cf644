"""What the journal holds, as values. All of it is frozen and keyword-only, and none of it is a secret but `sealed`."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from issuant.rotation.states import State

LONGEST = timedelta(days=3652)
"""The longest time that may be given for a grace, a quiet time or a lifetime: ten years."""


class Kind(enum.Enum):
    """What an operation is about.

    Attributes:
        ISSUE: the first key of a credential is made.
        ROTATE: another key takes the place of the one that is current.
    """

    ISSUE = "issue"
    ROTATE = "rotate"


@dataclass(frozen=True, kw_only=True)
class Credential:
    """A key by the name under which it is looked after: where it comes from, and where its value is kept.

    Attributes:
        name: its name here.
        provider: the provider's name.
        base_url: where requests go.
        scope: what the acting credential belongs to: an account's id, or a user's; empty where nothing tells.
        stem: what its keys are called at the provider, before the mark.
        request: how its keys are asked for, as `templates` writes it.
        sinks: where its value is kept, each as one line.
        key_id: the id of the key that is current; None until there is one.
        key_name: what that key is called at the provider.
        owner: the id of the user it belongs to, where the provider has owners.
        expires_at: when it expires; None: never, or there is none.
        fingerprint: tells its value from any other, by the journal's key; None where it is not known.
        entered_at: when it was entered.
        rotated_at: when the current key became current.
    """

    name: str
    provider: str
    base_url: str
    scope: str
    stem: str
    request: str
    sinks: tuple[str, ...]
    key_id: str | None
    key_name: str | None
    owner: str | None
    expires_at: datetime | None
    fingerprint: str | None
    entered_at: datetime
    rotated_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One issue or rotation, as far as it has come.

    Attributes:
        id: its number in the journal.
        credential: the name of the credential.
        kind: what it is about.
        state: how far it has come.
        revision: how often it has been written; who has seen an older one than is there may not move it.
        code: its mark in the names of the keys that it makes.
        attempt: how often a create has been begun.
        way: which of the provider's ways to ask for a key is taken, from 0.
        doubtful: whether an attempt had no clear end, so that a key of it may turn up later; of one that has ended,
            whether anything of it is left to people, as `note` says.
        old_key_id: the key that is to be revoked; None where there is none.
        old_owner: the user it belongs to.
        old_fingerprint: tells its value from any other.
        key_id: the new key, once it exists.
        key_name: what the new key is called, or will be: the name of the present attempt.
        key_expires_at: when it expires.
        idempotency_key: what the create carried.
        is_used_up: whether that key is no good any more, as the vendor's server failed on it.
        request_id: the vendor's id of the request that people decide on.
        sealed: the new value and what else was made here, sealed; None before, and after every sink has it.
        sent_at: when the create was first sent.
        grace: how long the old key lives on once the new one is current.
        quiet: for how long the old key must not have been used before it is revoked; None: that is not asked.
        lifetime: how long the new key shall live; None: as the credential's request says.
        due_at: before when nothing is to be done; None: at once.
        note: what is waited for, or what a person has to do.
        error: the last failure, in words that may be shown.
        failures: how often in a row it has failed.
        began_at: when it was written down.
        changed_at: when its state last changed.
        ended_at: when it came to its end.
    """

    id: int
    credential: str
    kind: Kind
    state: State
    revision: int
    code: str
    attempt: int
    way: int
    doubtful: bool
    old_key_id: str | None
    old_owner: str | None
    old_fingerprint: str | None
    key_id: str | None
    key_name: str | None
    key_expires_at: datetime | None
    idempotency_key: str | None
    is_used_up: bool
    request_id: str | None
    sealed: bytes | None = field(repr=False)
    sent_at: datetime | None
    grace: timedelta
    quiet: timedelta | None
    lifetime: timedelta | None
    due_at: datetime | None
    note: str
    error: str
    failures: int
    began_at: datetime
    changed_at: datetime
    ended_at: datetime | None


class Delivered(enum.Enum):
    """How far a value has come into a sink.

    Attributes:
        WAITING: not at all.
        CHECKED: not at all; the sink has no pending slot, and was found fit to take it.
        STAGED: into its pending slot.
        STORED: into its place.
        DROPPED: it does not go there any more, as others have taken the sink's place before the value was stored there.
        LEFT: into its place, and since then others have taken the sink's place: what stands there stands there.
    """

    WAITING = "waiting"
    CHECKED = "checked"
    STAGED = "staged"
    STORED = "stored"
    DROPPED = "dropped"
    LEFT = "left"

    @property
    def is_kept(self) -> bool:
        """Whether the value goes there still."""
        return self not in (Delivered.DROPPED, Delivered.LEFT)


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """The new value on its way into one place.

    Attributes:
        place: the place, as one line.
        state: how far it has come.
        found: what tells the content that it had before from any other, as its `check` returned it; wiped once the
            value is current, or the operation has ended.
    """

    place: str
    state: Delivered
    found: str | None


class Fate(enum.Enum):
    """What became of the key of an attempt.

    Attributes:
        OPEN: it is not known whether there is one.
        NONE: there is none: it was refused, or nothing was sent.
        MADE: it is the new key of its operation.
        REMOVED: it was made, and has been revoked.
    """

    OPEN = "open"
    NONE = "none"
    MADE = "made"
    REMOVED = "removed"


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One create of an operation.

    Attributes:
        number: which one it is, from 1.
        name: what its key is called at the provider.
        key_id: the id of its key, where that is known.
        fate: what became of that key.
    """

    number: int
    name: str
    key_id: str | None
    fate: Fate


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened to an operation.

    Attributes:
        at: when.
        state: the state that it came to, or stayed in.
        words: what there is to say of it.
    """

    at: datetime
    state: State
    words: str


class Standing(enum.Enum):
    """What a key that a provider lists is to the journal.

    Attributes:
        CURRENT: it is the key of a credential.
        IN_WORK: an operation that is open has made it, or is to revoke it.
        LEFT: an operation has made or replaced it, and has ended; nothing needs it any more.
        UNKNOWN: the journal does not know it. It may be anybody's.
    """

    CURRENT = "current"
    IN_WORK = "in work"
    LEFT = "left"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Holding:
    """What the journal knows of a key.

    Attributes:
        standing: what it is to the journal.
        credential: the name of the credential that it belongs to.
        operation: the number of the operation that it comes of, or was in.
    """

    standing: Standing
    credential: str | None = None
    operation: int | None = None
