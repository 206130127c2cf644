"""An operation that is given up. Owns when that may be, what is removed, and telling what is left to people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from issuant.errors import ByHandError, RefusedError, UsageError
from issuant.inventory import ApprovalState
from issuant.rotation.attempts import look_for_traces, may_turn_up
from issuant.rotation.creating import TURNED_DOWN
from issuant.rotation.delivering import clear_dropped, unstage
from issuant.rotation.placing import open_place, tried
from issuant.rotation.records import Attempt, Delivered, Delivery, Fate, Operation
from issuant.rotation.states import State
from issuant.rotation.steps import Course, ask, local
from issuant.sinks.abilities import ReadsBack
from issuant.turning import VALUE

if TYPE_CHECKING:
    from issuant.inventory import Approval
    from issuant.rotation.ground import Ground


def abandon(ground: Ground, operation: Operation) -> Course[Operation]:
    """Give an operation up: what it has made is removed, and the old key stays the credential's.

    What is left to people, or may still turn up, stands in `note`; `doubtful` tells whether there is anything.

    Raises UsageError once a sink holds the new value, or may hold it: then it can only go on.
    """
    deliveries = yield from local("read deliveries", ground.journal.deliveries, operation)
    if operation.state.is_promoted or (yield from local("read sinks", _may_be_in_use, ground, operation, deliveries)):
        raise UsageError(
            f"a sink of {operation.credential} holds the new value already, or may hold it.",
            advice="Let it go on with `issuant resume` (with --to, where a sink is gone for good); then rotate again.",
            provider=ground.provider.name,
        )
    left = yield from _remove_all(ground, operation)
    for delivery in deliveries:
        if delivery.state.is_kept:
            yield from local("unstage", unstage, delivery.place, operation.code)
    uncleared = yield from clear_dropped(operation, deliveries)
    note = " ".join(filter(None, ("It was given up.", uncleared, *left)))
    return (yield from local("write given up", ground.journal.given_up, operation, note=note, doubtful=bool(left)))


def _may_be_in_use(ground: Ground, operation: Operation, deliveries: Sequence[Delivery]) -> bool:
    """Tell whether a sink may hold the new value.

    It may have been stored before the word of it was written down, or by a journal that was newer than this one.
    """
    if any(delivery.state is Delivered.STORED for delivery in deliveries):
        return True
    value = ground.parts(operation).get(VALUE)
    if value is None:
        return False
    for delivery in deliveries:
        place = open_place(delivery.place)
        sink, content = place.sink, place.content(value, operation.key_id or "")
        if isinstance(sink, ReadsBack):
            if tried(sink, sink.read) == content:
                return True
        elif operation.state is State.STAGED and delivery.state is not Delivered.WAITING:
            return True
    return False


def _remove_all(ground: Ground, operation: Operation) -> Course[list[str]]:
    """Remove what every attempt has made, and return in sentences what is left to people."""
    seen, by_hand, used, hidden = set(), [], [], []
    for attempt in (yield from local("read attempts", ground.journal.attempts, operation)):
        found = yield from ground.named("look for the attempt", attempt.name)
        for key in found:
            seen.add(key.id)
            if attempt.fate is Fate.OPEN and key.last_used is not None:
                used.append(key.id)
            elif not (yield from _is_removed(ground, key.id)):
                by_hand.append(key.id)
        if attempt.fate is Fate.OPEN and not found:
            hidden.append(attempt)
    made = operation.key_id
    if made is not None and made not in seen:  # a list may lag behind, and people may have given it another name
        is_left = not (yield from _is_removed(ground, made))
        if is_left and (yield from ground.listed("look for the new key", made)) is not None:
            by_hand.append(made)
    left = yield from _of_hidden(ground, operation, hidden)
    if by_hand:
        left.append(f"A person has to remove {', '.join(by_hand)}.")
    if used:
        left.append(
            f"{', '.join(used)} was left, as it has been used, though the journal knows nothing of its value: look"
            " after it with `issuant adopt`, or revoke it."
        )
    return left


def _is_removed(ground: Ground, id: str) -> Course[bool]:  # noqa: A002 - the field's own name
    """Remove a key, and tell whether that was done; else a person has to."""
    try:
        yield from ground.remove("remove", id)
    except ByHandError:
        return False
    return True


def _of_hidden(ground: Ground, operation: Operation, hidden: Sequence[Attempt]) -> Course[list[str]]:
    """Tell what may come of attempts whose key the list does not show."""
    names, left = [attempt.name for attempt in hidden], []
    if operation.key_name in names and operation.state is State.AWAITING_APPROVAL:
        names.remove(operation.key_name)
        left.append((yield from _of_request(ground, operation)))
    elif operation.key_name in names and operation.idempotency_key is not None:
        left.append((yield from look_for_traces(ground, operation)))
    left.append(may_turn_up(ground, names))
    return [*filter(None, left)]


def _of_request(ground: Ground, operation: Operation) -> Course[str]:
    """Tell what people have to do about the request that they have before them; empty where they turned it down."""
    request_id = operation.request_id
    reject = f"People have to reject the request {request_id or operation.key_name}."
    if request_id is None:
        return reject
    try:
        told: Approval = yield from ask("ask approval", lambda own: own._follower("rotate").approval(request_id))
    except RefusedError as error:
        return f"{reject} Whether it was approved cannot be told: {error.reason}"
    if told.state is ApprovalState.APPROVED:
        return (
            f"The request {request_id} was approved, and the list does not show {operation.key_name}: a person has to"
            " remove what came of it, where that was given another name."
        )
    return "" if told.state in TURNED_DOWN else reject
