"""A file that holds the value and nothing else, byte for byte."""

from __future__ import annotations

import hashlib
from pathlib import Path

from issuant.secret import Secret
from issuant.sinks.atomic import changed_meanwhile, check_writable, in_use, locked, real_path, sync_folder
from issuant.sinks.contents import check_text, nothing_staged, readable
from issuant.sinks.pending import clear, fill, move_in, pending_path, put_in


class FileSink:
    """`file:PATH`: the value alone, without a line break of ours, mode 0600."""

    def __init__(self, path: Path, *, replace: bool = True) -> None:
        self._path = path
        self._replaces = replace

    @property
    def description(self) -> str:
        return f"file:{self._path}"

    def __repr__(self) -> str:
        return f"FileSink({self.description!r})"

    def check(self, *, vacant: bool, value: Secret | None = None) -> object:
        """Raise SinkNotReadyError unless the file could be written.

        With `vacant`, or where nothing is to be replaced, also where it holds something.
        """
        check_text(value, self.description)
        check_writable(self._path, description=self.description)
        found = self._digest()
        if found is not None and (vacant or not self._replaces):
            raise in_use(self.description, vacant=vacant)
        return found

    def store(self, value: Secret, found: object) -> None:
        """Replace the file by the value. Raises SinkNotReadyError or OSError, and then it is as it was."""
        with locked(real_path(self._path).parent):
            if self._digest() != found:
                raise changed_meanwhile(self.description)
            put_in(self._path, value)

    def read(self) -> Secret | None:
        """Return all that is in the file; None where there is nothing. Raises SinkNotReadyError."""
        return readable(
            lambda: Secret(self._path.read_bytes().decode() if self._path.exists() else ""), self.description
        )

    def stage(self, value: Secret, slot: str) -> None:
        """Write the value into a file beside the place, mode 0600. Raises OSError."""
        pending = pending_path(self._path, slot)
        with locked(pending.parent):
            fill(pending, value)

    def promote(self, slot: str, found: object) -> None:
        """Replace the file by what is in the slot. Raises SinkNotReadyError or OSError."""
        pending = pending_path(self._path, slot)
        with locked(pending.parent):
            is_staged, present = pending.exists(), self._digest()
            if not is_staged and present == found:
                raise nothing_staged(self.description)
            if not is_staged:
                sync_folder(pending.parent)  # it was moved before, and perhaps killed before that was on disk
            elif present in (found, _digest(pending)):
                move_in(pending, self._path)
            else:
                raise changed_meanwhile(self.description)

    def unstage(self, slot: str) -> None:
        """Remove the file beside the place. Raises OSError."""
        clear(pending_path(self._path, slot))

    def _digest(self) -> str | None:
        return _digest(self._path)


def _content(path: Path) -> Secret | None:
    return Secret(path.read_bytes().decode()) if path.exists() else None


def _digest(path: Path) -> str | None:
    """Return what tells a file's content from any other; None where there is none."""
    if not path.exists() or path.stat().st_size == 0:
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
