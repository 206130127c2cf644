"""The states of an operation, and which may follow which. The journal refuses any other move."""

from __future__ import annotations

import enum
from collections.abc import Mapping


class State(enum.Enum):
    """How far the issue or the rotation of a credential has come.

    Attributes:
        INTENT: it is written down; nothing has been sent.
        CREATING: a create may have been sent; whether a key came of it is not known yet.
        AWAITING_APPROVAL: people have to approve or set up the new key.
        CREATED: the new key exists, and its value is sealed in the journal.
        VERIFIED: the provider has accepted the new key.
        STAGED: every sink that has a pending slot holds the new value in it, and some may hold it in their place.
        GRACE: every sink holds the new value, and it is the credential's; the old key lives on for a while.
        REVOKING: the old key is about to be revoked, or may have been.
        AWAITING_HUMAN_REVOKE: only a person can remove the old key there.
        SWEEP: keys that attempts of this operation may have left are looked for.
        DONE: it is finished.
        ENDED: it has come to nothing: no key was made, or what was made has been removed.
    """

    INTENT = "intent"
    CREATING = "creating"
    AWAITING_APPROVAL = "awaiting approval"
    CREATED = "created"
    VERIFIED = "verified"
    STAGED = "staged"
    GRACE = "grace"
    REVOKING = "revoking"
    AWAITING_HUMAN_REVOKE = "awaiting human revoke"
    SWEEP = "sweep"
    DONE = "done"
    ENDED = "ended"

    @property
    def is_final(self) -> bool:
        """Whether nothing is left to do."""
        return self in (State.DONE, State.ENDED)

    @property
    def is_promoted(self) -> bool:
        """Whether the new key is the credential's by now."""
        return self in _PROMOTED


_PROMOTED = frozenset({State.GRACE, State.REVOKING, State.AWAITING_HUMAN_REVOKE, State.SWEEP, State.DONE})

FOLLOWS: Mapping[State, frozenset[State]] = {
    State.INTENT: frozenset({State.CREATING, State.ENDED}),
    State.CREATING: frozenset({State.INTENT, State.AWAITING_APPROVAL, State.CREATED, State.ENDED}),
    State.AWAITING_APPROVAL: frozenset({State.CREATED, State.ENDED}),
    State.CREATED: frozenset({State.VERIFIED, State.ENDED}),
    State.VERIFIED: frozenset({State.STAGED, State.ENDED}),
    State.STAGED: frozenset({State.GRACE, State.ENDED}),
    State.GRACE: frozenset({State.REVOKING, State.SWEEP}),
    State.REVOKING: frozenset({State.AWAITING_HUMAN_REVOKE, State.SWEEP}),
    State.AWAITING_HUMAN_REVOKE: frozenset({State.SWEEP}),
    State.SWEEP: frozenset({State.DONE}),
    State.DONE: frozenset(),
    State.ENDED: frozenset(),
}
"""What may follow a state; staying in one is always allowed.

A sink that is named only at STAGED is staged there: back at VERIFIED nobody would know any more that another sink may
hold the value, and the key that it uses could be given up.
"""
