"""One at a time. Owns the locks under which many calls log in once: one for threads, one for the tasks of each event
loop. Refuses to wait longer than a client waits for a connection.

Facts
- A lock of anyio belongs to the event loop and to the task that took it; httpx drives an auth flow in one task.
- importing anyio takes time that a sync program need not spend.
"""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import cache
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from issuant.errors import NotSentError

if TYPE_CHECKING:
    import anyio
    from anyio.lowlevel import RunVar


class Turn:
    """What only one call does at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    @contextmanager
    def taken(self, seconds: float | None) -> Iterator[None]:
        """Wait for the turn, at most `seconds`, and hold it. Raises NotSentError."""
        if not self._lock.acquire(timeout=-1 if seconds is None else min(seconds, threading.TIMEOUT_MAX)):
            raise _waited()
        try:
            yield
        finally:
            self._lock.release()

    @asynccontextmanager
    async def taken_async(self, seconds: float | None) -> AsyncIterator[None]:
        """Wait for the turn among the tasks of this event loop. The twin of `taken`."""
        import anyio

        lock = _locks().setdefault(self, anyio.Lock())
        with anyio.move_on_after(seconds) as waiting:
            await lock.acquire()
        if waiting.cancelled_caught:
            raise _waited()
        try:
            yield
        finally:
            lock.release()


def _waited() -> NotSentError:
    error = NotSentError(
        "the login of another call did not end in time; the call was not sent.",
        advice="Nothing was changed. Try again.",
        operation="login",
    )
    error.is_passing = False  # it has waited already
    return error


@cache
def _locks_of_loops() -> RunVar[WeakKeyDictionary[Turn, anyio.Lock]]:
    from anyio.lowlevel import RunVar

    return RunVar("issuant.auth.turn")


def _locks() -> WeakKeyDictionary[Turn, anyio.Lock]:
    found = _locks_of_loops()
    try:
        return found.get()
    except LookupError:
        locks: WeakKeyDictionary[Turn, anyio.Lock] = WeakKeyDictionary()
    found.set(locks)
    return locks
