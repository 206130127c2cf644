"""What is told of credentials and of what is open of them: names and values, the tables of these, and exit codes.

Owns what a state means to whoever reads it: what is waited for, and which command goes on. No value is among it, and of
a sink that is a command only what it is: people put tokens behind it.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from datetime import datetime, timedelta

from issuant.cli.facts import Facts, moment, word
from issuant.cli.output import PENDING, REFUSED
from issuant.cli.tables import Table
from issuant.rotation.placing import open_place
from issuant.rotation.records import Credential, Delivery, Event, Operation
from issuant.rotation.states import State

OPERATIONS = Table[tuple[Operation, datetime]](
    things="open operations",
    facts=lambda found: of_operation(*found),
    fields=("credential", "kind", "state", "began_at", "changed_at", "due_at", "failures", "key_id", "note", "error"),
    columns=("credential", "kind", "state", "changed_at", "age", "due_at", "failures", "note", "error"),
    where_known=("due_at", "failures", "note", "error"),
    whole=("note", "error"),
    time_width=16,
)

CREDENTIALS = Table[tuple[Credential, Operation | None]](
    things="credentials",
    facts=lambda found: of_credential(*found),
    fields=("credential", "provider", "key_id", "key_name", "owner", "expires_at", "rotated_at", "open", "sinks"),
    columns=("credential", "provider", "key_id", "expires_at", "rotated_at", "open", "sinks"),
    where_known=("open",),
    absent={"expires_at": "never"},
    whole=("key_id", "sinks"),
)

EVENTS = Table[tuple[Operation, Event, tuple[Delivery, ...]]](
    things="events",
    facts=lambda found: of_event(*found),
    fields=("operation", "kind", "happened_at", "state", "words"),
    columns=("operation", "kind", "happened_at", "state", "words"),
    whole=("words",),
    time_width=19,
)


def of_operation(operation: Operation, now: datetime) -> Facts:
    """Return what is told of an operation, as it is `now`."""
    is_open = not operation.state.is_final
    return {
        "credential": operation.credential,
        "kind": operation.kind.value,
        "state": word(operation.state),
        "key_id": operation.key_id,
        "key_name": operation.key_name,
        "expires_at": moment(operation.key_expires_at),
        "old_key_id": operation.old_key_id,
        "request_id": operation.request_id,
        "began_at": moment(operation.began_at),
        "changed_at": moment(operation.changed_at),
        "age": age(now - operation.changed_at) if is_open else None,
        "due_at": moment(operation.due_at) if is_open else None,
        "failures": operation.failures or None,
        "note": operation.note or _waited_for(operation),
        "error": operation.error or None,
        "next": going_on(operation.credential) if is_open else None,
    }


def of_credential(credential: Credential, operation: Operation | None) -> Facts:
    """Return what is told of a credential, and how far what is open of it has come."""
    return {
        "credential": credential.name,
        "provider": credential.provider,
        "base_url": credential.base_url,
        "belongs_to": credential.scope or None,
        "key_id": credential.key_id,
        "key_name": credential.key_name,
        "owner": credential.owner,
        "expires_at": moment(credential.expires_at),
        "entered_at": moment(credential.entered_at),
        "rotated_at": moment(credential.rotated_at),
        "sinks": [place_in_words(place) for place in credential.sinks],
        "open": None if operation is None else word(operation.state),
    }


def of_event(operation: Operation, event: Event, deliveries: Iterable[Delivery]) -> Facts:
    """Return what is told of something that happened to an operation."""
    words = event.words
    for delivery in deliveries:
        words = words.replace(delivery.place, place_in_words(delivery.place))
    return {
        "operation": operation.id,
        "kind": operation.kind.value,
        "happened_at": moment(event.at),
        "state": word(event.state),
        "words": words,
    }


def place_in_words(line: str) -> str:
    """Return where a credential is kept, as it may be shown."""
    place = open_place(line)
    return f"id={place.sink.description}" if place.takes_id else place.sink.description


def age(lasted: timedelta) -> str:
    """Return a length of time in its two largest units, such as `3d 4h`."""
    minutes = max(0, int(lasted.total_seconds() // 60))
    days, hours = minutes // 1440, minutes // 60 % 24
    if days:
        return f"{days}d {hours}h"
    return f"{hours}h {minutes % 60}m" if hours else f"{minutes}m"


def going_on(credential: str) -> str:
    """Return the command that goes on with what is open of a credential."""
    return shlex.join(["issuant", "resume", credential])


def code_of(operation: Operation) -> int:
    """Return the exit code for how far an operation has come."""
    if operation.state.is_final:
        return 0 if operation.state is State.DONE else REFUSED
    return PENDING


def _waited_for(operation: Operation) -> str | None:
    if operation.state is State.SWEEP and operation.due_at is not None:
        return "It is looked once more later for keys of an attempt whose end was not clear."
    return None
