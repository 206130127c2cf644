"""When a call is sent again, and after how long. Owns that decision; sends nothing and never sleeps.

- What is known to have had no effect (no connection came about, 429) is sent again, whatever the call is.
- What may have had one (a lost reply, a 5xx) is sent again only where the call repeats: it reads or removes by an id.
  A create is never repeated blindly.
- A lost reply to a call with an idempotency key is asked for again; a 5xx may have used the key up, and is an answer.
- All else is an answer, and stays one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from issuant.errors import (
    IssuantError,
    NotSentError,
    OutcomeUnknownError,
    RateLimitedError,
    UnansweredError,
    UsageError,
)
from issuant.pacing import is_count

if TYPE_CHECKING:
    from issuant.flow import Call
    from issuant.replies import Reply

_TOO_MANY = 429
_TRANSIENT = frozenset({408, 500, 502, 503, 504}) | frozenset(range(520, 530))


@dataclass(frozen=True, kw_only=True)
class Retries:
    """How often a call is sent, and how long is waited in between. Raises UsageError for what makes no sense.

    Before the second attempt `first_wait` seconds pass, before each later one twice as many, at most `longest_wait`;
    each wait is cut at random to between half and all of it. Where the provider says how long to wait (Retry-After, in
    seconds or as a date), that long is waited; where it says more than `longest_retry_after` seconds, not at all: the
    error then carries `retry_after`.

    Attributes:
        attempts: how often a call is sent at most; 1 for never again.
        first_wait: seconds before the second attempt.
        longest_wait: seconds before any attempt, at most.
        longest_retry_after: the most seconds that are waited because the provider says so.
    """

    attempts: int = 3
    first_wait: float = 0.5
    longest_wait: float = 8.0
    longest_retry_after: float = 60.0

    def __post_init__(self) -> None:
        if not is_count(self.attempts, most=100):
            raise UsageError("attempts is not between 1 and 100.", advice="Give a number.", field="attempts")
        for name in ("first_wait", "longest_wait", "longest_retry_after"):
            value = getattr(self, name)
            if not isinstance(value, int | float) or not 0 <= value <= 86_400:
                raise UsageError(f"{name} is not between 0 seconds and a day.", advice="Give seconds.", field=name)


ONCE = Retries(attempts=1)


def check_retries(retries: object) -> None:
    """Raise UsageError for what are no Retries. None is the default."""
    if retries is not None and not isinstance(retries, Retries):
        raise UsageError("the retries are no Retries.", advice="Give Retries(attempts=…).", field="retries")


class Attempts:
    """The attempts at one call. Ask after each whether another follows.

    `made` counts them; what is refused here before anything could be sent is none. `is_doubtful` says that one of
    those before the last may have had an effect.
    """

    __slots__ = ("_call", "_draw", "_retries", "is_doubtful", "made")

    def __init__(self, call: Call, retries: Retries, draw: Callable[[], float]) -> None:
        self._call = call
        self._retries = retries
        self._draw = draw
        self.made = 0
        self.is_doubtful = False

    def wait_after(self, outcome: Reply | IssuantError, now: datetime) -> float | None:
        """Return the seconds to wait before the next attempt, None where this outcome is the last.

        `now` is the time at which a Retry-After that is a date is counted from.
        """
        if isinstance(outcome, UsageError):
            return None
        self.made += 1
        harmless, again = self._judged(outcome)
        if not again or self.made >= self._retries.attempts:
            return None
        asked = outcome.retry_after if isinstance(outcome, IssuantError) else outcome.retry_after(now)
        if asked is not None and asked > self._retries.longest_retry_after:
            return None
        self.is_doubtful = self.is_doubtful or not harmless
        if asked is not None:
            return asked
        wait = min(self._retries.first_wait * 2.0 ** (self.made - 1), self._retries.longest_wait)
        return wait * (0.5 + 0.5 * self._draw())

    def _judged(self, outcome: Reply | IssuantError) -> tuple[bool, bool]:
        """Tell whether an outcome is known to have changed nothing, and whether it is worth another attempt."""
        reads, asks_again = self._call.reads, self._call.repeats or self._call.keyed
        if not isinstance(outcome, IssuantError):
            if outcome.status == _TOO_MANY:
                return True, True
            if outcome.succeeded:
                return reads, outcome.broke_off and asks_again
            return reads, outcome.status in _TRANSIENT and self._call.repeats
        if isinstance(outcome, NotSentError):
            return True, outcome.is_passing
        if isinstance(outcome, RateLimitedError):  # a login before the call met it
            return True, True
        if isinstance(outcome, UnansweredError | OutcomeUnknownError):
            return reads, asks_again
        return True, False
