"""Credentials that go into one header as they are: bearer tokens, API key headers, basic auth. No I/O.

A value that cannot stand in a header is refused when the object is made, by the name of the argument.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Generator

import httpx

from issuant.errors import CredentialError
from issuant.secret import Secret, is_unicode

_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+\Z")  # a token of RFC 9110


def credential(value: Secret | str | None, *, field: str) -> Secret:
    """Return `value` as a Secret that can stand in a header.

    Raises CredentialError, naming `field`, where it is missing, blank, or holds a blank or control character.
    """
    found = Secret.wrap(value)
    del value
    if not found:
        raise CredentialError(f"{field} is missing.", advice=f"Give {field}.", field=field)
    if not _fits(found):
        raise CredentialError(
            f"{field} holds a blank, a line break or a character outside ASCII.",
            advice="Check how it was copied: a trailing line break is the usual cause.",
            field=field,
        )
    return found


def _fits(value: Secret) -> bool:
    return all("!" <= char <= "~" for char in value.reveal())


class BearerAuth(httpx.Auth):
    """`Authorization: Bearer <token>` (RFC 6750). Fireworks' API keys and Galileo's login tokens go this way."""

    def __init__(self, token: Secret | str) -> None:
        token = Secret.wrap(token)  # first of all: a refused one is a secret too, and a traceback keeps arguments
        token = credential(token, field="token")
        self._header = Secret(f"Bearer {token.reveal()}")

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = self._header.reveal()
        yield request


class HeaderAuth(httpx.Auth):
    """An API key in a header of its own, such as `Galileo-API-Key`.

    Args:
        key: the API key.
        header: the name of the header.

    Raises CredentialError, naming the argument, for one that is missing or cannot be sent.
    """

    def __init__(self, key: Secret | str, *, header: str) -> None:
        key = Secret.wrap(key)
        self._key = credential(key, field="key")
        if not _HEADER_NAME.match(header):
            raise CredentialError("header is not the name of a header.", advice="Give one.", field="header")
        self._name = header

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers[self._name] = self._key.reveal()
        yield request


class BasicAuth(httpx.Auth):
    """`Authorization: Basic …` (RFC 7617), user name and password in UTF-8.

    Args:
        username: the user's name, without a colon.
        password: the user's password.

    Raises CredentialError, naming the argument, for one that is missing or cannot be sent.
    """

    def __init__(self, username: str, password: Secret | str) -> None:
        password = Secret.wrap(password)
        if not username or ":" in username or not username.isprintable():
            raise CredentialError(
                "username is empty or holds a colon or a control character.", advice="Give it.", field="username"
            )
        if not password:
            raise CredentialError("password is missing.", advice="Give password.", field="password")
        if not is_unicode(password.reveal()):
            raise CredentialError("password is no UTF-8.", advice="Check how it was read.", field="password")
        self._header = _basic(username, password)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = self._header.reveal()
        yield request


def _basic(username: str, password: Secret) -> Secret:
    pair = f"{username}:{password.reveal()}".encode()
    return Secret(f"Basic {base64.b64encode(pair).decode()}")
