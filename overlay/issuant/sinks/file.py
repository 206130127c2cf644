"""A file that holds the value and nothing else, byte for byte."""

from __future__ import annotations

from pathlib import Path

from issuant.errors import SinkNotReadyError
from issuant.secret import Secret
from issuant.sinks.atomic import check_writable, locked, real_path, replace_file


class FileSink:
    """`file:PATH`: the value alone, without a line break of ours, mode 0600."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def description(self) -> str:
        return f"file:{self._path}"

    def __repr__(self) -> str:
        return f"FileSink({self.description!r})"

    def check(self, *, vacant: bool) -> None:
        """Raise SinkNotReadyError unless the file could be written; with `vacant`, also where it holds something."""
        check_writable(self._path, description=self.description)
        if vacant and self._path.exists() and self._path.stat().st_size > 0:
            raise SinkNotReadyError(
                f"{self.description} holds something already, which a refused request would have cost you.",
                advice="Name another file, or move that one away.",
                field="sink",
            )

    def store(self, value: Secret) -> None:
        """Replace the file by the value. Raises OSError, and then it is as it was."""
        with locked(real_path(self._path).parent):
            replace_file(self._path, value)
