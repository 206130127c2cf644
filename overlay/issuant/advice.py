"""What to do next, in words, about a reply that is no success. Owns the meaning of each status, and the sentences that
several kinds of error share; knows no reply's body.

Facts
- What is asked for by an id is a 404 where the id is wrong; where none is named, the address is: an account, a project.
- A proxy refuses in the place of the provider, and a 4xx of it has no words that the provider's adapter can read. Some
  statuses mean the same whoever sends them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Protocol

from issuant import errors
from issuant.errors import IssuantError
from issuant.salvage import Field

AGAIN = "Repeat the call: twice has the same effect as once."
LOOK_FIRST = "Look for its name in the provider's list before you repeat the call: it may have taken effect."
NOT_THEIRS = "Check the base URL, and whether a proxy answers in the provider's place; then try again."
TELL_THEM = "Try again; if it stays so, tell the provider."

_WITHOUT_VALUE = "If the key is there and you do not have its value, revoke it."
_FIND_IT = "It was created: look for its name in the provider's list before you repeat the call."
_LOSE_IT = "It was created, and its value did not come: look for its name in the provider's list, and revoke it."
_CORRECT = "Correct the request."
_TRY_LATER = "Nothing was changed. Try again later."
_UNEXPLAINED = "The reply has no words of the provider's: a proxy on the way may be what refused."

_BY_ID = frozenset({"approval", "delete_secret", "pairing_token", "revoke", "secret", "user", "whitelisted_ips"})
_SAME_FROM_ALL = frozenset({402, 407, 409, 429})
_UNITS = (("days", 86_400), ("hours", 3_600), ("minutes", 60))


class Asked(Protocol):
    """What a call, and the reply to it, tell of the call."""

    @property
    def operation(self) -> str: ...
    @property
    def repeats(self) -> bool: ...
    @property
    def value_field(self) -> Field | None: ...


class Answered(Asked, Protocol):
    """What a reply tells besides."""

    @property
    def status(self) -> int: ...
    @property
    def reads(self) -> bool: ...
    @property
    def is_doubtful(self) -> bool: ...


MEANINGS: Mapping[int, tuple[type[IssuantError], str, str]] = {
    400: (errors.RefusedError, "the provider refused the request", _CORRECT),
    401: (
        errors.AuthenticationError,
        "the provider does not accept the credential",
        "Check the credential: that it is whole, has not expired, and belongs to this server.",
    ),
    402: (errors.RefusedError, "the provider wants to be paid first", "Check the plan and the billing of the account."),
    403: (
        errors.PermissionDeniedError,
        "the credential may not do this",
        "Use a credential with that permission, or have it granted.",
    ),
    404: (
        errors.NotFoundError,
        "the provider does not know what the request names",
        "Check the account, user or project, and the base URL.",
    ),
    407: (
        errors.RefusedError,
        "the proxy wants a user name and a password, or others",
        "Put them into the URL of the proxy.",
    ),
    409: (
        errors.ConflictError,
        "it is in conflict with what is there",
        "Choose another name or value, or look at what is there.",
    ),
    422: (errors.RefusedError, "the provider refused the request", "Correct the fields that it names."),
    429: (errors.RateLimitedError, "the provider limits how often it is asked", ""),
}


def meaning(reply: Answered) -> tuple[type[IssuantError], str, str]:
    """Return the kind of error that a status is, what it says, and what to do about it."""
    status = reply.status
    if status in MEANINGS:
        return MEANINGS[status]
    if 400 <= status <= 499 and status != 408:  # 408: the server waited for a request that may have been complete
        return errors.RefusedError, "the provider refused the request", _CORRECT
    kind: type[IssuantError] = errors.UnansweredError if reply.reads else errors.OutcomeUnknownError
    if 300 <= status <= 399:
        return kind, "the provider redirects elsewhere, which is not followed", "Check the base URL."
    return kind, "the provider failed", _TRY_LATER if reply.reads else ""


def fitting(advice: str, reply: Answered, retry_after: float | None, *, is_explained: bool) -> str:
    """Return the advice on a status as it fits this reply: what was asked for, and what the provider says of it."""
    if reply.status == 429:
        return f"{waiting(retry_after)}." if reply.is_doubtful else f"{waiting(retry_after)}, then try again."
    if retry_after and advice == _TRY_LATER:
        return f"Nothing was changed. {waiting(retry_after)}, then try again."
    if retry_after and not advice:
        return f"{waiting(retry_after)}."
    if reply.status == 404 and reply.operation in _BY_ID:
        advice = "Check the id first; then the account, user or project, and the base URL."
    if not is_explained and 400 <= reply.status <= 499 and reply.status not in _SAME_FROM_ALL:
        return f"{advice} {_UNEXPLAINED}".lstrip()
    return advice


def after_doubt(asked: Asked) -> str:
    """Return what to do about a call that may have taken effect."""
    if asked.repeats:
        return f"It may have taken effect. {AGAIN}"
    return f"{LOOK_FIRST} {_WITHOUT_VALUE}" if _may_lose_value(asked) else LOOK_FIRST


def _may_lose_value(asked: Asked) -> bool:
    # The token of a pairing is a value as well; it is in no list, and asking once more brings it again.
    return asked.operation == "issue" and asked.value_field is not None


def on_what_came(asked: Asked, id: str | None, *, has_value: bool) -> str:  # noqa: A002 - the field's own name
    """Return what to do about what was made, by what its reply tells of it: its id, its value, or neither."""
    if has_value:
        revoke = f"revoke {id}" if id else "look for its name in the provider's list, and revoke it"
        return f"The value is on this error as `secret`: keep it, or {revoke}."
    if id:
        return f"Revoke {id} there before you try again: its value did not come."
    if asked.repeats:
        return AGAIN
    return _LOSE_IT if _may_lose_value(asked) else _FIND_IT


def waiting(seconds: float | None) -> str:
    """Return how long to wait as the beginning of a sentence, in the largest unit of which it is more than two."""
    if not seconds:
        return "Wait"
    for unit, length in _UNITS:
        if seconds > 2 * length:
            return f"Wait {math.ceil(seconds / length)} {unit}"
    whole = math.ceil(seconds)
    return f"Wait {whole} {'second' if whole == 1 else 'seconds'}"
