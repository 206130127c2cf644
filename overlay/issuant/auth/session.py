"""What a login brings. Owns reading the token and the cookie out of its reply, and when the token is to be renewed.

Facts
- Galileo's token is a JWT: `exp` is read, the signature is not looked at; the provider does that.
- `exp - iat` is how long a token lives by the provider's own clock. Ours may differ, so it only counts the seconds
  from the reply; where there is no `iat`, it has to be taken for right.
- Galileo's password login sets the cookie `refresh_token`. How long it is good for is unverified.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx

from issuant.replies import Reply, usable_secret
from issuant.secret import Secret

MARGIN = timedelta(seconds=30)
COOKIE = "refresh_token"
_LONGEST_LIFE = timedelta(days=3650)


@dataclass(frozen=True, kw_only=True, eq=False)
class Session:
    """A token, when it is to be renewed (None: that is not known), and the refresh cookie, where one came with it."""

    token: Secret
    renew_at: datetime | None
    cookie: Secret | None

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """The secrets in it."""
        return (self.token,) if self.cookie is None else (self.token, self.cookie)


def session_of(reply: Reply, response: httpx.Response, now: datetime, *, cookie: Secret | None) -> Session | None:
    """Return what a login's reply brings, None where there is no token in it.

    `cookie` is the refresh cookie that stays where the reply sets none.
    """
    found = reply.fields()
    token = None if found is None else _sendable(found.get("access_token"))
    if token is None:
        return None
    life = lifetime(token, now)
    renew_at = None if life is None else now + life - min(MARGIN, life / 2)
    return Session(token=token, renew_at=renew_at, cookie=_cookie(response) or cookie)


def lifetime(token: Secret, now: datetime) -> timedelta | None:
    """Return how long a JWT lives from now on; None where it does not tell, or tells what cannot be."""
    try:
        payload = token.reveal().split(".")[1].encode()
        claims = json.loads(base64.urlsafe_b64decode(payload + b"=" * (-len(payload) % 4)))
        ends, issued = claims["exp"], claims.get("iat")
        life = timedelta(seconds=ends - (now.timestamp() if issued is None else issued))
    except (AttributeError, IndexError, KeyError, OverflowError, RecursionError, TypeError, ValueError):
        return None
    return life if timedelta() < life < _LONGEST_LIFE else None


def _cookie(response: httpx.Response) -> Secret | None:
    values = (item.value for item in response.cookies.jar if item.name == COOKIE)
    return next(filter(None, (_sendable(value) for value in values)), None)


def _sendable(value: object) -> Secret | None:
    """Return `value` where it can stand in a header, with a semicolon neither, as that would end a cookie."""
    found = usable_secret(value)
    return found if found is not None and found.reveal().isascii() and ";" not in found.reveal() else None
