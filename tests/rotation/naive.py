"""Three protocols as one would write them at first, to show that the kill matrix can fail.

Each takes the place of a handler. They are put in by hand in the process of the matrix alone, which ends with it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, cast

from issuant.rotation import creating, delivering, protocol
from issuant.rotation.records import Operation
from issuant.rotation.states import State
from issuant.rotation.steps import Course, ask, local

if TYPE_CHECKING:
    from issuant.keys import IssuedKey
    from issuant.rotation.ground import Ground

_Handler = Callable[["Ground", Operation], Course[Operation]]


def revoke_then_store(ground: Ground, operation: Operation) -> Course[Operation]:
    """STAGED: revoke the old key, then put the new value into its places."""
    if operation.old_key_id is not None:
        yield from ground.remove("revoke", operation.old_key_id)
    return (yield from delivering.promote(ground, operation))


def create_again(ground: Ground, operation: Operation) -> Course[Operation]:
    """CREATING: nobody knows whether there is a key, so ask for it once more."""
    asked = creating._request(ground, operation, operation.key_name or "")
    return (yield from creating._create(ground, operation, asked))


def no_sweep(ground: Ground, operation: Operation) -> Course[Operation]:
    """SWEEP: there is nothing to look for."""
    return (yield from local("write done", ground.journal.move, operation, State.DONE))


def create_then_write(ground: Ground, operation: Operation) -> Course[Operation]:
    """INTENT: ask for a key, and write down what it is called when it is there."""
    asked = creating._request(ground, operation, f"{ground.credential.stem} {secrets.token_hex(4)}")
    draft = yield from local("draft", ground.turning.draft, asked, way=operation.way)
    issued = cast("IssuedKey", (yield from ask("create", lambda own: own._adapter.issue(draft.request, None))))
    begun = yield from local(
        "write attempt", ground.journal.begin_attempt, operation, name=asked.name, parts=draft.parts
    )
    return (yield from creating._created(ground, begun, issued))


def _in_place_of(handlers: Mapping[State, _Handler]) -> Callable[[], None]:
    return lambda: cast("dict[State, Any]", protocol._HANDLERS).update(handlers)


NAIVE: Mapping[str, Callable[[], None]] = {
    "store-after-revoke": _in_place_of({State.STAGED: revoke_then_store}),
    "blind-retry": _in_place_of({State.CREATING: create_again, State.SWEEP: no_sweep}),
    "no-marker": _in_place_of({State.INTENT: create_then_write}),
}
"""What puts each protocol in."""
