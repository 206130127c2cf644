"""Fireblocks, simulated. Owns the creation of API users with its signature, roles, approval and idempotency.

Facts
- A created user is a request for approval: 200 with no body and no media type. Nothing secret ever comes back.
- X-Request-ID is on every reply, on refusals too.
- 403, 404 and 5xx are {"error": {"type", "message"}}; 400, 401 and the rest are {"message", "code"}.
  The code of a refusal that is no 401 is not documented; here it is the status.
- Idempotency-Key has 1 to 40 characters and holds for 24 hours; the stored reply is sent again, whatever the body says.
  After an internal error the same key gives 400. Only what took effect is stored: a refusal is not.
- The body of another media type is not read, so that its fields are missing: 400.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import responses
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, ClassVar

from .base import Route, Simulator
from .clock import Clock, system_clock
from .fireblocks_keys import csr_public_key, is_signed_by, mock_private_key, private_pem, require_cryptography
from .fireblocks_token import (
    LEEWAY_SECONDS,
    LIFE_SECONDS,
    NOT_ACCEPTED,
    TokenError,
    check_claims,
    read_subject,
    read_token,
)
from .fireblocks_users import CO_SIGNERS, CREATOR_ROLES, ROLES, SIGNING_ROLES, ApiUser, Approval, Approvals
from .messages import NO_HEADERS, Headers, RefusedError, Reply, Request
from .reading import read_json

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

_REMEMBERED = timedelta(hours=24)
_KEY_LENGTH = 40
_NAME_LENGTH = 30
_ERROR_TYPES = {403: "FORBIDDEN", 404: "NOT_FOUND"}
_BURNT = "This operation doesn't support the usage of the same idempotency key after an internal error"


@dataclass(frozen=True, kw_only=True)
class _Outcome:
    """What an idempotency key stands for: the stored reply, or None after an internal error."""

    reply: Reply | None
    until: datetime


class FireblocksSimulator(Simulator):
    """One workspace, its API users and their approvals.

    `api_key` and `private_key_pem` are an admin's; `users` are by id, which is the API key.
    `approvals` are by request id, and are approved or rejected there as an owner would in the console.
    """

    name: ClassVar[str] = "fireblocks"
    base_path: ClassVar[str] = "/v1"

    def __init__(self, *, clock: Clock = system_clock, random: Random | None = None) -> None:
        """Start with one admin. Raises ImportError when cryptography is missing."""
        require_cryptography()
        super().__init__(clock=clock, random=random)
        self.users: dict[str, ApiUser] = {}
        self.approvals = Approvals(clock=clock, lock=self.lock, create=self._approved)
        self._nonces: OrderedDict[tuple[str, str], float] = OrderedDict()
        self._outcomes: dict[tuple[str, str], _Outcome] = {}
        self.api_key = self.add_user(role="ADMIN").id
        self.private_key_pem = private_pem(mock_private_key())

    def routes(self) -> tuple[Route, ...]:
        """Return the operations that are simulated."""
        return (Route(method="POST", path=f"{self.base_path}/management/api_users", answer=self._create_api_user),)

    def refuse(self, status: int, message: str = "", *, headers: Mapping[str, str] = NO_HEADERS) -> Reply:
        """Return one of the vendor's two error bodies, with a request id."""
        if status == 401:
            return self._refuse_token(TokenError(-7, NOT_ACCEPTED))
        text = message or responses.get(status, "Unknown")
        kind = "INTERNAL" if status >= 500 else _ERROR_TYPES.get(status)
        fields = {**headers, "X-Request-ID": self.new_uuid()}
        if kind is None:
            return Reply.json(status, {"message": text, "code": status}, fields)
        return Reply.json(status, {"error": {"type": kind, "message": text}}, fields)

    def env(self, base_url: str, folder: Path) -> dict[str, str]:
        """Return the variables of the vendor's own SDK; the private key is written to a file below `folder`."""
        path = folder / "fireblocks_secret.key"
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            # The mode above is only for a file that is new.
            path.chmod(0o600)
            file.write(self.private_key_pem)
        return {
            "FIREBLOCKS_API_KEY": self.api_key,
            "FIREBLOCKS_SECRET_KEY": str(path),
            "FIREBLOCKS_BASE_PATH": base_url,
        }

    def add_user(self, *, role: str, name: str = "mock-user", public_key: RSAPublicKey | None = None) -> ApiUser:
        """Add an API user by hand, as the console would. Without a key, the user signs with `private_key_pem`.

        Raises ValueError for an unknown role.
        """
        if role not in ROLES:
            raise ValueError(f"no role {role!r}; there are {', '.join(ROLES)}")
        with self.lock:
            user = ApiUser(
                id=self.new_uuid(),
                name=name,
                role=role,
                status="PENDING_ACTIVATION" if role in SIGNING_ROLES else "READY",
                public_key=public_key or mock_private_key().public_key(),
            )
            self.users[user.id] = user
            return user

    def internal_error(self, request: Request) -> None:
        """Burn the idempotency key of a request that gets a 5xx."""
        key = request.headers.get("idempotency-key")
        if key is not None:
            self._remember((request.headers.get("x-api-key", ""), key), None)

    def _create_api_user(self, request: Request, parts: Mapping[str, str]) -> Reply:
        caller = self._authenticate(request)
        self.throttle(f"{caller.id} {request.path}")
        if caller.role not in CREATOR_ROLES:
            raise RefusedError(self.refuse(403, f"The role {caller.role} may not create API users"))
        key = request.headers.get("idempotency-key")
        if key is not None and not 1 <= len(key) <= _KEY_LENGTH:
            raise self._invalid(f"Idempotency-Key must have 1 to {_KEY_LENGTH} characters")
        wanted = self._document(request)
        public_key = self._check(wanted)
        earlier = None if key is None else self._outcomes.get((caller.id, key))
        if earlier is not None and self.clock() < earlier.until:
            return self._invalid(_BURNT).reply if earlier.reply is None else earlier.reply

        request_id = self.new_uuid()
        setup = wanted.get("coSignerSetupType")
        self.approvals.ask(
            request_id=request_id,
            public_key=public_key,
            name=str(wanted["name"]),
            role=str(wanted["role"]),
            setup=None if setup is None else str(setup),
            first=bool(wanted.get("coSignerSetupIsFirstUser", False)),
        )
        reply = Reply(status=200, headers=Headers([("X-Request-ID", request_id)]))
        if key is not None:
            self._remember((caller.id, key), reply)
        return reply

    def _authenticate(self, request: Request) -> ApiUser:
        now = self.clock().timestamp()
        try:
            token = read_token(request)
            user = self.users.get(read_subject(token, request))
            if user is None:
                raise TokenError(-7, NOT_ACCEPTED)
            if not is_signed_by(user.public_key, token.signature, token.signed):
                raise TokenError(-1, "invalid signature")
            self._use_nonce((user.id, check_claims(token, request, now)), now)
        except TokenError as error:
            raise RefusedError(self._refuse_token(error)) from None
        return user

    def _use_nonce(self, nonce: tuple[str, str], now: float) -> None:
        while self._nonces and next(iter(self._nonces.values())) <= now:
            self._nonces.popitem(last=False)
        if nonce in self._nonces:
            raise TokenError(-7, NOT_ACCEPTED)
        # No accepted token lives longer than this, so a nonce need not be remembered longer either.
        self._nonces[nonce] = now + LIFE_SECONDS + LEEWAY_SECONDS

    def _refuse_token(self, error: TokenError) -> Reply:
        fields = {"X-Request-ID": self.new_uuid()}
        return Reply.json(401, {"message": error.message, "code": error.code}, fields)

    def _document(self, request: Request) -> Mapping[str, object]:
        if request.media_type != "application/json":
            raise self._invalid("role, name and csrPem are required as application/json")
        try:
            document = read_json(request.body)
        except ValueError as error:
            raise self._invalid(str(error)) from None
        if not isinstance(document, dict):
            raise self._invalid("The body must be a JSON object")
        return document

    def _check(self, wanted: Mapping[str, object]) -> RSAPublicKey:
        role, name, csr = wanted.get("role"), wanted.get("name"), wanted.get("csrPem")
        if role not in ROLES:
            raise self._invalid(f"role must be one of {', '.join(ROLES)}")
        if not isinstance(name, str) or not 1 <= len(name) <= _NAME_LENGTH:
            raise self._invalid(f"name must be a string of 1 to {_NAME_LENGTH} characters")
        if "coSignerSetupType" in wanted and wanted["coSignerSetupType"] not in CO_SIGNERS:
            raise self._invalid(f"coSignerSetupType must be one of {', '.join(CO_SIGNERS)}")
        if role in SIGNING_ROLES and "coSignerSetupType" not in wanted:
            raise self._invalid(f"coSignerSetupType is required for the role {role}")
        if not isinstance(wanted.get("coSignerSetupIsFirstUser", False), bool):
            raise self._invalid("coSignerSetupIsFirstUser must be a boolean")
        if not isinstance(csr, str):
            raise self._invalid("csrPem must be a string")
        try:
            return csr_public_key(csr)
        except ValueError as error:
            raise self._invalid(f"csrPem: {error}") from None

    def _invalid(self, message: str) -> RefusedError:
        return RefusedError(self.refuse(400, message))

    def _remember(self, key: tuple[str, str], reply: Reply | None) -> None:
        self._outcomes[key] = _Outcome(reply=reply, until=self.clock() + _REMEMBERED)

    def _approved(self, approval: Approval) -> ApiUser:
        return self.add_user(role=approval.role, name=approval.name, public_key=approval.public_key)
