"""Log in, then send the token that it brings. Owns the two ways to log in; of many calls that need a login at the same
time, one asks for it. No I/O of its own: httpx sends what these ask for.

Facts
- Galileo: POST /login takes a form (RFC 6749, 4.3), POST /login/api_key takes {api_key}; both answer
  {access_token, token_type}. POST /refresh_token takes the cookie that the password login set.
- How long a token lives is unverified. It is renewed shortly before the time that stands in it; where it tells none,
  it is kept until a 401.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Generator
from typing import Any

import httpx

from issuant.addresses import checked_base_url
from issuant.auth.header import credential
from issuant.auth.passage import Passage, Tokens
from issuant.auth.turn import Turn
from issuant.auth.unread import leave, leave_async, read, read_async
from issuant.clock import Clock, now_utc
from issuant.errors import CredentialError
from issuant.secret import Secret, is_unicode


class LoginAuth(httpx.Auth):
    """What the ways to log in have in common: the token is kept, renewed before it ends, and sent as a bearer token.

    It may be shared between threads, and between tasks of asyncio or trio.
    Where there is no token to be had, the call is not sent, and these are raised, with the operation `login`:
        AuthenticationError: the login was refused.
        RateLimitedError: there were too many; `retry_after` is in seconds, where the provider says so.
        NotSentError: the login failed in another way, or brought no token.
    """

    def __init__(
        self,
        secret: Secret,
        log_in: Callable[..., httpx.Request],
        *,
        refresh_url: str | None,
        clock: Clock,
    ) -> None:
        refresh_url = None if refresh_url is None else checked_base_url(refresh_url, field="refresh_url")
        self._tokens = Tokens(secret, log_in=log_in, refresh_url=refresh_url, clock=clock)
        self._turn = Turn()

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """The token and the cookie that it holds at the moment, so that a reply that repeats one can be recognised."""
        session = self._tokens.session
        return () if session is None else session.secrets

    def use_clock(self, clock: Clock) -> None:
        """Go by `clock` from now on, unless one was given already."""
        self._tokens.use_clock(clock)

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        passage = Passage(self._tokens, request)
        while True:
            if passage.lacks_token():
                with self._turn.taken(passage.patience):
                    while (login := passage.next_login()) is not None:
                        passage.learn(read((yield login)))
            response = yield passage.authorized()
            if not passage.goes_again(response):
                return
            leave(response)

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        passage = Passage(self._tokens, request)
        while True:
            if passage.lacks_token():
                async with self._turn.taken_async(passage.patience):
                    while (login := passage.next_login()) is not None:
                        passage.learn(await read_async((yield login)))
            response = yield passage.authorized()
            if not passage.goes_again(response):
                return
            await leave_async(response)


class PasswordAuth(LoginAuth):
    """Logs in at `token_url` with a user name and a password, as in the OAuth 2 password flow.

    Args:
        token_url: where the form with user name and password goes; https unless it is this machine.
        username: the user's name.
        password: the user's password.
        refresh_url: where the cookie that the login sets brings a new token; without it, a new login does.
        clock: gives the time, aware.

    Raises CredentialError, naming the argument, for one that is missing, no UTF-8, or plain HTTP to another machine.
    """

    def __init__(
        self,
        token_url: str,
        username: str,
        password: Secret | str,
        *,
        refresh_url: str | None = None,
        clock: Clock = now_utc,
    ) -> None:
        password = Secret.wrap(password)
        if not username:
            raise CredentialError("username is missing.", advice="Give username.", field="username")
        if not password:
            raise CredentialError("password is missing.", advice="Give password.", field="password")
        if not (is_unicode(username) and is_unicode(password.reveal())):
            field = "password" if is_unicode(username) else "username"
            raise CredentialError(f"{field} is no UTF-8.", advice="Check how it was read.", field=field)
        self._url = checked_base_url(token_url, field="token_url")
        self._username = username
        self._password = password
        super().__init__(password, self._log_in, refresh_url=refresh_url, clock=clock)

    def _log_in(self, **options: Any) -> httpx.Request:
        return httpx.Request(
            "POST",
            self._url,
            data={"grant_type": "password", "username": self._username, "password": self._password.reveal()},
            **options,
        )


class ApiKeyLoginAuth(LoginAuth):
    """Logs in at `token_url` with an API key, which goes there in JSON and nowhere else.

    Args:
        token_url: where {"api_key": …} goes; https unless it is this machine.
        api_key: the API key.
        clock: gives the time, aware.

    Raises CredentialError, naming the argument, for one that is missing or malformed.
    """

    def __init__(self, token_url: str, api_key: Secret | str, *, clock: Clock = now_utc) -> None:
        api_key = Secret.wrap(api_key)
        self._api_key = credential(api_key, field="api_key")
        self._url = checked_base_url(token_url, field="token_url")
        super().__init__(self._api_key, self._log_in, refresh_url=None, clock=clock)

    def _log_in(self, **options: Any) -> httpx.Request:
        return httpx.Request("POST", self._url, json={"api_key": self._api_key.reveal()}, **options)
