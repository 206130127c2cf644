"""An operation from the state it is in to the next one at which it waits, or to its end.

Recovery is the same: whatever state the journal shows, its handler is entered. Each does what it does there so that
doing it again has the same effect, or finds out first how far it came.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from issuant.errors import IssuantError, JournalError
from issuant.rotation import creating, delivering, retiring, sweeping
from issuant.rotation.records import Operation
from issuant.rotation.states import State
from issuant.rotation.steps import Course, local

if TYPE_CHECKING:
    from issuant.rotation.ground import Ground

_HANDLERS: Mapping[State, Callable[[Ground, Operation], Course[Operation]]] = {
    State.INTENT: creating.begin,
    State.CREATING: creating.settle,
    State.AWAITING_APPROVAL: creating.await_approval,
    State.CREATED: delivering.verify,
    State.VERIFIED: delivering.stage,
    State.STAGED: delivering.promote,
    State.GRACE: retiring.wait_out,
    State.REVOKING: retiring.retire,
    State.AWAITING_HUMAN_REVOKE: retiring.await_removal,
    State.SWEEP: sweeping.sweep,
}


def carry_on(ground: Ground, operation: Operation, *, is_scoped: bool = False) -> Course[Operation]:
    """Take an operation as far as it goes now, and return it as it is then.

    `force` cuts a wait, but none between attempts that has only begun now: that would be a burst of creates.

    Whether the acting credential belongs there is looked at first, unless `is_scoped` says that it has been. A failure
    is written down with the operation, and raised: it goes on from there when it is carried on again.
    """
    begun = operation.attempt
    while not operation.state.is_final:
        has_paused = operation.state is State.INTENT and operation.attempt > begun
        if operation.due_at is not None and ground.now() < operation.due_at and (has_paused or not ground.force):
            return operation
        before, failed = operation, None
        try:
            if not is_scoped and not _acts_as_gone(ground, operation):
                yield from ground.check_scope()
            is_scoped = True
            operation = yield from _HANDLERS[operation.state](ground, operation)
        except IssuantError as error:
            failed = error
        if failed is not None:
            with suppress(JournalError):  # one that cannot be written does not hide what has failed
                words = f"{failed.reason} {failed.advice}".strip()
                yield from local("write failure", ground.journal.failed, before, words)
            raise failed
        if (operation.state, operation.attempt, operation.way) == (before.state, before.attempt, before.way):
            return operation
    return operation


def _acts_as_gone(ground: Ground, operation: Operation) -> bool:
    """Tell whether the acting credential is the old key, which may be gone: it cannot tell where it belongs then."""
    return operation.state.is_promoted and ground.acts_as(operation.old_key_id, operation.old_fingerprint)
