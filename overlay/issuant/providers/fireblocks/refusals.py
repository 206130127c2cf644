"""How Fireblocks refuses, and what to do about it. Owns reading its error bodies, and the advice that is its own.

Facts
- Errors come in two shapes, {error: {type, message}} and {message, code}; some 401s call themselves
  application/octet-stream. What a reply calls itself is not looked at.
- The codes -10 and -12 of a 401 find fault with the times in the signed token.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from issuant.advice import LOOK_FIRST
from issuant.errors import (
    AuthenticationError,
    ConflictError,
    Effect,
    IssuantError,
    NotFoundError,
    OutcomeUnknownError,
    RefusedError,
    UnusableReplyError,
)
from issuant.inventory import KeyInfo, Page
from issuant.keys import VendorFields
from issuant.providers.fireblocks.account import NAME
from issuant.replies import Explanation, Reply, refusal

_SMALLEST_SKEW = timedelta(seconds=5)
_CLOCK_CODES = ("-10", "-12")
_BAD_REQUEST = 400
_INTERNAL = 500

WAITING = (
    "While it waits for approval, approvals() shows it by its time, as names are not told there; whether keys() shows "
    "it is unverified."
)
_SAME_KEY = (
    "Within 24 hours, repeat it with the same idempotency key and the same certificate request: "
    "if it took effect, the stored reply comes again and nothing is made twice."
)
_NEW_KEY = "Look at approvals() and keys(); if it is in neither, use a new idempotency key."
_KEPT_REQUEST = "The certificate request is on this error as `csr_pem`."
_KEPT_BOTH = "The private key and the certificate request are on this error as `private_key` and `csr_pem`."
_ASK_AS_BEFORE = "Within 24 hours, repeat it with the same idempotency key: a token that was issued comes again."
_ASK_ANEW = (
    "Repeat it with a new idempotency key; a token that was issued is good for an hour, and for this user alone."
)


def explain(reply: Reply) -> Explanation:
    """Return the words and the code of an error body, whichever of the two shapes it has."""
    found = reply.fields() or VendorFields({})
    inner = found.get("error")
    if isinstance(inner, dict):
        return reply.redactor.text(inner.get("message")), reply.redactor.code(inner.get("type")), ()
    return reply.redactor.text(found.get("message")), reply.redactor.code(found.get("code")), ()


def refused(reply: Reply, now: datetime) -> IssuantError:
    """Return the error for a reply that is not of the 2xx kind; for a 401 it tells of a clock that is off."""
    error = refusal(reply, now, explain)
    if isinstance(error, AuthenticationError):
        error.advice = f"{_on_clocks(reply.clock_skew(now), error.code)} {error.advice}".lstrip()
    return error


def _on_clocks(skew: timedelta | None, code: str | None) -> str:
    if skew is not None and abs(skew) > _SMALLEST_SKEW:
        side = "behind" if skew > timedelta() else "ahead of"
        return f"This machine's clock is {round(abs(skew).total_seconds())} seconds {side} Fireblocks': set it."
    return (
        "Fireblocks finds fault with the time of the signature: check this machine's clock."
        if code in _CLOCK_CODES
        else ""
    )


def is_internal_error(reply: Reply) -> bool:
    """Tell whether Fireblocks itself says that it has failed, and is done with the request.

    That is a 500 in one of its two shapes, with words and a code. A gateway answers with other statuses, or with words
    alone, and does not know what goes on behind it; nor does anybody where an attempt before had no reply.
    """
    words, code, _ = explain(reply)
    return reply.status == _INTERNAL and bool(words and code) and not reply.is_doubtful


def with_body(reply: Reply) -> UnusableReplyError:
    """Return the error for a 2xx reply to a request for an API user that is not empty, or was not when it was sent."""
    return UnusableReplyError(
        "the reply has a body, where an empty one means that approval was asked for.",
        advice=LOOK_FIRST,
        provider=reply.provider,
        operation=reply.operation,
        status=reply.status,
        request_id=reply.request_id,
        attempts=reply.attempts,
        effect=Effect.UNKNOWN,
    )


def without_caller(page: Page[KeyInfo]) -> IssuantError:
    """Return the error for a list of API users without that of the credential, or with some that may be it."""
    advice = "The credential is accepted; look in the console whose it is."
    if page.problems:
        return UnusableReplyError(
            f"the API user of the credential may be what cannot be read in the list: {page.problems[0]}.",
            advice=advice,
            provider=NAME,
            operation="whoami",
            request_id=page.request_id,
            effect=Effect.NONE,
        )
    return NotFoundError(
        "the list of API users does not have the one that the credential belongs to.",
        advice=advice,
        provider=NAME,
        operation="whoami",
        request_id=page.request_id,
    )


def on_listing(error: IssuantError) -> str:
    """Return what to do where it cannot be told whose a credential is, as it may not list the API users."""
    return f"The credential is accepted; only an admin or a non-signing admin may list API users. {error.advice}"


def on_creating(error: IssuantError, seen: str) -> str:
    """Return what to do about a request for an API user that failed. `seen` is what of it was found, in sentences."""
    if error.effect is Effect.UNKNOWN:
        advice = _SAME_KEY if _may_keep_key(error) else f"{_NEW_KEY} {seen}".rstrip()
        kept = _KEPT_REQUEST if error.private_key is None else _KEPT_BOTH
        return f"{error.advice.removesuffix(WAITING).rstrip().replace(LOOK_FIRST, advice)} {WAITING} {kept}"
    if error.effect is Effect.NONE and error.stored_in is not None:
        return (
            f"{error.advice} The private key in {error.stored_in} is of no use now: take it out before you try again."
        )
    return error.advice


def on_pairing(error: IssuantError) -> str:
    """Return what to do about a request for a pairing token that failed."""
    if error.effect is Effect.CREATED:
        return _ASK_ANEW
    if error.effect is Effect.UNKNOWN:
        return error.advice.replace(LOOK_FIRST, _ASK_AS_BEFORE if _may_keep_key(error) else _ASK_ANEW)
    if isinstance(error, ConflictError):
        return "Only a user whose status is PENDING_ACTIVATION gets a token; key() tells the status in its `fields`."
    return error.advice


def _may_keep_key(error: IssuantError) -> bool:
    """Tell whether the same idempotency key may be sent again. An internal error uses it up, and a 400 may say so."""
    if isinstance(error, RefusedError):
        return error.status != _BAD_REQUEST
    return isinstance(error, OutcomeUnknownError) and error.status is None
