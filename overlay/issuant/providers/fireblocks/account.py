"""A Fireblocks API user's credentials. Owns where they come from and how they are proven."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

import httpx

from issuant.auth.header import credential
from issuant.errors import CredentialError
from issuant.providers import base_url_variable, variable
from issuant.secret import Secret

NAME = "fireblocks"

_NOTHING = Secret("")


@dataclass(frozen=True, init=False)
class FireblocksAccount:
    """A Fireblocks API user.

    Attributes:
        provider: the provider's name.
        api_key: its API key, which is its id.
        private_key: its RSA private key as unencrypted PEM.
        token_lifetime: the `lifetime` of `issuant.auth.FireblocksAuth`; None: its default.
        backdate: that of `issuant.auth.FireblocksAuth`.

    Raises CredentialError, naming the argument, for one that is missing or malformed.
    """

    provider: ClassVar[str] = NAME
    # Defaults, so that one that refuses its arguments half made can still be printed by a traceback.
    api_key: Secret = _NOTHING
    private_key: Secret = _NOTHING
    token_lifetime: timedelta | None = None
    backdate: timedelta = timedelta()

    def __init__(
        self,
        *,
        api_key: Secret | str,
        private_key: Secret | str,
        token_lifetime: timedelta | None = None,
        backdate: timedelta = timedelta(),
    ) -> None:
        api_key, private_key = Secret.wrap(api_key), Secret.wrap(private_key)
        api_key = credential(api_key, field="api_key")
        object.__setattr__(self, "api_key", api_key)
        object.__setattr__(self, "private_key", private_key)
        object.__setattr__(self, "token_lifetime", token_lifetime)
        object.__setattr__(self, "backdate", backdate)

    @property
    def credentials(self) -> tuple[Secret, ...]:
        return self.api_key, self.private_key

    def auth(self, base_url: str) -> httpx.Auth:
        from issuant.auth.fireblocks import LIFETIME, FireblocksAuth

        lifetime = LIFETIME if self.token_lifetime is None else self.token_lifetime
        return FireblocksAuth(self.api_key, self.private_key, lifetime=lifetime, backdate=self.backdate)


VARIABLES = {
    "FIREBLOCKS_API_KEY": "the id of the API user",
    "FIREBLOCKS_SECRET_KEY": "its private key in PEM, or the path of it",
    "FIREBLOCKS_BASE_PATH": "another base URL, /v1 included (optional)",
}


def account(env: Mapping[str, str]) -> FireblocksAccount:
    key = credential(
        variable(env, "FIREBLOCKS_API_KEY", provider=NAME, holds="the id of the API user"), field="FIREBLOCKS_API_KEY"
    )
    return FireblocksAccount(api_key=key, private_key=_private_key(env))


def base_url(env: Mapping[str, str]) -> str | None:
    return base_url_variable(env, "FIREBLOCKS_BASE_PATH")


def _private_key(env: Mapping[str, str]) -> Secret:
    given = Secret(variable(env, "FIREBLOCKS_SECRET_KEY", provider=NAME, holds="the private key in PEM, or its path"))
    if "-----BEGIN" in given.reveal():
        return Secret(given.reveal().replace("\\n", "\n"))  # one line in an env file, with its breaks written out
    try:
        return Secret(Path(given.reveal()).expanduser().read_text(encoding="ascii"))
    except (OSError, ValueError, RuntimeError):
        pass
    raise CredentialError(
        "FIREBLOCKS_SECRET_KEY is neither a private key in PEM nor the path of a file that can be read.",
        advice="Set it to one of the two.",
        field="FIREBLOCKS_SECRET_KEY",
        provider=NAME,
    )
