"""A rotator and a provider in one process, with time that is moved by hand, for what goes wrong without a kill."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from issuant.adapters import Account
from issuant.async_connection import AsyncConnection
from issuant.auth import fireblocks
from issuant.auth.fireblocks import KeyPair
from issuant.connection import Connection
from issuant.connector import connect, connect_async
from issuant.mocks import Fault, MovableClock
from issuant.mocks.fireblocks_keys import private_pem
from issuant.repeating import Retries
from issuant.rotation.async_rotator import AsyncRotator
from issuant.rotation.ground import Patience
from issuant.rotation.journal import Journal
from issuant.rotation.records import Credential, Operation
from issuant.rotation.rotator import Resumed, Rotator
from issuant.rotation.states import State
from issuant.secret import Secret

from tests.mocks.signing import csr_of
from tests.rotation.invariants import broken_at_any_time, broken_at_the_end
from tests.rotation.lives import NOW
from tests.rotation.scenes import NAME, Scene
from tests.rotation.vendor import Vendor

PATIENCE = Patience(lag=0, acceptance=0)
BASE_URL = "https://mock.invalid"
NONE = timedelta()
_AT_ONCE = Retries(first_wait=0, longest_wait=0)
_SETTLING = 14


class StopError(BaseException):
    """Stands for the end of the process."""


def stops_at(checkpoint: str) -> Callable[[str], None]:
    """Return a witness that ends everything at a checkpoint."""

    def stop(label: str) -> None:
        if label == checkpoint:
            raise StopError

    return stop


@cache
def key_pairs() -> tuple[KeyPair, ...]:
    """Return key pairs that differ, made once: making them takes longer than all the rest."""
    keys = [rsa.generate_private_key(public_exponent=65537, key_size=fireblocks.SMALLEST_KEY_BITS) for _ in range(6)]
    return tuple(KeyPair(private_key=Secret(private_pem(key)), csr_pem=csr_of(key)) for key in keys)


@contextmanager
def full_disk() -> Iterator[None]:
    """Let no file of this process take another byte."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


