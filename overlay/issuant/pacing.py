"""How often a credential may ask. Owns the client-side rate limit, shared by all connections of a credential.

It counts in this process alone. It does not sleep: it says how long to wait.
"""

from __future__ import annotations

import threading
import weakref
from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass

from issuant.errors import UsageError


@dataclass(frozen=True, kw_only=True)
class RateLimit:
    """At most `calls` calls in any span of `seconds`; a login before a call is not counted.

    Raises UsageError for what is no such limit.
    """

    calls: int
    seconds: float = 60.0

    def __post_init__(self) -> None:
        is_whole = isinstance(self.calls, int) and not isinstance(self.calls, bool)
        if not is_whole or not 1 <= self.calls <= 1_000_000:
            raise UsageError(
                "the calls of a rate limit are not between 1 and a million.", advice="Give a number.", field="calls"
            )
        if not isinstance(self.seconds, int | float) or not 0 < self.seconds <= 86_400:
            raise UsageError(
                "the seconds of a rate limit are not between 0 and a day.", advice="Give 60.", field="seconds"
            )


class Pace:
    """The turns that a credential takes. Safe to ask from many threads."""

    __slots__ = ("__weakref__", "_limit", "_lock", "_turns")

    def __init__(self, limit: RateLimit) -> None:
        self._limit = limit
        self._turns: deque[float] = deque(maxlen=limit.calls)
        self._lock = threading.Lock()

    def take(self, now: float) -> float:
        """Take the next turn, and return how many seconds to wait for it. `now` is in seconds of any steady clock."""
        with self._lock:
            is_full = len(self._turns) == self._limit.calls
            turn = max(now, self._turns[0] + self._limit.seconds) if is_full else now
            self._turns.append(turn)
            return turn - now


_PACES: weakref.WeakValueDictionary[Hashable, Pace] = weakref.WeakValueDictionary()
_LOCK = threading.Lock()


def shared_pace(limit: RateLimit, whose: Hashable) -> Pace:
    """Return the pace of a credential: the same one as long as anybody holds it with the same limit."""
    with _LOCK:
        pace = _PACES.get((limit, whose))
        if pace is None:
            pace = _PACES[limit, whose] = Pace(limit)
        return pace
