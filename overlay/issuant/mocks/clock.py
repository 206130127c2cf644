"""The time a simulator goes by. Owns the real clock and one that a test moves by hand; refuses naive times."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""A function that tells the time as an aware datetime."""


def system_clock() -> datetime:
    """Return the real time, in UTC."""
    return datetime.now(UTC)


class MovableClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        """Start at `now`. Raises ValueError when it is naive."""
        if now.utcoffset() is None:
            raise ValueError("a clock needs an aware datetime")
        self._now = now

    def __call__(self) -> datetime:
        """Return the time it stands at."""
        return self._now

    def advance(self, step: timedelta) -> None:
        """Move the clock by `step`, which may be negative."""
        self._now += step
