"""What is derived for a provider that no table names holds for those that are named as well."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import pytest
from issuant import IssuedKey, PendingApproval, mocks
from issuant.mocks import Request
from issuant.mocks.galileo import GalileoSimulator
from issuant.providers import find_provider, provider_names
from requests import PreparedRequest

from tests.contract import exchanges, unlisted
from tests.contract.credentials import credential, header
from tests.contract.documents import GENERATED_ONLY, Operation, asked, operations

each_provider = pytest.mark.parametrize("name", provider_names())


@pytest.fixture(autouse=True)
def quick_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make small keys: how large they are is another test's question."""
    monkeypatch.setattr("issuant.auth.fireblocks.KEY_BITS", 2048)


@each_provider
def test_the_simulator_accepts_what_is_asked_of_it(name: str) -> None:
    """With the credential of its own environment, and the least that a request needs."""
    found = exchanges.exchange(name, "issue")
    approves = find_provider(name).capabilities.needs_approval
    assert isinstance(found.outcome, PendingApproval if approves else IssuedKey)
    if isinstance(found.outcome, IssuedKey):
        assert found.place(found.outcome.id)
        assert found.place(found.outcome.secret.reveal())
    assert found.place("nothing that was sent") == ()


@pytest.mark.parametrize("operation", asked(), ids=lambda operation: operation.test_id)
def test_the_facade_sends_every_operation(operation: Operation) -> None:
    """An act is found for each, and no two have the same; the simulator and the document agree on the path."""
    others = [other for other in asked() if other.provider == operation.provider and other != operation]
    assert exchanges.method_of(operation) not in map(exchanges.method_of, others)


def test_what_the_facade_does_not_send_on_purpose_is_sent_by_nothing() -> None:
    """Each stands in a document, with the reason why it is left to the generated client."""
    found = [operation for operation in operations() if operation.test_id in GENERATED_ONLY]
    assert {operation.test_id for operation in found} == set(GENERATED_ONLY)
    assert all(GENERATED_ONLY.values())
    for operation in found:
        with pytest.raises(LookupError, match="nothing that the facade can be asked for sends"):
            exchanges.method_of(operation)


def test_an_operation_that_the_facade_does_not_send_is_named() -> None:
    """A table of operations that says more than the adapter does is noticed."""
    operation = next(operation for operation in operations() if operation.provider == "galileo")
    with pytest.raises(LookupError, match="galileo: nothing that the facade can be asked for sends PUT"):
        exchanges.method_of(dataclasses.replace(operation, method="put"))


def test_a_request_gets_what_its_class_insists_on() -> None:
    """A role at Fireblocks, and by the command's own option."""
    assert unlisted.arguments("fireblocks")[:2] == ["--role", find_provider("fireblocks").options[0].choices[0]]
    assert unlisted.arguments("galileo") == []


@each_provider
def test_the_fullest_request_has_a_value_in_every_field(name: str) -> None:
    """Of the two forms of an expiry one is enough."""
    request = unlisted.fullest_request(name)
    empty = {field.name for field in dataclasses.fields(request) if getattr(request, field.name) in (None, "", {})}
    sets_expiry = find_provider(name).capabilities.sets_expiry
    assert empty == ({"expires_at"} if sets_expiry else {"expires_in", "expires_at"})


@each_provider
def test_variables_are_told_apart_by_what_they_hold(name: str) -> None:
    """Addresses and credentials, and none is both."""
    assert unlisted.addresses(name)
    assert unlisted.credentials(name)
    assert not set(unlisted.addresses(name)) & set(unlisted.credentials(name))


def test_a_table_leaves_the_others_to_be_derived() -> None:
    """And none where it names all."""
    assert unlisted.unlisted([]) == provider_names()
    assert unlisted.unlisted(provider_names()) == ()
    assert "galileo" in unlisted.unlisted(["fireworks"])


def _document(scheme: Mapping[str, Any]) -> dict[str, Any]:
    schemes = {"securitySchemes": {"Way": dict(scheme)}}
    return {"paths": {"/keys": {"post": {}}}, "security": [{"Way": []}], "components": schemes}


@pytest.mark.parametrize(
    ("scheme", "sent"),
    [
        pytest.param({"type": "http", "scheme": "Bearer"}, ("Authorization", "Bearer k"), id="bearer"),
        pytest.param({"type": "apiKey", "in": "header", "name": "X-Key"}, ("X-Key", "k"), id="header"),
    ],
)
def test_a_plain_scheme_is_read_off_the_document(scheme: dict[str, str], sent: tuple[str, str]) -> None:
    """The key goes where the document says."""
    found = header(_document(scheme), "k")
    assert (found.name, found.value) == sent


@pytest.mark.parametrize("kind", ["oauth2", "mutualTLS", "openIdConnect"])
def test_another_scheme_is_left_to_the_simulator(kind: str) -> None:
    """The refusal says where to put it."""
    with pytest.raises(LookupError, match="let the simulator's credential\\(\\) make it"):
        header(_document({"type": kind}), "k")


class Signing(GalileoSimulator):
    """A vendor whose requests are signed in a way of its own."""

    def credential(self, request: Request, api_key: str) -> Mapping[str, str]:
        return {"X-Signed": f"{api_key} {request.method} {request.path}?{request.query} {request.body.decode()}"}


@pytest.mark.parametrize("body", ["{}", b"{}"], ids=["text", "bytes"])
def test_a_simulator_says_how_requests_are_signed(body: str | bytes) -> None:
    """Over what is sent in the end."""
    prepared = PreparedRequest()
    prepared.prepare(method="POST", url="http://mock.invalid/keys?a=1", data=body)
    assert credential(Signing(), api_key="other")(prepared).headers["X-Signed"] == "other POST /keys?a=1 {}"
    assert mocks.simulator("galileo").credential(Request(method="POST", path="/"), "k") is None
