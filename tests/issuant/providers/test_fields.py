"""Every request field of the documents can be given, and every field of a reply is reachable from the outcome."""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import httpx
import pytest
from issuant import IssuedKey, KeyRequest, PendingApproval, connect
from issuant.errors import InvalidRequestError
from issuant.inventory import Approval, PairingToken, Removed, WhitelistedIps
from issuant.providers import find_provider, provider_names

from tests.contract import documents
from tests.contract.acts import Listed
from tests.contract.answers import Answering, base_url
from tests.contract.exchanges import ONCE, method_of
from tests.contract.fullest import ASKING, IDEMPOTENCY_KEY, KEY, accounts, fullest
from tests.contract.places import at, secret_places, without
from tests.issuant.providers.documents import ATTRIBUTES, Operation, least, operations, sample, sent_fields
from tests.issuant.recording import now

FOUND = {item.test_id: item for item in documents.asked()}
OPERATIONS: dict[str, Operation] = {
    f"{name}-{operation_id}": operation
    for name in documents.provider_names()
    for operation_id, operation in operations(f"issuant_{name}").items()
}
ACCOUNTS = accounts()
MADE_UP = {
    "requestPayload": json.dumps({"requestId": KEY, "requestTimestamp": 1893456000000}),
    "name": "my-id",
    "totalSize": 1,
    "next_starting_token": 1,
}
"""Values that have a form of their own, which no document describes, or that tell of the one item of a list."""
OVERLAPS = {"galileo"}
"""Who is asked for the last item of a page once more."""

PAGE_TOKENS = {"starting_token", "pageToken", "pageCursor"}
each_operation = pytest.mark.parametrize("test_id", ASKING)


def body_of(operation: Operation) -> dict[str, Any]:
    """Return a reply of every documented field."""
    numbers = count(1)
    return {name: _made_up(name, sample(name, schema, numbers)) for name, schema in operation.reply_fields().items()}


