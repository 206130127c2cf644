"""A Fireworks account's credentials. Owns where they come from and how they are proven."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import httpx

from issuant.auth.header import BearerAuth, credential
from issuant.providers import base_url_variable, path_part, variable
from issuant.secret import Secret

NAME = "fireworks"

_NOTHING = Secret("")


@dataclass(frozen=True, init=False)
class FireworksAccount:
    """A Fireworks account, and the user that keys are issued for.

    Attributes:
        provider: the provider's name.
        api_key: an API key.
        account_id: the account to act in; a request may name another.
        user_id: the user or service account whose keys are issued and listed; a request may name another.

    Raises CredentialError, naming the argument, for one that is missing or malformed.
    """

    provider: ClassVar[str] = NAME
    # Defaults, so that one that refuses its arguments half made can still be printed by a traceback.
    api_key: Secret = _NOTHING
    account_id: str | None = None
    user_id: str | None = None

    def __init__(self, *, api_key: Secret | str, account_id: str | None = None, user_id: str | None = None) -> None:
        api_key = Secret.wrap(api_key)
        api_key = credential(api_key, field="api_key")
        object.__setattr__(self, "api_key", api_key)
        object.__setattr__(self, "account_id", account_id)
        object.__setattr__(self, "user_id", user_id)

    @property
    def credentials(self) -> tuple[Secret, ...]:
        return (self.api_key,)

    def auth(self, base_url: str) -> httpx.Auth:
        return BearerAuth(self.api_key)

    def account(self, given: str | None) -> str:
        """Return the account that a call is for: `given`, else its own.

        Raises InvalidRequestError where there is none.
        """
        return path_part(
            self.account_id if given is None else given, field="account_id", variable="FIREWORKS_ACCOUNT_ID"
        )

    def user(self, given: str | None, *, field: str) -> str:
        """Return the user that a call is for: `given`, as the argument `field`, else its own.

        Raises InvalidRequestError where there is none.
        """
        return path_part(self.user_id if given is None else given, field=field, variable="FIREWORKS_USER_ID")


VARIABLES = {
    "FIREWORKS_API_KEY": "an API key",
    "FIREWORKS_ACCOUNT_ID": "the account to act in",
    "FIREWORKS_USER_ID": "the user that keys are issued for",
    "FIREWORKS_BASE_URL": "another base URL (optional)",
}


def account(env: Mapping[str, str]) -> FireworksAccount:
    key = credential(variable(env, "FIREWORKS_API_KEY", provider=NAME, holds="an API key"), field="FIREWORKS_API_KEY")
    return FireworksAccount(
        api_key=key,
        account_id=env.get("FIREWORKS_ACCOUNT_ID", "").strip() or None,
        user_id=env.get("FIREWORKS_USER_ID", "").strip() or None,
    )


def base_url(env: Mapping[str, str]) -> str | None:
    return base_url_variable(env, "FIREWORKS_BASE_URL")
