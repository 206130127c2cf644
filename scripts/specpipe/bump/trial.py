"""The new tree put into place and tested, and taken back unless it is kept. Owns the moment in which the tree is
another one; refuses to lose anything: what cannot be put back, or was changed on the way, is kept and named.

Facts
- Signals wait while things are moved, as a move that is half made or half taken back is neither tree.
- The tests run in a session of their own, so that all that they started ends with them.
- The tests may change or remove anything. What they leave outside of what was placed is named, not taken back.
"""

import os
import shlex
import signal
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from ..interruption import postponed
from ..placement import Placement
from . import tree

_KEPT = ".specs-kept"
_PATIENCE = 10.0
"""Seconds that the tests have to end when they are told to."""

_State = dict[str, tuple[int, int]]


class Trial:
    """A context: when it ends, the tree is as it was, unless `keep` was called.

    `remarks` then say what is not, or what somebody changed on the way.
    """

    def __init__(self, work: Path, root: Path) -> None:
        self._work, self._root = work, root
        self._placement = Placement(work, root)
        self._names: tuple[str, ...] = ()
        self._placed: _State = {}
        self._is_kept = False
        self.remarks: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._is_kept:
            with postponed():
                self._take_back()
        if error is not None:
            for remark in self.remarks:
                error.add_note(remark)

    def place(self, names: Iterable[str]) -> None:
        """Put what was made into the place of what stands in the tree; all of it or none."""
        self._names = tuple(names)
        with postponed():
            self._placement.put(self._names)
            self._placed = self._state()

    def test(self, command: Sequence[str]) -> str:
        """Run the tests on the tree; what went wrong, empty where nothing did."""
        try:
            process = subprocess.Popen(command, cwd=self._root, start_new_session=True)
        except OSError as error:
            return f"{shlex.join(command)} cannot be run: {error.strerror}"
        try:
            code = process.wait()
        finally:
            _end(process)
        return f"{shlex.join(command)} ended with {code}" if code else ""

    def keep(self) -> None:
        """Let the new tree stay."""
        self._is_kept = True

    def _take_back(self) -> None:
        changed = self._placed != self._state() if self._placed else False
        left = self._placement.undo()
        if left or changed:
            kept = self._free_folder()
            self._work.rename(kept)
            # The workspace is gone, which whoever made it will not miss.
            self._work.mkdir()
            if left:
                names = ", ".join(str(path.relative_to(self._root)) for path in left)
                self.remarks.append(f"{names} could not be put back; what stood there is in {kept.name}/.aside.")
            else:
                self.remarks.append(f"Files were changed while the tests ran; the changed ones are in {kept.name}.")
        dirty = tree.uncommitted(self._root)
        if dirty and not left:
            self.remarks.append(f"The tests left changes of their own: {', '.join(dirty[:5])}.")

    def _free_folder(self) -> Path:
        number = 1
        while (folder := self._root / f"{_KEPT}-{number}").exists():
            number += 1
        return folder

    def _state(self) -> _State:
        """Time and size of every file of what was placed; what Python and tools leave behind does not count."""
        found: _State = {}
        for name in self._names:
            top = self._root / name
            for path in (top, *top.rglob("*")):
                if path.is_file() and "__pycache__" not in path.parts:
                    status = path.stat()
                    found[str(path.relative_to(self._root))] = (status.st_mtime_ns, status.st_size)
        return found


def _end(process: subprocess.Popen[bytes]) -> None:
    """End whatever the command started and left behind."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except (ProcessLookupError, PermissionError):
            return  # nothing is left of it
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            continue
