"""From the intent to a key that exists, its value sealed. Owns what is done when nobody knows whether one exists.

Facts
- A create is never repeated blindly. Each attempt has a name of its own, by which its key is found in the list.
- A value that the vendor made is lost with its reply: such a key was never served, is removed, and another is made.
- A value that was brought is sealed before it is sent: a key of that attempt is taken as it is found. Where none is
  found the next attempt brings another value, so that no two keys ever have the same: what revoking one of them would
  do to the other is unknown.
- A request for an API user may be sent again for a day with its idempotency key; it then changes nothing.
- A provider that is slow behind a gateway makes a key of every attempt that seemed to fail. So the second attempt in a
  row without a key is followed by a wait, also with `force`, which cuts one that was there before.
- A gateway may send a create twice: the first makes the key, and the second is what is told, as a conflict.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from issuant.clock import minute_in_words
from issuant.errors import ConflictError, Effect, IssuantError, JournalError, OutcomeUnknownError
from issuant.inventory import ApprovalState
from issuant.keys import IssuedKey, KeyRequest, KeyStatus, PendingApproval
from issuant.rotation.attempts import (
    check_list,
    clear_earlier,
    look_for_present,
    look_for_traces,
    may_turn_up,
    remove_lost,
    unclear,
)
from issuant.rotation.markers import marked
from issuant.rotation.records import Fate, Operation
from issuant.rotation.steps import Course, ask, local
from issuant.rotation.templates import loads
from issuant.turning import VALUE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from issuant.custody import Outcome
    from issuant.inventory import Approval, KeyInfo
    from issuant.rotation.ground import Ground
    from issuant.secret import Secret

MOST_ATTEMPTS = 9
_WAITING = frozenset({KeyStatus.PENDING_APPROVAL, KeyStatus.PENDING_ACTIVATION})
TURNED_DOWN = frozenset({ApprovalState.REJECTED, ApprovalState.CANCELLED, ApprovalState.EXPIRED, ApprovalState.FAILED})
_SERVER_FAILED = 500
_BAD_REQUEST = 400


def begin(ground: Ground, operation: Operation) -> Course[Operation]:
    """INTENT: write the next attempt down, its value sealed where it is made here, and send the create once."""
    yield from clear_earlier(ground, operation)
    number = operation.attempt + 1
    if number > MOST_ATTEMPTS:
        raise OutcomeUnknownError(
            f"{number - 1} attempts have come to no key that can be used.",
            advice="See `issuant journal`, and ask the provider; `issuant rotate NAME --abandon` gives it up.",
            provider=ground.provider.name,
            operation="rotate",
        )
    name = marked(ground.credential.stem, operation.code, number, longest=ground.turning.longest_name)
    asked = _request(ground, operation, name)
    draft = yield from local("draft", ground.turning.draft, asked, way=operation.way)
    begun = yield from local(
        "write attempt",
        ground.journal.begin_attempt,
        operation,
        name=name,
        parts=draft.parts,
        idempotency_key=draft.idempotency_key,
    )
    return (yield from _create(ground, begun, draft.request))


def _request(ground: Ground, operation: Operation, name: str) -> KeyRequest:
    return loads(ground.provider, ground.credential.request, name=name, expires_in=operation.lifetime)


def _create(
    ground: Ground, operation: Operation, request: KeyRequest, *, is_repeated: bool = False
) -> Course[Operation]:
    try:
        outcome: Outcome = yield from ask("create", lambda own: own._adapter.issue(request, None))
    except IssuantError as error:
        failed = error
    else:
        if isinstance(outcome, PendingApproval):
            return (yield from _awaiting(ground, operation, outcome.request_id))
        return (yield from _created(ground, operation, outcome))
    if is_repeated and failed.effect is Effect.NONE:  # that tells of this sending, and nothing of the first
        if failed.status != _BAD_REQUEST:
            raise failed
        operation = yield from local("write key used up", ground.journal.used_up, operation)
        return (yield from settle(ground, operation))
    return (yield from _settled_failure(ground, operation, failed))


def _awaiting(ground: Ground, operation: Operation, request_id: str | None) -> Course[Operation]:
    note = f"People have to approve the request for {operation.key_name} at {ground.provider.title}."
    try:
        return (
            yield from local("write awaiting", ground.journal.awaiting, operation, request_id=request_id, note=note)
        )
    except JournalError as error:
        failed = error
    raise _unwritten(ground, operation, failed, "a key was asked for", request_id=request_id)


def _created(ground: Ground, operation: Operation, key: IssuedKey | KeyInfo) -> Course[Operation]:
    value = key.secret if isinstance(key, IssuedKey) else None
    return (yield from _kept(ground, operation, key.id, value, expires_at=key.expires_at))


def _kept(
    ground: Ground,
    operation: Operation,
    id: str,  # noqa: A002 - the field's own name
    value: Secret | None,
    *,
    expires_at: datetime | None = None,
) -> Course[Operation]:
    parts = None if value is None else {VALUE: value}
    try:
        return (
            yield from local(
                "write created", ground.journal.created, operation, key_id=id, expires_at=expires_at, parts=parts
            )
        )
    except JournalError as error:
        failed = error
    raise _unwritten(ground, operation, failed, "a key was made", id=id)


def _unwritten(
    ground: Ground,
    operation: Operation,
    error: JournalError,
    done: str,
    *,
    id: str | None = None,  # noqa: A002 - the field's own name
    request_id: str | None = None,
) -> JournalError:
    """Return the error for what was done at the provider and could not be written down."""
    if operation.sealed is None:
        kept = "Its value is lost with that; `issuant resume` removes it, and makes another."
    else:
        kept = "Its value is safe in the journal, and `issuant resume` goes on with it."
    return type(error)(
        f"{done}, and that could not be written down: {error.reason}",
        advice=f"{kept} {error.advice}".rstrip(),
        provider=ground.provider.name,
        operation=operation.kind.value,
        id=id,
        request_id=request_id,
        effect=Effect.CREATED,
    )


def _settled_failure(ground: Ground, operation: Operation, error: IssuantError) -> Course[Operation]:
    """Find out what a create that raised `error` has come to."""
    if error.effect is Effect.NONE:
        if operation.way + 1 < ground.turning.ways and ground.turning.is_refused_way(error):
            return (yield from local("write way", ground.journal.next_way, operation))
        if isinstance(error, ConflictError):
            found = yield from look_for_present(ground, operation)
            if found:
                return (yield from _taken(ground, operation, found))
            yield from _check_none(ground, operation)
        if operation.doubtful:  # a key of an earlier attempt may turn up: it goes on, or a person gives it up
            yield from local("write again", ground.journal.again, operation, doubtful=False, fate=Fate.NONE)
            raise error
        ended = f"No key was made: {error.reason}"
        yield from local("write refused", ground.journal.refused, operation, note=ended)
        raise error
    if error.effect is Effect.CREATED and error.id is not None:
        id = error.id  # noqa: A001 - the field's own name
        if error.secret is not None or operation.sealed is not None:
            return (yield from _kept(ground, operation, id, error.secret))
        yield from ground.remove("remove unusable", id)
        yield from local("write removed", ground.journal.fated, operation, Fate.REMOVED, key_id=id)
        return (yield from _again(ground, operation, doubtful=True))
    if error.status == _SERVER_FAILED:
        operation = yield from local("write failed send", ground.journal.used_up, operation)
    return (yield from settle(ground, operation))


def settle(ground: Ground, operation: Operation) -> Course[Operation]:
    """CREATING: find out by the attempt's name what became of a create whose end nobody knows."""
    found = yield from look_for_present(ground, operation)
    if found:
        return (yield from _taken(ground, operation, found))
    yield from check_list(ground, operation, operation.key_name or "")
    if operation.idempotency_key is not None:
        return (yield from _settle_request(ground, operation))
    return (yield from _again(ground, operation, doubtful=True))


