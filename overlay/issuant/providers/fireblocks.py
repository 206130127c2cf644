"""Fireblocks: API users. A request for one ends in an approval by people, and the key pair is the caller's.

Facts
- POST /management/api_users answers 200 with no body: an approval request has been sent. There is no id and no key
  in it; X-Request-ID is all that it tells. A 200 with a body is nothing that anybody knows, and no success.
- The id of the API user, once approved, is its API key; the private key signs. Nothing secret ever comes back.
- Idempotency-Key: at most 40 characters, good for 24 hours, replays the stored reply.
  After an internal error the same key gives 400: look at the list first, then use a new one.
- Errors come in two shapes, {error: {type, message}} and {message, code}; some 401s call themselves
  application/octet-stream. What a reply calls itself is not looked at.
- Roles that sign need a co-signer set-up. Which roles these are is unverified beyond "management/signer role".
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

import httpx
from issuant_fireblocks import models
from issuant_fireblocks.api.api_user import create_api_user
from issuant_fireblocks.models import CreateAPIUserCoSignerSetupType, CreateAPIUserRole
from issuant_fireblocks.servers import SERVERS
from issuant_fireblocks.types import UNSET

from issuant.auth.header import credential
from issuant.clock import Clock
from issuant.custody import Outcome, check, store_first
from issuant.errors import (
    CredentialError,
    Effect,
    FieldProblem,
    IssuantError,
    OutcomeUnknownError,
    UnusableReplyError,
)
from issuant.flow import Call, Flow, exchange, offload
from issuant.keys import Capabilities, KeyRequest, PendingApproval, Sink, VendorFields, invalid
from issuant.providers import Option, Provider, base_url_variable, specific, variable
from issuant.replies import LOOK_FIRST, Reply, refusal
from issuant.secret import Secret

NAME = "fireblocks"

_NOTHING = Secret("")

ROLES = tuple(role.value for role in CreateAPIUserRole)
CO_SIGNER_SETUPS = tuple(setup.value for setup in CreateAPIUserCoSignerSetupType)
SIGNING_ROLES = frozenset({"OWNER", "ADMIN", "SIGNER", "COLLATERALS_SIGNER", "NCW_ADMIN", "NCW_SIGNER"})

LONGEST_NAME = 30
_IDEMPOTENCY_KEY = re.compile(r"[!-~]{1,40}\Z")


@dataclass(frozen=True, init=False)
class FireblocksAccount:
    """A Fireblocks API user: its API key, and its RSA private key as unencrypted PEM.

    `token_lifetime` (None: its default) and `backdate` are those of `issuant.auth.FireblocksAuth`.
    Raises CredentialError, naming the argument, for one that is missing or malformed.
    """

    provider: ClassVar[str] = NAME
    # Defaults, so that one that refuses its arguments half made can still be printed by a traceback.
    api_key: Secret = _NOTHING
    private_key: Secret = _NOTHING
    token_lifetime: timedelta | None = None
    backdate: timedelta = timedelta()

    def __init__(
        self,
        *,
        api_key: Secret | str,
        private_key: Secret | str,
        token_lifetime: timedelta | None = None,
        backdate: timedelta = timedelta(),
    ) -> None:
        api_key, private_key = Secret.wrap(api_key), Secret.wrap(private_key)
        api_key = credential(api_key, field="api_key")
        object.__setattr__(self, "api_key", api_key)
        object.__setattr__(self, "private_key", private_key)
        object.__setattr__(self, "token_lifetime", token_lifetime)
        object.__setattr__(self, "backdate", backdate)

    @property
    def credentials(self) -> tuple[Secret, ...]:
        return self.api_key, self.private_key

    def auth(self, base_url: str) -> httpx.Auth:
        from issuant.auth.fireblocks import LIFETIME, FireblocksAuth

        lifetime = LIFETIME if self.token_lifetime is None else self.token_lifetime
        return FireblocksAuth(self.api_key, self.private_key, lifetime=lifetime, backdate=self.backdate)


@dataclass(frozen=True, kw_only=True)
class FireblocksKeyRequest(KeyRequest):
    """A Fireblocks API user to be asked for. Its name has at most 30 characters, and it cannot expire.

    Attributes:
        role: one of ROLES, such as VIEWER.
        co_signer_setup_type: one of CO_SIGNER_SETUPS; required for SIGNING_ROLES.
        co_signer_setup_is_first_user: whether this is the first user on the co-signer machine.
        csr_pem: a certificate signing request of your own; without one, a key pair is made here.
        idempotency_key: 1 to 40 characters; without one, one is made.
    """

    role: str = ""
    co_signer_setup_type: str | None = None
    co_signer_setup_is_first_user: bool | None = None
    csr_pem: str | None = field(default=None, repr=False)
    idempotency_key: str | None = None

    def __post_init__(self) -> None:
        KeyRequest.__post_init__(self)
        if len(self.name) > LONGEST_NAME:
            raise invalid("name", f"it has more than {LONGEST_NAME} characters", "Give a shorter one.")
        if self.expires_in is not None or self.expires_at is not None:
            given = "expires_in" if self.expires_in is not None else "expires_at"
            raise invalid(given, "a Fireblocks API user cannot expire", "Leave the expiry out.")
        if self.role not in ROLES:
            raise invalid("role", "it is missing or unknown", f"Give one of {', '.join(ROLES)}.")
        setups = ", ".join(CO_SIGNER_SETUPS)
        if self.co_signer_setup_type is None and self.role in SIGNING_ROLES:
            raise invalid("co_signer_setup_type", f"the role {self.role} signs and needs it", f"Give one of {setups}.")
        if self.co_signer_setup_type is not None and self.co_signer_setup_type not in CO_SIGNER_SETUPS:
            raise invalid("co_signer_setup_type", "it is unknown", f"Give one of {setups}.")
        if not isinstance(self.co_signer_setup_is_first_user, bool | None):
            raise invalid("co_signer_setup_is_first_user", "it is neither true nor false", "Give one of the two.")
        if self.csr_pem is not None:
            _check_csr(self.csr_pem)
        key = self.idempotency_key
        if key is not None and not (isinstance(key, str) and _IDEMPOTENCY_KEY.match(key)):
            raise invalid("idempotency_key", "it is not 1 to 40 ASCII characters without blanks", "Give a UUID.")


class FireblocksAdapter:
    """Translates for Fireblocks."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def issue(self, request: KeyRequest, sink: Sink | None) -> Flow[Outcome]:
        """Ask for an API user. A private key made here is in the sink, on disk, before anything is sent."""
        asked = specific(request, FireblocksKeyRequest, provider=NAME)
        made: Secret | None = None
        if asked.csr_pem is None:
            from issuant.auth.fireblocks import make_key_pair

            # A request may be refused, and must not have written over a key that is in use.
            found = None if sink is None else (yield from check(sink, vacant=True))
            pair = yield from offload(lambda: make_key_pair(asked.name))
            made, csr_pem = pair.private_key, pair.csr_pem
            if sink is not None:
                yield from store_first(sink, made, found)
        elif sink is None:
            csr_pem = asked.csr_pem
        else:
            raise invalid("sink", "with a request of your own there is no value to store", "Leave the sink out.")
        kept = made if sink is None else None
        stored_in = sink.description if sink is not None else None
        idempotency_key = asked.idempotency_key or str(uuid.uuid4())
        try:
            reply = yield from exchange(_call(asked, csr_pem, idempotency_key, made))
            _accepted(reply, self._clock)
        except IssuantError as error:
            error.private_key = kept
            error.idempotency_key = idempotency_key
            error.csr_pem = csr_pem
            error.stored_in = stored_in
            error.advice = _advice(error)
            raise
        return PendingApproval(
            provider=NAME,
            name=asked.name,
            request_id=reply.request_id,
            idempotency_key=idempotency_key,
            private_key=kept,
            csr_pem=csr_pem,
            stored_in=stored_in,
        )


