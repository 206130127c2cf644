"""Every request field of the documents can be given, and every field of a reply is reachable from the outcome."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from issuant import (
    Connection,
    FireblocksAccount,
    FireblocksKeyRequest,
    FireworksAccount,
    FireworksKeyRequest,
    GalileoAccount,
    GalileoKeyRequest,
    IssuedKey,
    KeyRequest,
    PendingApproval,
    StoredSecret,
    connect,
)
from issuant.auth.fireblocks import make_key_pair
from issuant.errors import InvalidRequestError
from issuant.providers import Account, KeepsSecrets, find_provider, provider_names

from tests.contract import documents, exchanges, unlisted
from tests.contract.places import at, secret_places, without
from tests.issuant.providers.documents import PACKAGES, Operation, least, operations, sample, sent_fields
from tests.issuant.recording import Recorder, now

PROJECT = "6f1b2c3d-0000-4000-8000-000000000001"
VALUE = "galileo_TEST_mine_not_a_key"


def signing_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()


@pytest.fixture(scope="module")
def accounts() -> dict[str, Account]:
    return {
        "fireworks": FireworksAccount(api_key="fw_TEST_not_a_key"),
        "fireblocks": FireblocksAccount(api_key="fb_TEST_not_a_key", private_key=signing_key()),
        "galileo": GalileoAccount(api_key="galileo_TEST_not_a_key"),
        **{name: unlisted.account(name) for name in unlisted.unlisted(LISTED)},
    }


@pytest.fixture(scope="module")
def csr() -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("issuant.auth.fireblocks.KEY_BITS", 2048)
        return make_key_pair("k").csr_pem


def fullest(csr: str) -> dict[str, KeyRequest]:
    """Return for each provider a request in which every field is given."""
    month = timedelta(days=30)
    return {
        "fireworks": FireworksKeyRequest(
            name="k", expires_in=month, account_id="acc", user_id="usr", annotations={"team": "evals"}
        ),
        "fireblocks": FireblocksKeyRequest(
            name="k",
            role="SIGNER",
            co_signer_setup_type="SGX_MACHINE",
            co_signer_setup_is_first_user=False,
            csr_pem=csr,
            idempotency_key="idem-1",
        ),
        "galileo": GalileoKeyRequest(
            name="k", expires_in=month, project_id=PROJECT, project_role="editor", api_key=VALUE
        ),
        **{name: unlisted.fullest_request(name) for name in unlisted.unlisted(LISTED)},
    }


Act = Callable[[Connection, dict[str, KeyRequest]], Any]
ACTS: dict[str, tuple[str, Act]] = {
    "CreateApiKey": ("fireworks", lambda connection, full: connection.issue(full["fireworks"])),
    "CreateSecret": (
        "fireworks",
        lambda connection, _: connection.put_secret("my-id", key_name="MY_KEY", value=VALUE, account_id="acc"),
    ),
    "createApiUser": ("fireblocks", lambda connection, full: connection.issue(full["fireblocks"])),
    "create_api_key": ("galileo", lambda connection, full: connection.issue(full["galileo"])),
}
OPERATIONS: dict[str, Operation] = {name: item for package in PACKAGES for name, item in operations(package).items()}

LISTED = tuple(package.removeprefix("issuant_") for package in PACKAGES)
OTHERS = {item.test_id: item for item in documents.operations() if item.provider in unlisted.unlisted(LISTED)}


def _told(provider: str, method: str) -> Act:
    return lambda connection, requests: unlisted.acts(provider, requests.__getitem__)[method](connection, None)


ACTS |= {name: (item.provider, _told(item.provider, exchanges.method_of(item))) for name, item in OTHERS.items()}
OPERATIONS |= {name: operations(f"issuant_{item.provider}")[item.id] for name, item in OTHERS.items()}
each_operation = pytest.mark.parametrize("operation_id", ACTS)


def body_of(operation: Operation) -> dict[str, Any]:
    numbers = count(1)
    return {name: sample(name, schema, numbers) for name, schema in operation.reply_fields().items()}


def perform(
    operation_id: str, accounts: dict[str, Account], csr: str, body: dict[str, Any] | None = None
) -> tuple[Any, httpx.Request]:
    """Carry the operation out against a reply of every documented field, and return the outcome and what was sent."""
    provider, act = ACTS[operation_id]
    operation = OPERATIONS[operation_id]
    found = body_of(operation) if body is None else body
    headers = {"X-Request-ID": "req-1"}
    code = operation.success
    reply = httpx.Response(code, json=found, headers=headers) if found else httpx.Response(code, headers=headers)
    recorder = Recorder([reply])
    with connect(accounts[provider], transport=recorder, clock=now) as connection:
        outcome = act(connection, fullest(csr))
    assert len(recorder.requests) == 1
    return outcome, recorder.requests[0]


def test_every_operation_of_the_documents_is_tried_here() -> None:
    """And no other is."""
    assert set(ACTS) == set(OPERATIONS)


def test_the_requests_tried_here_leave_no_field_at_its_default(csr: str) -> None:
    """Of the two forms of an expiry one is enough."""
    for provider, request in fullest(csr).items():
        assert type(request) is find_provider(provider).request
        for field in dataclasses.fields(request):
            given = getattr(request, field.name)
            if field.name in ("expires_in", "expires_at"):
                continue
            assert given not in (None, "", {}), (provider, field.name)


@each_operation
def test_every_field_of_the_request_is_sent(operation_id: str, accounts: dict[str, Account], csr: str) -> None:
    """Body, path and headers of the document against what arrives, nothing missing and nothing more."""
    operation = OPERATIONS[operation_id]
    _, request = perform(operation_id, accounts, csr)
    assert request.method == operation.method
    assert sent_fields(json.loads(request.content), operation.request) == operation.request_fields()
    assert set(operation.parameters) <= {"path", "header"}
    assert all(name in request.headers for name in operation.parameters.get("header", ()))
    if operation_id in OTHERS:  # where it goes, method_of has compared
        return
    path = operation.path.format(account_id="acc", user_id="usr")
    assert request.url.path.removeprefix("/v1" if operation_id == "createApiUser" else "") == path
    for name in operation.parameters.get("header", ()):
        assert request.headers[name] == "idem-1"


@each_operation
def test_what_is_not_given_is_not_sent(operation_id: str, accounts: dict[str, Account], csr: str) -> None:
    """A request of the required fields alone has no null and no empty value in it."""
    provider, act = ACTS[operation_id]
    least = {
        "fireworks": FireworksKeyRequest(name="k", account_id="acc", user_id="usr"),
        "fireblocks": FireblocksKeyRequest(name="k", role="VIEWER", csr_pem=csr),
        "galileo": KeyRequest(name="k"),
        **{name: unlisted.least_request(name) for name in unlisted.unlisted(LISTED)},
    }
    operation = OPERATIONS[operation_id]
    recorder = Recorder([httpx.Response(200, json=body_of(operation)) if body_of(operation) else httpx.Response(200)])
    with connect(accounts[provider], transport=recorder, clock=now) as connection:
        act(connection, least)
    inner = json.loads(recorder.requests[0].content)
    required = operation.request["required"]
    assert set(inner) == set(required)
    if operation_id == "CreateApiKey":
        assert inner["apiKey"] == {"displayName": "k"}


@each_operation
def test_every_field_of_the_reply_is_reachable(operation_id: str, accounts: dict[str, Account], csr: str) -> None:
    """The secret ones as a Secret alone, all others in the vendor's words; the request id as an attribute."""
    operation = OPERATIONS[operation_id]
    body = body_of(operation)
    outcome, _ = perform(operation_id, accounts, csr, body)
    assert outcome.request_id == "req-1"
    secrets = secret_places(ACTS[operation_id][0], operation.reply)
    if isinstance(outcome, PendingApproval):
        assert body == {}
        assert operation.reply_headers == ("X-Request-ID",)
        return
    assert dict(outcome.fields) == without(body, secrets)
    if secrets:
        assert [outcome.secret.reveal()] == [at(body, place) for place in secrets]
    else:
        assert isinstance(outcome, StoredSecret)


