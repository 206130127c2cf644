"""What a request for an API user may have left behind after an internal error. Owns telling that from what was there.

It says "nothing" only where both lists are complete and neither shows anything that may be of the request.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from issuant.errors import IssuantError
from issuant.inventory import Approval, KeyInfo, Page
from issuant.providers.fireblocks.refusals import on_creating
from issuant.providers.fireblocks.request import usable_key
from issuant.providers.fireblocks.users import may_hide

_TOLERANCE = timedelta(seconds=60)  # between two clocks, of which one is known to a second


@dataclass
class Course:
    """How far asking for a user has come: the idempotency key in use, the attempts before it, and what was seen."""

    key: str
    attempts: int = 0
    seen: str = ""

    def begin_anew(self, attempts: int) -> None:
        """Go on with a new idempotency key after so many attempts with the old one."""
        self.key = usable_key(None)
        self.attempts = attempts

    def complete(self, error: IssuantError) -> None:
        """Let an error say how far it has come, and what to do."""
        error.idempotency_key = self.key
        error.attempts += self.attempts
        error.advice = on_creating(error, self.seen)


def of_users(name: str, users: Page[KeyInfo]) -> str:
    """Tell, in a sentence, what of a request for `name` is among the users; empty for nothing."""
    if any(key.name == name for key in users.items):
        return "There is an API user of that name, which may be older."
    if may_hide(name, users):
        return "The list of API users has some that cannot be read, or have no name."
    return ""


def of_approvals(since: datetime, approvals: Page[Approval]) -> str:
    """Tell, in a sentence, what of a request may be among those that wait; empty for nothing.

    `since` is when it was sent, by the provider's clock.
    """
    if any(one.asked_at is None or one.asked_at >= since - _TOLERANCE for one in approvals.items):
        return "A request that was made about then waits for approval; it may be this one."
    if approvals.problems:
        return "The list of approval requests has some that cannot be read."
    return ""


def unseen(what: str, error: IssuantError) -> str:
    """Tell, in a sentence, that a list could not be had."""
    return f"The list of {what} could not be had: {error.reason.rstrip('.')}."
