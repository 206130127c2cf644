"""Files that are replaced whole or not at all, readable by their owner alone, and on disk when the call returns."""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from issuant.errors import SinkNotReadyError
from issuant.secret import Secret

_PRIVATE = 0o600


def real_path(path: Path) -> Path:
    """Return the file that `path` stands for: a symbolic link stays one, and what it points to is replaced."""
    return Path(os.path.realpath(path))


def check_writable(path: Path, *, description: str) -> None:
    """Raise SinkNotReadyError unless a file at `path` could be replaced now. A file is really made and removed."""
    reason = None
    target = real_path(path)
    try:
        if target.exists() and not stat.S_ISREG(target.stat().st_mode):
            reason = "it is no regular file"
        else:
            handle, name = tempfile.mkstemp(dir=target.parent, prefix=".issuant-")
            os.close(handle)
            Path(name).unlink()
    except OSError as cause:
        reason = cause.strerror or type(cause).__name__
    if reason is not None:
        raise SinkNotReadyError(
            f"{description} cannot be written: {reason}.",
            advice="Name a file in a folder that exists and that you may write to.",
            field="sink",
        )


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of `folder`, so that two processes that change one file do it one after the other."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)  # and the lock goes with it


def replace_file(path: Path, content: Secret) -> None:
    """Put `content` at `path`, mode 0600: written beside it, synced, moved into place, and the move synced.

    Raises OSError, and then the file is as it was.
    """
    target = real_path(path)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".issuant-")
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), _PRIVATE)
            file.write(content.reveal().encode())
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
