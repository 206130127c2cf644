"""What attempts without a clear end have left at the provider. Owns finding it by the attempt's name, when it may be
said that there is nothing, what of it may be removed, and how it is told where it may still turn up.

Facts
- A list of another user's, or of a replica that is behind, shows nothing as well: that there is no key is only said of
  a list that shows the old one.
- Nobody has the value of a lost key. One that has been used is none: the journal is older than what has happened.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from issuant.clock import minute_in_words
from issuant.errors import ByHandError, OutcomeUnknownError
from issuant.rotation.records import Attempt, Fate, Operation
from issuant.rotation.steps import Course, ask, local, pause

if TYPE_CHECKING:
    from issuant.inventory import KeyInfo
    from issuant.rotation.ground import Ground


def unclear(ground: Ground, operation: Operation) -> Course[tuple[Attempt, ...]]:
    """Return the attempts of which it is not known whether there is a key, the present one among them."""
    attempts = yield from local("read attempts", ground.journal.attempts, operation)
    return tuple(attempt for attempt in attempts if attempt.fate is Fate.OPEN)


def look_for_present(ground: Ground, operation: Operation) -> Course[tuple[KeyInfo, ...]]:
    """Return the keys of the present attempt, after a second look where the create cannot be sent again."""
    name = operation.key_name or ""
    found = yield from ground.named("look for the attempt", name)
    if found or operation.idempotency_key is not None:
        return found
    yield from pause("list lag", ground.patience.lag)
    return (yield from ground.named("look again", name))


def check_list(ground: Ground, operation: Operation, name: str) -> Course[None]:
    """Raise OutcomeUnknownError where a list without that name does not show the old key either."""
    old_id = operation.old_key_id
    if old_id is None or (yield from ground.listed("look whose list it is", old_id)) is not None:
        return
    raise OutcomeUnknownError(
        f"the list shows neither a key named {name} nor the old key {old_id}.",
        advice="Is it the right account? Where the old key is gone for good, `issuant rotate NAME --abandon` gives this"
        " up; then rotate with --force.",
        provider=ground.provider.name,
        operation=operation.kind.value,
    )


def remove_lost(ground: Ground, operation: Operation, key: KeyInfo, *, number: int) -> Course[None]:
    """Remove a key of an attempt whose value is lost. Raises OutcomeUnknownError for one that has been used."""
    if key.last_used is not None:
        raise OutcomeUnknownError(
            f"the key {key.id}, named {key.name}, was used at {minute_in_words(key.last_used)}, though the journal"
            " knows nothing of its value: somebody has it.",
            advice="Was the journal put back from a backup? `issuant rotate NAME --abandon` leaves that key as it is;"
            " then `issuant forget` and `issuant adopt` look after it, or you revoke it.",
            provider=ground.provider.name,
            operation=operation.kind.value,
            id=key.id,
        )
    yield from ground.remove("remove lost", key.id)
    yield from local("write removed", ground.journal.fated, operation, Fate.REMOVED, key_id=key.id, number=number)


def clear_earlier(ground: Ground, operation: Operation) -> Course[None]:
    """INTENT: remove what attempts have left since they were looked for, before another one is made.

    Their values are wiped, also those that were made here. What only a person can remove is left to the sweep.
    """
    hidden = []
    for attempt in (yield from unclear(ground, operation)):
        found = yield from ground.named("look for an earlier attempt", attempt.name)
        for key in found:
            try:
                yield from remove_lost(ground, operation, key, number=attempt.number)
            except ByHandError:
                continue
        if not found:
            hidden.append(attempt.name)
    if hidden:
        yield from check_list(ground, operation, hidden[-1])


def look_for_traces(ground: Ground, operation: Operation) -> Course[str]:
    """Tell in sentences what of a request for the present attempt people may have before them; empty for nothing."""
    name, since = operation.key_name or "", operation.sent_at or operation.changed_at
    return (yield from ask("look for traces", lambda own: ground.turning.traces(own._adapter, name=name, since=since)))


def may_turn_up(ground: Ground, names: Sequence[str]) -> str:
    """Tell, in a sentence, what may come of these attempts yet, and what a person does then; empty for none."""
    if not names:
        return ""
    listed, shows = " or ".join(names), f"`issuant strays {ground.provider.name}` shows it"
    if ground.provider.capabilities.needs_approval:
        return (
            f"A request for {listed} may still turn up: people have to reject it. Where it was approved, {shows}, and a"
            " person has to remove it."
        )
    return f"A key named {listed} may still turn up: {shows}, and removes it with --delete."