@pytest.mark.parametrize("operation_id", [name for name in ACTS if OPERATIONS[name].reply_fields()])
def test_a_field_that_the_document_does_not_know_is_kept(
    operation_id: str, accounts: dict[str, Account], csr: str
) -> None:
    """A vendor may add one tomorrow."""
    body = body_of(OPERATIONS[operation_id])
    outcome, _ = perform(operation_id, accounts, csr, body | {"novel": [1]})
    assert outcome.fields["novel"] == [1]


@pytest.mark.parametrize(
    ("operation_id", "attributes"),
    [
        pytest.param(
            "CreateApiKey",
            {
                "id": "keyId",
                "name": "displayName",
                "expires_at": "expireTime",
                "created_at": "createTime",
                "last_used": "lastUsed",
                "owner": "email",
                "hint": "prefix",
                "annotations": "annotations",
            },
            id="fireworks",
        ),
        pytest.param(
            "create_api_key",
            {
                "id": "id",
                "name": "description",
                "expires_at": "expires_at",
                "created_at": "created_at",
                "last_used": "last_used",
                "owner": "created_by",
                "hint": "truncated",
            },
            id="galileo",
        ),
        pytest.param("CreateSecret", {"name": "name", "key_name": "keyName"}, id="fireworks-secret"),
    ],
)
def test_the_attributes_of_an_outcome_are_these_fields(
    operation_id: str, attributes: dict[str, str], accounts: dict[str, Account], csr: str
) -> None:
    """Times are aware datetimes, all else is as it was sent."""
    body = body_of(OPERATIONS[operation_id])
    outcome, _ = perform(operation_id, accounts, csr, body)
    for name, field in attributes.items():
        value = getattr(outcome, name)
        if isinstance(value, datetime):
            assert value.utcoffset() is not None
            assert value == datetime.fromisoformat(body[field])
        else:
            assert value == body[field]
    if isinstance(outcome, StoredSecret):
        assert outcome.id == outcome.name.rsplit("/", 1)[-1]


