"""What a connection can be asked for, as operations and listings that either driver can run.

Owns what is the same at every provider: who can do what, finding one key in a list, and what is said of what a provider
cannot do. What differs is in the adapters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from typing import TypeVar

from issuant.adapters import (
    ActsInAccount,
    Adapter,
    FollowsApprovals,
    KeepsSecrets,
    ListsKeys,
    ManagesUsers,
    RevokesKeys,
    SetsUpDevices,
    SpellsIds,
    TellsCaller,
)
from issuant.diagnosis import Diagnosis, diagnose
from issuant.errors import ByHandError, Effect, IssuantError, NotFoundError, UnsupportedError, UnusableReplyError
from issuant.flow import Flow, Stream, collect
from issuant.inventory import Identity, ItemProblem, KeyInfo, Page, Removed
from issuant.keys import Capabilities, IssuedKey, StoredSecret, invalid
from issuant.providers import Provider
from issuant.replies import printable
from issuant.secret import Secret

A = TypeVar("A")


class Facade:
    """What both kinds of connection share: which provider it is, and the operations it can be asked for."""

    def __init__(self, provider: Provider, adapter: Adapter, base_url: str) -> None:
        self._provider = provider
        self._adapter = adapter
        self._base_url = base_url
        # Looked at once: a protocol takes longer to check than all else that happens before a call is sent.
        self._lister = adapter if isinstance(adapter, ListsKeys) else None
        self._revoker = adapter if isinstance(adapter, RevokesKeys) else None
        self._teller = adapter if isinstance(adapter, TellsCaller) else None
        self._keeper = adapter if isinstance(adapter, KeepsSecrets) else None
        self._manager = adapter if isinstance(adapter, ManagesUsers) else None
        self._clerk = adapter if isinstance(adapter, FollowsApprovals) else None
        self._fitter = adapter if isinstance(adapter, SetsUpDevices) else None
        self._account = adapter.account if isinstance(adapter, ActsInAccount) else None

    @property
    def provider(self) -> str:
        """The provider's name."""
        return self._provider.name

    @property
    def base_url(self) -> str:
        """Where requests go."""
        return self._base_url

    @property
    def capabilities(self) -> Capabilities:
        """What this provider can do."""
        return self._provider.capabilities

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.provider!r}, base_url={self.base_url!r})"

    def _unable(self, operation: str, what: str, lack: str, id: str | None) -> UnsupportedError:  # noqa: A002
        """Return the error for what the provider's API cannot do; where a person can, it says who must do what."""
        by_hand = self._provider.by_hand.get(operation)
        if by_hand is not None:
            return ByHandError(
                f"at {self._provider.title} only a person can {what}; its API cannot.",
                advice=by_hand,
                provider=self.provider,
                operation=operation,
                id=id,
            )
        return UnsupportedError(
            f"{lack.format(self._provider.title)}, as far as is known here.",
            advice="`issuant providers` and issuant.capabilities() tell what each provider can do.",
            provider=self.provider,
            operation=operation,
        )

    def _offered(self, adapter: A | None, operation: str, what: str, lack: str, id: str | None = None) -> A:  # noqa: A002
        """Return the adapter as what offers an operation. Raises UnsupportedError where it does not.

        `what` the operation does, and that a provider has nothing of the kind (`lack`), are said in that error.
        """
        if adapter is None:
            raise self._unable(operation, what, lack, id)
        return adapter

    def _keys(self, owner: str | None, everyone: bool, operation: str = "keys") -> Stream[KeyInfo]:
        if owner is not None and everyone:
            raise invalid("owner", "both an owner and everyone are given", "Give one of them.")
        adapter = self._offered(self._lister, operation, "list keys", "{} lists no keys")
        if everyone and not self.capabilities.lists_everyones_keys:
            raise UnsupportedError(
                f"{self._provider.title} has no list of everyone's keys.",
                advice="Leave everyone out.",
                provider=self.provider,
                operation=operation,
            )
        return adapter.keys(owner=owner, everyone=everyone)

    def _named(self, name: str | None) -> Named | None:
        return None if name is None else Named(name, promises_names=self._provider.promises_names)

    def _key(self, id: str, owner: str | None) -> Flow[KeyInfo]:  # noqa: A002 - the field's own name
        (found,) = yield from self._shown((id,), owner)
        if found is not None:
            return found
        raise NotFoundError(
            f"no key of that list has the id {id!r}.",
            advice="Look at the list of keys; a key of another owner is in the list of that owner.",
            provider=self.provider,
            operation="key",
        )

    def _shown(self, ids: Sequence[str], owner: str | None) -> Flow[tuple[KeyInfo | None, ...]]:
        """Return the key of each id as one list shows them all, None for those that it does not show."""
        if not all(isinstance(one, str) and one for one in ids):
            raise invalid("id", "it is missing", "Give the id of a key.")
        canonical = self._lister.canonical_id if isinstance(self._lister, SpellsIds) else str
        wanted = [canonical(one) for one in ids]
        found: dict[str, KeyInfo] = {}
        spoilt: list[ItemProblem] = []

        def take(page: Page[KeyInfo]) -> bool:
            for key in page.items:
                if canonical(key.id) in wanted:
                    found.setdefault(canonical(key.id), key)
            spoilt.extend(one for one in page.problems if one.id is None or canonical(one.id) in wanted)
            return len(found) == len(set(wanted))

        yield from _asked_as("key", collect(self._keys(owner, everyone=False, operation="key"), take))
        if len(found) < len(set(wanted)):
            self._refuse_spoilt("key", spoilt)
        return tuple(found.get(one) for one in wanted)

    def _find(self, name: str, owner: str | None) -> Flow[tuple[KeyInfo, ...]]:
        sift = Named(name, promises_names=self._provider.promises_names)
        found: list[KeyInfo] = []
        spoilt: list[ItemProblem] = []

        def take(page: Page[KeyInfo]) -> bool:
            named = sift(page)
            found.extend(named.items)
            spoilt.extend(named.problems)
            return False

        yield from _asked_as("find", collect(self._keys(owner, everyone=False, operation="find"), take))
        self._refuse_spoilt("find", spoilt)
        return tuple(found)

    def _refuse_spoilt(self, operation: str, spoilt: list[ItemProblem]) -> None:
        """Raise where what is looked for may be one of the items that could not be read: "none" would be a guess."""
        if spoilt:
            raise UnusableReplyError(
                f"what is looked for may be what cannot be read in the list: {'; '.join(map(str, spoilt[:3]))}.",
                advice="keys() returns the others.",
                provider=self.provider,
                operation=operation,
                request_id=spoilt[0].request_id,
                effect=Effect.NONE,
            )

    def _revoke(self, key: str | KeyInfo | IssuedKey, owner: str | None) -> Flow[Removed]:
        id = key.id if isinstance(key, KeyInfo | IssuedKey) else key  # noqa: A001 - the field's own name
        if not isinstance(id, str) or not id.strip():
            raise invalid("id", "it is missing", "Give the id of a key, or what issue() or keys() returned.")
        if isinstance(key, KeyInfo | IssuedKey):
            if key.provider != self.provider:
                raise invalid("id", f"it is that of a key at {key.provider}", f"Give a key at {self.provider}.")
            if key.account not in (None, self._account):
                raise invalid(
                    "id",
                    f"it is that of a key in the account {key.account}, and this connection acts in another",
                    f"Open a connection for the account {key.account}.",
                )
            owner = key.owner if owner is None else owner
        revoker = self._offered(self._revoker, "revoke", "revoke keys", "{} revokes no keys", id)
        return revoker.revoke(id, owner=owner)

    def _whoami(self) -> Flow[Identity]:
        what = "tell whom a credential speaks for"
        return self._offered(self._teller, "whoami", what, f"{{}} does not {what}").whoami()

    def _secret_keeper(self, operation: str) -> KeepsSecrets:
        return self._offered(self._keeper, operation, "store secrets", "{} stores no secrets")

    def _put_secret(
        self,
        id: str,  # noqa: A002 - the field's own name
        key_name: str,
        value: Secret,
        account_id: str | None,
        replace: bool,
    ) -> Flow[StoredSecret]:
        keeper = self._secret_keeper("put_secret")
        return keeper.put_secret(id=id, key_name=key_name, value=value, account_id=account_id, replace=replace)

    def _users(self, operation: str) -> ManagesUsers:
        lack = "At {} users can be neither listed nor created"
        return self._offered(self._manager, operation, "list and create users", lack)

    def _follower(self, operation: str) -> FollowsApprovals:
        return self._offered(self._clerk, operation, "follow approvals", "At {} nothing waits for approval")

    def _devices(self, operation: str) -> SetsUpDevices:
        lack = "{} has no pairing tokens and no lists of allowed addresses"
        return self._offered(self._fitter, operation, "set up devices and addresses", lack)

    def _diagnose(self) -> Flow[Diagnosis]:
        return diagnose(self._provider, self._adapter, self._base_url)


