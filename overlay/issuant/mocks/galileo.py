"""Galileo, simulated. Owns its users and API keys; refuses what its documents do not allow.

Facts
- The vendor's server is FastAPI: a refusal is {"detail": "text"}, one by its rules 422 with a list of places.
- Keys are made, listed and deleted below /v2, as the documents have it, and without it, as the vendor's SDK does.
- A page token is the number of keys before the page, and `paginated` is true on every page but the last. The order,
  here that of creation, and `paginated` on the last page are not verified.
- A user who is not known, and a key that is not or no more, is 404; what is another user's is 403. An admin of the
  vendor may see more. None of this is verified, nor the words of a deletion.
- An expired key stays in the list until it is deleted; that is not verified.
- `last_used` is when the value was last accepted, in the header or at a login; that a login counts is not verified.
- A caller-made value that exists already is refused with 409, and is free again once its key is deleted; neither is
  verified. The empty caller-made value counts as none; that is not verified.
- A login by password sets the cookie `refresh_token`, one by API key does not: the SDK looks for it in the first alone.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import replace
from http.client import responses
from pathlib import Path
from random import Random
from typing import ClassVar

from .base import Route, Simulator, fingerprint
from .clock import Clock, system_clock
from .faulting import Paging
from .galileo_keys import ApiKey, User, written
from .galileo_logins import REFRESH_LIFE, Logins
from .galileo_rules import instant, read_id, read_key_login, read_new_key, read_page, read_password_login
from .messages import NO_HEADERS, RefusedError, Reply, Request

_ORGANIZATION = "mock-organization"


class GalileoSimulator(Simulator):
    """An organization, its users and their keys.

    `api_key`, and `username` with `password`, are what it accepts from the start, all of the user `user_id`.
    `users` and `keys`, the issued ones, are by id. `logins` are the tokens.
    """

    name: ClassVar[str] = "galileo"
    paging: ClassVar[Paging | None] = Paging(
        field="next_starting_token", parameter="starting_token", token=int, besides={"paginated": True}
    )

    def __init__(self, *, clock: Clock = system_clock, random: Random | None = None) -> None:
        """Start with one user and one key that is not listed."""
        super().__init__(clock=clock, random=random)
        self.api_key = "galileo_TEST_not_a_key"
        self.username = "mock-user@mock.invalid"
        self.password = "galileo_TEST_password_not_a_key"  # noqa: S105 - fake
        self.users: dict[str, User] = {}
        self.keys: dict[str, ApiKey] = {}
        self.logins = Logins(clock=self.clock, new_secret=self.new_secret)
        self.user_id = self.add_user(email=self.username).id
        self.organization_id = self.new_uuid()

    def routes(self) -> tuple[Route, ...]:
        """Return the operations that are simulated: those of the document, and what the vendor's SDK needs besides."""
        keys = [
            route
            for base in ("/v2", "")
            for route in (
                Route(method="POST", path=f"{base}/users/api_keys", answer=self._create_api_key),
                Route(method="GET", path=f"{base}/users/{{user_id}}/api_keys", answer=self._list_api_keys),
                Route(method="DELETE", path=f"{base}/users/api_keys/{{api_key_id}}", answer=self._delete_api_key),
            )
        ]
        return (
            *keys,
            Route(method="GET", path="/current_user", answer=self._current_user),
            Route(method="POST", path="/login", answer=self._log_in),
            Route(method="POST", path="/login/api_key", answer=self._log_in_with_key),
            Route(method="POST", path="/refresh_token", answer=self._refresh),
            Route(method="GET", path="/healthcheck", answer=self._tell_health),
        )

    def refuse(self, status: int, message: str = "", *, headers: Mapping[str, str] = NO_HEADERS) -> Reply:
        """Return FastAPI's error body."""
        fields = {**headers, "WWW-Authenticate": "Bearer"} if status == 401 else headers
        return Reply.json(status, {"detail": message or responses.get(status, "Unknown")}, fields)

    def env(self, base_url: str, folder: Path) -> dict[str, str]:
        """Return the variables of the vendor's own tools, which read either name of the address."""
        return {"GALILEO_API_KEY": self.api_key, "GALILEO_API_URL": base_url, "GALILEO_CONSOLE_URL": base_url}

    def add_user(self, *, email: str) -> User:
        """Add a user by hand, as an invitation would; it cannot log in."""
        with self.lock:
            user = User(id=self.new_uuid(), email=email, role="user", created=self.clock())
            self.users[user.id] = user
            return user

    def add_key(self, *, user_id: str, description: str) -> tuple[ApiKey, str]:
        """Add a key of any user by hand, and return it with its value."""
        with self.lock:
            value = self.new_secret("galileo_TEST_issued")
            return self._keep({"description": description}, value, user_id), value

    def _tell_health(self, request: Request, parts: Mapping[str, str]) -> Reply:
        return Reply.json(200, {"api_version": "mock", "message": "Healthy", "version": "mock"})

    def _log_in(self, request: Request, parts: Mapping[str, str]) -> Reply:
        username, password = read_password_login(request)
        if not self._is_user(username, password):
            raise self._unauthorized()
        return self._tokens(self.user_id, refreshable=True)

    def _log_in_with_key(self, request: Request, parts: Mapping[str, str]) -> Reply:
        user_id = self._user_of_key(read_key_login(request))
        if user_id is None:
            raise self._unauthorized()
        return self._tokens(user_id, refreshable=False)

    def _refresh(self, request: Request, parts: Mapping[str, str]) -> Reply:
        user_id = self.logins.redeem(_cookie(request, "refresh_token"))
        if user_id is None:
            raise self._unauthorized()
        return self._tokens(user_id, refreshable=True)

    def _tokens(self, user_id: str, *, refreshable: bool) -> Reply:
        document = {"access_token": self.logins.new_access(user_id), "token_type": "bearer"}
        if not refreshable:
            return Reply.json(200, document)
        life = int(REFRESH_LIFE.total_seconds())
        cookie = f"refresh_token={self.logins.new_refresh(user_id)}; HttpOnly; Max-Age={life}; Path=/; SameSite=lax"
        return Reply.json(200, document, {"Set-Cookie": cookie})

    def _current_user(self, request: Request, parts: Mapping[str, str]) -> Reply:
        user = self.users[self._authenticate(request)]
        return Reply.json(
            200,
            {
                "id": user.id,
                "email": user.email,
                "first_name": "",
                "last_name": "",
                "email_is_verified": None,
                "auth_method": "email",
                "role": user.role,
                "organization_id": self.organization_id,
                "organization_name": _ORGANIZATION,
                "permissions": [],
                "created_at": written(user.created),
                "updated_at": written(user.created),
            },
        )

    def _create_api_key(self, request: Request, parts: Mapping[str, str]) -> Reply:
        user_id = self._authenticate(request)
        wanted = read_new_key(request)
        given = wanted.get("api_key")
        if isinstance(given, str) and given:
            value = given
        else:
            value = self.new_secret("galileo_TEST_issued")
        if value == self.api_key or self._find(value) is not None:
            raise RefusedError(self.refuse(409, "An API key with this value already exists"))
        return Reply.json(200, {**self._keep(wanted, value, user_id).document(), "api_key": value})

    def _list_api_keys(self, request: Request, parts: Mapping[str, str]) -> Reply:
        caller = self._authenticate(request)
        user_id = read_id(parts, "user_id")
        start, limit = read_page(request)
        if user_id not in self.users:
            raise RefusedError(self.refuse(404, "User not found"))
        self._check_owner(caller, user_id)
        listed = [key for key in self.keys.values() if key.created_by == user_id]
        end = start + limit
        has_more = end < len(listed)
        return Reply.json(
            200,
            {
                "api_keys": [key.document() for key in listed[start:end]],
                "starting_token": start,
                "limit": limit,
                "paginated": has_more,
                "next_starting_token": end if has_more else None,
            },
        )

    def _delete_api_key(self, request: Request, parts: Mapping[str, str]) -> Reply:
        caller = self._authenticate(request)
        key = self.keys.get(read_id(parts, "api_key_id"))
        if key is None:
            raise RefusedError(self.refuse(404, "API key not found"))
        self._check_owner(caller, key.created_by)
        del self.keys[key.id]
        return Reply.json(200, {"message": "API key deleted"})

    def _check_owner(self, caller: str, owner: str) -> None:
        if caller != owner:
            raise RefusedError(self.refuse(403, "You do not have permission to do this"))

    def _keep(self, wanted: Mapping[str, object], value: str, user_id: str) -> ApiKey:
        project_id, project_role = wanted.get("project_id"), wanted.get("project_role")
        key = ApiKey(
            id=self.new_uuid(),
            description=str(wanted["description"]),
            created=self.clock(),
            created_by=user_id,
            expires=instant(wanted.get("expires_at")),
            project_id=None if project_id is None else str(project_id).lower(),
            project_role=None if project_role is None else str(project_role),
            # A short value must not be shown whole.
            truncated=f"{value[: min(8, len(value) // 2)]}...",
            fingerprint=fingerprint(value),
        )
        self.keys[key.id] = key
        return key

    def _authenticate(self, request: Request) -> str:
        """Return the id of the caller. Raises RefusedError where the credential is not accepted."""
        value = request.headers.get("galileo-api-key", "")
        scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
        user_id: str | None = None
        if value:  # FastAPI takes an empty header for none
            user_id = self._user_of_key(value)
        elif scheme.lower() == "bearer":
            user_id = self.logins.user_of(credentials.strip())
        elif scheme.lower() == "basic":
            user_id = self.user_id if self._is_user(*_basic(credentials.strip())) else None
        else:
            raise RefusedError(self.refuse(401, "Not authenticated"))
        if user_id is None:
            raise self._unauthorized()
        self.throttle(user_id)
        return user_id

    def _unauthorized(self) -> RefusedError:
        return RefusedError(self.refuse(401, "Invalid credentials"))

    def _user_of_key(self, value: str) -> str | None:
        """Return whose key this value is, and note its use; None when it is unknown or has expired."""
        if value == self.api_key:
            return self.user_id
        key, now = self._find(value), self.clock()
        if key is None or (key.expires is not None and key.expires <= now):
            return None
        self.keys[key.id] = replace(key, last_used=now)
        return key.created_by

    def _find(self, value: str) -> ApiKey | None:
        mark = fingerprint(value)
        return next((key for key in self.keys.values() if key.fingerprint == mark), None)

    def _is_user(self, username: str, password: str) -> bool:
        return username == self.username and password == self.password


def _cookie(request: Request, name: str) -> str:
    """Return the value of a cookie, an empty text where it did not come."""
    pairs = (pair.strip().partition("=") for pair in request.headers.get("cookie", "").split(";"))
    return next((value for found, _, value in pairs if found == name), "")


def _basic(credentials: str) -> tuple[str, str]:
    try:
        username, _, password = base64.b64decode(credentials, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return username, password
