"""How far an operation has come, written down move by move. Owns what is written in one commit with each move.

Each method takes the operation as it was seen. Where it is another by now, BusyError is raised and nothing is written.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from issuant.clock import Clock, minute_in_words
from issuant.errors import JournalError, SealError
from issuant.rotation import entries
from issuant.rotation.database import Database
from issuant.rotation.records import Delivered, Fate, Operation
from issuant.rotation.rows import insert, update
from issuant.rotation.sealing import Seal
from issuant.rotation.states import State
from issuant.secret import Secret

_WITHDRAWN = {"sealed": None, "idempotency_key": None, "is_used_up": False, "request_id": None, "key_name": None}
"""What of an attempt is over when the next one may begin."""


class Ledger:
    """The moves of operations in an open journal.

    All of them raise BusyError where the operation is not any more what was seen of it, and JournalError for a move
    that `states.FOLLOWS` does not have, and where the file cannot be written; then nothing was written.
    """

    _clock: Clock
    _database: Database
    _seal: Seal

    def now(self) -> datetime:
        """Return the time by the journal's clock."""
        return self._clock()

    def move(self, seen: Operation, state: State, *, note: str = "") -> Operation:
        """Bring an operation to a state. What was noted, waited for or failed before is over.

        A final state wipes the sealed value.
        """
        return self._moved(seen, state, {"note": entries.shown(note)}, note)

    def begin_attempt(
        self, seen: Operation, *, name: str, parts: Mapping[str, Secret], idempotency_key: str | None = None
    ) -> Operation:
        """INTENT: write down a create that is about to be sent, with all that was made here for it, sealed."""
        now, number = self.now(), seen.attempt + 1
        sealed = self._seal.seal(parts, context=_context(seen.code, number)) if parts else None
        sending = {"idempotency_key": idempotency_key, "is_used_up": False, "sent_at": now}
        values = {"attempt": number, "key_name": name, "sealed": sealed, **sending}

        def work(db: sqlite3.Connection) -> Operation:
            moved = entries.change(db, seen, State.CREATING, values, f"attempt {number}, named {name}", now)
            insert(db, "attempt", {"operation": seen.id, "number": number, "name": name, "fate": Fate.OPEN})
            return moved

        return self._written(seen, work)

    def created(
        self,
        seen: Operation,
        *,
        key_id: str,
        expires_at: datetime | None = None,
        parts: Mapping[str, Secret] | None = None,
    ) -> Operation:
        """Write down that the new key exists, with its value, unless that is sealed already.

        Raises JournalError, which carries the id, where the value is neither given nor sealed.
        """
        if not parts and seen.sealed is None:
            raise JournalError(f"the value of the key {key_id} is not known.", id=key_id)
        values: dict[str, object] = {"key_id": key_id, "key_expires_at": expires_at}
        if parts and not self._holds(seen, parts):
            values["sealed"] = self._seal.seal(parts, context=_context(seen.code, seen.attempt))
        return self._moved(seen, State.CREATED, values, f"it is the key {key_id}", fate=Fate.MADE)

    def awaiting(self, seen: Operation, *, request_id: str | None, note: str) -> Operation:
        """Write down that people have to decide on the create."""
        values = {"request_id": request_id, "note": entries.shown(note)}
        return self._moved(seen, State.AWAITING_APPROVAL, values, note)

    def refused(self, seen: Operation, *, note: str) -> Operation:
        """End an operation whose create was refused, so that nothing was made."""
        return self._moved(seen, State.ENDED, {"note": entries.shown(note)}, note, fate=Fate.NONE)

    def next_way(self, seen: Operation) -> Operation:
        """Go back to INTENT to ask in the provider's next way: this one was refused, and nothing was made."""
        words = "this way of asking is refused; the next one is taken"
        return self._moved(seen, State.INTENT, {**_WITHDRAWN, "way": seen.way + 1}, words, fate=Fate.NONE)

    def again(
        self,
        seen: Operation,
        *,
        doubtful: bool,
        due_at: datetime | None = None,
        note: str = "",
        fate: Fate | None = None,
    ) -> Operation:
        """Go back to INTENT for another attempt, not before `due_at`.

        `doubtful`: whether a key of this one may turn up later; else `fate` may tell what became of it.
        """
        words = "it is tried again" + (", though a key of this attempt may turn up" if doubtful else "")
        values = {"doubtful": seen.doubtful or doubtful, "due_at": due_at, "note": entries.shown(note)}
        return self._moved(
            seen, State.INTENT, {**_WITHDRAWN, **values}, f"{words}. {note}".removesuffix(". "), fate=fate
        )

    def given_up(self, seen: Operation, *, note: str, doubtful: bool) -> Operation:
        """End an operation that is given up. `doubtful`: whether something of it is left to people, as `note` says."""
        return self._moved(seen, State.ENDED, {"note": entries.shown(note), "doubtful": doubtful}, note)

    def used_up(self, seen: Operation) -> Operation:
        """Write down that the idempotency key of the create is not to be used again."""
        return self._moved(seen, seen.state, {"is_used_up": True}, "the idempotency key is used up")

    def noted(self, seen: Operation, *, note: str, due_at: datetime | None = None) -> Operation:
        """Write down what is waited for, or what a person has to do; nothing where that is noted already.

        `due_at`: before when nothing is to be done; None: as it was.
        """
        values = {"note": entries.shown(note), "due_at": due_at or seen.due_at}
        if values == {"note": seen.note, "due_at": seen.due_at}:
            return seen
        return self._moved(seen, seen.state, values, note)

    def swept(self, seen: Operation, *, again_in: timedelta) -> Operation:
        """Write down that nothing is left now, and that it is to be looked once more later."""
        values = {"doubtful": False, "due_at": self.now() + again_in}
        return self._moved(seen, seen.state, values, "nothing is left; it is looked once more later")

    def redirected(self, seen: Operation, places: Sequence[str], *, found: Mapping[str, object]) -> Operation:
        """Let the value go to these places from now on. They are the credential's once the new key is.

        Args:
            seen: the operation, before its promotion.
            places: all of them, in order. One that was there before keeps how far the value has come into it.
            found: what each new one held when it was checked, by its line.

        What failed before is over. Raises InvalidRequestError for two places that are the same.
        """
        entries.check_sinks(places)
        fresh = {"error": "", "failures": 0}

        def work(db: sqlite3.Connection) -> Operation:
            words = f"from now on it goes to {', '.join(places)}"
            moved = entries.change(db, seen, seen.state, fresh, words, self.now())
            entries.redirect(db, seen.id, places, found)
            return moved

        return self._written(seen, work)

    def delivered(self, seen: Operation, place: str, state: Delivered) -> None:
        """Write down how far the value has come into a place. The operation stays as it was seen."""

        def work(db: sqlite3.Connection) -> None:
            entries.check_seen(db, seen)
            if not update(db, "delivery", {"state": state}, {"operation": seen.id, "place": place}):
                raise JournalError(f"the operation of {seen.credential!r} has no place {place}.")
            entries.add_event(db, seen.id, seen.state, f"{place}: {state.value}", self.now())

        self._database.write(work)

    def fated(self, seen: Operation, fate: Fate, *, key_id: str | None = None, number: int | None = None) -> None:
        """Write down what became of an attempt, the present one unless `number` says another.

        The operation stays as it was seen.
        """
        attempt = seen.attempt if number is None else number

        def work(db: sqlite3.Connection) -> None:
            entries.check_seen(db, seen)
            entries.judge(db, seen, attempt, fate, key_id)
            key = "" if key_id is None else f" ({key_id})"
            entries.add_event(db, seen.id, seen.state, f"attempt {attempt}: {fate.value}{key}", self.now())

        self._database.write(work)

    def promoted(self, seen: Operation, *, value: Secret, note: str = "") -> Operation:
        """STAGED: make the new key the credential's, with the places that hold it, and let the grace begin, in one
        commit. Its value is wiped, and what the places held before.

        `value` is what it is known by from now on; `note` is for a person. Raises JournalError unless every place has
        stored the value, and the credential's key is still the one that is to be replaced.
        """
        now = self.now()
        current = {"key_id": seen.key_id, "key_name": seen.key_name, "expires_at": seen.key_expires_at}
        known = {"fingerprint": self._seal.fingerprint(value), "rotated_at": now}
        note = entries.shown(f"{_lives_on(seen, now + seen.grace)} {note}".strip())
        values = {"sealed": None, "due_at": now + seen.grace, "note": note}
        words = f"{seen.key_id} is the current key. {note}".strip()

        def work(db: sqlite3.Connection) -> Operation:
            sinks = entries.keep_where_stored(db, seen)
            moved = entries.change(db, seen, State.GRACE, values, words, now)
            where = {"name": seen.credential, "key_id": seen.old_key_id}
            if not update(db, "credential", {**current, **known, "sinks": sinks}, where):
                raise JournalError(f"the key of {seen.credential!r} is not the one that was to be replaced.")
            entries.forget_found(db, seen.id)
            return moved

        return self._written(seen, work)

    def failed(self, seen: Operation, words: str) -> Operation:
        """Write down that a step has failed, in words that may be shown, wherever the operation is by now."""
        words = entries.shown(words)

        def work(db: sqlite3.Connection) -> Operation:
            found = entries.operation(db, seen.id)
            update(db, "operation", {"error": words, "failures": found.failures + 1}, {"id": found.id})
            entries.add_event(db, found.id, found.state, words, self.now())
            return entries.operation(db, found.id)

        return self._database.write(work)

    def unsealed(self, operation: Operation) -> dict[str, Secret]:
        """Return what is sealed for the present attempt; empty where nothing is. Raises SealError."""
        if operation.sealed is None:
            return {}
        return self._seal.open(operation.sealed, context=_context(operation.code, operation.attempt))

    def _holds(self, operation: Operation, parts: Mapping[str, Secret]) -> bool:
        """Tell whether just that is sealed, and can be opened: to seal it anew would wipe the log for nothing."""
        try:
            return self.unsealed(operation) == dict(parts)
        except SealError:
            return False

    def fingerprint(self, value: Secret) -> str:
        """Return what tells a value from any other, and tells nothing of it without the sealing key."""
        return self._seal.fingerprint(value)

    def _moved(
        self, seen: Operation, state: State, values: Mapping[str, object], words: str, *, fate: Fate | None = None
    ) -> Operation:
        def work(db: sqlite3.Connection) -> Operation:
            moved = entries.change(db, seen, state, values, entries.shown(words), self.now())
            if fate is not None:
                entries.judge(db, seen, seen.attempt, fate, moved.key_id)
            return moved

        return self._written(seen, work)

    def _written(self, seen: Operation, work: Callable[[sqlite3.Connection], Operation]) -> Operation:
        moved = self._database.write(work)
        is_unsealed = seen.sealed is not None and moved.sealed != seen.sealed
        if is_unsealed or moved.state is State.ENDED:  # where it is DONE, all was wiped at its promotion
            self._database.wipe()
        return moved


def _lives_on(operation: Operation, until: datetime) -> str:
    """Return until when the old key lives on; empty where there is none, or its time is over at once."""
    if operation.old_key_id is None or not operation.grace:
        return ""
    words = f"The old key {operation.old_key_id} lives on until {minute_in_words(until)}"
    return f"{words}." if operation.quiet is None else f"{words}, and while it is in use."


def _context(code: str, attempt: int) -> str:
    return f"{code}-{attempt}"