def _made_up(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _made_up(key, inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_made_up(name, item) for item in value]
    return MADE_UP.get(name, value)


def perform(test_id: str, body: dict[str, Any] | None = None, *, is_least: bool = False) -> tuple[Any, Any]:
    """Have an operation answered with every documented field, and return the outcome and the requests that were sent.

    Of a list, that is the first of two pages.
    """
    operation, asking = OPERATIONS[test_id], ASKING[test_id]
    found = body_of(operation) if body is None else body
    content = json.dumps(found).encode() if operation.reply else b""
    replies = [httpx.Response(operation.success, content=content, headers={"X-Request-ID": "req-1"})]
    if operation.items is not None:
        field = _list_of(body_of(operation))
        replies.append(
            httpx.Response(operation.success, json={field: found.get(field, []) if asking.provider in OVERLAPS else []})
        )
    way = Answering(FOUND[test_id], method_of(FOUND[test_id]), replies)
    account, url = ACCOUNTS[asking.provider], base_url(asking.provider)
    with connect(account, base_url=url, transport=way, clock=now, retries=ONCE) as connection:
        outcome = (asking.least if is_least else asking.full)(connection)
    return outcome, way.requests


def _list_of(body: dict[str, Any]) -> str:
    return next(name for name, value in body.items() if isinstance(value, list))


def _described(test_id: str, body: dict[str, Any], outcome: Any) -> tuple[Any, dict[str, Any], Any]:
    """Return what describes the outcome: itself or the item listed, what it was made of, and the schema of that."""
    operation = OPERATIONS[test_id]
    if isinstance(outcome, Listed):
        assert outcome.problems == ()
        (item,) = outcome.items
        return item, body[_list_of(body)][0], operation.items
    return outcome, body, operation.reply


def test_every_operation_of_the_documents_is_tried_here() -> None:
    """And no other is."""
    assert set(ASKING) == set(OPERATIONS) == set(FOUND)


def test_the_requests_tried_here_leave_no_field_at_its_default() -> None:
    """Of the two forms of an expiry one is enough."""
    for provider, request in fullest().items():
        assert type(request) is find_provider(provider).request
        for field in dataclasses.fields(request):
            given = getattr(request, field.name)
            if field.name in ("expires_in", "expires_at"):
                continue
            assert given not in (None, "", {}), (provider, field.name)


@each_operation
def test_every_field_of_the_request_is_sent(test_id: str) -> None:
    """Body, path, query and headers of the document against what arrives, nothing missing and nothing more.

    What is not sent on purpose is named where the operation is asked for.
    """
    operation, asking = OPERATIONS[test_id], ASKING[test_id]
    _, requests = perform(test_id)
    for request in requests:
        assert request.method == operation.method
        content = json.loads(request.content) if request.content else {}
        assert sent_fields(content, operation.request) == operation.request_fields()
    assert set(operation.parameters) <= {"path", "query", "header"}
    sent = {name for request in requests for name in request.url.params}
    assert sent <= set(operation.parameters.get("query", ()))
    if asking.path is None:  # where it goes, method_of has compared; what is kept back, nobody has written down
        return
    path = operation.path.format(**asking.path)
    assert {request.url.path for request in requests} == {httpx.URL(base_url(asking.provider) + path).path}
    assert len(requests) == (2 if _is_paged(operation) else 1)
    assert sent == set(operation.parameters.get("query", ())) - asking.kept_back
    for name in operation.parameters.get("header", ()):
        assert requests[0].headers[name] == IDEMPOTENCY_KEY


def _is_paged(operation: Operation) -> bool:
    return bool(PAGE_TOKENS & set(operation.parameters.get("query", ())))


@each_operation
def test_what_is_not_given_is_not_sent(test_id: str) -> None:
    """A request of the required fields alone has no null and no empty value in it, and no token of a page."""
    operation = OPERATIONS[test_id]
    _, requests = perform(test_id, is_least=True)
    if operation.request:
        inner = json.loads(requests[0].content)
        assert set(inner) >= set(operation.request["required"])
        assert set(inner) - set(operation.request["required"]) <= NEVER_LEFT_OUT.get(test_id, set())
    else:
        assert requests[0].content == b""
    if test_id == "fireworks-CreateApiKey":
        assert inner["apiKey"] == {"displayName": "k"}
    assert all(value for _, value in requests[0].url.params.multi_items())
    assert not set(requests[0].url.params) & (PAGE_TOKENS - {"starting_token"})  # whose default is sent


NEVER_LEFT_OUT = {"fireworks-UpdateSecret": {"value"}}
"""What a document lets one leave out, and nobody does who replaces a value."""


@each_operation
def test_every_field_of_the_reply_is_reachable(test_id: str) -> None:
    """The secret ones as a Secret alone, all others in the vendor's words; the request id as an attribute."""
    operation = OPERATIONS[test_id]
    body = body_of(operation)
    outcome, _ = perform(test_id, body)
    found, fields, schema = _described(test_id, body, outcome)
    if not isinstance(found, Approval):  # its request id is that of the approval
        assert found.request_id == "req-1"
    match found:
        case PendingApproval():
            assert (body, operation.reply_headers) == ({}, ("X-Request-ID",))
        case Removed():
            assert set(operation.reply_fields()) <= {"message"}
        case WhitelistedIps():
            assert {"userId": found.user_id, "whitelistedIps": list(found.addresses)} == body
        case _:
            secrets = secret_places(ASKING[test_id].provider, schema)
            assert dict(found.fields) == without(fields, secrets)
            assert bool(secrets) is isinstance(found, IssuedKey | PairingToken)
            if secrets:
                assert [found.secret.reveal()] == [at(fields, place) for place in secrets]


@pytest.mark.parametrize("test_id", [name for name in ASKING if OPERATIONS[name].reply_fields()])
def test_a_field_that_the_document_does_not_know_is_kept(test_id: str) -> None:
    """A vendor may add one tomorrow. Of what is gone, and of a list of addresses, nothing is kept but what is known."""
    body = body_of(OPERATIONS[test_id])
    if OPERATIONS[test_id].items is not None:
        name = _list_of(body)
        outcome, _ = perform(test_id, body | {"novel": [1], name: [item | {"novel": [1]} for item in body[name]]})
    else:
        outcome, _ = perform(test_id, body | {"novel": [1]})
    found, *_ = _described(test_id, body, outcome)
    if not isinstance(found, Removed | WhitelistedIps):
        assert found.fields["novel"] == [1]


@pytest.mark.parametrize(("test_id", "attributes"), ATTRIBUTES.items(), ids=list(ATTRIBUTES))
def test_the_attributes_of_an_outcome_are_these_fields(test_id: str, attributes: dict[str, str]) -> None:
    """Times are aware datetimes, an id is the end of a resource's name, all else is as it was sent."""
    body = body_of(OPERATIONS[test_id])
    outcome, _ = perform(test_id, body)
    found, fields, _ = _described(test_id, body, outcome)
    for name, field in attributes.items():
        value = getattr(found, name)
        if isinstance(value, datetime):
            assert value.utcoffset() is not None
            assert value == datetime.fromisoformat(fields[field])
        elif name == "id":
            assert value == fields[field].rsplit("/", 1)[-1]
        else:
            assert value == fields[field]


@each_operation
def test_a_reply_of_the_required_fields_alone_is_enough(test_id: str) -> None:
    """What may be absent or null is None on the outcome; no expiry means never."""
    operation = OPERATIONS[test_id]
    full = body_of(operation)
    outcome, _ = perform(test_id, least(operation.reply, full) if full else full)
    if isinstance(outcome, IssuedKey):
        assert outcome.expires_at is None


@pytest.mark.parametrize("test_id", [name for name in ASKING if OPERATIONS[name].items is not None])
def test_an_item_of_the_required_fields_alone_is_enough(test_id: str) -> None:
    """Where none is required, an item without any is a problem: nothing can be done with it. A list may be empty."""
    operation = OPERATIONS[test_id]
    full, items = body_of(operation), operation.items or {}
    name = _list_of(full)
    outcome, _ = perform(test_id, {name: [least(items, item) for item in full[name]]})
    assert (len(outcome.items), len(outcome.problems)) == ((1, 0) if items.get("required") else (0, 1))
    empty: list[dict[str, Any]] = [{name: []}, {}]
    for body in empty[: 1 if name in operation.reply.get("required", ()) else 2]:
        outcome, requests = perform(test_id, body)
        assert (outcome.items, outcome.problems, len(requests)) == ((), (), 1)


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
def test_capabilities_say_what_a_request_for_a_key_may_hold(name: str) -> None:
    """Each of them is tried."""
    provider = find_provider(name)
    can = provider.capabilities
    test_id = next(key for key, item in FOUND.items() if item.provider == name and method_of(item) == "issue")
    outcome, (request,) = perform(test_id)
    assert can.issues_keys
    assert isinstance(outcome, PendingApproval if can.needs_approval else IssuedKey)
    assert ("Idempotency-Key" in request.headers) is can.idempotent_create
    assert (outcome.idempotency_key is not None) is can.idempotent_create

    full = fullest()[name]
    given = {field.name: getattr(full, field.name) for field in dataclasses.fields(provider.request)}
    plain = given | {"expires_in": None, "expires_at": None}
    if can.sets_expiry:
        provider.request(**(plain | {"expires_in": timedelta(days=1)}))
    else:
        with pytest.raises(InvalidRequestError, match="cannot expire"):
            provider.request(**(plain | {"expires_in": timedelta(days=1)}))
    # What a caller may bring is a field of the request: a value of its own, or the request that a key pair signs.
    brings = {"a key pair": {"csr_pem"}, "the value, if it likes": {"api_key"}, "nothing": set[str]()}
    assert {"csr_pem", "api_key"} & set(given) == brings[can.caller_makes]
