"""What a simulator holds, kept beyond its process. Owns what of a simulator is its state; the file is `statefile`'s.

    with keep("mock.state", simulator): ...

The file is JSON, readable by its owner alone, and replaced as a whole before a reply is sent: who kills the process
loses no more than the request in flight. It holds every user, key, secret, approval, login, page token, stored reply
and counter, the rate limit, the clock's offset and the source of randomness. Of values it holds hashes, and what is
fake from the start, such as the private key of the Fireblocks simulator. Faults that wait, which are the test's and not
the vendor's, are not in it.

Facts
- All attributes of a simulator are its state but those that `_MACHINERY` names. An attribute that is neither data nor
  a part, an object of a class that names its own in `STATE`, cannot be kept, and that is an error.
- A dict is filled in place: one part may hold that of another.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from .base import Simulator
from .codec import decode, encode
from .statefile import StateError, StateFile

_MACHINERY = frozenset({"clock", "random", "faults", "lock", "on_change", "_routes"})
_WORD = 4  # bytes of one number in the state of a Mersenne twister


@contextmanager
def keep(path: str | Path, *simulators: Simulator) -> Iterator[None]:
    """Take up what the file at `path` holds of `simulators`, and keep there what they hold from now on.

    A file that is not there is made. It is replaced after each request that changes something, and at the end.

    Raises StateError for a file that is in use, damaged, of another version or of other providers, which is left as it
    is, and for a simulator that cannot be kept; OSError where the file cannot be read or written.
    """
    keeper = _Keeper(StateFile(Path(path), frozenset(simulator.name for simulator in simulators)), simulators)
    try:
        keeper.start()
        try:
            yield
        finally:
            keeper.stop()
    finally:
        keeper.release()


class _Keeper:
    """Simulators, and the file that what they hold goes to."""

    def __init__(self, file: StateFile, simulators: tuple[Simulator, ...]) -> None:
        self._file = file
        self._simulators = simulators
        self._lock = threading.Lock()
        self._kept: dict[str, object] = {}

    def start(self) -> None:
        found = self._file.read()
        for simulator in self._simulators:
            if found is not None:
                restore(simulator, found[simulator.name])
            self._kept[simulator.name] = snapshot(simulator)
        self._file.write(self._kept)
        for simulator in self._simulators:
            simulator.on_change = lambda simulator=simulator: self._save(simulator)  # type: ignore[misc]

    def _save(self, simulator: Simulator) -> None:
        now = snapshot(simulator)
        with self._lock:
            if now != self._kept[simulator.name]:
                kept = {**self._kept, simulator.name: now}
                self._file.write(kept)
                self._kept = kept

    def stop(self) -> None:
        """Keep what was done without a request, too."""
        for simulator in self._simulators:
            with simulator.lock:
                self._save(simulator)

    def release(self) -> None:
        for simulator in self._simulators:
            simulator.on_change = lambda: None
        self._file.close()


def snapshot(simulator: Simulator) -> dict[str, object]:
    """Return all that a simulator holds as JSON. Raises StateError, naming it, for what cannot be written."""
    return {
        "clock": simulator.clock.offset.total_seconds(),
        "random": _drawn(simulator.random, f"{simulator.name}.random"),
        "holds": _written(simulator, _names(simulator), simulator.name),
    }


def restore(simulator: Simulator, document: object) -> None:
    """Let a fresh simulator hold what `snapshot` has told. Raises StateError for anything else."""
    match document:
        case {"clock": int() | float() as seconds, "random": dict() as drawn, "holds": holds}:
            try:
                simulator.clock.offset = timedelta(seconds=seconds)
                simulator.random.setstate(_undrawn(drawn))
                _fill(simulator, _names(simulator), holds, simulator.name)
                return
            except (ValueError, TypeError, KeyError, OverflowError):
                pass
    raise StateError(f"what it holds of {simulator.name} is not what this simulator wrote")


def _names(simulator: Simulator) -> tuple[str, ...]:
    return tuple(name for name in vars(simulator) if name not in _MACHINERY)


def _written(holder: object, names: tuple[str, ...], place: str) -> dict[str, object]:
    found: dict[str, object] = {}
    for name in names:
        value, at = getattr(holder, name), f"{place}.{name}"
        fault = None
        try:
            found[name] = _written(value, value.STATE, at) if hasattr(value, "STATE") else encode(value)
        except TypeError as error:
            fault = str(error)
        if fault is not None:
            raise StateError(f"{at} cannot be kept: {fault}")
    return found


def _fill(holder: object, names: tuple[str, ...], document: object, place: str) -> None:
    if not isinstance(document, dict) or document.keys() != set(names):
        raise StateError(f"{place} holds other things than this simulator does")
    for name in names:
        current = getattr(holder, name)
        if hasattr(current, "STATE"):
            _fill(current, current.STATE, document[name], f"{place}.{name}")
            continue
        value = decode(document[name])
        if isinstance(current, dict):
            filled = dict(value)
            current.clear()
            current.update(filled)
        else:
            setattr(holder, name, value)


def _drawn(source: random.Random, place: str) -> dict[str, object]:
    state: tuple[Any, ...] | None = None
    with suppress(NotImplementedError):
        state = source.getstate()
    if state is None:
        raise StateError(f"{place} cannot be kept: it has no state")
    version, words, gauss = state
    return {"version": version, "words": b"".join(word.to_bytes(_WORD, "big") for word in words).hex(), "gauss": gauss}


def _undrawn(document: Mapping[str, Any]) -> tuple[Any, ...]:
    words = bytes.fromhex(document["words"])
    numbers = tuple(int.from_bytes(words[at : at + _WORD], "big") for at in range(0, len(words), _WORD))
    return document["version"], numbers, document["gauss"]
