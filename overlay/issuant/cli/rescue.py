"""What becomes of a value when the command fails after it was made: it is shown where --show was given, and
otherwise kept in a file of its own, as the process is about to end and the value is shown once. A certificate request
that was made with it is kept as well.

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
from issuant.errors import Effect, IssuantError
from issuant.secret import Secret
from issuant.sinks.atomic import replace_file


def rescue(error: IssuantError, *, show: bool, as_json: bool) -> Path | None:
    """Keep the value that `error` carries, and the certificate request made with it; say where they are.

    Return the file that holds the certificate request, None where none was kept.
    """
    with contextlib.suppress(KeyboardInterrupt):  # the command ends anyway, and there is more to tell
        return _rescued(error, show=show, as_json=as_json)
    return None


def _rescued(error: IssuantError, *, show: bool, as_json: bool) -> Path | None:
    value = error.secret or error.private_key
    if value is not None and error.stored_in is None and not (show and _shown(error, value, as_json=as_json)):
        with _undisturbed():
            _keep(error, value, as_json=as_json)
    if error.effect is not Effect.NONE and not as_json:
        return _keep_request(error)
    return None


def _keep_request(error: IssuantError) -> Path | None:
    """Keep the certificate request, which it takes to repeat the call as it was; JSON has it in the error."""
    # Where the caller brought it, there is no private key of ours with it.
    if not error.csr_pem or (error.private_key is None and error.stored_in is None):
        return None
    with _undisturbed():
        place = next(_kept(Secret(error.csr_pem)), None)
    if place is not None:
        emit(f"issuant: the certificate request is kept in {place}.", err=True)
    return place


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Hear nothing of what would end the process meanwhile, such as another Ctrl-C: it ends right behind anyway."""
    deadly = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, deadly)
    try:
        yield
    finally:
        while signal.sigtimedwait(deadly - before, 0) is not None:
            pass
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _keep(error: IssuantError, value: Secret, *, as_json: bool) -> None:
    """Put the value into a file of its own, and say where it is."""
    place = next(_kept(value), None)
    if place is not None:
        said = f"the value that was made is kept in {place}; move it from there."
    else:
        said = (
            "the value that was made could not be kept anywhere, and is lost. "
            f"Revoke {readable(error.id or 'what was made')} at the provider."
        )
    if not as_json:
        emit(f"issuant: {said}", err=True)
        return
    kept = {"warning": "ValueKept" if place is not None else "ValueLost", "reason": said}
    kept_in = None if place is None else str(place)
    print_json({**kept, "provider": error.provider, "id": error.id, "kept_in": kept_in}, err=True)


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
    """Give the file that holds a text, of the first folder that takes it."""
    for folder in _folders():
        with contextlib.suppress(OSError):
            folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # the journal's own, where it is the first
            folder.mkdir(mode=0o700, exist_ok=True)
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