class Stand:
    """A scene, played in this process.

    Attributes:
        vendor: the provider and its people.
        clock: this machine's time; the provider has its own, `vendor.simulator.clock`.
        accounts: who acts; None: whom the environment names.
        witness: is told of every step.
    """

    def __init__(self, scene: Scene, folder: Path) -> None:
        self.scene = scene
        self.folder = folder
        self.clock = MovableClock(NOW)
        self.vendor = Vendor(scene.provider, clock=MovableClock(NOW))
        self.accounts: Mapping[str, Account] | None = None
        self.witness: Callable[[str], None] = lambda label: None
        self._drawn = 0
        folder.mkdir(exist_ok=True)

    @property
    def state(self) -> Path:
        """The folder of the journal."""
        return self.folder / "state"

    def environment(self) -> dict[str, str]:
        """Return the variables that lead to the provider."""
        return self.vendor.simulator.env(BASE_URL + self.vendor.simulator.base_path, self.folder)

    def make_key_pair(self, name: str) -> KeyPair:
        """Return the next key pair."""
        self._drawn += 1
        return key_pairs()[self._drawn % len(key_pairs())]

    def connecting(self, provider: str | Account, base_url: str | None = None) -> Connection:
        """Open a connection to the provider in this process."""
        transport = self.vendor.simulator.transport()
        return connect(provider, base_url=base_url, transport=transport, clock=self.clock, retries=_AT_ONCE)

    def connecting_async(self, provider: str | Account, base_url: str | None = None) -> AsyncConnection:
        """Open a connection for asyncio."""
        transport = self.vendor.simulator.transport()
        return connect_async(provider, base_url=base_url, transport=transport, clock=self.clock, retries=_AT_ONCE)

    def rotator(self) -> Rotator:
        """Return a new rotator, as another process would have it."""
        return Rotator(
            self.state,
            connect=self.connecting,
            patience=PATIENCE,
            clock=self.clock,
            witness=lambda label: self.witness(label),
            accounts=self.accounts,
        )

    def async_rotator(self) -> AsyncRotator:
        """Return a new rotator for asyncio."""
        return AsyncRotator(
            self.state,
            connect=self.connecting_async,
            patience=PATIENCE,
            clock=self.clock,
            witness=lambda label: self.witness(label),
            accounts=self.accounts,
        )

    def issue(self) -> Operation:
        """Issue the first key."""
        with self.rotator() as rotator:
            return rotator.issue(
                NAME,
                self.scene.provider,
                self.scene.request,
                sinks=self.scene.sinks(self.folder),
                id_sinks=self.scene.id_sinks(self.folder),
                replace=self.scene.is_written_blindly,
            )

    def issued(self) -> str:
        """Issue the first key to the end, and return its id."""
        self.issue()
        self.settle()
        current = self.credential().key_id
        assert current is not None
        return current

    def rotate(self, *, grace: timedelta = NONE, quiet: timedelta | None = None, force: bool = False) -> Operation:
        """Rotate it."""
        with self.rotator() as rotator:
            return rotator.rotate(NAME, grace=grace, quiet=quiet, force=force)

    def resume(self, *, force: bool = False) -> Resumed:
        """Carry on the one operation that is open."""
        with self.rotator() as rotator:
            (resumed,) = rotator.resume(force=force)
            return resumed

    def abandon(self) -> Operation:
        """Give up what is open."""
        with self.rotator() as rotator:
            return rotator.abandon(NAME)

    def decide(self) -> None:
        """Let people do all that is for them to do."""
        self.vendor.approve()
        for operation in self.open():
            if operation.state is State.AWAITING_HUMAN_REVOKE:
                self.vendor.remove(operation.old_key_id or "")
            for key_id in operation.note.rpartition(": ")[2].rstrip(".").split(", "):
                if operation.state is State.SWEEP:
                    self.vendor.remove(key_id)

    def settle(self) -> list[Resumed]:
        """Let people decide, time pass and operations go on until nothing is open; return what came of each round."""
        rounds: list[Resumed] = []
        for _ in range(_SETTLING):
            self.decide()
            if not self.open():
                break
            with self.rotator() as rotator:
                rounds += rotator.resume()
            self.pass_time(timedelta(hours=1))
        return rounds

    def pass_time(self, step: timedelta) -> None:
        """Let time pass here and there."""
        self.clock.advance(step)
        self.vendor.simulator.clock.advance(step)

    def open(self) -> tuple[Operation, ...]:
        """Return what is open."""
        with Journal(self.state, clock=self.clock) as journal:
            return journal.open_operations()

    def credential(self) -> Credential:
        """Return the credential as it is now."""
        with Journal(self.state, clock=self.clock) as journal:
            return journal.credential(NAME)

    def operation(self) -> Operation:
        """Return its latest operation."""
        with Journal(self.state, clock=self.clock) as journal:
            return journal.operations(NAME)[-1]

    def fail(self, fault: Fault, operation: str, times: int = 1) -> None:
        """Let the next requests of an operation, such as `POST */apiKeys`, meet a fault."""
        self.vendor.simulator.faults.add(fault, times, on=operation)

    def broken(self, *, was: str | None) -> list[str]:
        """Return what is wrong where all should be settled; `was` is the id of the key before."""
        values = self.vendor.known_values() | {pair.private_key.reveal() for pair in self._pairs()}
        found = (self.scene, self.vendor, self.folder, self.state)
        return [
            *broken_at_any_time(*found, values=values, has_key=was is not None),
            *broken_at_the_end(*found, was=was),
        ]

    def _pairs(self) -> Iterator[KeyPair]:
        if self.scene.provider == "fireblocks":
            yield from key_pairs()


MakeStand = Callable[..., Stand]
"""What the fixture `stand_at` is: it makes a stand at a provider, by the kind of its places."""
