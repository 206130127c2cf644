"""The journal's file. Owns making it, opening it, its transactions, and what SQLite's failures mean; knows no records.

Facts
- A new file appears whole: it is made under another name, synced, and moved into place. So an empty one is damage.
- SQLite gives -wal and -shm the mode of the file itself, and takes a write-ahead log whose head is damaged for an empty
  one: commits would be gone without a word. So the head is looked at before SQLite does. A log that was cut, or whose
  later frames are damaged, cannot be told from one that a crash has cut.
- A page that was cut off is read as zeros, which may look sound. While the log is not empty, the file may end anywhere:
  a crash has interrupted the copying from it, which is then done again.
- SQLite's locks are the process's: were this file opened and closed here besides, they would be gone.
- integrity_check takes 7 ms after a thousand rotations; it finds what does not fit, not a text that was changed.
- WAL with synchronous=FULL: a commit is on disk when it returns. An error while committing leaves open whether it was
  done; the row's revision tells.
- secure_delete overwrites what is deleted with zeros in the file itself; in the log it stands until a checkpoint has
  cut the log to nothing.
"""

from __future__ import annotations

import os
import sqlite3
import struct
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from issuant.errors import BusyError, JournalCorruptError, JournalError
from issuant.rotation.schema import Script, check_version, migrate
from issuant.rotation.statefolder import sync_folder, why_shared

T = TypeVar("T")

Work = Callable[[sqlite3.Connection], T]

_PAGE = 512  # the smallest there is; all are multiples
_HEAD = struct.Struct(">8I")
_MAGIC = (0x377F0682, 0x377F0683)  # the sums of the log are little-endian, or big-endian

_PRAGMAS = (
    "synchronous = FULL",
    "fullfsync = ON",  # where fsync does not reach the disk (macOS)
    "secure_delete = ON",
    "temp_store = MEMORY",
    "cell_size_check = ON",
    "trusted_schema = OFF",
    "foreign_keys = ON",
)
_KEEP = (
    "Copy the folder away as it is. Then put a backup in its place, or move it away to begin anew:"
    " `issuant strays` shows the keys that are not known any more."
)


class Database:
    """The file at `path`, open. It may be shared between threads; one of them is at it at a time.

    Args:
        path: the file, which exists.
        scripts: what leads to the present version of the tables.
        patience: for how many seconds a transaction of another process is waited for.

    Raises JournalError where it cannot be used, JournalCorruptError where it is damaged. Nothing has been written then,
    and an older version has not been brought up to date either: `update` does that.
    """

    def __init__(self, path: Path, scripts: Sequence[Script], *, patience: float) -> None:
        self._path = path
        self._scripts = scripts
        self._patience = patience
        self._turn = threading.RLock()
        self._is_unwiped = False
        _check_files(path)
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=patience)
        try:
            self._guarded(self._check)
        except BaseException:
            self._connection.close()
            raise

    def _check(self) -> None:
        database = self._connection
        database.row_factory = sqlite3.Row
        check_version(database, self._scripts)
        for pragma in _PRAGMAS:
            database.execute(f"PRAGMA {pragma}")
        found = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if found != "ok":
            raise _damaged(self._path, "its pages do not fit each other")
        if database.execute("PRAGMA journal_mode = WAL").fetchone()[0] != "wal":
            raise JournalError("the journal's disk cannot do with a write-ahead log.", advice="Keep it on a local one.")

    def update(self) -> None:
        """Bring the tables up to date, and wipe what a process that was killed has left to be wiped."""
        self._guarded(lambda: migrate(self._connection, self._scripts))
        self._connection.execute("PRAGMA busy_timeout = 0")  # who is at it now will wipe, or the next one to open it
        self.wipe()
        self._connection.execute(f"PRAGMA busy_timeout = {int(self._patience * 1000)}")

    def write(self, work: Work[T]) -> T:
        """Run `work` in one transaction that writes. It is on disk when this returns.

        Raises JournalError, and what `work` raises; then nothing was written.
        """
        done = self._guarded(lambda: self._transaction("BEGIN IMMEDIATE", work))
        if self._is_unwiped:
            self.wipe()
        return done

    def read(self, work: Work[T]) -> T:
        """Run `work` on one state of the journal. Raises JournalError, and what `work` raises."""
        return self._guarded(lambda: self._transaction("BEGIN", work))

    def wipe(self) -> None:
        """Cut the log to nothing, so that what was deleted is in no file.

        Where another process reads just then, or the disk fails, the next write or the next to open the journal does
        it: what was to be written is written.
        """
        with self._turn:
            try:
                busy, _, _ = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                self._is_unwiped = bool(busy)
            except sqlite3.Error:
                self._is_unwiped = True

    def close(self) -> None:
        """Let go of the file. It may be called again."""
        with self._turn:
            self._connection.close()

    def _transaction(self, begin: str, work: Work[T]) -> T:
        database = self._connection
        database.execute(begin)
        try:
            done = work(database)
            database.execute("COMMIT")
        except BaseException:
            if database.in_transaction:  # a full disk ends some by itself
                database.execute("ROLLBACK")
            raise
        return done

    def _guarded(self, act: Callable[[], T]) -> T:
        with self._turn:
            try:
                return act()
            except (sqlite3.Error, UnicodeError) as cause:
                fault = _fault(cause, self._path)
        raise fault


