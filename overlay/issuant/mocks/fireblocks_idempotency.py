"""What the Fireblocks simulator remembers of Idempotency-Key. Owns the stored replies and their time.

Facts
- A key has 1 to 40 characters and holds for 24 hours; the stored reply is sent again, whatever the body says.
- After an internal error the same key gives 400. Only what took effect is stored: a refusal is not.
- A key is its caller's own, and that of one path; the latter is not verified.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .clock import Clock
from .messages import Reply, Request

REMEMBERED = timedelta(hours=24)
MOST_CHARACTERS = 40

_HEADER = "idempotency-key"
_BURNT = "This operation doesn't support the usage of the same idempotency key after an internal error"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a key stands for: the stored reply, or None after an internal error."""

    reply: Reply | None = field(repr=False)
    until: datetime


class Outcomes:
    """The outcomes by caller, path and key."""

    STATE = ("kept",)

    def __init__(self, *, clock: Clock) -> None:
        """Start with none."""
        self.kept: dict[tuple[str, str, str], Outcome] = {}
        self._clock = clock

    def check(self, request: Request) -> None:
        """Raise ValueError when the key of `request` is none that may be sent; one that is no POST needs none."""
        key = request.headers.get(_HEADER)
        if request.method == "POST" and key is not None and not 1 <= len(key) <= MOST_CHARACTERS:
            raise ValueError(f"Idempotency-Key must have 1 to {MOST_CHARACTERS} characters")

    def once(self, request: Request, caller: str, act: Callable[[], Reply]) -> Reply:
        """Return the stored reply, or that of `act`, which is stored. Raises ValueError for a key that is burnt."""
        place = _place(request, caller)
        if place is None:
            return act()
        earlier = self.kept.get(place)
        if earlier is None or earlier.until <= self._clock():
            reply = act()
            self.kept[place] = self._outcome(reply)
            return reply
        if earlier.reply is None:
            raise ValueError(_BURNT)
        return earlier.reply

    def burn(self, request: Request) -> None:
        """Note that `request` is about to get a 5xx."""
        place = _place(request, request.headers.get("x-api-key", ""))
        if place is not None and request.method == "POST":
            self.kept[place] = self._outcome(None)

    def _outcome(self, reply: Reply | None) -> Outcome:
        return Outcome(reply=reply, until=self._clock() + REMEMBERED)


def _place(request: Request, caller: str) -> tuple[str, str, str] | None:
    key = request.headers.get(_HEADER)
    return None if key is None else (caller, request.path, key)