def _advice(error: IssuantError) -> str:
    if isinstance(error, OutcomeUnknownError) and error.status is None:
        return (
            "Within 24 hours, repeat it with the same idempotency key and the same certificate request: "
            "if it took effect, the stored reply comes again and nothing is made twice."
        )
    if isinstance(error, OutcomeUnknownError):
        return "Look at the console's API users and pending approvals; if it is in neither, use a new idempotency key."
    if error.effect is Effect.NONE and error.stored_in is not None:
        return (
            f"{error.advice} The private key in {error.stored_in} is of no use now: take it out before you try again."
        )
    return error.advice


def _check_csr(csr_pem: str) -> None:
    from issuant.auth.fireblocks import csr_fault

    fault = csr_fault(csr_pem) if isinstance(csr_pem, str) else "is not a text"
    if fault is not None:
        raise invalid("csr_pem", f"it {fault}", "Make one with: openssl req -new -newkey rsa:4096 …")


def _call(asked: FireblocksKeyRequest, csr_pem: str, idempotency_key: str, made: Secret | None) -> Call:
    setup, first = asked.co_signer_setup_type, asked.co_signer_setup_is_first_user
    body = models.CreateAPIUser(
        role=CreateAPIUserRole(asked.role),
        name=asked.name,
        csr_pem=csr_pem,
        co_signer_setup_type=UNSET if setup is None else CreateAPIUserCoSignerSetupType(setup),
        co_signer_setup_is_first_user=UNSET if first is None else first,
    )
    return Call(
        operation="issue",
        arguments=create_api_user._get_kwargs(body=body, idempotency_key=idempotency_key),
        secrets=() if made is None else (made,),
    )


