"""The operations that make something at a vendor, each with a good reply, and how a test performs one, once.

All that a connection can be asked for besides is in `errands`.

Those of a provider that has none here are what its facade can be asked for, and what its simulator answers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any, ClassVar, Literal

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID
from issuant import (
    FireblocksAccount,
    FireblocksKeyRequest,
    FireworksAccount,
    GalileoAccount,
    GalileoKeyRequest,
    IssuantError,
    KeyRequest,
    Secret,
    Sink,
    connect,
    connect_async,
)
from issuant.auth import FireblocksAuth
from issuant.mocks.fireblocks_keys import mock_private_key, private_pem
from issuant.repeating import ONCE

from tests.contract import exchanges, unlisted
from tests.contract.places import Place, at

Mode = Literal["sync", "async"]
MODES: tuple[Mode, ...] = ("sync", "async")

BASE_URL = "https://mock.invalid"
NOW = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
REQUEST_ID = "req-01HZX"
IDEMPOTENCY_KEY = "idem-TEST-0001"

FIREWORKS_CREDENTIAL = "fw_TEST_credential_4Qz7_not_a_key"
FIREBLOCKS_CREDENTIAL = "fb-TEST-credential-8Wd2-not-a-key"
GALILEO_CREDENTIAL = "gal_TEST_credential_6Rt9_not_a_key"
PASSWORD = "gal_TEST_password_3Yb5_not_a_key"
ISSUED = "fw_TEST_issued_9Kp4_not_a_key"
GALILEO_ISSUED = "gal_TEST_issued_2Lm8_not_a_key"
OWN_VALUE = "gal_TEST_own_value_5Hn1_not_a_key"
PUT_VALUE = "TEST put 'secret' \\ 7Jx3 \"not\" a/key & äöü"

FIREWORKS_REPLY: dict[str, object] = {
    "keyId": "key_0123456789",
    "displayName": "nightly",
    "key": ISSUED,
    "createTime": "2030-01-02T03:04:05Z",
    "secure": True,
    "email": "mock-user@mock.invalid",
    "prefix": "fw_TEST",
    "expireTime": "2031-01-02T03:04:05Z",
    "annotations": {"team": "eval"},
    "lastUsed": "2030-01-02T03:04:05Z",
}
SECRET_REPLY: dict[str, object] = {"name": "accounts/mock-account/secrets/wolfram", "keyName": "WOLFRAM_KEY"}
GALILEO_REPLY: dict[str, object] = {
    "id": "6f1c2d3e-4a5b-4c6d-8e7f-0a1b2c3d4e5f",
    "description": "nightly",
    "expires_at": "2031-01-02T03:04:05+00:00",
    "created_at": "2030-01-02T03:04:05+00:00",
    "updated_at": "2030-01-02T03:04:05+00:00",
    "last_used": None,
    "project_id": "11112222-3333-4444-8555-666677778888",
    "project_role": "viewer",
    "created_by": "99990000-aaaa-4bbb-8ccc-ddddeeeeffff",
    "truncated": "gal_TEST...",
    "api_key": GALILEO_ISSUED,
}


@cache
def private_key_pem() -> str:
    """The private key that signs for Fireblocks: for no account, made once in a process."""
    return private_pem(mock_private_key())


@cache
def csr_pem() -> str:
    """A real certificate signing request, so that most rows need no key pair of their own."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "nightly")])
    request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(mock_private_key(), hashes.SHA256())
    return request.public_bytes(serialization.Encoding.PEM).decode()


@cache
def _parsed_auth() -> FireblocksAuth:
    return FireblocksAuth(FIREBLOCKS_CREDENTIAL, private_key_pem())


class ParsedAccount(FireblocksAccount):
    """A Fireblocks account whose key is parsed once for all tests: it takes longer than the rest of a row."""

    provider: ClassVar[str] = "fireblocks"

    def auth(self, base_url: str) -> httpx.Auth:
        return _parsed_auth()


def fireworks_account() -> FireworksAccount:
    return FireworksAccount(api_key=FIREWORKS_CREDENTIAL, account_id="mock-account", user_id="mock-user")


def fireblocks_account() -> FireblocksAccount:
    return ParsedAccount(api_key=FIREBLOCKS_CREDENTIAL, private_key=private_key_pem())


def galileo_account() -> GalileoAccount:
    return GalileoAccount(api_key=GALILEO_CREDENTIAL)