def _asked_as(operation: str, listing: Flow[None]) -> Flow[None]:
    """Go through a list of keys on behalf of another operation, which its errors then name."""
    try:
        yield from listing
    except IssuantError as error:
        if error.operation is not None:
            error.operation = operation
        raise


class Named:
    """Sifts the pages of a list of keys by a name, one after the other.

    The keys of exactly that name are left, and as problems the items that may have it: those whose name cannot be read,
    and those without one, where the provider does not promise that such a key has none.
    """

    def __init__(self, name: str, *, promises_names: bool) -> None:
        if not isinstance(name, str) or not name:
            raise invalid("name", "it is missing", "Give the name of a key.")
        self._name = name
        self._promises_names = promises_names
        self._before = 0

    def __call__(self, page: Page[KeyInfo]) -> Page[KeyInfo]:
        """Return the next page, sifted."""
        problems = [one for one in page.problems if one.name in (self._name, None)]
        if not self._promises_names:
            problems.extend(
                ItemProblem(position=at, id=key.id, faults=("it has no name",), request_id=key.request_id)
                for at, key in self._placed(page)
                if not key.name
            )
        self._before += len(page.items) + len(page.problems)
        named = tuple(key for key in page.items if _is_named(key, self._name))
        return replace(page, items=named, problems=tuple(problems))

    def _placed(self, page: Page[KeyInfo]) -> Iterator[tuple[int, KeyInfo]]:
        """Give each key of a page with its position in the list: problems have theirs, the keys stand between them."""
        taken = {one.position for one in page.problems}
        return zip((at for at in count(self._before) if at not in taken), page.items, strict=False)


def _is_named(key: KeyInfo, name: str) -> bool:
    """Tell whether that is the name of a key; where its name has been made printable, the vendor's fields tell."""
    if key.name != printable(name):
        return False
    return "�" not in key.name or name in key.fields.values()


def id_of(user: str | KeyInfo) -> str:
    """Return the id of a user. Raises InvalidRequestError where there is none."""
    found = user if isinstance(user, str) else getattr(user, "id", None)
    if not isinstance(found, str) or not found.strip():
        raise invalid("user", "it is missing", "Give the id of a user, or what keys() returned.")
    return found
