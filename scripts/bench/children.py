"""A command run to its end in a process of its own, and what it cost. Owns the measuring; refuses to go on after a
command that was meant to work and did not.

Facts
- What a child waited for counts as the child's: CPU seconds in sum, memory as the greatest of them.
- A child starts with its parent's peak of memory as its own, so whoever measures children stays small.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, kw_only=True)
class Run:
    """A command that came to its end."""

    command: tuple[str, ...]
    code: int
    output: str
    errors: str
    cpu: float
    """Seconds, user and system, of the child and of what it waited for."""
    wall: float
    peak_mb: float

    @property
    def is_done(self) -> bool:
        """Whether it did what it was asked for."""
        return self.code == 0 and "Traceback (most recent call last)" not in self.output + self.errors

    def checked(self) -> Run:
        """This run, which must have worked."""
        if not self.is_done:
            raise RuntimeError(f"exit {self.code}: {' '.join(self.command)}\n{self.errors[-2000:]}")
        return self


def run(command: Sequence[str], *, environment: Mapping[str, str] | None = None) -> Run:
    """Run the command to its end; `environment` is what differs from this process's."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=output, stderr=errors, stdin=subprocess.DEVNULL, env={**os.environ, **(environment or {})}
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        return Run(
            command=tuple(command),
            code=process.returncode,
            output=output.read(),
            errors=errors.read(),
            cpu=usage.ru_utime + usage.ru_stime,
            wall=wall,
            peak_mb=usage.ru_maxrss / 1024,
        )
