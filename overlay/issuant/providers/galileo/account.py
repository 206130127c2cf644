"""A Galileo user's credentials. Owns where they come from and how they are proven."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal
from urllib.parse import urlsplit

import httpx

from issuant.auth.header import BasicAuth, HeaderAuth, credential
from issuant.errors import CredentialError
from issuant.providers import base_url_variable, variable
from issuant.secret import Secret

NAME = "galileo"
DEFAULT_HEADER = "Galileo-API-Key"

_CREDENTIAL = "an API key, or GALILEO_USERNAME and GALILEO_PASSWORD to a login"

Scheme = Literal["header", "login", "basic"]
"""How a request proves who sends it; `GalileoAccount.scheme` says what each does."""

SCHEMES: tuple[Scheme, ...] = ("header", "login", "basic")


@dataclass(frozen=True, init=False)
class GalileoAccount:
    """A Galileo user: an API key, or a user name and a password.

    Attributes:
        provider: the provider's name.
        api_key: an API key, where there is no password.
        username: the user's name, where there is no API key.
        password: the password of that user.
        scheme: `header` sends the API key with each call, `login` logs in with either and sends the token that it
            brings, `basic` sends user name and password with each call. None: `header` with a key, else `login`.
        header: the header that an API key goes into, with the scheme `header` alone.

    Raises CredentialError, naming the argument, for one that is missing or malformed, or that does not go with another.
    """

    provider: ClassVar[str] = NAME
    # Defaults, so that one that refuses its arguments half made can still be printed by a traceback.
    api_key: Secret | None = None
    username: str | None = None
    password: Secret | None = None
    header: str = DEFAULT_HEADER
    scheme: Scheme = "header"

    def __init__(
        self,
        *,
        api_key: Secret | str | None = None,
        username: str | None = None,
        password: Secret | str | None = None,
        header: str = DEFAULT_HEADER,
        scheme: Scheme | None = None,
    ) -> None:
        password = None if password is None else Secret.wrap(password)
        api_key = None if api_key is None else Secret.wrap(api_key)
        has_login = username is not None or password is not None
        if api_key is not None or not has_login:
            api_key = credential(api_key, field="api_key")
        if api_key is not None and has_login:
            raise CredentialError("both an API key and a login are given.", advice="Give one.", field="api_key")
        if has_login and (not username or not password):
            field = "password" if username else "username"
            raise CredentialError(f"{field} is missing.", advice="Give username and password.", field=field)
        object.__setattr__(self, "api_key", api_key)
        object.__setattr__(self, "username", username)
        object.__setattr__(self, "password", password)
        object.__setattr__(self, "header", header)
        object.__setattr__(self, "scheme", _scheme(scheme, has_key=api_key is not None))
        if header != DEFAULT_HEADER and self.scheme != "header":
            raise CredentialError("header is for the scheme header alone.", advice="Leave it out.", field="header")

    @property
    def credentials(self) -> tuple[Secret, ...]:
        return tuple(secret for secret in (self.api_key, self.password) if secret is not None)

    def auth(self, base_url: str) -> httpx.Auth:
        username, password = self.username or "", self.password or Secret("")
        if self.scheme == "basic":
            return BasicAuth(username, password)
        if self.api_key is not None and self.scheme == "header":
            return HeaderAuth(self.api_key, header=self.header)
        from issuant.auth.login import ApiKeyLoginAuth, PasswordAuth

        if self.api_key is not None:
            return ApiKeyLoginAuth(f"{base_url}/login/api_key", self.api_key)
        return PasswordAuth(f"{base_url}/login", username, password, refresh_url=f"{base_url}/refresh_token")


def _scheme(given: Scheme | None, *, has_key: bool) -> Scheme:
    if given is None:
        return "header" if has_key else "login"
    reason = None
    if given not in SCHEMES:
        reason = f"is not one of {', '.join(SCHEMES)}"
    elif given == "basic" and has_key:
        reason = "is basic, which is for a user name and a password"
    elif given == "header" and not has_key:
        reason = "is header, which is for an API key"
    if reason is not None:
        raise CredentialError(f"scheme {reason}.", advice="Give another, or leave it out.", field="scheme")
    return given


VARIABLES = {
    "GALILEO_API_KEY": "an API key, where there is no user name",
    "GALILEO_API_KEY_HEADER": "the header it goes into (optional)",
    "GALILEO_AUTH": "header, login or basic (optional)",
    "GALILEO_USERNAME": "a user name, where there is no API key",
    "GALILEO_PASSWORD": "the password of that user, where there is no API key",
    "GALILEO_API_URL": "another base URL (optional)",
    "GALILEO_CONSOLE_URL": "the console of a cluster of your own (needs GALILEO_API_URL)",
}


def account(env: Mapping[str, str]) -> GalileoAccount:
    header = env.get("GALILEO_API_KEY_HEADER", "").strip() or DEFAULT_HEADER
    scheme = env.get("GALILEO_AUTH", "").strip().lower() or None
    if scheme is not None and scheme not in SCHEMES:
        raise _misfit("GALILEO_AUTH", f"is not one of {', '.join(SCHEMES)}")
    has_key = bool(env.get("GALILEO_API_KEY", "").strip())
    if scheme == "basic" or (scheme != "header" and not has_key and env.get("GALILEO_USERNAME", "").strip()):
        username = variable(env, "GALILEO_USERNAME", provider=NAME, holds="a user name")
        password = Secret(variable(env, "GALILEO_PASSWORD", provider=NAME, holds="the password"))
        return GalileoAccount(username=username, password=password, scheme=scheme)
    key = credential(variable(env, "GALILEO_API_KEY", provider=NAME, holds=_CREDENTIAL), field="GALILEO_API_KEY")
    if scheme == "login" and header != DEFAULT_HEADER:
        raise _misfit("GALILEO_API_KEY_HEADER", "is set, and GALILEO_AUTH=login sends no API key in a header")
    return GalileoAccount(api_key=key, header=header, scheme=scheme)


def _misfit(name: str, reason: str) -> CredentialError:
    return CredentialError(f"{name} {reason}.", advice="Set it otherwise, or not at all.", field=name, provider=NAME)


def base_url(env: Mapping[str, str]) -> str | None:
    api, console = base_url_variable(env, "GALILEO_API_URL"), base_url_variable(env, "GALILEO_CONSOLE_URL")
    if api is not None or console is None or urlsplit(console).hostname == "app.galileo.ai":
        return api
    # A console of one's own means a cluster of one's own; its key must not go to the public one.
    raise CredentialError(
        "GALILEO_CONSOLE_URL is set, and GALILEO_API_URL is not.",
        advice="Set GALILEO_API_URL to the base URL of that cluster's API.",
        field="GALILEO_API_URL",
        provider=NAME,
    )
