"""Credentials, servers and timeouts of a connection; its closing; sharing it between threads."""

from __future__ import annotations

import asyncio
import json
import math
import threading
import traceback
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from issuant import (
    FireblocksAccount,
    FireblocksKeyRequest,
    FireworksAccount,
    GalileoAccount,
    IssuedKey,
    KeyRequest,
    Secret,
    capabilities,
    connect,
    connect_async,
)
from issuant.adapters import Account
from issuant.errors import (
    AuthenticationError,
    CredentialError,
    InvalidRequestError,
    NotFoundError,
    UnsupportedError,
    UsageError,
)
from issuant.mocks import simulator
from issuant.mocks.fireworks import FireworksSimulator
from issuant.mocks.galileo import GalileoSimulator
from issuant.mocks.loopback import serve
from issuant.providers import find_provider, provider_names
from issuant.providers.fireworks import FireworksKeyRequest

from tests.contract import unlisted
from tests.issuant.recording import NOW, Recorder

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
).decode()
ENVIRONMENTS = {
    "fireworks": {"FIREWORKS_API_KEY": "fw_TEST_not_a_key"},
    "fireblocks": {"FIREBLOCKS_API_KEY": "fb_TEST_not_a_key", "FIREBLOCKS_SECRET_KEY": PEM},
    "galileo": {"GALILEO_API_KEY": "galileo_TEST_not_a_key"},
}
ACCOUNTS: dict[str, Callable[[], Account]] = {
    "fireworks": lambda: FireworksAccount(api_key="fw_TEST_not_a_key"),
    "fireblocks": lambda: FireblocksAccount(api_key="fb_TEST_not_a_key", private_key=PEM),
    "galileo": lambda: GalileoAccount(api_key="galileo_TEST_not_a_key"),
}
BASE_URLS = {"fireworks": "FIREWORKS_BASE_URL", "fireblocks": "FIREBLOCKS_BASE_PATH", "galileo": "GALILEO_API_URL"}
OTHERS = unlisted.unlisted(ENVIRONMENTS)
ENVIRONMENTS |= {name: unlisted.credentials(name) for name in OTHERS}
ACCOUNTS |= {name: partial(unlisted.account, name) for name in OTHERS}
BASE_URLS |= {name: unlisted.addresses(name)[0] for name in OTHERS}
MINE = "https://mine.example/base"
each_provider = pytest.mark.parametrize("name", provider_names())


