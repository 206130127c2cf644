"""How keys are asked for is kept without what is made anew for each, and gives the same request again."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest
from issuant import FireblocksKeyRequest, FireworksKeyRequest, GalileoKeyRequest, KeyRequest
from issuant.errors import InvalidRequestError, JournalCorruptError
from issuant.providers import find_provider, provider_names
from issuant.rotation.templates import dumps, loads
from issuant.secret import Secret

PROJECT = "11111111-2222-4333-8444-555555555555"

REQUESTS = [
    pytest.param(
        "fireworks",
        FireworksKeyRequest(name="a", expires_in=timedelta(days=30), account_id="acc", annotations={"team": "ä"}),
        id="fireworks",
    ),
    pytest.param(
        "galileo",
        GalileoKeyRequest(name="a", expires_in=timedelta(seconds=1.5), project_id=PROJECT, project_role="viewer"),
        id="galileo",
    ),
    pytest.param(
        "fireblocks",
        FireblocksKeyRequest(
            name="a", role="SIGNER", co_signer_setup_type="SGX_MACHINE", co_signer_setup_is_first_user=False
        ),
        id="fireblocks",
    ),
    pytest.param("galileo", GalileoKeyRequest(name="a"), id="nothing-but-a-name"),
]


@pytest.mark.parametrize(("provider", "request_"), REQUESTS)
def test_what_was_asked_for_is_asked_for_again(provider: str, request_: KeyRequest) -> None:
    """With another name, and the same lifetime counted from then on."""
    again = loads(find_provider(provider), dumps(request_), name="b")
    assert type(again) is type(request_)
    assert again.name == "b"
    for item in fields(request_):
        if item.name != "name":
            assert getattr(again, item.name) == getattr(request_, item.name)


@pytest.mark.parametrize("provider", provider_names())
def test_a_field_of_any_provider_is_kept_or_made_anew(provider: str) -> None:
    """A new one that is neither would be lost without a word: it has to be thought of here."""
    known = {"account_id", "user_id", "annotations", "project_id", "project_role", "role"}
    known |= {"co_signer_setup_type", "co_signer_setup_is_first_user", "api_key", "csr_pem", "idempotency_key"}
    assert {item.name for item in fields(find_provider(provider).request)} <= known | {
        item.name for item in fields(KeyRequest)
    }


def test_another_lifetime_takes_the_place_of_the_one_that_was_kept() -> None:
    """For this key alone: what is kept stays."""
    text = dumps(KeyRequest(name="a", expires_in=timedelta(days=30)))
    assert loads(find_provider("galileo"), text, name="b", expires_in=timedelta(days=1)).expires_in == timedelta(days=1)
    assert loads(find_provider("galileo"), text, name="b").expires_in == timedelta(days=30)


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        pytest.param(KeyRequest(name="a", expires_at=datetime(2030, 1, 1, tzinfo=UTC)), "expires_at", id="expiry"),
        pytest.param(GalileoKeyRequest(name="a", api_key=Secret("fake_TEST_not_a_key")), "api_key", id="value"),
        pytest.param(
            FireblocksKeyRequest(name="a", role="VIEWER", idempotency_key="once"), "idempotency_key", id="key"
        ),
    ],
)
def test_what_is_good_for_one_key_alone_is_refused(request_: KeyRequest, field: str) -> None:
    """The error names the field, says what to do, and shows no value."""
    with pytest.raises(InvalidRequestError) as caught:
        dumps(request_)
    assert caught.value.field == field
    assert caught.value.advice
    assert "fake_TEST" not in str(caught.value)


def test_no_field_of_a_secret_is_kept() -> None:
    """A provider's field that holds one is refused by its kind, whatever it is called."""
    request = FireworksKeyRequest(name="a", account_id="acc")
    object.__setattr__(request, "user_id", Secret("fake_TEST_not_a_key"))
    with pytest.raises(InvalidRequestError) as caught:
        dumps(request)
    assert caught.value.field == "user_id"
    assert "fake_TEST" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("[]", id="no-object"),
        pytest.param("{", id="cut"),
        pytest.param('{"nickname": "x"}', id="unknown-field"),
        pytest.param('{"name": "x"}', id="a-name"),
        pytest.param('{"api_key": "x"}', id="a-value"),
        pytest.param('{"lifetime": "long"}', id="lifetime-that-is-no-number"),
        pytest.param('{"lifetime": NaN}', id="lifetime-that-is-not-a-number"),
        pytest.param("[" * 100_000, id="nested-too-deep"),
    ],
)
def test_what_was_never_kept_is_damage(text: str) -> None:
    """It is refused before anything is sent."""
    with pytest.raises(JournalCorruptError):
        loads(find_provider("galileo"), text, name="b")


def test_what_the_provider_refuses_by_now_is_told() -> None:
    """Such as a role that is no more, or a lifetime where keys cannot expire."""
    with pytest.raises(InvalidRequestError, match="project_role"):
        loads(find_provider("galileo"), json.dumps({"project_role": "king"}), name="b")
    with pytest.raises(InvalidRequestError, match="cannot expire"):
        loads(find_provider("fireblocks"), '{"role": "VIEWER"}', name="b", expires_in=timedelta(days=1))
