"""One scene, served by a process of its own, and rotators that are processes of their own and are killed.

Facts
- The process that forks has one thread; the server's threads are in the process of the server.
- What a child tells goes into memory that it shares with its parent: no call of the system is between two checkpoints.
"""

from __future__ import annotations

import asyncio
import gc
import mmap
import os
import shutil
import signal
import sqlite3
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast

from cryptography.hazmat.primitives.asymmetric import rsa
from issuant.auth import fireblocks
from issuant.auth.fireblocks import KeyPair
from issuant.errors import IssuantError
from issuant.mocks.fireblocks_keys import private_pem
from issuant.rotation.async_rotator import AsyncRotator
from issuant.rotation.ground import Patience
from issuant.rotation.journal import FILE, Journal
from issuant.rotation.rotator import Resumed, Rotator
from issuant.rotation.states import State
from issuant.secret import Secret

from tests.mocks.signing import csr_of
from tests.rotation.invariants import broken_at_any_time, broken_at_the_end
from tests.rotation.scenes import NAME, Scene
from tests.rotation.vendor import Vendor

_PATIENCE = Patience(lag=0, acceptance=2, sweep=timedelta(0))
_PAIRS = 4
_MOST_TOLD = 1 << 16
_MOST_WAITS = 4


@dataclass(frozen=True)
class Run:
    """One run of a rotator: the checkpoints that it has come to, and how it ended."""

    checkpoints: tuple[str, ...]
    was_killed: bool
    errors: tuple[str, ...]


class Awaited:
    """An AsyncRotator with the methods of Rotator: each is awaited in an event loop of its own."""

    def __init__(self, state: Path, witness: Callable[[str], None]) -> None:
        self._rotator = AsyncRotator(state, patience=_PATIENCE, witness=witness)

    def __enter__(self) -> Rotator:
        return cast("Rotator", self)

    def __exit__(self, *_: object) -> None:
        asyncio.run(self._rotator.close())

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._rotator, name)

        async def awaited(*given: object, **named: object) -> Any:
            return await method(*given, **named)

        return lambda *given, **named: asyncio.run(awaited(*given, **named))