@each_operation
def test_a_reply_of_the_required_fields_alone_is_enough(
    operation_id: str, accounts: dict[str, Account], csr: str
) -> None:
    """What may be absent or null is None on the outcome; no expiry means never."""
    operation = OPERATIONS[operation_id]
    full = body_of(operation)
    body = least(operation.reply, full) if full else full
    outcome, _ = perform(operation_id, accounts, csr, body)
    if isinstance(outcome, IssuedKey):
        assert outcome.expires_at is None


@pytest.mark.parametrize("name", provider_names())
def test_every_field_that_a_request_class_adds_has_an_option(name: str) -> None:
    """And every option a field; no two of them share a flag."""
    provider = find_provider(name)
    own = {field.name for field in dataclasses.fields(provider.request)}
    common = {field.name for field in dataclasses.fields(KeyRequest)}
    assert {option.field for option in provider.options} == own - common
    flags = [option.flag for option in provider.options]
    assert len(set(flags)) == len(flags)
    assert all(flag.startswith("--") for flag in flags)


@pytest.mark.parametrize("name", provider_names())
def test_capabilities_say_what_the_adapter_does(
    name: str, accounts: dict[str, Account], csr: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of them is tried."""
    monkeypatch.setattr("issuant.auth.fireblocks.KEY_BITS", 2048)
    provider = find_provider(name)
    can = provider.capabilities
    operation_id = next(key for key, (owner, _) in ACTS.items() if owner == name)
    outcome, request = perform(operation_id, accounts, csr)
    assert can.issues_keys
    assert isinstance(outcome, PendingApproval if can.needs_approval else IssuedKey)
    assert ("Idempotency-Key" in request.headers) is can.idempotent_create
    assert (outcome.idempotency_key is not None) is can.idempotent_create

    given = {field.name: getattr(fullest(csr)[name], field.name) for field in dataclasses.fields(provider.request)}
    plain = given | {"expires_in": None, "expires_at": None}
    if can.sets_expiry:
        provider.request(**(plain | {"expires_in": timedelta(days=1)}))
    else:
        with pytest.raises(InvalidRequestError, match="cannot expire"):
            provider.request(**(plain | {"expires_in": timedelta(days=1)}))
    assert isinstance(provider.adapter(accounts[name], now), KeepsSecrets) is can.stores_secrets
    # What a caller may bring is a field of the request: a value of its own, or the request that a key pair signs.
    brings = {"a key pair": {"csr_pem"}, "the value, if it likes": {"api_key"}, "nothing": set[str]()}
    assert {"csr_pem", "api_key"} & set(given) == brings[can.caller_makes]
