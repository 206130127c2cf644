"""Files that are replaced whole or not at all, readable by their owner alone, and on disk when the call returns."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from issuant.errors import SinkNotReadyError
from issuant.secret import Secret

_PRIVATE = 0o600
_ROOM = 16 * 1024  # bytes that must be free besides: more than any key takes

LOCK_SECONDS = 10.0  # a store takes milliseconds; who holds the lock longer does not write


def real_path(path: Path) -> Path:
    """Return the file that `path` stands for: a symbolic link stays one, and what it points to is replaced."""
    return Path(os.path.realpath(path))


def check_writable(path: Path, *, description: str) -> None:
    """Raise SinkNotReadyError unless a file at `path` could be replaced now. One of its size is made and removed."""
    reason = None
    target = real_path(path)
    try:
        if target.is_symlink():  # what has an end has been followed to it
            reason = "it is a link that leads back to itself"
        elif target.exists():
            reason = _why_kept(target)
        if reason is None:
            _try_to_write(target)
    except OSError as cause:
        reason = cause.strerror or type(cause).__name__
    if reason is not None:
        raise SinkNotReadyError(
            f"{description} cannot be written: {reason}.",
            advice="Name a file in a folder that exists and that you may write to.",
            field="sink",
        )


def _try_to_write(target: Path) -> None:
    """Make a file as large as the new one may be, and remove it: a full disk shows itself. Raises OSError."""
    size = _ROOM + (target.stat().st_size if target.exists() else 0)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".issuant-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(bytes(size))
    finally:
        os.unlink(name)


def _why_kept(target: Path) -> str | None:
    """Return why the file that stands there could not be replaced, as far as that can be seen without trying."""
    found, folder = target.stat(), target.parent.stat()
    if not stat.S_ISREG(found.st_mode):
        return "it is no regular file"
    if os.path.ismount(target):
        return "it is mounted there, and cannot be replaced as a whole"
    if folder.st_mode & stat.S_ISVTX and os.geteuid() not in (0, found.st_uid, folder.st_uid):
        return "it is another user's"
    return None


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of `folder`, so that two processes that change one file do it one after the other.

    Raises OSError where another process does not let go of it.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        _lock(handle)
        yield
    finally:
        os.close(handle)  # and the lock goes with it


def _lock(handle: int) -> None:
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                break
        time.sleep(0.01)
    raise OSError(errno.EAGAIN, "another process holds the lock of the folder")


def in_use(description: str, *, vacant: bool) -> SinkNotReadyError:
    """Return the error for a place that holds a value which is not to be written over; `vacant`: in no case."""
    refused = ", and the request may be refused" if vacant else ""
    return SinkNotReadyError(
        f"{description} holds a value already, which may be in use{refused}.",
        advice=f"Name another sink, or take out what stands there{'' if vacant else '; replace=True writes over it'}.",
        field="sink",
    )


def changed_meanwhile(description: str) -> SinkNotReadyError:
    """Return the error for a place where somebody else has stored since it was checked."""
    return SinkNotReadyError(
        f"{description} was changed meanwhile, and is left as it is now.",
        advice="Name another sink, or take out what stands there.",
        field="sink",
    )


def replace_file(path: Path, content: Secret) -> None:
    """Put `content` at `path`, mode 0600: written beside it, synced, moved into place, and the move synced.

    Raises OSError, and then the file is as it was.
    """
    target = real_path(path)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".issuant-")
    write_beside(handle, name, target, content)


def write_beside(handle: int, name: str, target: Path, content: Secret) -> None:
    """Write `content` to the new file `name`, which is open as `handle`, and move it to `target`. Raises OSError."""
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
    sync_folder(target.parent)


def sync_folder(path: Path) -> None:
    """Bring to disk what has been moved, made and removed in a folder. Raises OSError."""
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
