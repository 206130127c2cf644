"""What becomes of a value when the command fails after it was made: it is shown where --show was given, and
otherwise kept in a file of its own, as the process is about to end and the value is shown once.

Nothing here raises: the error that led here is still to be told.
"""

from __future__ import annotations

import contextlib
import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

from issuant.cli.output import UnprintedError, abandon_output, emit, print_json, readable
from issuant.errors import IssuantError
from issuant.secret import Secret
from issuant.sinks.atomic import replace_file


def rescue(error: IssuantError, *, show: bool, as_json: bool) -> None:
    """Keep the value that `error` carries, and say where it is."""
    value = error.secret or error.private_key
    if value is None or error.stored_in is not None:
        return
    if show and _shown(error, value, as_json=as_json):
        return
    with _undisturbed():
        _keep(error, value)


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Hold what would end the process meanwhile, such as another Ctrl-C; it takes effect right behind."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _keep(error: IssuantError, value: Secret) -> None:
    """Put the value into a file of its own, and say where it is."""
    place = next(_kept(value), None)
    if place is not None:
        emit(f"issuant: the value that was made is kept in {place}; move it from there.", err=True)
    else:
        emit(
            "issuant: the value that was made could not be kept anywhere, and is lost. "
            f"Revoke {readable(error.id or 'what was made')} at the provider.",
            err=True,
        )


def _shown(error: IssuantError, value: Secret, *, as_json: bool) -> bool:
    """Print the value; tell whether standard output took it."""
    try:
        if as_json:
            print_json(
                {
                    "provider": error.provider,
                    "outcome": error.effect.value,
                    "id": error.id,
                    "request_id": error.request_id,
                    "idempotency_key": error.idempotency_key,
                    "value": value.reveal(),
                }
            )
        else:
            emit(value.reveal())
    except UnprintedError:
        return False
    except KeyboardInterrupt:
        abandon_output()
        return False
    if not as_json:
        emit("issuant: the value that was made is on standard output; keep it until the outcome is clear.", err=True)
    return True


def _kept(value: Secret) -> Iterator[Path]:
    """Give the file that holds the value, of the first folder that takes it."""
    for folder in _folders():
        with contextlib.suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            yield _stored(folder, value)


def _folders() -> Iterator[Path]:
    state = os.environ.get("XDG_STATE_HOME")
    if state:
        yield Path(state) / "issuant" / "rescued"
    with contextlib.suppress(RuntimeError):  # nobody's home is known
        yield Path.home() / ".local" / "state" / "issuant" / "rescued"
    with contextlib.suppress(OSError):
        yield Path(tempfile.gettempdir())
    with contextlib.suppress(OSError):  # it may be gone
        yield Path.cwd()


def _stored(folder: Path, value: Secret) -> Path:
    handle, name = tempfile.mkstemp(dir=folder, prefix="issuant-rescued-")
    os.close(handle)
    try:
        replace_file(Path(name), value)
    except OSError:
        os.unlink(name)
        raise
    return Path(name)