def _taken(ground: Ground, operation: Operation, found: Sequence[KeyInfo]) -> Course[Operation]:
    """Take the key of the attempt where its value is known, else remove what was found."""
    # Two keys of one attempt are somebody's repeating on the way: they have one value, and neither is kept.
    if operation.sealed is not None and (len(found) == 1 or operation.idempotency_key is not None):
        return (yield from _found(ground, operation, found[0]))
    for key in found:
        yield from remove_lost(ground, operation, key, number=operation.attempt)
    return (yield from _again(ground, operation, doubtful=False))


def _again(ground: Ground, operation: Operation, *, doubtful: bool) -> Course[Operation]:
    """Go back to INTENT for another attempt; it waits where the one before this has come to no key either."""
    attempts = yield from local("read attempts", ground.journal.attempts, operation)
    due_at, note = None, ""
    if any(one.number == operation.attempt - 1 and one.fate is not Fate.NONE for one in attempts):
        due_at = ground.now() + ground.patience.sweep
        note = (
            f"Attempt {operation.attempt} had no clear end either; the next one is made after"
            f" {minute_in_words(due_at)}, when what they have left has been looked for."
        )
    return (
        yield from local("write again", ground.journal.again, operation, doubtful=doubtful, due_at=due_at, note=note)
    )


