"""Fireworks AI, simulated. Owns its API keys, users and secrets; refuses what its documents do not allow.

Facts
- Errors are google.rpc.Status, as a grpc-gateway writes them. That the vendor does so is not verified.
- A gateway drops unknown fields, and readOnly fields of a request count for nothing.
- protojson would take null for any field; the documents do not allow it, so it is refused here.
- The empty display name is the unset one in proto3, and becomes "default". One of blanks alone is refused here; what
  the vendor does with it is not verified.
- A secret's `name` may be its full resource name or the bare id; the reply has the full one.
- A body of another media type is refused with 415. A gateway may well read it as JSON; not verified.
- A user who was never seen is created. Roles are not simulated.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http.client import responses
from pathlib import Path
from random import Random
from typing import ClassVar

from .base import Route, Simulator, fingerprint
from .clock import Clock, system_clock
from .messages import NO_HEADERS, RefusedError, Reply, Request
from .reading import read_instant, read_json

# google/rpc/code.proto, by the HTTP status that a grpc-gateway gives each.
_CODES = {400: 3, 401: 16, 403: 7, 404: 5, 405: 12, 409: 6, 413: 3, 415: 3, 429: 8, 500: 13, 501: 12, 503: 14, 504: 4}
_UNKNOWN = 2

_SECRET_NAME = re.compile(r"(?:accounts/([A-Za-z0-9_-]+)/secrets/)?([a-z0-9](?:[a-z0-9-]*[a-z0-9])?)", re.ASCII)
_KEY_NAME = re.compile(r"[A-Z][A-Z0-9_]*", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class ApiKey:
    """A key as the vendor keeps it: its value is known by a hash alone. `expires` None is never."""

    key_id: str
    user_id: str
    display_name: str
    created: datetime
    expires: datetime | None
    annotations: Mapping[str, str]
    fingerprint: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class StoredSecret:
    """A secret of the account. `name` is the full resource name."""

    name: str
    key_name: str
    value: str = field(repr=False)


class FireworksSimulator(Simulator):
    """One account and its keys.

    `api_key` is the credential that it accepts from the start, of `account_id` and `user_id`.
    `keys` are by key id, `secrets` by full name; `users` are the e-mail addresses by user id.
    """

    name: ClassVar[str] = "fireworks"

    def __init__(self, *, clock: Clock = system_clock, random: Random | None = None) -> None:
        """Start with one user, who holds one key."""
        super().__init__(clock=clock, random=random)
        self.account_id = "mock-account"
        self.user_id = "mock-user"
        self.api_key = "fw_TEST_not_a_key"
        self.users: dict[str, str] = {}
        self.keys: dict[str, ApiKey] = {}
        self.secrets: dict[str, StoredSecret] = {}
        self._by_fingerprint: dict[str, str] = {}
        self._keep(self.api_key, self.user_id, "default", None, {})

    def routes(self) -> tuple[Route, ...]:
        """Return the operations of the gateway that are simulated."""
        account = "/v1/accounts/{account_id}"
        return (
            Route(method="POST", path=f"{account}/users/{{user_id}}/apiKeys", answer=self._create_api_key),
            Route(method="POST", path=f"{account}/secrets", answer=self._create_secret),
        )

    def refuse(self, status: int, message: str = "", *, headers: Mapping[str, str] = NO_HEADERS) -> Reply:
        """Return a google.rpc.Status."""
        text = message or responses.get(status, "Unknown")
        return Reply.json(status, {"code": _CODES.get(status, _UNKNOWN), "message": text, "details": []}, headers)

    def env(self, base_url: str, folder: Path) -> dict[str, str]:
        """Return the variables of the vendor's own tools, and the user whose keys are made."""
        return {
            "FIREWORKS_API_KEY": self.api_key,
            "FIREWORKS_ACCOUNT_ID": self.account_id,
            "FIREWORKS_USER_ID": self.user_id,
            "FIREWORKS_BASE_URL": base_url,
        }

    def _create_api_key(self, request: Request, parts: Mapping[str, str]) -> Reply:
        self._authorise(request, parts["account_id"])
        wanted = self._document(request).get("apiKey")
        if not isinstance(wanted, dict):
            raise self._invalid("apiKey", "an object is required")
        display_name = self._text(wanted, "displayName")
        if display_name and not display_name.strip():
            raise self._invalid("apiKey.displayName", "nothing but blanks")
        expires = read_instant(wanted.get("expireTime"))
        if "expireTime" in wanted and expires is None:
            raise self._invalid("apiKey.expireTime", "not an RFC 3339 time with an offset")
        annotations = wanted.get("annotations", {})
        if not isinstance(annotations, dict) or not all(isinstance(value, str) for value in annotations.values()):
            raise self._invalid("apiKey.annotations", "not a map of strings")

        value = self.new_secret("fw_TEST_issued")
        key = self._keep(value, parts["user_id"], display_name or "default", expires, annotations)
        shown = {
            "keyId": key.key_id,
            "displayName": key.display_name,
            "key": value,
            "createTime": _timestamp(key.created),
            "secure": True,
            "email": self.users[key.user_id],
            "prefix": value[:6],
            "annotations": dict(key.annotations),
        }
        if expires is not None:
            shown["expireTime"] = _timestamp(expires)
        return Reply.json(200, shown)

    def _create_secret(self, request: Request, parts: Mapping[str, str]) -> Reply:
        account_id = parts["account_id"]
        self._authorise(request, account_id)
        wanted = self._document(request)
        texts = {name: self._text(wanted, name) for name in ("name", "keyName", "value")}
        for name, text in texts.items():
            if text is None:
                raise self._invalid(name, "a string is required")
        named = _SECRET_NAME.fullmatch(texts["name"] or "")
        if named is None or named[1] not in (None, account_id):
            raise self._invalid("name", f"not an id or accounts/{account_id}/secrets/ and an id")
        if _KEY_NAME.fullmatch(texts["keyName"] or "") is None:
            raise self._invalid("keyName", "not upper case letters, digits and underscores")

        full_name = f"accounts/{account_id}/secrets/{named[2]}"
        if full_name in self.secrets:
            raise RefusedError(self.refuse(409, f"{full_name} already exists"))
        secret = StoredSecret(name=full_name, key_name=texts["keyName"] or "", value=texts["value"] or "")
        self.secrets[full_name] = secret
        return Reply.json(200, {"name": secret.name, "keyName": secret.key_name})

    def _authorise(self, request: Request, account_id: str) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        key_id = self._by_fingerprint.get(fingerprint(token.strip()))
        if scheme.lower() != "bearer" or key_id is None:
            raise RefusedError(self.refuse(401, "invalid or missing API key"))
        expires = self.keys[key_id].expires
        if expires is not None and expires <= self.clock():
            raise RefusedError(self.refuse(401, "the API key has expired"))
        if account_id != self.account_id:
            raise RefusedError(self.refuse(403, "no access to this account"))
        self.throttle(self.account_id)

    def _document(self, request: Request) -> dict[str, object]:
        if request.media_type != "application/json":
            raise RefusedError(self.refuse(415, "the body must be application/json"))
        try:
            document = read_json(request.body)
        except ValueError as error:
            raise RefusedError(self.refuse(400, str(error))) from None
        if not isinstance(document, dict):
            raise RefusedError(self.refuse(400, "the body must be a JSON object"))
        return document

    def _text(self, fields: Mapping[str, object], name: str) -> str | None:
        if name not in fields:
            return None
        text = fields[name]
        if not isinstance(text, str):
            raise self._invalid(name, "not a string")
        return text

    def _invalid(self, place: str, fault: str) -> RefusedError:
        return RefusedError(self.refuse(400, f"{place}: {fault}"))

    def _keep(
        self, value: str, user_id: str, display_name: str, expires: datetime | None, annotations: Mapping[str, str]
    ) -> ApiKey:
        self.users.setdefault(user_id, f"{user_id}@mock.invalid")
        key = ApiKey(
            key_id=f"key_{self.random.getrandbits(64):016x}",
            user_id=user_id,
            display_name=display_name,
            created=self.clock(),
            expires=expires,
            annotations=annotations,
            fingerprint=fingerprint(value),
        )
        self.keys[key.key_id] = key
        self._by_fingerprint[key.fingerprint] = key.key_id
        return key


def _timestamp(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")
