"""From a new key in use to an old one that is gone. Owns when the old key is revoked, and by whom.

It is revoked by its id alone, and never where that is empty, is the current one, would leave none, or is what a place
that can be read tells still. That it is gone is only taken from a list that shows the new key: another account's list
shows neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from issuant.clock import in_words, minute_in_words
from issuant.errors import ByHandError, PermissionDeniedError, SinkNotReadyError, UsageError
from issuant.flow import Flow
from issuant.inventory import KeyInfo
from issuant.keys import KeyStatus
from issuant.rotation.placing import open_place, tried
from issuant.rotation.records import Operation
from issuant.rotation.states import State
from issuant.rotation.steps import Course, ask, local
from issuant.secret import Secret
from issuant.sinks.abilities import ReadsBack

if TYPE_CHECKING:
    from issuant.adapters import Account
    from issuant.rotation.ground import Ground
    from issuant.rotation.records import Credential
    from issuant.rotation.steps import Acting

_DEAD = frozenset({KeyStatus.EXPIRED, KeyStatus.DISABLED})
_BEHIND = "by the provider's clock as well, which is behind."


@dataclass(frozen=True, kw_only=True)
class _Sight:
    """The old key and the new one as one list shows them, None where it does not, and who has asked for it.

    `skew` is how far the provider's clock is ahead of this machine's.
    """

    old: KeyInfo | None
    new: KeyInfo | None
    account: Account | None
    skew: timedelta


def _look(ground: Ground, operation: Operation, label: str) -> Course[_Sight]:
    """Look at both keys, as who acts from now on. Raises UsageError where the list shows neither."""
    old_id, new_id = operation.old_key_id or "", operation.key_id or ""
    account = yield from acting(ground, operation)
    (old, new), skew = yield from ask(
        label, lambda own: _both(own, old_id, new_id, operation.old_owner), account=account
    )
    if old is None and new is None:
        raise UsageError(
            f"the list shows neither the old key {old_id} nor the new one {new_id}, so it tells nothing of them.",
            advice="Check as whom issuant acts: it may be another account. A list may lag behind, too: try `issuant"
            f" resume` later. Where both keys are gone for good, `issuant resume {operation.credential} --leave` ends"
            " it.",
            provider=ground.provider.name,
            id=new_id,
        )
    return _Sight(old=old, new=new, account=account, skew=skew)


def _both(
    own: Acting, old_id: str, new_id: str, owner: str | None
) -> Flow[tuple[tuple[KeyInfo | None, ...], timedelta]]:
    found = yield from own._shown((old_id, new_id), owner)
    return found, own.clock_skew or timedelta()


def wait_out(ground: Ground, operation: Operation) -> Course[Operation]:
    """GRACE: go on when the time is over by both clocks, and nobody uses the old key any more."""
    if operation.old_key_id is None:
        return (yield from local("write sweep", ground.journal.move, operation, State.SWEEP))
    sight = yield from _look(ground, operation, "look at the old key")
    if sight.old is None:
        note = "The old key was gone already."
        return (yield from local("write gone", ground.journal.move, operation, State.SWEEP, note=note))
    if not ground.force:
        note, due_at = _why_not_yet(operation, sight.old, min(ground.now(), ground.now() + sight.skew))
        if note:
            return (yield from local("write note", ground.journal.noted, operation, note=note, due_at=due_at))
    return (yield from local("write revoking", ground.journal.move, operation, State.REVOKING))


def _why_not_yet(operation: Operation, old: KeyInfo, now: datetime) -> tuple[str, datetime | None]:
    """Return why the old key is not revoked yet, empty where it may be, and when that may be over at the earliest."""
    over = _grace_over(operation)
    # A Date has whole seconds, so that without a grace it would be too early for up to one.
    if operation.grace and now < over:
        return f"The old key {old.id} lives on until {minute_in_words(over)} {_BEHIND}", None
    if operation.quiet is not None and old.last_used is not None and now - old.last_used < operation.quiet:
        quiet_at = old.last_used + operation.quiet
        used = f"The old key {old.id} was used at {minute_in_words(old.last_used)}: somebody still has it."
        quiet = f"It lives on until nobody has used it for {in_words(operation.quiet)}"
        return f"{used} {quiet}, which is {minute_in_words(quiet_at)} at the earliest.", quiet_at
    return "", None


def _grace_over(operation: Operation) -> datetime:
    return operation.changed_at + operation.grace


def is_held_up(operation: Operation, now: datetime) -> bool:
    """Tell whether the grace is over by this machine's clock, and something that was seen keeps the old key since."""
    if operation.state is not State.GRACE or now < _grace_over(operation):
        return False
    return operation.note.endswith(_BEHIND) or (operation.due_at is not None and operation.due_at > now)


