"""Galileo, simulated. Owns its API keys and login tokens; refuses what its documents do not allow.

Facts
- The vendor's server is FastAPI: a refusal is {"detail": "text"}, one by its rules 422 with a list of places.
- Pydantic 2 echoes what was sent as `input`; for a missing field that is the whole object around it.
- A body of another media type is no object, so 422. With no media type at all it is read as JSON.
- Pydantic would take more forms of a time or a UUID; here they are RFC 3339 and hyphenated, as documented.
  The vendor's own example has a space where RFC 3339 has a T, so that is taken too.
- A caller-made value that exists already is refused with 409; that is not verified.
- The empty caller-made value counts as none; that is not verified.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http.client import responses
from pathlib import Path
from random import Random
from typing import ClassVar
from urllib.parse import parse_qs

from .base import Route, Simulator, fingerprint
from .clock import Clock, system_clock
from .messages import NO_HEADERS, RefusedError, Reply, Request
from .reading import is_uuid, read_instant, read_json

_ROLES = ("owner", "editor", "annotator", "viewer")
_ROLES_TEXT = "'owner', 'editor', 'annotator' or 'viewer'"


@dataclass(frozen=True, kw_only=True)
class ApiKey:
    """A key as the vendor keeps it: its value is known by a hash alone. `expires` None is never."""

    id: str
    description: str
    created: datetime
    expires: datetime | None
    project_id: str | None
    project_role: str | None
    truncated: str
    fingerprint: str = field(repr=False)


class GalileoSimulator(Simulator):
    """One user and the keys of that user.

    `api_key`, and `username` with `password`, are what it accepts from the start; `keys` are the issued ones by id.
    """

    name: ClassVar[str] = "galileo"

    def __init__(self, *, clock: Clock = system_clock, random: Random | None = None) -> None:
        """Start with one user and one key that is not listed."""
        super().__init__(clock=clock, random=random)
        self.api_key = "galileo_TEST_not_a_key"
        self.username = "mock-user@mock.invalid"
        self.password = "galileo_TEST_password_not_a_key"  # noqa: S105 - fake
        self.user_id = self.new_uuid()
        self.keys: dict[str, ApiKey] = {}
        self._accepted: dict[str, datetime | None] = {fingerprint(self.api_key): None}
        self._tokens: set[str] = set()

    def routes(self) -> tuple[Route, ...]:
        """Return the operations that are simulated; login is what the password scheme needs."""
        return (
            Route(method="POST", path="/v2/users/api_keys", answer=self._create_api_key),
            Route(method="POST", path="/login", answer=self._log_in),
        )

    def refuse(self, status: int, message: str = "", *, headers: Mapping[str, str] = NO_HEADERS) -> Reply:
        """Return FastAPI's error body."""
        fields = {**headers, "WWW-Authenticate": "Bearer"} if status == 401 else headers
        return Reply.json(status, {"detail": message or responses.get(status, "Unknown")}, fields)

    def env(self, base_url: str, folder: Path) -> dict[str, str]:
        """Return the variables of the vendor's own tools, which read either name of the address."""
        return {"GALILEO_API_KEY": self.api_key, "GALILEO_API_URL": base_url, "GALILEO_CONSOLE_URL": base_url}

    def _log_in(self, request: Request, parts: Mapping[str, str]) -> Reply:
        form: dict[str, list[str]] = {}
        if request.media_type == "application/x-www-form-urlencoded":
            form = parse_qs(request.body.decode("utf-8", "replace"), keep_blank_values=True)
        missing = [
            _problem("missing", name, "Field required", None) for name in ("username", "password") if name not in form
        ]
        if missing:
            raise self._unprocessable(missing)
        if not self._is_user(form["username"][-1], form["password"][-1]):
            raise RefusedError(self.refuse(401, "Invalid credentials"))
        token = self.new_secret("galileo_TEST_token")
        self._tokens.add(fingerprint(token))
        return Reply.json(200, {"access_token": token, "token_type": "bearer"})

    def _create_api_key(self, request: Request, parts: Mapping[str, str]) -> Reply:
        self._authenticate(request)
        wanted = self._document(request)
        problems = [problem for check in _CHECKS if (problem := check(wanted)) is not None]
        if problems:
            raise self._unprocessable(problems)

        given = wanted.get("api_key")
        if isinstance(given, str) and given:
            value = given
        else:
            value = self.new_secret("galileo_TEST_issued")
        if fingerprint(value) in self._accepted:
            raise RefusedError(self.refuse(409, "An API key with this value already exists"))
        key = self._keep(wanted, value)
        return Reply.json(
            200,
            {
                "id": key.id,
                "description": key.description,
                "expires_at": None if key.expires is None else key.expires.isoformat(),
                "created_at": key.created.isoformat(),
                "updated_at": key.created.isoformat(),
                "last_used": None,
                "project_id": key.project_id,
                "project_role": key.project_role,
                "created_by": self.user_id,
                "truncated": key.truncated,
                "api_key": value,
            },
        )

    def _keep(self, wanted: Mapping[str, object], value: str) -> ApiKey:
        project_id, project_role = wanted.get("project_id"), wanted.get("project_role")
        key = ApiKey(
            id=self.new_uuid(),
            description=str(wanted["description"]),
            created=self.clock(),
            expires=_instant(wanted.get("expires_at")),
            project_id=None if project_id is None else str(project_id).lower(),
            project_role=None if project_role is None else str(project_role),
            # A short value must not be shown whole.
            truncated=f"{value[: min(8, len(value) // 2)]}...",
            fingerprint=fingerprint(value),
        )
        self.keys[key.id] = key
        self._accepted[key.fingerprint] = key.expires
        return key

    def _authenticate(self, request: Request) -> None:
        value = request.headers.get("galileo-api-key", "")
        scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
        if value:  # FastAPI takes an empty header for none
            accepted = self._is_live(value)
        elif scheme.lower() == "bearer":
            accepted = fingerprint(credentials.strip()) in self._tokens
        elif scheme.lower() == "basic":
            accepted = self._is_user(*_basic(credentials.strip()))
        else:
            raise RefusedError(self.refuse(401, "Not authenticated"))
        if not accepted:
            raise RefusedError(self.refuse(401, "Invalid credentials"))
        self.throttle(self.user_id)

    def _is_live(self, value: str) -> bool:
        mark = fingerprint(value)
        if mark not in self._accepted:
            return False
        expires = self._accepted[mark]
        return expires is None or expires > self.clock()

    def _is_user(self, username: str, password: str) -> bool:
        return username == self.username and password == self.password

    def _document(self, request: Request) -> Mapping[str, object]:
        if request.media_type not in ("", "application/json"):
            raise self._unprocessable([_no_object(request.body.decode("utf-8", "replace"))])
        if not request.body:
            raise self._unprocessable([{"type": "missing", "loc": ["body"], "msg": "Field required", "input": None}])
        try:
            document = read_json(request.body)
        except ValueError as error:
            problem = {"type": "json_invalid", "loc": ["body", 0], "msg": "JSON decode error", "input": {}}
            raise self._unprocessable([{**problem, "ctx": {"error": str(error)}}]) from None
        if not isinstance(document, dict):
            raise self._unprocessable([_no_object(document)])
        return document

    def _unprocessable(self, problems: list[dict[str, object]]) -> RefusedError:
        return RefusedError(Reply.json(422, {"detail": problems}))


