"""Records as rows of the journal. Owns how each kind of value is written and read; a row that makes no sense is damage.

A column is called as the field is, so that what stands here is the values alone.
"""

from __future__ import annotations

import enum
import json
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from issuant.errors import JournalCorruptError
from issuant.keys import invalid
from issuant.rotation.records import Attempt, Credential, Delivered, Delivery, Event, Fate, Kind, Operation
from issuant.rotation.states import State

R = TypeVar("R", Credential, Operation, Delivery, Attempt, Event)

Value = str | int | float | bytes | None
"""What SQLite holds."""


def _duration(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def _lines(text: str) -> tuple[str, ...]:
    found = json.loads(text)
    if not isinstance(found, list) or not all(isinstance(line, str) for line in found):
        raise ValueError(text)
    return tuple(found)


_STATES: Mapping[type, Callable[[Any], object]] = {Operation: State, Event: State, Delivery: Delivered}
_READ: Mapping[str, Callable[[Any], object]] = {
    "kind": Kind,
    "fate": Fate,
    "sinks": _lines,
    **dict.fromkeys(("doubtful", "is_used_up"), bool),
    **dict.fromkeys(("grace", "quiet", "lifetime"), _duration),
    **dict.fromkeys(
        (
            *("expires_at", "entered_at", "rotated_at", "key_expires_at", "sent_at", "due_at", "began_at"),
            *("changed_at", "ended_at", "at"),
        ),
        datetime.fromisoformat,
    ),
}


def record(kind: type[R], row: sqlite3.Row) -> R:
    """Return a row as a record. Raises JournalCorruptError for one that makes no sense."""
    readers = {**_READ, "state": _STATES.get(kind, str)}
    try:
        values: dict[str, Any] = {item.name: row[item.name] for item in fields(kind)}
        for name in values.keys() & readers.keys():
            if values[name] is not None:
                values[name] = readers[name](values[name])
        return kind(**values)
    except (ValueError, TypeError, OverflowError, IndexError):  # IndexError: a column is missing
        pass
    raise JournalCorruptError(
        f"the journal has a {kind.__name__.lower()} that makes no sense.",
        advice="Copy the journal's folder away, and put a backup in its place.",
    )


def written(value: object) -> Value:
    """Return a value of a record as SQLite holds it. Raises InvalidRequestError for a time without a timezone."""
    if isinstance(value, datetime):
        if value.utcoffset() is None:
            raise invalid("time", "it has no timezone", "Give one, such as datetime(…, tzinfo=timezone.utc).")
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, enum.Enum):
        return str(value.value)
    if isinstance(value, tuple):
        return json.dumps(value)
    if value is None or isinstance(value, str | int | float | bytes):
        return value
    raise TypeError(f"a {type(value).__name__} is not for the journal")


def insert(database: sqlite3.Connection, table: str, values: Mapping[str, object]) -> int:
    """Add a row, and return its number."""
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    done = database.execute(
        f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608 - names of columns, all of them ours
        [written(value) for value in values.values()],
    )
    return done.lastrowid or 0


def update(database: sqlite3.Connection, table: str, values: Mapping[str, object], where: Mapping[str, object]) -> bool:
    """Change the one row of which `where` holds, and tell whether there was one."""
    pairs = ", ".join(f"{name} = ?" for name in values)
    terms = " AND ".join(f"{name} IS ?" for name in where)  # which holds of two NULLs as well
    done = database.execute(
        f"UPDATE {table} SET {pairs} WHERE {terms}",  # noqa: S608 - names of columns, all of them ours
        [written(value) for part in (values, where) for value in part.values()],
    )
    return done.rowcount == 1