def leave(ground: Ground, operation: Operation) -> Course[Operation]:
    """GRACE, REVOKING, AWAITING_HUMAN_REVOKE: let the old key live, and go on without. Raises UsageError elsewhere."""
    name, old_id = operation.credential, operation.old_key_id
    if not operation.state.is_promoted or operation.state.is_final:
        raise UsageError(
            f"what was open of {name} is at {operation.state.value!r}: no old key is to be revoked there.",
            advice=f"`issuant resume {name}` goes on, and `issuant rotate {name} --abandon` gives it up.",
            provider=ground.provider.name,
            field="leave",
        )
    if operation.state is State.SWEEP or not old_id:
        raise UsageError(
            f"no old key of {name} is waited for any more: it is at {operation.state.value!r}.",
            advice=f"`issuant resume {name}` goes on, and with --force waits for nothing.",
            provider=ground.provider.name,
            field="leave",
        )
    note = f"The old key {old_id} was left; `issuant strays` shows it."
    return (yield from local("write left", ground.journal.move, operation, State.SWEEP, note=note))


def retire(ground: Ground, operation: Operation) -> Course[Operation]:
    """REVOKING: revoke the old key, as the new one where the acting credential is the old one itself."""
    old_id, new_id = operation.old_key_id, operation.key_id
    if not old_id or not new_id or old_id == new_id:
        raise UsageError(
            "the journal names no old key that could be revoked.",
            advice="See `issuant journal`, and revoke it at the provider.",
            provider=ground.provider.name,
        )
    sight = yield from _look(ground, operation, "look at the new key")
    if sight.old is None:
        return (yield from local("write revoked", ground.journal.move, operation, State.SWEEP))
    if sight.new is None or sight.new.status in _DEAD:
        if ground.force:
            note = f"The new key is gone, so the old one was left: {old_id}."
            return (yield from local("write left", ground.journal.move, operation, State.SWEEP, note=note))
        raise UsageError(
            f"the new key {new_id} is not in the provider's list, or is dead; revoking the old one would leave none.",
            advice="A list may lag behind: try `issuant resume` later. Where the new key is gone for good, with --force"
            " it ends this rotation and leaves the old key; then rotate with --force.",
            provider=ground.provider.name,
            id=new_id,
        )
    if not ground.force:
        yield from local("look at the sinks", _check_places, ground)
    try:
        yield from ground.remove("revoke", old_id, account=sight.account)
    except PermissionDeniedError as error:
        error.advice += f" Where it is never granted, `issuant resume {operation.credential} --leave` ends it without."
        raise
    except ByHandError as error:
        note = f"{error.advice} It is {old_id}."
        return (
            yield from local("write by hand", ground.journal.move, operation, State.AWAITING_HUMAN_REVOKE, note=note)
        )
    return (yield from local("write revoked", ground.journal.move, operation, State.SWEEP))


def _check_places(ground: Ground) -> None:
    """Raise SinkNotReadyError where a place that can be read does not hold what it is to hold from now on."""
    current = ground.journal.credential(ground.credential.name)  # it has changed since the operation was taken up
    for line in current.sinks:
        place = open_place(line)
        if not isinstance(place.sink, ReadsBack):
            continue
        fault = None
        try:
            held = tried(place.sink, place.sink.read)
        except SinkNotReadyError as error:
            fault = f"it cannot be told what {place.sink.description} holds: {error.reason}"
        else:
            if held is None:
                fault = f"{place.sink.description} holds nothing any more."
            elif not _is_current(ground, current, held, takes_id=place.takes_id):
                fault = (
                    f"{place.sink.description} holds another {'id' if place.takes_id else 'value'} than the new one."
                )
        if fault is not None:
            raise SinkNotReadyError(
                f"{fault} Whoever reads it would be left with a key that is dead.",
                advice=f"Put the new one there, then `issuant resume {current.name}`; with --force it revokes the old"
                " key all the same.",
                provider=ground.provider.name,
                field="sink",
            )


def _is_current(ground: Ground, current: Credential, held: Secret, *, takes_id: bool) -> bool:
    if takes_id:
        return held == Secret(current.key_id or "")
    return ground.journal.fingerprint(held) == current.fingerprint


def acting(ground: Ground, operation: Operation) -> Course[Account | None]:
    """Return who acts from now on: None is the acting credential, unless that is the old key, which may be gone."""
    if not ground.acts_as(operation.old_key_id, operation.old_fingerprint):
        return None
    return (yield from local("read the new value back", _successor, ground, operation))


def _successor(ground: Ground, operation: Operation) -> Account:
    """Return the account that acts with the new key. Raises UsageError where no sink tells its value."""
    current = ground.journal.credential(ground.credential.name)  # it has changed since the operation was taken up
    for line in current.sinks:
        place = open_place(line)
        if place.takes_id or not isinstance(place.sink, ReadsBack):
            continue
        value = place.sink.read()
        if value is not None and ground.journal.fingerprint(value) == current.fingerprint:
            return ground.as_new(operation.key_id, value)
    raise UsageError(
        "the acting credential is the one that is to be revoked, and no sink tells the new value.",
        advice="Let issuant act with the new key (set its environment variable), then `issuant resume`.",
        provider=ground.provider.name,
    )


def await_removal(ground: Ground, operation: Operation) -> Course[Operation]:
    """AWAITING_HUMAN_REVOKE: go on once the list does not show the old key any more."""
    sight = yield from _look(ground, operation, "look for the old key")
    if sight.old is not None:
        return operation
    return (yield from local("write removed by hand", ground.journal.move, operation, State.SWEEP))
