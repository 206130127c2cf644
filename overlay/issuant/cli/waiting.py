"""What is told on standard error of a wait of more than a second, where that is a terminal. Owns that one line.

It is written over and taken away again, so that nothing of it stays among what is printed.
"""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from issuant.cli.output import is_terminal

PATIENCE = 1.0  # seconds of silence before anything is told
_PERIOD = 0.25


class Waiting:
    """The line that tells what is waited for: `doing`, or how much has come (`count`) of what `things` names."""

    def __init__(self, provider: str, things: str = "") -> None:
        self.count = 0
        self.doing = f"waiting for {provider}"
        self._things = things
        self._lock = threading.Lock()
        self._quiet_since = time.monotonic()
        self._shown = ""
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        if is_terminal(sys.stderr):
            self._thread = threading.Thread(target=self._tell, daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._write("")

    @contextlib.contextmanager
    def aside(self) -> Iterator[None]:
        """Take the line away while something is printed on the same terminal."""
        with self._lock:
            self._write("")
            yield
            self._quiet_since = time.monotonic()

    def _tell(self) -> None:
        while not self._stop.wait(_PERIOD):
            with self._lock:
                if time.monotonic() - self._quiet_since > PATIENCE:
                    far = f"{self.count} {self._things} so far" if self.count else self.doing
                    self._write(f"… {far}")

    def _write(self, text: str) -> None:
        """Write over what is shown."""
        if text == self._shown:
            return
        with contextlib.suppress(OSError, ValueError):  # the wait is worth more than the word of it
            sys.stderr.write("\r" + text.ljust(len(self._shown)) + ("" if text else "\r"))
            sys.stderr.flush()
        self._shown = text
