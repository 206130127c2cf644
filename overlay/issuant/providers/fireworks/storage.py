"""Storing a secret at Fireworks. Owns what a create and an update mean together; knows neither's words.

With `replace` all of it may be sent again, as the same id gets the same value.
"""

from __future__ import annotations

from dataclasses import replace as changed

from issuant.advice import AGAIN
from issuant.clock import Clock
from issuant.errors import Effect, IssuantError
from issuant.flow import Flow, answered, exchange
from issuant.keys import StoredSecret
from issuant.providers.fireworks import secrets
from issuant.providers.fireworks.wire import explain, tells_conflict
from issuant.replies import Reply, refusal, unusable
from issuant.secret import Secret

_THERE = "To replace it, leave replace=False out; or take another id."
_STORED = "It was stored: look with secret() before you repeat the call."
MISNAMED = "name is that of another secret"


def store(
    account: str,
    id: str,  # noqa: A002 - the field's own name
    key_name: str,
    value: Secret,
    *,
    replace: bool,
    clock: Clock,
) -> Flow[StoredSecret]:
    """Create a secret; with `replace`, update the one that is there.

    It is `replaced` where one was there for certain: after an attempt to create it that had no reply, the one that is
    there may be ours.
    """
    traced = secrets.traced(account, id, key_name, value)
    reply = yield from exchange(secrets.create_call(account, id, key_name, value, repeats=replace))
    if replace and tells_conflict(reply):
        call, is_doubtful = secrets.update_call(account, id, key_name, value), reply.is_doubtful
        reply = yield from _after_doubt(answered(call, clock, explain), is_doubtful)
        stored = secrets.read_updated(reply, traced)
        was_there = not is_doubtful
    elif not reply.succeeded:
        error = refusal(reply, clock(), explain)
        if tells_conflict(reply) and error.effect is Effect.NONE:
            error.advice = _THERE
        raise error
    else:
        stored, was_there = secrets.read_created(reply, traced), False
    if isinstance(stored, StoredSecret) and stored.id != id:
        stored = (MISNAMED,)
    if not isinstance(stored, StoredSecret):
        unread = unusable(reply, stored)
        if unread.effect is Effect.CREATED:
            unread.advice = AGAIN if replace else _STORED
        raise unread
    return changed(stored, replaced=was_there)


def _after_doubt(update: Flow[Reply], is_doubtful: bool) -> Flow[Reply]:
    """Send an update; where a create before it is in doubt, an update that fails does not mean that nothing changed."""
    try:
        return (yield from update)
    except IssuantError as error:
        if is_doubtful and error.effect is Effect.NONE:
            error.effect = Effect.UNKNOWN
            error.advice = f"An attempt to create the secret had no reply, and may have stored the value. {AGAIN}"
        raise
