"""The life of one credential: what may happen in it, what must hold all the while, and what at its end.

What people do by hand, and `force`, may leave keys behind; even those are known to the journal, and never anybody
else's. So is a key whose time is over: it is listed until it is removed.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from issuant.auth import fireblocks
from issuant.errors import IssuantError, SinkNotReadyError
from issuant.rotation import creating
from issuant.rotation.journal import Journal
from issuant.rotation.records import Operation, Standing
from issuant.rotation.rotator import Resumed
from issuant.rotation.states import State

from tests.rotation.invariants import DEAD, broken_at_any_time
from tests.rotation.scenes import NAME, STEM, Scene
from tests.rotation.stand import Stand, StopError, key_pairs, stops_at
from tests.rotation.test_readiness import another_users

T = TypeVar("T")

OTHERS = "somebody's only copy"
NO_CRASH = ""
_UNTOUCHED = ""
_SETTLING = 30


class Life:
    """The life of one credential, whose place is a file.

    Attributes:
        removed: the keys that people have removed.
        put: what somebody has put into the place at last, None for nothing.
        held: the values that the place has had, those put there by hand left out.
        has_hands: whether anybody does anything by hand.
        is_patient: whether what is in a place by mistake is taken away, instead of forced.
        is_plain: whether nothing has happened that may leave a key behind.
        acts: how much has been done.
    """

    def __init__(self, provider: str) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.stand = Stand(Scene(provider=provider, place="file"), Path(self._folder.name) / "stand")
        self.vendor = self.stand.vendor
        self._patches = pytest.MonkeyPatch()
        for name, value in self.stand.environment().items():
            self._patches.setenv(name, value)
        self._patches.setattr(fireblocks, "make_key_pair", self.stand.make_key_pair)
        self.removed: set[str] = set()
        self.put: str | None = _UNTOUCHED
        self.held: list[str] = []
        self.has_hands = False
        self.is_patient = True
        self.is_plain = True
        self.acts = 0

    def close(self) -> None:
        """Leave nothing behind."""
        self._patches.undo()
        self._folder.cleanup()

    def do(self, act: Callable[[], object], crash: str, *, force: bool = False) -> None:
        """Do something that may fail, and let it end at a checkpoint, as if the process were gone."""
        self.acts += 1
        with suppress(IssuantError, StopError):
            self._watched(act, crash, force=force)

    def _watched(self, act: Callable[[], T], crash: str, *, force: bool) -> T:
        """Do something, and look on: at what is wiped and revoked, and that nobody's value is written over unasked."""
        stop, before = stops_at(crash), self.present()

        def witness(label: str) -> None:
            if label in ("before write current", "before revoke"):
                new_id = self.stand.operation().key_id
                is_there = new_id in self.vendor.had(self.present() or "")
                assert is_there or (label == "before revoke" and force), f"{label}: the place lacks the new value"
                lives = new_id in self.vendor.ours().keys() - self.vendor.expired()
                assert lives or label != "before revoke", f"{label}: no key that is accepted would be left"
            stop(label)

        self.stand.witness = witness
        try:
            return act()
        finally:
            self.stand.witness = lambda label: None
            if before == OTHERS and not force:
                assert self.present() == OTHERS, "somebody's value was written over"

    def resume(self, *, force: bool = False, leave: bool = False) -> tuple[Resumed, ...]:
        """Carry on what is open."""
        with self.stand.rotator() as rotator:
            return rotator.resume(NAME if leave else None, force=force, leave=leave)

    def present(self) -> str | None:
        """Return what the place holds."""
        (value,) = self.stand.scene.held(self.stand.folder, self.vendor)
        return value

    def key_id(self) -> str | None:
        """Return the id of the current key."""
        with self.stand.rotator() as rotator:
            return next((one.key_id for one in rotator.credentials()), None)

    def change_the_place(self, what: str) -> None:
        """Let somebody put nothing, something of his own (`others`), or an `old` value into the place."""
        present = self.present()
        old = [value for value in self.held if value != present]
        if what != "old":
            self._put(OTHERS if what == "others" else None)
        elif old:
            self._put(old[-1])

    def _put(self, value: str | None) -> None:
        path, self.put = self.stand.folder / "key", value
        path.unlink(missing_ok=True)
        if value is not None:
            path.write_text(value)
            path.chmod(0o600)

    def pass_time(self, hours: int) -> None:
        """Let time pass; what it kills may leave keys behind."""
        self.stand.pass_time(timedelta(hours=hours))
        self.is_plain &= not self.vendor.expired()

    def act_as_another_user(self) -> None:
        """Try all there is with somebody else's credential in the environment: nothing is changed by it."""
        stand, before = self.stand, self._all()
        acts: tuple[Callable[[], object], ...] = (
            self.resume,
            lambda: self.resume(force=True),
            lambda: stand.rotate(force=True),
            stand.abandon,
        )
        stand.accounts = {"galileo": another_users(stand)}
        for act in acts:
            self.do(act, NO_CRASH)
            assert self._all() == before
        stand.accounts = None

    def _all(self) -> object:
        """Return all that another user must not change. That a step has failed is written down all the same."""
        seen = [replace(one, revision=0, error="", failures=0) for one in self.stand.open()]
        return self.vendor.ours(), len(self.vendor.created_names()), self.present(), self.key_id(), seen

    def look(self) -> None:
        """Nothing is readable, and nothing unmarked. Nor does the place ever hold what the provider does not accept,
        unless people have put that there or removed its key, or its time is over.
        """
        stand, value = self.stand, self.present()
        values = self.vendor.known_values()
        if stand.scene.provider == "fireblocks":
            values = {pair.private_key.reveal() for pair in key_pairs()}
        had_one = bool(self.held) and not self.has_hands
        found = set(
            broken_at_any_time(stand.scene, self.vendor, stand.folder, stand.state, values=values, has_key=had_one)
        )
        dead = self.removed | self.vendor.expired()
        if value is not None and (value == self.put or dead & set(self.vendor.had(value))):
            found.discard(DEAD)
        assert not found
        if value is not None and value not in (self.put, *self.held):
            self.held.append(value)

    def settle(self) -> None:
        """Let all of it come to its end."""
        self.vendor.simulator.faults.clear()
        for _ in range(_SETTLING):
            self.stand.decide()
            if not self.stand.open():
                return
            (resumed,) = self._watched(self.resume, NO_CRASH, force=False)
            self.pass_time(1)
            if "gives it up" in resumed.operation.note:
                self.do(self.stand.abandon, NO_CRASH)
            if isinstance(resumed.error, SinkNotReadyError):
                self._mend(resumed.operation)
            elif resumed.error is not None:
                self._see_to(resumed.operation, resumed.error)
        raise AssertionError(f"it does not come to an end: {self.stand.open()}")

    def _mend(self, operation: Operation) -> None:
        """Do what a person is told to where the place has something else: mend it, or force."""
        if self.is_patient:
            self._put(self._value_of(operation.key_id) if operation.state.is_promoted else None)
        else:
            self.do(lambda: self.resume(force=True), NO_CRASH, force=True)

    def _value_of(self, key_id: str | None) -> str:
        values = self.vendor.known_values() | {pair.private_key.reveal() for pair in key_pairs()}
        return next(value for value in values if key_id in self.vendor.had(value))

    def _see_to(self, operation: Operation, error: IssuantError) -> None:
        """Do what a person is told to: force where nobody can know, or give up what cannot come to anything."""
        state, dead = operation.state, self.removed | self.vendor.expired()
        self.is_plain &= state is not State.CREATING
        is_unsure = state in (State.INTENT, State.CREATING) and operation.old_key_id in self.removed
        is_dead = is_unsure or operation.key_id in dead or operation.attempt >= creating.MOST_ATTEMPTS
        if is_dead and not state.is_promoted:
            self.do(self.stand.abandon, NO_CRASH)
        elif is_dead or state is State.CREATING:
            leave = "--leave" in str(error)  # as where people have removed the old key and the new one
            self.do(lambda: self.resume(force=True, leave=leave), NO_CRASH, force=True)

    def look_at_the_end(self) -> None:
        """No key of ours lives unknown, and the place holds the current one, or what somebody has put there since."""
        stand, provider = self.stand, self.stand.scene.provider
        with stand.rotator() as rotator:
            current = next((one.key_id for one in rotator.credentials()), None)
            strays = [
                stray
                for stray in rotator.strays(provider, delete=True)
                if (stray.key.name or "").startswith(STEM) and stray.key.id != current
            ]
        with Journal(stand.state, clock=stand.clock) as journal:
            replaced = {one.old_key_id for one in journal.operations(NAME)} if current else set()
        assert all(stray.holding.standing is Standing.LEFT for stray in strays)
        if self.is_plain:
            assert not strays
        elif provider != "fireblocks":  # `force` leaves an old key where the new one is gone, and nothing else
            assert {stray.key.id for stray in strays} <= replaced
        if provider != "fireblocks":
            assert set(self.vendor.ours()) <= {current}
        assert not self.vendor.pending()
        if current is not None and current not in self.removed:
            assert current in self.vendor.ours()
            assert self.present() == self.put or current in self.vendor.had(self.present() or "")
            assert stand.scene.held_id(stand.folder) in (None, current)
