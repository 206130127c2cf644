"""The time a simulator goes by. Owns the real clock and those that are moved by hand; refuses naive times."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""A function that tells the time as an aware datetime."""

_ROOM = timedelta(days=36_500)


def system_clock() -> datetime:
    """Return the real time, in UTC."""
    return datetime.now(UTC)


class MovableClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        """Start at `now`. Raises ValueError when it is naive."""
        self._now = _aware(now)

    def __call__(self) -> datetime:
        """Return the time it stands at."""
        return self._now

    def advance(self, step: timedelta) -> None:
        """Move the clock by `step`, which may be negative."""
        self._now += step


class ShiftedClock:
    """A clock that goes as another one does, `offset` ahead of it or, where that is negative, behind it."""

    def __init__(self, clock: Clock) -> None:
        """Start with no offset."""
        self._clock = clock
        self.offset = timedelta()

    def __call__(self) -> datetime:
        """Return the time that it shows."""
        return self._clock() + self.offset

    def advance(self, step: timedelta) -> None:
        """Move the clock by `step`, which may be negative. Raises OverflowError for a year before 101 or after 9899."""
        self._move(self.offset + step)

    def set(self, now: datetime) -> None:
        """Let it be `now`. Raises ValueError when that is naive, and OverflowError as `advance` does."""
        self._move(_aware(now) - self._clock())

    def _move(self, offset: timedelta) -> None:
        now = self._clock() + offset
        # Tried first: what lives a while from now has an end that must be a date, too.
        _ = now - _ROOM, now + _ROOM
        self.offset = offset


def shifted(clock: Clock) -> ShiftedClock:
    """Return a clock that can be moved and goes as `clock` does; one that is such a clock is returned as it is."""
    return clock if isinstance(clock, ShiftedClock) else ShiftedClock(clock)


def _aware(now: datetime) -> datetime:
    if now.utcoffset() is None:
        raise ValueError("a clock needs an aware datetime")
    return now
