"""Keys that are looked after by name: the public side of rotation. AsyncRotator is its twin."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from issuant.clock import Clock, now_utc
from issuant.connector import connect
from issuant.errors import IssuantError
from issuant.keys import KeyRequest
from issuant.rotation.ground import Patience
from issuant.rotation.inspection import Stray, Strays
from issuant.rotation.office import DAY, Office, Task
from issuant.rotation.records import Credential, Operation
from issuant.rotation.steps import Desk, Witness, drive
from issuant.secret import Secret

if TYPE_CHECKING:
    from issuant.adapters import Account
    from issuant.connection import Connection

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Resumed:
    """An operation that was carried on.

    Attributes:
        operation: as it is now.
        error: what has stopped it; None where it goes on by itself, waits, or is over.
    """

    operation: Operation
    error: IssuantError | None = None


class Rotator(Office):
    """Issues, adopts and rotates keys by name, and brings each to its end after whatever came between.

    Use it as a context manager, or close it. Several may work at once, in several processes too: each credential is
    held by one of them. Whatever is raised, nothing is lost: `resume` goes on from what the journal shows.

    Args:
        folder: where the journal is kept; None: the folder that ISSUANT_STATE names, else the user's state folder.
        connect: opens the connections as `issuant.connect` does; a `functools.partial` of it gives options.
        accounts: the account that acts at each provider, by the provider's name; where there is none, its environment
            variables tell.
        key: the sealing key as 32 bytes in base64 (`base64:…`), or where it is (`file:PATH`, `keyring:SERVICE/USER`);
            None: what ISSUANT_JOURNAL_KEY says, else a file beside the journal.
        patience: how long is waited for what takes its time; None: `Patience()`.
        clock: gives the time, aware.
        witness: is told of each step, with `before` or `after` in front.

    Raises JournalError for a folder that cannot be used or lets others in and for a journal of a newer version,
    JournalCorruptError for a damaged one, SealError for a sealing key that is missing, malformed or another one.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        connect: Callable[..., Connection] = connect,
        accounts: Mapping[str, Account] | None = None,
        key: Secret | str | None = None,
        patience: Patience | None = None,
        clock: Clock = now_utc,
        witness: Witness | None = None,
    ) -> None:
        super().__init__(folder, accounts=accounts, key=key, patience=patience, clock=clock, witness=witness)
        self._connect = connect

    def issue(
        self,
        name: str,
        provider: str,
        request: KeyRequest,
        *,
        sinks: Sequence[str],
        id_sinks: Sequence[str] = (),
        replace: bool = False,
    ) -> Operation:
        """Issue a key, put it into its sinks, and look after it by `name` from now on.

        Args:
            name: the credential's name here.
            provider: the provider's name.
            request: what is asked for; its name is what the keys are called at the provider, with a mark behind it.
            sinks: where the value goes, each as `open_sink` takes it.
            id_sinks: where the key's id goes, where that is sent with it.
            replace: write over what a sink holds, or may hold, that is new to the credential.

        Raises UsageError, before anything is sent, for a name that is taken and a sink that cannot take a value, and
        what `Connection.issue` raises.
        """
        return self._done(self._issuing(name, provider, request, sinks, id_sinks, replace))

    def adopt(
        self,
        name: str,
        provider: str,
        key_id: str,
        *,
        source: str,
        request: KeyRequest | None = None,
        owner: str | None = None,
        sinks: Sequence[str] | None = None,
        id_sinks: Sequence[str] = (),
        replace: bool = False,
    ) -> Credential:
        """Look after a key that was made elsewhere. Nothing is changed at the provider.

        Args:
            name: the credential's name here.
            provider: the provider's name.
            key_id: the key.
            source: the sink that holds its value, which is read and proven.
            request: how the next keys are asked for; None: like this one, as far as the provider tells.
            owner: the user it belongs to, where the provider has owners.
            sinks: where the next values go; None: to `source`.
            id_sinks: where the next ids go.
            replace: write over what a sink holds, or may hold, that is new to the credential.

        Raises UsageError for a name that is taken, a source without a value, and a value that is not the key's;
        NotFoundError for an id that is not in the list.
        """
        return self._done(self._adopting(name, provider, key_id, source, request, owner, sinks, id_sinks, replace))

    def rotate(
        self,
        name: str,
        *,
        grace: timedelta = DAY,
        quiet: timedelta | None = None,
        expires_in: timedelta | None = None,
        sinks: Sequence[str] | None = None,
        force: bool = False,
        replace: bool = False,
    ) -> Operation:
        """Let another key take the place of a credential's, and go as far as it goes now.

        Args:
            name: the credential.
            grace: how long the old key lives on once every sink holds the new one.
            quiet: for how long nobody must have used the old key before it is revoked.
            expires_in: how long the new key shall live; None: as long as the first.
            sinks: where the value is kept once the new key is current; None: as before.
            force: wait for nothing, and write over what somebody else has stored in a sink.
            replace: write over what a sink holds, or may hold, that is new to the credential.

        Returns the operation as it is then: done, or waiting for a time or for people, as its `note` says.

        Raises UsageError before anything is sent: another operation is open, a sink cannot take a value, the current
        key is not in the list, the credential may not revoke keys. Afterwards whatever stops it; `resume` goes on.
        """
        return self._done(self._rotating(name, grace, quiet, expires_in, sinks, force, replace))

    def plan(
        self,
        name: str,
        *,
        grace: timedelta = DAY,
        quiet: timedelta | None = None,
        expires_in: timedelta | None = None,
        sinks: Sequence[str] | None = None,
        force: bool = False,
        replace: bool = False,
    ) -> tuple[str, ...]:
        """Return every step that `rotate` would take, in sentences, after looking at all that it would look at.

        Args:
            name: the credential.
            grace: as in `rotate`.
            quiet: as in `rotate`.
            expires_in: as in `rotate`.
            sinks: as in `rotate`.
            force: as in `rotate`.
            replace: as in `rotate`.

        Raises what `rotate` raises before anything is sent. Nothing is written anywhere.
        """
        return self._done(self._planning(name, grace, quiet, expires_in, sinks, force, replace))

    def resume(
        self,
        name: str | None = None,
        *,
        sinks: Sequence[str] | None = None,
        force: bool = False,
        replace: bool = False,
        leave: bool = False,
    ) -> tuple[Resumed, ...]:
        """Carry on what is open, of one credential or of all; safe at any time, and twice at once.

        What another process has in hand is left to it. No error of an operation is raised; it stands beside it.

        Args:
            name: the credential; None: all.
            sinks: where the value of that one is kept from now on, where a sink is gone for good; None: as before.
                Those that it has already keep what they have; where its id is kept stays.
            force: wait for nothing, give up a create of which nobody can tell what it has come to, and revoke the old
                key though a sink does not hold the new value.
            replace: write over what a sink holds, or may hold, that is new to the credential.
            leave: let the old key of that one live, where it can never be removed, and go on without; `strays` shows
                it from then on.

        Raises UsageError for sinks or `leave` without a name, and where nothing of that one is open.
        """
        found = self._left_open(name, sinks, leave)
        return tuple(self._resumed(operation, sinks, force, replace, leave) for operation in found)

    def _resumed(
        self, operation: Operation, sinks: Sequence[str] | None, force: bool, replace: bool, leave: bool
    ) -> Resumed:
        try:
            return Resumed(operation=self._done(self._carrying_on(operation, sinks, force, replace, leave)))
        except IssuantError as error:
            return Resumed(operation=self._journal.operation(operation.id), error=error)

    def abandon(self, name: str) -> Operation:
        """Give up what is open of a credential: what it made is removed, and the old key stays.

        Args:
            name: the credential.

        Returns the operation as it has ended. Where something is left to people, or may still turn up, its `note` says
        what is to be done, and `doubtful` is true.

        Raises UsageError where nothing is open, or a sink holds the new value already, or may hold it.
        """
        return self._done(self._abandoning(name))

    def strays(self, provider: str, *, everyone: bool = False, delete: bool = False) -> Strays:
        """Return every key that a provider lists, with what the journal knows of it.

        Args:
            provider: the provider's name.
            everyone: those of every user there is, where the provider lists them.
            delete: remove those that are provably ours and that nothing needs, each as `remove_stray` does.

        Raises what going through `Connection.keys` raises; then nothing has been removed.
        """
        return self._done(self._looking_for_strays(provider, everyone, delete))

    def remove_stray(self, stray: Stray) -> Stray:
        """Remove a key that is left over, and return it as it is then.

        Where something needs it by now, it stays. No error of the removal is raised; it stands beside the key.

        Args:
            stray: one that `strays` has returned.
        """
        return self._done(self._removing(stray))

    def _done(self, task: Task[T]) -> T:
        with self._connect(task.account) as own:

            def open_as(account: Account) -> Connection:
                return self._connect(account, base_url=own.base_url)

            desk = Desk(own, open_as, self._witness)
            if task.holds is None:
                return drive(task.course(own.base_url), desk)
            with self._journal.hold(task.holds):
                return drive(task.course(own.base_url), desk)

    def close(self) -> None:
        """Close the journal."""
        self._journal.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
