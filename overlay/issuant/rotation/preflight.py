"""What is looked at before anything is written anywhere. Owns the questions that change nothing."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from issuant.errors import ConflictError, Effect, IssuantError, NotFoundError, PermissionDeniedError, UsageError
from issuant.inventory import KeyInfo
from issuant.keys import invalid
from issuant.rotation.readiness import ready_places
from issuant.rotation.records import LONGEST
from issuant.rotation.steps import Course, ask, local

if TYPE_CHECKING:
    from issuant.rotation.ground import Ground


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What was found: the old key as the provider lists it, and what each place holds now, by its line."""

    old: KeyInfo | None
    places: dict[str, object]


def look(
    ground: Ground, *, old_id: str | None, kept: Collection[str], quiet: timedelta | None, probes: bool
) -> Course[Findings]:
    """Raise for whatever would keep an operation from its end, as far as it can be seen beforehand.

    `kept` are the places that the credential has had, as in `ready_places`.
    With `probes`, the removal of a key that does not exist is asked for, which shows whether keys may be revoked.
    """
    places = yield from local("check sinks", ready_places, ground, kept=kept)
    old = None
    if old_id is not None:
        old = yield from ground.listed("look at the current key", old_id)
        if old is None and not ground.force:
            raise NotFoundError(
                f"the current key {old_id} of {ground.credential.name} is not in the provider's list.",
                advice="Check the account. Where the key is gone, force=True makes another without it.",
                provider=ground.provider.name,
                id=old_id,
            )
        if probes and ground.provider.capabilities.revokes_keys:
            yield from _may_revoke(ground)
    else:
        yield from ask("look at the list", lambda own: own._find(f"none-{secrets.token_hex(4)}", ground.owner))
    if quiet is not None and not ground.turning.tells_last_use:
        raise UsageError(
            f"{ground.provider.title} does not tell when a key was last used.",
            advice="Leave quiet out. A longer grace does as well.",
            provider=ground.provider.name,
            field="quiet",
        )
    return Findings(old=old, places=places)


def check_times(**given: timedelta | None) -> None:
    """Raise InvalidRequestError for the first length of time, by its name, that is negative or above ten years."""
    for name, time in given.items():
        if time is not None and not timedelta() <= time <= LONGEST:
            raise invalid(name, "it is negative, or longer than ten years", "Give one in between, such as 24 hours.")


def _may_revoke(ground: Ground) -> Course[None]:
    """Raise PermissionDeniedError where the credential may not revoke keys: one that does not exist is removed."""
    nobody = ground.turning.unused_id()
    try:
        yield from ask("ask whether keys may be revoked", lambda own: own._revoke(nobody, ground.owner))
    except PermissionDeniedError as error:
        error.advice = (
            "The old key could not be revoked in the end. Nothing was created; use a credential that may revoke keys."
        )
        raise
    except (NotFoundError, ConflictError):
        return
    except IssuantError as error:
        error.effect = Effect.NONE  # there was nothing that it could have had an effect on
        raise
