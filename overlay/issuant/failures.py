"""Why no reply came. Owns turning what httpx raises, and what interrupts a call, into errors of ours; each says whether
the call may have taken effect.
"""

from __future__ import annotations

import httpx

from issuant.errors import IssuantError, NotSentError, OutcomeUnknownError, UnansweredError, UsageError
from issuant.flow import Call, Step
from issuant.replies import AGAIN, LOOK_FIRST, Reply, unusable

# What httpx raises before the first byte of a request has gone out. All else may have reached the provider;
# InvalidURL and UnsupportedProtocol come from the Location of a redirect, as the base URL has been checked.
_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.LocalProtocolError,
)

# Another attempt would meet the same: the pool is full of calls of ours, and the request stays what it is.
_LASTING = (httpx.PoolTimeout, httpx.LocalProtocolError)

_REASONS = (
    (httpx.ConnectTimeout, "no connection came about in time"),
    (httpx.PoolTimeout, "no connection of the pool became free in time"),
    (httpx.ProxyError, "the proxy refused the connection"),
    (httpx.ConnectError, "no connection could be made"),
    (httpx.ReadTimeout, "no reply came in time"),
    (httpx.WriteTimeout, "the request could not be sent in time"),
    (httpx.RemoteProtocolError, "the connection broke off without a proper reply"),
    (httpx.DecodingError, "the reply could not be decoded"),
    (httpx.NetworkError, "the connection broke off"),
    (httpx.LocalProtocolError, "the request cannot be sent as HTTP"),
    (httpx.InvalidURL, "the provider redirects to what is no URL"),
    (httpx.UnsupportedProtocol, "the provider redirects to what is neither http nor https"),
)


def failed(call: Call, request: httpx.Request, cause: Exception, provider: str) -> IssuantError:
    """Return the error for a request of `call` that had no reply, as httpx or a transport of one's own raised it."""
    reason = next((text for kind, text in _REASONS if isinstance(cause, kind)), "the HTTP client failed")
    reason = f"{reason} ({type(cause).__name__})"
    # The auth sends requests of its own before the call: a login, whose loss the call has not felt.
    before = getattr(cause, "_request", None)
    is_before = before is not None and before is not request
    if is_before or isinstance(cause, _NEVER_SENT):
        failure = NotSentError(
            f"{'the login: ' if is_before else ''}{reason}.",
            advice="Nothing was sent. Check the network and the base URL, then try again.",
            provider=provider,
            operation=call.operation,
        )
        failure.is_passing = not isinstance(cause, _LASTING)
        return failure
    return unclear(call, reason, provider)


def unclear(call: Call, reason: str, provider: str) -> IssuantError:
    """Return the error for a call that may have reached the provider, and has no reply; `reason` has no full stop."""
    if call.reads:
        return UnansweredError(
            f"{reason}.", advice="Nothing was changed. Try again.", provider=provider, operation=call.operation
        )
    return OutcomeUnknownError(
        f"{reason}; the call may have taken effect.",
        advice=AGAIN if call.repeats else LOOK_FIRST,
        provider=provider,
        operation=call.operation,
    )


def doubtful(call: Call, last: IssuantError, provider: str) -> IssuantError:
    """Return the error for a call whose last attempt had no effect, and one before it may have had."""
    error = unclear(call, f"an attempt had no reply, and after it {last.reason.rstrip('.')}", provider)
    error.status, error.request_id, error.retry_after = last.status, last.request_id, last.retry_after
    return error


def interrupted(step: Step, provider: str, reply: Reply | None = None) -> IssuantError:
    """Return the error for a step that was interrupted: other work than a call sends nothing.

    Of a `reply` that had come by then, it has what it tells of what was created.
    """
    if isinstance(step, Call) and step.may_have_acted:
        error = unclear(step, "it was interrupted while the provider was being asked", provider)
        if reply is not None:
            error = _cut_short(step, error, reply)
        for name, value in step.held.items():
            setattr(error, name, value)
        return error
    return NotSentError(
        "it was interrupted before anything was sent.",
        advice="Start again.",
        provider=provider,
        operation=step.operation if isinstance(step, Call) else None,
    )


def _cut_short(call: Call, error: IssuantError, reply: Reply) -> IssuantError:
    """Return the error for a call that was interrupted when a reply had come: `error`, where that shows no success."""
    if reply.succeeded and call.id_field is not None:
        found = unusable(
            reply, ("it was interrupted before that",), id_field=call.id_field, value_field=call.value_field
        )
        if found.secret is not None:
            found.advice = "The value is on this error as `secret`: store it, or revoke the key."
        return found
    error.status, error.request_id = reply.status, reply.request_id
    return error


def unbuildable(call: Call, kind: type[Exception], provider: str) -> NotSentError:
    """Return the error for a call that httpx can make no request of."""
    failure = NotSentError(
        f"no request can be made of it ({kind.__name__}).",
        advice="Check what was given for characters that a URL or a header cannot hold.",
        provider=provider,
        operation=call.operation,
    )
    failure.is_passing = False
    return failure


def closed(call: Call, provider: str) -> UsageError:
    """Return the error for a call on a connection that is closed."""
    return UsageError(
        "the connection is closed.",
        advice="Open a new one with connect().",
        provider=provider,
        operation=call.operation,
    )
