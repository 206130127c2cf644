"""Where an issued value goes, named in one line: `env:PATH#NAME` or `file:PATH`."""

from __future__ import annotations

from pathlib import Path

from issuant.errors import SinkNotReadyError
from issuant.keys import Sink


def open_sink(spec: str, *, replace: bool = True) -> Sink:
    """Return the sink that `spec` names. Nothing is touched yet. Raises SinkNotReadyError for a malformed one.

    `env:PATH#NAME` sets NAME in an env file and keeps its other lines; `file:PATH` is a file with the value alone.

    Args:
        spec: the sink.
        replace: whether a value may be written over that it holds already; False refuses, before anything is created.
    """
    kind, colon, rest = spec.partition(":")
    path, _, name = rest.rpartition("#")
    if colon and kind == "env" and path and name:
        from issuant.sinks.envfile import EnvFileSink

        return EnvFileSink(_expanded(path), name, replace=replace)
    if colon and kind == "file" and rest:
        from issuant.sinks.file import FileSink

        return FileSink(_expanded(rest), replace=replace)
    raise SinkNotReadyError(f"{spec!r} names no sink.", advice="Give env:PATH#NAME or file:PATH.", field="sink")


def _expanded(path: str) -> Path:
    try:
        return Path(path).expanduser()
    except RuntimeError:
        pass
    raise SinkNotReadyError(f"{path!r} is in the home of nobody known.", advice="Write the path out.", field="sink")