def set_environment(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> None:
    for name, value in values.items():
        monkeypatch.setenv(name, value)


@each_provider
def test_a_name_takes_credentials_from_the_environment(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """And goes to the first server of the document."""
    set_environment(monkeypatch, ENVIRONMENTS[name])
    with connect(name) as connection:
        assert connection.provider == name
        assert connection.base_url == next(iter(find_provider(name).servers.values()))
        assert connection.capabilities == capabilities(name)


@each_provider
def test_an_account_needs_no_environment(name: str) -> None:
    """Its type says which provider it is for."""
    with connect(ACCOUNTS[name]()) as connection:
        assert connection.provider == name
        assert repr(connection) == f"Connection({name!r}, base_url={connection.base_url!r})"


@pytest.mark.parametrize(
    ("name", "variable"), [(name, variable) for name, found in ENVIRONMENTS.items() for variable in found]
)
@pytest.mark.parametrize("value", [None, "", "  "], ids=["unset", "empty", "blank"])
def test_a_missing_variable_is_named(
    name: str, variable: str, value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So is what to set it to."""
    set_environment(monkeypatch, ENVIRONMENTS[name])
    monkeypatch.delenv(variable) if value is None else monkeypatch.setenv(variable, value)
    with pytest.raises(CredentialError, match=f"{variable} is not set") as caught:
        connect(name)
    assert (caught.value.field, caught.value.provider) == (variable, name)
    assert "Set it to" in caught.value.advice


@pytest.mark.parametrize(
    ("name", "variable", "value"),
    [
        pytest.param("fireworks", "FIREWORKS_API_KEY", "fw TEST not a key", id="fireworks-blank"),
        pytest.param("galileo", "GALILEO_API_KEY", "galileo\tTEST", id="galileo-control-character"),
        pytest.param("fireblocks", "FIREBLOCKS_API_KEY", "fb TEST", id="fireblocks-blank"),
        pytest.param("fireblocks", "FIREBLOCKS_SECRET_KEY", "/no/such/file_TEST", id="fireblocks-no-file"),
        pytest.param("fireblocks", "FIREBLOCKS_SECRET_KEY", "/", id="fireblocks-a-folder"),
    ],
)
def test_a_malformed_variable_is_named_and_not_shown(
    name: str, variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be the key with something stuck to it."""
    set_environment(monkeypatch, ENVIRONMENTS[name] | {variable: value})
    with pytest.raises(CredentialError) as caught:
        connect(name)
    assert caught.value.field == variable
    assert "TEST" not in f"{caught.value} {caught.value!r}"
    assert caught.value.__context__ is None


def test_a_private_key_that_is_no_key_is_refused_when_connecting(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the provider's name, and before anything is sent."""
    set_environment(monkeypatch, ENVIRONMENTS["fireblocks"] | {"FIREBLOCKS_SECRET_KEY": "-----BEGIN nothing"})
    with pytest.raises(CredentialError, match="not a private key") as caught:
        connect("fireblocks")
    assert caught.value.provider == "fireblocks"


@pytest.mark.parametrize("form", ["pem", "one-line", "path", "home"])
def test_a_private_key_is_a_pem_or_its_path(form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also on one line with its breaks written out, as env files hold it, and below the home folder."""
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "key.pem").write_text(PEM)
    value = {"pem": PEM, "one-line": PEM.replace("\n", "\\n"), "path": str(tmp_path / "key.pem"), "home": "~/key.pem"}
    set_environment(monkeypatch, ENVIRONMENTS["fireblocks"] | {"FIREBLOCKS_SECRET_KEY": value[form]})
    connect("fireblocks").close()


def test_galileo_takes_a_login_where_there_is_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sent with each call, with basic auth; a key goes before it, and the header of a key can be named."""
    recorder = Recorder([httpx.Response(401, json={"detail": "no"})])

    def headers() -> httpx.Headers:
        with connect("galileo", transport=recorder) as galileo, pytest.raises(Exception, match="credential"):
            galileo.issue(KeyRequest(name="k"))
        return recorder.requests[-1].headers

    set_environment(monkeypatch, {"GALILEO_USERNAME": "me", "GALILEO_PASSWORD": "galileo TEST not a key"})
    monkeypatch.setenv("GALILEO_AUTH", "basic")
    assert headers()["Authorization"].startswith("Basic ")
    monkeypatch.delenv("GALILEO_AUTH")
    monkeypatch.setenv("GALILEO_API_KEY", "galileo_TEST_not_a_key")
    assert "Authorization" not in headers()
    assert headers()["Galileo-API-Key"] == "galileo_TEST_not_a_key"
    monkeypatch.setenv("GALILEO_API_KEY_HEADER", "Splunk-AO-API-Key")
    assert headers()["Splunk-AO-API-Key"] == "galileo_TEST_not_a_key"
    assert "Galileo-API-Key" not in headers()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        pytest.param({}, "api_key", id="nothing"),
        pytest.param({"api_key": ""}, "api_key", id="empty-key"),
        pytest.param({"api_key": "x", "username": "me", "password": "p"}, "api_key", id="both"),
        pytest.param({"username": "me"}, "password", id="no-password"),
        pytest.param({"username": "", "password": "p"}, "username", id="empty-username"),
        pytest.param({"password": "p"}, "username", id="no-username"),
    ],
)
def test_a_galileo_account_is_a_key_or_a_login(given: dict[str, Any], field: str) -> None:
    """Not both, and neither by halves."""
    with pytest.raises(CredentialError) as caught:
        GalileoAccount(**given)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("username", "password", "field"), [("me\ud800", "pw", "username"), ("me", "pw\udfff_TEST", "password")]
)
def test_a_login_that_could_not_be_decoded_is_refused_by_name(username: str, password: str, field: str) -> None:
    """The environment gives half surrogates for bytes that are no UTF-8."""
    with pytest.raises(CredentialError) as caught:
        connect(GalileoAccount(username=username, password=password))
    assert caught.value.field == field
    assert "_TEST" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("name", "server"), [(name, server) for name in provider_names() for server in find_provider(name).servers]
)
def test_a_server_of_the_document_is_picked_by_its_name(name: str, server: str) -> None:
    """Each of them, before whatever base URL the environment has."""
    with connect(ACCOUNTS[name](), server=server) as connection:
        assert connection.base_url == find_provider(name).servers[server]


def test_fireblocks_has_a_sandbox_and_two_servers_in_the_eu() -> None:
    """Its default is production."""
    assert dict(find_provider("fireblocks").servers) == {
        "production": "https://api.fireblocks.io/v1",
        "sandbox": "https://sandbox-api.fireblocks.io/v1",
        "eu": "https://eu-api.fireblocks.io/v1",
        "eu2": "https://eu2-api.fireblocks.io/v1",
    }


@each_provider
def test_an_unknown_server_is_refused_with_the_known_ones(name: str) -> None:
    """And so are a server and a base URL together."""
    with pytest.raises(UsageError, match="has no server 'moon'") as caught:
        connect(ACCOUNTS[name](), server="moon")
    assert all(server in caught.value.advice for server in find_provider(name).servers)
    assert caught.value.field == "server"
    with pytest.raises(UsageError, match="both server and base_url"):
        connect(ACCOUNTS[name](), server=next(iter(find_provider(name).servers)), base_url=MINE)


@each_provider
def test_a_base_url_given_goes_before_the_environments(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment's goes before the document's, and a server given before both."""
    account = ACCOUNTS[name]()
    monkeypatch.setenv(BASE_URLS[name], "https://environment.example/")
    assert connect(account).base_url == "https://environment.example"
    assert connect(account, base_url=MINE).base_url == MINE
    server, address = next(iter(find_provider(name).servers.items()))
    assert connect(account, server=server).base_url == address
    monkeypatch.setenv(BASE_URLS[name], " ")
    assert connect(account).base_url == address


@each_provider
def test_a_base_url_in_plain_http_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given or from the environment."""
    with pytest.raises(CredentialError, match="plain http"):
        connect(ACCOUNTS[name](), base_url="http://mine.example")
    monkeypatch.setenv(BASE_URLS[name], "http://mine.example")
    with pytest.raises(CredentialError, match="plain http"):
        connect(ACCOUNTS[name]())


def test_a_console_of_ones_own_needs_the_address_of_its_api(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key of a private cluster must not go to the public one."""
    monkeypatch.setenv("GALILEO_CONSOLE_URL", "https://console.mine.example")
    with pytest.raises(CredentialError) as caught:
        connect(ACCOUNTS["galileo"]())
    assert caught.value.field == "GALILEO_API_URL"
    monkeypatch.setenv("GALILEO_API_URL", MINE)
    assert connect(ACCOUNTS["galileo"]()).base_url == MINE
    monkeypatch.delenv("GALILEO_API_URL")
    monkeypatch.setenv("GALILEO_CONSOLE_URL", "https://app.galileo.ai/")
    assert connect(ACCOUNTS["galileo"]()).base_url == "https://api.galileo.ai"


def timeouts_of(**options: Any) -> dict[str, float | None]:
    recorder = Recorder([httpx.Response(401, json={"detail": "no"})])
    with (
        connect(ACCOUNTS["galileo"](), transport=recorder, **options) as galileo,
        pytest.raises(Exception, match="401"),
    ):
        galileo.issue(KeyRequest(name="k"))
    return dict(recorder.requests[0].extensions["timeout"])


def test_every_timeout_is_finite() -> None:
    """By default 10 seconds to connect and 30 for anything else."""
    found = timeouts_of()
    assert found == {"connect": 10.0, "read": 30.0, "write": 30.0, "pool": 30.0}
    assert all(value is not None and math.isfinite(value) for value in found.values())
    assert set(timeouts_of(timeout=1.5).values()) == {1.5}


@each_provider
def test_a_closed_connection_says_so(name: str) -> None:
    """Nothing is sent."""
    recorder = Recorder([httpx.Response(200)])
    connection = connect(ACCOUNTS["galileo"](), transport=recorder)
    connection.close()
    connection.close()
    with pytest.raises(UsageError, match="the connection is closed"):
        connection.issue(KeyRequest(name="k"))
    assert recorder.requests == []


def test_an_async_connection_can_be_awaited_or_entered() -> None:
    """Both give the connection itself, and leaving the block closes it."""
    vendor = simulator("galileo")

    async def scenario() -> None:
        awaited = await connect_async(ACCOUNTS["galileo"](), transport=vendor.transport())
        assert isinstance(await awaited.issue(KeyRequest(name="k")), IssuedKey)
        await awaited.close()
        async with connect_async(ACCOUNTS["galileo"](), transport=vendor.transport()) as entered:
            assert isinstance(await entered.issue(KeyRequest(name="k")), IssuedKey)
            assert repr(entered).startswith("AsyncConnection('galileo'")
        with pytest.raises(UsageError, match="the connection is closed"):
            await entered.issue(KeyRequest(name="k"))

    asyncio.run(scenario())
    assert isinstance(vendor, GalileoSimulator)
    assert len(vendor.keys) == 2


def test_secrets_are_stored_sync_and_async() -> None:
    """Plain text and a Secret are taken alike."""
    vendor = simulator("fireworks")
    assert isinstance(vendor, FireworksSimulator)
    account = FireworksAccount(api_key=vendor.api_key, account_id=vendor.account_id)
    with connect(account, transport=vendor.transport()) as fireworks:
        assert fireworks.put_secret("one", key_name="ONE", value="value_TEST").id == "one"

    async def scenario() -> None:
        async with connect_async(account, transport=vendor.transport()) as fireworks:
            stored = await fireworks.put_secret("two", key_name="TWO", value=Secret("value_TEST"))
            assert (stored.id, stored.key_name) == ("two", "TWO")

    asyncio.run(scenario())
    assert {secret.value for secret in vendor.secrets.values()} == {"value_TEST"}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        pytest.param({"id": "Not-Lower"}, "id", id="upper-case-id"),
        pytest.param({"id": ""}, "id", id="empty-id"),
        pytest.param({"id": "-a"}, "id", id="hyphen-first"),
        pytest.param({"key_name": "lower"}, "key_name", id="lower-case-key-name"),
        pytest.param({"value": ""}, "value", id="empty-value"),
        pytest.param({"account_id": "a/b"}, "account_id", id="slash-in-the-account"),
        pytest.param({"account_id": ".."}, "account_id", id="dots-as-account"),
    ],
)
def test_a_secret_with_a_bad_field_is_not_sent(given: dict[str, Any], field: str) -> None:
    """The error names the field."""
    recorder = Recorder([httpx.Response(200)])
    arguments = {"id": "my-id", "key_name": "MY_KEY", "value": "value_TEST", "account_id": "acc"} | given
    with (
        connect(ACCOUNTS["fireworks"](), transport=recorder) as fireworks,
        pytest.raises(InvalidRequestError) as caught,
    ):
        fireworks.put_secret(arguments.pop("id"), **arguments)
    assert caught.value.field == field
    assert recorder.requests == []


@pytest.mark.parametrize("name", [name for name in provider_names() if not capabilities(name).stores_secrets])
def test_a_provider_that_stores_no_secrets_says_so(name: str) -> None:
    """As its capabilities did beforehand."""
    with connect(ACCOUNTS[name]()) as connection, pytest.raises(UnsupportedError, match="stores no secrets"):
        connection.put_secret("my-id", key_name="MY_KEY", value="value_TEST")


@each_provider
def test_a_request_of_another_provider_is_refused(name: str) -> None:
    """It names what is taken."""
    other = FireworksKeyRequest(name="k") if name != "fireworks" else find_provider("galileo").request(name="k")
    with connect(ACCOUNTS[name]()) as connection, pytest.raises(InvalidRequestError, match="is not for") as caught:
        connection.issue(other)
    assert find_provider(name).request.__name__ in caught.value.advice


@pytest.mark.parametrize("missing", ["account_id", "user_id"])
def test_fireworks_needs_an_account_and_a_user(missing: str) -> None:
    """From the connection or from the request."""
    given = {"account_id": "acc", "user_id": "usr"} | {missing: None}
    account = FireworksAccount(api_key="fw_TEST_not_a_key", **given)
    with connect(account) as fireworks, pytest.raises(InvalidRequestError) as caught:
        fireworks.issue(KeyRequest(name="k"))
    assert caught.value.field == missing


def test_one_connection_serves_many_threads() -> None:
    """Eight threads issue ten keys each over loopback: eighty keys, each its own, none lost."""
    vendor = simulator("fireworks")
    assert isinstance(vendor, FireworksSimulator)
    before = len(vendor.keys)
    issued: list[IssuedKey] = []
    failures: list[Exception] = []
    start = threading.Barrier(8)
    account = FireworksAccount(api_key=vendor.api_key, account_id=vendor.account_id, user_id=vendor.user_id)
    with serve(vendor) as server, connect(account, base_url=server.base_url) as connection:

        def work(number: int) -> None:
            start.wait()
            try:
                for turn in range(10):
                    outcome = connection.issue(KeyRequest(name=f"k-{number}-{turn}"))
                    assert isinstance(outcome, IssuedKey)
                    issued.append(outcome)
            except Exception as failure:  # noqa: BLE001 - whatever it is, the test shows it
                failures.append(failure)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
    assert failures == []
    names = {key.name for key in issued}
    assert names == {f"k-{number}-{turn}" for number in range(8) for turn in range(10)}
    assert len({key.secret.reveal() for key in issued}) == 80
    assert {key.id for key in issued} == set(vendor.keys) - set(list(vendor.keys)[:before])


@pytest.mark.parametrize("given", [pytest.param(3, id="a-number"), pytest.param(None, id="nothing")])
def test_what_is_neither_a_name_nor_an_account_is_refused(given: Any) -> None:
    """With what to give in its place."""
    with pytest.raises(UsageError, match="neither a provider's name nor an account") as caught:
        connect(given)
    assert caught.value.field == "provider"


@pytest.mark.parametrize("length", [1, 63, 64, 150])
def test_the_id_of_a_secret_has_no_length_of_ours(length: int) -> None:
    """The vendor documents none."""
    id_ = "a" * length
    recorder = Recorder([httpx.Response(200, json={"name": f"accounts/acc/secrets/{id_}", "keyName": "KEY"})])
    with connect(ACCOUNTS["fireworks"](), transport=recorder) as fireworks:
        stored = fireworks.put_secret(id_, key_name="KEY", value="value_TEST", account_id="acc")
    assert stored.id == id_
    assert id_ in json.loads(recorder.requests[0].content)["name"]


@pytest.mark.parametrize(
    "timeout",
    [
        pytest.param(0, id="zero"),
        pytest.param(-1, id="negative"),
        pytest.param(-1.5, id="negative-fraction"),
        pytest.param(math.nan, id="nan"),
        pytest.param(math.inf, id="infinite"),
        pytest.param("abc", id="text"),
        pytest.param("30", id="a-number-as-text"),
        pytest.param(1e30, id="longer-than-the-machine-can-wait"),
        pytest.param(httpx.Timeout(None), id="endless"),
        pytest.param(httpx.Timeout(5, read=None), id="endless-in-one-part"),
        pytest.param(httpx.Timeout(5, connect=-1), id="negative-in-one-part"),
    ],
)
@pytest.mark.parametrize("open_", [connect, connect_async], ids=["sync", "async"])
def test_a_timeout_that_is_none_is_refused(open_: Callable[..., object], timeout: Any) -> None:
    """Zero would fail every call, an endless one may hang for ever, and a negative one is a mistake."""
    with pytest.raises(UsageError) as caught:
        open_(ACCOUNTS["galileo"](), timeout=timeout)
    assert caught.value.field == "timeout"


@pytest.mark.parametrize("limit", [5, "5/min", (5, 60)], ids=["number", "text", "pair"])
@pytest.mark.parametrize("open_", [connect, connect_async], ids=["sync", "async"])
def test_a_rate_limit_that_is_none_is_refused(open_: Callable[..., object], limit: Any) -> None:
    """A number alone says nothing of the time."""
    with pytest.raises(UsageError) as caught:
        open_(ACCOUNTS["galileo"](), rate_limit=limit)
    assert caught.value.field == "rate_limit"
    assert "RateLimit(" in caught.value.advice


def test_a_timeout_may_have_parts() -> None:
    """Each of them finite."""
    found = timeouts_of(timeout=httpx.Timeout(5, connect=1))
    assert found == {"connect": 1.0, "read": 5.0, "write": 5.0, "pool": 5.0}


PROXY_PASSWORD = "pw_TEST_not_a_key"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        pytest.param("ALL_PROXY", "socks5://x", id="a-proxy-that-needs-another-package"),
        pytest.param("ALL_PROXY", f"htp://u:{PROXY_PASSWORD}@x", id="a-proxy-of-an-unknown-kind"),
        pytest.param("HTTPS_PROXY", f"http://u:{PROXY_PASSWORD}@x:port", id="a-proxy-that-is-no-url"),
        pytest.param("SSL_CERT_FILE", "/nonexistent", id="certificates-that-are-not-there"),
    ],
)
@pytest.mark.parametrize("open_", [connect, connect_async], ids=["sync", "async"])
def test_an_environment_that_no_http_client_can_be_made_of_is_named(
    open_: Callable[..., object], variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The variables are, not what is in them: a proxy may have a password."""
    monkeypatch.setenv(variable, value)
    with pytest.raises(UsageError) as caught:
        open_(ACCOUNTS["galileo"]())
    assert variable in caught.value.advice
    assert caught.value.provider == "galileo"
    assert PROXY_PASSWORD not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__context__ is None


def claims_of(**options: Any) -> dict[str, Any]:
    """Return what the token of a call says, and check its signature."""
    recorder = Recorder([httpx.Response(401)])
    account = FireblocksAccount(api_key="fb_TEST_not_a_key", private_key=PEM, **options)
    request = FireblocksKeyRequest(name="k", role="VIEWER")
    with connect(account, transport=recorder) as fireblocks, pytest.raises(AuthenticationError):
        fireblocks.issue(request)
    token = recorder.requests[0].headers["Authorization"].removeprefix("Bearer ")
    claims = jwt.decode(token, KEY.public_key(), algorithms=["RS256"], options={"verify_iat": False})
    assert isinstance(claims, dict)
    return claims


def test_a_token_lives_less_than_30_seconds_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """The vendor's documentation wants that."""
    monkeypatch.setattr("issuant.auth.fireblocks.KEY_BITS", 2048)
    found = claims_of()
    assert 0 < found["exp"] - found["iat"] < 30
    found = claims_of(token_lifetime=timedelta(seconds=50))
    assert found["exp"] - found["iat"] == 50


def test_the_clock_of_the_connection_is_what_fireblocks_signs_by() -> None:
    """One that is set to a year is believed."""
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["Authorization"].removeprefix("Bearer "))
        return httpx.Response(200, json={"users": []})

    account = FireblocksAccount(api_key="fb_TEST_not_a_key", private_key=PEM)
    with connect(account, transport=httpx.MockTransport(answer), clock=lambda: NOW) as connection:
        assert list(connection.keys()) == []
    (token,) = seen
    assert jwt.decode(token, options={"verify_signature": False})["iat"] == int(NOW.timestamp())


def test_the_clock_of_the_connection_is_what_a_login_is_renewed_by() -> None:
    """A token that ends by that clock is not sent, though the real time is far from it."""
    vendor = simulator("galileo")
    assert isinstance(vendor, GalileoSimulator)
    account = GalileoAccount(api_key=vendor.api_key, scheme="login")
    now, logins = [NOW], list[str]()

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/login/api_key"):
            logins.append(request.url.path)
            claims = {"iat": 0, "exp": 600}
            return httpx.Response(200, json={"access_token": jwt.encode(claims, "x" * 32, algorithm="HS256")})
        return httpx.Response(404)

    with connect(account, transport=httpx.MockTransport(answer), clock=lambda: now[0]) as connection:
        for minutes in (0, 5, 10):
            now[0] = NOW + timedelta(minutes=minutes)
            with pytest.raises(NotFoundError):
                connection.whoami()
    assert len(logins) == 2


def test_a_clock_that_an_auth_was_made_with_stays_its_own() -> None:
    """An account of one's own may sign by another clock than its connection goes by."""
    from issuant.auth import FireblocksAuth

    auth = FireblocksAuth("fb_TEST_not_a_key", PEM, clock=lambda: NOW)
    auth.use_clock(lambda: NOW + timedelta(days=1))
    request = next(auth.sync_auth_flow(httpx.Request("GET", "https://a.example/v1")))
    token = request.headers["Authorization"].removeprefix("Bearer ")
    assert jwt.decode(token, options={"verify_signature": False})["iat"] == int(NOW.timestamp())