def galileo_login() -> GalileoAccount:
    return GalileoAccount(username="mock-user", password=PASSWORD, scheme="basic")


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One call of the facade.

    `reply` is what the vendor answers when all is well, None for an empty body.
    `id_place`, `value_place` and `name_place` are where its id, value and name stand, `time_place` where a time does.
    `secrets` makes the texts that must never show: the credential, what is sent and what is issued.
    """

    name: str
    account: Callable[[], Any]
    invoke: Callable[[Any, Sink | None], Any]
    reply: dict[str, object] | None = None
    id_place: Place = ()
    value_place: Place = ()
    name_place: Place = ()
    time_place: Place = ()
    secrets: Callable[[], tuple[str, ...]] = field(default=tuple)

    @property
    def provider(self) -> str:
        return self.name.split("-")[0]

    @property
    def method(self) -> str:
        """What the facade calls it."""
        return "put_secret" if "put" in self.name else "issue"

    @property
    def value(self) -> str:
        """The value that the good reply issues, empty where it issues none."""
        return str(at(self.reply, self.value_place) or "")

    @property
    def id(self) -> str:
        """The id that the good reply tells, as the facade does: in text."""
        return str(at(self.reply, self.id_place))


FIREWORKS_ISSUE = Operation(
    name="fireworks-issue",
    account=fireworks_account,
    invoke=lambda connection, sink: connection.issue(KeyRequest(name="nightly"), sink=sink),
    reply=FIREWORKS_REPLY,
    id_place=("keyId",),
    value_place=("key",),
    name_place=("displayName",),
    time_place=("createTime",),
    secrets=lambda: (FIREWORKS_CREDENTIAL, ISSUED),
)
FIREWORKS_PUT = Operation(
    name="fireworks-put-secret",
    account=fireworks_account,
    invoke=lambda connection, _: connection.put_secret(
        "wolfram", key_name="WOLFRAM_KEY", value=Secret(PUT_VALUE), replace=False
    ),
    reply=SECRET_REPLY,
    id_place=("name",),
    secrets=lambda: (FIREWORKS_CREDENTIAL, PUT_VALUE),
)
FIREBLOCKS_ISSUE = Operation(
    name="fireblocks-issue",
    account=fireblocks_account,
    invoke=lambda connection, sink: connection.issue(
        FireblocksKeyRequest(name="nightly", role="VIEWER", csr_pem=csr_pem(), idempotency_key=IDEMPOTENCY_KEY),
        sink=sink,
    ),
    secrets=lambda: (FIREBLOCKS_CREDENTIAL, private_key_pem()),
)
FIREBLOCKS_PAIR = Operation(
    name="fireblocks-issue-pair",
    account=fireblocks_account,
    invoke=lambda connection, sink: connection.issue(
        FireblocksKeyRequest(name="nightly", role="VIEWER", idempotency_key=IDEMPOTENCY_KEY), sink=sink
    ),
    secrets=lambda: (FIREBLOCKS_CREDENTIAL, private_key_pem()),
)
GALILEO_ISSUE = Operation(
    name="galileo-issue",
    account=galileo_account,
    invoke=lambda connection, sink: connection.issue(KeyRequest(name="nightly"), sink=sink),
    reply=GALILEO_REPLY,
    id_place=("id",),
    value_place=("api_key",),
    name_place=("description",),
    time_place=("created_at",),
    secrets=lambda: (GALILEO_CREDENTIAL, GALILEO_ISSUED),
)
GALILEO_OWN_VALUE = Operation(
    name="galileo-issue-own-value",
    account=galileo_login,
    invoke=lambda connection, sink: connection.issue(GalileoKeyRequest(name="nightly", api_key=OWN_VALUE), sink=sink),
    reply={**GALILEO_REPLY, "api_key": OWN_VALUE},
    id_place=("id",),
    value_place=("api_key",),
    name_place=("description",),
    time_place=("created_at",),
    secrets=lambda: (PASSWORD, OWN_VALUE),
)

LISTED = (FIREWORKS_ISSUE, FIREWORKS_PUT, FIREBLOCKS_ISSUE, GALILEO_ISSUE)


def _derived(name: str, method: str) -> Operation:
    seen, owner = exchanges.exchange(name, method), unlisted.account(name)
    sent = (unlisted.PUT_VALUE,) if method == "put_secret" else ()
    return Operation(
        name=f"{name}-{method.replace('_', '-')}",
        account=lambda: owner,
        invoke=unlisted.acts(name)[method],
        reply=seen.body,
        id_place=seen.place(seen.id),
        value_place=seen.place(seen.value) if seen.value else (),
        name_place=seen.place(seen.outcome.name),
        time_place=next(iter(exchanges.times(name, method)), ()),
        secrets=lambda: tuple(filter(None, (*(one.reveal() for one in owner.credentials), *sent, seen.value))),
    )


OPERATIONS = LISTED + tuple(
    _derived(name, method)
    for name in unlisted.unlisted(operation.provider for operation in LISTED)
    for method in unlisted.acts(name)
)
ISSUING = tuple(operation for operation in OPERATIONS if operation.value)


def perform(
    operation: Operation, mode: Mode, wire: httpx.MockTransport | None, *, base_url: str = BASE_URL, **given: Any
) -> Any:
    """Perform an operation and return its outcome, or the error of ours that it raised; others come through.

    It is sent once, whatever comes back: when a call is sent again is what the fault matrix tells.
    """
    sink = given.get("sink")
    options = {"base_url": base_url, "transport": wire, "timeout": given.get("timeout", 5.0), "retries": ONCE}
    try:
        if mode == "async":
            return asyncio.run(_perform_async(operation, sink, options))
        with connect(operation.account(), clock=lambda: NOW, **options) as connection:
            return operation.invoke(connection, sink)
    except IssuantError as error:
        return error


async def _perform_async(operation: Operation, sink: Sink | None, options: dict[str, Any]) -> Any:
    async with connect_async(operation.account(), clock=lambda: NOW, **options) as connection:
        return await operation.invoke(connection, sink)
