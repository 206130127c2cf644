"""The command on a terminal of its own: what is typed when it asks, and all that is shown there."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

LONGEST = 20  # seconds


@dataclass(frozen=True, kw_only=True)
class Shown:
    """How a run ended, and what stood on the terminal, in the order of its coming."""

    code: int
    text: str

    @property
    def lines(self) -> list[str]:
        """The lines as they stand there in the end: what follows a carriage return is written over a line."""
        return [_overwritten(line) for line in self.text.replace("\r\n", "\n").removesuffix("\n").split("\n")]


def on_terminal(
    *command: str | Path,
    answers: Sequence[str] = (),
    asks: str = ": ",
    stdout: int | None = None,
    meanwhile: Callable[[str], object] = lambda shown: None,
) -> Shown:
    """Run a command on a terminal, with its standard output elsewhere where `stdout` is given.

    Each answer is typed when `asks` has been shown once more. `meanwhile` gets what is shown, as it comes.
    """
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [str(word) for word in command],
        stdin=theirs,
        stdout=theirs if stdout is None else stdout,
        stderr=theirs,
        env=os.environ,
    )
    os.close(theirs)
    shown = b""
    asked = 0
    give_up = time.monotonic() + LONGEST
    while time.monotonic() < give_up:
        if not select.select([ours], [], [], 0.1)[0]:
            continue
        try:
            read = os.read(ours, 4096)
        except OSError:  # the other end is closed
            break
        if not read:
            break
        shown += read
        meanwhile(shown.decode(errors="replace"))
        if asked < len(answers) and shown.count(asks.encode()) > asked:
            os.write(ours, answers[asked].encode() + b"\n")
            asked += 1
    try:
        code = process.wait(5)
    finally:
        process.kill()
        os.close(ours)
    return Shown(code=code, text=shown.decode())


def _overwritten(line: str) -> str:
    seen = ""
    for part in line.split("\r"):
        seen = part + seen[len(part) :]
    return seen.rstrip()
