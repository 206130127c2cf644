"""What tells the time. Owns the one real clock, which others take as an argument, and how times are said in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""What gives the time, aware."""

_UNITS = (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))


def now_utc() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


def minute_in_words(time: datetime) -> str:
    """Return a time to the minute, such as `2026-05-01 12:00 UTC`."""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def in_words(lasting: timedelta) -> str:
    """Return a length of time in the largest unit that has it whole, such as `1 day`, `36 hours` or `90 minutes`."""
    fits = (unit for unit in _UNITS if lasting and not lasting % unit[1])
    name, length = next(fits, ("second", timedelta(seconds=1)))
    count = lasting / length
    return f"{count:.15g} {name}" if count == 1 else f"{count:.15g} {name}s"
