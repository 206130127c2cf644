"""Galileo's three schemes: a key in a header, a login by key or password, basic auth; by argument or environment."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from issuant import GalileoAccount, IssuedKey, KeyRequest, connect, connect_async
from issuant.errors import AuthenticationError, CredentialError, Effect, NotSentError
from issuant.mocks import Fault
from issuant.repeating import ONCE

from tests.issuant.auth.calling import BASE_URL, Galileo

KEYS = "/v2/users/api_keys"
KEY = "galileo_TEST_not_a_key"
LOGIN: dict[str, Any] = {"username": "me", "password": "galileo_TEST_password_not_a_key"}


def issue(seen: Galileo, account: GalileoAccount | str, mode: str, base_url: str = BASE_URL) -> object:
    request = KeyRequest(name="k")
    if mode == "sync":
        with connect(account, base_url=base_url, transport=seen.transport(), retries=ONCE) as galileo:
            return galileo.issue(request)

    async def main() -> object:
        async with connect_async(account, base_url=base_url, transport=seen.transport(), retries=ONCE) as galileo:
            return await galileo.issue(request)

    return asyncio.run(main())


SCHEMES = [
    pytest.param("key", None, [KEYS], "galileo-api-key", id="key"),
    pytest.param("key", "header", [KEYS], "galileo-api-key", id="key-header"),
    pytest.param("key", "login", ["/login/api_key", KEYS], "authorization", id="key-login"),
    pytest.param("password", None, ["/login", KEYS], "authorization", id="password"),
    pytest.param("password", "login", ["/login", KEYS], "authorization", id="password-login"),
    pytest.param("password", "basic", [KEYS], "authorization", id="password-basic"),
]


@pytest.mark.parametrize("mode", ["sync", "async"])
@pytest.mark.parametrize("given", ["account", "environment"])
@pytest.mark.parametrize(("credential", "scheme", "paths", "header"), SCHEMES)
def test_each_scheme_issues_a_key(
    credential: str,
    scheme: str | None,
    paths: list[str],
    header: str,
    given: str,
    mode: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With a key the default is its header, with a password the login, as the vendor's own SDK has it."""
    seen = Galileo()
    fields: dict[str, str] = {"api_key": seen.vendor.api_key}
    if credential == "password":
        fields = {"username": seen.galileo.username, "password": seen.galileo.password}
    account: GalileoAccount | str = "galileo"
    if given == "account":
        account = GalileoAccount(**fields, scheme=scheme)  # type: ignore[arg-type]
    else:
        for name, value in fields.items():
            monkeypatch.setenv(f"GALILEO_{name.upper()}", value)
        if scheme is not None:
            monkeypatch.setenv("GALILEO_AUTH", scheme)
    assert isinstance(issue(seen, account, mode), IssuedKey)
    assert seen.paths == paths
    assert header in seen.requests[-1].headers
    is_basic = seen.requests[-1].headers.get("authorization", "").startswith("Basic ")
    assert is_basic is (scheme == "basic")


@pytest.mark.parametrize("base", [BASE_URL, "https://mock.invalid/cluster/api/"])
def test_a_login_goes_to_the_base_url_of_the_connection(base: str) -> None:
    """Also where that has a path; nothing goes to another server."""
    urls: list[str] = []
    account = GalileoAccount(**LOGIN)

    def answer(request: httpx.Request) -> httpx.Response:
        urls.append(str(request.url))
        return httpx.Response(401)

    with (
        connect(account, base_url=base, transport=httpx.MockTransport(answer)) as galileo,
        pytest.raises(AuthenticationError),
    ):
        galileo.issue(KeyRequest(name="k"))
    assert urls == [f"{base.rstrip('/')}/login"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        pytest.param({"api_key": KEY, "scheme": "basic"}, "scheme", id="key-and-basic"),
        pytest.param({**LOGIN, "scheme": "header"}, "scheme", id="password-and-header"),
        pytest.param({"api_key": KEY, "scheme": "bearer"}, "scheme", id="unknown"),
        pytest.param({"api_key": KEY, "scheme": ""}, "scheme", id="empty"),
        pytest.param({"api_key": KEY, "scheme": "login", "header": "Splunk-AO-API-Key"}, "header", id="login-header"),
        pytest.param({**LOGIN, "header": "Splunk-AO-API-Key"}, "header", id="password-header"),
        pytest.param({"scheme": "login"}, "api_key", id="nothing-to-log-in-with"),
        pytest.param({"username": "me", "scheme": "basic"}, "password", id="half-a-login"),
    ],
)
def test_what_does_not_go_together_is_refused(given: Mapping[str, Any], field: str) -> None:
    """By the name of the argument, and with nothing of its value."""
    with pytest.raises(CredentialError) as caught:
        GalileoAccount(**given)
    assert caught.value.field == field
    assert "_TEST" not in str(caught.value)


