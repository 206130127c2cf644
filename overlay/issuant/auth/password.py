"""The OAuth 2 password flow (RFC 6749, 4.3): log in once with a form, then send the token. No I/O of its own.

Facts
- Galileo: POST /login takes a form and answers {access_token, token_type}; how long a token lives is unverified,
  so a 401 makes it log in once more, and only once for each request.
"""

from __future__ import annotations

from collections.abc import Generator
from urllib.parse import urlencode

import httpx

from issuant.addresses import checked_base_url
from issuant.errors import AuthenticationError, CredentialError
from issuant.secret import Secret, is_unicode


class PasswordAuth(httpx.Auth):
    """Logs in at `token_url` with a user name and password, keeps the token, and sends it as a bearer token.

    Raises CredentialError for a `token_url` that is plain HTTP to another machine.
    Raises AuthenticationError where the login is refused or brings no token; the call itself is then not sent.
    """

    requires_response_body = True  # the token stands in the body of the login's reply

    def __init__(self, token_url: str, username: str, password: Secret | str) -> None:
        password = Secret.wrap(password)
        if not username:
            raise CredentialError("username is missing.", advice="Give username.", field="username")
        if not password:
            raise CredentialError("password is missing.", advice="Give password.", field="password")
        if not (is_unicode(username) and is_unicode(password.reveal())):
            field = "password" if is_unicode(username) else "username"
            raise CredentialError(f"{field} is no UTF-8.", advice="Check how it was read.", field=field)
        self._token_url = checked_base_url(token_url, field="token_url")
        self._username = username
        self._password = password
        self._token: Secret | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        fresh = False
        token = self._token
        if token is None:
            token = self._keep((yield self._login()))
            fresh = True
        request.headers["Authorization"] = f"Bearer {token.reveal()}"
        response = yield request
        if response.status_code == 401 and not fresh:
            token = self._keep((yield self._login()))
            request.headers["Authorization"] = f"Bearer {token.reveal()}"
            yield request

    def _login(self) -> httpx.Request:
        form = {"grant_type": "password", "username": self._username, "password": self._password.reveal()}
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        return httpx.Request("POST", self._token_url, headers=headers, content=urlencode(form))

    def _keep(self, response: httpx.Response) -> Secret:
        token = _token(response)
        if token is None:
            raise AuthenticationError(
                "the login was refused or brought no token.",
                advice="Check the user name, the password and the base URL.",
                operation="login",
                status=response.status_code,
            )
        self._token = token
        return token


def _token(response: httpx.Response) -> Secret | None:
    if response.status_code != 200:
        return None
    try:
        body = response.json()
    except ValueError:
        return None
    value = body.get("access_token") if isinstance(body, dict) else None
    return Secret(value) if isinstance(value, str) and value and value.isascii() and value.isprintable() else None
