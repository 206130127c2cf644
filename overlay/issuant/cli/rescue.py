"""What becomes of a value when the command fails after it was made: it is shown where --show was given, and
otherwise kept in a file of its own, as the process is about to end and the value is shown once."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

import click

from issuant.errors import IssuantError
from issuant.secret import Secret
from issuant.sinks.file import FileSink


def rescue(error: IssuantError, *, show: bool) -> None:
    """Keep the value that `error` carries, and say where it is."""
    value = error.secret or error.private_key
    if value is None or error.stored_in is not None:
        return
    if show:
        click.echo(value.reveal())
        click.echo(
            "issuant: the value that was made is on standard output; keep it until the outcome is clear.", err=True
        )
        return
    click.echo(f"issuant: the value that was made is kept in {_keep(value)}; move it from there.", err=True)


def _keep(value: Secret) -> Path:
    state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "issuant" / "rescued"
    with contextlib.suppress(OSError):
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _stored(state, value)
    return _stored(Path(tempfile.gettempdir()), value)


def _stored(folder: Path, value: Secret) -> Path:
    handle, name = tempfile.mkstemp(dir=folder, prefix="issuant-rescued-")
    os.close(handle)
    FileSink(Path(name)).store(value)
    return Path(name)
