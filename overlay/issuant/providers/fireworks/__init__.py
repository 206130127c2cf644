"""Fireworks AI: API keys of users and service accounts, and stored secrets of an account.

Facts
- POST …/users/{user_id}/apiKeys shows the value (`key`) in its reply alone. An expiry that is absent means never.
- A key is found and deleted below its own account and user alone. There is no way to get a single one: it is looked up
  in the list.
- Paging of keys is documented as to be added: a reply that knows no pages and holds all keys is the one page.
- Nothing tells whom a key belongs to: `whoami` asks for the user that the connection is set up for.
- A secret's `name` is documented as accounts/<account>/secrets/<id>; a bare id is in use as well (unverified).
  The full name is sent, and either is read.
- A secret that exists is refused with 409, which ALREADY_EXISTS (6) maps to (unverified); a refusal with that code and
  another status is taken for the same.
- A 500 on GET and DELETE of a secret has been treated as "not found" by one public client (unverified). Here it is what
  it says: the provider failed.
- A removal is answered by an empty object. One with any field is somebody else's, or denies it.
- Errors are google.rpc.Status, {code, message, details} (unverified on the wire).
- No idempotency key is known: a key and a user are created by one call that is sent once. A user cannot be deleted.
- That only admins list the keys of others and create users is unverified; that only they issue keys for service
  accounts and delete keys of others is documented.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace as changed
from functools import partial
from typing import TypeVar

from issuant_fireworks.servers import SERVERS

from issuant.adapters import Account
from issuant.clock import Clock
from issuant.custody import Outcome, deliver
from issuant.errors import Effect, IssuantError, NotFoundError, PermissionDeniedError, UsageError
from issuant.flow import Call, Flow, Stream, answered, collect, removed
from issuant.inventory import Identity, ItemProblem, KeyInfo, Page, Removed, UserInfo
from issuant.keys import Capabilities, IssuedKey, KeyRequest, Sink, StoredSecret
from issuant.pages import paged
from issuant.providers import Option, Provider, specific
from issuant.providers.fireworks import keys, secrets, storage, users
from issuant.providers.fireworks.account import NAME, VARIABLES, FireworksAccount, account, base_url
from issuant.providers.fireworks.request import (
    ROLES,
    FireworksKeyRequest,
    check_id,
    check_listed_id,
    check_secret,
    check_user,
)
from issuant.providers.fireworks.turning import FireworksTurning
from issuant.providers.fireworks.wire import Total, confirms_removal, explain
from issuant.replies import Reply, unreadable, unusable
from issuant.secret import Secret

__all__ = ["PROVIDER", "ROLES", "FireworksAccount", "FireworksAdapter", "FireworksKeyRequest"]

T = TypeVar("T")

_UNLISTED = "the keys of this user are not listed"
_ELSEWHERE = "It was asked for in the account {0}: look there, by a connection for that account (FIREWORKS_ACCOUNT_ID)."
_ASKED_FOR = "It was for the user {1!r} of the account {0!r}: check both (FIREWORKS_USER_ID, FIREWORKS_ACCOUNT_ID)."
_ANOTHERS = "It was asked for the user {0}: name that owner where you look or revoke."


class FireworksAdapter:
    """Translates for Fireworks."""

    def __init__(self, account: Account, clock: Clock) -> None:
        if not isinstance(account, FireworksAccount):
            raise TypeError(f"a FireworksAccount is needed, not {type(account).__name__}")
        self._account = account
        self._clock = clock

    @property
    def account(self) -> str | None:
        """The account that keys are listed and revoked in."""
        return self._account.account_id

    def issue(self, request: KeyRequest, sink: Sink | None) -> Flow[Outcome]:
        """Issue an API key for a user."""
        asked = specific(request, FireworksKeyRequest, provider=NAME)
        account, user = self._account.account(asked.account_id), self._account.user(asked.user_id, field="user_id")
        call = keys.create_call(account, user, asked, asked.expiry(self._clock()))
        try:
            return (yield from deliver(self._issue(call, account, user), sink))
        except IssuantError as error:
            told = self._whereabouts(account, user) if error.effect is not Effect.NONE else ""
            if isinstance(error, PermissionDeniedError | NotFoundError):
                told = _ASKED_FOR.format(account, user)
            error.advice = f"{error.advice} {told}".strip()
            raise

    def _whereabouts(self, account: str, user: str) -> str:
        """Tell, in sentences, where a key is that this connection does not list of its own accord; empty if it does."""
        told = [_ELSEWHERE.format(account)] if account != self.account else []
        return " ".join([*told, _ANOTHERS.format(user)] if user != self._account.user_id else told)

    def _issue(self, call: Call, account: str, user: str) -> Flow[Outcome]:
        reply = yield from self._answered(call)
        issued = keys.read_issued(reply, account, user)
        if not isinstance(issued, IssuedKey):
            raise unusable(reply, issued)
        return issued

    def keys(self, *, owner: str | None, everyone: bool) -> Stream[KeyInfo]:
        """List the keys of a user, or of all users one after the other."""
        if everyone:
            yield from self._everyones_keys()
            return
        yield from self._keys_of(self._account.user(owner, field="owner"), Total())

    def _everyones_keys(self) -> Stream[KeyInfo]:
        found: dict[str, None] = {}  # in their order; one that moves between pages meanwhile comes twice
        missed: list[ItemProblem] = []

        def take(page: Page[UserInfo]) -> bool:
            found.update((user.id, None) for user in page.items)
            missed.extend(changed(one, faults=(_UNLISTED, *one.faults)) for one in page.problems)
            return False

        yield from collect(self.users(account_id=None), take)
        if missed:
            yield Page(items=(), problems=tuple(missed))
        count = 0
        for user in found:
            total = Total(before=count)
            yield from self._keys_of(user, total)
            count += total.came

    def _keys_of(self, user: str, total: Total) -> Stream[KeyInfo]:
        account = self._account.account(None)
        return self._listed(
            "keys",
            partial(keys.list_call, account, user),
            lambda reply: keys.read_listed(reply, account, user, reply.moment(self._clock())),
            total,
        )

    def revoke(self, id: str, *, owner: str | None) -> Flow[Removed]:  # noqa: A002 - the field's own name
        """Delete a key of a user. One of another user is not found."""
        account, user = self._account.account(None), self._account.user(owner, field="owner")
        try:
            reply = yield from self._removed(keys.delete_call(account, user, check_listed_id(id)))
        except NotFoundError as error:
            if error.effect is not Effect.NONE:
                raise
            error.advice = f"Check the id; a key of another user than {user} needs owner=, the id of that user."
            raise
        return Removed(provider=NAME, id=id, request_id=reply.request_id)

    def whoami(self) -> Flow[Identity]:
        """Look at the user that the connection is set up for: Fireworks does not tell whose key it is."""
        if self._account.user_id is None:
            raise UsageError(
                "Fireworks does not tell whom a key belongs to, and the connection has no user id.",
                advice="Give user_id, or set FIREWORKS_USER_ID.",
                provider=NAME,
                operation="whoami",
                field="user_id",
            )
        account, user = self._account.account(None), self._account.user(None, field="user_id")
        return users.identity((yield from self._user(account, user, "whoami")), account)

    def put_secret(
        self,
        *,
        id: str,  # noqa: A002 - the field's own name
        key_name: str,
        value: Secret,
        account_id: str | None,
        replace: bool,
    ) -> Flow[StoredSecret]:
        """Store a secret of the account; with `replace`, in the place of one that is there."""
        account, secret_id = self._account.account(account_id), check_id(id)
        check_secret(key_name, value)
        return (yield from storage.store(account, secret_id, key_name, value, replace=replace, clock=self._clock))

    def secrets(self, *, account_id: str | None) -> Stream[StoredSecret]:
        """List the secrets of the account."""
        account = self._account.account(account_id)
        yield from self._listed("secrets", partial(secrets.list_call, account), secrets.read_listed, Total())

    def secret(self, id: str, *, account_id: str | None) -> Flow[StoredSecret]:  # noqa: A002 - the field's own name
        """Return one secret of the account."""
        reply = yield from self._answered(secrets.get_call(self._account.account(account_id), check_id(id)))
        found = secrets.read_found(reply)
        if isinstance(found, StoredSecret) and found.id != id:
            found = (storage.MISNAMED,)
        if not isinstance(found, StoredSecret):
            raise unreadable(reply, found)
        return found

    def delete_secret(self, id: str, *, account_id: str | None) -> Flow[Removed]:  # noqa: A002 - the field's own name
        """Delete a secret of the account."""
        call = secrets.delete_call(self._account.account(account_id), check_id(id))
        reply = yield from self._removed(call)
        return Removed(provider=NAME, id=id, request_id=reply.request_id)

    def users(self, *, account_id: str | None) -> Stream[UserInfo]:
        """List the users and service accounts of the account."""
        account = self._account.account(account_id)
        yield from self._listed("users", partial(users.list_call, account), users.read_listed, Total())

    def user(self, id: str, *, account_id: str | None) -> Flow[UserInfo]:  # noqa: A002 - the field's own name
        """Return one user of the account."""
        account = self._account.account(account_id)
        return (yield from self._user(account, self._account.user(check_listed_id(id), field="id"), "user"))

    def _user(self, account: str, id: str, operation: str) -> Flow[UserInfo]:  # noqa: A002 - the field's own name
        reply = yield from self._answered(users.get_call(account, id, operation=operation))
        found = users.read_found(reply)
        if not isinstance(found, UserInfo):
            raise unreadable(reply, found)
        return found

    def create_user(
        self,
        id: str,  # noqa: A002 - the field's own name
        *,
        role: str,
        service_account: bool,
        name: str,
        email: str | None,
        account_id: str | None,
    ) -> Flow[UserInfo]:
        """Create a user or service account, once. A role that is not among ROLES is refused."""
        check_user(role, name, email)
        call = users.create_call(
            self._account.account(account_id),
            check_id(id),
            role=role,
            service_account=service_account,
            name=name,
            email=email,
        )
        reply = yield from self._answered(call)
        found = users.read_found(reply)
        if not isinstance(found, UserInfo):
            error = unusable(reply, found)
            error.advice = users.LOOK_FIRST
            raise error
        return found

    def _listed(
        self,
        operation: str,
        call: Callable[[str | None], Call],
        read: Callable[[Reply], tuple[Page[T], str | None] | list[str]],
        total: Total,
    ) -> Stream[T]:
        """List what `read` finds in the replies to `call`. Raises UnusableReplyError where some are left out."""
        last: Reply | None = None

        def fetch(token: str | None) -> Flow[tuple[Page[T], str | None]]:
            nonlocal last
            last = reply = yield from self._answered(call(token))
            found = read(reply)
            if isinstance(found, list):
                raise unreadable(reply, found)
            page, more = found
            total.count(reply, page)
            problems = tuple(changed(one, position=one.position + total.before) for one in page.problems)
            return changed(page, problems=problems), more

        yield from paged(fetch, provider=NAME, operation=operation)
        if last is not None and total.faults:
            raise unreadable(last, total.faults)

    def _answered(self, call: Call) -> Flow[Reply]:
        return answered(call, self._clock, explain)

    def _removed(self, call: Call) -> Flow[Reply]:
        return removed(call, self._clock, explain, confirms=confirms_removal)


PROVIDER = Provider(
    name=NAME,
    title="Fireworks AI",
    servers=SERVERS,
    capabilities=Capabilities(
        issues_keys=True,
        stores_secrets=True,
        sets_expiry=True,
        needs_approval=False,
        caller_makes="nothing",
        idempotent_create=False,
        note="Only admins issue keys for service accounts and for other users.",
        lists_keys=True,
        lists_everyones_keys=True,
        revokes_keys=True,
        tells_caller=True,
        manages_users=True,
    ),
    codes_refusals=True,
    request=FireworksKeyRequest,
    options=(
        Option(field="account_id", flag="--account", help="The account, instead of FIREWORKS_ACCOUNT_ID."),
        Option(field="user_id", flag="--user", help="The user or service account, instead of FIREWORKS_USER_ID."),
        Option(field="annotations", flag="--annotation", help="A NAME=VALUE to keep with the key.", kind="pairs"),
    ),
    variables=VARIABLES,
    account=account,
    base_url=base_url,
    turning=FireworksTurning(),
    adapter=FireworksAdapter,
)
