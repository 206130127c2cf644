"""What an operation stands on: the journal, the provider, the credential, and the account that acts for it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from issuant.errors import AuthenticationError, NotFoundError, PermissionDeniedError, UsageError
from issuant.flow import Flow
from issuant.inventory import KeyInfo
from issuant.rotation.steps import Course, ask, local
from issuant.rotation.templates import loads
from issuant.secret import Secret
from issuant.turning import VALUE

if TYPE_CHECKING:
    from issuant.adapters import Account
    from issuant.providers import Provider
    from issuant.rotation.journal import Journal
    from issuant.rotation.records import Credential, Operation
    from issuant.rotation.steps import Acting
    from issuant.turning import Turning


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long is waited for what takes its time, in seconds.

    Attributes:
        lag: between two looks at a list that may lag behind.
        acceptance: for how long a new key that is not accepted yet is tried again.
        sweep: how much later it is looked once more for keys of an attempt without a clear end.
        resend: for how long after its first send a create with an idempotency key may be sent again.
    """

    lag: float = 2.0
    acceptance: float = 60.0
    sweep: timedelta = timedelta(minutes=10)
    resend: timedelta = timedelta(hours=23)


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What an operation stands on.

    Attributes:
        journal: where it is written down.
        provider: the provider.
        turning: how its keys are rotated.
        credential: the credential that it is about.
        account: the account that acts.
        patience: how long is waited.
        force: whether waits are cut short, and a create whose end nobody knows is given up.
        replace: whether what a place holds that is new to the credential is written over.
    """

    journal: Journal
    provider: Provider
    turning: Turning
    credential: Credential
    account: Account
    patience: Patience
    force: bool = False
    replace: bool = False

    def scoped(self) -> Course[Ground]:
        """Return the ground of a credential that is to be entered, within what the acting credential shows."""
        scope = yield from self._scope()
        return dataclasses.replace(self, credential=dataclasses.replace(self.credential, scope=scope))

    def check_scope(self) -> Course[None]:
        """Raise UsageError where the acting credential is connected to something else than this one."""
        scope = yield from self._scope()
        if scope != self.credential.scope:
            raise UsageError(
                f"{self.credential.name} belongs to {self.credential.scope!r}, and the acting credential to {scope!r}.",
                advice=f"Set {self.provider.title}'s environment variables as they were when it was entered.",
                provider=self.provider.name,
                field="name",
            )

    def _scope(self) -> Course[str]:
        asked = loads(self.provider, self.credential.request, name=self.credential.stem)
        return (yield from ask("look who acts", lambda own: self.turning.scope(own._adapter, self.account, asked)))

    def now(self) -> datetime:
        """Return the time, aware."""
        return self.journal.now()

    @property
    def owner(self) -> str | None:
        """The user whose keys are listed, where the provider needs it named."""
        return self.credential.owner

    def named(self, label: str, name: str, *, account: Account | None = None) -> Course[tuple[KeyInfo, ...]]:
        """Return the keys of exactly that name."""
        return (yield from ask(label, lambda acting: acting._find(name, self.owner), account=account))

    def listed(self, label: str, id: str, *, account: Account | None = None) -> Course[KeyInfo | None]:  # noqa: A002
        """Return the key of that id, None where the list does not show it."""
        return (yield from ask(label, lambda acting: shown(acting, id, self.owner), account=account))

    def remove(self, label: str, id: str, *, account: Account | None = None) -> Course[None]:  # noqa: A002
        """Revoke a key by its id; one that is gone already is as good. Raises where it cannot be told."""
        try:
            yield from ask(label, lambda acting: _removal(acting, id, self.owner), account=account)
        except NotFoundError:
            left = yield from ask(f"{label}, look", lambda acting: shown(acting, id, self.owner), account=account)
            if left is not None:
                raise

    def parts(self, operation: Operation) -> Mapping[str, Secret]:
        """Return what was sealed for the current attempt; empty where nothing was."""
        if operation.sealed is None:
            return {}
        return self.journal.unsealed(operation)

    def value(self, operation: Operation) -> Course[Secret]:
        """Return the new value. Raises UsageError where the journal holds none."""
        parts = yield from local("unseal", self.parts, operation)
        if VALUE not in parts:
            raise UsageError(
                f"the journal holds no value for {self.credential.name}.",
                advice=f"`issuant rotate {self.credential.name} --force` makes another key.",
                provider=self.provider.name,
            )
        return parts[VALUE]

    def as_new(self, key_id: str | None, value: Secret) -> Account:
        """Return the account that acts with a key of the credential, and is like the acting one in all else."""
        return self.turning.successor(self.account, id=key_id or "", value=value, owner=self.owner)

    def refusal(self, label: str, account: Account) -> Course[AuthenticationError | None]:
        """Return how the provider refuses an account, None where it accepts it: an explained 403 shows whose it is."""
        from issuant.diagnosis import knows_the_caller  # what asks no provider need not wait for httpx

        try:
            yield from ask(label, lambda new: self.turning.probe(new._adapter, owner=self.owner), account=account)
        except AuthenticationError as error:
            return error
        except PermissionDeniedError as error:
            if not knows_the_caller(self.provider, error):
                raise
        return None

    def acts_as(self, key_id: str | None, key_print: str | None) -> bool:
        """Tell whether the acting credential is the very key of that id or fingerprint."""
        prints = {self.journal.fingerprint(secret) for secret in self.account.credentials}
        texts = {secret.reveal() for secret in self.account.credentials}
        return key_print in prints or key_id in texts


def _removal(acting: Acting, id: str, owner: str | None) -> Flow[object]:  # noqa: A002
    return (yield from acting._revoke(id, owner))


def shown(acting: Acting, id: str, owner: str | None) -> Flow[KeyInfo | None]:  # noqa: A002
    """Return the key of that id, None where the list does not show it."""
    try:
        return (yield from acting._key(id, owner))
    except NotFoundError as error:
        if error.status is not None:  # it is the list that is not there
            raise
    return None
