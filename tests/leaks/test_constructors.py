"""A constructor that refuses one argument shows none of the others, and not the refused one either."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from issuant import (
    FireblocksAccount,
    FireworksAccount,
    GalileoAccount,
    GalileoKeyRequest,
    IssuantError,
    Secret,
    connect,
)
from issuant.auth import BasicAuth, BearerAuth, FireblocksAuth, HeaderAuth, PasswordAuth

from tests.contract import unlisted
from tests.hostile.operations import private_key_pem
from tests.hostile.wire import untouched
from tests.leaks.detector import leaks, shown_by_error

GOOD = "TEST_good_secret_3Fq8_not_a_key"
BAD = "TEST_bad secret_5Gw2_not_a_key\n"

CALLS: dict[str, Callable[[], object]] = {
    "secret-bytes": lambda: Secret(GOOD.encode()),  # type: ignore[arg-type]
    "fireworks-key": lambda: FireworksAccount(api_key=BAD),
    "fireworks-bytes": lambda: FireworksAccount(api_key=GOOD.encode()),  # type: ignore[arg-type]
    "fireblocks-key": lambda: FireblocksAccount(api_key=BAD, private_key=private_key_pem()),
    "fireblocks-no-key": lambda: FireblocksAccount(api_key="", private_key=private_key_pem()),
    "fireblocks-auth-key": lambda: FireblocksAuth(BAD, private_key_pem()),
    "fireblocks-auth-pem": lambda: FireblocksAuth(GOOD, BAD),
    "fireblocks-auth-number": lambda: FireblocksAuth(GOOD, 12),  # type: ignore[arg-type]
    "fireblocks-number": lambda: connect(FireblocksAccount(api_key=GOOD, private_key=12), transport=untouched()),  # type: ignore[arg-type]
    "galileo-key": lambda: GalileoAccount(api_key=BAD),
    "galileo-both": lambda: GalileoAccount(api_key=GOOD, username="u", password=BAD),
    "galileo-key-and-number": lambda: GalileoAccount(api_key=GOOD, password=12),  # type: ignore[arg-type]
    "galileo-no-user": lambda: GalileoAccount(password=GOOD),
    "galileo-bad-key-and-password": lambda: GalileoAccount(api_key=BAD, password=GOOD),
    "galileo-request-name": lambda: GalileoKeyRequest(name="", api_key=GOOD),
    "galileo-request-role": lambda: GalileoKeyRequest(name="n", api_key=GOOD, project_role="king"),
    "galileo-request-value": lambda: GalileoKeyRequest(name="n", api_key=BAD),
    "galileo-request-bytes": lambda: GalileoKeyRequest(name="n", api_key=GOOD.encode()),  # type: ignore[arg-type]
    "galileo-request-project": lambda: GalileoKeyRequest(name="n", api_key=GOOD, project_id="x"),
    "bearer": lambda: BearerAuth(BAD),
    "header-key": lambda: HeaderAuth(BAD, header="X-Key"),
    "header-name": lambda: HeaderAuth(GOOD, header="bad header"),
    "basic-user": lambda: BasicAuth("a:b", GOOD),
    "basic-password": lambda: BasicAuth("a", GOOD.encode()),  # type: ignore[arg-type]
    "basic-surrogate": lambda: BasicAuth("a", f"{GOOD}\udcff"),
    "password-surrogate": lambda: PasswordAuth("https://mock.invalid/login", "u", f"{GOOD}\udcff"),
    "password-user-surrogate": lambda: PasswordAuth("https://mock.invalid/login", "u\udcff", GOOD),
    "galileo-password-surrogate": lambda: connect(
        GalileoAccount(username="u", password=f"{GOOD}\udcff"), transport=untouched()
    ),
    "password-user": lambda: PasswordAuth("https://mock.invalid/login", "", GOOD),
    "password-bytes": lambda: PasswordAuth("https://mock.invalid/login", "u", GOOD.encode()),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("name", CALLS)
def test_a_refused_constructor_shows_no_argument(name: str) -> None:
    """Neither the error nor a local of a frame of ours holds the plain text of a secret argument."""
    error: Exception | None = None
    try:
        CALLS[name]()
    except (IssuantError, TypeError) as caught:
        error = caught

    assert error is not None
    assert leaks(shown_by_error(error), (GOOD, BAD.strip(), private_key_pem())) == []


ENVIRONMENTS: dict[str, tuple[str, Mapping[str, str]]] = {
    "fireworks-key": ("fireworks", {"FIREWORKS_API_KEY": BAD.strip()}),
    "fireblocks-no-key": ("fireblocks", {"FIREBLOCKS_SECRET_KEY": "PEM"}),
    "fireblocks-bad-key": ("fireblocks", {"FIREBLOCKS_API_KEY": BAD.strip(), "FIREBLOCKS_SECRET_KEY": "PEM"}),
    "fireblocks-no-pem": ("fireblocks", {"FIREBLOCKS_API_KEY": GOOD, "FIREBLOCKS_SECRET_KEY": BAD}),
    "galileo-key": ("galileo", {"GALILEO_API_KEY": BAD.strip()}),
    "galileo-console": ("galileo", {"GALILEO_API_KEY": GOOD, "GALILEO_CONSOLE_URL": "https://own.invalid"}),
    "galileo-no-password": ("galileo", {"GALILEO_USERNAME": "u", "OTHER": GOOD}),
}
ENVIRONMENTS |= {
    f"{name}-{variable}": (name, {**unlisted.credentials(name), variable: BAD.strip()})
    for name in unlisted.unlisted(provider for provider, _ in ENVIRONMENTS.values())
    for variable in unlisted.secrets(name)
}


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_a_bad_environment_shows_no_variable(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment holds every secret of a program; its repr shows them all, so no frame of ours keeps it."""
    provider, variables = ENVIRONMENTS[name]
    monkeypatch.setenv("ANOTHER_SECRET", GOOD)
    for variable, value in variables.items():
        monkeypatch.setenv(variable, private_key_pem() if value == "PEM" else value)
    error: IssuantError | None = None
    try:
        connect(provider, transport=untouched())
    except IssuantError as caught:
        error = caught

    assert error is not None
    assert leaks(shown_by_error(error), (GOOD, BAD.strip(), private_key_pem())) == []
