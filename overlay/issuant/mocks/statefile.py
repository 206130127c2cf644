"""The file that a state is kept in. Owns its form, its lock and replacing it as a whole; knows nothing of simulators.

Facts
- The lock is on the file itself (`flock`), and goes with the process that holds it. A new file is locked before it
  takes the place of the old one, so that whoever opens it finds it locked.
- Who is killed while writing leaves the new file behind, under a name that tells which state it is of. It is taken away
  when the state is taken up again, unless a process has it locked.
- The digest finds a file that was cut, or changed by hand.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import stat
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

VERSION = 1

_FORMAT = "issuant mock state"
_TRIES = 100


class StateError(Exception):
    """A state that cannot be taken up or kept. Its file is as it was."""


class StateFile:
    """A file at `path` that this process alone uses, until it is closed."""

    def __init__(self, path: Path, names: frozenset[str]) -> None:
        """Lock the file, where there is one. `names` are the providers whose state it is for.

        Raises StateError for a file that is in use and for what is no regular file, OSError where it cannot be opened.
        """
        self._path = Path(os.path.realpath(path))
        self._names = names
        self._prefix = f".issuant-mock-{hashlib.sha256(os.fsencode(self._path.name)).hexdigest()[:12]}-"
        self._handle: int | None = None
        for _ in range(_TRIES):
            try:
                handle = os.open(self._path, os.O_RDONLY | os.O_NONBLOCK)  # a FIFO would be waited for
            except FileNotFoundError:
                return
            if self._is_ours(handle):
                self._handle = handle
                self._clear()
                return
        raise StateError(f"{self._path} is being replaced all the time")

    def _is_ours(self, handle: int) -> bool:
        """Lock an open file, and tell whether it is still the one at the path."""
        kind = os.fstat(handle).st_mode
        if not stat.S_ISREG(kind) and not stat.S_ISDIR(kind):  # a folder is refused by the system, when it is read
            os.close(handle)
            raise self._refused("it is no regular file")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(handle), self._path.stat()):
                return True
        except BlockingIOError:
            os.close(handle)
            raise self._refused("another process uses it") from None
        except FileNotFoundError:
            pass
        os.close(handle)
        return False

    def _clear(self) -> None:
        """Take away what a process that was killed while writing has left behind. The lock is held."""
        for left in self._path.parent.glob(f"{self._prefix}*"):
            with suppress(OSError):  # in use, or gone
                handle = os.open(left, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
                try:
                    if not os.path.sameopenfile(handle, self._handle or 0):  # a second name of the file itself
                        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    os.unlink(left)
                finally:
                    os.close(handle)

    def read(self) -> Mapping[str, object] | None:
        """Return the state of each provider, None where there is no file. Raises StateError for another file."""
        if self._handle is None:
            return None
        found: object = None
        with suppress(ValueError, RecursionError):
            found = json.loads(self._path.read_bytes())
        if not isinstance(found, dict) or found.get("format") != _FORMAT:
            raise self._refused("it is damaged, or no state of mocks")
        if found.get("version") != VERSION:
            raise self._refused(f"it is of version {found.get('version')!r}, and this is version {VERSION}")
        providers = found.get("providers")
        if not isinstance(providers, dict) or found.get("sha256") != _digest(providers):
            raise self._refused("it is damaged, or was changed by hand")
        if providers.keys() != self._names:
            held, wanted = (", ".join(sorted(names)) for names in (providers, self._names))
            raise self._refused(f"it holds {held}, and what is to be kept is {wanted}")
        return providers

    def write(self, providers: Mapping[str, object]) -> None:
        """Replace the file. Raises StateError where another process has made one meanwhile, OSError otherwise."""
        document = {"format": _FORMAT, "version": VERSION, "sha256": _digest(providers), "providers": providers}
        handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=self._prefix)  # mode 0600
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with os.fdopen(os.dup(handle), "w", encoding="ascii") as file:
                json.dump(document, file, separators=(",", ":"))
                file.write("\n")
                file.flush()
                os.fsync(file.fileno())
            self._place(name)
        except BaseException:
            os.close(handle)
            with suppress(OSError):
                os.unlink(name)
            raise
        self.close()
        self._handle = handle

    def _place(self, name: str) -> None:
        if self._handle is not None:
            os.replace(name, self._path)
            return
        # A link, unlike a rename, does not take the place of a file that another process has made meanwhile.
        try:
            os.link(name, self._path)
        except FileExistsError:
            raise self._refused("another process uses it") from None
        os.unlink(name)

    def close(self) -> None:
        """Let go of the file."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _refused(self, reason: str) -> StateError:
        return StateError(f"{self._path} is left as it is: {reason}")


def _digest(providers: Mapping[str, object]) -> str:
    text = json.dumps(providers, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()
