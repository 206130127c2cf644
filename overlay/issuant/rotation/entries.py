"""What is written into the journal of an operation. Owns which move is allowed; each function is part of a transaction.

Who moves an operation shows what it has seen of it. Where the row is another by now, in state or revision, another
process has been at it, and nothing is written.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime

from issuant.clock import minute_in_words
from issuant.errors import BusyError, JournalError, UnfinishedError, UsageError
from issuant.keys import invalid
from issuant.rotation.records import Attempt, Credential, Delivered, Delivery, Fate, Kind, Operation
from issuant.rotation.rows import insert, record, update
from issuant.rotation.states import FOLLOWS, State
from issuant.secret import is_unicode


def credential(database: sqlite3.Connection, name: str) -> Credential:
    """Return a credential. Raises UsageError where there is none of that name."""
    row = database.execute("SELECT * FROM credential WHERE name = ?", (name,)).fetchone()
    if row is None:
        raise UsageError(
            f"there is no credential {name!r} in the journal.",
            advice="Enter it with `issuant issue … --as NAME` or `issuant adopt`; `issuant journal --all` shows all.",
            field="name",
        )
    return record(Credential, row)


def operation(database: sqlite3.Connection, number: int) -> Operation:
    """Return an operation. Raises UsageError where there is none of that number."""
    row = database.execute("SELECT * FROM operation WHERE id = ?", (number,)).fetchone()
    if row is None:
        raise UsageError(f"there is no operation {number} in the journal.", field="id")
    return record(Operation, row)


def enter(database: sqlite3.Connection, entered: Credential) -> None:
    """Write down a credential. One that never got a key gives up its name; any other that is taken is refused."""
    check_vacant(database, entered.name)
    values = {item.name: getattr(entered, item.name) for item in fields(entered)}
    if not update(database, "credential", values, {"name": entered.name, "key_id": None}):
        insert(database, "credential", values)


def _check_key(database: sqlite3.Connection, seen: Credential) -> None:
    """Raise BusyError where the key of a credential is another by now."""
    if credential(database, seen.name).key_id != seen.key_id:
        raise BusyError(f"the key of {seen.name!r} is another by now.", advice="Try again; nothing was sent.")


def check_sinks(sinks: Sequence[str]) -> None:
    """Raise InvalidRequestError for two sinks that are the same, and for one that cannot be written down."""
    if len(set(sinks)) < len(sinks):
        raise invalid("sinks", "one is named twice", "Name each once.")
    if not all(is_unicode(sink) for sink in sinks):
        raise invalid("sinks", "one is no Unicode", "Check how it was read.")


def check_finished(database: sqlite3.Connection, name: str) -> None:
    """Raise UnfinishedError where an operation of the credential is open."""
    row = database.execute("SELECT * FROM operation WHERE credential = ? AND ended_at IS NULL", (name,)).fetchone()
    if row is None:
        return
    found = record(Operation, row)
    what = "issue" if found.kind is Kind.ISSUE else "rotation"
    until = "" if found.due_at is None else f" until {minute_in_words(found.due_at)}"
    raise UnfinishedError(
        f"the {what} of {name!r} that began at {minute_in_words(found.began_at)} is not finished:"
        f" it is at {found.state.value!r}{until}.",
        advice="`issuant resume NAME` goes on with it; with --force it waits for no time.",
        field="name",
    )


def check_vacant(database: sqlite3.Connection, name: str) -> None:
    """Raise UnfinishedError where an operation of the credential is open, InvalidRequestError where it has a key."""
    check_finished(database, name)
    query = "SELECT 1 FROM credential WHERE name = ? AND key_id IS NOT NULL"
    if database.execute(query, (name,)).fetchone() is not None:
        raise invalid("credential", f"{name!r} is a credential already", "Give another name.")


def begin(
    database: sqlite3.Connection,
    seen: Credential,
    values: Mapping[str, object],
    found: Mapping[str, object],
    now: datetime,
) -> Operation:
    """Write down an operation, with a delivery for each of the places that its credential is to have in the end."""
    check_finished(database, seen.name)
    if seen.key_id is None:
        enter(database, replace(seen, entered_at=now))
    else:
        _check_key(database, seen)
    of = credential(database, seen.name)
    old = {"old_key_id": of.key_id, "old_owner": of.owner, "old_fingerprint": of.fingerprint}
    zero = {"revision": 0, "attempt": 0, "way": 0, "doubtful": False, "is_used_up": False, "failures": 0}
    texts = {"credential": of.name, "state": State.INTENT, "note": "", "error": ""}
    kind = Kind.ISSUE if of.key_id is None else Kind.ROTATE
    times = {"began_at": now, "changed_at": now}
    number = insert(database, "operation", {"kind": kind, **texts, **old, **zero, **times, **values})
    for position, place in enumerate(seen.sinks):
        _add_delivery(database, number, position, place, Delivered.WAITING, found.get(place))
    add_event(database, number, State.INTENT, "it is written down", now)
    return operation(database, number)


def _add_delivery(
    database: sqlite3.Connection, number: int, position: int, place: str, state: Delivered, found: object
) -> None:
    content = {"place": place, "state": state, "found": None if found is None else str(found)}
    insert(database, "delivery", {"operation": number, "position": position, **content})


def redirect(database: sqlite3.Connection, number: int, places: Sequence[str], found: Mapping[str, object]) -> None:
    """Let the value of an operation go to `places`: those in `found` are new, and begin; the others stay as they are.

    A place that is dropped stays on record: what is said of it is told by its line, and its slot has to be cleared.
    """
    present = {delivery.place: delivery for delivery in deliveries(database, number)}
    dropped = [place for place in present if place not in places]
    database.execute("DELETE FROM delivery WHERE operation = ?", (number,))
    for position, place in enumerate((*places, *dropped)):
        if place in found:
            _add_delivery(database, number, position, place, Delivered.WAITING, found[place])
            continue
        state = present[place].state
        holds = state in (Delivered.STORED, Delivered.LEFT)
        if place in dropped:
            state = Delivered.LEFT if holds else Delivered.DROPPED
        elif holds:
            state = Delivered.STORED
        _add_delivery(database, number, position, place, state, present[place].found)


def keep_where_stored(database: sqlite3.Connection, of: Operation) -> tuple[str, ...]:
    """Return where the value of an operation is kept from now on. Raises JournalError while a place has not got it."""
    places = [delivery for delivery in deliveries(database, of.id) if delivery.state.is_kept]
    if any(delivery.state is not Delivered.STORED for delivery in places):
        raise JournalError(f"not every sink of {of.credential!r} holds the new value yet.")
    return tuple(delivery.place for delivery in places)


def forget_found(database: sqlite3.Connection, number: int) -> None:
    """Wipe what tells the content that the places of an operation had before: whoever has that can check a guess."""
    database.execute("UPDATE delivery SET found = NULL WHERE operation = ? AND found IS NOT NULL", (number,))


def change(
    database: sqlite3.Connection, seen: Operation, state: State, values: Mapping[str, object], words: str, now: datetime
) -> Operation:
    """Bring an operation to a state, with other values, and return it as it is then.

    A new state is progress: what was noted, waited for or failed before is over. A final one wipes the sealed value.
    """
    is_new = state is not seen.state
    if is_new and state not in FOLLOWS[seen.state]:
        raise JournalError(f"an operation does not go from {seen.state.value!r} to {state.value!r}.")
    fresh = {"note": "", "error": "", "failures": 0, "due_at": None, "changed_at": now} if is_new else {}
    final = {"ended_at": now, "sealed": None} if is_new and state.is_final else {}
    columns = {**fresh, **values, **final, "state": state, "revision": seen.revision + 1}
    if not update(database, "operation", columns, {"id": seen.id, "state": seen.state, "revision": seen.revision}):
        raise _overtaken(seen)
    if words or is_new:
        add_event(database, seen.id, state, words, now)
    if state.is_final:
        forget_found(database, seen.id)
    return operation(database, seen.id)


def check_seen(database: sqlite3.Connection, seen: Operation) -> None:
    """Raise BusyError where an operation is not any more what was seen of it."""
    query = "SELECT 1 FROM operation WHERE id = ? AND state = ? AND revision = ?"
    if database.execute(query, (seen.id, seen.state.value, seen.revision)).fetchone() is None:
        raise _overtaken(seen)


def _overtaken(seen: Operation) -> BusyError:
    return BusyError(
        f"another process has been at the operation of {seen.credential!r} meanwhile.",
        advice="`issuant resume` goes on from where it is now.",
    )


def judge(database: sqlite3.Connection, seen: Operation, number: int, fate: Fate, key_id: str | None = None) -> None:
    """Write down what became of an attempt; an id that is known already stays where none is given.

    One that has made the new key stays so, whatever becomes of another key of its name.
    """
    query = "SELECT * FROM attempt WHERE operation = ? AND number = ?"
    row = database.execute(query, (seen.id, number)).fetchone()
    if row is None:
        raise JournalError(f"the operation of {seen.credential!r} has no attempt {number}.")
    found = record(Attempt, row)
    if found.fate is Fate.MADE and key_id not in (None, found.key_id):
        return
    values = {"fate": fate, "key_id": found.key_id if key_id is None else key_id}
    update(database, "attempt", values, {"operation": seen.id, "number": number})


def deliveries(database: sqlite3.Connection, number: int) -> tuple[Delivery, ...]:
    """Return where the value of an operation goes, in order."""
    rows = database.execute("SELECT * FROM delivery WHERE operation = ? ORDER BY position", (number,))
    return tuple(record(Delivery, row) for row in rows)


def add_event(database: sqlite3.Connection, number: int, state: State, words: str, now: datetime) -> None:
    """Write down that something happened to an operation."""
    insert(database, "event", {"operation": number, "at": now, "state": state, "words": words})


def shown(words: str) -> str:
    """Return words of whatever origin as the journal can hold them: half a surrogate pair is spelled out."""
    return words.encode(errors="backslashreplace").decode()
