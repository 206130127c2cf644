"""What tells the time. Owns the one real clock; whatever else needs the time takes a clock as an argument."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""What gives the time, aware."""


def now_utc() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)
