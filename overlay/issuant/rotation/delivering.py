"""From a key that exists to one that every sink holds. Owns proving it first, the order of the sinks, and their slots.

The old key stays the credential's until every sink has acknowledged the new value; then both change in one commit, and
the sealed value is wiped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from issuant.custody import checked, stored
from issuant.errors import IssuantError, SinkNotReadyError
from issuant.rotation.placing import Place, open_place, tried
from issuant.rotation.records import Delivered, Delivery, Operation
from issuant.rotation.states import State
from issuant.rotation.steps import Course, local, pause
from issuant.secret import Secret
from issuant.sinks.abilities import ReadsBack, Stages

if TYPE_CHECKING:
    from issuant.rotation.ground import Ground

_FIRST_WAIT = 1.0
_LONGEST_WAIT = 8.0


def verify(ground: Ground, operation: Operation) -> Course[Operation]:
    """CREATED: let the provider accept the new key, and wait a little where it does not yet."""
    value = yield from ground.value(operation)
    account = ground.as_new(operation.key_id, value)
    waits = _waits(ground.patience.acceptance)
    while (refused := (yield from ground.refusal("verify", account))) is not None:
        wait = next(waits, None)
        if wait is None:
            raise refused
        yield from pause("not accepted yet", wait)
    return (yield from local("write verified", ground.journal.move, operation, State.VERIFIED))


def _waits(seconds: float) -> Iterator[float]:
    wait = _FIRST_WAIT
    while seconds > 0:
        yield min(wait, seconds)
        wait, seconds = min(2 * wait, _LONGEST_WAIT), seconds - wait


def stage(ground: Ground, operation: Operation) -> Course[Operation]:
    """VERIFIED: put the new value where it waits to be promoted, and look once more at the sinks that have no such."""
    value = yield from ground.value(operation)
    deliveries = yield from local("read deliveries", ground.journal.deliveries, operation)
    yield from _stage_waiting(ground, operation, value, deliveries)
    return (yield from local("write all staged", ground.journal.move, operation, State.STAGED))


def _stage_waiting(ground: Ground, operation: Operation, value: Secret, deliveries: Sequence[Delivery]) -> Course[None]:
    for delivery in deliveries:
        if delivery.state is not Delivered.WAITING:
            continue
        place = open_place(delivery.place)
        content = place.content(value, operation.key_id or "")
        state = yield from local("stage", tried, place.sink, partial(_staged, place, content, operation.code))
        yield from local("write staged", ground.journal.delivered, operation, delivery.place, state)


def _staged(place: Place, content: Secret, slot: str) -> Delivered:
    if isinstance(place.sink, Stages):
        place.sink.stage(content, slot)
        return Delivered.STAGED
    checked(place.sink, vacant=False, value=content)
    return Delivered.CHECKED


def promote(ground: Ground, operation: Operation) -> Course[Operation]:
    """STAGED: put the new value into every sink, one by one, look at all of them again, and make the new key the
    credential's.
    """
    value = yield from ground.value(operation)
    deliveries = yield from local("read deliveries", ground.journal.deliveries, operation)
    yield from _stage_waiting(ground, operation, value, deliveries)  # a sink that was named since then
    for delivery in deliveries:
        if delivery.state is Delivered.STORED or not delivery.state.is_kept:
            continue
        place = open_place(delivery.place)
        content = place.content(value, operation.key_id or "")
        store = partial(_stored, place, content, delivery, operation.code, force=ground.force)
        yield from local("store", tried, place.sink, store)
        yield from local(
            "write stored",
            ground.journal.delivered,
            operation,
            delivery.place,
            Delivered.STORED,
        )
    yield from local("look again", _look_again, ground, operation, value, deliveries)
    left = yield from clear_dropped(operation, deliveries)
    return (yield from local("write current", ground.journal.promoted, operation, value=value, note=left))


def clear_dropped(operation: Operation, deliveries: Sequence[Delivery]) -> Course[str]:
    """Clear the slots of the places that were dropped, and tell of those that cannot be: such a place may be gone."""
    failures = []
    for delivery in deliveries:
        if delivery.state is not Delivered.DROPPED:
            continue
        try:
            yield from local("unstage dropped", unstage, delivery.place, operation.code)
        except IssuantError as error:
            failures.append(error.reason)
    return " ".join(f"A pending slot that nothing needs any more could not be removed: {reason}" for reason in failures)


def unstage(place: str, slot: str) -> None:
    """Clear the slot of a place, where it has slots. Raises SinkNotReadyError."""
    sink = open_place(place).sink
    if isinstance(sink, Stages):
        tried(sink, partial(sink.unstage, slot))


def _look_again(ground: Ground, operation: Operation, value: Secret, deliveries: Sequence[Delivery]) -> None:
    """Store anew where a value is gone again: the journal has the only other copy, and wipes it next."""
    for delivery in deliveries:
        place = open_place(delivery.place)
        content, sink = place.content(value, operation.key_id or ""), place.sink
        if delivery.state.is_kept and isinstance(sink, ReadsBack) and tried(sink, sink.read) != content:
            tried(sink, partial(_put, place, content, delivery, operation.code, force=ground.force))


def _stored(place: Place, content: Secret, delivery: Delivery, slot: str, *, force: bool) -> None:
    """Put what belongs there into a sink. Raises SinkNotReadyError where somebody else has stored there meanwhile."""
    sink = place.sink
    if isinstance(sink, ReadsBack) and sink.read() == content:  # it was stored before the word of it was written down
        if isinstance(sink, Stages):
            sink.unstage(slot)
        return
    _put(place, content, delivery, slot, force=force)


def _put(place: Place, content: Secret, delivery: Delivery, slot: str, *, force: bool) -> None:
    sink = place.sink
    found: object = delivery.found
    if force:
        found = checked(sink, vacant=False, value=content)
    elif isinstance(sink, ReadsBack) and sink.read() is None:
        found = None  # nothing is there that could be lost
    if isinstance(sink, Stages):
        _move_in(sink, content, slot, found)
        fault = None
    else:
        fault = stored(sink, content, found)
    if fault is None and isinstance(sink, ReadsBack) and sink.read() != content:
        fault = "what is read back is something else"
    if fault is not None:
        raise SinkNotReadyError(
            f"{sink.description} did not take the new value: {fault}.",
            advice="The value is safe in the journal. Mend the sink, then `issuant resume`; where the sink is gone for"
            " good, with --to and those that take its place.",
            field="sink",
        )


def _move_in(sink: Stages, content: Secret, slot: str, found: object) -> None:
    """Move the value from its slot into its place; where the slot is gone, it is staged again first."""
    with suppress(SinkNotReadyError):  # the second try tells whether it was the slot
        sink.promote(slot, found)
        return
    sink.stage(content, slot)
    sink.promote(slot, found)
