"""What can be done with a credential, as courses that either driver can run: issue, adopt, rotate, resume, give up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from issuant.clock import in_words, minute_in_words
from issuant.errors import NotFoundError, UsageError
from issuant.keys import KeyStatus
from issuant.rotation import preflight
from issuant.rotation.ground import shown
from issuant.rotation.markers import marked, new_code
from issuant.rotation.placing import open_place
from issuant.rotation.protocol import carry_on
from issuant.rotation.readiness import ready_places
from issuant.rotation.records import Credential, Delivered, Operation, Standing
from issuant.rotation.steps import Course, ask, local
from issuant.rotation.templates import loads
from issuant.secret import Secret
from issuant.sinks import lasting, open_sink
from issuant.sinks.abilities import ReadsBack, Stages

if TYPE_CHECKING:
    from issuant.inventory import KeyInfo
    from issuant.providers import Provider
    from issuant.rotation.ground import Ground


def issue(ground: Ground) -> Course[Operation]:
    """Enter the credential of `ground`, and make its first key."""
    yield from local("check name", ground.journal.check_vacant, ground.credential.name)
    code = _fitting_code(ground, None)
    ground = yield from ground.scoped()
    findings = yield from preflight.look(ground, old_id=None, kept=(), quiet=None, probes=False)
    begun = yield from local("write intent", ground.journal.begin, ground.credential, code=code, found=findings.places)
    return (yield from carry_on(ground, begun, is_scoped=True))


def _fitting_code(ground: Ground, lifetime: timedelta | None) -> str:
    """Return the code of a new operation. Raises UsageError where a key of such a name or lifetime cannot be had."""
    code = new_code()
    name = marked(ground.credential.stem, code, 1, longest=ground.turning.longest_name)
    loads(ground.provider, ground.credential.request, name=name, expires_in=lifetime).expiry(ground.now())
    return code


def rotate(
    ground: Ground, *, grace: timedelta, quiet: timedelta | None, lifetime: timedelta | None
) -> Course[Operation]:
    """Let another key take the place of the credential's. Its places may be others than those in the journal."""
    preflight.check_times(grace=grace, quiet=quiet, expires_in=lifetime)
    code = _fitting_code(ground, lifetime)
    findings, _ = yield from _looked_at(ground, quiet=quiet, probes=True)
    begun = yield from local(
        "write intent",
        ground.journal.begin,
        ground.credential,
        code=code,
        found=findings.places,
        grace=grace,
        quiet=quiet,
        lifetime=lifetime,
    )
    return (yield from carry_on(ground, begun, is_scoped=True))


def _looked_at(
    ground: Ground, *, quiet: timedelta | None, probes: bool
) -> Course[tuple[preflight.Findings, tuple[str, ...]]]:
    """Return what is found before a rotation, and the places that the credential has had until now."""
    name, old_id = ground.credential.name, ground.credential.key_id
    yield from local("check open", ground.journal.check_idle, name)
    yield from ground.check_scope()
    kept = (yield from local("read sinks", ground.journal.credential, name)).sinks
    findings = yield from preflight.look(ground, old_id=old_id, kept=kept, quiet=quiet, probes=probes)
    return findings, kept


def redirect(ground: Ground, operation: Operation) -> Course[Operation]:
    """Let the value of an operation go to the places of `ground` instead, where one of the others is gone for good.

    Raises UsageError once the value is not in the journal any more, SinkNotReadyError for a new place that could not
    take it; then nothing is changed.
    """
    name, places = ground.credential.name, ground.credential.sinks
    if operation.state.is_promoted or operation.state.is_final:
        raise UsageError(
            f"what was open of {name} is at {operation.state.value!r}: every sink holds the new value, and the journal"
            " does not any more.",
            advice="Let it come to its end; then `issuant rotate NAME --to SINK` makes another key.",
            provider=ground.provider.name,
            field="sinks",
        )
    deliveries = yield from local("read deliveries", ground.journal.deliveries, operation)
    present = [delivery.place for delivery in deliveries if delivery.state is not Delivered.DROPPED]
    kept = (yield from local("read sinks", ground.journal.credential, name)).sinks
    found = yield from local("check sinks", ready_places, ground, kept=kept, besides=present)
    return (yield from local("write sinks", ground.journal.redirected, operation, places, found=found))


def looked_up(provider: Provider, key_id: str, owner: str | None) -> Course[KeyInfo]:
    """Return the key that is to be adopted. Raises NotFoundError, and UsageError for one that is dead."""
    key = yield from ask("look at the key", lambda own: shown(own, key_id, owner))
    if key is None:
        raise NotFoundError(
            f"no key of that list has the id {key_id!r}.",
            advice="`issuant keys` shows them; a key of another user needs that user named.",
            provider=provider.name,
            id=key_id,
        )
    if key.status in (KeyStatus.EXPIRED, KeyStatus.DISABLED):
        raise UsageError(
            f"the key {key.id} is {key.status.value}.",
            advice="Issue a new one with `issuant issue … --as NAME`.",
            provider=provider.name,
            id=key.id,
        )
    return key


def adopt(ground: Ground, *, key: KeyInfo, source: str) -> Course[Credential]:
    """Enter the credential of `ground`, whose key exists already and whose value the sink `source` holds."""
    yield from local("check name", ground.journal.check_vacant, ground.credential.name)
    value = yield from local("read the value", _held, source)
    yield from local("look whose it is", _check_free, ground, key)
    yield from _prove(ground, key, value)
    ground = yield from ground.scoped()
    entered = replace(
        ground.credential,
        key_id=key.id,
        key_name=key.name,
        expires_at=key.expires_at,
        fingerprint=ground.journal.fingerprint(value),
    )
    yield from local("check sinks", ready_places, replace(ground, credential=entered), kept=(lasting(source),))
    return (yield from local("write credential", ground.journal.enter, entered))


