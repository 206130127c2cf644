"""Bad input is refused by name, before anything is sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from issuant import (
    CredentialError,
    FireblocksAccount,
    FireblocksKeyRequest,
    FireworksKeyRequest,
    GalileoAccount,
    GalileoKeyRequest,
    IssuantError,
    KeyRequest,
    UsageError,
    connect,
)
from issuant.providers import find_provider

from tests.contract import unlisted
from tests.hostile.operations import (
    BASE_URL,
    FIREBLOCKS_CREDENTIAL,
    NOW,
    csr_pem,
    fireblocks_account,
    fireworks_account,
    galileo_account,
    private_key_pem,
)
from tests.hostile.wire import untouched


def refused(call: Callable[[], object]) -> IssuantError:
    try:
        call()
    except IssuantError as error:
        return error
    raise AssertionError("it was accepted")


ENVIRONMENT = {
    "fireworks": {"FIREWORKS_API_KEY": "fw_TEST_not_a_key"},
    "fireblocks": {"FIREBLOCKS_API_KEY": "fb-TEST-not-a-key", "FIREBLOCKS_SECRET_KEY": "PEM"},
    "galileo": {"GALILEO_API_KEY": "gal_TEST_not_a_key"},
}
OTHERS = unlisted.unlisted(ENVIRONMENT)
ENVIRONMENT |= {name: {key: unlisted.credentials(name)[key] for key in unlisted.secrets(name)} for name in OTHERS}
BAD_VARIABLES = {"missing": None, "empty": "", "blank": "  \n", "inner-blank": "a b", "non-ascii": "schlüssel"}


@pytest.mark.parametrize("fault", BAD_VARIABLES)
@pytest.mark.parametrize("variable", [name for names in ENVIRONMENT.values() for name in names])
def test_a_bad_environment_variable_is_named(variable: str, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each in turn, the others being good."""
    provider = next(name for name, names in ENVIRONMENT.items() if variable in names)
    given = ENVIRONMENT[provider] if provider not in OTHERS else unlisted.credentials(provider)
    for name, value in given.items():
        monkeypatch.setenv(name, private_key_pem() if value == "PEM" else value)
    bad = BAD_VARIABLES[fault]
    monkeypatch.delenv(variable) if bad is None else monkeypatch.setenv(variable, bad)

    error = refused(lambda: connect(provider, transport=untouched()))

    assert type(error) is CredentialError
    assert error.field == variable
    assert variable in str(error)


def _encrypted() -> str:
    key = serialization.load_pem_private_key(private_key_pem().encode(), None)
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.BestAvailableEncryption(b"pw")).decode()


def _elliptic() -> str:
    form = serialization.PrivateFormat.PKCS8
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()


KEYS: dict[str, Callable[[], str]] = {
    "garbage": lambda: "garbage",
    "empty": lambda: "",
    "cut": lambda: private_key_pem()[:300],
    "encrypted": _encrypted,
    "elliptic": _elliptic,
    "request": csr_pem,
    "non-ascii": lambda: "schlüssel\ud800",
}


@pytest.mark.parametrize("key", KEYS)
def test_a_private_key_that_is_not_plain_rsa_is_named(key: str) -> None:
    """Garbage, encrypted, another kind of key."""
    error = refused(
        lambda: connect(
            FireblocksAccount(api_key=FIREBLOCKS_CREDENTIAL, private_key=KEYS[key]()),
            base_url=BASE_URL,
            transport=untouched(),
        )
    )

    assert type(error) is CredentialError
    assert error.field == "private_key"
    assert error.provider == "fireblocks"


