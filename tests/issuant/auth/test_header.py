"""Credentials that go into one header as they are."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from issuant.auth import BasicAuth, BearerAuth, HeaderAuth
from issuant.errors import CredentialError
from issuant.secret import Secret

from tests.issuant.recording import Recorder

VALUE = "fw_TEST_not_a_key"


def sent_sync(auth: httpx.Auth) -> httpx.Headers:
    recorder = Recorder([httpx.Response(200)])
    with httpx.Client(transport=recorder, auth=auth) as client:
        client.get("https://mock.invalid/")
    return recorder.requests[0].headers


def sent_async(auth: httpx.Auth) -> httpx.Headers:
    recorder = Recorder([httpx.Response(200)])

    async def send() -> None:
        async with httpx.AsyncClient(transport=recorder, auth=auth) as client:
            await client.get("https://mock.invalid/")

    asyncio.run(send())
    return recorder.requests[0].headers


def basic(pair: str) -> str:
    return "Basic " + base64.b64encode(pair.encode()).decode()


@pytest.mark.parametrize("send", [sent_sync, sent_async], ids=["sync", "async"])
@pytest.mark.parametrize(
    ("auth", "header", "value"),
    [
        pytest.param(BearerAuth(VALUE), "Authorization", f"Bearer {VALUE}", id="bearer"),
        pytest.param(BearerAuth(Secret(VALUE)), "Authorization", f"Bearer {VALUE}", id="bearer-of-a-secret"),
        pytest.param(HeaderAuth(VALUE, header="Galileo-API-Key"), "Galileo-API-Key", VALUE, id="header"),
        pytest.param(HeaderAuth(VALUE, header="X.Other_1"), "X.Other_1", VALUE, id="another-header"),
        pytest.param(BasicAuth("me", "pass:word"), "Authorization", basic("me:pass:word"), id="basic"),
        pytest.param(BasicAuth("me", "pass wörd"), "Authorization", basic("me:pass wörd"), id="basic-in-utf-8"),
    ],
)
def test_a_credential_goes_into_its_header(
    send: Callable[[httpx.Auth], httpx.Headers], auth: httpx.Auth, header: str, value: str
) -> None:
    """Exactly as it was given."""
    assert send(auth)[header] == value


def test_a_header_of_its_own_leaves_authorization_alone() -> None:
    """Galileo's key is no bearer token."""
    assert "Authorization" not in sent_sync(HeaderAuth(VALUE, header="Galileo-API-Key"))


BAD: list[Any] = [
    pytest.param("", "missing", id="empty"),
    pytest.param(None, "missing", id="None"),
    pytest.param(12, "missing", id="number"),
    pytest.param(f"{VALUE}\n", "line break", id="line-break"),
    pytest.param(f"{VALUE} ", "blank", id="blank"),
    pytest.param(f"{VALUE}\x7f", "blank", id="control-character"),
    pytest.param(f"{VALUE}é", "outside ASCII", id="not-ascii"),
    pytest.param(f"{VALUE}\ud800", "outside ASCII", id="half-a-surrogate-pair"),
]


@pytest.mark.parametrize(("value", "words"), BAD)
@pytest.mark.parametrize(
    ("make", "field"),
    [
        pytest.param(BearerAuth, "token", id="bearer"),
        pytest.param(lambda value: HeaderAuth(value, header="X-Key"), "key", id="header"),
    ],
)
def test_a_value_that_no_header_can_hold_is_refused(make: Any, field: str, value: Any, words: str) -> None:
    """When the object is made, by the name of the argument, and without the value."""
    with pytest.raises(CredentialError, match=words) as caught:
        make(value)
    assert caught.value.field == field
    assert VALUE not in f"{caught.value} {caught.value!r}"


@pytest.mark.parametrize("name", ["", "X Key", "X-Key:", "X-Key\n", "Ключ"])
def test_a_header_needs_a_name(name: str) -> None:
    """A name with a line break in it would be a header more."""
    with pytest.raises(CredentialError) as caught:
        HeaderAuth(VALUE, header=name)
    assert caught.value.field == "header"


@pytest.mark.parametrize(
    ("username", "password", "field"),
    [
        pytest.param("", VALUE, "username", id="no-username"),
        pytest.param("a:b", VALUE, "username", id="colon"),
        pytest.param("a\nb", VALUE, "username", id="control-character"),
        pytest.param("me", "", "password", id="no-password"),
        pytest.param("me\ud800", VALUE, "username", id="half-a-surrogate-pair-in-the-username"),
        pytest.param("me", f"{VALUE}\udfff", "password", id="half-a-surrogate-pair-in-the-password"),
    ],
)
def test_basic_auth_needs_a_name_without_a_colon_and_a_password(username: str, password: str, field: str) -> None:
    """RFC 7617 splits at the first colon."""
    with pytest.raises(CredentialError) as caught:
        BasicAuth(username, password)
    assert caught.value.field == field
    assert VALUE not in str(caught.value)


@pytest.mark.parametrize(
    "auth",
    [BearerAuth(VALUE), HeaderAuth(VALUE, header="X"), BasicAuth("me", VALUE)],
    ids=lambda auth: type(auth).__name__,
)
def test_no_attribute_prints_the_credential(auth: httpx.Auth) -> None:
    """Everything held is held as a Secret."""
    shown = f"{auth!r} {vars(auth)}"
    assert VALUE not in shown
    assert basic(f"me:{VALUE}") not in shown