ENVIRONMENTS = [
    pytest.param({"GALILEO_AUTH": "bearer", "GALILEO_API_KEY": KEY}, "GALILEO_AUTH", id="unknown"),
    pytest.param({"GALILEO_AUTH": "basic", "GALILEO_API_KEY": KEY}, "GALILEO_USERNAME", id="basic-without-a-user"),
    pytest.param({"GALILEO_AUTH": "basic", "GALILEO_USERNAME": "me"}, "GALILEO_PASSWORD", id="basic-by-halves"),
    pytest.param({"GALILEO_AUTH": "header", "GALILEO_USERNAME": "me"}, "GALILEO_API_KEY", id="header-without-a-key"),
    pytest.param({"GALILEO_AUTH": "login"}, "GALILEO_API_KEY", id="login-with-nothing"),
    pytest.param(
        {"GALILEO_AUTH": "login", "GALILEO_API_KEY": KEY, "GALILEO_API_KEY_HEADER": "Splunk-AO-API-Key"},
        "GALILEO_API_KEY_HEADER",
        id="login-with-a-header",
    ),
]


@pytest.mark.parametrize(("variables", "field"), ENVIRONMENTS)
def test_what_does_not_go_together_in_the_environment_is_named(
    variables: Mapping[str, str], field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The variable is, and not what is in it."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(CredentialError) as caught:
        connect("galileo")
    assert caught.value.field == field
    assert caught.value.provider == "galileo"
    assert "_TEST" not in str(caught.value)


def test_where_the_environment_has_both_the_scheme_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without one the key goes first, also for a login."""
    seen = Galileo()
    monkeypatch.setenv("GALILEO_API_KEY", seen.vendor.api_key)
    monkeypatch.setenv("GALILEO_USERNAME", seen.galileo.username)
    monkeypatch.setenv("GALILEO_PASSWORD", seen.galileo.password)
    for scheme in ("", " Login ", "basic"):
        monkeypatch.setenv("GALILEO_AUTH", scheme)
        issue(seen, "galileo", "sync")
    assert seen.paths == [KEYS, "/login/api_key", KEYS, KEYS]
    assert seen.requests[3].headers["authorization"].startswith("Basic ")


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_a_create_whose_token_has_been_forgotten_makes_one_key(mode: str) -> None:
    """A 401 means that nothing was done, so the one that follows it is the first."""
    seen = Galileo()
    account = GalileoAccount(username=seen.galileo.username, password=seen.galileo.password)

    async def main() -> None:
        async with connect_async(account, base_url=BASE_URL, transport=seen.transport()) as galileo:
            await galileo.issue(KeyRequest(name="one"))
            seen.forget_tokens()
            await galileo.issue(KeyRequest(name="two"))

    if mode == "async":
        asyncio.run(main())
    else:
        with connect(account, base_url=BASE_URL, transport=seen.transport()) as galileo:
            galileo.issue(KeyRequest(name="one"))
            seen.forget_tokens()
            galileo.issue(KeyRequest(name="two"))
    assert seen.paths == ["/login", KEYS, KEYS, "/login", KEYS]
    assert sorted(json.loads(seen.requests[at].body)["description"] for at in (1, 4)) == ["one", "two"]
    assert len(seen.galileo.keys) == 2


@pytest.mark.parametrize("mode", ["sync", "async"])
@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        pytest.param(Fault.status(401), AuthenticationError, id="401"),
        pytest.param(Fault.body(b"<html>"), NotSentError, id="no-token"),
        pytest.param(Fault.drop_after(), NotSentError, id="no-reply"),
        pytest.param(Fault.incomplete(), NotSentError, id="broke-off"),
    ],
)
def test_a_login_that_fails_has_changed_nothing(fault: Fault, kind: type[Exception], mode: str) -> None:
    """The key is not asked for."""
    seen = Galileo()
    seen.vendor.faults.add(fault)
    account = GalileoAccount(username=seen.galileo.username, password=seen.galileo.password)
    with pytest.raises((AuthenticationError, NotSentError)) as caught:
        issue(seen, account, mode)
    assert type(caught.value) is kind
    assert caught.value.effect is Effect.NONE
    assert seen.paths == ["/login"]


def test_an_account_prints_its_scheme_and_no_secret() -> None:
    """In its repr."""
    shown = repr(GalileoAccount(**LOGIN))
    assert "login" in shown
    assert LOGIN["password"] not in shown
