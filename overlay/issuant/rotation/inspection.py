"""What there is to see to: what expires, what is stuck, and keys at the provider that nothing needs.

Owns what counts as ours: a key that the journal knows by its id, or by the whole name that one attempt gave it. All
else is unknown, whatever it looks like, and is never touched.

Facts
- A key that is left can only become needed again by being adopted, under any name: no operation that has ended is ever
  opened again, and no name is drawn twice. A lock on its old credential would not keep that off, so what it is to the
  journal is looked up once more right before it is removed.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from issuant.errors import ByHandError, IssuantError, NotFoundError
from issuant.flow import Flow, collect
from issuant.inventory import ItemProblem, KeyInfo, Page
from issuant.rotation.ground import shown
from issuant.rotation.records import Credential, Holding, Operation, Standing
from issuant.rotation.retiring import is_held_up
from issuant.rotation.states import State
from issuant.rotation.steps import Course, ask, local
from issuant.rotation.sweeping import BY_HAND

if TYPE_CHECKING:
    from issuant.rotation.journal import Journal
    from issuant.rotation.steps import Acting

_WAITING = frozenset({State.AWAITING_APPROVAL, State.AWAITING_HUMAN_REVOKE})


@dataclass(frozen=True, kw_only=True)
class Stray:
    """A key that a provider lists, and what it is to the journal.

    Attributes:
        key: the key.
        holding: what the journal knows of it.
        removed: whether it has been removed now.
        note: who has to remove it, where only a person can.
        error: what has kept it from being removed, where it was to be.
    """

    key: KeyInfo
    holding: Holding
    removed: bool = False
    note: str = ""
    error: IssuantError | None = None


@dataclass(frozen=True, kw_only=True)
class Strays:
    """The keys of a provider, each with what it is to the journal. Gone through, it gives the keys.

    Attributes:
        keys: those that could be read, in the provider's order.
        problems: the items of the list that could not; one of them may be ours.
    """

    keys: tuple[Stray, ...]
    problems: tuple[ItemProblem, ...] = ()

    def __iter__(self) -> Iterator[Stray]:
        return iter(self.keys)


class DueKind(enum.Enum):
    """Why something is due.

    Attributes:
        EXPIRES: the key expires soon.
        EXPIRED: the key has expired.
        FAILED: the last step has failed, and is tried again by each `resume`.
        WAITS_FOR_PEOPLE: people have to approve a key, or to remove one.
        HELD_UP: the grace is over, and the old key is kept, as it is still in use or the provider's clock is behind.
        CAN_GO_ON: nothing is waited for; `resume` has not been run since.
    """

    EXPIRES = "expires"
    EXPIRED = "expired"
    FAILED = "failed"
    WAITS_FOR_PEOPLE = "waits for people"
    HELD_UP = "held up"
    CAN_GO_ON = "can go on"


@dataclass(frozen=True, kw_only=True)
class Due:
    """Something that has to be seen to.

    Attributes:
        credential: the credential.
        kind: why it is due, for programs.
        reason: the same for people, in a sentence.
        at: the time that it is about: of the expiry, or since when it waits.
    """

    credential: str
    kind: DueKind
    reason: str
    at: datetime


def strays(journal: Journal, base_url: str, *, everyone: bool, delete: bool) -> Course[Strays]:
    """Return every key that the provider lists, with what the journal knows of it; `delete` removes what is left."""
    pages: list[Page[KeyInfo]] = yield from ask("list", lambda own: _pages(own, everyone))
    found: list[Stray] = []
    for key in (key for page in pages for key in page.items):
        stray = Stray(key=key, holding=(yield from _looked_up(journal, base_url, key)))
        if delete and stray.holding.standing is Standing.LEFT:
            stray = yield from remove(journal, base_url, stray)
        found.append(stray)
    return Strays(keys=tuple(found), problems=tuple(problem for page in pages for problem in page.problems))


def _pages(own: Acting, everyone: bool) -> Flow[list[Page[KeyInfo]]]:
    pages: list[Page[KeyInfo]] = []

    def take(page: Page[KeyInfo]) -> bool:
        pages.append(page)
        return False

    yield from collect(own._keys(None, everyone), take)
    return pages


def _looked_up(journal: Journal, base_url: str, key: KeyInfo) -> Course[Holding]:
    return (yield from local("look up", journal.standing, key.provider, base_url, key_id=key.id, key_name=key.name))


def remove(journal: Journal, base_url: str, stray: Stray) -> Course[Stray]:
    """Remove a key, if it is left still, and return what has come of it. What fails stands beside it."""
    try:
        holding = yield from _looked_up(journal, base_url, stray.key)
        stray = replace(stray, holding=holding)
        if holding.standing is Standing.LEFT:
            yield from _removed(stray.key)
            stray = replace(stray, removed=True)
    except ByHandError as error:
        return replace(stray, note=error.advice)
    except IssuantError as error:
        return replace(stray, error=error)
    return stray


def _removed(key: KeyInfo) -> Course[None]:
    """Revoke a key; one that is gone already is as good."""
    try:
        yield from ask("remove", lambda own: own._revoke(key, None))
    except NotFoundError:
        left = yield from ask("look whether it is gone", lambda own: shown(own, key.id, key.owner))
        if left is not None:
            raise


def due(
    credentials: tuple[Credential, ...], operations: tuple[Operation, ...], now: datetime, within: timedelta
) -> tuple[Due, ...]:
    """Return what expires within a time, and what has failed or waits for somebody, the most urgent first."""
    found = [
        _expiry(one.name, one.expires_at, now)
        for one in credentials
        if one.expires_at is not None and one.expires_at <= now + within
    ]
    for operation in operations:
        stuck = _stuck(operation, now)
        if stuck is not None:
            kind, reason = stuck
            found.append(Due(credential=operation.credential, kind=kind, reason=reason, at=operation.changed_at))
    return tuple(sorted(found, key=lambda one: one.at))


def _expiry(credential: str, expires_at: datetime, now: datetime) -> Due:
    if expires_at <= now:
        return Due(credential=credential, kind=DueKind.EXPIRED, reason="The key has expired.", at=expires_at)
    return Due(credential=credential, kind=DueKind.EXPIRES, reason="The key expires.", at=expires_at)


def _stuck(operation: Operation, now: datetime) -> tuple[DueKind, str] | None:
    """Return why an operation does not come to its end; None where it only waits for its time."""
    state, note = operation.state, operation.note
    if operation.error:
        often = "once" if operation.failures == 1 else f"{operation.failures} times in a row"
        return DueKind.FAILED, f"It failed {often} at {state.value}: {operation.error}"
    if state in _WAITING or (state is State.SWEEP and BY_HAND in note):
        return DueKind.WAITS_FOR_PEOPLE, note or f"It is {state.value}."
    if is_held_up(operation, now):
        return DueKind.HELD_UP, note
    if operation.due_at is not None and operation.due_at > now:
        return None
    return DueKind.CAN_GO_ON, f"It is at {state.value}, and can go on: `issuant resume`."