class World:
    """A scene, with all that is in it: what the provider holds, the places, and the journal."""

    def __init__(self, scene: Scene, vendor: Vendor, folder: Path, pairs: list[KeyPair], *, forks_always: bool) -> None:
        self.scene = scene
        self.vendor = vendor
        self.folder = folder
        self._pairs = pairs
        self._forks_always = forks_always
        self._runs = 0
        self._is_stalled = False
        self._told = mmap.mmap(-1, _MOST_TOLD)  # shared with every child; a write there is no call of the system
        self.folder.mkdir()
        os.environ.update(scene.environment(folder))

    @property
    def state(self) -> Path:
        """The folder of the journal."""
        return self.folder / "state"

    def keep(self) -> tuple[Path, object]:
        """Return all that is so now, to go back to."""
        kept = Path(tempfile.mkdtemp(dir=self.folder.parent))
        shutil.copytree(self.folder, kept / "world")
        return kept, self.vendor.kept()

    def go_back(self, kept: tuple[Path, object]) -> None:
        """Let it be as it was when `kept` was returned."""
        shutil.rmtree(self.folder)
        shutil.copytree(kept[0] / "world", self.folder)
        self.vendor.go_back(kept[1])

    def run(self, act: str, kill_at: int | None) -> Run:
        """Let a process of its own do one of ACTS, or resume, and be killed at the checkpoint of that number.

        What is not to be killed needs no process, unless each run is to have one.
        """
        self._runs += 1
        if kill_at is None and not self._forks_always:
            labels: list[str] = []
            errors = tuple(" ".join(error.split()) for error in self._act(act, labels.append))
            return Run(tuple(labels), was_killed=False, errors=errors)
        self._told.seek(0)
        child = os.fork()
        if not child:
            _live(partial(self._act, act), self._told, kill_at)
        _, status = os.waitpid(child, 0)
        lines = self._told[: self._told.rfind(b"\n")].decode().split("\n")
        self._told[:] = bytes(_MOST_TOLD)
        was_killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        if not was_killed and status:
            raise AssertionError("\n".join(lines))
        errors = tuple(line[2:] for line in lines if line.startswith("! "))
        return Run(tuple(line[2:] for line in lines if line.startswith("- ")), was_killed, errors)

    def _act(self, act: str, witness: Callable[[str], None]) -> Iterator[str]:
        """Do one thing with a rotator, and yield the errors that it meets."""
        pair = self._pairs[self._runs % len(self._pairs)] if self._pairs else None
        fireblocks.make_key_pair = lambda name: cast("KeyPair", pair)
        with self._rotator(witness) as rotator:
            try:
                for resumed in self._acted(rotator, act):
                    if resumed.error is not None:
                        yield str(resumed.error)
            except IssuantError as error:
                yield str(error)

    def _rotator(self, witness: Callable[[str], None]) -> AbstractContextManager[Rotator]:
        if self.scene.is_async:
            return Awaited(self.state, witness)
        return Rotator(self.state, patience=_PATIENCE, witness=witness)

    def _acted(self, rotator: Rotator, act: str) -> Sequence[Resumed]:
        scene = self.scene
        if act == "issue":
            sinks, ids = scene.sinks(self.folder), scene.id_sinks(self.folder)
            blindly = scene.is_written_blindly
            rotator.issue(NAME, scene.provider, scene.request, sinks=sinks, id_sinks=ids, replace=blindly)
        elif act == "rotate":
            rotator.rotate(NAME, grace=timedelta())
        elif act == "redirect" and scene.moved is not None:
            return rotator.resume(NAME, sinks=scene.moved.sinks(self.folder))
        else:
            return rotator.resume()
        return ()

    def stall(self) -> None:
        """Begin a rotation that stops at a command which is gone for good."""
        self.scene.break_command(self.folder)
        errors = self.run("rotate", None).errors
        for _ in range(_MOST_WAITS):
            if errors:
                break
            self.decide()
            errors = self.run("resume", None).errors
        if not any("did not take the new value" in error for error in errors):
            raise AssertionError(errors)
        self._is_stalled = True

    def goes_on_by(self) -> str:
        """Return what a person does next: where a command is gone for good, another sink takes its place."""
        query = "SELECT 1 FROM operation JOIN delivery ON operation = operation.id WHERE ended_at IS NULL"
        waits = self._is_stalled and self._rows(f"{query} AND place LIKE 'exec:%' AND delivery.state != 'dropped'")
        return "redirect" if waits else "resume"

    def _where(self) -> Scene:
        """Return the scene as it is now: what the journal says of where the value is kept."""
        moved = self.scene.moved
        if moved is None or not self._is_stalled:
            return self.scene
        ((sinks,),) = self._rows("SELECT sinks FROM credential")
        return moved if moved.sinks(self.folder)[-1] in sinks else self.scene

    def warm_up(self) -> None:
        """Do all of it once in this process, so that no child has to import anything; then it is as it was."""
        kept = self.keep()
        for act in ("issue", "resume", "rotate", "resume", "resume"):
            errors = list(self._act(act, lambda label: None))
            if errors:
                raise AssertionError(errors)
            self.decide()
        self.go_back(kept)
        gc.freeze()

    def decide(self) -> bool:
        """Let people do what is for them to do, and tell whether anything is open."""
        is_open = False
        self.vendor.approve()
        for state, old_key_id in self._rows("SELECT state, old_key_id FROM operation WHERE ended_at IS NULL"):
            is_open = True
            if state == State.AWAITING_HUMAN_REVOKE.value:
                self.vendor.remove(old_key_id)
        return is_open

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return what is written down, read past the journal, whose opening is half of a run."""
        if not (self.state / FILE).exists():
            return []
        with closing(sqlite3.connect(f"file:{self.state / FILE}?mode=ro", uri=True)) as database:
            return database.execute(query).fetchall()

    def wreck(self, *, has_key: bool) -> Iterator[str]:
        """Yield what is wrong right after a kill."""
        values = self.vendor.known_values() | {pair.private_key.reveal() for pair in self._pairs}
        yield from broken_at_any_time(
            self._where(), self.vendor, self.folder, self.state, values=values, has_key=has_key
        )

    def end(self, *, was: str | None) -> Iterator[str]:
        """Yield what is wrong where all has been settled; `was` is the id of the key before."""
        yield from self.wreck(has_key=was is not None)
        yield from broken_at_the_end(self._where(), self.vendor, self.folder, self.state, was=was)
        if self._is_stalled and self._where() is self.scene:
            yield "the value is kept in the place that is gone"

    def current(self) -> str | None:
        """Return the id of the current key."""
        with Journal(self.state) as journal:
            return next((one.key_id for one in journal.credentials()), None)


def _live(act: Callable[[Callable[[str], None]], Iterator[str]], told: mmap.mmap, kill_at: int | None) -> None:
    """Be the child: tell each checkpoint, and end there where it is the one."""
    seen = 0

    def witness(label: str) -> None:
        nonlocal seen
        seen += 1
        told.write(f"- {label}\n".encode())
        if seen == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    code = 1
    try:
        for error in act(witness):
            told.write(f"! {' '.join(error.split())}\n".encode())
        code = 0
    except BaseException:  # noqa: BLE001 - whatever it is belongs into the report, and the child must not be the parent
        told.write(traceback.format_exc().encode() + b"\n")
    finally:
        os._exit(code)


def key_pairs_of(provider: str) -> list[KeyPair]:
    """Return key pairs that differ, made once: making them is not what is tried here."""
    found = []
    for _ in range(_PAIRS if provider == "fireblocks" else 0):
        key = rsa.generate_private_key(public_exponent=65537, key_size=fireblocks.SMALLEST_KEY_BITS)
        found.append(KeyPair(private_key=Secret(private_pem(key)), csr_pem=csr_of(key)))
    return found