@pytest.mark.parametrize("mode", ["environment", "account"])
def test_a_password_that_is_no_utf8_is_named(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte of the environment that could not be decoded comes as half a surrogate pair, which cannot be sent."""
    password = "TEST_password_\udcff_not_a_key"
    monkeypatch.delenv("GALILEO_API_KEY", raising=False)
    monkeypatch.setenv("GALILEO_USERNAME", "mock-user")
    monkeypatch.setenv("GALILEO_PASSWORD", password)
    given = "galileo" if mode == "environment" else GalileoAccount(username="mock-user", password=password)

    error = refused(lambda: connect(given, base_url=BASE_URL, transport=untouched()))

    assert type(error) is CredentialError
    assert error.field == "password"
    assert (error.__cause__, error.__context__) == (None, None)


def _elliptic_csr() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, hashes.SHA256())
    return request.public_bytes(serialization.Encoding.PEM).decode()


def _tampered_csr() -> str:
    lines = csr_pem().splitlines()
    lines[-3] = lines[-3][::-1]
    return "\n".join(lines)


def _fireblocks(**given: Any) -> KeyRequest:
    return FireblocksKeyRequest(**{"name": "nightly", "role": "VIEWER", **given})


# Any other provider that takes a plain request, with or without an expiry.
PLAIN: dict[str, Callable[[], object]] = {
    name: partial(unlisted.account, name)
    for name in OTHERS
    if not unlisted.arguments(name) and find_provider(name).capabilities.sets_expiry
}
REQUESTS: dict[str, tuple[str, Callable[[], object], Callable[[], KeyRequest]]] = {
    **{
        f"{name}-{fault}": (field, account, make)
        for name, account in {"fireworks": fireworks_account, "galileo": galileo_account, **PLAIN}.items()
        for fault, (field, make) in {
            "no-name": ("name", lambda: KeyRequest(name=" ")),
            "line-break": ("name", lambda: KeyRequest(name="a\nb")),
            "surrogate": ("name", lambda: KeyRequest(name="a\ud800")),
            "naive": ("expires_at", lambda: KeyRequest(name="n", expires_at=datetime(2031, 1, 1))),
            "past": ("expires_at", lambda: KeyRequest(name="n", expires_at=datetime(2029, 1, 1, tzinfo=UTC))),
            "zero": ("expires_in", lambda: KeyRequest(name="n", expires_in=timedelta())),
            "negative": ("expires_in", lambda: KeyRequest(name="n", expires_in=timedelta(days=-1))),
            "endless": ("expires_in", lambda: KeyRequest(name="n", expires_in=timedelta.max)),
            "both": ("expires_at", lambda: KeyRequest(name="n", expires_in=timedelta(1), expires_at=NOW)),
            "foreign": ("request", lambda: _fireblocks()),
        }.items()
    },
    "fireworks-account": ("account_id", fireworks_account, lambda: FireworksKeyRequest(name="n", account_id="a/b")),
    "fireworks-user": ("user_id", fireworks_account, lambda: FireworksKeyRequest(name="n", user_id="..")),
    "fireworks-annotations": (
        "annotations",
        fireworks_account,
        lambda: FireworksKeyRequest(name="n", annotations={"a": 1}),  # type: ignore[dict-item]
    ),
    **{
        f"fireworks-annotations-{place}-surrogate": (
            "annotations",
            fireworks_account,
            partial(FireworksKeyRequest, name="n", annotations=annotations),
        )
        for place, annotations in {"name": {"a\ud800": "b"}, "value": {"team": "x", "a": "\udfffb"}}.items()
    },
    "galileo-project": ("project_id", galileo_account, lambda: GalileoKeyRequest(name="n", project_id="17")),
    "galileo-role": ("project_role", galileo_account, lambda: GalileoKeyRequest(name="n", project_role="king")),
    "galileo-value": ("api_key", galileo_account, lambda: GalileoKeyRequest(name="n", api_key="a b")),
    "fireblocks-long-name": ("name", fireblocks_account, lambda: _fireblocks(name="n" * 31)),
    "fireblocks-surrogate": ("name", fireblocks_account, lambda: _fireblocks(name="a\ud800")),
    "fireblocks-csr-surrogate": ("csr_pem", fireblocks_account, lambda: _fireblocks(csr_pem=csr_pem() + "\ud800")),
    "fireblocks-no-role": ("role", fireblocks_account, lambda: KeyRequest(name="n")),
    "fireblocks-role": ("role", fireblocks_account, lambda: _fireblocks(role="KING")),
    "fireblocks-no-setup": ("co_signer_setup_type", fireblocks_account, lambda: _fireblocks(role="SIGNER")),
    "fireblocks-setup": ("co_signer_setup_type", fireblocks_account, lambda: _fireblocks(co_signer_setup_type="X")),
    "fireblocks-expiry": ("expires_in", fireblocks_account, lambda: _fireblocks(expires_in=timedelta(1))),
    "fireblocks-long-key": ("idempotency_key", fireblocks_account, lambda: _fireblocks(idempotency_key="k" * 41)),
    "fireblocks-number-key": ("idempotency_key", fireblocks_account, lambda: _fireblocks(idempotency_key=12)),
    "fireblocks-csr": ("csr_pem", fireblocks_account, lambda: _fireblocks(csr_pem="garbage")),
    "fireblocks-csr-elliptic": ("csr_pem", fireblocks_account, lambda: _fireblocks(csr_pem=_elliptic_csr())),
    "fireblocks-csr-tampered": ("csr_pem", fireblocks_account, lambda: _fireblocks(csr_pem=_tampered_csr())),
    "fireblocks-foreign": ("request", fireblocks_account, lambda: GalileoKeyRequest(name="n")),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_a_bad_request_is_refused_by_the_name_of_its_field(name: str) -> None:
    """Nothing is sent."""
    field, account, make = REQUESTS[name]

    def ask() -> None:
        with connect(account(), base_url=BASE_URL, transport=untouched(), clock=lambda: NOW) as connection:  # type: ignore[arg-type]
            connection.issue(make())

    error = refused(ask)

    assert isinstance(error, UsageError)
    assert error.field == field
    assert (error.__cause__, error.__context__) == (None, None)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        pytest.param({"base_url": "http://example.com"}, "base_url", id="plain-http"),
        pytest.param({"base_url": "https://u:p@example.com"}, "base_url", id="userinfo"),
        pytest.param({"base_url": "https://exa mple.com"}, "base_url", id="blank-in-host"),
        pytest.param({"base_url": "https://[::1"}, "base_url", id="bracket"),
        pytest.param({"base_url": "https://example.com:port"}, "base_url", id="port"),
        pytest.param({"base_url": "https://xn--\u00e9.example"}, "base_url", id="idna"),
        pytest.param({"base_url": "ftp://example.com"}, "base_url", id="scheme"),
        pytest.param({"base_url": ""}, "base_url", id="empty"),
        pytest.param({"server": "moon"}, "server", id="unknown-server"),
        pytest.param({"server": "production", "base_url": BASE_URL}, "server", id="both"),
    ],
)
def test_a_bad_address_is_refused(given: dict[str, str], field: str) -> None:
    """A key is not sent where it could be read, nor to nowhere."""
    error = refused(lambda: connect(fireworks_account(), transport=untouched(), **given))  # type: ignore[arg-type]

    assert isinstance(error, UsageError)
    assert error.field == field


@pytest.mark.parametrize("name", ["nobody", "", "os.path", "../galileo", "__init__"])
def test_an_unknown_provider_is_refused(name: str) -> None:
    """With the known ones in the advice."""
    error = refused(lambda: connect(name, transport=untouched()))

    assert isinstance(error, UsageError)
    assert error.field == "provider"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        pytest.param({"id": "Upper"}, "id", id="id"),
        pytest.param({"key_name": "lower"}, "key_name", id="key-name"),
        pytest.param({"value": ""}, "value", id="empty-value"),
        pytest.param({"value": b"bytes"}, "value", id="bytes"),
        pytest.param({"value": "a\ud800"}, "value", id="surrogate"),
        pytest.param({"account_id": "a/b"}, "account_id", id="account"),
    ],
)
def test_a_bad_secret_is_refused(given: dict[str, Any], field: str) -> None:
    """By the name of the argument."""
    wanted = {"id": "wolfram", "key_name": "WOLFRAM", "value": "TEST_not_a_key", **given}
    with connect(fireworks_account(), base_url=BASE_URL, transport=untouched()) as connection:
        error = refused(lambda: connection.put_secret(**wanted))

    assert isinstance(error, UsageError)
    assert error.field == field
