"""Fireworks AI, simulated. Owns its API keys, users and secrets, and who may do what; refuses what is not allowed.

Facts
- Anyone manages their own keys; only admins make keys for service accounts and for others, or delete others' keys.
  That listing another's keys, and creating and changing users, is for admins too is not verified; nor is that anyone
  may use the secrets of the account.
- A user who does not exist is 404, but 403 to whoever may not ask. A key is found below its own user alone.
- Expired keys are listed until they are deleted. A key that deletes itself is not accepted afterwards.
- A secret goes by its full name in replies. An update keeps the value where it is left out; not verified.
- A user without an id gets one made of the e-mail address, or of nothing.
- There is no way to delete a user, to update a key or to get a single one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import ClassVar

from .base import Route, Simulator, fingerprint
from .clock import Clock, system_clock
from .faulting import Paging
from .fireworks_bodies import (
    WantedKey,
    read_key,
    read_key_id,
    read_secret,
    read_secret_change,
    read_user,
    read_user_id,
    user_id_of,
)
from .fireworks_pages import Listed, Pages, Shown
from .fireworks_state import ADMIN, ApiKey, StoredSecret, User
from .fireworks_wire import read_object, read_query, refusal, refused
from .messages import NO_HEADERS, Reply, Request

_KEYS = Listed(
    field="apiKeys",
    key="keyId",
    comparable=("keyId", "displayName", "email", "prefix", "createTime", "expireTime", "lastUsed"),
    known=(
        "keyId",
        "displayName",
        "createTime",
        "secure",
        "email",
        "prefix",
        "expireTime",
        "annotations",
        "lastUsed",
    ),
)
_USERS = Listed(
    field="users",
    key="name",
    comparable=("name", "displayName", "serviceAccount", "createTime", "role", "email", "state"),
    known=("name", "displayName", "serviceAccount", "createTime", "role", "email", "state", "updateTime"),
)
_SECRETS = Listed(field="secrets", key="name", known=("name", "keyName"))


class FireworksSimulator(Simulator):
    """One account: its users, their keys, and its secrets.

    `api_key` is the credential that it accepts from the start, of `account_id` and `user_id`, who is an admin. Besides
    there are a user `someone`, who is none, and a service account `robot`.
    `users` are by user id, `keys` by key id, `secrets` by full name, in the order in which they were made.
    `pages_api_keys` False lists all keys at once: the vendor's documents say that paging is still to be added there.
    """

    name: ClassVar[str] = "fireworks"
    paging: ClassVar[Paging | None] = Paging(field="nextPageToken", parameter="pageToken")

    def __init__(self, *, clock: Clock = system_clock, random: Random | None = None) -> None:
        """Start with three users, of whom the admin holds one key."""
        super().__init__(clock=clock, random=random)
        self.account_id = "mock-account"
        self.user_id = "mock-user"
        self.api_key = "fw_TEST_not_a_key"
        self.pages_api_keys = True
        self.users: dict[str, User] = {}
        self.keys: dict[str, ApiKey] = {}
        self.secrets: dict[str, StoredSecret] = {}
        self.pages = Pages(clock=self.clock, random=self.random)
        self.add_user(self.user_id, role=ADMIN)
        self.add_user("someone")
        self.add_user("robot", service_account=True)
        self._add_key(self.user_id, self.api_key, WantedKey())

    def routes(self) -> tuple[Route, ...]:
        """Return the operations of the gateway that are simulated."""
        account = "/v1/accounts/{account_id}"
        users, secrets = f"{account}/users", f"{account}/secrets"
        user, secret = f"{users}/{{user_id}}", f"{secrets}/{{secret_id}}"
        return (
            Route(method="GET", path=users, answer=self._list_users),
            Route(method="POST", path=users, answer=self._create_user),
            Route(method="GET", path=user, answer=self._get_user),
            Route(method="PATCH", path=user, answer=self._update_user),
            Route(method="GET", path=f"{user}/apiKeys", answer=self._list_api_keys),
            Route(method="POST", path=f"{user}/apiKeys", answer=self._create_api_key),
            Route(method="POST", path=f"{user}/apiKeys:delete", answer=self._delete_api_key),
            Route(method="GET", path=secrets, answer=self._list_secrets),
            Route(method="POST", path=secrets, answer=self._create_secret),
            Route(method="GET", path=secret, answer=self._get_secret),
            Route(method="PATCH", path=secret, answer=self._update_secret),
            Route(method="DELETE", path=secret, answer=self._delete_secret),
        )

    def refuse(self, status: int, message: str = "", *, headers: Mapping[str, str] = NO_HEADERS) -> Reply:
        """Return a google.rpc.Status."""
        return refusal(status, message, headers)

    def env(self, base_url: str, folder: Path) -> dict[str, str]:
        """Return the variables of the vendor's own tools, and the user whose keys are made."""
        return {
            "FIREWORKS_API_KEY": self.api_key,
            "FIREWORKS_ACCOUNT_ID": self.account_id,
            "FIREWORKS_USER_ID": self.user_id,
            "FIREWORKS_BASE_URL": base_url,
        }

    def add_user(
        self,
        user_id: str,
        *,
        role: str = "user",
        service_account: bool = False,
        display_name: str = "",
        email: str | None = None,
    ) -> User:
        """Add a user, or put another in the place of one, and return it. Without an e-mail address one is made."""
        now = self.clock()
        user = User(
            user_id=user_id,
            role=role,
            service_account=service_account,
            display_name=display_name,
            email=f"{user_id}@mock.invalid" if email is None else email,
            created=now,
            updated=now,
        )
        self.users[user_id] = user
        return user

    def add_key(self, user_id: str, *, display_name: str = "default") -> str:
        """Add a key of a user and return its value. Raises KeyError for an unknown user."""
        value = self.new_secret("fw_TEST_issued")
        self._add_key(self.users[user_id].user_id, value, WantedKey(display_name=display_name))
        return value

    def _list_api_keys(self, request: Request, parts: Mapping[str, str]) -> Reply:
        user = self._managed(self._authorise(request, parts["account_id"]), parts["user_id"])
        kept = {key.key_id: key for key in self.keys.values() if key.user_id == user.user_id}
        items, query = Shown(kept, lambda key: key.shown(user.email)), read_query(request)
        return Reply.json(200, self.pages.page(request.path, query, items, _KEYS, pages=self.pages_api_keys))

    def _create_api_key(self, request: Request, parts: Mapping[str, str]) -> Reply:
        caller = self._authorise(request, parts["account_id"])
        wanted = read_key(read_object(request))
        user = self._managed(caller, parts["user_id"])
        if user.service_account and not caller.is_admin:
            raise refused(403, "only admins make keys for service accounts")
        value = self.new_secret("fw_TEST_issued")
        key = self._add_key(user.user_id, value, wanted)
        shown = key.shown(user.email)
        return Reply.json(200, {"keyId": shown.pop("keyId"), "key": value, **shown})

    def _delete_api_key(self, request: Request, parts: Mapping[str, str]) -> Reply:
        caller = self._authorise(request, parts["account_id"])
        key_id = read_key_id(read_object(request))
        user = self._managed(caller, parts["user_id"])
        key = self.keys.get(key_id)
        if key is None or key.user_id != user.user_id:
            raise refused(404, "the user has no such API key")
        del self.keys[key_id]
        return Reply.json(200, {})

    def _list_users(self, request: Request, parts: Mapping[str, str]) -> Reply:
        self._authorise(request, parts["account_id"])
        items = Shown(dict(sorted(self.users.items())), lambda user: user.shown(self.account_id))
        return Reply.json(200, self.pages.page(request.path, read_query(request), items, _USERS))

    def _get_user(self, request: Request, parts: Mapping[str, str]) -> Reply:
        self._authorise(request, parts["account_id"])
        return Reply.json(200, self._user(parts["user_id"]).shown(self.account_id))

    def _create_user(self, request: Request, parts: Mapping[str, str]) -> Reply:
        self._administer(request, parts)
        changes, user_id = read_user(read_object(request)), read_query(request).get("userId")
        if user_id is None:
            user_id = user_id_of(changes.get("email", "")) or f"user-{self.random.getrandbits(32):08x}"
        if read_user_id(user_id) in self.users:
            raise refused(409, f"the user {user_id} already exists")
        user = replace(self.add_user(user_id, email=""), **changes)
        self.users[user_id] = user
        return Reply.json(200, user.shown(self.account_id))

    def _update_user(self, request: Request, parts: Mapping[str, str]) -> Reply:
        self._administer(request, parts)
        changes = read_user(read_object(request))
        user = replace(self._user(parts["user_id"]), **changes, updated=self.clock())
        self.users[user.user_id] = user
        return Reply.json(200, user.shown(self.account_id))

    def _list_secrets(self, request: Request, parts: Mapping[str, str]) -> Reply:
        self._authorise(request, parts["account_id"])
        items = Shown(self.secrets, StoredSecret.shown)
        return Reply.json(200, self.pages.page(request.path, read_query(request), items, _SECRETS))

    def _create_secret(self, request: Request, parts: Mapping[str, str]) -> Reply:
        account_id = parts["account_id"]
        self._authorise(request, account_id)
        full_name, key_name, value = read_secret(read_object(request), account_id)
        if full_name in self.secrets:
            raise refused(409, f"{full_name} already exists")
        return self._keep(StoredSecret(name=full_name, key_name=key_name, value=value))

    def _get_secret(self, request: Request, parts: Mapping[str, str]) -> Reply:
        self._authorise(request, parts["account_id"])
        return Reply.json(200, self._secret(parts["secret_id"]).shown())

    def _update_secret(self, request: Request, parts: Mapping[str, str]) -> Reply:
        self._authorise(request, parts["account_id"])
        key_name, value = read_secret_change(read_object(request))
        secret = self._secret(parts["secret_id"])
        return self._keep(replace(secret, key_name=key_name, value=secret.value if value is None else value))

    def _delete_secret(self, request: Request, parts: Mapping[str, str]) -> Reply:
        self._authorise(request, parts["account_id"])
        del self.secrets[self._secret(parts["secret_id"]).name]
        return Reply.json(200, {})

    def _authorise(self, request: Request, account_id: str) -> User:
        """Return whose key the request has, which is used now, or end the request."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        wanted = fingerprint(token.strip())
        key = next((key for key in self.keys.values() if key.fingerprint == wanted), None)
        if scheme.lower() != "bearer" or key is None:
            raise refused(401, "invalid or missing API key")
        if key.expires is not None and key.expires <= self.clock():
            raise refused(401, "the API key has expired")
        self.keys[key.key_id] = replace(key, last_used=self.clock())
        if account_id != self.account_id:
            raise refused(403, "no access to this account")
        self.throttle(self.account_id)
        return self.users[key.user_id]

    def _administer(self, request: Request, parts: Mapping[str, str]) -> None:
        if not self._authorise(request, parts["account_id"]).is_admin:
            raise refused(403, "only admins manage users")

    def _managed(self, caller: User, user_id: str) -> User:
        """Return the user whose keys `caller` may manage, or end the request."""
        if user_id != caller.user_id and not caller.is_admin:
            raise refused(403, "only admins manage the keys of others")
        return self._user(user_id)

    def _user(self, user_id: str) -> User:
        if user_id not in self.users:
            raise refused(404, "no such user")
        return self.users[user_id]

    def _secret(self, secret_id: str) -> StoredSecret:
        found = self.secrets.get(f"accounts/{self.account_id}/secrets/{secret_id}")
        if found is None:
            raise refused(404, "no such secret")
        return found

    def _keep(self, secret: StoredSecret) -> Reply:
        self.secrets[secret.name] = secret
        return Reply.json(200, secret.shown())

    def _add_key(self, user_id: str, value: str, wanted: WantedKey) -> ApiKey:
        key = ApiKey(
            key_id=f"key_{self.random.getrandbits(64):016x}",
            user_id=user_id,
            display_name=wanted.display_name,
            created=self.clock(),
            expires=wanted.expires,
            annotations=wanted.annotations,
            prefix=value[:6],
            fingerprint=fingerprint(value),
        )
        self.keys[key.key_id] = key
        return key
