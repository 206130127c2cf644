"""How often a credential may ask. Owns the client-side rate limit, shared by all connections of a credential.

It counts in this process alone. It does not sleep: it says how long to wait.
"""

from __future__ import annotations

import bisect
import math
import threading
import time
import weakref
from collections.abc import Hashable
from dataclasses import dataclass

from issuant.errors import UsageError


def is_count(value: object, *, most: int) -> bool:
    """Tell whether a value is a whole number from 1 to `most`; True is none."""
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most


@dataclass(frozen=True, kw_only=True)
class RateLimit:
    """At most `calls` calls in any span of `seconds`; a login before a call is not counted.

    Raises UsageError for what is no such limit.
    """

    calls: int
    seconds: float = 60.0

    def __post_init__(self) -> None:
        if not is_count(self.calls, most=1_000_000):
            raise UsageError(
                "the calls of a rate limit are not between 1 and a million.", advice="Give a number.", field="calls"
            )
        if not isinstance(self.seconds, int | float) or not 0 < self.seconds <= 86_400:
            raise UsageError(
                "the seconds of a rate limit are not between 0 and a day.", advice="Give 60.", field="seconds"
            )


class Pace:
    """The turns that a credential takes. Safe to ask from many threads."""

    __slots__ = ("__weakref__", "_latest", "_limit", "_lock", "_turns")

    def __init__(self, limit: RateLimit) -> None:
        self._limit = limit
        self._turns: list[float] = []  # in the order of time; no more of the past than the limit looks back to
        self._latest = -math.inf
        self._lock = threading.Lock()

    def take(self, now: float) -> float:
        """Take the next turn, and return how many seconds to wait for it. `now` is in seconds of any steady clock."""
        calls, turns = self._limit.calls, self._turns
        with self._lock:
            self._latest = max(self._latest, now)
            wait = max(0.0, turns[-calls] + self._limit.seconds - now) if len(turns) >= calls else 0.0
            bisect.insort(turns, now + wait)
            del turns[: max(0, bisect.bisect_right(turns, self._latest) - calls)]
        with _LOCK:
            _BUSY.add(self)
        return wait

    def give_back(self, turn: float, now: float) -> None:
        """Give back a turn that was not used: the sum of the `now` and the wait of `take`. One of the past is gone.

        Whoever waits for a later one goes on to wait for that.
        """
        with self._lock:
            self._latest = max(self._latest, now)
            place = bisect.bisect_left(self._turns, turn)
            if turn > self._latest and self._turns[place : place + 1] == [turn]:
                del self._turns[place]

    def is_over(self, now: float) -> bool:
        """Whether its turns keep nobody waiting any more."""
        with self._lock:
            return not self._turns or self._turns[-1] + self._limit.seconds <= now


_PACES: weakref.WeakValueDictionary[Hashable, Pace] = weakref.WeakValueDictionary()
_BUSY: set[Pace] = set()  # kept though nobody holds them: whoever opens the next connection has to wait as well
_LOCK = threading.Lock()


def shared_pace(limit: RateLimit, whose: Hashable) -> Pace:
    """Return the pace of a credential: the same one as long as anybody holds it with the same limit, or it is not over.

    Those that are over by then are kept no longer.
    """
    now = time.monotonic()
    with _LOCK:
        pace = _PACES.get((limit, whose))
        if pace is None:
            pace = _PACES[limit, whose] = Pace(limit)
        _BUSY.difference_update([kept for kept in _BUSY if kept.is_over(now)])
        return pace
