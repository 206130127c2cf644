"""Keys that are looked after by name, with asyncio: the twin of `rotator`, one-line methods to be awaited."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from issuant.clock import Clock, now_utc
from issuant.connector import connect_async
from issuant.errors import IssuantError
from issuant.keys import KeyRequest
from issuant.rotation.ground import Patience
from issuant.rotation.inspection import Stray, Strays
from issuant.rotation.office import DAY, Office, Task
from issuant.rotation.records import Credential, Operation
from issuant.rotation.rotator import Resumed
from issuant.rotation.steps import AsyncDesk, Witness, drive_async
from issuant.secret import Secret

if TYPE_CHECKING:
    from issuant.adapters import Account
    from issuant.async_connection import AsyncConnection

T = TypeVar("T")


class AsyncRotator(Office):
    """Issues, adopts and rotates keys by name, with asyncio. The twin of Rotator.

    Of Rotator are `folder`, `accounts`, `key`, `patience`, `clock` and `witness`, and what is raised.

    Args:
        connect: opens the connections as `issuant.connect_async` does.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        connect: Callable[..., AsyncConnection] = connect_async,
        accounts: Mapping[str, Account] | None = None,
        key: Secret | str | None = None,
        patience: Patience | None = None,
        clock: Clock = now_utc,
        witness: Witness | None = None,
    ) -> None:
        super().__init__(folder, accounts=accounts, key=key, patience=patience, clock=clock, witness=witness)
        self._connect = connect

    async def issue(
        self,
        name: str,
        provider: str,
        request: KeyRequest,
        *,
        sinks: Sequence[str],
        id_sinks: Sequence[str] = (),
        replace: bool = False,
    ) -> Operation:
        """As `Rotator.issue`."""
        return await self._done(self._issuing(name, provider, request, sinks, id_sinks, replace))

    async def adopt(
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
        """As `Rotator.adopt`."""
        return await self._done(
            self._adopting(name, provider, key_id, source, request, owner, sinks, id_sinks, replace)
        )

    async def rotate(
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
        """As `Rotator.rotate`."""
        return await self._done(self._rotating(name, grace, quiet, expires_in, sinks, force, replace))

    async def plan(
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
        """As `Rotator.plan`."""
        return await self._done(self._planning(name, grace, quiet, expires_in, sinks, force, replace))

    async def resume(
        self,
        name: str | None = None,
        *,
        sinks: Sequence[str] | None = None,
        force: bool = False,
        replace: bool = False,
        leave: bool = False,
    ) -> tuple[Resumed, ...]:
        """As `Rotator.resume`."""
        found = self._left_open(name, sinks, leave)
        return tuple([await self._resumed(operation, sinks, force, replace, leave) for operation in found])

    async def _resumed(
        self, operation: Operation, sinks: Sequence[str] | None, force: bool, replace: bool, leave: bool
    ) -> Resumed:
        try:
            return Resumed(operation=await self._done(self._carrying_on(operation, sinks, force, replace, leave)))
        except IssuantError as error:
            return Resumed(operation=self._journal.operation(operation.id), error=error)

    async def abandon(self, name: str) -> Operation:
        """As `Rotator.abandon`."""
        return await self._done(self._abandoning(name))

    async def strays(self, provider: str, *, everyone: bool = False, delete: bool = False) -> Strays:
        """As `Rotator.strays`."""
        return await self._done(self._looking_for_strays(provider, everyone, delete))

    async def remove_stray(self, stray: Stray) -> Stray:
        """As `Rotator.remove_stray`."""
        return await self._done(self._removing(stray))

    async def _done(self, task: Task[T]) -> T:
        async with self._connect(task.account) as own:

            def open_as(account: Account) -> AsyncConnection:
                return self._connect(account, base_url=own.base_url)

            desk = AsyncDesk(own, open_as, self._witness)
            if task.holds is None:
                return await drive_async(task.course(own.base_url), desk)
            with self._journal.hold(task.holds):
                return await drive_async(task.course(own.base_url), desk)

    async def close(self) -> None:
        """Close the journal."""
        self._journal.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