def _accepted(reply: Reply, clock: Clock) -> None:
    if not reply.succeeded:
        raise refusal(reply, clock(), _explain)
    if not reply.is_empty:
        raise UnusableReplyError(
            "the reply has a body, where an empty one means that approval was asked for.",
            advice=LOOK_FIRST,
            provider=reply.provider,
            operation=reply.operation,
            status=reply.status,
            request_id=reply.request_id,
            effect=Effect.UNKNOWN,
        )


def _explain(reply: Reply) -> tuple[str, str | None, tuple[FieldProblem, ...]]:
    found = reply.fields() or VendorFields({})
    inner = found.get("error")
    if isinstance(inner, dict):
        return reply.redactor.text(inner.get("message")), reply.redactor.code(inner.get("type")), ()
    return reply.redactor.text(found.get("message")), reply.redactor.code(found.get("code")), ()


def _account(env: Mapping[str, str]) -> FireblocksAccount:
    key = credential(
        variable(env, "FIREBLOCKS_API_KEY", provider=NAME, holds="the id of the API user"), field="FIREBLOCKS_API_KEY"
    )
    return FireblocksAccount(api_key=key, private_key=_private_key(env))


def _private_key(env: Mapping[str, str]) -> Secret:
    given = Secret(variable(env, "FIREBLOCKS_SECRET_KEY", provider=NAME, holds="the private key in PEM, or its path"))
    if "-----BEGIN" in given.reveal():
        return Secret(given.reveal().replace("\\n", "\n"))  # one line in an env file, with its breaks written out
    try:
        return Secret(Path(given.reveal()).expanduser().read_text(encoding="ascii"))
    except (OSError, ValueError, RuntimeError):
        pass
    raise CredentialError(
        "FIREBLOCKS_SECRET_KEY is neither a private key in PEM nor the path of a file that can be read.",
        advice="Set it to one of the two.",
        field="FIREBLOCKS_SECRET_KEY",
        provider=NAME,
    )


PROVIDER = Provider(
    name=NAME,
    title="Fireblocks",
    servers=SERVERS,
    capabilities=Capabilities(
        issues_keys=True,
        stores_secrets=False,
        sets_expiry=False,
        needs_approval=True,
        caller_makes="a key pair",
        idempotent_create=True,
        note="An owner or admins approve each API user; only a person can delete one, in the console.",
    ),
    request=FireblocksKeyRequest,
    options=(
        Option(field="role", flag="--role", help="The role of the API user.", kind="choice", choices=ROLES),
        Option(
            field="co_signer_setup_type",
            flag="--co-signer",
            help="The co-signer's set-up; required for roles that sign.",
            kind="choice",
            choices=CO_SIGNER_SETUPS,
        ),
        Option(
            field="co_signer_setup_is_first_user",
            flag="--first-user/--no-first-user",
            help="This is the first user on the co-signer machine.",
            kind="flag",
        ),
        Option(
            field="csr_pem",
            flag="--csr",
            help="A file with a certificate signing request of your own; then there is no value to store or show.",
            kind="file",
            leaves_no_value=True,
        ),
        Option(field="idempotency_key", flag="--idempotency-key", help="At most 40 characters; made if left out."),
    ),
    variables={
        "FIREBLOCKS_API_KEY": "the id of the API user",
        "FIREBLOCKS_SECRET_KEY": "its private key in PEM, or the path of it",
        "FIREBLOCKS_BASE_PATH": "another base URL, /v1 included (optional)",
    },
    account=_account,
    base_url=lambda env: base_url_variable(env, "FIREBLOCKS_BASE_PATH"),
    adapter=lambda _, clock: FireblocksAdapter(clock),
)
