"""Getting a value into its sink without losing it. Owns the order of check, create and store.

A sink is checked before anything is created. What a sink raises never leaves as it is: its text may hold the value.
"""

from __future__ import annotations

from dataclasses import replace

from issuant.errors import IssuantError, SinkNotReadyError, StoreFailedError, UnusableReplyError
from issuant.flow import Flow, offload
from issuant.keys import IssuedKey, PendingApproval, Sink
from issuant.redaction import forms
from issuant.secret import Secret

Outcome = IssuedKey | PendingApproval
"""What comes of a request for a key."""


def check(sink: Sink, *, vacant: bool, value: Secret | None = None) -> Flow[object]:
    """Ask the sink whether it is ready, and return what it found. Raises SinkNotReadyError."""
    return (yield from offload(lambda: checked(sink, vacant=vacant, value=value)))


def store_first(sink: Sink, value: Secret, found: object) -> Flow[None]:
    """Store a value before anything is created. Raises SinkNotReadyError."""
    fault = yield from offload(lambda: stored(sink, value, found))
    if fault is not None:
        raise SinkNotReadyError(
            f"{sink.description} did not take the value: {fault}.",
            advice="Nothing was created. Mend the sink, or name another.",
            field="sink",
        )


def deliver(issuing: Flow[Outcome], sink: Sink | None, value: Secret | None = None) -> Flow[Outcome]:
    """Run `issuing` and put the value of the key that comes of it into the sink, where there is one.

    `value` is that of the key, where it is known beforehand.

    Raises StoreFailedError, with the key's id and value on it, where the sink fails after all.
    """
    if sink is None:
        return (yield from issuing)
    found = yield from check(sink, vacant=False, value=value)
    broken: UnusableReplyError | None = None
    try:
        outcome = yield from issuing
    except UnusableReplyError as error:
        broken = error
    if broken is not None:
        yield from _rescue(broken, sink, found)
        raise broken
    if not isinstance(outcome, IssuedKey):
        return outcome
    try:
        fault = yield from offload(lambda: stored(sink, outcome.secret, found))
    except IssuantError:  # it was interrupted; the key exists all the same
        fault = "it was interrupted, and may or may not have stored it"
    if fault is not None:
        raise StoreFailedError(
            f"the key {outcome.id} was created, and {sink.description} did not take its value: {fault}.",
            advice="The value is on this error as `secret`: store it elsewhere, or revoke the key.",
            provider=outcome.provider,
            operation="issue",
            id=outcome.id,
            secret=outcome.secret,
            request_id=outcome.request_id,
            idempotency_key=outcome.idempotency_key,
        )
    return replace(outcome, stored_in=sink.description)


def _rescue(error: UnusableReplyError, sink: Sink, found: object) -> Flow[None]:
    value = error.secret
    if value is None:
        return
    try:
        fault = yield from offload(lambda: stored(sink, value, found))
    except IssuantError:  # it was interrupted; what the error carries is still to be told
        return
    if fault is None:
        error.stored_in = sink.description
        error.advice = "Look at the key in the provider's list before you use it."


def checked(sink: Sink, *, vacant: bool, value: Secret | None) -> object:
    """Return what the sink found, at once. Raises SinkNotReadyError."""
    if isinstance(sink, str):
        raise SinkNotReadyError(
            "the sink is a text.", advice='Give open_sink("env:PATH#NAME") or open_sink("file:PATH").', field="sink"
        )
    cause = None
    try:
        return sink.check(vacant=vacant, value=value)
    except IssuantError:
        raise
    except Exception as error:  # noqa: BLE001 - a sink of the caller's own may raise anything
        cause = _shown(error, value)
    raise SinkNotReadyError(f"the sink is not ready: {cause}.", advice="Mend the sink, or name another.", field="sink")


def stored(sink: Sink, value: Secret, found: object) -> str | None:
    """Store a value, at once, and return why the sink did not take it; None where it did."""
    try:
        sink.store(value, found)
    except Exception as cause:  # noqa: BLE001 - the value exists by now, and must not be lost to a sink's bug
        return _shown(cause, value)
    return None


def _shown(cause: Exception, value: Secret | None) -> str:
    words = _words(cause)
    if value is not None and any(form in words for form in forms(value)):
        return type(cause).__name__
    return words


def _words(cause: Exception) -> str:
    if isinstance(cause, IssuantError):
        return cause.reason.rstrip(".")
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror
    return type(cause).__name__
