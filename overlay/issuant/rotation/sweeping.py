"""What attempts of an operation have left. Owns finding it by their names, removing it, and when that is enough.

Of an attempt without a clear end nothing is left only where the list shows the new key: another account's list shows
neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from issuant.errors import ByHandError, UsageError
from issuant.rotation.records import Attempt, Fate, Operation
from issuant.rotation.retiring import acting
from issuant.rotation.states import State
from issuant.rotation.steps import Course, local, pause

if TYPE_CHECKING:
    from issuant.adapters import Account
    from issuant.rotation.ground import Ground

BY_HAND = "A person has to remove what another attempt left"
"""What the note says of a sweep that waits for people; what was noted before stands in front of it."""


def sweep(ground: Ground, operation: Operation) -> Course[Operation]:
    """SWEEP: remove what other attempts of this operation have left; after doubt, look once more later.

    What was noted before stays on record.
    """
    attempts = yield from local("read attempts", ground.journal.attempts, operation)
    account = yield from acting(ground, operation)
    by_hand, is_listed = [], False
    for attempt in attempts:
        found = yield from ground.named("sweep", attempt.name, account=account)
        for key in found:
            if key.id == operation.key_id:
                is_listed = True
                continue
            id = key.id  # noqa: A001 - the field's own name
            try:
                yield from ground.remove("remove orphan", id, account=account)
            except ByHandError:
                by_hand.append(id)
                continue
            yield from _forgotten(ground, operation, attempt, id)
    is_clear = all(attempt.fate is not Fate.OPEN for attempt in attempts)
    if not (is_listed or is_clear or ground.force):
        yield from _check_listed(ground, operation, account)
    before = operation.note.partition(BY_HAND)[0].strip()
    if by_hand:
        note = f"{before} {BY_HAND}: {', '.join(by_hand)}.".lstrip()
        return (yield from local("write note", ground.journal.noted, operation, note=note))
    if operation.doubtful:
        return (yield from local("write swept", ground.journal.swept, operation, again_in=ground.patience.sweep))
    return (yield from local("write done", ground.journal.move, operation, State.DONE, note=before))


def _check_listed(ground: Ground, operation: Operation, account: Account | None) -> Course[None]:
    """Raise UsageError where the list, looked at once more, does not show the new key under any name."""
    yield from pause("list lag", ground.patience.lag)
    new_id = operation.key_id or ""
    if (yield from ground.listed("look at the new key", new_id, account=account)) is None:
        raise UsageError(
            f"the list does not show the new key {new_id}, so that it shows no other attempt's key either.",
            advice="Check as whom issuant acts: it may be another account. A list may lag behind, too: try `issuant"
            f" resume` later. Where the key is gone for good, `issuant resume {operation.credential} --force` ends it.",
            provider=ground.provider.name,
            id=new_id,
        )


def _forgotten(ground: Ground, operation: Operation, attempt: Attempt, id: str) -> Course[None]:  # noqa: A002
    yield from local(
        "write removed",
        ground.journal.fated,
        operation,
        Fate.REMOVED,
        key_id=id,
        number=attempt.number,
    )
