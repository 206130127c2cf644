"""Where a credential is kept: its value, and at some providers the id as well. Owns how a place is written.

A place is a sink as one line; with `id=` in front it takes the key's id instead of its value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from issuant.errors import SinkNotReadyError
from issuant.keys import Sink
from issuant.secret import Secret
from issuant.sinks import open_sink

T = TypeVar("T")

_ID = "id="


@dataclass(frozen=True, kw_only=True)
class Place:
    """A sink, and whether it takes the id of the key instead of its value."""

    line: str
    sink: Sink
    takes_id: bool

    def content(self, value: Secret, key_id: str) -> Secret:
        """Return what of a key belongs there."""
        return Secret(key_id) if self.takes_id else value


def tried(sink: Sink, act: Callable[[], T]) -> T:
    """Return what `act` does with a sink. Raises SinkNotReadyError where the system refuses, a full disk say."""
    reason = None
    try:
        return act()
    except OSError as cause:
        reason = cause.strerror or type(cause).__name__
    raise SinkNotReadyError(
        f"{sink.description}: {reason}.",
        advice="Nothing is lost. Mend the sink, then `issuant resume`.",
        field="sink",
    )


def open_place(line: str) -> Place:
    """Return the place that a line names. Raises SinkNotReadyError for a malformed one."""
    return Place(line=line, sink=open_sink(sink_of(line)), takes_id=is_id_place(line))


def sink_of(line: str) -> str:
    """Return the sink of a place, as one line."""
    return line.removeprefix(_ID)


def is_id_place(line: str) -> bool:
    """Tell whether a place takes the id of the key."""
    return line.startswith(_ID)


def id_place(sink: str) -> str:
    """Return the line of a place that takes the id."""
    return _ID + sink
