"""Locks that go with the process that holds them. Owns who may work on a credential.

Facts
- `flock` belongs to the open file: a process that is killed lets go of it, and two threads exclude each other as two
  processes do. A child that was forked keeps it, too; one that was started with another program does not.
- A lock's file stays: were it removed, two processes could each hold a file of that name.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from issuant.errors import BusyError, JournalError

_PAUSE = 0.02


@contextmanager
def held(folder: Path, name: str, what: str, *, wait: float = 0.0) -> Iterator[None]:
    """Hold the lock of `name` in `folder`, for as long as the block runs.

    Args:
        folder: where locks are kept; it is made where it is missing.
        name: anything; its digest names the file.
        what: what is locked, for the error.
        wait: for how many seconds another holder is waited for.

    Raises BusyError, with the process that holds it, and JournalError where the file cannot be opened.
    """
    handle = _opened(folder, hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:32])
    try:
        if not _is_taken(handle, time.monotonic() + wait):
            raise BusyError(
                f"{what} is being worked on {_holder(handle)}.",
                advice="Wait until it is done; if it hangs, end it: nothing is lost, and `issuant resume` goes on.",
            )
        with suppress(OSError):  # on a full disk, the lock holds all the same; it only does not tell who has it
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)  # and the lock goes with it


def _opened(folder: Path, name: str) -> int:
    reason = None
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        return os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as cause:
        reason = cause.strerror
    raise JournalError(f"no lock can be had in {folder}: {reason}.", advice="Make the folder writable.")


def _is_taken(handle: int, deadline: float) -> bool:
    while True:
        reason = None
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
        except OSError as cause:
            reason = cause.strerror
        else:
            return True
        if reason is not None:
            raise JournalError(f"the file system has no locks: {reason}.", advice="Keep the journal on a local disk.")
        time.sleep(_PAUSE)


def _holder(handle: int) -> str:
    words = os.pread(handle, 32, 0).decode("ascii", "replace").strip()
    if words == str(os.getpid()):
        return "by this very process"
    return "by another process" + (f" (process {words})" if words.isdigit() else "")