def create(path: Path, scripts: Sequence[Script], meta: dict[str, str]) -> None:
    """Make the file of a new journal, with `meta` in it. Nobody else makes one meanwhile. Raises JournalError."""
    beside = path.with_name(f".{path.name}.new")
    fault: JournalError | None = None
    try:
        for left in (beside, *_besides(beside)):  # by a process that was killed here
            left.unlink(missing_ok=True)
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.fchmod(handle, 0o600)
            with closing(sqlite3.connect(beside, isolation_level=None)) as database:
                migrate(database, scripts)
                database.executemany("INSERT INTO meta (name, value) VALUES (?, ?)", meta.items())
                database.execute("PRAGMA journal_mode = WAL")
            os.fsync(handle)
        finally:
            os.close(handle)
        os.rename(beside, path)
        sync_folder(path.parent)
    except (OSError, sqlite3.Error) as cause:
        fault = _fault(cause, path)
    if fault is not None:
        raise fault


def _besides(path: Path) -> list[Path]:
    return [path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal")]


def is_there(path: Path) -> bool:
    """Tell whether there is a journal. Raises JournalCorruptError where only its log is left."""
    if path.exists():
        return True
    if any(beside.exists() for beside in _besides(path)):
        raise _damaged(path, "it is gone, and its log is there")
    return False


def _check_files(path: Path) -> None:
    """Raise what must be said before SQLite has touched anything."""
    try:
        found = path.stat()
        log = path.with_name(f"{path.name}-wal")
        shared = why_shared(found)
        if found.st_size == 0:
            raise _damaged(path, "it is empty")
        if not _has_sound_head(log) and not _has_sound_head(log):  # the first look may have met a writer
            raise _damaged(path, f"the head of its log {log.name} is damaged, so that its last entries would be lost")
        if found.st_size % _PAGE and not (log.exists() and log.stat().st_size):
            raise _damaged(path, "its end is cut off")
        reason = None if shared is None else f"{shared} (chmod 600)"
    except OSError as cause:
        reason = f"cannot be read: {cause.strerror}"
    if reason is not None:
        raise JournalError(f"the journal {path} {reason}.", advice="Make it a file of yours, for you alone.")


def _has_sound_head(log: Path) -> bool:
    try:
        with log.open("rb") as file:
            head = file.read(_HEAD.size)
    except FileNotFoundError:  # another process has closed the journal
        return True
    if not head:
        return True
    if len(head) < _HEAD.size:
        return False
    magic, *_, first, second = _HEAD.unpack(head)
    if magic not in _MAGIC:
        return False
    low = high = 0
    words = struct.unpack(">6I" if magic & 1 else "<6I", head[:24])
    for even, odd in zip(words[::2], words[1::2], strict=True):
        low = (low + even + high) & 0xFFFFFFFF
        high = (high + odd + low) & 0xFFFFFFFF
    return (low, high) == (first, second)


def _damaged(path: Path, reason: str) -> JournalCorruptError:
    return JournalCorruptError(f"the journal {path} is damaged: {reason}.", advice=_KEEP)


def _fault(cause: Exception, path: Path) -> JournalError:
    """Return our error for a failure of SQLite or of the system."""
    if isinstance(cause, OSError):
        return JournalError(f"the journal {path} cannot be made: {cause.strerror}.", advice="Mend the folder.")
    if isinstance(cause, UnicodeError):
        return JournalError("a text for the journal is no Unicode.", advice="Check how it was read.")
    name = getattr(cause, "sqlite_errorname", "")
    kind = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    if kind in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return _damaged(path, "it is no database any more" if kind == sqlite3.SQLITE_NOTADB else "its pages are broken")
    if kind in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return BusyError(f"another process holds the journal {path}.", advice="Try again; nothing was changed.")
    if kind in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
        return JournalError(
            f"the journal {path} cannot be written ({name}).",
            advice="See whether the disk is full or read-only, and go on with `issuant resume`.",
        )
    return JournalError(f"the journal {path} cannot do that ({name or type(cause).__name__}).", advice="")
