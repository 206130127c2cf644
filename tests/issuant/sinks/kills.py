"""A program that is killed at every step of a sink's work, and looks at what is left. Prints a list in JSON.

It gets a sink's spec, with {} for a folder of its own each time. For every number of steps there is a child that stages
and promotes a value and is killed before the step of that number (a call that changes something); then another that
goes on. A row has the steps, whether the child was killed, what it had begun, what a reader saw then and saw at the
end, and the names of what is left beside the place.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from issuant.keys import Sink
from issuant.secret import Secret
from issuant.sinks import open_sink
from issuant.sinks.abilities import ReadsBack, Stages

OLD, NEW = "old_TEST_not_a_key", "new_TEST_not_a_key"
SLOT = "x1a2b3c4d-1"


class NaiveSink:
    """A sink that stages and promotes by writing where it should not: over what stands there."""

    def __init__(self, path: Path) -> None:
        self._path = path

    description = "naive"

    def check(self, *, vacant: bool, value: Secret | None = None) -> object:
        return None

    def store(self, value: Secret, found: object) -> None:
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.write(handle, value.reveal().encode())
        os.fsync(handle)
        os.close(handle)

    def read(self) -> Secret | None:
        return Secret(self._path.read_text()) if self._path.exists() else None

    def stage(self, value: Secret, slot: str) -> None:
        self._path.with_suffix(".slot").write_text(value.reveal())

    def promote(self, slot: str, found: object) -> None:
        if self._path.with_suffix(".slot").exists():
            self.store(Secret(self._path.with_suffix(".slot").read_text()), found)
            self._path.with_suffix(".slot").unlink()

    def unstage(self, slot: str) -> None:
        self._path.with_suffix(".slot").unlink(missing_ok=True)


class Killer:
    """Kills this process before the step of a number."""

    def __init__(self, number: int) -> None:
        self._left = number

    def watch(self, owner: Any, name: str) -> None:
        """Count the calls of a function as steps."""
        function: Callable[..., Any] = getattr(owner, name)

        def call(*arguments: Any, **options: Any) -> Any:
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            self._left -= 1
            return function(*arguments, **options)

        setattr(owner, name, call)


def opened(spec: str) -> Any:
    return NaiveSink(Path(spec.partition(":")[2])) if spec.startswith("naive:") else open_sink(spec)


def in_child(work: Callable[[], None]) -> bool:
    """Run `work` in a child, and tell whether it was killed."""
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        finally:
            os._exit(1)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, -signal.SIGKILL), f"a child ended with {code}"
    return code != 0


def watch_all(killer: Killer, spec: str) -> None:
    if spec.startswith("keyring:"):
        import keyring

        for name in ("get_password", "set_password", "delete_password"):
            killer.watch(type(keyring.get_keyring()), name)
        return
    for name in ("open", "write", "fchmod", "fsync", "replace", "unlink", "close"):
        killer.watch(os, name)


def row(spec: str, action: str, steps: int, folder: Path) -> dict[str, object]:
    """Kill one child and let another go on."""
    sink: Sink = opened(spec)
    assert isinstance(sink, Stages)
    assert isinstance(sink, ReadsBack)
    sink.store(Secret(OLD), None)
    found = sink.check(vacant=False)
    begun = folder.parent / f"{folder.name}.begun"

    def act() -> None:
        watch_all(Killer(steps), spec)
        sink.stage(Secret(NEW), SLOT)
        begun.touch()
        sink.promote(SLOT, found)

    was_killed = in_child(act)
    is_staged, seen = begun.exists(), sink.read()

    def go_on() -> None:
        if action == "take back" and not is_staged:
            return sink.unstage(SLOT)
        if not is_staged:
            sink.stage(Secret(NEW), SLOT)
        return sink.promote(SLOT, found)

    assert not in_child(go_on)
    value = sink.read()
    return {
        "steps": steps,
        "killed": was_killed,
        "staged": is_staged,
        "seen": None if seen is None else seen.reveal(),
        "value": None if value is None else value.reveal(),
        "left": sorted(entry.name for entry in folder.iterdir()),
    }


def main(template: str, action: str) -> None:
    """Go through the steps until a child is not killed any more."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="kills-") as place:
        for steps in range(200):
            folder = Path(place) / f"{steps}-{uuid.uuid4().hex}"
            folder.mkdir()
            rows.append(row(template.format(folder), action, steps, folder))
            if not rows[-1]["killed"]:
                break
    sys.stdout.write(json.dumps(rows))


if __name__ == "__main__":
    main(*sys.argv[1:])