def _check_free(ground: Ground, key: KeyInfo) -> None:
    """Raise UsageError for a key that is another credential's, or that an operation has in work."""
    base_url = ground.credential.base_url
    found = ground.journal.standing(ground.provider.name, base_url, key_id=key.id, key_name=key.name)
    if found.standing in (Standing.CURRENT, Standing.IN_WORK):
        what = "is the key" if found.standing is Standing.CURRENT else "is in work for a rotation"
        raise UsageError(
            f"{key.id} {what} of {found.credential!r}.",
            advice="Rotate it by that name; one key that two look after would be revoked under one of them.",
            provider=ground.provider.name,
            id=key.id,
        )


def _held(source: str) -> Secret:
    sink = open_sink(source)
    value = sink.read() if isinstance(sink, ReadsBack) else None
    if value is None:
        reason = "holds no value" if isinstance(sink, ReadsBack) else "cannot be read back"
        raise UsageError(
            f"{sink.description} {reason}.", advice="Name the sink that holds the key's value.", field="source"
        )
    return value


def _prove(ground: Ground, key: KeyInfo, value: Secret) -> Course[None]:
    """Raise UsageError unless the value is one that the provider accepts, and looks like the key's as it is listed."""
    reason = None
    if not ground.turning.fits(key, value):
        reason = f"the value is not that of the key {key.id}, which is listed as {key.hint}"
    elif (yield from ground.refusal("prove", ground.as_new(key.id, value))) is not None:
        reason = f"{ground.provider.title} does not accept the value"
    if reason is not None:
        raise UsageError(
            f"{reason}.", advice="Name the sink that holds this key's value.", provider=ground.provider.name, id=key.id
        )


def plan(
    ground: Ground, *, grace: timedelta, quiet: timedelta | None, lifetime: timedelta | None
) -> Course[tuple[str, ...]]:
    """Return every step that a rotation would take, in sentences. Nothing is written anywhere."""
    preflight.check_times(grace=grace, quiet=quiet, expires_in=lifetime)
    findings, kept = yield from _looked_at(ground, quiet=quiet, probes=False)
    steps = _creation_steps(ground, lifetime)
    steps += _delivery_steps(ground.credential.sinks)
    for place in kept:
        if place not in ground.credential.sinks:
            steps.append(f"Leave {open_place(place).sink.description} with the old value: it is not kept up any more.")
    steps.append("Make it the credential's key, and wipe its value from the journal.")
    if findings.old is None:
        steps.append(f"Find the old key {ground.credential.key_id} gone.")
    else:
        steps += _retirement_steps(ground, findings.old.id, grace, quiet)
    steps.append("Look for keys that attempts of this rotation have left, and remove them.")
    return tuple(steps)


def _creation_steps(ground: Ground, lifetime: timedelta | None) -> list[str]:
    title, can = ground.provider.title, ground.provider.capabilities
    name = marked(ground.credential.stem, "0" * 8, 1, longest=ground.turning.longest_name)
    expiry = loads(ground.provider, ground.credential.request, name=name, expires_in=lifetime).expiry(ground.now())
    life = "never expires" if expiry is None else f"expires at {minute_in_words(expiry)}, if it is made now"
    steps = ["Look whether the sinks can take a value, and whether the provider lists the old key."]
    if can.revokes_keys:
        steps.append(f"Ask {title} to remove a key that does not exist: the answer tells whether keys may be revoked.")
    asked = f"Write down the intent, then ask {title} once for a key named like {name}"
    steps.append(f"{asked}, which {life}." if can.sets_expiry else f"{asked}.")
    if can.needs_approval:
        steps.append(f"Wait until people have approved it at {title}, and set its device up where its role needs one.")
    steps.append("Seal its value in the journal, and let the provider accept it once.")
    return steps


def _retirement_steps(ground: Ground, old: str, grace: timedelta, quiet: timedelta | None) -> list[str]:
    steps = []
    if grace and not ground.force:
        steps.append(f"Let the old key {old} live on for {in_words(grace)}, by the provider's clock as well.")
    if quiet is not None and not ground.force:
        steps.append(f"Wait until nobody has used the old key for {in_words(quiet)}.")
    acting = ""
    if ground.acts_as(old, ground.credential.fingerprint):
        places = [open_place(line) for line in ground.credential.sinks]
        readable = [one.sink.description for one in places if isinstance(one.sink, ReadsBack) and not one.takes_id]
        if readable:
            acting = f", acting as the new key, whose value {readable[0]} tells: {old} is what issuant acts with now"
        else:
            steps.append(f"Wait until issuant is given the new key to act with: {old} is what it acts with now.")
    can = ground.provider.capabilities
    by_hand = f"Say who has to remove {old}, and wait until it is gone{acting}."
    steps.append(f"Revoke {old} by its id{acting}." if can.revokes_keys else by_hand)
    return steps


def _delivery_steps(places: Sequence[str]) -> list[str]:
    staging, storing = [], []
    for place in map(open_place, places):
        what = "the key's id" if place.takes_id else "the value"
        if isinstance(place.sink, Stages):
            staging.append(f"Put {what} into the pending slot of {place.sink.description}.")
        read = ", and read it back" if isinstance(place.sink, ReadsBack) else ""
        storing.append(f"Put {what} into {place.sink.description}{read}.")
    return staging + storing