def _basic(credentials: str) -> tuple[str, str]:
    try:
        username, _, password = base64.b64decode(credentials, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return username, password


def _instant(value: object) -> datetime | None:
    return read_instant(value, separators="Tt ")


def _problem(kind: str, field_name: str, message: str, given: object) -> dict[str, object]:
    return {"type": kind, "loc": ["body", field_name], "msg": message, "input": given}


def _no_object(given: object) -> dict[str, object]:
    message = "Input should be a valid dictionary or object to extract fields from"
    return {"type": "model_attributes_type", "loc": ["body"], "msg": message, "input": given}


def _check_description(wanted: Mapping[str, object]) -> dict[str, object] | None:
    if "description" not in wanted:
        return _problem("missing", "description", "Field required", wanted)
    if not isinstance(wanted["description"], str):
        return _problem("string_type", "description", "Input should be a valid string", wanted["description"])
    return None


def _check_expires_at(wanted: Mapping[str, object]) -> dict[str, object] | None:
    given = wanted.get("expires_at")
    if given is None or _instant(given) is not None:
        return None
    if isinstance(given, str):
        return _problem("datetime_from_date_parsing", "expires_at", "Input should be a valid datetime", given)
    return _problem("datetime_type", "expires_at", "Input should be a valid datetime", given)


def _check_project_id(wanted: Mapping[str, object]) -> dict[str, object] | None:
    given = wanted.get("project_id")
    if given is None or is_uuid(given):
        return None
    kind = "uuid_parsing" if isinstance(given, str) else "uuid_type"
    return _problem(kind, "project_id", "Input should be a valid UUID", given)


def _check_project_role(wanted: Mapping[str, object]) -> dict[str, object] | None:
    given = wanted.get("project_role")
    if given is None or given in _ROLES:
        return None
    problem = _problem("enum", "project_role", f"Input should be {_ROLES_TEXT}", given)
    return {**problem, "ctx": {"expected": _ROLES_TEXT}}


def _check_api_key(wanted: Mapping[str, object]) -> dict[str, object] | None:
    given = wanted.get("api_key")
    if given is None or isinstance(given, str):
        return None
    return _problem("string_type", "api_key", "Input should be a valid string", given)


_CHECKS: tuple[Callable[[Mapping[str, object]], dict[str, object] | None], ...] = (
    _check_description,
    _check_expires_at,
    _check_project_id,
    _check_project_role,
    _check_api_key,
)
