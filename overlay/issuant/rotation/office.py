"""What a rotator does for each thing that it is asked: which account acts, which credential is held, and which course
is gone. Owns what is the same sync and async.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from issuant.clock import Clock
from issuant.connector import account_of
from issuant.errors import UsageError
from issuant.keys import KeyRequest
from issuant.providers import Provider, find_provider
from issuant.rotation import abandoning, inspection, retiring, undertakings
from issuant.rotation.entering import entry, moved, places, turning_of
from issuant.rotation.ground import Ground, Patience
from issuant.rotation.inspection import Due, Stray, Strays
from issuant.rotation.journal import Journal
from issuant.rotation.preflight import check_times
from issuant.rotation.protocol import carry_on
from issuant.rotation.records import Credential, Event, Operation
from issuant.rotation.steps import Course, Witness, local
from issuant.secret import Secret

if TYPE_CHECKING:
    from issuant.adapters import Account

T = TypeVar("T")

DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Task(Generic[T]):
    """Something to be done: as which account, which credential is held meanwhile, and the course, by the base URL."""

    account: Account
    course: Callable[[str], Course[T]]
    holds: str | None = None


class Office:
    """What both rotators share: the journal, the accounts that act, and what there is to do."""

    def __init__(
        self,
        folder: Path | None,
        *,
        accounts: Mapping[str, Account] | None,
        key: Secret | str | None,
        patience: Patience | None,
        clock: Clock,
        witness: Witness | None,
    ) -> None:
        self._accounts = accounts or {}
        self._patience = patience or Patience()
        self._witness = witness or _unheard
        self._journal = Journal(folder, key=key, clock=clock)

    def credential(self, name: str) -> Credential:
        """Return one credential that is looked after.

        Args:
            name: its name here.

        Raises UsageError where there is none of that name.
        """
        return self._journal.credential(name)

    def credentials(self) -> tuple[Credential, ...]:
        """Return every credential that is looked after, by name."""
        return self._journal.credentials()

    def operations(self) -> tuple[Operation, ...]:
        """Return what is open, the oldest first: since when, how often it has failed, and what is waited for."""
        return self._journal.open_operations()

    def history(self, name: str) -> tuple[Operation, ...]:
        """Return every issue and rotation of a credential, the oldest first, those that have ended too.

        Args:
            name: the credential.

        Raises UsageError where there is none of that name.
        """
        return self._journal.operations(self._journal.credential(name).name)

    def events(self, operation: Operation) -> tuple[Event, ...]:
        """Return what has happened to an operation, the first first.

        Args:
            operation: one that `operations` or `history` has returned.
        """
        return self._journal.events(operation)

    def forget(self, name: str) -> None:
        """Look after a credential no more; its key lives on, and its history is gone.

        Args:
            name: the credential.

        Raises UsageError where there is none of that name, UnfinishedError while an operation of it is open.
        """
        self._journal.forget(name)

    def due(self, within: timedelta = 14 * DAY) -> tuple[Due, ...]:
        """Return what expires within a time, and what has failed or waits for somebody, the most urgent first.

        Args:
            within: how far ahead expiries are looked for.

        Raises InvalidRequestError for a time that is negative or longer than ten years.
        """
        check_times(within=within)
        journal = self._journal
        return inspection.due(journal.credentials(), journal.open_operations(), journal.now(), within)

    def _issuing(
        self,
        name: str,
        provider: str,
        request: KeyRequest,
        sinks: Sequence[str],
        id_sinks: Sequence[str],
        replace: bool,
    ) -> Task[Operation]:
        found = find_provider(provider)
        account = self._account(found)

        def course(base_url: str) -> Course[Operation]:
            check_times(expires_in=request.expires_in)
            now = self._journal.now()
            fresh = entry(name, found, base_url, account, request, places(sinks, id_sinks), now)
            return (yield from undertakings.issue(self._ground(fresh, base_url, account, replace=replace)))

        return Task(account=account, course=course, holds=name)

    def _adopting(
        self,
        name: str,
        provider: str,
        key_id: str,
        source: str,
        request: KeyRequest | None,
        owner: str | None,
        sinks: Sequence[str] | None,
        id_sinks: Sequence[str],
        replace: bool,
    ) -> Task[Credential]:
        found = find_provider(provider)
        account = self._account(found)

        def course(base_url: str) -> Course[Credential]:
            check_times(expires_in=None if request is None else request.expires_in)
            key = yield from undertakings.looked_up(found, key_id, owner)
            asked = found.request(**turning_of(found).like(key)) if request is None else request
            kept_in = places((source,) if sinks is None else sinks, id_sinks)
            fresh = entry(name, found, base_url, account, asked, kept_in, self._journal.now())
            ground = self._ground(fresh, base_url, account, replace=replace)
            return (yield from undertakings.adopt(ground, key=key, source=source))

        return Task(account=account, course=course, holds=name)

    def _rotating(
        self,
        name: str,
        grace: timedelta,
        quiet: timedelta | None,
        lifetime: timedelta | None,
        sinks: Sequence[str] | None,
        force: bool,
        replace: bool,
    ) -> Task[Operation]:
        account = self._account(find_provider(self._journal.credential(name).provider))

        def course(base_url: str) -> Course[Operation]:
            present = yield from local("read credential", self._journal.credential, name)  # as it is once it is held
            ground = self._ground(moved(present, sinks), base_url, account, force=force, replace=replace)
            return (yield from undertakings.rotate(ground, grace=grace, quiet=quiet, lifetime=lifetime))

        return Task(account=account, course=course, holds=name)

    def _planning(
        self,
        name: str,
        grace: timedelta,
        quiet: timedelta | None,
        lifetime: timedelta | None,
        sinks: Sequence[str] | None,
        force: bool,
        replace: bool,
    ) -> Task[tuple[str, ...]]:
        credential = moved(self._journal.credential(name), sinks)
        account = self._account(find_provider(credential.provider))

        def course(base_url: str) -> Course[tuple[str, ...]]:
            ground = self._ground(credential, base_url, account, force=force, replace=replace)
            return undertakings.plan(ground, grace=grace, quiet=quiet, lifetime=lifetime)

        return Task(account=account, course=course)

    def _carrying_on(
        self, operation: Operation, sinks: Sequence[str] | None, force: bool, replace: bool, leave: bool
    ) -> Task[Operation]:
        credential = self._journal.credential(operation.credential)
        account = self._account(find_provider(credential.provider))

        def course(base_url: str) -> Course[Operation]:
            ground = self._ground(moved(credential, sinks), base_url, account, force=force, replace=replace)
            present = yield from local("read operation", self._journal.operation, operation.id)
            if sinks is not None:
                present = yield from undertakings.redirect(ground, present)
            if leave:
                present = yield from retiring.leave(ground, present)
            return (yield from carry_on(ground, present))

        return Task(account=account, course=course, holds=credential.name)

    def _left_open(self, name: str | None, sinks: Sequence[str] | None, leave: bool) -> tuple[Operation, ...]:
        """Return what is to be carried on. Raises UsageError where what is given is for one, and that is not open."""
        if sinks is None and not leave:
            return tuple(operation for operation in self.operations() if name in (None, operation.credential))
        if name is None:
            what = "an old key is to be left" if leave else "sinks are given"
            raise UsageError(f"{what}, and no credential.", advice="Name the one that is meant.", field="name")
        return (self._open(name),)

    def _abandoning(self, name: str) -> Task[Operation]:
        credential = self._journal.credential(name)
        account = self._account(find_provider(credential.provider))

        def course(base_url: str) -> Course[Operation]:
            ground = self._ground(credential, base_url, account)
            present = yield from local("read operation", self._open, name)
            yield from ground.check_scope()
            return (yield from abandoning.abandon(ground, present))

        return Task(account=account, course=course, holds=name)

    def _looking_for_strays(self, provider: str, everyone: bool, delete: bool) -> Task[Strays]:
        def course(base_url: str) -> Course[Strays]:
            return inspection.strays(self._journal, base_url, everyone=everyone, delete=delete)

        return Task(account=self._account(find_provider(provider)), course=course)

    def _removing(self, stray: Stray) -> Task[Stray]:
        def course(base_url: str) -> Course[Stray]:
            return inspection.remove(self._journal, base_url, stray)

        return Task(account=self._account(find_provider(stray.key.provider)), course=course)

    def _open(self, name: str) -> Operation:
        for operation in self._journal.open_operations():
            if operation.credential == name:
                return operation
        raise UsageError(f"nothing of {name!r} is open.", advice="`issuant journal` shows what is.", field="name")

    def _account(self, provider: Provider) -> Account:
        return self._accounts.get(provider.name) or account_of(provider)

    def _ground(
        self, credential: Credential, base_url: str, account: Account, *, force: bool = False, replace: bool = False
    ) -> Ground:
        provider = find_provider(credential.provider)
        turning = turning_of(provider)
        if credential.base_url != base_url:
            raise UsageError(
                f"{credential.name} belongs to {credential.base_url}, and the connection is to {base_url}.",
                advice="Set the provider's environment as it was when the credential was entered.",
                provider=provider.name,
                field="name",
            )
        return Ground(
            journal=self._journal,
            provider=provider,
            turning=turning,
            credential=credential,
            account=account,
            patience=self._patience,
            force=force,
            replace=replace,
        )


def _unheard(label: str) -> None:
    """Hear of a step, and tell nobody."""
