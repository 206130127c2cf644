"""What tests know of a provider that none of their tables names: enough to ask for all that it can do.

All of it is derived from what comes with a provider: the variables that its simulator says a client needs, the request
class and options of its adapter, and its effective document. What cannot be derived is refused by name.
"""

from __future__ import annotations

import atexit
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from issuant import KeyRequest, mocks
from issuant.adapters import Account, KeepsSecrets
from issuant.errors import CredentialError, InvalidRequestError
from issuant.providers import Option, find_provider, provider_names

from tests.mocks.signing import csr_of, rsa_key

BASE_URL = "https://mock.invalid"
PUT_VALUE = "TEST_put_value_7Jx3_not_a_key"
SECRET_ID = "wolfram"
SECRET_KEY_NAME = "WOLFRAM_KEY"

Act = Callable[[Any, Any], Any]
"""Takes a connection of either flavour and a sink, and asks the provider for one thing."""


def unlisted(listed: Iterable[str]) -> tuple[str, ...]:
    """Return the providers that a table of tests does not name."""
    named = set(listed)
    return tuple(name for name in provider_names() if name not in named)


def now() -> datetime:
    """Return a time that is never behind the real one, by which some sign, and is written as long in every run."""
    return datetime.now(UTC).replace(microsecond=999_999)


@cache
def environment(name: str, *, base_url: str = BASE_URL) -> Mapping[str, str]:
    """Return the variables that reach a simulator of the provider at `base_url`."""
    return mocks.simulator(name).env(base_url, _folder())


@cache
def _folder() -> Path:
    """A folder for what is read from a file, such as a private key, gone when the process ends."""
    folder = TemporaryDirectory(prefix="issuant-tests-")
    atexit.register(folder.cleanup)
    return Path(folder.name)


def account(name: str) -> Account:
    """Return an account that the provider's simulators accept from the start."""
    return find_provider(name).account(environment(name))


def addresses(name: str) -> tuple[str, ...]:
    """Return the variables that hold the base URL."""
    return tuple(variable for variable, value in environment(name).items() if value == BASE_URL)


def credentials(name: str) -> dict[str, str]:
    """Return the variables that an account cannot be made without, with their values."""
    given, needed = environment(name), {}
    for variable, value in given.items():
        try:
            find_provider(name).account({key: kept for key, kept in given.items() if key != variable})
        except CredentialError:
            needed[variable] = value
    return needed


def secrets(name: str) -> tuple[str, ...]:
    """Return those that hold a secret as it is, not the path of a file with it."""
    texts = {secret.reveal() for secret in account(name).credentials}
    return tuple(variable for variable, value in credentials(name).items() if value in texts)


def least_request(name: str) -> KeyRequest:
    """Return a request with a name and what else the provider's request class insists on."""
    return find_provider(name).request(**_given(name, ()))


def fullest_request(name: str) -> KeyRequest:
    """Return a request in which every field has a value, of the two forms of an expiry one."""
    provider = find_provider(name)
    given = _given(name, tuple(option.field for option in provider.options))
    if provider.capabilities.sets_expiry:
        given = {**given, "expires_in": timedelta(days=30)}
    return provider.request(**given)


def arguments(name: str) -> list[str]:
    """Return the options by which the command is given what `least_request` holds besides the name."""
    given = _given(name, ())
    options = [option for option in find_provider(name).options if option.field in given]
    return [word for option in options for word in (option.flag, str(given[option.field]))]


@cache
def _given(name: str, wanted: tuple[str, ...]) -> Mapping[str, Any]:
    """Return what a request with a value in each `wanted` field is made of; the request class says what will not do."""
    provider = find_provider(name)
    samples = {option.field: iter(_samples(option)) for option in provider.options}
    given: dict[str, Any] = {"name": "nightly"} | {field: next(samples[field]) for field in wanted}
    refused: str | None = None
    while True:
        try:
            provider.request(**given)
        except InvalidRequestError as error:
            refused = error.field
        else:
            return given
        value = next(samples.get(refused or "", iter(())), None)
        assert value is not None, f"{name}: there is no sample for {refused}"
        given[refused or ""] = value


def _samples(option: Option) -> tuple[Any, ...]:
    match option.kind:
        case "choice":
            return option.choices
        case "flag":
            return (True,)
        case "pairs":
            return ({"team": "evals"},)
        case "secret-file":
            return ("sample_TEST_not_a_key",)
        case "text" | "file":
            return ("sample", "6f1b2c3d-0000-4000-8000-000000000001", "30", csr_of(rsa_key(2048, 1)))


def acts(name: str, request: Callable[[str], KeyRequest] = least_request) -> dict[str, Act]:
    """Return what the facade can be asked to make at the provider, once, by the name of the method.

    All else that it can be asked for is in `tests.contract.acts`.
    """
    found: dict[str, Act] = {
        "issue": lambda connection, sink: connection.issue(request(name), sink=sink),
        "put_secret": lambda connection, _: connection.put_secret(
            SECRET_ID, key_name=SECRET_KEY_NAME, value=PUT_VALUE, replace=False
        ),
    }
    if not isinstance(find_provider(name).adapter(account(name), now), KeepsSecrets):
        del found["put_secret"]
    return found