def _found(ground: Ground, operation: Operation, key: KeyInfo) -> Course[Operation]:
    if key.status in _WAITING:
        return (yield from _awaiting(ground, operation, operation.request_id))
    return (yield from _created(ground, operation, key))


def _settle_request(ground: Ground, operation: Operation) -> Course[Operation]:
    """A request for approval: sent again with its idempotency key, or looked for where that no longer holds."""
    sent_at = operation.sent_at or operation.changed_at
    if not operation.is_used_up and ground.now() - sent_at < ground.patience.resend:
        parts = yield from local("unseal", ground.parts, operation)
        asked = _request(ground, operation, operation.key_name or "")
        again = ground.turning.again(asked, parts, operation.idempotency_key)
        return (yield from _create(ground, operation, again, is_repeated=True))
    yield from _check_traces(ground, operation)
    return (yield from _again(ground, operation, doubtful=True))


def _check_none(ground: Ground, operation: Operation) -> Course[None]:
    """Raise OutcomeUnknownError where something may have come of an attempt whose key was not found."""
    yield from check_list(ground, operation, operation.key_name or "")
    if operation.idempotency_key is not None:
        yield from _check_traces(ground, operation)


def _check_traces(ground: Ground, operation: Operation) -> Course[None]:
    """Raise OutcomeUnknownError where a request that people have before them may be this one."""
    seen = yield from look_for_traces(ground, operation)
    if seen and not ground.force:
        raise OutcomeUnknownError(
            f"whether the request for {operation.key_name} was made cannot be told: {seen}",
            advice="Look for it in the console. Where it is, approve it; where it is not, repeat with --force.",
            provider=ground.provider.name,
            operation="rotate",
        )


def await_approval(ground: Ground, operation: Operation) -> Course[Operation]:
    """AWAITING_APPROVAL: go on once the list shows the key ready for use; end where people have turned it down."""
    name, request_id = operation.key_name or "", operation.request_id
    found = yield from ground.named("look for approved", name)
    ready = [key for key in found if key.status not in _WAITING]
    if ready:
        return (yield from _created(ground, operation, ready[0]))
    if found:
        token = f"`issuant pairing-token {ground.provider.name} {found[0].id}` issues the token"
        note = f"{name} is approved; set up its device or co-signer ({token})."
        return (yield from local("write note", ground.journal.noted, operation, note=note))
    if request_id is None:
        return operation
    told: Approval = yield from ask("ask approval", lambda own: own._follower("rotate").approval(request_id))
    if told.state is ApprovalState.APPROVED:
        note = f"{name} is approved, and not in the list. Was it removed? `issuant rotate NAME --abandon` gives it up."
        return (yield from local("write note", ground.journal.noted, operation, note=note))
    if told.state not in TURNED_DOWN:
        return operation
    others = [one.name for one in (yield from unclear(ground, operation)) if one.number != operation.attempt]
    note = f"The request {request_id} is {told.state.value}; no key was made. {may_turn_up(ground, others)}".rstrip()
    return (yield from local("write turned down", ground.journal.refused, operation, note=note))
