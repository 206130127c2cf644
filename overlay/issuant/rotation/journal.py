"""The journal: which credentials there are, and how far each issue and rotation has come. Owns opening it and reading.

Each method that writes is one transaction, on disk when it returns; a process that is killed leaves it done, or not
begun. Values are under seal, and wiped once nothing needs them. What is read comes back as frozen records.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

from issuant.clock import Clock, now_utc
from issuant.errors import SealError
from issuant.keys import invalid
from issuant.rotation import entries
from issuant.rotation.database import Database, create, is_there
from issuant.rotation.ledger import Ledger
from issuant.rotation.locking import held
from issuant.rotation.records import Attempt, Credential, Delivery, Event, Holding, Operation
from issuant.rotation.rows import record
from issuant.rotation.schema import SCRIPTS
from issuant.rotation.sealing import Seal
from issuant.rotation.sealkey import VARIABLE, find_key
from issuant.rotation.standing import standing_of
from issuant.rotation.statefolder import make_private, state_folder
from issuant.secret import Secret

FILE = "journal.db"
LONGEST_NAME = 100
PATIENCE = 10.0
_NOTHING: Mapping[str, object] = MappingProxyType({})


class Journal(Ledger):
    """The journal in a folder, open. It may be shared between threads, and opened by several processes at once.

    Use it as a context manager, or close it. Every method raises JournalError where the file cannot be read or written
    (a full disk, damage), BusyError where another process holds it for too long; then nothing was written.

    Args:
        folder: where it is kept; None: `state_folder()`. It is made where it is missing.
        clock: gives the times that are written down.
        key: where the sealing key is, as `find_key` takes it; None: what ISSUANT_JOURNAL_KEY says.
        patience: for how many seconds another process is waited for.

    Attributes:
        folder: where it is kept.
        path: its file.

    Raises JournalError for a folder that cannot be used or lets others in and for a journal of a newer version,
    JournalCorruptError for a damaged one, SealError for a sealing key that is missing, malformed or another one.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        clock: Clock = now_utc,
        key: Secret | str | None = None,
        patience: float = PATIENCE,
    ) -> None:
        key = Secret.wrap(key or os.environ.get(VARIABLE))
        self.folder = state_folder() if folder is None else folder.absolute()
        self.path = self.folder / FILE
        self._clock = clock
        make_private(self.folder)
        with held(self.folder / "locks", "", "the journal", wait=patience):
            is_new = not is_there(self.path)
            self._seal = Seal(find_key(key, self.folder, create=is_new))
            if is_new:
                create(self.path, SCRIPTS, {"seal": self._seal.check})
            self._database = Database(self.path, SCRIPTS, patience=patience)
            try:
                self._check_seal()
                self._database.update()
            except BaseException:
                self._database.close()
                raise

    def _check_seal(self) -> None:
        row = self._database.read(lambda db: db.execute("SELECT value FROM meta WHERE name = 'seal'").fetchone())
        if row is None or row["value"] != self._seal.check:
            raise SealError(
                f"the journal {self.path} was sealed with another key.",
                advice=f"Put that one back, or name it in {VARIABLE}; nothing was changed.",
                field=VARIABLE,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file. It may be called again."""
        self._database.close()

    def hold(self, name: str, *, wait: float = 0.0) -> AbstractContextManager[None]:
        """Hold a credential while the block runs: whoever else would is refused.

        The lock goes with the process, however that ends. `wait` is for how many seconds another holder is waited for.
        Raises BusyError, which tells the process that holds it.
        """
        return held(self.folder / "locks", f"credential {name}", f"the credential {name!r}", wait=wait)

    def enter(self, credential: Credential) -> Credential:
        """Enter a credential, and return it; when it was entered is told by the journal's clock.

        One that never got a key gives up its name. Raises InvalidRequestError for any other name that is taken, for one
        that is empty, longer than 100 characters or not printable, and for two sinks that are the same; UnfinishedError
        where an operation of that name is open.
        """
        _check_name(credential.name)
        entries.check_sinks(credential.sinks)

        def work(db: sqlite3.Connection) -> Credential:
            entries.enter(db, replace(credential, entered_at=self.now()))
            return entries.credential(db, credential.name)

        return self._database.write(work)

    def check_vacant(self, name: str) -> None:
        """Raise what `enter` would raise for that name."""
        _check_name(name)
        self._database.read(lambda db: entries.check_vacant(db, name))

    def check_idle(self, name: str) -> None:
        """Raise UnfinishedError where an operation of the credential is open."""
        self._database.read(lambda db: entries.check_finished(db, name))

    def credential(self, name: str) -> Credential:
        """Return a credential. Raises UsageError where there is none of that name."""
        return self._database.read(lambda db: entries.credential(db, name))

    def credentials(self) -> tuple[Credential, ...]:
        """Return every credential, by name."""
        rows = self._rows("SELECT * FROM credential ORDER BY name")
        return tuple(record(Credential, row) for row in rows)

    def places(self) -> dict[str, tuple[str, ...]]:
        """Return where each credential is kept, and where it is to be kept by what is open of it, by its name."""

        def work(db: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
            rows = db.execute("SELECT * FROM credential ORDER BY name").fetchall()
            found = {each.name: each.sinks for each in (record(Credential, row) for row in rows)}
            for row in db.execute("SELECT * FROM operation WHERE ended_at IS NULL").fetchall():
                each = record(Operation, row)
                coming = [one.place for one in entries.deliveries(db, each.id) if one.state.is_kept]
                found[each.credential] = tuple(dict.fromkeys((*found[each.credential], *coming)))
            return found

        return self._database.read(work)

    def forget(self, name: str) -> None:
        """Take a credential out, and all that is known of its operations; its key lives on.

        From then on its keys are unknown ones. Raises UsageError where there is none of that name, UnfinishedError
        while an operation of it is open.
        """

        def work(db: sqlite3.Connection) -> None:
            entries.credential(db, name)
            entries.check_finished(db, name)
            db.execute("DELETE FROM credential WHERE name = ?", (name,))

        self._database.write(work)

    def begin(
        self,
        credential: Credential,
        *,
        code: str,
        found: Mapping[str, object] = _NOTHING,
        grace: timedelta = timedelta(),
        quiet: timedelta | None = None,
        lifetime: timedelta | None = None,
    ) -> Operation:
        """Write down an issue, or a rotation where the credential has a key; that one is the old key.

        A credential without a key is entered with it. One with a key is kept where it was until the new one is current.

        Args:
            credential: the credential, with the places that it is to have in the end.
            code: the mark of its keys, as `markers.new_code` draws it.
            found: what each sink held when it was checked, by its line.
            grace: as in `Operation`.
            quiet: as in `Operation`.
            lifetime: as in `Operation`.

        Raises what `enter` raises, UsageError where one with a key is not there, BusyError where it has another key.
        """
        _check_name(credential.name)
        entries.check_sinks(credential.sinks)
        values = {"code": code, "grace": grace, "quiet": quiet, "lifetime": lifetime}
        return self._database.write(lambda db: entries.begin(db, credential, values, found, self.now()))

    def operation(self, number: int) -> Operation:
        """Return an operation. Raises UsageError where there is none of that number."""
        return self._database.read(lambda db: entries.operation(db, number))

    def open_operations(self) -> tuple[Operation, ...]:
        """Return every operation that is not finished, the oldest first."""
        rows = self._rows("SELECT * FROM operation WHERE ended_at IS NULL ORDER BY id")
        return tuple(record(Operation, row) for row in rows)

    def operations(self, name: str) -> tuple[Operation, ...]:
        """Return every operation of a credential, the oldest first."""
        rows = self._rows("SELECT * FROM operation WHERE credential = ? ORDER BY id", name)
        return tuple(record(Operation, row) for row in rows)

    def deliveries(self, operation: Operation) -> tuple[Delivery, ...]:
        """Return how far the new value has come into each place, in their order."""
        return self._database.read(lambda db: entries.deliveries(db, operation.id))

    def attempts(self, operation: Operation) -> tuple[Attempt, ...]:
        """Return the creates of an operation, in their order."""
        rows = self._rows("SELECT * FROM attempt WHERE operation = ? ORDER BY number", operation.id)
        return tuple(record(Attempt, row) for row in rows)

    def events(self, operation: Operation) -> tuple[Event, ...]:
        """Return what happened to an operation, the first first."""
        rows = self._rows("SELECT * FROM event WHERE operation = ? ORDER BY id", operation.id)
        return tuple(record(Event, row) for row in rows)

    def standing(self, provider: str, base_url: str, *, key_id: str, key_name: str | None) -> Holding:
        """Return what the journal knows of a key that a provider lists: whether it is ours, and needed."""
        return self._database.read(lambda db: standing_of(db, provider, base_url, key_id, key_name))

    def _rows(self, query: str, *values: str | int) -> list[sqlite3.Row]:
        return self._database.read(lambda db: db.execute(query, values).fetchall())


def _check_name(name: str) -> None:
    if not name or name != name.strip() or name.startswith("-"):
        reason = "it is empty, has a blank at an end, or begins with a hyphen"
        raise invalid("credential", reason, "Name the credential after what uses it.")
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise invalid(
            "credential", f"it is longer than {LONGEST_NAME} characters, or not printable", "Give a shorter one."
        )
