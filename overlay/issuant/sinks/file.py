"""A file that holds the value and nothing else, byte for byte."""

from __future__ import annotations

import hashlib
from pathlib import Path

from issuant.secret import Secret
from issuant.sinks.atomic import changed_meanwhile, check_writable, in_use, locked, real_path, replace_file


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
            replace_file(self._path, value)

    def _digest(self) -> str | None:
        """Return what tells the file's content from any other; None where there is none."""
        if not self._path.exists() or self._path.stat().st_size == 0:
            return None
        with self._path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
