"""Where an issued value goes, named in one line: `env:PATH#NAME` or `file:PATH`."""

from __future__ import annotations

from pathlib import Path

from issuant.errors import SinkNotReadyError
from issuant.keys import Sink


def open_sink(spec: str) -> Sink:
    """Return the sink that `spec` names. Nothing is touched yet. Raises SinkNotReadyError for a malformed one.

    `env:PATH#NAME` sets NAME in an env file and keeps its other lines; `file:PATH` is a file with the value alone.
    """
    kind, colon, rest = spec.partition(":")
    path, _, name = rest.rpartition("#")
    if colon and kind == "env" and path and name:
        from issuant.sinks.envfile import EnvFileSink

        return EnvFileSink(_expanded(path), name)
    if colon and kind == "file" and rest:
        from issuant.sinks.file import FileSink

        return FileSink(_expanded(rest))
    raise SinkNotReadyError(f"{spec!r} names no sink.", advice="Give env:PATH#NAME or file:PATH.", field="sink")


def _expanded(path: str) -> Path:
    try:
        return Path(path).expanduser()
    except RuntimeError:
        pass
    raise SinkNotReadyError(f"{path!r} is in the home of nobody known.", advice="Write the path out.", field="sink")
